/** The store: TwinStore over a graph port, the same for both engines. */
import type {
  PropertiesByTwin,
  PropertyCondition,
  ReadingsAhead,
  StoreTransaction,
  Retention,
  TwinProperties,
  TwinStore,
} from '../application/twin-store.ts';
import type { ChangeRecord } from '../domain/change.ts';
import type { Log } from '../domain/log.ts';
import type { Model } from '../domain/model.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Clock } from '../domain/timers.ts';
import type { Twin } from '../domain/twin.ts';
import { pruneChanges, type Read, readChanges, readSpan, sequenceAt } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphPort } from './graph-port.ts';
import { LatestStates } from './latest-states.ts';
import { toModels } from './model-record.ts';
import { readPresentProperties, readProperties, readRevisedProperties } from './read-properties.ts';
import { scanRelationships, scanTwins } from './scan-graph.ts';
import { OpenTransaction, prepareReadings, type SentReadings } from './store-transaction.ts';
import { type LockedWork, TransactionQueue } from './transaction-queue.ts';
import { twinsWhere } from './twins-where.ts';

const TWINS_WITH_DESIRED = statement('twins/desired');
const READ_MODELS = statement('models/read');
const READ_MODEL_PROPERTIES = statement('models/read-properties');
const READ_MODEL_TYPES = statement('models/read-types');

export interface GraphStoreOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** The graph's schema must have been prepared. */
export function createGraphStore(port: GraphPort, options: GraphStoreOptions): TwinStore {
  return new GraphStore(port, options);
}

class GraphStore implements TwinStore {
  readonly #port: GraphPort;
  readonly #queue: TransactionQueue;
  readonly #read: Read;
  readonly #latest = new LatestStates();

  constructor(port: GraphPort, options: GraphStoreOptions) {
    this.#port = port;
    this.#queue = new TransactionQueue(port, options);
    this.#read = (text, parameters) => port.read(text, parameters);
  }

  transact<T>(work: (transaction: StoreTransaction) => Promise<T>, ahead?: ReadingsAhead): Promise<T> {
    const latest = this.#latest;
    const locked: LockedWork<T, SentReadings> = async (transaction, head, sent) => {
      const open = new OpenTransaction(transaction, { head, latest, ahead: sent });
      const result = await work(open);
      return {
        result,
        commit: await open.finish(),
        head: open.lastSequence,
        sent: () => open.commitSent(),
        failed: () => open.commitFailed(),
      };
    };
    return this.#queue.add(locked, ahead && (() => prepareReadings(ahead, latest)));
  }

  async head(): Promise<number> {
    return (await readSpan(this.#read)).head;
  }

  async oldest(): Promise<number> {
    return (await readSpan(this.#read)).oldest;
  }

  async changesAfter(sequence: number, limit: number): Promise<ChangeRecord[]> {
    const { head, oldest } = await readSpan(this.#read);
    const from = Math.max(sequence + 1, oldest);
    return readChanges(this.#read, from, Math.min(head, from + limit - 1));
  }

  sequenceAt(at: number): Promise<number> {
    return sequenceAt(this.#read, at);
  }

  prune(keep: Retention): Promise<number> {
    return pruneChanges(this.#read, this.#queue, keep);
  }

  scanTwins(): AsyncIterable<Twin[]> {
    return scanTwins(this.#read);
  }

  scanRelationships(sources: readonly string[] | null = null): AsyncIterable<Relationship[]> {
    return scanRelationships(this.#read, sources);
  }

  async models(): Promise<Model[]> {
    const [models, properties, types] = await Promise.all([
      this.#read(READ_MODELS, {}),
      this.#read(READ_MODEL_PROPERTIES, {}),
      this.#read(READ_MODEL_TYPES, {}),
    ]);
    return toModels(models, properties, types);
  }

  properties(ids: readonly string[], names?: readonly string[], signal?: AbortSignal): Promise<PropertiesByTwin> {
    return readProperties((text, parameters) => this.#port.read(text, parameters, signal), ids, names);
  }

  revisedProperties(
    ids: readonly string[],
    names?: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, TwinProperties>> {
    return readRevisedProperties((text, parameters) => this.#port.read(text, parameters, signal), ids, names);
  }

  presentProperties(ids: readonly string[], names: readonly string[]): Promise<PropertiesByTwin> {
    return readPresentProperties(this.#read, ids, names);
  }

  twinsWhere(conditions: readonly PropertyCondition[], signal?: AbortSignal): Promise<string[]> {
    return twinsWhere((text, parameters) => this.#port.read(text, parameters, signal), conditions);
  }

  async twinsWithDesired(): Promise<string[]> {
    return (await this.#read(TWINS_WITH_DESIRED, {})).map(([id]) => id as string);
  }

  async ping(): Promise<void> {
    await readSpan(this.#read);
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#port.close();
  }
}
