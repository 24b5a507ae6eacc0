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
import type { Place, ScenarioContext } from './scenario-context.ts';
import { type Baseline, Workspace } from './simulate.ts';
import { finish, ITEMS_PER_STEP, type Steps, WORK_PER_STEP } from './steps.ts';
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

/** Changed twins that the plane of who is safe takes over at once; each in memberships looked at (see Pace). */
const TWINS_SETTLED_AT_ONCE = 500;
const SETTLED_AS = 32;

/** Where a scenario is worked out beside the state that it starts from. */
interface Aside {
  readonly workspace: Workspace;
  readonly baseline: Baseline;
  /** null: nobody has asked for it yet. Of another state, until it begins anew. */
  safePlane: SafePlane | null;
}

interface ModelParts {
  readonly workspace: Workspace;
  readonly workPerStep: number;
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
  /** For what is worked out beside the live state; null: in use, or not made yet. */
  #spare: Aside | null = null;
  readonly #workPerStep: number;
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
  /** How often something was switched. */
  #switchings = 0;
  /** Of states that only answers still refer to. */
  readonly #keptBaselines = new WeakMap<PlantState, Baseline>();
  readonly #keptSafePlanes = new WeakMap<PlantState, SafePlane>();
  #zones: FaultZones | undefined;

  private constructor(parts: ModelParts) {
    const { workspace, workPerStep, live, rankOfId, safePlane } = parts;
    const { state } = live;
    const { plant } = state;
    this.plant = plant;
    this.#workspace = workspace;
    this.#workPerStep = workPerStep;
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
  static compile(inputs: ImpactInputs, workPerStep?: number): ImpactModel {
    return finish(ImpactModel.compileInSteps(inputs, workPerStep));
  }

  /**
   * The same in steps of a millisecond or so on a plant of a hundred thousand twins; of loops that are large themselves
   * a step is one pass. The structure of the inputs must stay as it is meanwhile; conditions that change are to be told
   * after it. `workPerStep`: memberships looked at in a step of a scenario, too.
   */
  static *compileInSteps(inputs: ImpactInputs, workPerStep = WORK_PER_STEP): Steps<ImpactModel> {
    const { plant, condition } = yield* compileInSteps(inputs);
    const state = PlantState.create(plant, condition);
    yield;
    const workspace = new Workspace(plant, workPerStep);
    yield;
    const live = yield* evaluateInSteps(workspace, state);
    const safePlane = yield* SafePlane.create(state, workspace, true);
    return new ImpactModel({ workspace, workPerStep, live, safePlane, rankOfId: yield* rankIds(plant) });
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
    const { changedTwins, bitsBefore } = propagation;
    const differences: StateDifference[] = [];
    for (let at = 0; at < changedTwins.length; at += 1) {
      const twin = changedTwins[at] as number;
      const before = bitsBefore[at] as number;
      const after = state.bits[twin] as number;
      this.#unsettled.add(twin);
      this.#uncertainCount += Number(isUncertain(after)) - Number(isUncertain(before));
      differences.push({
        id: this.plant.ids[twin] as string,
        before: derivedState(before),
        after: derivedState(after),
      });
    }
    return differences;
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
      this.#forgetHealthy();
    }
  }

  #switch(state: PlantState, { id, closed }: RelationshipSwitch): void {
    const relationship = this.plant.relationshipIndexById.get(id);
    if (relationship === undefined || state.relationshipClosed[relationship] === Number(closed)) return;
    state.ownRelationships();
    state.setRelationshipClosed(relationship, closed);
    this.#forgetHealthy();
    for (const owner of ownersOver(this.plant, relationship)) {
      this.#workspace.propagation.markTwin(owner);
      this.#switchedOwners.add(owner);
    }
  }

  #forgetHealthy(): void {
    this.#healthy = undefined;
    this.#switchings += 1;
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
    return finish(this.#safePlaneOf(this.#live.state)).isAtRisk(this.#indexOf(id));
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
    return finish(this.runScenarioInSteps(scenario));
  }

  /** The same in steps, of the state that is live at the first of them. */
  *runScenarioInSteps(scenario: Scenario): Steps<ScenarioAnswer> {
    const isLive = scenario.baseline === 'LIVE';
    const hasPlanned = (isLive && this.#plannedCount > 0) || scenario.maintain.length > 0;
    const state = isLive ? this.#live.state : yield* this.#healthyState();
    if (isLive) this.#isShared = true;
    const context: ScenarioContext = {
      state,
      work: (run) => this.#work(state, run),
      zones: () => (this.#zones ??= new FaultZones(this.plant)),
      rankOfId: this.rankOfId,
      abnormal: isLive && hasPlanned ? [...this.#abnormal] : [],
      hasPlanned,
      uncertainCount: isLive ? this.#uncertainCount : 0,
    };
    return yield* answerScenario(context, scenario);
  }

  /**
   * On the state itself where one step is enough, as most scenarios are: that is quickest, and nobody sees it. What is
   * larger is taken back, and begins again on a copy.
   */
  *#work<T>(state: PlantState, run: (place: Place) => Steps<T>): Steps<T> {
    const attempt = run(this.#placeOn(state));
    const { done, value } = attempt.next();
    if (done) return value;
    attempt.return(undefined as never);
    yield;
    const aside = yield* this.#takeAside(state);
    const { workspace, baseline } = aside;
    yield;
    const answer = yield* run({ workspace, baseline, safePlane: () => safePlaneOf(aside) });
    this.#spare = aside;
    return answer;
  }

  #placeOn(state: PlantState): Place {
    const workspace = this.#workspace;
    workspace.pace.begin();
    return { workspace, baseline: this.#baselineOf(state), safePlane: () => this.#safePlaneOf(state) };
  }

  /** A copy of the state to work on. Its memory is used again: new memory each time would be garbage to collect. */
  *#takeAside(state: PlantState): Steps<Aside> {
    const spare = this.#spare;
    this.#spare = null;
    if (spare === null) {
      const workspace = new Workspace(this.plant, this.#workPerStep);
      yield;
      const copy = state.copy();
      yield;
      return { workspace, baseline: { state: copy, timed: this.#baselineOf(state).timed.copy() }, safePlane: null };
    }
    spare.baseline.state.become(state);
    spare.baseline.timed.become(this.#baselineOf(state).timed);
    return spare;
  }

  *#healthyState(): Steps<PlantState> {
    if (this.#healthy) return this.#healthy.state;
    const workspace = new Workspace(this.plant, this.#workPerStep);
    const switchings = this.#switchings;
    const healthy = yield* evaluateInSteps(workspace, this.#live.state.healthy());
    if (switchings === this.#switchings) this.#healthy = healthy;
    else this.#keptBaselines.set(healthy.state, healthy);
    return healthy.state;
  }

  #baselineOf(state: PlantState): Baseline {
    if (state === this.#live.state) return this.#live;
    if (state === this.#healthy?.state) return this.#healthy;
    const kept = this.#keptBaselines.get(state) ?? { state, timed: new TimedBaseline(this.plant) };
    this.#keptBaselines.set(state, kept);
    return kept;
  }

  /** Ended early, that of the live state goes on there the next time. */
  *#safePlaneOf(state: PlantState): Steps<SafePlane> {
    const { propagation, pace } = this.#workspace;
    if (state !== this.#live.state) {
      const kept = this.#keptSafePlanes.get(state) ?? (yield* SafePlane.create(state, this.#workspace, true));
      this.#keptSafePlanes.set(state, kept);
      return kept;
    }
    while (this.#unsettled.size + this.#switchedOwners.size > 0) {
      const twins = [...take(this.#unsettled, TWINS_SETTLED_AT_ONCE)];
      this.#safePlane.update(state, twins, this.#switchedOwners, propagation);
      for (const twin of twins) this.#unsettled.delete(twin);
      this.#switchedOwners.clear();
      if (pace.isDue(SETTLED_AS * twins.length)) yield;
    }
    return this.#safePlane;
  }

  #indexOf(id: string): number {
    const index = this.plant.indexById.get(id);
    if (index === undefined) throw notFound('twin', id);
    return index;
  }
}

function* safePlaneOf(aside: Aside): Steps<SafePlane> {
  const { workspace, baseline, safePlane } = aside;
  if (safePlane) yield* safePlane.begin(baseline.state, workspace);
  aside.safePlane = safePlane ?? (yield* SafePlane.create(baseline.state, workspace, false));
  return aside.safePlane;
}

/** A state with nothing evaluated yet becomes one that scenarios can start from. */
function* evaluateInSteps({ propagation, loops, pace }: Workspace, state: PlantState): Steps<Baseline> {
  yield* propagation.runAllInSteps(state, 'ALL', pace);
  const timed = new TimedBaseline(state.plant);
  yield* timed.refreshInSteps(state, loops, pace);
  return { state, timed };
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken === count) return;
    taken += 1;
    yield item;
  }
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
