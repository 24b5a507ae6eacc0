/**
 * Events on their way to one subscriber. It is bounded: when the subscriber is too slow, the events of one twin become
 * one, the latest, which tells how many it stands for; where even these are too many, a gap stands for all that waits.
 * So nothing is lost in silence, and memory stays small.
 */
import type { GapEvent } from './application.ts';
import { type LiveEvent, mergeEvents, slotOf } from './merge-events.ts';

/** Events that may wait as they are: a large commit, or a short delay of a busy subsystem. */
const EVENTS_WHOLE = 1_000;
/** Whoever brings them at the subscriber's pace waits while there are so many. */
const EVENTS_AHEAD = 500;
/** Events that may wait at all, each then of another twin: some megabytes. */
const EVENTS_WAITING = 10_000;

export class EventQueue<T extends LiveEvent> implements AsyncIterableIterator<T | GapEvent> {
  #waiting: (T | GapEvent)[] = [];
  #taken = 0;
  #prefilled = 0;
  #mergeAt = EVENTS_WHOLE;
  #takers: ((result: IteratorResult<T | GapEvent> | Promise<never>) => void)[] = [];
  #isOver = false;
  #onRoom: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;
  readonly #onEnd: () => void;

  /** `onEnd` runs once, when the subscriber goes, or end() or fail() is called. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Events that wait. */
  get length(): number {
    return this.#waiting.length - this.#taken;
  }

  /** They go on waiting. */
  waiting(): readonly (T | GapEvent)[] {
    return this.#waiting.slice(this.#taken);
  }

  /** When the subscriber can do with more, or is gone; null: now. */
  room(): Promise<void> | null {
    if (this.length < EVENTS_AHEAD || this.#isOver) return null;
    return new Promise((resolve) => this.#onRoom.push(resolve));
  }

  #tellRoom(): void {
    for (const resolve of this.#onRoom.splice(0)) resolve();
  }

  /** What stands before the first live event: a snapshot, or what was missed. It does not count as waiting. */
  prefill(event: T | GapEvent): void {
    if (this.#takers.length === 0) this.#prefilled += 1;
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
    if (this.#taken >= EVENTS_WHOLE) this.#dropTaken();
    if (this.length > this.#mergeAt + Math.max(0, this.#prefilled - this.#taken)) this.#merge();
  }

  #dropTaken(): void {
    this.#waiting = this.#waiting.slice(this.#taken);
    this.#prefilled = Math.max(0, this.#prefilled - this.#taken);
    this.#taken = 0;
  }

  /** Costs little per event, because it is done again only when twice as many wait. */
  #merge(): void {
    this.#dropTaken();
    const bySlot = new Map<unknown, T | GapEvent>();
    for (const event of this.#waiting.slice(this.#prefilled)) {
      const slot = slotOf(event) ?? event;
      const earlier = bySlot.get(slot);
      // The latest stands last: the cursors of what follows lie behind it.
      bySlot.delete(slot);
      bySlot.set(slot, earlier ? (mergeEvents(earlier, event) as T | GapEvent) : event);
    }
    if (bySlot.size > EVENTS_WAITING) return this.#collapse();
    this.#waiting = [...this.#waiting.slice(0, this.#prefilled), ...bySlot.values()];
    this.#mergeAt = Math.min(EVENTS_WAITING, Math.max(EVENTS_WHOLE, 2 * bySlot.size));
  }

  #collapse(): void {
    const first = this.#waiting[this.#taken];
    const last = this.#waiting.at(-1);
    if (!first || !last) return;
    const missedFrom = 'missedFrom' in first ? first.missedFrom : first.sequence;
    this.#waiting = [{ kind: 'gap', sequence: last.sequence, missedFrom }];
    this.#taken = 0;
    this.#prefilled = 0;
    this.#mergeAt = EVENTS_WHOLE;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    this.#tellRoom();
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
      if (this.#onRoom.length > 0 && this.length < EVENTS_AHEAD) this.#tellRoom();
      if (this.#taken === this.#waiting.length) {
        this.#waiting = [];
        this.#taken = 0;
        this.#prefilled = 0;
        this.#mergeAt = EVENTS_WHOLE;
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
