/**
 * In which order the twins of a large loop of supply came to be available: each leans only on twins of smaller rank.
 *
 * With ranks, a loss need not be followed round the whole loop: a twin that still has enough from smaller ranks is
 * founded. Kept per view for components that supply alone makes loops of; for small ones a fresh evaluation is as quick.
 */
import { type CompiledPlant, SHAPE_LOOP, SHAPE_SUSTAIN } from './compiled-plant.ts';
import { PLANES } from './planes.ts';

/** Twins of a component from which on ranks are kept. */
const LEAST_TWINS = 64;

/** Where the ranks of each component stand; the same for all views of a plant. */
export type RankLayout = ReadonlyMap<number, number>;

export function layOutRanks({ componentCount, componentStart, componentShape }: CompiledPlant): RankLayout {
  const offsets = new Map<number, number>();
  let offset = 0;
  for (let component = 0; component < componentCount; component += 1) {
    const size = (componentStart[component + 1] as number) - (componentStart[component] as number);
    const shape = componentShape[component] as number;
    if (size < LEAST_TWINS || (shape & (SHAPE_LOOP | SHAPE_SUSTAIN)) !== SHAPE_LOOP) continue;
    offsets.set(component, offset);
    offset += PLANES.length * size;
  }
  return offsets;
}

/** What a rollback puts back: the ranks from `at` on. */
interface Saved {
  readonly at: number;
  readonly values: Int32Array;
}

export class LoopRanks {
  readonly #plant: CompiledPlant;
  readonly #layout: RankLayout;
  readonly #ranks: Int32Array;
  /** Components whose ranks go with the bits of the view. */
  readonly #current = new Set<number>();
  readonly #nextRank = new Map<number, number>();
  /** null: nobody will roll back. */
  #journal: Saved[] | null = null;

  private constructor(plant: CompiledPlant, layout: RankLayout) {
    this.#plant = plant;
    this.#layout = layout;
    let length = 0;
    for (const component of layout.keys()) length += PLANES.length * this.#size(component);
    this.#ranks = new Int32Array(length);
  }

  /** null where no component is large enough. */
  static create(plant: CompiledPlant): LoopRanks | null {
    const layout = layOutRanks(plant);
    return layout.size === 0 ? null : new LoopRanks(plant, layout);
  }

  /** `into`: others of the same plant, whose memory the copy takes. */
  copy(into: LoopRanks | null = null): LoopRanks {
    const copy = into ?? new LoopRanks(this.#plant, this.#layout);
    copy.#ranks.set(this.#ranks);
    copy.#journal = null;
    copy.#current.clear();
    for (const component of this.#current) copy.#current.add(component);
    for (const [component, rank] of this.#nextRank) copy.#nextRank.set(component, rank);
    return copy;
  }

  #size(component: number): number {
    const { componentStart } = this.#plant;
    return (componentStart[component + 1] as number) - (componentStart[component] as number);
  }

  isCurrent(component: number): boolean {
    return this.#current.has(component);
  }

  /** Ranks of the component's twins in a plane, by position in PLANES, from its first twin on. */
  of(component: number, plane: number): Int32Array {
    const size = this.#size(component);
    const start = (this.#layout.get(component) as number) + plane * size;
    return this.#ranks.subarray(start, start + size);
  }

  /** Ranks a twin (by its place in the component) behind all others. False: numbers are used up, evaluate afresh. */
  append(component: number, plane: number, twin: number): boolean {
    const rank = this.#nextRank.get(component) as number;
    if (rank >= 0x7fff_fff0) return false;
    const at = (this.#layout.get(component) as number) + plane * this.#size(component) + twin;
    this.#journal?.push({ at, values: this.#ranks.slice(at, at + 1) });
    this.#ranks[at] = rank;
    this.#nextRank.set(component, rank + 1);
    return true;
  }

  /** A fresh evaluation of the component begins; ranks follow. */
  begin(component: number): void {
    const start = this.#layout.get(component) as number;
    const end = start + PLANES.length * this.#size(component);
    this.#journal?.push({ at: start, values: this.#ranks.slice(start, end) });
    this.#nextRank.set(component, this.#size(component));
    this.#current.add(component);
  }

  /** The twins came in this order, in these planes. Others have no rank that matters. */
  assign(component: number, planes: number, order: Int32Array): void {
    for (const [plane, bit] of PLANES.entries()) {
      if ((planes & bit) === 0) continue;
      const ranks = this.of(component, plane);
      for (let rank = 0; rank < order.length; rank += 1) ranks[order[rank] as number] = rank;
    }
  }

  /** Work whose changes are taken back by calling the answer. May be nested. */
  mark(): () => void {
    const outer = this.#journal;
    const journal: Saved[] = outer ?? [];
    const length = journal.length;
    const wasCurrent = new Set(this.#current);
    const nextRank = new Map(this.#nextRank);
    this.#journal = journal;
    return () => {
      for (const { at, values } of journal.splice(length).toReversed()) this.#ranks.set(values, at);
      for (const component of this.#current) if (!wasCurrent.has(component)) this.#current.delete(component);
      for (const [component, rank] of nextRank) this.#nextRank.set(component, rank);
      this.#journal = outer;
    };
  }
}
