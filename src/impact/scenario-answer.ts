/** The answer to a scenario. What is asked for rarely (witnesses, causes, who is at risk now) is computed when asked, on the state that was judged. */
import { ownersOver } from './compiled-plant.ts';
import { type Difference, type Differences, differencesOf } from './differences.ts';
import type { History } from './history.ts';
import { orderDifferences } from './order-differences.ts';
import { isUncertain } from './planes.ts';
import { markPlanned } from './mark-planned.ts';
import { type ResolvedScenario, resolveScenario } from './resolve-scenario.ts';
import { ScenarioCauses } from './scenario-causes.ts';
import type { Place, ScenarioContext } from './scenario-context.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import { SimulatedRows } from './simulated-rows.ts';
import type { Steps } from './steps.ts';
import type { AffectedRows, Scenario, ScenarioAnswer, WitnessStep } from './types.ts';
import { Witnesses } from './witness.ts';

/** @throws LinchpinError BAD_INPUT for ids that are not there, and for relationships that do not supply. */
export function* answerScenario(context: ScenarioContext, scenario: Scenario): Steps<ScenarioAnswer> {
  return new SimulatedAnswer(context, scenario, yield* context.work((place) => judge(context, scenario, place)));
}

/** What the run of a scenario brings. */
interface Judged {
  readonly options: SimulationOptions;
  readonly resolved: ResolvedScenario;
  readonly differences: Differences;
  readonly affected: AffectedRows;
}

function* judge(context: ScenarioContext, scenario: Scenario, place: Place): Steps<Judged> {
  const { workspace, baseline } = place;
  const { ordering: memory, pace } = workspace;
  const { state } = baseline;
  const options = { isCold: scenario.coldStart, horizonMs: scenario.horizonMs ?? Number.POSITIVE_INFINITY };
  const resolved = yield* resolveScenario(state, { ...context, scenario, pace });
  const history = yield* simulate(workspace, baseline, resolved, options);
  const differences = yield* differencesOf(history, resolved.twins, pace);
  if (context.hasPlanned) yield* markPlanned({ context, place, scenario, options, differences });
  const positions = yield* orderDifferences(differences, state, { rankOfId: context.rankOfId, memory, pace });
  return { options, resolved, differences, affected: new SimulatedRows(state.plant, differences, positions) };
}

class SimulatedAnswer implements ScenarioAnswer {
  readonly affected: AffectedRows;
  readonly staleInputs: number;
  readonly scenarioTwins: readonly string[];
  readonly #context: ScenarioContext;
  readonly #judged: Judged;
  readonly #causes: ScenarioCauses;
  #newlyAtRisk: readonly string[] | undefined;
  #witnesses: Witnesses | undefined;

  constructor(context: ScenarioContext, scenario: Scenario, judged: Judged) {
    const { affected, differences, resolved, options } = judged;
    const { ids } = context.state.plant;
    this.affected = affected;
    this.staleInputs = context.uncertainCount + uncertaintyAdded(differences.history);
    this.scenarioTwins = Array.from(resolved.twins, (twin) => ids[twin] as string);
    this.#context = context;
    this.#judged = judged;
    this.#causes = new ScenarioCauses(context, scenario, options);
  }

  *newlyAtRisk(): Steps<readonly string[]> {
    this.#newlyAtRisk ??= yield* this.#context.work((place) => this.#findNewlyAtRisk(place));
    return this.#newlyAtRisk;
  }

  /** The scenario once more, to its end; there, who leans on spent redundancy that did not before. */
  *#findNewlyAtRisk(place: Place): Steps<string[]> {
    const { workspace, baseline } = place;
    const { state } = baseline;
    const { plant } = state;
    const { resolved, options, differences } = this.#judged;
    const safe = yield* place.safePlane();
    const owners = [...resolved.relationshipClosed.keys()].flatMap((relationship) => [
      ...ownersOver(plant, relationship),
    ]);
    let newly = new Int32Array(0);
    const isOther = (twin: number): boolean => !resolved.twins.has(twin) && differences.of(twin) === undefined;
    yield* simulate(workspace, baseline, resolved, options, function* (history) {
      const twins = both(history.twins, resolved.closed.keys());
      // What was OPERATIONAL and not at risk was safe: the others cannot have become unsafe just now.
      newly = yield* safe.preview(state, { twins, owners }, workspace, (changed) =>
        changed.filter((twin) => safe.isAtRisk(twin) && isOther(twin)),
      );
    });
    const { rankOfId } = this.#context;
    newly.sort((a, b) => (rankOfId[a] as number) - (rankOfId[b] as number));
    return Array.from(newly, (twin) => plant.ids[twin] as string);
  }

  witness(id: string, most = Number.POSITIVE_INFINITY): readonly WitnessStep[] {
    const difference = this.#differenceOf(id);
    return difference ? this.#explained().of(difference, most) : [];
  }

  witnessLength(id: string): number {
    const difference = this.#differenceOf(id);
    return difference ? this.#explained().lengthOf(difference) : 0;
  }

  #explained(): Witnesses {
    this.#witnesses ??= new Witnesses(this.#context.state, this.#judged.resolved, this.#judged.differences.history);
    return this.#witnesses;
  }

  *causes(id: string, maxOrder: number): Steps<readonly (readonly string[])[]> {
    const difference = this.#differenceOf(id);
    return difference ? (yield* this.#causes.of(difference, maxOrder)).sets : [];
  }

  *causesComplete(id: string, maxOrder: number): Steps<boolean> {
    const difference = this.#differenceOf(id);
    return difference === undefined || (yield* this.#causes.of(difference, maxOrder)).complete;
  }

  #differenceOf(id: string): Difference | undefined {
    const twin = this.#context.state.plant.indexById.get(id);
    return twin === undefined ? undefined : this.#judged.differences.of(twin);
  }
}

function* both<T>(some: Iterable<T>, more: Iterable<T>): Generator<T> {
  yield* some;
  yield* more;
}

function uncertaintyAdded(history: History): number {
  let added = 0;
  for (let position = 0; position < history.twins.length; position += 1) {
    const after = history.bitsAfter(position, history.changeCount(position) - 1);
    added += Number(isUncertain(after)) - Number(isUncertain(history.bitsBefore(position)));
  }
  return added;
}
