/** Follows the feed of a graph that other servers write too: asks for what is new, often, and gives it to memory in order. */
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';
import type { Memory } from './memory.ts';
import type { TwinStore } from './twin-store.ts';

/** Well under the second within which replicas see each other's changes. */
const POLL_EVERY_MS = 200;
const RECORDS_AT_ONCE = 1_000;
/** Retention: what a subscriber can still resume over, and the past that can be judged. */
const KEEP_MS = 7 * 86_400_000;
const KEEP_RECORDS = 100_000;
/** Characters: the embedded graph holds the feed in memory, and a record of a busy second is large. */
const KEEP_SIZE = 128 * 1024 * 1024;
const PRUNE_EVERY_MS = 60_000;

export class ChangeFollower {
  readonly #store: TwinStore;
  readonly #memory: Memory;
  readonly #timers: Timers;
  readonly #log: Log;
  #isStopped = true;
  #cancels: (() => void)[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #following: Promise<void> | undefined;

  constructor(store: TwinStore, memory: Memory, timers: Timers, log: Log) {
    this.#store = store;
    this.#memory = memory;
    this.#timers = timers;
    this.#log = log;
  }

  /** `isShared`: others write this graph too. */
  start(isShared: boolean, clock: () => number): void {
    this.#isStopped = false;
    if (isShared) this.#every(POLL_EVERY_MS, () => this.follow());
    this.#every(PRUNE_EVERY_MS, () =>
      this.#store.prune({ since: clock() - KEEP_MS, records: KEEP_RECORDS, size: KEEP_SIZE }),
    );
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    await this.#running;
  }

  /** Runs again `everyMs` after the last run ended; a fault is logged and the next run tries again. */
  #every(everyMs: number, run: () => Promise<unknown>): void {
    let cancel = (): void => {};
    const later = (): void => {
      cancel = this.#timers.after(everyMs, () => {
        this.#running = run()
          .catch((error: unknown) => this.#log.warn({ error }, 'the change feed could not be read; it is tried again'))
          .finally(() => {
            if (!this.#isStopped) later();
          });
      });
    };
    this.#cancels.push(() => cancel());
    later();
  }

  /** Brings memory up to the end of the feed, whether or not others write this graph. */
  follow(): Promise<void> {
    this.#following ??= this.#follow().finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  async #follow(): Promise<void> {
    for (;;) {
      const records = await this.#store.changesAfter(this.#memory.sequence, RECORDS_AT_ONCE);
      if ((records[0]?.sequence ?? 0) > this.#memory.sequence + 1) {
        this.#log.warn(
          { reached: this.#memory.sequence },
          'the feed has forgotten what comes next: memory is built anew',
        );
        // Under the feed's lock: nobody of this process decides on a memory that is half built.
        await this.#store.transact(() => this.#memory.reload(this.#store));
        return;
      }
      for (const record of records) this.#memory.apply(record);
      if (records.length < RECORDS_AT_ONCE) return;
    }
  }
}
