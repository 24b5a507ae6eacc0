import type { Clock, Timers } from '../../src/domain/timers.ts';

/** A clock that stands still, and timers that run when it is moved. */
export class ManualTime {
  now: number;
  #timers: { at: number; run: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.now = now;
  }

  readonly clock: Clock = () => this.now;

  readonly timers: Timers = {
    after: (delayMs, run) => {
      const timer = { at: this.now + delayMs, run };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((each) => each !== timer);
      };
    },
  };

  /** Moves on, running what is due in order of time; `settled` is awaited after each, for what runs behind it. */
  async advance(ms: number, settled: () => Promise<unknown> = turnOfTheLoop): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await settled();
    }
    this.now = until;
  }
}

export function createManualTime(now?: number): ManualTime {
  return new ManualTime(now);
}

/** Lets promises and I/O that are due run. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
