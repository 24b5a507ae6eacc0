/**
 * The graph as it was: memory copied and walked back along the feed, with the properties as they were. What was made
 * for one caller is kept for a while for others who ask about the same moment, and made once for all who wait for it.
 */
import { LinchpinError, retentionPassed } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { inSlices } from './in-slices.ts';
import type { Memory } from './memory.ts';
import { PastProperties } from './past-properties.ts';
import type { TwinStore } from './twin-store.ts';

export interface Past {
  readonly memory: Memory;
  readonly properties: PastProperties;
}

/** Moments kept: a person goes back and forth between a few. */
const KEPT_PASTS = 4;
/** Twins and relationships of all that is kept: some hundred megabytes. One moment is kept whatever its size. */
const KEPT_ELEMENTS = 1_000_000;
/** Nobody asked for so long: it makes room. */
const KEPT_MS = 60_000;
/** Records read back at once: one of a large import is some megabytes. */
const RECORDS_AT_ONCE = 25;

export interface PastsParts {
  readonly store: TwinStore;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Brings memory up to the end of the feed. */
  readonly follow: () => Promise<void>;
}

interface Kept {
  readonly past: Promise<Past>;
  /** Ends the making of it, when nobody waits for it any more. */
  readonly controller: AbortController;
  waiting: number;
  elements: number;
  cancelForget: () => void;
}

export class Pasts {
  readonly #parts: PastsParts;
  /** The longest unasked first. */
  readonly #keptBySequence = new Map<number, Kept>();
  /** One is made at a time: each is a copy of all that memory holds. */
  #making: Promise<unknown> = Promise.resolve();

  constructor(parts: PastsParts) {
    this.#parts = parts;
  }

  /**
   * The graph as of an instant, in epoch milliseconds: after the last commit at or before it.
   * @throws LinchpinError RETENTION_PASSED, LIMIT_EXCEEDED, TIMEOUT when the signal ends it
   */
  async at(instant: number, signal?: AbortSignal): Promise<Past> {
    const { store, memory, follow } = this.#parts;
    const sequence = await store.sequenceAt(instant);
    while (sequence > memory.sequence) await follow();
    const kept = this.#keptBySequence.get(sequence) ?? this.#make(sequence, instant);
    this.#touch(sequence, kept);
    return this.#wait(kept, () => this.#forget(sequence, kept), signal);
  }

  #make(sequence: number, instant: number): Kept {
    const controller = new AbortController();
    const past = this.#making.then(() => this.#rewind(sequence, instant, controller.signal));
    const kept: Kept = { past, controller, waiting: 0, elements: 0, cancelForget: () => {} };
    this.#making = this.#weigh(sequence, kept);
    return kept;
  }

  async #weigh(sequence: number, kept: Kept): Promise<void> {
    try {
      const { topology } = (await kept.past).memory;
      kept.elements = topology.twinCount + topology.relationshipCount;
      this.#makeRoom();
    } catch {
      // Those who wait for it are told.
      this.#forget(sequence, kept);
    }
  }

  async #rewind(sequence: number, instant: number, signal: AbortSignal): Promise<Past> {
    const { store, memory, clock, timers } = this.#parts;
    const most = LIMITS.rewoundRecords;
    const records = memory.sequence - sequence;
    if (records > most)
      throw new LinchpinError('LIMIT_EXCEEDED', `asOf: at most ${most} commits can be walked back, got ${records}`, {
        at: 'asOf',
        expected: `at most ${most} commits since then`,
        received: String(records),
      });
    const options = { clock, timers, signal };
    const past = await inSlices(memory.copy(), options);
    const properties = new PastProperties(store, past.sequence);
    await inSlices(walkBack(store, { memory: past, properties }, sequence, instant), options);
    return { memory: past, properties };
  }

  #touch(sequence: number, kept: Kept): void {
    this.#keptBySequence.delete(sequence);
    this.#keptBySequence.set(sequence, kept);
    kept.cancelForget();
    kept.cancelForget = this.#parts.timers.after(KEPT_MS, () => this.#forget(sequence, kept));
    this.#makeRoom();
  }

  #makeRoom(): void {
    let elements = 0;
    for (const kept of this.#keptBySequence.values()) elements += kept.elements;
    for (const [sequence, kept] of this.#keptBySequence) {
      if (this.#keptBySequence.size <= 1) return;
      if (this.#keptBySequence.size <= KEPT_PASTS && elements <= KEPT_ELEMENTS) return;
      elements -= kept.elements;
      this.#forget(sequence, kept);
    }
  }

  /** Those who have it, or wait for it, still get it. */
  #forget(sequence: number, kept: Kept): void {
    kept.cancelForget();
    if (this.#keptBySequence.get(sequence) === kept) this.#keptBySequence.delete(sequence);
  }

  #wait(kept: Kept, forget: () => void, signal?: AbortSignal): Promise<Past> {
    kept.waiting += 1;
    if (!signal) return kept.past;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(new LinchpinError('TIMEOUT', 'the request was cancelled', { cause: signal.reason }));
        kept.waiting -= 1;
        if (kept.waiting > 0) return;
        kept.controller.abort();
        forget();
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      const stay = (): void => signal.removeEventListener('abort', leave);
      kept.past.then(
        (past) => {
          stay();
          resolve(past);
        },
        (error: unknown) => {
          stay();
          reject(error);
        },
      );
    });
  }
}

/** Takes back all records behind `sequence`, the newest first. */
async function* walkBack(
  store: TwinStore,
  { memory, properties }: Past,
  sequence: number,
  instant: number,
): AsyncGenerator<void, void> {
  while (memory.sequence > sequence) {
    const from = Math.max(sequence + 1, memory.sequence - RECORDS_AT_ONCE + 1);
    const records = await store.changesAfter(from - 1, memory.sequence - from + 1);
    if (records[0]?.sequence !== from || records.at(-1)?.sequence !== memory.sequence)
      throw retentionPassed(`the instant ${new Date(instant).toISOString()}`, records[0]?.at ?? null);
    for (const record of records.toReversed()) {
      memory.revert(record);
      properties.revert(record);
      yield;
    }
  }
}
