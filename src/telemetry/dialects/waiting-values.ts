/** Messages that came before what they mean was known, by their topics: the last of each, for a while. */
import type { Message } from './dialect.ts';

interface Waiting {
  readonly message: Message;
  /** Of the first one under this topic. */
  readonly since: number;
}

/** Enough for devices that begin to talk together; each is a few bytes, as a rule. */
const MOST_MESSAGES = 10_000;
const MOST_BYTES = 1_024;
/** Retained descriptions come within moments of a subscription; a device describes itself before it is ready. */
const LONGEST_MS = 60_000;

export class WaitingValues {
  /** The one that waits longest first. */
  readonly #waitingByTopic = new Map<string, Waiting>();

  /** When the first of them has waited too long, in epoch milliseconds. */
  get dueAt(): number | undefined {
    const [first] = this.#waitingByTopic.values();
    return first && first.since + LONGEST_MS;
  }

  /** Why it cannot wait; null: it does. */
  add(message: Message): string | null {
    const before = this.#waitingByTopic.get(message.topic);
    if (message.payload.byteLength > MOST_BYTES) return `values of more than ${MOST_BYTES} bytes do not wait for it`;
    if (before === undefined && this.#waitingByTopic.size >= MOST_MESSAGES) {
      return `${MOST_MESSAGES} values wait for theirs already`;
    }
    // The packet that it came in may be large, and would be kept with it.
    const payload = Uint8Array.from(message.payload);
    const since = before?.since ?? message.receivedAt;
    this.#waitingByTopic.set(message.topic, { message: { ...message, payload }, since });
    return null;
  }

  take(topic: string): Message | undefined {
    const waiting = this.#waitingByTopic.get(topic);
    this.#waitingByTopic.delete(topic);
    return waiting?.message;
  }

  /** Topics of those that have waited too long; they wait no more. */
  takeOverdue(now: number): string[] {
    const topics: string[] = [];
    for (const [topic, { since }] of this.#waitingByTopic) {
      if (since + LONGEST_MS > now) break;
      this.#waitingByTopic.delete(topic);
      topics.push(topic);
    }
    return topics;
  }
}
