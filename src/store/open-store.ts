/** Opens the store on either engine, with its schema prepared. */
import type { TwinStore } from '../application/twin-store.ts';
import { type Clock, systemClock } from '../domain/timers.ts';
import type { Log } from '../domain/log.ts';
import { type GrafeoOptions, openGrafeo } from './grafeo-graph.ts';
import type { GraphPort } from './graph-port.ts';
import { prepareSchema } from './graph-schema.ts';
import { createGraphStore } from './graph-store.ts';
import { type Neo4jOptions, openNeo4j } from './neo4j-graph.ts';
import { traceGraph } from './traced-graph.ts';

export interface StoreOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** @throws LinchpinError STORE_UNAVAILABLE, or BAD_CONFIG for a graph of a newer schema. */
export async function openGrafeoStore(options: GrafeoOptions & StoreOptions): Promise<TwinStore> {
  return openStore(traceGraph(openGrafeo(options), 'grafeo'), options);
}

/** @throws LinchpinError STORE_UNAVAILABLE, or BAD_CONFIG for refused credentials, an unknown database or a newer schema. */
export async function openNeo4jStore(options: Neo4jOptions & StoreOptions): Promise<TwinStore> {
  return openStore(traceGraph(openNeo4j(options), 'neo4j'), options);
}

async function openStore(
  port: GraphPort,
  { clock = systemClock, log }: StoreOptions & { readonly log: Log },
): Promise<TwinStore> {
  try {
    await prepareSchema(port);
  } catch (error) {
    await port.close();
    throw error;
  }
  return createGraphStore(port, { clock, log });
}
