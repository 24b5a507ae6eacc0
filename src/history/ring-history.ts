/**
 * Past values in memory: the last ones that came, so many in all and so many of each property.
 * It begins empty with the process, and says of each series since when it is complete.
 */
import type { HistoryStore, RangeQuestion } from '../application/history-store.ts';
import type { PastValue, Sample, SeriesKey, SeriesValue } from '../domain/history.ts';
import type { PropertyValue } from '../domain/property.ts';
import { HISTORY_LIMITS } from './history-limits.ts';
import { SeriesRing } from './series-ring.ts';
import { summarise } from './summarise.ts';

export interface RingOptions {
  /** Values kept in all. */
  readonly values: number;
  /** Values kept of one property. */
  readonly valuesPerProperty: number;
  /** Epoch milliseconds of the start. */
  readonly startedAt: number;
  /** Bytes of texts and JSON values kept in all. */
  readonly textBytes?: number;
}

export class RingHistory implements HistoryStore {
  readonly isShared = false;
  readonly #options: RingOptions;
  readonly #textBytes: number;
  readonly #seriesByTwin = new Map<string, Map<string, SeriesRing>>();
  /** The series of each value in order of arrival: a ring of as many slots as values are kept. */
  readonly #arrivals: SeriesRing[] = [];
  #head = 0;
  #bytes = 0;
  #completeSince: number;

  constructor(options: RingOptions) {
    this.#options = options;
    this.#textBytes = options.textBytes ?? HISTORY_LIMITS.ringTextBytes;
    this.#completeSince = options.startedAt;
  }

  append(values: readonly SeriesValue[]): void {
    for (const value of values) this.#add(value);
  }

  async range({ series, from, to, first }: RangeQuestion): Promise<PastValue[][]> {
    return series.map((key) => take(this.#find(key)?.between(from, to) ?? [], first));
  }

  async buckets({ series, from, to, first, everyMs }: RangeQuestion & { everyMs: number }): Promise<Sample[][]> {
    return series.map((key) => summarise(this.#find(key)?.between(from, to) ?? [], everyMs, first));
  }

  async asOf(
    series: readonly SeriesKey[],
    at: number,
    { usableOnly }: { usableOnly: boolean },
  ): Promise<(PastValue | undefined)[]> {
    return series.map((key) => this.#find(key)?.asOf(at, usableOnly));
  }

  async completeSince(series: readonly SeriesKey[]): Promise<number[]> {
    return series.map((key) =>
      Math.max(this.#completeSince, (this.#find(key)?.droppedThrough ?? Number.NEGATIVE_INFINITY) + 1),
    );
  }

  noteLost(through: number): void {
    this.#completeSince = Math.max(this.#completeSince, through + 1);
  }

  forget(before: number): void {
    this.noteLost(before - 1);
    for (const byProperty of this.#seriesByTwin.values()) {
      for (const series of byProperty.values()) {
        while ((series.oldestAt() ?? before) < before) {
          this.#drop(series);
          series.debt += 1;
        }
        if (series.size === 0) this.#remove(series);
      }
    }
  }

  async close(): Promise<void> {
    this.#seriesByTwin.clear();
  }

  #find({ twin, property }: SeriesKey): SeriesRing | undefined {
    return this.#seriesByTwin.get(twin)?.get(property);
  }

  #seriesOf(twin: string, property: string): SeriesRing {
    let byProperty = this.#seriesByTwin.get(twin);
    if (byProperty === undefined) this.#seriesByTwin.set(twin, (byProperty = new Map()));
    let series = byProperty.get(property);
    if (series === undefined) byProperty.set(property, (series = new SeriesRing(twin, property)));
    return series;
  }

  #add(value: SeriesValue): void {
    const series = this.#seriesOf(value.twin, value.property);
    if (!series.insert(value)) return;
    this.#bytes += bytesOf(value.value);
    if (series.size > this.#options.valuesPerProperty) {
      this.#drop(series);
      series.debt += 1;
    }
    this.#arrive(series);
    while (this.#bytes > this.#textBytes) this.#dropArrival();
  }

  #arrive(series: SeriesRing): void {
    if (this.#arrivals.length - this.#head >= this.#options.values) this.#dropArrival();
    this.#arrivals.push(series);
    if (this.#head > this.#options.values) {
      this.#arrivals.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** Makes room for an arrival: what its series dropped before is gone already. */
  #dropArrival(): void {
    const series = this.#arrivals[this.#head] as SeriesRing;
    this.#head += 1;
    if (series.debt > 0) {
      series.debt -= 1;
      return;
    }
    this.#drop(series);
    if (series.size > 0) return;
    // What an empty series would have to say, all of them say from now on: it is about as old as what comes next.
    this.noteLost(series.droppedThrough);
    this.#remove(series);
  }

  #remove({ twin, property }: SeriesRing): void {
    const byProperty = this.#seriesByTwin.get(twin);
    byProperty?.delete(property);
    if (byProperty?.size === 0) this.#seriesByTwin.delete(twin);
  }

  #drop(series: SeriesRing): void {
    this.#bytes -= bytesOf(series.dropOldest());
  }
}

function take(values: Iterable<PastValue>, first: number): PastValue[] {
  const taken: PastValue[] = [];
  for (const value of values) {
    if (taken.length >= first) break;
    taken.push(value);
  }
  return taken;
}

/** Of what is not in the slot of the value itself; strings have two bytes a character at most. */
function bytesOf(value: PropertyValue): number {
  if (typeof value === 'string') return value.length * 2;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length * 2 : 0;
}
