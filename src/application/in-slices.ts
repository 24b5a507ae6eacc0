/** Long work in steps, so that others get their turn in between. */
import { LinchpinError } from '../domain/errors.ts';
import type { Clock, Timers } from '../domain/timers.ts';

/** Others get their turn after this long: well below what anybody notices, and with the length of a step below 10 ms. */
export const SLICE_MS = 2;

export interface SliceOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0: every step by itself. */
  readonly sliceMs?: number;
  /** Ends the work between two steps. */
  readonly signal?: AbortSignal | undefined;
  /** The work has had a turn already: it goes on in the next. */
  readonly hasBegun?: boolean;
}

/**
 * `tell` is what the steps hear when they go on.
 * @throws LinchpinError TIMEOUT when the signal ends it
 */
export async function inSlices<T, Told = void>(
  steps: Iterator<unknown, T, Told> | AsyncIterator<unknown, T, Told>,
  { clock, timers, sliceMs = SLICE_MS, signal, hasBegun = false }: SliceOptions,
  tell?: () => Told,
): Promise<T> {
  const pause = (): Promise<void> => new Promise((resume) => timers.after(0, resume));
  if (hasBegun) await pause();
  let sliceEnd = clock() + sliceMs;
  let hasPaused = hasBegun;
  for (;;) {
    const { done, value } = await steps.next(tell?.() as Told);
    if (done) {
      // What follows long work may be long, too: it gets a turn of its own.
      if (hasPaused) await pause();
      return value;
    }
    if (clock() >= sliceEnd) {
      await pause();
      hasPaused = true;
      sliceEnd = clock() + sliceMs;
    }
    if (signal?.aborted) throw new LinchpinError('TIMEOUT', 'the request was cancelled', { cause: signal.reason });
  }
}
