/** The store: TwinStore over a graph port, the same for both engines. */
import type { PropertiesByTwin, PropertyCondition, StoreTransaction, TwinStore } from '../application/twin-store.ts';
import type { ChangeRecord, Changes } from '../domain/change.ts';
import type { Model } from '../domain/model.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import type { Clock } from '../domain/timers.ts';
import type { Twin } from '../domain/twin.ts';
import { applyReadings } from './apply-readings.ts';
import { toChangeBody, toChangeRecord } from './change-body.ts';
import { statement } from './cypher-statements.ts';
import type { GraphPort, GraphRow, GraphTransaction } from './graph-port.ts';
import { toModels } from './model-record.ts';
import { keysToRead, toNamedProperties, toProperties } from './property-record.ts';
import { toRelationship } from './relationship-record.ts';
import { toRequirements, toTwin } from './twin-record.ts';
import { conditionRow } from './twins-where.ts';
import { writeChanges } from './write-changes.ts';

const LOCK = statement('changes/lock');
const SPAN = statement('changes/span');
const RECORD = statement('changes/record');
const READ_CHANGES = statement('changes/read');
const READ_TIMES = statement('changes/times');
const FORGET = statement('changes/forget');
const SET_OLDEST = statement('changes/set-oldest');
const TWIN_IDS = statement('twins/ids');
const READ_TWINS = statement('twins/read');
const TWINS_WHERE = statement('twins/where');
const READ_REQUIREMENTS = statement('requirements/read');
const READ_RELATIONSHIPS = statement('relationships/read');
const READ_MODELS = statement('models/read');
const READ_MODEL_PROPERTIES = statement('models/read-properties');
const READ_MODEL_TYPES = statement('models/read-types');
const ALL_PROPERTIES = statement('properties/all');
const SOME_PROPERTIES = statement('properties/some');

/** Twins of one page of a scan: memory holds a page, and each page costs a round trip. */
const SCAN_PAGE = 5_000;
/** Records of the feed that one statement reads or forgets: a record of a large import is some megabytes. */
const FEED_PAGE = 100;
const FORGET_PAGE = 1_000;
/** Runs of one transaction that loses its race each time. */
const ATTEMPTS = 6;
const FIRST_RETRY_MS = 20;

export interface GraphStoreOptions {
  readonly clock: Clock;
}

type ReadRows = (text: string, parameters: { readonly [name: string]: unknown }) => Promise<GraphRow[]>;

/** The graph's schema must have been prepared. */
export function createGraphStore(port: GraphPort, { clock }: GraphStoreOptions): TwinStore {
  return new GraphStore(port, clock);
}

class GraphStore implements TwinStore {
  readonly #port: GraphPort;
  readonly #clock: Clock;
  /** Transactions of this process, one behind the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(port: GraphPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  transact<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async (transaction, head) => {
      const writing = new Writing(transaction, head);
      const result = await work(writing);
      return { result, commit: await writing.finish() };
    });
  }

  /** Runs work behind all that came before it, and again when it lost a race against another process. */
  #inTurn<T>(work: LockedWork<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#attempt(work);
        } catch (error) {
          if (attempt === ATTEMPTS || !this.#port.mayRunAgain(error)) throw error;
          await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_MS * 2 ** (attempt - 1)));
        }
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #attempt<T>(work: LockedWork<T>): Promise<T> {
    const transaction = await this.#port.begin();
    try {
      const [row] = await transaction.run(LOCK, { at: this.#clock() });
      const { result, commit } = await work(transaction, Number(row?.[0]));
      await (commit ? transaction.commit() : transaction.rollback());
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }

  async head(): Promise<number> {
    return (await this.#span()).head;
  }

  async oldest(): Promise<number> {
    return (await this.#span()).oldest;
  }

  async #span(): Promise<{ head: number; oldest: number }> {
    const [row] = await this.#port.read(SPAN, {});
    return { head: Number(row?.[0] ?? 0), oldest: Number(row?.[1] ?? 1) };
  }

  async changesAfter(sequence: number, limit: number): Promise<ChangeRecord[]> {
    const { head, oldest } = await this.#span();
    const from = Math.max(sequence + 1, oldest);
    return readChanges((text, parameters) => this.#port.read(text, parameters), from, Math.min(head, from + limit - 1));
  }

  async prune(before: number, keep: number): Promise<number> {
    const start = await this.#span();
    let { oldest } = start;
    for (;;) {
      const until = await this.#firstToKeep(oldest, start.head, before, keep);
      if (until === oldest) return oldest - start.oldest;
      await this.#forget(range(oldest, until - 1));
      oldest = until;
    }
  }

  /** The first sequence from `oldest` on that stays, looking one page ahead. */
  async #firstToKeep(oldest: number, head: number, before: number, keep: number): Promise<number> {
    const sequences = range(oldest, Math.min(head, oldest + FORGET_PAGE - 1));
    const atBySequence = new Map(
      (await this.#port.read(READ_TIMES, { sequences })).map(([sequence, at]) => [Number(sequence), Number(at)]),
    );
    for (const sequence of sequences) {
      const at = atBySequence.get(sequence);
      if (sequence > head - keep && at !== undefined && at >= before) return sequence;
    }
    return oldest + sequences.length;
  }

  #forget(sequences: readonly number[]): Promise<void> {
    return this.#inTurn(async (transaction) => {
      await transaction.run(FORGET, { sequences });
      await transaction.run(SET_OLDEST, { oldest: (sequences.at(-1) as number) + 1 });
      return { result: undefined, commit: true };
    });
  }

  async *scanTwins(): AsyncIterable<Twin[]> {
    for await (const ids of this.#pagesOfIds()) {
      const [rows, requirements] = await Promise.all([
        this.#port.read(READ_TWINS, { ids }),
        this.#port.read(READ_REQUIREMENTS, { ids }),
      ]);
      const byTwin = toRequirements(requirements);
      yield rows.map((row) => toTwin(row, byTwin.get(row[1] as string) ?? []));
    }
  }

  async *scanRelationships(): AsyncIterable<Relationship[]> {
    for await (const ids of this.#pagesOfIds()) {
      const rows = await this.#port.read(READ_RELATIONSHIPS, { ids });
      yield rows.flatMap((row) => toRelationship(row) ?? []);
    }
  }

  /** A page by the ids' index costs the same wherever it lies; skipping or ordering would make a scan quadratic. */
  async *#pagesOfIds(): AsyncIterable<string[]> {
    const ids = (await this.#port.read(TWIN_IDS, {})).map(([id]) => id as string);
    for (let start = 0; start < ids.length; start += SCAN_PAGE) yield ids.slice(start, start + SCAN_PAGE);
  }

  async models(): Promise<Model[]> {
    const [models, properties, types] = await Promise.all([
      this.#port.read(READ_MODELS, {}),
      this.#port.read(READ_MODEL_PROPERTIES, {}),
      this.#port.read(READ_MODEL_TYPES, {}),
    ]);
    return toModels(models, properties, types);
  }

  properties(ids: readonly string[], names?: readonly string[], signal?: AbortSignal): Promise<PropertiesByTwin> {
    return readProperties((text, parameters) => this.#port.read(text, parameters, signal), ids, names);
  }

  async twinsWhere(conditions: readonly PropertyCondition[], signal?: AbortSignal): Promise<string[]> {
    const rows = await this.#port.read(TWINS_WHERE, { conditions: conditions.map(conditionRow) }, signal);
    return rows.map(([id]) => id as string);
  }

  async ping(): Promise<void> {
    await this.#span();
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#port.close();
  }
}

type LockedWork<T> = (
  transaction: GraphTransaction,
  head: number,
) => Promise<{ readonly result: T; readonly commit: boolean }>;

/** What a work sees of its transaction. Writes are sent at once and waited for before the commit. */
class Writing implements StoreTransaction {
  readonly head: number;
  readonly #transaction: GraphTransaction;
  #recorded = 0;

  constructor(transaction: GraphTransaction, head: number) {
    this.#transaction = transaction;
    this.head = head;
  }

  changesAfter(sequence: number): Promise<ChangeRecord[]> {
    return readChanges(this.#read, sequence + 1, this.head);
  }

  properties(ids: readonly string[], names?: readonly string[]): Promise<PropertiesByTwin> {
    return readProperties(this.#read, ids, names);
  }

  applyReadings(readings: readonly Reading[], at: number): Promise<AppliedReading[]> {
    return applyReadings(this.#transaction, readings, at);
  }

  write(changes: Changes): Promise<void> {
    return writeChanges(changes, this.#read);
  }

  async record(record: ChangeRecord): Promise<void> {
    const next = this.head + this.#recorded + 1;
    if (record.sequence !== next) throw new Error(`the feed's next sequence is ${next}, not ${record.sequence}`);
    this.#recorded += 1;
    await this.#transaction.run(RECORD, { sequence: record.sequence, at: record.at, body: toChangeBody(record) });
  }

  /** Whether there is something to commit. */
  async finish(): Promise<boolean> {
    return this.#recorded > 0;
  }

  readonly #read: ReadRows = (text, parameters) => this.#transaction.run(text, parameters);
}

async function readChanges(read: ReadRows, from: number, to: number): Promise<ChangeRecord[]> {
  const records: ChangeRecord[] = [];
  for (let start = from; start <= to; start += FEED_PAGE) {
    const rows = await read(READ_CHANGES, { sequences: range(start, Math.min(to, start + FEED_PAGE - 1)) });
    records.push(...rows.map(toChangeRecord).sort((a, b) => a.sequence - b.sequence));
  }
  return records;
}

async function readProperties(
  read: ReadRows,
  ids: readonly string[],
  names: readonly string[] | undefined,
): Promise<PropertiesByTwin> {
  if (names) {
    const rows = await read(SOME_PROPERTIES, { ids, keys: keysToRead(names) });
    return new Map(rows.map(([id, values]) => [id as string, toNamedProperties(names, values as GraphRow)]));
  }
  const rows = await read(ALL_PROPERTIES, { ids });
  return new Map(
    rows.map(([id, keys, values]) => [id as string, toProperties(keys as readonly string[], values as GraphRow)]),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
