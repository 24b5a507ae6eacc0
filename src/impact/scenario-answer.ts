/** The answer to a scenario. What is asked for rarely (witnesses, causes, who is at risk now) is computed when asked, on the state that was judged. */
import { type Difference, differencesOf, sortDifferences, toAffected } from './affected.ts';
import { ownersOver } from './compiled-plant.ts';
import type { History } from './history.ts';
import { isUncertain } from './planes.ts';
import { plannedOnly } from './planned-only.ts';
import { type ResolvedScenario, resolveScenario } from './resolve-scenario.ts';
import { ScenarioCauses } from './scenario-causes.ts';
import type { ScenarioContext } from './scenario-context.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import type { AffectedTwin, Scenario, ScenarioAnswer, WitnessStep } from './types.ts';
import { Witnesses } from './witness.ts';

/** @throws LinchpinError BAD_INPUT for ids that are not there, and for relationships that do not supply. */
export function answerScenario(context: ScenarioContext, scenario: Scenario): ScenarioAnswer {
  return new SimulatedAnswer(context, scenario);
}

class SimulatedAnswer implements ScenarioAnswer {
  readonly affected: readonly AffectedTwin[];
  readonly staleInputs: number;
  readonly scenarioTwins: readonly string[];
  readonly #context: ScenarioContext;
  readonly #resolved: ResolvedScenario;
  readonly #history: History;
  readonly #options: SimulationOptions;
  readonly #differences: readonly Difference[];
  readonly #causes: ScenarioCauses;
  #differenceByTwin: Map<number, Difference> | undefined;
  #newlyAtRisk: readonly string[] | undefined;
  #witnesses: Witnesses | undefined;

  constructor(context: ScenarioContext, scenario: Scenario) {
    const { workspace, zones } = context;
    const baseline = context.baseline();
    const { state } = baseline;
    const { ids } = state.plant;
    const options = { isCold: scenario.coldStart, horizonMs: scenario.horizonMs ?? Number.POSITIVE_INFINITY };
    const resolved = resolveScenario(state, zones, scenario);
    const history = simulate(workspace, baseline, resolved, options);
    const differences = sortDifferences(
      differencesOf(history, resolved.twins),
      state,
      context.rankOfId,
      workspace.position,
    );
    const question = { ...context, baseline, scenario, options, history, differences };
    const planned =
      context.hasPlanned || scenario.maintain.length > 0 ? plannedOnly(question) : (new Set() as ReadonlySet<number>);
    this.affected = toAffected(ids, history, differences, ({ twin }) => planned.has(twin));
    this.staleInputs = context.uncertainCount + uncertaintyAdded(history);
    this.scenarioTwins = Array.from(resolved.twins, (twin) => ids[twin] as string);
    this.#context = context;
    this.#resolved = resolved;
    this.#history = history;
    this.#options = options;
    this.#differences = differences;
    this.#causes = new ScenarioCauses(context, scenario, options);
  }

  get newlyAtRisk(): readonly string[] {
    this.#newlyAtRisk ??= this.#findNewlyAtRisk();
    return this.#newlyAtRisk;
  }

  /** The scenario once more, to its end; there, who leans on spent redundancy that did not before. */
  #findNewlyAtRisk(): string[] {
    const { workspace } = this.#context;
    const baseline = this.#context.baseline();
    const { state } = baseline;
    const { ids } = state.plant;
    const safe = this.#context.safePlane();
    const switched = [...this.#resolved.relationshipClosed.keys()].flatMap((relationship) => [
      ...ownersOver(state.plant, relationship),
    ]);
    const affected = new Set(this.#differences.map(({ twin }) => twin));
    const newly: number[] = [];
    let restore: ((of: typeof state) => void) | undefined;
    simulate(workspace, baseline, this.#resolved, this.#options, (history) => {
      const touched = [...history.twins, ...this.#resolved.closed.keys()];
      const update = safe.preserving(() => safe.update(state, touched, switched, workspace.propagation));
      restore = update.restore;
      for (const twin of update.result) {
        const isOurs = this.#resolved.twins.has(twin) || affected.has(twin);
        // What was OPERATIONAL and not at risk was safe: the others cannot have become unsafe just now.
        if (!isOurs && safe.isAtRisk(twin)) newly.push(twin);
      }
    });
    restore?.(state);
    const rankOfId = this.#context.rankOfId;
    newly.sort((a, b) => (rankOfId[a] as number) - (rankOfId[b] as number));
    return newly.map((twin) => ids[twin] as string);
  }

  witness(id: string, most = Number.POSITIVE_INFINITY): readonly WitnessStep[] {
    const difference = this.#difference(id);
    return difference ? this.#explained().of(difference, most) : [];
  }

  witnessLength(id: string): number {
    const difference = this.#difference(id);
    return difference ? this.#explained().lengthOf(difference) : 0;
  }

  #explained(): Witnesses {
    this.#witnesses ??= new Witnesses(this.#context.baseline().state, this.#resolved, this.#history);
    return this.#witnesses;
  }

  causes(id: string, maxOrder: number): readonly (readonly string[])[] {
    const difference = this.#difference(id);
    return difference ? this.#causes.of(difference, maxOrder).sets : [];
  }

  causesComplete(id: string, maxOrder: number): boolean {
    const difference = this.#difference(id);
    return difference === undefined || this.#causes.of(difference, maxOrder).complete;
  }

  #difference(id: string): Difference | undefined {
    this.#differenceByTwin ??= new Map(this.#differences.map((each) => [each.twin, each]));
    const twin = this.#context.baseline().state.plant.indexById.get(id);
    return twin === undefined ? undefined : this.#differenceByTwin.get(twin);
  }
}

function uncertaintyAdded(history: History): number {
  let added = 0;
  for (let position = 0; position < history.twins.length; position += 1) {
    const after = history.bitsAfter(position, history.changeCount(position) - 1);
    added += Number(isUncertain(after)) - Number(isUncertain(history.bitsBefore(position)));
  }
  return added;
}
