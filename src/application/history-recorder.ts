/**
 * Brings accepted values into the history store: thinned as the model says, in batches, one at a time, in order.
 *
 * Whoever waits for `kept` is told when the store has what was taken before. A store that does not answer within the
 * patience stops nobody: values then wait here, so many at most, until it takes them; what had to be dropped is
 * counted and said, and the store is told that it is complete only behind it.
 */
import type { ChangeRecord } from '../domain/change.ts';
import type { SeriesValue } from '../domain/history.ts';
import type { Log } from '../domain/log.ts';
import type { PropertyState } from '../domain/property.ts';
import type { Reading } from '../domain/telemetry.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import type { HistoryStore } from './history-store.ts';
import type { Memory, MemoryListener } from './memory.ts';
import { Thinning } from './thin-history.ts';

export const RECORDER_LIMITS = {
  /** Values in one append: enough for a store's best rate, little enough to be through in some milliseconds. */
  batchValues: 10_000,
  /** Values that wait for a store that takes none: minutes of a plant's telemetry, some 10 MB. */
  waitingValues: 100_000,
  /** Characters of texts and JSON values among them. */
  waitingText: 33_554_432,
  /** Milliseconds that an acknowledgement waits for a store that does not answer. */
  patienceMs: 5_000,
  /** Waiting before an append is tried again: doubled each time, in milliseconds. */
  retryMs: 100,
  longestRetryMs: 5_000,
  /** Milliseconds from one look for values past retention to the next. */
  forgetEveryMs: 3_600_000,
} as const;

/** What the recorder counts; each only grows, but for `waiting`. */
export interface HistoryCounters {
  /** Values that the store has. */
  readonly appended: number;
  /** Values that the model's deadband left out. */
  readonly thinned: number;
  /** Values dropped because the store took none for too long. */
  readonly lost: number;
  /** Appends that failed and were tried again. */
  readonly retries: number;
  /** Values that the store has not taken yet. */
  readonly waiting: number;
}

export interface RecorderParts {
  readonly store: HistoryStore;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Milliseconds that values are kept. */
  readonly retentionMs: number;
}

interface Waiter {
  /** Told when so many values have been taken care of. */
  readonly ticket: number;
  readonly resolve: () => void;
}

export class HistoryRecorder implements MemoryListener {
  readonly #parts: RecorderParts;
  readonly #thinning: Thinning;
  /** Records that this server is about to commit, by sequence, with their time. */
  readonly #ownAtBySequence = new Map<number, number>();
  #pending: SeriesValue[] = [];
  /** Taken since the last append, of series that are thinned: the newest of a batch comes before what it replaced. */
  #unthinned: SeriesValue[] = [];
  /** Characters of texts among what is pending. */
  #text = 0;
  /** Values ever taken; each is appended or lost in the end. */
  #taken = 0;
  #appended = 0;
  #lost = 0;
  #thinned = 0;
  #retries = 0;
  #waiters: Waiter[] = [];
  #appending: Promise<void> | undefined;
  /** The store has not answered within the patience: nobody waits for it. */
  #isDown = false;
  /** Values up to this instant may be missing in the store, and it does not know yet. */
  #lostThrough = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #cancelForget: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#thinning = new Thinning(parts.memory);
  }

  get counters(): HistoryCounters {
    return {
      appended: this.#appended,
      thinned: this.#thinned,
      lost: this.#lost,
      retries: this.#retries,
      waiting: this.#taken - this.#appended - this.#lost,
    };
  }

  start(): void {
    this.#stopListening = this.#parts.memory.listen(this);
    this.#forget();
  }

  /** Gives the store what waits, for as long as the patience lasts. */
  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#cancelForget?.();
    this.#append();
    let cancel = (): void => {};
    const patience = new Promise<void>((resolve) => {
      cancel = this.#parts.timers.after(RECORDER_LIMITS.patienceMs, resolve);
    });
    while (this.#appending && !this.#isStopped)
      await Promise.race([this.#appending, patience.then(() => (this.#isStopped = true))]);
    cancel();
    this.#isStopped = true;
    const { waiting } = this.counters;
    if (waiting > 0) this.#parts.log.error({ values: waiting }, 'the history store did not take the last values');
  }

  /** An accepted reading, whether it became the property's value or not. Cheap: it is appended by `kept`. */
  take(reading: Reading): void {
    const { twin, property, value, quality } = reading;
    const at = reading.observedAt ?? reading.receivedAt;
    this.#take({ twin, property, at, order: reading.sequence ?? 0, value, quality });
  }

  /** Answers when the store has all that was taken until now, or is down; undefined: nobody has to wait. */
  kept(): Promise<void> | undefined {
    this.#append();
    if (this.#isDown || this.#appending === undefined) return undefined;
    return new Promise((resolve) => this.#waiters.push({ ticket: this.#taken, resolve }));
  }

  /**
   * These records are this server's own: of its telemetry it takes the readings, not what became of them.
   * Told before the commit, since the feed may bring them back before the verb does; a race that is lost leaves
   * entries that the winner's record, of another time, does not match.
   */
  own(records: readonly ChangeRecord[]): void {
    for (const { sequence, at } of records) this.#ownAtBySequence.set(sequence, at);
  }

  onRecord(record: ChangeRecord): void {
    const isOwn = this.#ownAtBySequence.get(record.sequence) === record.at;
    this.#ownAtBySequence.delete(record.sequence);
    for (const { id, after } of record.twins) if (after === null) this.#thinning.forgetTwin(id);
    const isTelemetry = record.origin === 'telemetry';
    // What another server took, it has put into the store that both share.
    if (isOwn ? isTelemetry : this.#parts.store.isShared) return;
    for (const { id, properties } of record.twins)
      for (const { name, before, after } of properties)
        if (after && isNewValue(before, after)) this.#take(toSeriesValue(id, name, after));
    // Another server's telemetry comes by the feed without what it coalesced: a store of our own has gaps.
    if (isTelemetry) this.#noteLost(record.at);
    // A verb waits for its values by `kept`; of another server's nobody does.
    if (!isOwn) this.#append();
  }

  onReload(): void {
    if (!this.#parts.store.isShared) this.#noteLost(this.#parts.clock());
  }

  #take(value: SeriesValue): void {
    if (this.#thinning.keepsAll(value)) this.#keep(value);
    else this.#unthinned.push(value);
  }

  /** In the order of time, whatever order they were taken in. */
  #thin(): void {
    if (this.#unthinned.length === 0) return;
    const values = this.#unthinned.sort((a, b) => a.at - b.at || a.order - b.order);
    this.#unthinned = [];
    for (const value of values) {
      if (this.#thinning.isKept(value)) this.#keep(value);
      else this.#thinned += 1;
    }
  }

  #keep(value: SeriesValue): void {
    this.#pending.push(value);
    this.#taken += 1;
    this.#text += textOf(value);
    if (this.#appending) this.#dropWhatIsTooMuch();
  }

  #noteLost(through: number): void {
    this.#lostThrough = Math.max(this.#lostThrough, through);
  }

  #dropWhatIsTooMuch(): void {
    const { waitingValues, waitingText } = RECORDER_LIMITS;
    if (this.#pending.length <= waitingValues && this.#text <= waitingText) return;
    // A tenth at a time: taking one from the front moves all the others.
    const dropped = this.#pending.splice(0, Math.ceil(this.#pending.length / 10));
    for (const each of dropped) {
      this.#text -= textOf(each);
      this.#noteLost(each.at);
    }
    this.#lost += dropped.length;
  }

  /** Begins to append what is pending; a store in memory has it when this returns. */
  #append(): void {
    this.#thin();
    while (this.#appending === undefined && this.#pending.length > 0 && !this.#isStopped) {
      const batch = this.#pending.splice(0, RECORDER_LIMITS.batchValues);
      for (const each of batch) this.#text -= textOf(each);
      const given = this.#give(batch);
      if (given) this.#appending = this.#persist(batch, given);
      else this.#settle(batch);
    }
  }

  #give(batch: readonly SeriesValue[]): Promise<void> | undefined {
    const { store } = this.#parts;
    const through = this.#lostThrough;
    if (through === Number.NEGATIVE_INFINITY) return store.append(batch) ?? undefined;
    const isNoted = (): void => {
      if (this.#lostThrough === through) this.#lostThrough = Number.NEGATIVE_INFINITY;
    };
    const noting = store.noteLost(through);
    if (noting) return noting.then(isNoted).then(() => store.append(batch));
    isNoted();
    return store.append(batch) ?? undefined;
  }

  /** Ends when the store has the batch, however long it takes, or when the recorder is stopped. */
  async #persist(batch: readonly SeriesValue[], first: Promise<void>): Promise<void> {
    const { timers, log } = this.#parts;
    const cancelPatience = timers.after(RECORDER_LIMITS.patienceMs, () => this.#goDown());
    let waitMs: number = RECORDER_LIMITS.retryMs;
    for (let given: Promise<void> | undefined = first; ; given = this.#give(batch)) {
      try {
        await given;
        break;
      } catch (error) {
        if (this.#isStopped) return;
        this.#retries += 1;
        if (waitMs === RECORDER_LIMITS.retryMs)
          log.warn({ error }, 'the history store takes no values; it is tried again');
      }
      const pauseMs = waitMs;
      await new Promise<void>((resolve) => void timers.after(pauseMs, resolve));
      waitMs = Math.min(waitMs * 2, RECORDER_LIMITS.longestRetryMs);
      if (this.#isStopped) return;
    }
    cancelPatience();
    if (this.#isDown) log.info({ lost: this.#lost }, 'the history store takes values again');
    this.#isDown = false;
    this.#appending = undefined;
    this.#settle(batch);
    this.#append();
  }

  /** Live telemetry goes on without the store. */
  #goDown(): void {
    this.#isDown = true;
    const { waitingValues } = RECORDER_LIMITS;
    this.#parts.log.error(
      { waitingValues },
      'the history store does not answer; values wait in memory, the oldest are dropped',
    );
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  #settle(batch: readonly SeriesValue[]): void {
    this.#appended += batch.length;
    const done = this.#appended + this.#lost;
    while (this.#waiters[0] && this.#waiters[0].ticket <= done) this.#waiters.shift()?.resolve();
  }

  #forget(): void {
    const { store, clock, timers, log, retentionMs } = this.#parts;
    this.#cancelForget = timers.after(RECORDER_LIMITS.forgetEveryMs, () => this.#forget());
    void Promise.resolve()
      .then(() => store.forget(clock() - retentionMs))
      .catch((error: unknown) => log.warn({ error }, 'values past retention could not be taken out of history'));
  }
}

/** Set by hand, by an import, or by another server's telemetry; metadata may change without a new value. */
function isNewValue(before: PropertyState | null, after: PropertyState): boolean {
  if (after.observedAt === null) return false;
  return before === null || before.observedAt !== after.observedAt || before.order !== after.order;
}

function toSeriesValue(twin: string, property: string, state: PropertyState): SeriesValue {
  const { observedAt, order, value, quality } = state;
  return { twin, property, at: observedAt ?? 0, order, value, quality };
}

function textOf({ value }: SeriesValue): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 0;
}
