/** The affected twins of a scenario's answer, over the columns of what is different. */
import type { CompiledPlant } from './compiled-plant.ts';
import type { Differences } from './differences.ts';
import type { History } from './history.ts';
import { stateOf } from './planes.ts';
import { ITEMS_PER_STEP, type Steps } from './steps.ts';
import type { AffectedRows, AffectedTwin } from './types.ts';

export class SimulatedRows implements AffectedRows {
  readonly #plant: CompiledPlant;
  readonly #differences: Differences;
  readonly #history: History;
  /** By index. */
  readonly #positions: Int32Array;
  /** By position: 1 + index, or 0; made when first asked for. */
  #indexes: Int32Array | undefined;

  /** `positions`: the twins to tell, in order. */
  constructor(plant: CompiledPlant, differences: Differences, positions: Int32Array) {
    this.#plant = plant;
    this.#differences = differences;
    this.#history = differences.history;
    this.#positions = positions;
  }

  get length(): number {
    return this.#positions.length;
  }

  at(index: number): AffectedTwin | undefined {
    return index in this.#positions ? this.#row(index) : undefined;
  }

  slice(from: number, to: number): AffectedTwin[] {
    return Array.from(this.#positions.subarray(from, to), (_, at) => this.#row(from + at));
  }

  *[Symbol.iterator](): Generator<AffectedTwin> {
    for (let index = 0; index < this.length; index += 1) yield this.#row(index);
  }

  indexOf(id: string): number | undefined {
    const twin = this.#plant.indexById.get(id);
    const position = twin === undefined ? undefined : this.#history.positionOf(twin);
    this.#indexes ??= indexesOf(this.#positions, this.#history.twins.length);
    const place = position === undefined ? 0 : (this.#indexes[position] as number);
    return place === 0 ? undefined : place - 1;
  }

  *where(holds: (index: number) => boolean): Steps<AffectedRows> {
    const kept = new Int32Array(this.length);
    let count = 0;
    for (let index = 0; index < this.length; index += 1) {
      if (index % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
      if (holds(index)) kept[count++] = this.#position(index);
    }
    return new SimulatedRows(this.#plant, this.#differences, kept.slice(0, count));
  }

  id(index: number): string {
    return this.#plant.ids[this.#history.twins[this.#position(index)] as number] as string;
  }

  before(index: number): AffectedTwin['before'] {
    return stateOf(this.#history.bitsBefore(this.#position(index)));
  }

  after(index: number): AffectedTwin['after'] {
    return stateOf(this.#differences.bitsAfter(this.#position(index)));
  }

  isWorse(index: number): boolean {
    return this.#differences.isWorse(this.#position(index));
  }

  certainty(index: number): AffectedTwin['certainty'] {
    return this.#differences.isCertain(this.#position(index)) ? 'CERTAIN' : 'POSSIBLE';
  }

  impactAtMs(index: number): number {
    return this.#differences.impactAtMs(this.#position(index));
  }

  recoversAtMs(index: number): number | null {
    return this.#differences.recoversAtMs(this.#position(index));
  }

  planned(index: number): boolean {
    return this.#differences.isPlanned(this.#position(index));
  }

  timeline(index: number): AffectedTwin['timeline'] {
    const position = this.#position(index);
    const steps: { atMs: number; state: AffectedTwin['after'] }[] = [];
    const add = (atMs: number, bits: number): void => {
      const state = stateOf(bits);
      if (steps.at(-1)?.state !== state) steps.push({ atMs, state });
    };
    if (this.#history.atMs(position, 0) > 0) add(0, this.#history.bitsBefore(position));
    for (let n = 0; n < this.#history.changeCount(position); n += 1)
      add(this.#history.atMs(position, n), this.#history.bitsAfter(position, n));
    return steps;
  }

  #position(index: number): number {
    return this.#positions[index] as number;
  }

  #row(index: number): AffectedTwin {
    return {
      id: this.id(index),
      before: this.before(index),
      after: this.after(index),
      isWorse: this.isWorse(index),
      certainty: this.certainty(index),
      impactAtMs: this.impactAtMs(index),
      recoversAtMs: this.recoversAtMs(index),
      planned: this.planned(index),
      timeline: this.timeline(index),
    };
  }
}

function indexesOf(positions: Int32Array, length: number): Int32Array {
  const indexes = new Int32Array(length);
  for (let index = 0; index < positions.length; index += 1) indexes[positions[index] as number] = index + 1;
  return indexes;
}
