/** The production engine: Neo4j 5.26 or newer through its driver; one server or a cluster. */
import neo4j, {
  type Driver,
  type Neo4jError,
  type QueryResult,
  routing,
  type Session,
  type Transaction,
} from 'neo4j-driver';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import { withHints } from './cypher-statements.ts';
import {
  alreadyClosed,
  cancelled,
  type GraphParameters,
  type GraphPort,
  type GraphRow,
  type GraphTransaction,
  type GraphValue,
} from './graph-port.ts';

export interface Neo4jOptions {
  /** neo4j://, neo4j+s://, bolt:// … */
  readonly uri: string;
  /** null with `password` null: the database asks for no credentials. */
  readonly username: string | null;
  readonly password: string | null;
  /** null: the server's default database. */
  readonly database?: string | null | undefined;
  readonly log: Log;
}

/** Waiting for a connection. */
const CONNECT_MS = 10_000;
/** Trying a read again that failed in passing; whoever asks waits for that long to hear that the server is gone. */
const READ_AGAIN_MS = 3_000;

/** As the driver has it. */
const FETCH_ALL = -1;

/** Nothing is sent yet: the first statement finds out whether the server is there. */
export function openNeo4j({ uri, username, password, database, log }: Neo4jOptions): GraphPort {
  let driver: Driver;
  try {
    driver = neo4j.driver(uri, password === null ? undefined : neo4j.auth.basic(username ?? 'neo4j', password), {
      // Our numbers are doubles and stay below 2^53.
      disableLosslessIntegers: true,
      // Answers are gathered whole: asking for them a thousand rows at a time only waits in between.
      fetchSize: FETCH_ALL,
      connectionAcquisitionTimeout: CONNECT_MS,
      connectionTimeout: CONNECT_MS,
      maxTransactionRetryTime: READ_AGAIN_MS,
      userAgent: 'linchpin',
    });
  } catch (cause) {
    throw new LinchpinError('BAD_CONFIG', `NEO4J_URI: ${(cause as Error).message}`, {
      expected: 'neo4j://host:port',
      cause,
    });
  }
  log.info({ uri, engine: 'neo4j' }, 'the graph is at this address');
  return new Neo4jGraph(driver, typeof database === 'string' ? { database } : {});
}

class Neo4jGraph implements GraphPort {
  readonly isShared = true;
  readonly #driver: Driver;
  readonly #target: { readonly database?: string };
  #isClosed = false;

  constructor(driver: Driver, target: { readonly database?: string }) {
    this.#driver = driver;
    this.#target = target;
  }

  async read(statement: string, parameters: GraphParameters, signal?: AbortSignal): Promise<GraphRow[]> {
    this.#assertOpen();
    if (signal?.aborted) throw cancelled(signal);
    const config = { ...this.#target, routing: routing.READ, ...(signal ? { signal } : {}) };
    try {
      return toRows(await this.#driver.executeQuery(withHints(statement), parameters, config));
    } catch (error) {
      // The driver ends the statement in the server and reports its session closed.
      throw signal?.aborted ? cancelled(signal) : toLinchpinError(error as Neo4jError);
    }
  }

  begin(): GraphTransaction {
    this.#assertOpen();
    const session = this.#driver.session({
      ...this.#target,
      defaultAccessMode: neo4j.session.WRITE,
      bookmarkManager: this.#driver.executeQueryBookmarkManager,
    });
    // The first statement goes out with it.
    return new Neo4jTransaction(session, session.beginTransaction());
  }

  async define(statement: string): Promise<void> {
    await attempt(() => this.#driver.executeQuery(withHints(statement), {}, this.#target));
  }

  mayRunAgain(error: unknown): boolean {
    return error instanceof LinchpinError && error.retriable && neo4j.isRetryableError(error.details.cause);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#driver.close();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw alreadyClosed();
  }
}

class Neo4jTransaction implements GraphTransaction {
  readonly #session: Session;
  readonly #transaction: Transaction;

  constructor(session: Session, transaction: Transaction) {
    this.#session = session;
    this.#transaction = transaction;
  }

  run(statement: string, parameters: GraphParameters): Promise<GraphRow[]> {
    return attempt(async () => toRows(await this.#transaction.run(withHints(statement), parameters)));
  }

  /** The server runs what comes over one connection in order. */
  runUnordered(statement: string, parameters: GraphParameters): Promise<GraphRow[]> {
    return this.run(statement, parameters);
  }

  async commit(): Promise<void> {
    await attempt(() => this.#transaction.commit());
    await this.#session.close();
  }

  async rollback(): Promise<void> {
    await this.#session.close().catch(() => undefined);
  }
}

/** By position: a look-up by name costs more than reading the value did. */
function toRows(result: Pick<QueryResult, 'records'>): GraphRow[] {
  return result.records.map((record) => record.keys.map((_, i) => toGraphValue(record.get(i))));
}

/** Dates, points and the like, which somebody else may have put on a node, become text. */
function toGraphValue(value: unknown): GraphValue {
  if (typeof value !== 'object' || value === null) return value as GraphValue;
  if (Array.isArray(value)) return value.map(toGraphValue);
  return Object.getPrototypeOf(value) === Object.prototype
    ? (value as GraphValue)
    : (value as { toString(): string }).toString();
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toLinchpinError(error as Neo4jError);
  }
}

/** The driver prints its whole routing table behind what went wrong. */
function withoutRoutes(message: string): string {
  return message.replace(/\.?\s*(Known routing table|RoutingTable\[).*$/s, '');
}

function toLinchpinError(cause: Neo4jError): LinchpinError {
  const code = typeof cause.code === 'string' ? cause.code : '';
  const details = { received: code, cause };
  if (code.startsWith('Neo.ClientError.Security.'))
    return new LinchpinError('BAD_CONFIG', `Neo4j refuses the credentials: ${cause.message}`, details);
  if (code === 'Neo.ClientError.Database.DatabaseNotFound')
    return new LinchpinError('BAD_CONFIG', cause.message, details);
  if (code === 'Neo.TransientError.General.MemoryPoolOutOfMemoryError') {
    const what = 'Neo4j has not the memory for this transaction: make it smaller, or give the server more heap';
    return new LinchpinError('LIMIT_EXCEEDED', `${what} (${cause.message})`, details);
  }
  if (cause.retriable)
    return new LinchpinError('STORE_UNAVAILABLE', `Neo4j cannot answer now: ${withoutRoutes(cause.message)}`, details);
  return new LinchpinError('INTERNAL', `Neo4j refused a statement: ${cause.message}`, details);
}
