/** Long work in steps, so that others get their turn in between. */
import { LinchpinError } from '../domain/errors.ts';
import type { Clock, Timers } from '../domain/timers.ts';

/** Others get their turn after this long: a frame of a display, and well below what a reader notices. */
const SLICE_MS = 5;

export interface SliceOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Ends the work between two steps. */
  readonly signal: AbortSignal;
}

/** @throws LinchpinError TIMEOUT when the signal ends it */
export async function inSlices<T>(
  steps: Iterator<void, T> | AsyncIterator<void, T>,
  { clock, timers, signal }: SliceOptions,
): Promise<T> {
  let sliceEnd = clock() + SLICE_MS;
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
    if (clock() >= sliceEnd) {
      await new Promise<void>((resume) => timers.after(0, resume));
      sliceEnd = clock() + SLICE_MS;
    }
    if (signal.aborted) throw new LinchpinError('TIMEOUT', 'the request was cancelled', { cause: signal.reason });
  }
}
