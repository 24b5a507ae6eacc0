/**
 * Events that wait for subscribers who are behind, kept once for all of them: an event that nobody can take costs one
 * push, however many wait for it. Where each began to wait is a place; between two places the latest of each twin wins.
 */
import { EventQueue } from '../application/event-queue.ts';
import type { LiveEvent } from '../application/merge-events.ts';

/** From one beginning to the next. */
interface Stretch {
  readonly events: EventQueue<LiveEvent>;
  /** Subscribers who began to wait here. */
  waiters: number;
}

export type Place = Stretch;

export class Backlog {
  /** The earliest first; each has somebody who began to wait there. */
  readonly #stretches: Stretch[] = [];

  /** Kept where somebody waits. */
  push(event: LiveEvent): void {
    this.#stretches.at(-1)?.events.push(event);
  }

  /** Whoever enters is kept what comes from now on, and must leave(). */
  enter(): Place {
    const last = this.#stretches.at(-1);
    if (last?.events.length === 0) {
      last.waiters += 1;
      return last;
    }
    const stretch = { events: new EventQueue<LiveEvent>(() => undefined), waiters: 1 };
    this.#stretches.push(stretch);
    return stretch;
  }

  /** What came since. */
  leave(place: Place): readonly LiveEvent[] {
    const index = this.#stretches.indexOf(place);
    const since = this.#stretches.slice(index).flatMap(({ events }) => events.waiting());
    place.waiters -= 1;
    if (place.waiters === 0) {
      this.#stretches.splice(index, 1);
      const before = this.#stretches[index - 1];
      if (before) for (const event of place.events.waiting()) before.events.push(event);
    }
    return since;
  }
}
