/**
 * What the store asks of a graph database. Two implementations: neo4j-graph.ts and grafeo-graph.ts.
 * Both run the same Cypher; rows come as columns by position, numbers as JavaScript numbers.
 */
import { LinchpinError } from '../domain/errors.ts';

/** A value in a row. Kinds of value that only one engine knows arrive as text. */
export type GraphValue =
  | string
  | number
  | boolean
  | null
  | readonly GraphValue[]
  | { readonly [key: string]: GraphValue };
/** One value per column, in the order of the statement's RETURN. */
export type GraphRow = readonly GraphValue[];
export type GraphParameters = { readonly [name: string]: unknown };

export interface GraphTransaction {
  /** Runs behind all statements before it, whether or not the call waits for them. */
  run(statement: string, parameters: GraphParameters): Promise<GraphRow[]>;
  /** Runs behind those of run() before it; others of this kind may overtake it, so that the engine need not wait for us. */
  runUnordered(statement: string, parameters: GraphParameters): Promise<GraphRow[]>;
  commit(): Promise<void>;
  /** Never throws: what cannot be rolled back is gone with its connection. */
  rollback(): Promise<void>;
}

export interface GraphPort {
  /**
   * Whether others may write to the graph too. Then a transaction that is begun while another one commits waits for the
   * other's locks; where this process is alone, it would see the graph without the other and lose its race.
   */
  readonly isShared: boolean;
  /**
   * One statement that reads, in a transaction of its own.
   * @throws LinchpinError TIMEOUT when the signal is given, and as all others STORE_UNAVAILABLE or INTERNAL
   */
  read(statement: string, parameters: GraphParameters, signal?: AbortSignal): Promise<GraphRow[]>;
  /** Not waited for: when it cannot be begun, its first statement fails. */
  begin(): GraphTransaction;
  /** One statement that changes the schema, in a transaction of its own. */
  define(statement: string): Promise<void>;
  /** Whether a transaction that failed with this error left nothing behind and may succeed when it is run again. */
  mayRunAgain(error: unknown): boolean;
  close(): Promise<void>;
}

/** For a read whose caller has gone. */
export function cancelled(signal: AbortSignal): LinchpinError {
  return new LinchpinError('TIMEOUT', 'the request was cancelled', { cause: signal.reason });
}

export function alreadyClosed(): LinchpinError {
  return new LinchpinError('STORE_UNAVAILABLE', 'the graph is closed');
}
