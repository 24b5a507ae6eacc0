/**
 * Runs a scenario through time on a state, and leaves the state as it was (IMPACT.md 4 to 6).
 *
 * Step 0 applies the overrides; every further step is an instant at which hold-ups expire or standbys come in. Each step
 * is D(R) with R what ran in the step before; only components that something reaches are evaluated.
 */
import { type CompiledPlant, ownersOver } from './compiled-plant.ts';
import { LoopEvaluator } from './evaluate-loop.ts';
import { History } from './history.ts';
import { OrderingMemory } from './order-differences.ts';
import type { PlantState } from './plant-state.ts';
import { Propagation } from './propagation.ts';
import { ScenarioClock } from './scenario-clock.ts';
import { Pace, type Steps, WORK_PER_STEP } from './steps.ts';
import type { TimedBaseline } from './timed-baseline.ts';

/** Conditions laid over a state, by number. */
export interface Overrides {
  /** Planes that a twin's own condition reaches. */
  readonly own: ReadonlyMap<number, number>;
  /** Twins that switch. */
  readonly closed: ReadonlyMap<number, boolean>;
  /** Relationships of supply. */
  readonly relationshipClosed: ReadonlyMap<number, boolean>;
}

export interface SimulationOptions {
  readonly isCold: boolean;
  /** Events after this are left out; Infinity: all are judged. */
  readonly horizonMs: number;
}

/** A changed twin that is written down, in memberships looked at (see Pace). */
const RECORDED_AS = 2;

/** The working memory of one plant; its parts are used by one evaluation at a time. */
export class Workspace {
  readonly pace: Pace;
  readonly propagation: Propagation;
  /** For readings beside the propagation. */
  readonly loops: LoopEvaluator;
  readonly ordering: OrderingMemory;

  constructor(plant: CompiledPlant, workPerStep = WORK_PER_STEP) {
    this.pace = new Pace(workPerStep);
    this.propagation = new Propagation(plant);
    this.loops = new LoopEvaluator(plant);
    this.ordering = new OrderingMemory(plant.twinCount);
  }
}

/** A state with what scenarios find in it. */
export interface Baseline {
  readonly state: PlantState;
  readonly timed: TimedBaseline;
}

/**
 * `atEnd` sees the state as the scenario leaves it, without hold-ups and waiting standbys, before it is taken back.
 * Between the steps the state is on its way; ended early, it is as it was before.
 */
export function* simulate(
  workspace: Workspace,
  { state, timed }: Baseline,
  overrides: Overrides,
  { isCold, horizonMs }: SimulationOptions,
  atEnd?: (history: History) => Steps<void>,
): Steps<History> {
  const { propagation, pace } = workspace;
  const { plant } = state;
  yield* timed.refreshInSteps(state, workspace.loops, pace);
  const clock = new ScenarioClock(state, timed, workspace.loops, isCold);
  const history = new History();
  const restoreRanks = state.loopRanks?.mark();
  const undo = applyOverrides(state, overrides, propagation);
  if (isCold)
    for (const component of [...plant.sustainLoops, ...plant.timedComponents]) propagation.markComponent(component);
  try {
    clock.running = isCold ? 'NONE' : 'BEFORE';
    yield* propagation.runInSteps(state, isCold ? 'NONE' : 'BEFORE', clock, pace);
    history.record(0, propagation, state);
    if (pace.isDue(RECORDED_AS * propagation.changedTwins.length)) yield;
    clock.running = 'BEFORE';
    while (clock.advance(horizonMs, (twin) => propagation.markTwin(twin))) {
      yield* propagation.runInSteps(state, 'BEFORE', clock, pace);
      history.record(clock.nowMs, propagation, state);
      if (pace.isDue(RECORDED_AS * propagation.changedTwins.length)) yield;
    }
    history.close(workspace.ordering.position);
    if (pace.isDue(RECORDED_AS * history.twins.length)) yield;
    history.clock = clock;
    clock.restore();
    if (atEnd) yield* atEnd(history);
  } finally {
    clock.restore();
    undo();
    history.restore(state);
    restoreRanks?.();
  }
  return history;
}

/** The same without time: everything as it settles with R = all. Takes the state there; the answer takes it back. */
export function* rebase(
  { propagation, pace }: Workspace,
  { state, timed }: Baseline,
  overrides: Overrides,
): Steps<() => void> {
  const restoreRanks = state.loopRanks?.mark();
  const undo = applyOverrides(state, overrides, propagation);
  let changed = new Int32Array(0);
  let before = new Uint8Array(0);
  let touched: readonly number[] = [];
  const restore = (): void => {
    undo();
    for (let at = 0; at < changed.length; at += 1) writeTwin(state, changed[at] as number, before[at] as number);
    restoreRanks?.();
    timed.invalidate(touched);
  };
  let isDone = false;
  try {
    yield* propagation.runInSteps(state, 'ALL', null, pace);
    changed = propagation.changedTwins.slice();
    before = propagation.bitsBefore.slice();
    touched = propagation.timedComponents.slice();
    timed.invalidate(touched);
    isDone = true;
  } finally {
    if (!isDone) restore();
  }
  return restore;
}

export function writeTwin(state: PlantState, twin: number, bits: number): void {
  state.bits[twin] = bits;
  state.conducting[twin] = state.closed[twin] === 1 ? bits : 0;
}

/** Marks what the overrides touch; the answer puts the conditions back, and marks nothing. */
function applyOverrides(state: PlantState, overrides: Overrides, propagation: Propagation): () => void {
  const { plant } = state;
  const ownTwins: number[] = [];
  const ownBefore: number[] = [];
  const closed: [number, number][] = [];
  const relationships: [number, boolean][] = [];
  for (const [twin, bits] of overrides.own) {
    const before = state.own[twin] as number;
    if (before === bits) continue;
    ownTwins.push(twin);
    ownBefore.push(before);
    state.own[twin] = bits;
    propagation.markTwin(twin);
  }
  for (const [twin, isClosed] of overrides.closed) {
    closed.push([twin, state.closed[twin] as number]);
    if (state.closed[twin] === Number(isClosed)) continue;
    state.closed[twin] = Number(isClosed);
    propagation.markTwin(twin);
  }
  for (const [relationship, isClosed] of overrides.relationshipClosed) {
    relationships.push([relationship, state.relationshipClosed[relationship] === 1]);
    if (state.relationshipClosed[relationship] === Number(isClosed)) continue;
    state.setRelationshipClosed(relationship, isClosed);
    for (const owner of ownersOver(plant, relationship)) propagation.markTwin(owner);
  }
  return () => {
    for (const [relationship, isClosed] of relationships) state.setRelationshipClosed(relationship, isClosed);
    for (const [twin, value] of closed) {
      state.closed[twin] = value;
      writeTwin(state, twin, state.bits[twin] as number);
    }
    for (let at = 0; at < ownTwins.length; at += 1) state.own[ownTwins[at] as number] = ownBefore[at] as number;
  };
}
