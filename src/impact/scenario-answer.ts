/** The answer to a scenario. What is asked for rarely (witnesses, causes, who is at risk now) is computed when asked, on the state that was judged. */
import { type Difference, differencesOf, sortDifferences, toAffected } from './affected.ts';
import { ownersOver } from './compiled-plant.ts';
import type { History } from './history.ts';
import { isUncertain } from './planes.ts';
import { plannedOnly } from './planned-only.ts';
import { type ResolvedScenario, resolveScenario } from './resolve-scenario.ts';
import { ScenarioCauses } from './scenario-causes.ts';
import type { Place, ScenarioContext } from './scenario-context.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import type { Steps } from './steps.ts';
import type { AffectedTwin, Scenario, ScenarioAnswer, WitnessStep } from './types.ts';
import { Witnesses } from './witness.ts';

/** @throws LinchpinError BAD_INPUT for ids that are not there, and for relationships that do not supply. */
export function* answerScenario(context: ScenarioContext, scenario: Scenario): Steps<ScenarioAnswer> {
  return new SimulatedAnswer(context, scenario, yield* context.work((place) => judge(context, scenario, place)));
}

/** What the run of a scenario brings. */
interface Judged {
  readonly options: SimulationOptions;
  readonly resolved: ResolvedScenario;
  readonly history: History;
  readonly differences: readonly Difference[];
  readonly affected: readonly AffectedTwin[];
}

function* judge(context: ScenarioContext, scenario: Scenario, place: Place): Steps<Judged> {
  const { workspace, baseline } = place;
  const { position, pace } = workspace;
  const { state } = baseline;
  const options = { isCold: scenario.coldStart, horizonMs: scenario.horizonMs ?? Number.POSITIVE_INFINITY };
  const resolved = yield* resolveScenario(state, { ...context, scenario, pace });
  const history = yield* simulate(workspace, baseline, resolved, options);
  const found = yield* differencesOf(history, resolved.twins, pace);
  const differences = yield* sortDifferences(found, state, { rankOfId: context.rankOfId, position, pace });
  const planned: ReadonlySet<number> = context.hasPlanned
    ? yield* plannedOnly({ context, place, scenario, options, history, differences })
    : new Set();
  const isPlanned = ({ twin }: Difference): boolean => planned.has(twin);
  const affected = yield* toAffected(state.plant.ids, history, differences, { isPlanned, pace });
  return { options, resolved, history, differences, affected };
}

class SimulatedAnswer implements ScenarioAnswer {
  readonly affected: readonly AffectedTwin[];
  readonly staleInputs: number;
  readonly scenarioTwins: readonly string[];
  readonly #context: ScenarioContext;
  readonly #judged: Judged;
  readonly #causes: ScenarioCauses;
  /** By position in the history: 1 + the index of the difference, or 0. */
  #differenceAt: Int32Array | undefined;
  #newlyAtRisk: readonly string[] | undefined;
  #witnesses: Witnesses | undefined;

  constructor(context: ScenarioContext, scenario: Scenario, judged: Judged) {
    const { affected, history, resolved, options } = judged;
    const { ids } = context.state.plant;
    this.affected = affected;
    this.staleInputs = context.uncertainCount + uncertaintyAdded(history);
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
    const { resolved, options } = this.#judged;
    const safe = yield* place.safePlane();
    const owners = [...resolved.relationshipClosed.keys()].flatMap((relationship) => [
      ...ownersOver(plant, relationship),
    ]);
    let newly: number[] = [];
    const isOther = (twin: number): boolean => !resolved.twins.has(twin) && this.#difference(twin) === undefined;
    yield* simulate(workspace, baseline, resolved, options, function* (history) {
      const twins = both(history.twins, resolved.closed.keys());
      // What was OPERATIONAL and not at risk was safe: the others cannot have become unsafe just now.
      newly = yield* safe.preview(state, { twins, owners }, workspace, (changed) =>
        changed.filter((twin) => isOther(twin) && safe.isAtRisk(twin)),
      );
    });
    const { rankOfId } = this.#context;
    newly.sort((a, b) => (rankOfId[a] as number) - (rankOfId[b] as number));
    return newly.map((twin) => plant.ids[twin] as string);
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
    this.#witnesses ??= new Witnesses(this.#context.state, this.#judged.resolved, this.#judged.history);
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
    return twin === undefined ? undefined : this.#difference(twin);
  }

  #difference(twin: number): Difference | undefined {
    const { history, differences } = this.#judged;
    if (!this.#differenceAt) {
      this.#differenceAt = new Int32Array(history.twins.length);
      for (const [at, { position }] of differences.entries()) this.#differenceAt[position] = at + 1;
    }
    const position = history.positionOf(twin);
    return position === undefined ? undefined : differences[(this.#differenceAt[position] as number) - 1];
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
