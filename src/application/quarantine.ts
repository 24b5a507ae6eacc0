/** Twins that messages name and nobody knows: remembered for whoever looks, bounded, and forgotten by a restart. */
import { LIMITS } from '../domain/limits.ts';
import type { Reading } from '../domain/telemetry.ts';

export interface QuarantinedTwin {
  readonly id: string;
  /** Topic of the last message. */
  readonly topic: string;
  /** Name of the dialect that the message was read in. */
  readonly dialect: string;
  /** Epoch milliseconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Readings so far. */
  readonly count: number;
  /** Payload of the last message as text, cut at LIMITS.quarantineSample characters. */
  readonly sample: string;
  /** The newest of each property, as far as they are small and few. */
  readonly readings: readonly Reading[];
}

/** Where a reading of an unknown twin came from. */
export interface QuarantineSource {
  readonly topic: string;
  readonly dialect: string;
  readonly payload: Uint8Array;
  readonly receivedAt: number;
}

interface Row extends Omit<QuarantinedTwin, 'readings'> {
  readonly readingByProperty: Map<string, Reading>;
}

export class Quarantine {
  /** Least recently seen first. */
  readonly #rowById = new Map<string, Row>();

  has(id: string): boolean {
    return this.#rowById.has(id);
  }

  /** Answers whether the twin is new here. */
  add(reading: Reading, { topic, dialect, payload, receivedAt }: QuarantineSource): boolean {
    const { twin: id } = reading;
    const before = this.#rowById.get(id);
    const readingByProperty = before?.readingByProperty ?? new Map<string, Reading>();
    keep(readingByProperty, reading);
    this.#rowById.delete(id);
    this.#rowById.set(id, {
      id,
      topic,
      dialect,
      firstSeen: before?.firstSeen ?? receivedAt,
      lastSeen: receivedAt,
      count: (before?.count ?? 0) + 1,
      sample: Buffer.from(payload).toString('utf8', 0, LIMITS.quarantineSample),
      readingByProperty,
    });
    const [oldest] = this.#rowById.keys();
    if (this.#rowById.size > LIMITS.quarantinedTwins && oldest !== undefined) this.#rowById.delete(oldest);
    return before === undefined;
  }

  /** Most recently seen first. */
  list(): readonly QuarantinedTwin[] {
    const rows = [...this.#rowById.values()].toReversed();
    return rows.map(({ readingByProperty, ...twin }) => ({ ...twin, readings: [...readingByProperty.values()] }));
  }

  /** Readings kept of a twin; undefined: it is not here. */
  readingsOf(id: string): readonly Reading[] | undefined {
    const row = this.#rowById.get(id);
    return row && [...row.readingByProperty.values()];
  }

  delete(id: string): void {
    this.#rowById.delete(id);
  }
}

function keep(readingByProperty: Map<string, Reading>, reading: Reading): void {
  const { property, value } = reading;
  const isLarge = typeof value === 'string' || (typeof value === 'object' && value !== null);
  if (isLarge && JSON.stringify(value).length > LIMITS.quarantinedValue) return;
  const there = readingByProperty.get(property);
  if (there === undefined && readingByProperty.size >= LIMITS.quarantinedReadings) return;
  if (there === undefined || isNotOlder(reading, there)) readingByProperty.set(property, reading);
}

function isNotOlder(a: Reading, b: Reading): boolean {
  return (a.observedAt ?? a.receivedAt) >= (b.observedAt ?? b.receivedAt);
}
