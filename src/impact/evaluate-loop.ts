/**
 * Loops (IMPACT.md 4): D(R) = greatest Y . least X . F_R(X, Y) over the twins of one component, what is outside being settled.
 *
 * Per plane, with counters of what each group still lacks (Dowling and Gallier 1984), in time linear in the component:
 * twins that cannot be in Y fall out in a cascade; then X grows from what stands by itself. What X does not reach is
 * unfounded (supply that comes from nowhere) and falls out as well, until nothing more does.
 */
import { GROUP_CONDUCTION, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import { type CompiledPlant, membershipsOf, SHAPE_GRADED, SHAPE_SUPPLY_LOOP, SHAPE_SUSTAIN } from './compiled-plant.ts';
import type { LoopRanks } from './loop-ranks.ts';
import { ALL_PLANES, BEST, BEST_CUT1, BEST_CUT2, CUT1, CUT2, WORST, WORST_CUT1, WORST_CUT2 } from './planes.ts';
import type { PlaneView } from './plant-state.ts';
import { ENDLESS, finish, type Pace, type Steps } from './steps.ts';

/** R: the twins that were running just before. BEFORE: those that the view's bits say, until they are overwritten. */
export type Running = 'ALL' | 'NONE' | 'BEFORE';

export class LoopEvaluator {
  readonly #plant: CompiledPlant;
  /** Planes in which the twins of the component are available, from its first twin on: the result. */
  readonly result: Uint8Array;
  readonly #candidate: Uint8Array;
  readonly #derived: Uint8Array;
  /** Groups of the twin that X does not satisfy yet. */
  readonly #missing: Int32Array;
  readonly #queue: Int32Array;
  /** After a derivation, as many at the head of the queue were derived, in this order. */
  #derivedCount = 0;
  /** Shares that the group needs from inside the component; 0: satisfied. */
  readonly #need: Int32Array;
  readonly #remaining: Int32Array;
  /** Shares of candidates beyond the need. In doubles: sums can pass 32 bits. */
  readonly #slack: Float64Array;

  // The component and plane at hand.
  #first = 0;
  #end = 0;
  #firstGroup = 0;
  #endGroup = 0;
  #plane = 0;
  #running: Running = 'ALL';
  /** Whether some SUSTAIN group is read over Y. */
  #hasOuter = false;

  constructor(plant: CompiledPlant) {
    this.#plant = plant;
    let twins = 0;
    let groups = 0;
    for (let component = 0; component < plant.componentCount; component += 1) {
      const first = plant.componentStart[component] as number;
      const end = plant.componentStart[component + 1] as number;
      if (plant.componentShape[component] === 0) continue;
      twins = Math.max(twins, end - first);
      groups = Math.max(groups, (plant.groupStart[end] as number) - (plant.groupStart[first] as number));
    }
    this.result = new Uint8Array(twins);
    this.#candidate = new Uint8Array(twins);
    this.#derived = new Uint8Array(twins);
    this.#missing = new Int32Array(twins);
    this.#queue = new Int32Array(twins);
    this.#need = new Int32Array(groups);
    this.#remaining = new Int32Array(groups);
    this.#slack = new Float64Array(groups);
  }

  /** Fills `result`; and ranks, if any are to be kept. */
  evaluate(view: PlaneView, component: number, running: Running, ranks: LoopRanks | null = null): void {
    finish(this.evaluateInSteps(view, component, running, ranks, ENDLESS));
  }

  /** The same in steps: a step is one pass over the component at least. */
  *evaluateInSteps(
    view: PlaneView,
    component: number,
    running: Running,
    ranks: LoopRanks | null,
    pace: Pace,
  ): Steps<void> {
    const { componentStart, groupStart, componentShape } = this.#plant;
    this.#running = running;
    this.#first = componentStart[component] as number;
    this.#end = componentStart[component + 1] as number;
    this.#firstGroup = groupStart[this.#first] as number;
    this.#endGroup = groupStart[this.#end] as number;
    const shape = componentShape[component] as number;
    this.result.fill(0, 0, this.#end - this.#first);
    ranks?.begin(component);
    // What one pass looks at.
    const passWork = membershipsOf(this.#plant, component);
    const planes = this.#distinctPlanes(view, shape);
    if (pace.isDue(passWork)) yield;
    for (const [plane, copies] of planes) {
      this.#plane = plane;
      yield* this.#evaluatePlane(view, shape, pace, passWork);
      ranks?.assign(component, copies, this.#queue.subarray(0, this.#derivedCount));
      for (let at = 0; at < this.#end - this.#first; at += 1)
        if (this.#candidate[at] === 1) this.result[at] = (this.result[at] as number) | copies;
    }
  }

  /** Planes to compute, each with the planes that come out the same: worst and best where all is known, the cuts where nothing is degraded. */
  #distinctPlanes(view: PlaneView, shape: number): readonly (readonly [number, number])[] {
    if (view.plane !== null) return [[view.plane, view.plane]];
    const { memberTwin, groupFlags, memberGroup, memberStart } = this.#plant;
    let unknown = 0;
    let graded = shape & SHAPE_GRADED;
    const look = (bits: number): void => {
      unknown |= (bits >> 2) ^ (bits & WORST);
      graded |= ((bits >> 1) ^ bits) & CUT1;
    };
    for (let twin = this.#first; twin < this.#end; twin += 1) {
      look(view.own[twin] as number);
      if (this.#running === 'BEFORE') look(view.bits[twin] as number);
    }
    for (let group = this.#firstGroup; group < this.#endGroup; group += 1) {
      look(view.held[group] as number);
    }
    const end = memberStart[this.#endGroup] as number;
    for (let member = memberStart[this.#firstGroup] as number; member < end; member += 1) {
      const twin = memberTwin[member] as number;
      look(view.memberMask[member] as number);
      if (twin >= this.#first && twin < this.#end) continue;
      const isSupply = (groupFlags[memberGroup[member] as number] as number) & GROUP_SUPPLY;
      look((isSupply ? view.conducting : view.bits)[twin] as number);
    }
    if (unknown === 0) return graded === 0 ? ONE_PLANE : CUT_PLANES;
    return graded === 0 ? CASE_PLANES : FOUR_PLANES;
  }

  *#evaluatePlane(view: PlaneView, shape: number, pace: Pace, passWork: number): Steps<void> {
    this.#findNeeds(view);
    if (pace.isDue(passWork)) yield;
    const hasOuter = (shape & SHAPE_SUSTAIN) !== 0 && this.#running !== 'NONE';
    this.#hasOuter = hasOuter;
    if (hasOuter) {
      this.#dropHopeless(view);
      if (pace.isDue(passWork)) yield;
    }
    // Without a loop of supply, what every group finds among the candidates is founded already.
    if (hasOuter && this.#running === 'ALL' && (shape & SHAPE_SUPPLY_LOOP) === 0) return;
    for (;;) {
      this.#derive(view);
      if (pace.isDue(passWork)) yield;
      let dropped = 0;
      for (let at = 0; at < this.#end - this.#first; at += 1) {
        if (this.#candidate[at] === 0 || this.#derived[at] === 1) continue;
        this.#candidate[at] = 0;
        // The queue holds the order of derivation; only a cascade needs it for something else.
        if (hasOuter) this.#queue[dropped] = at;
        dropped += 1;
      }
      if (dropped === 0 || !hasOuter || this.#cascade(view, dropped) === dropped) return;
    }
  }

  /** Candidates by own condition, and what each group lacks when what is outside is counted. */
  #findNeeds(view: PlaneView): void {
    const plant = this.#plant;
    const plane = this.#plane;
    for (let twin = this.#first; twin < this.#end; twin += 1) {
      const at = twin - this.#first;
      this.#candidate[at] = (view.own[twin] as number) & plane ? 1 : 0;
      const endGroup = plant.groupStart[twin + 1] as number;
      for (let group = plant.groupStart[twin] as number; group < endGroup; group += 1) {
        if (view.denied !== null && (view.denied[group] as number) & plane) this.#candidate[at] = 0;
        this.#need[group - this.#firstGroup] = this.#needFromInside(view, group, twin);
      }
    }
  }

  #needFromInside(view: PlaneView, group: number, owner: number): number {
    const { groupFlags, groupFull, groupMin, memberStart, memberTwin, memberShare } = this.#plant;
    const plane = this.#plane;
    const flags = groupFlags[group] as number;
    if ((view.held[group] as number) & plane) return 0;
    if (flags & GROUP_CONDUCTION && view.closed[owner] === 0) return 0;
    if (plane & CUT1 && flags & GROUP_SOFT) return 0;
    const over = flags & GROUP_SUPPLY ? view.conducting : view.bits;
    let need = (plane & CUT2 ? groupFull[group] : groupMin[group]) as number;
    const end = memberStart[group + 1] as number;
    for (let member = memberStart[group] as number; member < end && need > 0; member += 1) {
      const twin = memberTwin[member] as number;
      if (twin >= this.#first && twin < this.#end) continue;
      if ((over[twin] as number) & (view.memberMask[member] as number) & plane) need -= memberShare[member] as number;
    }
    return Math.max(0, need);
  }

  /** Whether a membership of a twin inside counts when the twin is available. */
  #counts(view: PlaneView, member: number, twin: number, flags: number): boolean {
    if (((view.memberMask[member] as number) & this.#plane) === 0) return false;
    return (flags & GROUP_SUPPLY) === 0 || view.closed[twin] === 1;
  }

  /** Drops the candidates that some group of theirs can no longer have enough of, even if all other candidates were available. */
  #dropHopeless(view: PlaneView): void {
    const { groupOwner, groupFlags, memberStart, memberTwin, memberShare } = this.#plant;
    let dropped = 0;
    for (let group = this.#firstGroup; group < this.#endGroup; group += 1) {
      const need = this.#need[group - this.#firstGroup] as number;
      if (need === 0) continue;
      const flags = groupFlags[group] as number;
      let slack = -need;
      const end = memberStart[group + 1] as number;
      for (let member = memberStart[group] as number; member < end; member += 1) {
        const at = (memberTwin[member] as number) - this.#first;
        if (at < 0 || at >= this.#end - this.#first || this.#candidate[at] === 0) continue;
        if (this.#counts(view, member, at + this.#first, flags)) slack += memberShare[member] as number;
      }
      this.#slack[group - this.#firstGroup] = slack;
    }
    for (let group = this.#firstGroup; group < this.#endGroup; group += 1) {
      if (this.#need[group - this.#firstGroup] === 0 || (this.#slack[group - this.#firstGroup] as number) >= 0)
        continue;
      const owner = (groupOwner[group] as number) - this.#first;
      if (this.#candidate[owner] === 0) continue;
      this.#candidate[owner] = 0;
      this.#queue[dropped] = owner;
      dropped += 1;
    }
    this.#cascade(view, dropped);
  }

  /** The first `queued` twins of the queue are no candidates any more: so neither is who cannot do without them. Answers how many fell in all. */
  #cascade(view: PlaneView, queued: number): number {
    const { dependentStart, dependentMember, memberGroup, memberShare, groupOwner, groupFlags } = this.#plant;
    let dropped = queued;
    for (let head = 0; head < dropped; head += 1) {
      const twin = (this.#queue[head] as number) + this.#first;
      const end = dependentStart[twin + 1] as number;
      for (let dependent = dependentStart[twin] as number; dependent < end; dependent += 1) {
        const member = dependentMember[dependent] as number;
        const group = memberGroup[member] as number;
        if (group < this.#firstGroup || group >= this.#endGroup) continue;
        const at = group - this.#firstGroup;
        if (this.#need[at] === 0 || !this.#counts(view, member, twin, groupFlags[group] as number)) continue;
        const slack = (this.#slack[at] as number) - (memberShare[member] as number);
        this.#slack[at] = slack;
        const owner = (groupOwner[group] as number) - this.#first;
        if (slack >= 0 || this.#candidate[owner] === 0) continue;
        this.#candidate[owner] = 0;
        this.#queue[dropped] = owner;
        dropped += 1;
      }
    }
    return dropped;
  }

  /** Whether the group is read over X: supply always, SUSTAIN where its owner was not running. */
  #isFounded(view: PlaneView, flags: number, owner: number): boolean {
    // Where no SUSTAIN joins two twins inside, X is all there is: what is outside is settled.
    if (flags & GROUP_SUPPLY || !this.#hasOuter) return true;
    return this.#running === 'BEFORE' && ((view.bits[owner] as number) & this.#plane) === 0;
  }

  /** Least X among the candidates. */
  #derive(view: PlaneView): void {
    const { groupStart, groupOwner, groupFlags, dependentStart, dependentMember, memberGroup, memberShare } =
      this.#plant;
    let derived = 0;
    for (let twin = this.#first; twin < this.#end; twin += 1) {
      const at = twin - this.#first;
      let missing = 0;
      const endGroup = groupStart[twin + 1] as number;
      for (let group = groupStart[twin] as number; group < endGroup; group += 1) {
        const need = this.#need[group - this.#firstGroup] as number;
        const lacks = need > 0 && this.#isFounded(view, groupFlags[group] as number, twin);
        this.#remaining[group - this.#firstGroup] = lacks ? need : 0;
        if (lacks) missing += 1;
      }
      this.#missing[at] = missing;
      this.#derived[at] = missing === 0 && this.#candidate[at] === 1 ? 1 : 0;
      if (this.#derived[at] === 1) this.#queue[derived++] = at;
    }
    for (let head = 0; head < derived; head += 1) {
      const twin = (this.#queue[head] as number) + this.#first;
      const end = dependentStart[twin + 1] as number;
      for (let dependent = dependentStart[twin] as number; dependent < end; dependent += 1) {
        const member = dependentMember[dependent] as number;
        const group = memberGroup[member] as number;
        if (group < this.#firstGroup || group >= this.#endGroup) continue;
        const at = group - this.#firstGroup;
        const lacked = this.#remaining[at] as number;
        if (lacked <= 0 || !this.#counts(view, member, twin, groupFlags[group] as number)) continue;
        const remaining = lacked - (memberShare[member] as number);
        this.#remaining[at] = remaining;
        if (remaining > 0) continue;
        const owner = (groupOwner[group] as number) - this.#first;
        this.#missing[owner] = (this.#missing[owner] as number) - 1;
        if (this.#missing[owner] !== 0 || this.#candidate[owner] === 0) continue;
        this.#derived[owner] = 1;
        this.#queue[derived++] = owner;
      }
    }
    this.#derivedCount = derived;
  }
}

const ONE_PLANE = [[WORST_CUT2, ALL_PLANES]] as const;
const CUT_PLANES = [
  [WORST_CUT1, CUT1],
  [WORST_CUT2, CUT2],
] as const;
const CASE_PLANES = [
  [WORST_CUT2, WORST],
  [BEST_CUT2, BEST],
] as const;
const FOUR_PLANES = [
  [WORST_CUT1, WORST_CUT1],
  [WORST_CUT2, WORST_CUT2],
  [BEST_CUT1, BEST_CUT1],
  [BEST_CUT2, BEST_CUT2],
] as const;
