/**
 * Events on their way to one subscriber. It is bounded: when the subscriber is too slow, what waits is dropped
 * and a gap stands for it, so that nothing is lost in silence and memory stays small.
 */
import type { GapEvent } from './application.ts';

/** Events that may wait: some seconds of a busy subsystem. */
const EVENTS_WAITING = 10_000;

export class EventQueue<T extends { readonly sequence: number }> implements AsyncIterableIterator<T | GapEvent> {
  #waiting: (T | GapEvent)[] = [];
  #taken = 0;
  #prefilled = 0;
  #takers: ((result: IteratorResult<T | GapEvent> | Promise<never>) => void)[] = [];
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  readonly #onEnd: () => void;

  /** `onEnd` runs once, when the subscriber goes, or end() or fail() is called. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** What stands before the first live event: a snapshot, or what was missed. It does not count as waiting. */
  prefill(event: T | GapEvent): void {
    this.#prefilled += 1;
    this.push(event);
  }

  push(event: T | GapEvent): void {
    if (this.#isOver) return;
    const taker = this.#takers.shift();
    if (taker) {
      taker({ value: event, done: false });
      return;
    }
    this.#waiting.push(event);
    if (this.#waiting.length - this.#taken > EVENTS_WAITING + this.#prefilled) this.#collapse();
  }

  #collapse(): void {
    const first = this.#waiting[this.#taken];
    const last = this.#waiting.at(-1);
    if (!first || !last) return;
    const missedFrom = 'missedFrom' in first ? first.missedFrom : first.sequence;
    this.#waiting = [{ kind: 'gap', sequence: last.sequence, missedFrom }];
    this.#taken = 0;
    this.#prefilled = 0;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    for (const taker of this.#takers.splice(0)) {
      taker(this.#failure ? Promise.reject(this.#failure.error) : { value: undefined, done: true });
    }
  }

  /** What waits is still given; then next() throws. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  async next(): Promise<IteratorResult<T | GapEvent>> {
    if (this.#taken < this.#waiting.length) {
      const value = this.#waiting[this.#taken] as T | GapEvent;
      this.#taken += 1;
      if (this.#taken === this.#waiting.length) {
        this.#waiting = [];
        this.#taken = 0;
      }
      return { value, done: false };
    }
    if (this.#failure) throw this.#failure.error;
    if (this.#isOver) return { value: undefined, done: true };
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  async return(): Promise<IteratorResult<T | GapEvent>> {
    this.end();
    this.#waiting = [];
    this.#taken = 0;
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
