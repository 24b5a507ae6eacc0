/**
 * Redundancy that is spent (IMPACT.md 7). A twin is at risk when it is OPERATIONAL in the worst case, and every proof of
 * that leans on a group that was declared with redundancy and has no member to lose: so, when it would not be
 * OPERATIONAL with those groups taken as lost. That is one more plane over the same arrays, kept up to date when asked.
 */
import { GROUP_CONDUCTION, GROUP_REDUNDANT, GROUP_REPEATED, GROUP_SUPPLY } from './collect-groups.ts';
import type { CompiledPlant } from './compiled-plant.ts';
import { LoopRanks } from './loop-ranks.ts';
import { WORST_CUT2 } from './planes.ts';
import type { PlaneView, PlantState } from './plant-state.ts';
import type { Propagation } from './propagation.ts';
import { ENDLESS, finish, type Pace, type Steps } from './steps.ts';

/** Numbers of arrays as they were before they were changed. */
class Overwritten {
  readonly #arrays: Uint8Array[] = [];
  readonly #places: number[] = [];
  readonly #values: number[] = [];

  keep(array: Uint8Array, at: number, value: number): void {
    this.#arrays.push(array);
    this.#places.push(at);
    this.#values.push(value);
  }

  restore(): void {
    for (let n = this.#arrays.length - 1; n >= 0; n -= 1)
      (this.#arrays[n] as Uint8Array)[this.#places[n] as number] = this.#values[n] as number;
  }
}

/** What works on it. */
interface SafePlaneWork {
  readonly propagation: Propagation;
  readonly pace: Pace;
}

/** Judging a group or a twin, in memberships looked at (see Pace). */
const JUDGED_AS = 4;

export class SafePlane {
  readonly #plant: CompiledPlant;
  /** [T] WORST_CUT2 where the twin is OPERATIONAL in the worst case. */
  readonly #up: Uint8Array;
  /** [T] WORST_CUT2 where it is so without spent groups. */
  readonly #safe: Uint8Array;
  readonly #conducting: Uint8Array;
  readonly #denied: Uint8Array;
  /** No group holds longer than its members. */
  readonly #held: Uint8Array;
  readonly #loopRanks: LoopRanks | null;
  readonly #isKept: boolean;
  #undo: Overwritten | null = null;

  /** `isKept`: it is wanted again after a preview(). */
  static *create(state: PlantState, work: SafePlaneWork, isKept: boolean): Steps<SafePlane> {
    const plane = new SafePlane(state.plant, isKept);
    yield* plane.begin(state, work);
    return plane;
  }

  private constructor(plant: CompiledPlant, isKept: boolean) {
    this.#isKept = isKept;
    this.#plant = plant;
    this.#up = new Uint8Array(plant.twinCount);
    this.#safe = new Uint8Array(plant.twinCount);
    this.#conducting = new Uint8Array(plant.twinCount);
    this.#denied = new Uint8Array(plant.groupCount);
    this.#held = new Uint8Array(plant.groupCount);
    this.#loopRanks = LoopRanks.create(plant);
  }

  /** Judges a state afresh, whatever was judged before. */
  *begin(state: PlantState, { propagation, pace }: SafePlaneWork): Steps<void> {
    for (let twin = 0; twin < state.bits.length; twin += 1) this.#up[twin] = (state.bits[twin] as number) & WORST_CUT2;

    for (let group = 0; group < state.plant.groupCount; group += 1) {
      this.#denied[group] = isSpent(state, group) ? WORST_CUT2 : 0;
      if (pace.isDue(JUDGED_AS)) yield;
    }
    yield* propagation.runAllInSteps(this.#view(state), 'ALL', pace);
  }

  isAtRisk(twin: number): boolean {
    return this.#up[twin] !== 0 && this.#safe[twin] === 0;
  }

  /** Takes over what has changed in the state: twins' bits, or whether they or their relationships conduct. */
  update(state: PlantState, twins: Iterable<number>, owners: Iterable<number>, propagation: Propagation): void {
    finish(this.#updateInSteps(state, twins, owners, propagation, ENDLESS));
  }

  *#updateInSteps(
    state: PlantState,
    twins: Iterable<number>,
    owners: Iterable<number>,
    propagation: Propagation,
    pace: Pace,
  ): Steps<Int32Array> {
    for (const twin of twins) {
      this.#keep(twin, this.#safe[twin] as number, this.#conducting[twin] as number);
      this.#set(this.#up, twin, (state.bits[twin] as number) & WORST_CUT2);
      propagation.markTwin(twin);
      const { dependentStart, dependentMember, memberGroup } = this.#plant;
      const end = dependentStart[twin + 1] as number;
      for (let at = dependentStart[twin] as number; at < end; at += 1)
        this.#judge(state, memberGroup[dependentMember[at] as number] as number, propagation);
      // Whether it switches off decides what it asks for itself.
      this.#judgeOwn(state, twin, propagation);
      if (pace.isDue(JUDGED_AS * (1 + end - (dependentStart[twin] as number)))) yield;
    }
    for (const twin of owners) {
      propagation.markTwin(twin);
      this.#judgeOwn(state, twin, propagation);
    }
    yield* propagation.runInSteps(this.#view(state), 'ALL', null, pace);
    const { changedTwins, bitsBefore } = propagation;
    for (let at = 0; at < changedTwins.length; at += 1) {
      const twin = changedTwins[at] as number;
      const bits = bitsBefore[at] as number;
      this.#keep(twin, bits, state.closed[twin] === 1 ? bits : 0);
    }
    return changedTwins;
  }

  #keep(twin: number, safe: number, conducting: number): void {
    this.#undo?.keep(this.#safe, twin, safe);
    this.#undo?.keep(this.#conducting, twin, conducting);
  }

  #judgeOwn(state: PlantState, twin: number, propagation: Propagation): void {
    const end = this.#plant.groupStart[twin + 1] as number;
    for (let group = this.#plant.groupStart[twin] as number; group < end; group += 1)
      this.#judge(state, group, propagation);
  }

  #judge(state: PlantState, group: number, propagation: Propagation): void {
    if (((this.#plant.groupFlags[group] as number) & GROUP_REDUNDANT) === 0) return;
    const denied = isSpent(state, group) ? WORST_CUT2 : 0;
    if (this.#denied[group] === denied) return;
    this.#set(this.#denied, group, denied);
    propagation.markTwin(this.#plant.groupOwner[group] as number);
  }

  #set(array: Uint8Array, at: number, value: number): void {
    if (array[at] === value) return;
    this.#undo?.keep(array, at, array[at] as number);
    array[at] = value;
  }

  /** Reads what follows from an update(), which is taken back then if the plane is kept. Nothing else may ask it between the steps. */
  *preview<T>(
    state: PlantState,
    changed: { readonly twins: Iterable<number>; readonly owners: Iterable<number> },
    { propagation, pace }: SafePlaneWork,
    read: (changedTwins: Int32Array) => T,
  ): Steps<T> {
    const undo = this.#isKept ? new Overwritten() : null;
    this.#undo = undo;
    const restoreRanks = this.#isKept ? this.#loopRanks?.mark() : undefined;
    try {
      return read(yield* this.#updateInSteps(state, changed.twins, changed.owners, propagation, pace));
    } finally {
      propagation.forgetMarks();
      this.#undo = null;
      restoreRanks?.();
      undo?.restore();
    }
  }

  #view(state: PlantState): PlaneView {
    return {
      plant: this.#plant,
      own: this.#up,
      closed: state.closed,
      bits: this.#safe,
      conducting: this.#conducting,
      memberMask: state.memberMask,
      held: this.#held,
      denied: this.#denied,
      plane: WORST_CUT2,
      loopRanks: this.#loopRanks,
    };
  }
}

/** Declared with redundancy, and no member that is up can be lost without falling short of full. */
export function isSpent(state: PlantState, group: number): boolean {
  const { plant } = state;
  const flags = plant.groupFlags[group] as number;
  if ((flags & GROUP_REDUNDANT) === 0) return false;
  // An open switch asks for no supply from its network.
  if (flags & GROUP_CONDUCTION && state.closed[plant.groupOwner[group] as number] === 0) return false;
  const full = plant.groupFull[group] as number;
  if (flags & GROUP_REPEATED) {
    const shares = availableShares(state, group);
    return shares.reduce((have, share) => have + share, 0) - Math.min(...shares) < full;
  }
  const over = flags & GROUP_SUPPLY ? state.conducting : state.bits;
  let have = 0;
  let least = Number.POSITIVE_INFINITY;
  const end = plant.memberStart[group + 1] as number;
  for (let member = plant.memberStart[group] as number; member < end; member += 1) {
    const bits = over[plant.memberTwin[member] as number] as number;
    if ((bits & (state.memberMask[member] as number) & WORST_CUT2) === 0) continue;
    const share = plant.memberShare[member] as number;
    have += share;
    if (share < least) least = share;
  }
  return have - least < full;
}

/** Shares of the members that are OPERATIONAL in the worst case, one entry per twin. */
export function availableShares(state: PlantState, group: number): number[] {
  const { memberStart, memberTwin, memberShare, groupFlags } = state.plant;
  const flags = groupFlags[group] as number;
  const over = flags & GROUP_SUPPLY ? state.conducting : state.bits;
  const shares: number[] = [];
  const shareByTwin = new Map<number, number>();
  const end = memberStart[group + 1] as number;
  for (let member = memberStart[group] as number; member < end; member += 1) {
    const twin = memberTwin[member] as number;
    if (((over[twin] as number) & (state.memberMask[member] as number) & WORST_CUT2) === 0) continue;
    const share = memberShare[member] as number;
    if (flags & GROUP_REPEATED) shareByTwin.set(twin, (shareByTwin.get(twin) ?? 0) + share);
    else shares.push(share);
  }
  return flags & GROUP_REPEATED ? [...shareByTwin.values()] : shares;
}
