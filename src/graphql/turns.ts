/**
 * Events that wait are worked off by promises alone, so that a commit of thousands would be told in one turn of the event
 * loop, while telemetry and requests wait. Work that asks here goes on in the next turn when this one is long enough.
 */
import type { Clock } from '../domain/timers.ts';

/** All events of all subscriptions together, in one turn. */
const TURN_MS = 5;

export class Turns {
  readonly #clock: Clock;
  #endsAt: number | null = null;
  #next: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** null: go on now. */
  next(): Promise<void> | null {
    const now = this.#clock();
    if (this.#endsAt === null) {
      this.#endsAt = now + TURN_MS;
      this.#next = new Promise((resolve) => {
        setImmediate(() => {
          this.#endsAt = null;
          resolve();
        });
      });
    }
    return now < this.#endsAt ? null : this.#next;
  }
}
