/** Messages and readings that cannot be taken: counted, logged once per cause, published with the reason. */
import type { Clock } from '../domain/timers.ts';
import type { Counters } from './counters.ts';
import type { Message } from './dialects/dialect.ts';
import type { LoggedCauses } from './logged-causes.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface DeadLettersOptions {
  readonly publish: (payload: string) => Promise<void>;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly causes: LoggedCauses;
}

export class DeadLetters {
  readonly #options: DeadLettersOptions;
  #second = 0;
  #publishedInSecond = 0;
  #unpublished = 0;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** `property` is named when the rest of the message was taken. */
  add(message: Message, reason: string, property?: string): void {
    const { counters, causes } = this.#options;
    counters.deadLettered += 1;
    const cause = property === undefined ? reason : `${property}: ${reason}`;
    causes.warnOnce(cause, { topic: message.topic, reason, property }, 'telemetry was set aside as a dead letter');
    if (this.#isWithinRate()) this.#publish(message, reason, property);
    else this.#countUnpublished();
  }

  #isWithinRate(): boolean {
    const second = Math.floor(this.#options.clock() / 1000);
    if (second !== this.#second) this.#publishedInSecond = 0;
    this.#second = second;
    this.#publishedInSecond += 1;
    return this.#publishedInSecond <= TELEMETRY_LIMITS.deadLettersPerSecond;
  }

  #publish(message: Message, reason: string, property: string | undefined): void {
    const { payload } = message;
    const kept = Buffer.from(payload.subarray(0, TELEMETRY_LIMITS.deadLetterBytes));
    const letter = {
      topic: message.topic,
      ...(message.sent && { origin: message.sent.origin }),
      ...(property === undefined ? {} : { property }),
      reason,
      payload: kept.toString('base64'),
      payloadBytes: payload.byteLength,
      receivedAt: new Date(message.receivedAt).toISOString(),
      // Dead letters before this one that were not published.
      unpublished: this.#unpublished,
    };
    this.#unpublished = 0;
    this.#options.publish(JSON.stringify(letter)).catch(() => this.#countUnpublished());
  }

  #countUnpublished(): void {
    this.#unpublished += 1;
    this.#options.counters.deadLettersUnpublished += 1;
  }
}
