/**
 * Brings one large loop of supply up to date after changes in it (IMPACT.md 4 and 9), plane by plane.
 *
 * First the losses: a twin stays when it has enough from outside and from twins of smaller rank; else it is taken out,
 * and those of larger rank that lean on it are looked at. So nothing that only holds itself up stays. Then the gains:
 * what was taken out, or was down, comes in again where it has enough of what stands, with a new rank behind all others.
 */
import { GROUP_CONDUCTION, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import type { CompiledPlant } from './compiled-plant.ts';
import type { LoopRanks } from './loop-ranks.ts';
import { CUT1, CUT2, PLANES } from './planes.ts';
import type { PlaneView } from './plant-state.ts';

export class RankedLoop {
  readonly #plant: CompiledPlant;
  /** Bits of the component's twins as they come out, from its first twin on: the result. */
  now = new Uint8Array(0);
  /** Twins whose bits may have changed; some twice. */
  readonly touched: number[] = [];
  #isQueued = new Uint8Array(0);
  #view!: PlaneView;
  #component = 0;
  #first = 0;
  #end = 0;
  /** Position in PLANES, and its bit. */
  #plane = 0;
  #bit = 0;
  #ranks: Int32Array = new Int32Array(0);
  /** How often a twin was looked at in the last update. */
  looked = 0;
  /** After so often a fresh evaluation is quicker. */
  #mostLooked = 0;

  constructor(plant: CompiledPlant) {
    this.#plant = plant;
  }

  /** `dirty`: twins whose condition or needs from outside may have changed. False: so much is lost that a fresh evaluation is quicker. */
  update(view: PlaneView, ranks: LoopRanks, component: number, dirty: readonly number[]): boolean {
    this.#view = view;
    this.#component = component;
    this.#first = this.#plant.componentStart[component] as number;
    this.#end = this.#plant.componentStart[component + 1] as number;
    const size = this.#end - this.#first;
    if (this.now.length < size) {
      this.now = new Uint8Array(size);
      this.#isQueued = new Uint8Array(size);
    }
    this.now.set(view.bits.subarray(this.#first, this.#end));
    this.touched.length = 0;
    this.looked = 0;
    this.#mostLooked = size >> 2;
    if (dirty.length > size >> 3) return false;
    for (const twin of dirty) this.touched.push(twin);
    for (const [plane, bit] of PLANES.entries()) {
      if (view.plane !== null && view.plane !== bit) continue;
      this.#plane = plane;
      this.#bit = bit;
      this.#ranks = ranks.of(component, plane);
      const down = this.#takeLosses(dirty);
      if (down === null || !this.#takeGains(ranks, down)) return false;
    }
    return true;
  }

  /** Twins that may come in again, or null when there is too much to look at. */
  #takeLosses(dirty: readonly number[]): number[] | null {
    const down: number[] = [];
    const queue = [...dirty];
    for (const twin of queue) this.#isQueued[twin - this.#first] = 1;
    for (let head = 0; head < queue.length; head += 1) {
      const twin = queue[head] as number;
      const at = twin - this.#first;
      this.#isQueued[at] = 0;
      this.looked += 1;
      if (this.looked > this.#mostLooked) {
        for (const each of queue.slice(head)) this.#isQueued[each - this.#first] = 0;
        return null;
      }
      const wasUp = ((this.now[at] as number) & this.#bit) !== 0;
      const isUp = wasUp && this.#isSupported(twin, this.#ranks[at] as number);
      if (!isUp) down.push(twin);
      if (wasUp && !isUp) {
        this.now[at] = (this.now[at] as number) & ~this.#bit;
        this.touched.push(twin);
      }
      const conducted = ((this.#view.conducting[twin] as number) & this.#bit) !== 0;
      const conducts = isUp && this.#view.closed[twin] === 1;
      if (conducted === conducts) continue;
      for (const owner of this.#ownersInside(twin)) {
        const ownerAt = owner - this.#first;
        const ownerIsUp = ((this.now[ownerAt] as number) & this.#bit) !== 0;
        // A switch that closes can bring in who is down; a loss can take out who came later.
        if (conducts) {
          if (!ownerIsUp) down.push(owner);
        } else if (
          ownerIsUp &&
          (this.#ranks[ownerAt] as number) > (this.#ranks[at] as number) &&
          this.#isQueued[ownerAt] === 0
        ) {
          this.#isQueued[ownerAt] = 1;
          queue.push(owner);
        }
      }
    }
    return down;
  }

  /** False: ranks are used up, or there is too much to look at. */
  #takeGains(ranks: LoopRanks, down: number[]): boolean {
    for (let head = 0; head < down.length; head += 1) {
      const twin = down[head] as number;
      const at = twin - this.#first;
      this.looked += 1;
      if (this.looked > this.#mostLooked) return false;
      if ((this.now[at] as number) & this.#bit || !this.#isSupported(twin, Number.POSITIVE_INFINITY)) continue;
      this.now[at] = (this.now[at] as number) | this.#bit;
      this.touched.push(twin);
      if (!ranks.append(this.#component, this.#plane, at)) return false;
      if (this.#view.closed[twin] === 0) continue;
      for (const owner of this.#ownersInside(twin))
        if (((this.now[owner - this.#first] as number) & this.#bit) === 0) down.push(owner);
    }
    return true;
  }

  /** Owners in the component of the groups that the twin is in. */
  *#ownersInside(twin: number): Generator<number> {
    const { dependentStart, dependentMember, memberGroup, groupOwner } = this.#plant;
    const end = dependentStart[twin + 1] as number;
    for (let dependent = dependentStart[twin] as number; dependent < end; dependent += 1) {
      const owner = groupOwner[memberGroup[dependentMember[dependent] as number] as number] as number;
      if (owner >= this.#first && owner < this.#end) yield owner;
    }
  }

  /** Own condition, and enough in every group from outside and from twins of the component below the rank. */
  #isSupported(twin: number, belowRank: number): boolean {
    if (((this.#view.own[twin] as number) & this.#bit) === 0) return false;
    const { groupStart } = this.#plant;
    const end = groupStart[twin + 1] as number;
    for (let group = groupStart[twin] as number; group < end; group += 1)
      if (!this.#holds(group, twin, belowRank)) return false;
    return true;
  }

  #holds(group: number, owner: number, belowRank: number): boolean {
    const { groupFlags, groupFull, groupMin, memberStart, memberTwin, memberShare } = this.#plant;
    const view = this.#view;
    const bit = this.#bit;
    const flags = groupFlags[group] as number;
    if (view.denied !== null && (view.denied[group] as number) & bit) return false;
    if ((view.held[group] as number) & bit) return true;
    if (flags & GROUP_CONDUCTION && view.closed[owner] === 0) return true;
    if (bit & CUT1 && flags & GROUP_SOFT) return true;
    const over = flags & GROUP_SUPPLY ? view.conducting : view.bits;
    let need = (bit & CUT2 ? groupFull[group] : groupMin[group]) as number;
    const end = memberStart[group + 1] as number;
    for (let member = memberStart[group] as number; member < end && need > 0; member += 1) {
      if (((view.memberMask[member] as number) & bit) === 0) continue;
      const twin = memberTwin[member] as number;
      const at = twin - this.#first;
      const isInside = at >= 0 && twin < this.#end;
      const counts = isInside
        ? (this.now[at] as number) & bit && view.closed[twin] === 1 && (this.#ranks[at] as number) < belowRank
        : (over[twin] as number) & bit;
      if (counts) need -= memberShare[member] as number;
    }
    return need <= 0;
  }
}
