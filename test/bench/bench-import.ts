/**
 * 100,000 twins and 500,000 relationships into an empty graph in one transaction, feed included, by the store alone and
 * from a file as the command does it; all of them read again, and a start with them; against bare statements that write
 * and read the same. On Grafeo, and on Neo4j where it is there.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import grafeo from '@grafeo-db/js';
import neo4j from 'neo4j-driver';
import type { TestProject } from 'vitest/node';
import { createApplication } from '../../src/application/create-application.ts';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { type Changes, NO_CHANGES } from '../../src/domain/change.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { importFiles } from '../../src/exchange/import-files.ts';
import { RELATIONSHIP_KEYS, TWIN_KEYS } from '../../src/store/property-keys.ts';
import { openGrafeoStore, openNeo4jStore } from '../../src/store/open-store.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import setUpNeo4j, { type Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import {
  bareRelationship,
  bareTwin,
  idOf,
  pages,
  RELATIONSHIPS,
  relationship,
  TWINS,
  twin,
  writeGraphFile,
} from './imported-graph.ts';

const CHANGES_PER_RECORD = 5_000;
const START = 'start';
const STARTS = 3;

/** Where a graph is: a folder of Grafeo's, or a Neo4j. */
type Graph = { readonly directory: string } | Neo4jAddress;

/** Statements of one transaction, by hand. */
interface BareGraph {
  schema(statement: string): Promise<void>;
  write(work: (run: (statement: string, rows: readonly object[]) => Promise<void>) => Promise<void>): Promise<void>;
  /** Number of rows, all of them taken out of the answer. */
  read(statement: string): Promise<number>;
}

const { log } = createRecordingLog();
const [role, where] = process.argv.slice(2);
if (role === START) {
  process.send?.(await measureStart(JSON.parse(where as string) as Graph));
  process.exit();
}
/** `grafeo` or `neo4j`, when one is enough. */
const only = role;

const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
try {
  if (only !== 'neo4j') await onGrafeo();
  if (only !== 'grafeo') await onNeo4j();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function onGrafeo(): Promise<void> {
  const database = grafeo.GrafeoDB.create(join(folder, 'bare.grafeo'));
  const bare: BareGraph = {
    async schema(statement) {
      await database.executeCypher(statement);
    },
    async write(work) {
      const transaction = database.beginTransaction();
      await work(async (statement, rows) => {
        await transaction.executeCypher(statement, { rows });
      });
      transaction.commit();
    },
    read: async (statement) => (await database.executeCypher(statement)).rows().length,
  };
  const times = await measureBare(bare);
  database.close();
  await compareStore('Grafeo', times, await openGrafeoStore({ directory: join(folder, 'graph'), log }));
  await compareWhole('Grafeo', times, { directory: join(folder, 'whole') });
}

async function onNeo4j(): Promise<void> {
  let address: Neo4jAddress | null = null;
  const provide = (_: string, given: Neo4jAddress | null): void => {
    address = given;
  };
  // Neo4j holds a transaction in memory; this one takes 2 GB of it, by whichever way it is written.
  process.env['LINCHPIN_NEO4J_HEAP'] ??= '3g';
  const stop = await setUpNeo4j({ provide } as unknown as TestProject);
  if (address === null) return;
  try {
    await measureNeo4j(address);
  } finally {
    await stop?.();
  }
}

async function measureNeo4j({ uri, username, password }: Neo4jAddress): Promise<void> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true });
  const bare: BareGraph = {
    async schema(statement) {
      await driver.executeQuery(statement);
    },
    async write(work) {
      const session = driver.session();
      const transaction = await session.beginTransaction();
      await work(async (statement, rows) => {
        await transaction.run(statement, { rows });
      });
      await transaction.commit();
      await session.close();
    },
    read: async (statement) => (await driver.executeQuery(statement)).records.length,
  };
  const times = await measureBare(bare);
  await driver.close();
  const at = { uri, username, password };
  await emptyNeo4j(at);
  await compareStore('Neo4j', times, await openNeo4jStore({ ...at, log }));
  await emptyNeo4j(at);
  await compareWhole('Neo4j', times, at);
}

interface Times {
  readonly write: Took;
  readonly readTwins: Took;
  readonly readRelationships: Took;
}

async function measureBare(graph: BareGraph): Promise<Times> {
  await graph.schema('CREATE CONSTRAINT bare_id IF NOT EXISTS FOR (t:Bare) REQUIRE t.id IS UNIQUE');
  await graph.schema('CREATE INDEX bare_id_index IF NOT EXISTS FOR (t:Bare) ON (t.id)');
  const write = await timeOf(() =>
    graph.write(async (run) => {
      for (const rows of pages(TWINS, bareTwin)) await run('UNWIND $rows AS r CREATE (t:Bare) SET t = r.props', rows);
      for (const rows of pages(RELATIONSHIPS, bareRelationship)) {
        await run(
          'UNWIND $rows AS r MATCH (a:Bare {id: r.source}), (b:Bare {id: r.target}) CREATE (a)-[x:FEEDS]->(b) SET x = r.props',
          rows,
        );
      }
    }),
  );
  const twinColumns = TWIN_KEYS.map((key) => `t.\`${key}\` AS \`${key}\``);
  const readTwins = await fastest(() =>
    graph.read(`MATCH (t:Bare) RETURN labels(t) AS labels, ${twinColumns.join(', ')}`),
  );
  const columns = RELATIONSHIP_KEYS.map((key) => `x.${key} AS ${key}`);
  const readRelationships = await fastest(() =>
    graph.read(
      `MATCH (a:Bare)-[x]->(b:Bare) RETURN a.id AS source, type(x) AS type, b.id AS target, ${columns.join(', ')}`,
    ),
  );
  return { write, readTwins, readRelationships };
}

/** The store's part: one transaction with its feed, and its scans. */
async function compareStore(engine: string, bare: Times, store: TwinStore): Promise<void> {
  const write = await timeOf(() => importAll(store));
  const readTwins = await fastest(async () => expectCount(await countOf(store.scanTwins()), TWINS));
  const readRelationships = await fastest(async () =>
    expectCount(await countOf(store.scanRelationships()), RELATIONSHIPS),
  );
  await store.close();
  tell(
    engine,
    figure('import by the store', write, bare.write),
    figure('all twins', readTwins, bare.readTwins),
    figure('all relationships', readRelationships, bare.readRelationships),
  );
}

/** From a file into an empty graph as the command does it, and a start with that graph. */
async function compareWhole(engine: string, bare: Times, graph: Graph): Promise<void> {
  const file = join(folder, 'plant.jsonl');
  await writeGraphFile(file);
  const write = await timeOf(() => importFile(file, () => openStore(graph)));
  const starts: Start[] = [];
  for (let n = 0; n < STARTS; n += 1) starts.push(await startElsewhere(graph));
  const [start] = starts.toSorted((a, b) => a.took.wall - b.took.wall) as [Start];
  tell(
    engine,
    figure('import from a file', write, bare.write),
    figure('start', start.took, {
      wall: bare.readTwins.wall + bare.readRelationships.wall,
      processor: bare.readTwins.processor + bare.readRelationships.processor,
    }),
    `${Math.round(start.bytes / 2 ** 20)} MB for all of it, ${Math.round(start.bytes / (TWINS + RELATIONSHIPS))} bytes for a twin or relationship`,
  );
}

async function openStore(graph: Graph): Promise<TwinStore> {
  return 'directory' in graph ? openGrafeoStore({ ...graph, log }) : openNeo4jStore({ ...graph, log });
}

interface Start {
  readonly took: Took;
  /** Of memory, when garbage is collected, beside that of a process without a graph. */
  readonly bytes: number;
}

/** In a process of its own, as a server is: what an import leaves in memory is no part of it. */
async function startElsewhere(graph: Graph): Promise<Start> {
  const child = fork(process.argv[1] as string, [START, JSON.stringify(graph)]);
  const [start] = (await once(child, 'message')) as [Start];
  await once(child, 'exit');
  return start;
}

async function measureStart(graph: Graph): Promise<Start> {
  const store = await openStore(graph);
  const before = usedMemory();
  let full: Awaited<ReturnType<typeof startOn>> | undefined;
  const took = await timeOf(async () => {
    full = await startOn(store);
  });
  expectCount(full?.application.topology.relationshipCount ?? 0, RELATIONSHIPS);
  const bytes = usedMemory() - before;
  await full?.stop();
  return { took, bytes };
}

async function importFile(file: string, open: () => Promise<TwinStore>): Promise<void> {
  const empty = await startOn(await open());
  await importFiles(empty.application, [file], {
    format: null,
    mapping: null,
    keepGoing: false,
    dryRun: false,
    actor: null,
  });
  await empty.stop();
}

async function startOn(store: TwinStore) {
  const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared: false });
  await running.start();
  const stop = async (): Promise<void> => {
    await running.stop();
    await store.close();
  };
  return { application: running.application, stop };
}

function usedMemory(): number {
  for (let n = 0; n < 3; n += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function figure(what: string, ours: Took, theirs: Took): string {
  const compare = (key: keyof Took): string =>
    `${Math.round(ours[key])} ms, bare ${Math.round(theirs[key])} ms (${(ours[key] / theirs[key]).toFixed(2)})`;
  return `${what} ${compare('wall')}, of processor time ${compare('processor')}`;
}

function tell(engine: string, ...figures: readonly string[]): void {
  console.log(`${engine}: ${figures.join('; ')}`);
}

function importAll(store: TwinStore): Promise<void> {
  const changes: Changes = {
    twins: Array.from({ length: TWINS }, (_, i) => ({ id: idOf(i), before: null, after: twin(i), properties: [] })),
    relationships: Array.from({ length: RELATIONSHIPS }, (_, i) => ({
      id: `r${i}`,
      before: null,
      after: relationship(i),
    })),
    models: [],
  };
  return store.transact(async (transaction) => {
    await transaction.write(changes);
    let sequence = transaction.head;
    for (const key of ['twins', 'relationships'] as const) {
      for (let start = 0; start < changes[key].length; start += CHANGES_PER_RECORD) {
        sequence += 1;
        const part = { ...NO_CHANGES, [key]: changes[key].slice(start, start + CHANGES_PER_RECORD) };
        await transaction.record({ ...part, sequence, at: 1, origin: 'import', actor: null });
      }
    }
  });
}

async function countOf(pagesOf: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0;
  for await (const page of pagesOf) count += page.length;
  return count;
}

function expectCount(count: number, expected: number): void {
  if (count !== expected) throw new Error(`${expected} were written, ${count} were read`);
}

/** Milliseconds, and those that this process had a processor for: on a machine with other work only they can be compared. */
interface Took {
  readonly wall: number;
  readonly processor: number;
}

async function timeOf(work: () => Promise<unknown>): Promise<Took> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - startedAt, processor: (user + system) / 1_000 };
}

/** Of three: what others do on the machine only ever adds. */
async function fastest(work: () => Promise<unknown>): Promise<Took> {
  const times = [await timeOf(work), await timeOf(work), await timeOf(work)];
  return {
    wall: Math.min(...times.map((time) => time.wall)),
    processor: Math.min(...times.map((time) => time.processor)),
  };
}
