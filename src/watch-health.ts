/** Asks the store now and then whether it is there, for /readyz. */
import type { TwinStore } from './application/twin-store.ts';
import type { Log } from './domain/log.ts';
import type { Timers } from './domain/timers.ts';

const PING_EVERY_MS = 2_000;

export interface HealthWatch {
  /** Why the server cannot serve now; empty when it can. */
  reasons(): readonly string[];
  stop(): void;
}

export function watchHealth(store: TwinStore, timers: Timers, log: Log): HealthWatch {
  let isThere = true;
  let cancel = (): void => {};
  const ping = async (): Promise<void> => {
    const answered = await store.ping().then(
      () => true,
      () => false,
    );
    if (answered !== isThere) log.warn({}, answered ? 'the graph can be reached again' : 'the graph cannot be reached');
    isThere = answered;
    cancel = timers.after(PING_EVERY_MS, () => void ping());
  };
  cancel = timers.after(PING_EVERY_MS, () => void ping());
  return { reasons: () => (isThere ? [] : ['the graph cannot be reached']), stop: () => cancel() };
}
