/** The values of one series in memory, in order of (at, order). */
import type { PastValue } from '../domain/history.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Quality } from '../domain/state.ts';

/** Slots at the front that may stand empty before the rest moves up. */
const SLACK = 64;

export class SeriesRing {
  readonly twin: string;
  readonly property: string;
  readonly #ats: number[] = [];
  readonly #orders: number[] = [];
  readonly #values: PropertyValue[] = [];
  readonly #qualities: Quality[] = [];
  #start = 0;
  /** Values up to this instant, included, may have been dropped. */
  droppedThrough = Number.NEGATIVE_INFINITY;
  /** Values that were dropped here and still count among the arrivals of the whole. */
  debt = 0;

  constructor(twin: string, property: string) {
    this.twin = twin;
    this.property = property;
  }

  get size(): number {
    return this.#ats.length - this.#start;
  }

  /** False: it is there already, or older than what was dropped. */
  insert(value: PastValue): boolean {
    if (value.at <= this.droppedThrough) return false;
    const index = this.#indexBehind(value.at, value.order);
    const before = index - 1;
    if (before >= this.#start && this.#ats[before] === value.at && this.#orders[before] === value.order) return false;
    if (index === this.#ats.length) {
      this.#ats.push(value.at);
      this.#orders.push(value.order);
      this.#values.push(value.value);
      this.#qualities.push(value.quality);
    } else {
      this.#ats.splice(index, 0, value.at);
      this.#orders.splice(index, 0, value.order);
      this.#values.splice(index, 0, value.value);
      this.#qualities.splice(index, 0, value.quality);
    }
    return true;
  }

  /** Drops the oldest; answers its value. */
  dropOldest(): PropertyValue {
    const value = this.#values[this.#start] ?? null;
    this.droppedThrough = Math.max(this.droppedThrough, this.#ats[this.#start] ?? this.droppedThrough);
    this.#values[this.#start] = null;
    this.#start += 1;
    if (this.#start > SLACK && this.#start * 2 > this.#ats.length) {
      for (const column of [this.#ats, this.#orders, this.#values, this.#qualities]) column.splice(0, this.#start);
      this.#start = 0;
    }
    return value;
  }

  oldestAt(): number | undefined {
    return this.#ats[this.#start];
  }

  /** Those with from <= at < to. */
  *between(from: number, to: number): Generator<PastValue> {
    const end = this.#ats.length;
    for (let i = this.#indexBehind(from, Number.NEGATIVE_INFINITY); i < end && (this.#ats[i] as number) < to; i++)
      yield this.#valueAt(i);
  }

  asOf(at: number, usableOnly: boolean): PastValue | undefined {
    for (let i = this.#indexBehind(at, Number.POSITIVE_INFINITY) - 1; i >= this.#start; i--)
      if (!usableOnly || this.#qualities[i] !== 'BAD') return this.#valueAt(i);
    return undefined;
  }

  #valueAt(index: number): PastValue {
    return {
      at: this.#ats[index] as number,
      order: this.#orders[index] as number,
      value: this.#values[index] as PropertyValue,
      quality: this.#qualities[index] as Quality,
    };
  }

  /** Index of the first value behind (at, order). */
  #indexBehind(at: number, order: number): number {
    const last = this.#ats.length - 1;
    // Most values are the newest of their series.
    if (last < this.#start || this.#isAtOrBefore(last, at, order)) return last + 1;
    let low = this.#start;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isAtOrBefore(middle, at, order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isAtOrBefore(index: number, at: number, order: number): boolean {
    const own = this.#ats[index] as number;
    return own < at || (own === at && (this.#orders[index] as number) <= order);
  }
}
