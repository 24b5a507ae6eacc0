/** Time as an argument, so that tests can hold it. */

/** Epoch milliseconds. */
export type Clock = () => number;

export interface Timers {
  /** Runs once after `delayMs`; the answer cancels it. A waiting timer does not keep the process alive. */
  after(delayMs: number, run: () => void): () => void;
}

/** setTimeout waits at most this long; longer delays are waited for in pieces. */
export const LONGEST_TIMEOUT_MS = 2_147_483_647;

export const systemClock: Clock = () => Date.now();

export const systemTimers: Timers = {
  after(delayMs, run) {
    // A timeout of 0 takes a millisecond or more. Not unref'd: the next turn would wait for something else to happen.
    if (delayMs <= 0) {
      const next = setImmediate(run);
      return () => clearImmediate(next);
    }
    let handle: NodeJS.Timeout;
    const wait = (restMs: number): void => {
      const ms = Math.min(Math.max(restMs, 0), LONGEST_TIMEOUT_MS);
      handle = setTimeout(() => (restMs > ms ? wait(restMs - ms) : run()), ms);
      handle.unref();
    };
    wait(delayMs);
    return () => clearTimeout(handle);
  },
};
