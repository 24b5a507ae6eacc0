/** Those who missed something: they share a walk through the feed where they can, and one walk is under way at a time. */
import { type Replay, type ReplayParts, ReplayWalk } from './replay-walk.ts';

export class Replays {
  readonly #parts: ReplayParts;
  #walk: ReplayWalk | null = null;
  /** The walk is past them: they go with the next one. */
  readonly #waiting = new Set<Replay>();

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /** Answers what ends it before it is live. */
  add(replay: Replay): () => void {
    if (!this.#walk?.take(replay)) this.#waiting.add(replay);
    if (!this.#walk) this.#start();
    return () => {
      this.#waiting.delete(replay);
      this.#walk?.drop(replay);
    };
  }

  #start(): void {
    const walk = new ReplayWalk(this.#parts);
    this.#walk = walk;
    for (const each of this.#waiting) walk.take(each);
    this.#waiting.clear();
    void walk.run().then(() => {
      this.#walk = null;
      if (this.#waiting.size > 0) this.#start();
    });
  }
}
