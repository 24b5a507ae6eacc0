/**
 * Messages on their way into one commit, coalesced: the newest reading of each twin and property stays.
 * A batch is written as readings, then connectivity, so what would need another order belongs in the next one.
 */
import type { ConnectivityReport, Reading, Removal } from '../domain/telemetry.ts';
import type { DesiredChange } from './decoder.ts';
import type { Message } from './dialects/dialect.ts';

export interface Entry {
  readonly reading: Reading;
  /** Where it came from, for its dead letter. */
  readonly message: Message;
}

/** Called once: true when everything of the message is stored or set aside, false when it is given up. */
export type Settle = (isStored: boolean) => void;

export class Batch {
  /** By property, then by twin: of the first there are few, and a map for each twin would cost more than its reading. */
  readonly #entriesByProperty = new Map<string, Map<string, Entry>>();
  readonly #reportByTwin = new Map<string, { report: ConnectivityReport; message: Message }>();
  readonly #settles: Settle[] = [];
  /** Few dialects tell these. */
  readonly removals: { removal: Removal; message: Message }[] = [];
  readonly desired: { change: DesiredChange; message: Message }[] = [];
  /** Readings that fell away: history wants them still. */
  readonly coalesced: Reading[] = [];
  /** Only values, each whole by itself: whether a batch beside this one is written before or after it is all the same. */
  get isPlain(): boolean {
    return !this.#hasBad && this.#reportByTwin.size === 0 && this.removals.length === 0 && this.desired.length === 0;
  }

  #hasBad = false;
  /** Readings and reports. */
  size = 0;
  /** Bytes of the payloads that wait with this batch. */
  bytes = 0;

  /** Messages that wait for this batch. */
  get messages(): number {
    return this.#settles.length;
  }

  /** False: the reading must not be in one batch with what is here already. */
  takes(reading: Reading): boolean {
    if (this.#reportByTwin.has(reading.twin)) return false;
    if (reading.quality !== 'BAD') return true;
    // BAD keeps the last good value, so that value must be written before.
    const there = this.#entriesByProperty.get(reading.property)?.get(reading.twin);
    return there === undefined || there.reading.quality === 'BAD' || !isNewer(reading, there.reading);
  }

  /** Answers whether one of two readings fell away. */
  add(entry: Entry): boolean {
    const { twin, property, quality } = entry.reading;
    if (quality === 'BAD') this.#hasBad = true;
    let entryByTwin = this.#entriesByProperty.get(property);
    if (entryByTwin === undefined) this.#entriesByProperty.set(property, (entryByTwin = new Map()));
    const there = entryByTwin.get(twin);
    if (there === undefined) this.size += 1;
    const isNext = there === undefined || isNewer(entry.reading, there.reading);
    if (isNext) entryByTwin.set(twin, entry);
    if (there !== undefined) this.coalesced.push(isNext ? there.reading : entry.reading);
    return there !== undefined;
  }

  addReport(report: ConnectivityReport, message: Message): void {
    if (!this.#reportByTwin.has(report.twin)) this.size += 1;
    this.#reportByTwin.set(report.twin, { report, message });
  }

  /** After the readings of the batch: what is as new as the removal stays. */
  addRemoval(removal: Removal, message: Message): void {
    this.size += 1;
    this.removals.push({ removal, message });
  }

  addDesired(change: DesiredChange, message: Message): void {
    this.size += 1;
    this.desired.push({ change, message });
  }

  addMessage(settle: Settle, bytes: number): void {
    this.#settles.push(settle);
    this.bytes += bytes;
  }

  entries(): Entry[] {
    const entries: Entry[] = [];
    for (const entryByTwin of this.#entriesByProperty.values())
      for (const entry of entryByTwin.values()) entries.push(entry);
    return entries;
  }

  reports(): { report: ConnectivityReport; message: Message }[] {
    return [...this.#reportByTwin.values()];
  }

  /** In order of arrival. */
  settle(isStored: boolean): void {
    for (const settle of this.#settles) settle(isStored);
  }
}

/** By (observedAt, sequence), as the graph decides it: what is equal is a duplicate. */
function isNewer(a: Reading, b: Reading): boolean {
  const byTime = (a.observedAt ?? a.receivedAt) - (b.observedAt ?? b.receivedAt);
  return byTime > 0 || (byTime === 0 && (a.sequence ?? 0) > (b.sequence ?? 0));
}
