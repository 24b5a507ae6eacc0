/** The impact engine of one plant: its live state, what scenarios do to it, and why (docs/IMPACT.md). Pure: no clock, no I/O. */
import { notFound } from '../domain/errors.ts';
import { OPERATIONAL_STATES } from '../domain/state.ts';
import { SafePlane } from './at-risk.ts';
import { compileInSteps } from './compile.ts';
import { type CompiledPlant, ownersOver } from './compiled-plant.ts';
import { FaultZones } from './fault-zone.ts';
import { causesOf } from './live-causes.ts';
import { derivedState, isUncertain } from './planes.ts';
import { PlantState } from './plant-state.ts';
import { requirementStatuses } from './requirement-status.ts';
import { answerScenario } from './scenario-answer.ts';
import type { ScenarioContext } from './scenario-context.ts';
import { type Baseline, Workspace } from './simulate.ts';
import { finish, ITEMS_PER_STEP, type Steps } from './steps.ts';
import { TimedBaseline } from './timed-baseline.ts';
import type {
  ConditionChange,
  DerivedState,
  ImpactInputs,
  RelationshipSwitch,
  RequirementStatus,
  Scenario,
  ScenarioAnswer,
  StateDifference,
} from './types.ts';

interface ModelParts {
  readonly workspace: Workspace;
  readonly live: Baseline;
  readonly safePlane: SafePlane;
  readonly rankOfId: Int32Array;
}

export class ImpactModel {
  /** The structure; analyses read it. */
  readonly plant: CompiledPlant;
  /** [T] Place of each twin among all ids. */
  readonly rankOfId: Int32Array;
  readonly #workspace: Workspace;
  #live: Baseline;
  /** An answer refers to the live state: it is copied before the next change. */
  #isShared = false;
  /** Twins that are not healthy, or in maintenance. */
  readonly #abnormal = new Set<number>();
  /** Twins in maintenance. */
  #plannedCount = 0;
  #uncertainCount = 0;
  /** The live state's; as old as #unsettled says. */
  readonly #safePlane: SafePlane;
  /** Twins whose change it has not taken over yet. */
  readonly #unsettled = new Set<number>();
  /** Likewise: twins that lost or gained a member by the switching of a relationship. */
  readonly #switchedOwners = new Set<number>();
  /** All healthy, switches as they are; made when first asked for. */
  #healthy: Baseline | undefined;
  /** Of states that only answers still refer to. */
  readonly #keptBaselines = new WeakMap<PlantState, Baseline>();
  readonly #keptSafePlanes = new WeakMap<PlantState, SafePlane>();
  #zones: FaultZones | undefined;

  private constructor(parts: ModelParts) {
    const { workspace, live, rankOfId, safePlane } = parts;
    const { state } = live;
    const { plant } = state;
    this.plant = plant;
    this.#workspace = workspace;
    this.rankOfId = rankOfId;
    this.#live = live;
    this.#safePlane = safePlane;
    for (let twin = 0; twin < plant.twinCount; twin += 1) {
      if (state.health[twin] !== 0 || state.planned[twin] === 1) this.#abnormal.add(twin);
      this.#plannedCount += state.planned[twin] as number;
      if (isUncertain(state.bits[twin] as number)) this.#uncertainCount += 1;
    }
  }

  /** @throws LinchpinError NOT_FOUND for a relationship whose twin is not among the twins. */
  static compile(inputs: ImpactInputs): ImpactModel {
    return finish(ImpactModel.compileInSteps(inputs));
  }

  /**
   * The same in steps of a millisecond or so on a plant of a hundred thousand twins, but for loops that are large
   * themselves. The structure of the inputs must stay as it is meanwhile; conditions that change are to be told after it.
   */
  static *compileInSteps(inputs: ImpactInputs): Steps<ImpactModel> {
    const { plant, condition } = yield* compileInSteps(inputs);
    const state = PlantState.create(plant, condition);
    yield;
    const workspace = new Workspace(plant);
    yield;
    const live = yield* evaluateInSteps(workspace, state);
    const safePlane = yield* SafePlane.createInSteps(state, workspace.propagation);
    return new ImpactModel({ workspace, live, safePlane, rankOfId: yield* rankIds(plant) });
  }

  has(id: string): boolean {
    return this.plant.indexById.has(id);
  }

  /** The live state: read only, and good until the next update. */
  get liveState(): PlantState {
    return this.#live.state;
  }
  /**
   * Takes changes of condition, all as one; answers the twins whose derived state changed, each once.
   * Switches of relationships that carry no supply change nothing.
   * @throws LinchpinError NOT_FOUND for a twin that is not there; then nothing is changed.
   */
  update(changes: readonly ConditionChange[], switches: readonly RelationshipSwitch[] = []): StateDifference[] {
    const twins = changes.map(({ id }) => this.#indexOf(id));
    if (this.#isShared) this.#live = { state: this.#live.state.takeOver(), timed: this.#live.timed };
    this.#isShared = false;
    const { state, timed } = this.#live;
    for (const [at, change] of changes.entries()) this.#change(state, twins[at] as number, change);
    for (const each of switches) this.#switch(state, each);
    const { propagation } = this.#workspace;
    propagation.run(state, 'ALL');
    timed.invalidate(propagation.timedComponents);
    return propagation.changedTwins.map((twin, at) => {
      const before = propagation.bitsBefore[at] as number;
      const after = state.bits[twin] as number;
      this.#unsettled.add(twin);
      this.#uncertainCount += Number(isUncertain(after)) - Number(isUncertain(before));
      return { id: this.plant.ids[twin] as string, before: derivedState(before), after: derivedState(after) };
    });
  }

  #change(state: PlantState, twin: number, { health, planned, closed, criticality }: ConditionChange): void {
    if (health !== undefined) state.health[twin] = OPERATIONAL_STATES.indexOf(health);
    if (planned !== undefined) {
      this.#plannedCount += Number(planned) - (state.planned[twin] as number);
      state.planned[twin] = Number(planned);
    }
    if (criticality !== undefined) state.criticality[twin] = criticality;
    if (state.health[twin] !== 0 || state.planned[twin] === 1) this.#abnormal.add(twin);
    else this.#abnormal.delete(twin);
    const own = state.ownBits(twin);
    if (own !== state.own[twin]) {
      state.own[twin] = own;
      this.#workspace.propagation.markTwin(twin);
    }
    if (closed !== undefined && state.closed[twin] !== Number(closed)) {
      state.closed[twin] = Number(closed);
      this.#workspace.propagation.markTwin(twin);
      this.#unsettled.add(twin);
      this.#healthy = undefined;
    }
  }

  #switch(state: PlantState, { id, closed }: RelationshipSwitch): void {
    const relationship = this.plant.relationshipIndexById.get(id);
    if (relationship === undefined || state.relationshipClosed[relationship] === Number(closed)) return;
    state.ownRelationships();
    state.setRelationshipClosed(relationship, closed);
    this.#healthy = undefined;
    for (const owner of ownersOver(this.plant, relationship)) {
      this.#workspace.propagation.markTwin(owner);
      this.#switchedOwners.add(owner);
    }
  }

  /** @throws LinchpinError NOT_FOUND */
  state(id: string): DerivedState {
    return derivedState(this.#live.state.bits[this.#indexOf(id)] as number);
  }

  /**
   * OPERATIONAL, but only by groups that have no redundancy left.
   * @throws LinchpinError NOT_FOUND
   */
  atRisk(id: string): boolean {
    return this.#safePlaneOf(this.#live.state).isAtRisk(this.#indexOf(id));
  }

  /**
   * The failed twins behind a state that is not OPERATIONAL, nearest first, at most `limit`.
   * @throws LinchpinError NOT_FOUND
   */
  causes(id: string, limit: number): string[] {
    return causesOf(this.#live.state, this.#indexOf(id), limit).map((twin) => this.plant.ids[twin] as string);
  }

  /** @throws LinchpinError NOT_FOUND */
  requirements(id: string): RequirementStatus[] {
    return requirementStatuses(this.#live.state, this.#indexOf(id));
  }

  /**
   * What a scenario changes. The live state stays as it is; the answer stays good when it goes on.
   * @throws LinchpinError BAD_INPUT for ids that are not there, and for relationships to switch that do not supply.
   */
  runScenario(scenario: Scenario): ScenarioAnswer {
    const isLive = scenario.baseline === 'LIVE';
    const { state } = isLive ? this.#live : this.#healthyBaseline();
    if (isLive) this.#isShared = true;
    const context: ScenarioContext = {
      workspace: this.#workspace,
      baseline: () => this.#baselineOf(state),
      safePlane: () => this.#safePlaneOf(state),
      zones: () => (this.#zones ??= new FaultZones(this.plant)),
      rankOfId: this.rankOfId,
      abnormal: isLive ? this.#abnormal : [],
      hasPlanned: isLive && this.#plannedCount > 0,
      uncertainCount: isLive ? this.#uncertainCount : 0,
    };
    return answerScenario(context, scenario);
  }

  #healthyBaseline(): Baseline {
    this.#healthy ??= finish(evaluateInSteps(this.#workspace, this.#live.state.healthy()));
    return this.#healthy;
  }

  #baselineOf(state: PlantState): Baseline {
    if (state === this.#live.state) return this.#live;
    if (state === this.#healthy?.state) return this.#healthy;
    const kept = this.#keptBaselines.get(state) ?? { state, timed: new TimedBaseline(this.plant) };
    this.#keptBaselines.set(state, kept);
    return kept;
  }

  #safePlaneOf(state: PlantState): SafePlane {
    const { propagation } = this.#workspace;
    if (state !== this.#live.state) {
      const kept = this.#keptSafePlanes.get(state) ?? SafePlane.create(state, propagation);
      this.#keptSafePlanes.set(state, kept);
      return kept;
    }
    if (this.#unsettled.size + this.#switchedOwners.size > 0)
      this.#safePlane.update(state, this.#unsettled, this.#switchedOwners, propagation);
    this.#unsettled.clear();
    this.#switchedOwners.clear();
    return this.#safePlane;
  }

  #indexOf(id: string): number {
    const index = this.plant.indexById.get(id);
    if (index === undefined) throw notFound('twin', id);
    return index;
  }
}

/** A state with nothing evaluated yet becomes one that scenarios can start from. */
function* evaluateInSteps(workspace: Workspace, state: PlantState): Steps<Baseline> {
  yield* workspace.propagation.runAllInSteps(state, 'ALL');
  const timed = new TimedBaseline(state.plant);
  yield* timed.refreshInSteps(state, workspace.loops);
  return { state, timed };
}

/** Sorts runs of ids, then merges them two by two: each is a step. */
function* rankIds({ ids, indexById }: CompiledPlant): Steps<Int32Array> {
  let runs: string[][] = [];
  for (let from = 0; from < ids.length; from += ITEMS_PER_STEP) {
    runs.push(ids.slice(from, from + ITEMS_PER_STEP).sort());
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(
        at + 1 < runs.length
          ? yield* mergeRuns(runs[at] as string[], runs[at + 1] as string[])
          : (runs[at] as string[]),
      );
    runs = merged;
  }
  const sorted = runs[0] ?? [];
  const rankOfId = new Int32Array(ids.length);
  for (let rank = 0; rank < sorted.length; rank += 1) {
    rankOfId[indexById.get(sorted[rank] as string) as number] = rank;
    if (rank % ITEMS_PER_STEP === 0) yield;
  }
  return rankOfId;
}

function* mergeRuns(a: readonly string[], b: readonly string[]): Steps<string[]> {
  const merged: string[] = [];
  let at = 0;
  let stepEnd = ITEMS_PER_STEP;
  for (const next of b) {
    while (at < a.length && (a[at] as string) < next) merged.push(a[at++] as string);
    merged.push(next);
    if (merged.length < stepEnd) continue;
    stepEnd = merged.length + ITEMS_PER_STEP;
    yield;
  }
  for (; at < a.length; at += 1) merged.push(a[at] as string);
  return merged;
}
