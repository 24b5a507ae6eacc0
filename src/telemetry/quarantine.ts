/** Twins that messages name and nobody knows: remembered for whoever looks, bounded, and forgotten by a restart. */
import type { Message } from './dialects/dialect.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface QuarantinedTwin {
  readonly id: string;
  /** Topic of the last message. */
  readonly topic: string;
  /** Epoch milliseconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Readings so far. */
  readonly count: number;
  /** Payload of the last message as text, cut at TELEMETRY_LIMITS.sampleLength characters. */
  readonly sample: string;
}

export class Quarantine {
  /** Least recently seen first. */
  readonly #twinById = new Map<string, QuarantinedTwin>();

  /** Answers whether the twin is new here. */
  add(id: string, message: Message): boolean {
    const before = this.#twinById.get(id);
    const { topic, receivedAt, payload } = message;
    this.#twinById.delete(id);
    this.#twinById.set(id, {
      id,
      topic,
      firstSeen: before?.firstSeen ?? receivedAt,
      lastSeen: receivedAt,
      count: (before?.count ?? 0) + 1,
      sample: Buffer.from(payload).toString('utf8', 0, TELEMETRY_LIMITS.sampleLength),
    });
    const [oldest] = this.#twinById.keys();
    if (this.#twinById.size > TELEMETRY_LIMITS.quarantinedTwins && oldest !== undefined) this.#twinById.delete(oldest);
    return before === undefined;
  }

  /** Most recently seen first. */
  list(): readonly QuarantinedTwin[] {
    return [...this.#twinById.values()].toReversed();
  }
}
