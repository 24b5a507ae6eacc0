/** Write transactions under the feed's lock: one behind the other in this process, and again after a race lost to another. */
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
  /** Called once it is committed. */
  readonly committed?: () => void;
}

/** `head` is the sequence of the last commit; the lock holds it still. */
export type LockedWork<T> = (transaction: GraphTransaction, head: number) => Promise<Outcome<T>>;

/** Something that the work read is not so any more: a run on what stands now can succeed. */
export class LostRace extends LinchpinError {
  constructor(message: string) {
    super('STORE_UNAVAILABLE', message);
  }
}

export class TransactionQueue {
  readonly #port: GraphPort;
  readonly #clock: Clock;
  readonly #log: Log;
  #last: Promise<unknown> = Promise.resolve();

  constructor(port: GraphPort, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#port = port;
    this.#clock = clock;
    this.#log = log;
  }

  add<T>(work: LockedWork<T>): Promise<T> {
    const before = this.#last;
    const turn = (async () => {
      await before;
      return this.#persist(work);
    })();
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** When all that was added is done. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #persist<T>(work: LockedWork<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#run(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !(error instanceof LostRace || this.#port.mayRunAgain(error))) throw error;
        this.#log.warn({ attempt, error }, 'a transaction lost its race and runs again');
        await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (attempt - 1)));
      }
    }
  }

  async #run<T>(work: LockedWork<T>): Promise<T> {
    const transaction = await this.#port.begin();
    try {
      const [row] = await transaction.run(LOCK, { at: this.#clock() });
      const { result, commit, committed } = await work(transaction, Number(row?.[0]));
      await (commit ? transaction.commit() : transaction.rollback());
      if (commit) committed?.();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }
}
