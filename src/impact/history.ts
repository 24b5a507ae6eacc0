/** What a scenario did to each twin, step by step. */
import type { PlantState } from './plant-state.ts';
import type { Propagation } from './propagation.ts';
import type { ScenarioClock } from './scenario-clock.ts';

export class History {
  /** When hold-ups were used up and standbys came in. */
  clock: ScenarioClock | undefined;
  /** Instants of the steps at which some twin changed, ascending. */
  readonly #stepAtMs: number[] = [];
  // One entry per change, in order of time.
  readonly #twin: number[] = [];
  readonly #before: number[] = [];
  readonly #after: number[] = [];
  readonly #step: number[] = [];
  /** Twins that changed, in order of their first change. */
  readonly twins: number[] = [];
  /** Entries of twins[i] are #entries[#starts[i]] … #entries[#starts[i + 1] - 1]. */
  #starts = new Int32Array(1);
  #entries = new Int32Array(0);
  #positionByTwin: Map<number, number> | undefined;

  record(atMs: number, { changedTwins, bitsBefore }: Propagation, state: PlantState): void {
    if (changedTwins.length === 0) return;
    const step = this.#stepAtMs.push(atMs) - 1;
    for (let at = 0; at < changedTwins.length; at += 1) {
      const twin = changedTwins[at] as number;
      this.#twin.push(twin);
      this.#before.push(bitsBefore[at] as number);
      this.#after.push(state.bits[twin] as number);
      this.#step.push(step);
    }
  }

  /** Sorts the changes by twin. `position` is all -1, and is so again afterwards. */
  close(position: Int32Array): void {
    const counts: number[] = [];
    for (const twin of this.#twin) {
      if (position[twin] === -1) {
        position[twin] = this.twins.push(twin) - 1;
        counts.push(0);
      }
      const at = position[twin] as number;
      counts[at] = (counts[at] as number) + 1;
    }
    this.#starts = new Int32Array(this.twins.length + 1);
    for (const [at, count] of counts.entries()) this.#starts[at + 1] = (this.#starts[at] as number) + count;
    this.#entries = new Int32Array(this.#twin.length);
    const next = this.#starts.slice();
    for (const [entry, twin] of this.#twin.entries()) {
      const at = position[twin] as number;
      this.#entries[next[at] as number] = entry;
      next[at] = (next[at] as number) + 1;
    }
    for (const twin of this.twins) position[twin] = -1;
  }

  /** Puts back what stood before the first step. */
  restore(state: PlantState): void {
    for (let entry = this.#twin.length - 1; entry >= 0; entry -= 1) {
      const twin = this.#twin[entry] as number;
      state.bits[twin] = this.#before[entry] as number;
      state.conducting[twin] = state.closed[twin] === 1 ? (this.#before[entry] as number) : 0;
    }
  }

  /** Bits of twins[position] before the scenario. */
  bitsBefore(position: number): number {
    return this.#before[this.#entries[this.#starts[position] as number] as number] as number;
  }

  changeCount(position: number): number {
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
    return this.#entries[(this.#starts[position] as number) + n] as number;
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
    this.#positionByTwin ??= new Map(this.twins.map((each, position) => [each, position]));
    return this.#positionByTwin.get(twin);
  }
}
