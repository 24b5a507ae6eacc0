/** Whether anybody waits for an answer still. */
import type { ServerResponse } from 'node:http';
import { LinchpinError } from '../domain/errors.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { API_LIMITS } from './limits.ts';

export interface Cancellation {
  /** Aborted when nobody waits for the answer any more, or it took too long. */
  readonly signal: AbortSignal;
  /** @throws what the signal is aborted for */
  throwIfAborted(): void;
}

export function cancelledBy(signal: AbortSignal): Cancellation {
  return { signal, throwIfAborted: () => signal.throwIfAborted() };
}

/**
 * That of an HTTP request: its client goes away, or time is up. The signal is made when it is first asked for: it takes
 * as long as a small answer, which is there before anybody asks.
 */
export class RequestCancellation implements Cancellation {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #endsAt: number;
  #signal: AbortSignal | undefined;

  constructor(response: ServerResponse, clock: Clock, timers: Timers) {
    this.#response = response;
    this.#clock = clock;
    this.#timers = timers;
    this.#endsAt = clock() + API_LIMITS.requestMs;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= this.#watch());
  }

  throwIfAborted(): void {
    if (this.#signal || this.#isLeft() || this.#clock() >= this.#endsAt) this.signal.throwIfAborted();
  }

  #isLeft(): boolean {
    return this.#response.destroyed && !this.#response.writableFinished;
  }

  #watch(): AbortSignal {
    const controller = new AbortController();
    const leave = (): void => controller.abort(new LinchpinError('TIMEOUT', 'the request was cancelled'));
    const end = (): void =>
      controller.abort(new LinchpinError('TIMEOUT', `the query took longer than ${API_LIMITS.requestMs} ms`));
    const leftMs = this.#endsAt - this.#clock();
    if (this.#isLeft()) leave();
    else if (leftMs <= 0) end();
    else {
      const cancel = this.#timers.after(leftMs, end);
      this.#response.once('close', () => {
        cancel();
        if (!this.#response.writableFinished) leave();
      });
    }
    return controller.signal;
  }
}
