/**
 * Time in a scenario (IMPACT.md 5): hold-ups that drain while their group is lost, standbys that come after a loss.
 *
 * It lays what holds and what waits over the state's `held` and `memberMask` as components are evaluated, reads from the
 * results which groups are lost, and knows what happens next. All of it is kept per plane; a standby serves both cuts of
 * its case, worst or best, from the time that its group no longer reaches full.
 */
import { GROUP_HOLD_UP, GROUP_STANDBY } from './collect-groups.ts';
import { type CompiledPlant, SHAPE_SUPPLY_LOOP } from './compiled-plant.ts';
import { rawGroupBits } from './evaluate-group.ts';
import type { LoopEvaluator, Running } from './evaluate-loop.ts';
import { EventHeap } from './event-heap.ts';
import { ALL_PLANES, BEST, PLANES, WORST } from './planes.ts';
import type { PlantState } from './plant-state.ts';
import type { ComponentClock } from './propagation.ts';
import type { Pace, Steps } from './steps.ts';
import { feedersInside, supplyLoopsIn } from './supply-loops.ts';
import { reachesFull, setWaiting, standbysOf, type TimedBaseline, writeBits } from './timed-baseline.ts';

const CASES = [WORST, BEST] as const;

/** A group with a hold-up that the scenario has touched. By position in PLANES. */
interface HoldUp {
  /** Planes in which it was charged at the start. */
  readonly charged: number;
  /** When it was used up; Infinity: it was not. */
  readonly usedUpMs: number[];
  /** Milliseconds of charge left when `sinceMs` began, or now when it does not drain. */
  readonly leftMs: number[];
  /** Since when it drains; NaN: it does not. */
  readonly sinceMs: number[];
}

type Event =
  | { readonly kind: 'expiry'; readonly group: number; readonly plane: number }
  | { readonly kind: 'activation'; readonly member: number; readonly planes: number };

export class ScenarioClock implements ComponentClock {
  readonly #state: PlantState;
  readonly #plant: CompiledPlant;
  readonly #baseline: TimedBaseline;
  readonly #isCold: boolean;
  readonly #loops: LoopEvaluator;
  readonly #events = new EventHeap<Event>();
  readonly #prepared = new Set<number>();
  readonly #holdUpByGroup = new Map<number, HoldUp>();
  /** By group with standbys: cases in which its loss has called them. */
  readonly #calledByGroup = new Map<number, number>();
  /** By standby membership: cases in which it waits. */
  readonly #waitingByMember = new Map<number, number>();
  /** By standby membership: when it came in, per case. */
  readonly #activations = new Map<number, { readonly atMs: number; readonly planes: number }[]>();
  /** By component: its supply loops, as supplyLoopsIn numbers them. */
  readonly #supplyLoops = new Map<number, Int32Array>();
  /** What groups in supply loops get when that loop's own hold-ups are off. */
  readonly #loopReading = new Map<number, number>();
  #nowMs = 0;
  #running: Running = 'BEFORE';

  constructor(state: PlantState, baseline: TimedBaseline, loops: LoopEvaluator, isCold: boolean) {
    this.#state = state;
    this.#plant = state.plant;
    this.#baseline = baseline;
    this.#isCold = isCold;
    this.#loops = loops;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How the evaluation that comes next reads SUSTAIN in loops. */
  set running(running: Running) {
    this.#running = running;
  }

  prepare(component: number): void {
    if (this.#prepared.has(component)) return;
    this.#prepared.add(component);
    for (const group of this.#groupsOf(component)) {
      const flags = this.#plant.groupFlags[group] as number;
      if (flags & GROUP_HOLD_UP) this.#prepareHoldUp(group);
      if (flags & GROUP_STANDBY) this.#prepareStandbys(group);
    }
  }

  *#groupsOf(component: number): Generator<number> {
    const { componentStart, groupStart, groupFlags } = this.#plant;
    const end = groupStart[componentStart[component + 1] as number] as number;
    for (let group = groupStart[componentStart[component] as number] as number; group < end; group += 1)
      if ((groupFlags[group] as number) & (GROUP_HOLD_UP | GROUP_STANDBY)) yield group;
  }

  #prepareHoldUp(group: number): void {
    // From black, nothing was holding that could go on holding.
    const charged = this.#isCold ? 0 : (this.#baseline.chargedByGroup.get(group) ?? 0);
    const holdUpMs = this.#plant.holdUpMsByGroup.get(group) as number;
    this.#holdUpByGroup.set(group, {
      charged,
      usedUpMs: PLANES.map(() => Number.POSITIVE_INFINITY),
      leftMs: PLANES.map(() => holdUpMs),
      sinceMs: PLANES.map(() => Number.NaN),
    });
    this.#state.held[group] = charged;
  }

  #prepareStandbys(group: number): void {
    let called = ALL_PLANES;
    for (const member of standbysOf(this.#plant, group)) {
      const waiting = this.#isCold ? ALL_PLANES : (this.#baseline.waitingByMember.get(member) ?? 0);
      this.#waitingByMember.set(member, waiting);
      setWaiting(this.#state, member, waiting);
      called &= ~waiting;
    }
    this.#calledByGroup.set(group, called);
  }

  /** The clocks of a supply loop are read with that loop's own hold-ups off: a battery does not charge itself. */
  *readLoops(component: number, pace: Pace): Steps<void> {
    if (((this.#plant.componentShape[component] as number) & SHAPE_SUPPLY_LOOP) === 0) return;
    const groupsByLoop = new Map<number, number[]>();
    for (const group of this.#groupsOf(component)) {
      const loop = this.#loopOf(component, group);
      if (loop === -1) continue;
      const groups = groupsByLoop.get(loop);
      if (groups) groups.push(group);
      else groupsByLoop.set(loop, [group]);
    }
    for (const groups of groupsByLoop.values())
      if (groups.some((group) => this.#state.held[group] !== 0)) yield* this.#readLoop(component, groups, pace);
  }

  *#readLoop(component: number, groups: readonly number[], pace: Pace): Steps<void> {
    const { bits, conducting, held } = this.#state;
    const first = this.#plant.componentStart[component] as number;
    const count = (this.#plant.componentStart[component + 1] as number) - first;
    const before = { bits: bits.slice(first, first + count), conducting: conducting.slice(first, first + count) };
    const holding = groups.map((group) => held[group] as number);
    try {
      for (const group of groups) held[group] = 0;
      yield* this.#loops.evaluateInSteps(this.#state, component, this.#running, null, pace);
      writeBits(this.#state, first, this.#loops.result.subarray(0, count));
      for (const group of groups) this.#loopReading.set(group, rawGroupBits(this.#state, group));
    } finally {
      for (const [at, group] of groups.entries()) held[group] = holding[at] as number;
      bits.set(before.bits, first);
      conducting.set(before.conducting, first);
    }
  }

  /** The supply loop that the group belongs to: its owner and one of its members feed each other. -1: none. */
  #loopOf(component: number, group: number): number {
    const { componentStart, groupOwner } = this.#plant;
    const loops = this.#supplyLoops.get(component) ?? supplyLoopsIn(this.#state, component);
    this.#supplyLoops.set(component, loops);
    const first = componentStart[component] as number;
    const loop = loops[(groupOwner[group] as number) - first] as number;
    if (loop === -1) return -1;
    for (const twin of feedersInside(this.#state, group, first, componentStart[component + 1] as number))
      if (loops[twin - first] === loop) return loop;
    return -1;
  }

  read(component: number): void {
    for (const group of this.#groupsOf(component)) {
      const raw = this.#loopReading.get(group) ?? rawGroupBits(this.#state, group);
      const holdUp = this.#holdUpByGroup.get(group);
      if (holdUp) this.#readHoldUp(group, holdUp, raw);
      const called = this.#calledByGroup.get(group);
      if (called !== undefined) this.#readStandbys(group, called, raw);
    }
    this.#loopReading.clear();
  }

  #readHoldUp(group: number, { leftMs, sinceMs }: HoldUp, raw: number): void {
    const draining = (this.#state.held[group] as number) & ~raw;
    for (const [at, plane] of PLANES.entries()) {
      const since = sinceMs[at] as number;
      const wasDraining = !Number.isNaN(since);
      if (draining & plane && !wasDraining) {
        sinceMs[at] = this.#nowMs;
        this.#events.push(this.#nowMs + (leftMs[at] as number), { kind: 'expiry', group, plane: at });
      } else if ((draining & plane) === 0 && wasDraining) {
        // Charge is not refilled: what was used stays used.
        leftMs[at] = (leftMs[at] as number) - (this.#nowMs - since);
        sinceMs[at] = Number.NaN;
      }
    }
  }

  #readStandbys(group: number, called: number, raw: number): void {
    const lost = ALL_PLANES & ~reachesFull(raw) & ~called;
    if (lost === 0) return;
    this.#calledByGroup.set(group, called | lost);
    for (const member of standbysOf(this.#plant, group)) {
      const delayMs = this.#plant.standbyMsByMember.get(member) as number;
      for (const planes of CASES)
        if (lost & planes) this.#events.push(this.#nowMs + delayMs, { kind: 'activation', member, planes });
    }
  }

  /** Goes to the next event that changes something, at most to `untilMs`, and marks what it touches. False: there is none. */
  advance(untilMs: number, mark: (twin: number) => void): boolean {
    let isMoved = false;
    for (;;) {
      const atMs = this.#events.nextAtMs;
      if (atMs > untilMs || atMs === Number.POSITIVE_INFINITY || (isMoved && atMs > this.#nowMs)) return isMoved;
      const event = this.#events.pop();
      const group = event.kind === 'expiry' ? event.group : (this.#plant.memberGroup[event.member] as number);
      if (!this.#happens(event, atMs)) continue;
      isMoved = true;
      this.#nowMs = atMs;
      mark(this.#plant.groupOwner[group] as number);
    }
  }

  #happens(event: Event, atMs: number): boolean {
    if (event.kind === 'activation') {
      const waiting = (this.#waitingByMember.get(event.member) as number) & ~event.planes;
      this.#waitingByMember.set(event.member, waiting);
      setWaiting(this.#state, event.member, waiting);
      const activations = this.#activations.get(event.member) ?? [];
      this.#activations.set(event.member, [...activations, { atMs, planes: event.planes }]);
      return true;
    }
    const { leftMs, sinceMs, usedUpMs } = this.#holdUpByGroup.get(event.group) as HoldUp;
    // The group was regained meanwhile: the expiry of then is void.
    if ((sinceMs[event.plane] as number) + (leftMs[event.plane] as number) !== atMs) return false;
    leftMs[event.plane] = 0;
    usedUpMs[event.plane] = atMs;
    sinceMs[event.plane] = Number.NaN;
    this.#state.held[event.group] = (this.#state.held[event.group] as number) & ~(PLANES[event.plane] as number);
    return true;
  }

  /** Planes in which the group's hold-up had charge left at an instant. */
  heldAt(group: number, atMs: number): number {
    const holdUp = this.#holdUpByGroup.get(group);
    if (!holdUp) return 0;
    return PLANES.reduce(
      (held, plane, at) => (atMs < (holdUp.usedUpMs[at] as number) ? held : held & ~plane),
      holdUp.charged,
    );
  }

  /** Planes in which the membership was a standby that had not come in yet at an instant. */
  waitingAt(member: number, atMs: number): number {
    let waiting = this.#waitingByMember.get(member) ?? 0;
    for (const activation of this.#activations.get(member) ?? [])
      if (atMs < activation.atMs) waiting |= activation.planes;
    return waiting;
  }

  /** Takes back what it laid over the state; what it knows stays. */
  restore(): void {
    for (const group of this.#holdUpByGroup.keys()) this.#state.held[group] = 0;
    for (const member of this.#waitingByMember.keys()) setWaiting(this.#state, member, 0);
  }
}
