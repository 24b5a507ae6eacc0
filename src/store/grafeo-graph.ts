/**
 * The embedded engine: Grafeo, a durable graph in a folder, for one process.
 * A database is one file and its `.wal` beside it; the two go together.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import grafeo, {
  type GrafeoDB,
  type GrafeoError,
  type GrafeoValue,
  type QueryResult,
  type Transaction,
} from '@grafeo-db/js';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import {
  alreadyClosed,
  cancelled,
  type GraphParameters,
  type GraphPort,
  type GraphRow,
  type GraphTransaction,
} from './graph-port.ts';

export interface GrafeoOptions {
  /** Made when it is not there; null: the graph is in memory alone, and goes when it is closed. */
  readonly directory: string | null;
  readonly log: Log;
}

const FILE_NAME = 'graph.grafeo';

/** Off by default in Grafeo, where the log would grow without end: at most this much log, or this old, before it is folded in. */
const CHECKPOINT = { walBytes: 64 * 1024 * 1024, intervalMs: 60_000 };

/** Whether a folder holds a graph. */
export function hasGrafeo(directory: string): boolean {
  return existsSync(join(directory, FILE_NAME));
}

/** @throws LinchpinError STORE_UNAVAILABLE when the folder is in use by another process, cannot be written, or is damaged. */
export function openGrafeo({ directory, log }: GrafeoOptions): GraphPort {
  const path = directory === null ? null : join(directory, FILE_NAME);
  let database: GrafeoDB;
  try {
    if (directory !== null) mkdirSync(directory, { recursive: true });
    database = grafeo.GrafeoDB.create(path);
    if (path !== null) database.setCheckpointTriggers(CHECKPOINT);
  } catch (error) {
    throw openError(error, path);
  }
  log.info({ path, engine: `grafeo ${grafeo.version()}` }, 'the graph is open');
  return new GrafeoGraph(database);
}

function openError(cause: unknown, path: string | null): LinchpinError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LinchpinError('STORE_UNAVAILABLE', `the graph ${path ?? 'in memory'} cannot be opened: ${hint(reason)}`, {
    cause,
  });
}

/** Grafeo gives these no code of their own; only the wording of our message hangs on the text. */
function hint(reason: string): string {
  if (reason.includes('cannot be locked'))
    return 'another process has it open, and only one can: stop that one, or use another DATA_DIR';
  if (reason.includes('GRAFEO-S002')) {
    return 'its log is damaged. Restore the folder from a copy, or open a copy of it with walSalvage to keep what was committed before the damage';
  }
  return `see whether the folder can be written and holds a graph of this version (${reason})`;
}

class GrafeoGraph implements GraphPort {
  readonly isShared = false;
  readonly #database: GrafeoDB;
  #isClosed = false;

  constructor(database: GrafeoDB) {
    this.#database = database;
  }

  async read(statement: string, parameters: GraphParameters, signal?: AbortSignal): Promise<GraphRow[]> {
    this.#assertOpen();
    // A statement that runs cannot be stopped here; it is left to end unheard.
    if (signal?.aborted) throw cancelled(signal);
    return toRows(await attempt(() => this.#database.executeCypher(statement, parameters)));
  }

  begin(): GraphTransaction {
    this.#assertOpen();
    try {
      return new GrafeoTransaction(this.#database.beginTransaction());
    } catch (cause) {
      throw refusal(cause as GrafeoError);
    }
  }

  async define(statement: string): Promise<void> {
    if (statement.startsWith('//')) return; // All of it is for another engine.
    await attempt(() => this.#database.executeCypher(statement));
  }

  mayRunAgain(error: unknown): boolean {
    return error instanceof LinchpinError && isLostRace(error.details.cause);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#database.close();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw alreadyClosed();
  }
}

class GrafeoTransaction implements GraphTransaction {
  readonly #transaction: Transaction;
  /** What must have ended before an unordered statement begins; null: nothing. */
  #ordered: Promise<unknown> | null = null;
  /** What must have ended before an ordered one begins. */
  #all: Promise<unknown> | null = null;
  /** The engine's own flag does not follow a commit that is a statement. */
  #isCommitted = false;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  run(statement: string, parameters: GraphParameters): Promise<GraphRow[]> {
    const result = this.#runBehind(this.#all, statement, parameters);
    this.#ordered = result;
    this.#all = result;
    return result;
  }

  runUnordered(statement: string, parameters: GraphParameters): Promise<GraphRow[]> {
    const result = this.#runBehind(this.#ordered, statement, parameters);
    this.#all = Promise.all([this.#all, result]);
    this.#all.catch(() => undefined); // Whoever waits for the statements hears of it.
    return result;
  }

  /** Parameters are handed over in the call itself: meanwhile the engine can work on statements before it. */
  async #runBehind(
    before: Promise<unknown> | null,
    statement: string,
    parameters: GraphParameters,
  ): Promise<GraphRow[]> {
    if (before !== null) await before;
    return toRows(await attempt(() => this.#transaction.executeCypher(statement, parameters)));
  }

  async commit(): Promise<void> {
    await this.#all;
    // A statement is run by the engine's thread; commit() would hold ours up while the log is written.
    await attempt(() => this.#transaction.execute('COMMIT'));
    this.#isCommitted = true;
  }

  async rollback(): Promise<void> {
    await this.#all?.catch(() => undefined);
    if (this.#isCommitted || !this.#transaction.isActive) return;
    try {
      this.#transaction.rollback();
    } catch {
      // A commit that failed has ended it in the engine.
    }
  }
}

function toRows(result: QueryResult): GraphRow[] {
  const rows: GrafeoValue[][] = result.rows();
  for (const row of rows) toNumbers(row);
  return rows as GraphRow[];
}

/** Whole numbers past 2^53, which somebody else may have put on a node, come as bigint: the nearest number stands for them. */
function toNumbers(values: GrafeoValue[]): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'bigint') values[i] = Number(value);
    else if (Array.isArray(value)) toNumbers(value);
  }
}

/** GQLSTATUS class 40, transaction rollback: two transactions changed the same node. */
function isLostRace(error: unknown): boolean {
  return (error as GrafeoError | undefined)?.gqlStatus?.startsWith('40') === true;
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw refusal(cause as GrafeoError);
  }
}

function refusal(cause: GrafeoError): LinchpinError {
  const { message, gqlStatus } = cause;
  const code = isLostRace(cause) ? 'STORE_UNAVAILABLE' : 'INTERNAL';
  return new LinchpinError(code, `the graph refused a statement: ${message}`, {
    cause,
    ...(gqlStatus === undefined ? {} : { received: gqlStatus }),
  });
}
