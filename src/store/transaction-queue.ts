/**
 * Write transactions under the feed's lock: one behind the other in this process, and again after a race lost to another.
 *
 * While one is being committed the next one is made ready, so that the graph need not wait for this process: what it
 * writes whatever the commit brings is worked out, and sent where the engine lets it wait for the lock.
 */
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Clock } from '../domain/timers.ts';
import { statement } from './cypher-statements.ts';
import type { GraphPort, GraphTransaction } from './graph-port.ts';

const LOCK = statement('changes/lock');

/** Runs of one transaction that loses its race each time: about a second of waiting in all. */
const ATTEMPTS = 6;
const FIRST_WAIT_MS = 20;

export interface Outcome<T> {
  readonly result: T;
  /** false: what was written is rolled back. */
  readonly commit: boolean;
  /** Sequence of the last record after the commit; absent: the work appended none. */
  readonly head?: number;
  /** Called when the commit is on its way: what comes behind it may rest on it. */
  readonly sent?: () => void;
  /** Called when it failed after all. */
  readonly failed?: () => void;
}

/** `head` is the sequence of the last commit; the lock holds it still. `early` is what was sent ahead, if anything was. */
export type LockedWork<T, E = never> = (
  transaction: GraphTransaction,
  head: number,
  early: E | undefined,
) => Promise<Outcome<T>>;

/** Works out what can be sent before the head is known; answers how to send it behind the lock. null: nothing can. */
export type PrepareEarly<E> = () => ((transaction: GraphTransaction) => E) | null;

/** Something that the work read is not so any more: a run on what stands now can succeed. */
export class LostRace extends LinchpinError {
  constructor(message: string) {
    super('STORE_UNAVAILABLE', message);
  }
}

interface Begun<E> {
  readonly transaction: GraphTransaction;
  /** The sequence of the last commit, when the lock is had. */
  readonly locked: Promise<number>;
  readonly early: E | undefined;
}

interface Turn<E> {
  readonly prepare: PrepareEarly<E>;
  /** undefined: not prepared yet. */
  send?: ReturnType<PrepareEarly<E>> | undefined;
  begun?: Begun<E> | undefined;
}

export class TransactionQueue {
  readonly #port: GraphPort;
  readonly #clock: Clock;
  readonly #log: Log;
  #last: Promise<unknown> = Promise.resolve();
  /** In order; the one that runs is no more among them. */
  readonly #waiting: Turn<unknown>[] = [];
  #isCommitting = false;
  /** Sequence of the last commit, where nobody else commits and it is known. */
  #head: number | null = null;

  constructor(port: GraphPort, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#port = port;
    this.#clock = clock;
    this.#log = log;
  }

  add<T, E = never>(work: LockedWork<T, E>, prepare: PrepareEarly<E> = () => null): Promise<T> {
    const before = this.#last;
    const turn: Turn<E> = { prepare };
    this.#waiting.push(turn);
    const done = (async () => {
      await before;
      this.#waiting.shift();
      return this.#persist(turn, work);
    })();
    this.#last = done.catch(() => undefined);
    if (this.#isCommitting) this.#makeNextReady();
    return done;
  }

  /** When all that was added is done. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #persist<T, E>(turn: Turn<E>, work: LockedWork<T, E>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#run(turn, work);
      } catch (error) {
        if (attempt === ATTEMPTS || !(error instanceof LostRace || this.#port.mayRunAgain(error))) throw error;
        this.#log.warn({ attempt, error }, 'a transaction lost its race and runs again');
        turn.send = null; // What was judged ahead may be what lost.
        await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (attempt - 1)));
      }
    }
  }

  async #run<T, E>(turn: Turn<E>, work: LockedWork<T, E>): Promise<T> {
    const begun = turn.begun ?? this.#begin(turn);
    turn.begun = undefined;
    const { transaction, locked, early } = begun;
    try {
      const head = await locked;
      const outcome = await work(transaction, head, early);
      if (!outcome.commit) await transaction.rollback();
      else {
        await this.#commit(transaction, outcome);
        this.#head = this.#port.isShared ? null : (outcome.head ?? head);
        this.#beginNext();
      }
      return outcome.result;
    } catch (error) {
      this.#head = null;
      await transaction.rollback();
      throw error;
    }
  }

  #begin<E>(turn: Turn<E>): Begun<E> {
    const send = turn.send === undefined ? turn.prepare() : turn.send;
    turn.send = undefined;
    const transaction = this.#port.begin();
    const locked = this.#head === null ? this.#lock(transaction) : answersHeard(this.#head);
    locked.catch(() => undefined); // Whoever waits for it hears of it; its turn may not have come yet.
    return { transaction, locked, early: send?.(transaction) };
  }

  async #lock(transaction: GraphTransaction): Promise<number> {
    const [row] = await transaction.run(LOCK, { at: this.#clock() });
    return Number(row?.[0]);
  }

  async #commit(transaction: GraphTransaction, { sent, failed }: Outcome<unknown>): Promise<void> {
    sent?.();
    this.#isCommitting = true;
    const committed = transaction.commit();
    // Behind what the commit still has to do on this thread.
    process.nextTick(() => this.#makeNextReady());
    try {
      await committed;
    } catch (error) {
      failed?.();
      await this.#dropNext();
      throw error;
    } finally {
      this.#isCommitting = false;
    }
  }

  #makeNextReady(): void {
    const [next] = this.#waiting;
    if (!this.#isCommitting || next === undefined || next.begun || next.send !== undefined) return;
    next.send = next.prepare();
    if (this.#port.isShared) this.#beginAhead(next);
  }

  /** The graph works on the next one while this process hears of the last. */
  #beginNext(): void {
    const [next] = this.#waiting;
    if (this.#head !== null && next !== undefined && !next.begun) this.#beginAhead(next);
  }

  #beginAhead(next: Turn<unknown>): void {
    try {
      next.begun = this.#begin(next);
    } catch {
      // It begins when its turn comes, and whoever waits for it hears why it cannot.
    }
  }

  /** It rests on a commit that failed, and holds the lock that the next attempt needs. */
  async #dropNext(): Promise<void> {
    this.#isCommitting = false;
    const [next] = this.#waiting;
    if (next === undefined) return;
    const { begun } = next;
    next.begun = undefined;
    next.send = undefined;
    await begun?.transaction.rollback();
  }
}

/** The value, when those who waited for the commit before have heard of it: they bring memory up to date. */
function answersHeard<T>(value: T): Promise<T> {
  return new Promise((resolve) => {
    setImmediate(resolve, value);
  });
}
