/** What a scenario did to each twin, step by step. */
import type { PlantState } from './plant-state.ts';
import type { Propagation } from './propagation.ts';
import type { ScenarioClock } from './scenario-clock.ts';

export class History {
  /** When hold-ups were used up and standbys came in. */
  clock: ScenarioClock | undefined;
  /** Instants of the steps at which some twin changed, ascending. */
  readonly #stepAtMs: number[] = [];
  // One entry per change, in order of time. Typed: a collapse of a whole plant must not be garbage to collect.
  #count = 0;
  #twin = new Int32Array(16);
  #step = new Int32Array(16);
  #before = new Uint8Array(16);
  #after = new Uint8Array(16);
  /** Twins that changed, in order of their first change. */
  twins = new Int32Array(0);
  /** Entries of twins[i] are #entries[#starts[i]] … #entries[#starts[i + 1] - 1]; null: one each, in order. */
  #starts: Int32Array | null = null;
  #entries = new Int32Array(0);
  /** Twins of the plant. */
  #twinCount = 0;
  /** Made when first asked for; where few changed, a map. */
  #positionByTwin: Map<number, number> | undefined;
  /** Where many did: [T] 1 + the position, or 0. */
  #positions: Int32Array | undefined;

  record(atMs: number, { changedTwins, bitsBefore }: Propagation, state: PlantState): void {
    if (changedTwins.length === 0) return;
    const step = this.#stepAtMs.push(atMs) - 1;
    this.#reserve(this.#count + changedTwins.length);
    for (let at = 0; at < changedTwins.length; at += 1) {
      const twin = changedTwins[at] as number;
      const entry = this.#count + at;
      this.#twin[entry] = twin;
      this.#step[entry] = step;
      this.#before[entry] = bitsBefore[at] as number;
      this.#after[entry] = state.bits[twin] as number;
    }
    this.#count += changedTwins.length;
  }

  #reserve(count: number): void {
    if (count <= this.#twin.length) return;
    const length = Math.max(count, 2 * this.#twin.length);
    this.#twin = grown(this.#twin, new Int32Array(length));
    this.#step = grown(this.#step, new Int32Array(length));
    this.#before = grown(this.#before, new Uint8Array(length));
    this.#after = grown(this.#after, new Uint8Array(length));
  }

  /** Sorts the changes by twin. `position` is all -1, and is so again afterwards. */
  close(position: Int32Array): void {
    this.#twinCount = position.length;
    // In one step every twin changes once.
    if (this.#stepAtMs.length <= 1) {
      this.twins = this.#twin.subarray(0, this.#count);
      return;
    }
    const twins = new Int32Array(this.#count);
    const counts = new Int32Array(this.#count);
    let length = 0;
    for (let entry = 0; entry < this.#count; entry += 1) {
      const twin = this.#twin[entry] as number;
      if (position[twin] === -1) {
        position[twin] = length;
        twins[length] = twin;
        length += 1;
      }
      const at = position[twin] as number;
      counts[at] = (counts[at] as number) + 1;
    }
    this.twins = twins.subarray(0, length);
    const starts = new Int32Array(length + 1);
    for (let at = 0; at < length; at += 1) starts[at + 1] = (starts[at] as number) + (counts[at] as number);
    this.#entries = new Int32Array(this.#count);
    const next = starts.slice();
    for (let entry = 0; entry < this.#count; entry += 1) {
      const at = position[this.#twin[entry] as number] as number;
      this.#entries[next[at] as number] = entry;
      next[at] = (next[at] as number) + 1;
    }
    this.#starts = starts;
    for (let at = 0; at < length; at += 1) position[twins[at] as number] = -1;
  }

  /** Puts back what stood before the first step. */
  restore(state: PlantState): void {
    for (let entry = this.#count - 1; entry >= 0; entry -= 1) {
      const twin = this.#twin[entry] as number;
      const before = this.#before[entry] as number;
      state.bits[twin] = before;
      state.conducting[twin] = state.closed[twin] === 1 ? before : 0;
    }
  }

  /** Bits of twins[position] before the scenario. */
  bitsBefore(position: number): number {
    return this.#before[this.#entry(position, 0)] as number;
  }

  changeCount(position: number): number {
    if (this.#starts === null) return 1;
    return (this.#starts[position + 1] as number) - (this.#starts[position] as number);
  }

  /** Instant of the n-th change of twins[position]. */
  atMs(position: number, n: number): number {
    return this.#stepAtMs[this.#step[this.#entry(position, n)] as number] as number;
  }

  /** Bits from the n-th change of twins[position] on. */
  bitsAfter(position: number, n: number): number {
    return this.#after[this.#entry(position, n)] as number;
  }

  #entry(position: number, n: number): number {
    return this.#starts === null ? position : (this.#entries[(this.#starts[position] as number) + n] as number);
  }

  /** Bits of a twin at an instant. `bitsBefore`: what it has without the scenario. */
  bitsAt(twin: number, atMs: number, bitsBefore: number): number {
    const position = this.positionOf(twin);
    if (position === undefined) return bitsBefore;
    let bits = bitsBefore;
    for (let n = 0; n < this.changeCount(position) && this.atMs(position, n) <= atMs; n += 1)
      bits = this.bitsAfter(position, n);
    return bits;
  }

  /** Since when the twin, at an instant, was like that in the plane; null: since before the scenario. */
  sinceMs(twin: number, atMs: number, plane: number, bitsBefore: number): number | null {
    const position = this.positionOf(twin);
    if (position === undefined) return null;
    let since: number | null = null;
    let bits = bitsBefore;
    for (let n = 0; n < this.changeCount(position) && this.atMs(position, n) <= atMs; n += 1) {
      if ((this.bitsAfter(position, n) ^ bits) & plane) since = this.atMs(position, n);
      bits = this.bitsAfter(position, n);
    }
    return since;
  }

  /** Position of the twin in `twins`; undefined: it never changed. */
  positionOf(twin: number): number | undefined {
    if (this.twins.length * TABLE_FROM < this.#twinCount) {
      this.#positionByTwin ??= new Map(Array.from(this.twins, (each, position) => [each, position]));
      return this.#positionByTwin.get(twin);
    }
    this.#positions ??= tableOf(this.twins, this.#twinCount);
    const place = this.#positions[twin] as number;
    return place === 0 ? undefined : place - 1;
  }
}

/** Where one twin in so many changed, a table of all twins is quicker than a map. */
const TABLE_FROM = 16;

function tableOf(twins: Int32Array, twinCount: number): Int32Array {
  const positions = new Int32Array(twinCount);
  for (let position = 0; position < twins.length; position += 1) positions[twins[position] as number] = position + 1;
  return positions;
}

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
