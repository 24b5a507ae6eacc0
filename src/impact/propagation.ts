/**
 * Brings the bits of a view up to date after changes, component by component in the order of needs (IMPACT.md 9).
 *
 * A component is evaluated once, when everything that it needs is settled, and only if something that it needs changed:
 * so there are no glitches, and the work ends where nothing changes any more.
 */
import { type CompiledPlant, membershipsOf, SHAPE_LOOP, SHAPE_TIMED } from './compiled-plant.ts';
import { twinBits } from './evaluate-group.ts';
import { LoopEvaluator, type Running } from './evaluate-loop.ts';
import { layOutRanks, type LoopRanks, type RankLayout } from './loop-ranks.ts';
import type { PlaneView } from './plant-state.ts';
import { RankedLoop } from './ranked-loop.ts';
import { ENDLESS, finish, type Pace, type Steps } from './steps.ts';

/** Hold-ups and standbys of a scenario: told of every component with such groups that is evaluated. */
export interface ComponentClock {
  /** Before the evaluation. */
  prepare(component: number): void;
  /** Loops: after the evaluation, before its result is written. */
  readLoops(component: number, pace: Pace): Steps<void>;
  /** After the result is written. */
  read(component: number): void;
}

/** A twin of a ranked loop that is looked at, in memberships looked at (see Pace). */
const LOOKED_AS = 8;

/** Components evaluated between two looks at the pace, where all are; each in memberships looked at. */
const COMPONENTS_AT_ONCE = 256;
const COMPONENT_AS = 4;

export class Propagation {
  readonly #plant: CompiledPlant;
  readonly #loops: LoopEvaluator;
  /** A bit per component that is to be evaluated. */
  readonly #dirty: Int32Array;
  #lowest: number;
  /** Large loops of supply; the next three are about them. */
  readonly #rankLayout: RankLayout;
  readonly #ranked: RankedLoop;
  /** By component: twins in it that changed. */
  readonly #dirtyTwins = new Map<number, number[]>();
  /** Components to be evaluated afresh. */
  readonly #wholly = new Set<number>();
  // [T] Typed: a collapse of a whole plant must not be garbage to collect.
  readonly #changedTwins: Int32Array;
  readonly #bitsBefore: Uint8Array;
  #changedCount = 0;
  /** Components with SHAPE_TIMED that the last run evaluated. */
  readonly timedComponents: number[] = [];

  constructor(plant: CompiledPlant) {
    this.#plant = plant;
    this.#loops = new LoopEvaluator(plant);
    this.#rankLayout = layOutRanks(plant);
    this.#ranked = new RankedLoop(plant);
    this.#changedTwins = new Int32Array(plant.twinCount);
    this.#bitsBefore = new Uint8Array(plant.twinCount);
    this.#dirty = new Int32Array((plant.componentCount + 31) >> 5);
    this.#lowest = this.#dirty.length;
  }

  /** Twins whose bits the last run changed; good until the next run. */
  get changedTwins(): Int32Array {
    return this.#changedTwins.subarray(0, this.#changedCount);
  }

  /** By index in `changedTwins`. */
  get bitsBefore(): Uint8Array {
    return this.#bitsBefore.subarray(0, this.#changedCount);
  }

  /** The whole component is to be evaluated. */
  markComponent(component: number): void {
    this.#mark(component);
    if (this.#rankLayout.has(component)) this.#wholly.add(component);
  }

  #mark(component: number): void {
    const word = component >> 5;
    this.#dirty[word] = (this.#dirty[word] as number) | (1 << (component & 31));
    if (word < this.#lowest) this.#lowest = word;
  }

  /** The twin's condition, or what it needs, has changed. */
  markTwin(twin: number): void {
    const component = this.#plant.componentOf[twin] as number;
    this.#mark(component);
    if (this.#rankLayout.size === 0 || !this.#rankLayout.has(component)) return;
    const twins = this.#dirtyTwins.get(component);
    if (twins) twins.push(twin);
    else this.#dirtyTwins.set(component, [twin]);
  }

  /** Evaluates every component, whatever the bits are; tells no changes. */
  runAll(view: PlaneView, running: Running): void {
    finish(this.runAllInSteps(view, running, ENDLESS));
  }

  *runAllInSteps(view: PlaneView, running: Running, pace: Pace): Steps<void> {
    const { componentCount, componentShape, componentStart } = this.#plant;
    const { bits, conducting, closed } = view;
    for (let component = 0; component < componentCount; component += 1) {
      if (component % COMPONENTS_AT_ONCE === 0 && pace.isDue(COMPONENTS_AT_ONCE * COMPONENT_AS)) yield;
      const first = componentStart[component] as number;
      if (((componentShape[component] as number) & SHAPE_LOOP) === 0) {
        const found = twinBits(view, first);
        bits[first] = found;
        conducting[first] = closed[first] === 1 ? found : 0;
        continue;
      }
      yield* this.#loops.evaluateInSteps(view, component, running, this.#ranksOf(view, component), pace);
      for (let twin = first; twin < (componentStart[component + 1] as number); twin += 1) {
        bits[twin] = this.#loops.result[twin - first] as number;
        conducting[twin] = closed[twin] === 1 ? (bits[twin] as number) : 0;
      }
    }
  }

  /** Evaluates what is marked and what follows from it. */
  run(view: PlaneView, running: Running, clock: ComponentClock | null = null): void {
    finish(this.runInSteps(view, running, clock, ENDLESS));
  }

  /** The same in steps. Where they are ended early, the view is as it was before, and nothing is marked. */
  *runInSteps(view: PlaneView, running: Running, clock: ComponentClock | null, pace: Pace): Steps<void> {
    this.#changedCount = 0;
    this.timedComponents.length = 0;
    const { componentShape, componentStart } = this.#plant;
    const dirty = this.#dirty;
    let isDone = false;
    try {
      // Dependents have larger numbers: what is marked on the way lies ahead.
      for (let word = this.#lowest; word < dirty.length; word += 1) {
        for (let rest = dirty[word] as number; rest !== 0; rest = dirty[word] as number) {
          const bit = rest & -rest;
          dirty[word] = rest & ~bit;
          const component = (word << 5) + 31 - Math.clz32(bit);
          const shape = componentShape[component] as number;
          const timed = shape & SHAPE_TIMED ? clock : null;
          if (shape & SHAPE_TIMED) this.timedComponents.push(component);
          timed?.prepare(component);
          if (shape & SHAPE_LOOP) yield* this.#evaluateLoop(view, component, running, timed, pace);
          else this.#evaluateTwin(view, componentStart[component] as number);
          timed?.read(component);
          if ((shape & SHAPE_LOOP) === 0 && pace.isDue(1 + membershipsOf(this.#plant, component))) yield;
        }
      }
      isDone = true;
    } finally {
      if (!isDone) this.#takeBack(view);
      this.#lowest = dirty.length;
    }
  }

  #evaluateTwin(view: PlaneView, twin: number): void {
    this.#write(view, twin, twinBits(view, twin));
  }

  *#evaluateLoop(
    view: PlaneView,
    component: number,
    running: Running,
    timed: ComponentClock | null,
    pace: Pace,
  ): Steps<void> {
    const { componentStart } = this.#plant;
    const first = componentStart[component] as number;
    const isUpdated = this.#updateRanked(view, component);
    if (pace.isDue(LOOKED_AS * this.#ranked.looked)) yield;
    if (isUpdated) {
      if (timed) yield* timed.readLoops(component, pace);
      for (const twin of this.#ranked.touched) this.#write(view, twin, this.#ranked.now[twin - first] as number);
      return;
    }
    // Its passes are counted there.
    yield* this.#loops.evaluateInSteps(view, component, running, this.#ranksOf(view, component), pace);
    if (timed) yield* timed.readLoops(component, pace);
    const end = componentStart[component + 1] as number;
    for (let twin = first; twin < end; twin += 1) this.#write(view, twin, this.#loops.result[twin - first] as number);
  }

  /** Nothing is to be evaluated any more. */
  forgetMarks(): void {
    if (this.#lowest === this.#dirty.length) return;
    this.#dirty.fill(0);
    this.#lowest = this.#dirty.length;
    this.#dirtyTwins.clear();
    this.#wholly.clear();
  }

  #takeBack(view: PlaneView): void {
    this.forgetMarks();
    for (let at = 0; at < this.#changedCount; at += 1) {
      const twin = this.#changedTwins[at] as number;
      const before = this.#bitsBefore[at] as number;
      view.bits[twin] = before;
      view.conducting[twin] = view.closed[twin] === 1 ? before : 0;
    }
  }

  #ranksOf(view: PlaneView, component: number): LoopRanks | null {
    return this.#rankLayout.has(component) ? view.loopRanks : null;
  }

  /** Whether the component was brought up to date by ranks; else it is to be evaluated afresh. */
  #updateRanked(view: PlaneView, component: number): boolean {
    const dirty = this.#dirtyTwins.get(component);
    this.#ranked.looked = 0;
    if (this.#rankLayout.size === 0 || !this.#rankLayout.has(component)) return false;
    const isWhole = this.#wholly.delete(component);
    this.#dirtyTwins.delete(component);
    const ranks = view.loopRanks;
    if (isWhole || !dirty || !ranks?.isCurrent(component)) return false;
    return this.#ranked.update(view, ranks, component, dirty);
  }

  #write(view: PlaneView, twin: number, bits: number): void {
    const before = view.bits[twin] as number;
    const conducting = view.closed[twin] === 1 ? bits : 0;
    if (before === bits && view.conducting[twin] === conducting) return;
    view.bits[twin] = bits;
    view.conducting[twin] = conducting;
    if (before !== bits) {
      this.#changedTwins[this.#changedCount] = twin;
      this.#bitsBefore[this.#changedCount] = before;
      this.#changedCount += 1;
    }
    const { dependentStart, dependentMember, memberGroup, groupOwner, componentOf } = this.#plant;
    const component = componentOf[twin] as number;
    const end = dependentStart[twin + 1] as number;
    for (let dependent = dependentStart[twin] as number; dependent < end; dependent += 1) {
      const owner = groupOwner[memberGroup[dependentMember[dependent] as number] as number] as number;
      if (componentOf[owner] !== component) this.markTwin(owner);
    }
  }
}
