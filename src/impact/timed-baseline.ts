/**
 * What hold-ups and standbys find when a scenario starts (IMPACT.md 5): which hold-ups have their charge, which standbys wait.
 *
 * A group that is lost already has used up its hold-up. A standby is at work where its group does not reach full without
 * standbys, all else being as it is; in a loop also where the loop falls short while the others wait, so that none is
 * held up by its own work.
 */
import { GROUP_HOLD_UP, GROUP_STANDBY } from './collect-groups.ts';
import { type CompiledPlant, SHAPE_LOOP } from './compiled-plant.ts';
import { rawGroupBits } from './evaluate-group.ts';
import type { LoopEvaluator } from './evaluate-loop.ts';
import { ALL_PLANES, BEST, CUT2, WORST } from './planes.ts';
import type { PlantState } from './plant-state.ts';
import type { Pace, Steps } from './steps.ts';

/** Judging a component, in memberships looked at (see Pace). */
const JUDGED_AS = 250;

export class TimedBaseline {
  readonly #plant: CompiledPlant;
  readonly #stale: Set<number>;
  /** By group with a hold-up: planes in which it is charged. Groups that are charged in none are left out. */
  readonly chargedByGroup = new Map<number, number>();
  /** By standby membership: planes in which it waits. Those at work in all planes are left out. */
  readonly waitingByMember = new Map<number, number>();

  constructor(plant: CompiledPlant) {
    this.#plant = plant;
    this.#stale = new Set(plant.timedComponents);
  }

  copy(): TimedBaseline {
    const copy = new TimedBaseline(this.#plant);
    copy.become(this);
    return copy;
  }

  /** Takes over all of another one of the same plant. */
  become(other: TimedBaseline): void {
    refill(this.chargedByGroup, other.chargedByGroup);
    refill(this.waitingByMember, other.waitingByMember);
    this.#stale.clear();
    this.invalidate(other.#stale);
  }

  /** What these components get from outside, or their own condition, has changed. */
  invalidate(components: Iterable<number>): void {
    for (const component of components) this.#stale.add(component);
  }

  /** Brings itself up to date with a state in which nothing is held and no standby waits. Ended early, it goes on there the next time. */
  *refreshInSteps(state: PlantState, loops: LoopEvaluator, pace: Pace): Steps<void> {
    for (const component of this.#stale) {
      yield* this.#judge(state, component, loops, pace);
      this.#stale.delete(component);
      if (pace.isDue(JUDGED_AS)) yield;
    }
  }

  *#judge(state: PlantState, component: number, loops: LoopEvaluator, pace: Pace): Steps<void> {
    const { componentStart, groupStart, groupFlags, componentShape } = this.#plant;
    const first = groupStart[componentStart[component] as number] as number;
    const end = groupStart[componentStart[component + 1] as number] as number;
    const standbyGroups: number[] = [];
    for (let group = first; group < end; group += 1) {
      const flags = groupFlags[group] as number;
      if (flags & GROUP_HOLD_UP) setOrDelete(this.chargedByGroup, group, rawGroupBits(state, group));
      if (flags & GROUP_STANDBY) standbyGroups.push(group);
    }
    if (standbyGroups.length === 0) return;
    const isLoop = ((componentShape[component] as number) & SHAPE_LOOP) !== 0;
    const waiting = isLoop
      ? yield* this.#waitingInLoop(state, component, standbyGroups, loops, pace)
      : waitingOutsideLoops(state, standbyGroups);
    for (const [at, group] of standbyGroups.entries())
      for (const member of standbysOf(this.#plant, group))
        setOrDelete(this.waitingByMember, member, waiting[at] as number);
  }

  /** Those that nobody needs as things are may hold up each other: all who see a loss while they wait are at work, round by round. */
  *#waitingInLoop(
    state: PlantState,
    component: number,
    groups: readonly number[],
    loops: LoopEvaluator,
    pace: Pace,
  ): Steps<number[]> {
    const { componentStart } = this.#plant;
    const first = componentStart[component] as number;
    const count = (componentStart[component + 1] as number) - first;
    const bits = state.bits.slice(first, first + count);
    const conducting = state.conducting.slice(first, first + count);
    const waiting = waitingOutsideLoops(state, groups);
    try {
      for (let isSettled = false; !isSettled; ) {
        setStandbys(state, groups, waiting);
        yield* loops.evaluateInSteps(state, component, 'ALL', null, pace);
        writeBits(state, first, loops.result.subarray(0, count));
        isSettled = true;
        for (const [at, group] of groups.entries()) {
          const still = (waiting[at] as number) & reachesFull(rawGroupBits(state, group));
          if (still !== waiting[at]) isSettled = false;
          waiting[at] = still;
        }
      }
      return waiting;
    } finally {
      setStandbys(
        state,
        groups,
        groups.map(() => 0),
      );
      state.bits.set(bits, first);
      state.conducting.set(conducting, first);
    }
  }
}

function waitingOutsideLoops(state: PlantState, groups: readonly number[]): number[] {
  setStandbys(
    state,
    groups,
    groups.map(() => ALL_PLANES),
  );
  const waiting = groups.map((group) => reachesFull(rawGroupBits(state, group)));
  setStandbys(
    state,
    groups,
    groups.map(() => 0),
  );
  return waiting;
}

/** The planes of the cases (worst, best) in which cut 2 holds. */
export function reachesFull(bits: number): number {
  const full = bits & CUT2;
  return (full & WORST ? WORST : 0) | (full & BEST ? BEST : 0);
}

/** Memberships of the group that are standbys. */
export function standbysOf({ memberStart, standbyMsByMember }: CompiledPlant, group: number): number[] {
  const standbys: number[] = [];
  const end = memberStart[group + 1] as number;
  for (let member = memberStart[group] as number; member < end; member += 1)
    if (standbyMsByMember.has(member)) standbys.push(member);
  return standbys;
}

/** Lets the standbys of the groups wait in these planes, and count in the others. */
function setStandbys(state: PlantState, groups: readonly number[], waiting: readonly number[]): void {
  for (const [at, group] of groups.entries())
    for (const member of standbysOf(state.plant, group)) setWaiting(state, member, waiting[at] as number);
}

/** A membership whose relationship is open counts in no plane, waiting or not. */
export function setWaiting(state: PlantState, member: number, waiting: number): void {
  const relationship = state.plant.memberRelationship[member] as number;
  const isOpen = state.relationshipClosed[relationship] === 0 && state.plant.relationshipIsSupply[relationship] === 1;
  state.memberMask[member] = isOpen ? 0 : ALL_PLANES & ~waiting;
}

/** Writes the bits of consecutive twins. */
export function writeBits(state: PlantState, first: number, bits: Uint8Array): void {
  for (let at = 0; at < bits.length; at += 1) {
    state.bits[first + at] = bits[at] as number;
    state.conducting[first + at] = state.closed[first + at] === 1 ? (bits[at] as number) : 0;
  }
}

function setOrDelete(map: Map<number, number>, key: number, bits: number): void {
  if (bits === 0) map.delete(key);
  else map.set(key, bits);
}

function refill(map: Map<number, number>, from: ReadonlyMap<number, number>): void {
  map.clear();
  for (const [key, bits] of from) map.set(key, bits);
}
