/**
 * 100,000 twins and 500,000 relationships into an empty graph in one transaction, feed included, and all of them read
 * again, against bare statements that write and read the same; on Grafeo, and on Neo4j where it is there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import grafeo from '@grafeo-db/js';
import neo4j from 'neo4j-driver';
import type { TestProject } from 'vitest/node';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { type Changes, NO_CHANGES } from '../../src/domain/change.ts';
import type { Relationship } from '../../src/domain/relationship.ts';
import type { Twin } from '../../src/domain/twin.ts';
import { RELATIONSHIP_KEYS, TWIN_KEYS } from '../../src/store/property-keys.ts';
import { openGrafeoStore, openNeo4jStore } from '../../src/store/open-store.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import setUpNeo4j, { type Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const TWINS = 100_000;
const RELATIONSHIPS = 500_000;
const CHANGES_PER_RECORD = 5_000;
const ROWS = 2_000;

/** Statements of one transaction, by hand. */
interface BareGraph {
  schema(statement: string): Promise<void>;
  write(work: (run: (statement: string, rows: readonly object[]) => Promise<void>) => Promise<void>): Promise<void>;
  /** Number of rows, all of them taken out of the answer. */
  read(statement: string): Promise<number>;
}

/** `grafeo` or `neo4j`, when one is enough. */
const only = process.argv[2];

const { log } = createRecordingLog();
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
  await compare('Grafeo', times, await openGrafeoStore({ directory: join(folder, 'graph'), log }));
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
  await emptyNeo4j({ uri, username, password });
  await driver.close();
  await compare('Neo4j', times, await openNeo4jStore({ uri, username, password, log }));
}

interface Times {
  readonly write: number;
  readonly readTwins: number;
  readonly readRelationships: number;
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
  const twinColumns = TWIN_KEYS.map((key) => `t.${key} AS ${key}`);
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

async function compare(engine: string, bare: Times, store: TwinStore): Promise<void> {
  const write = await timeOf(() => importAll(store));
  const readTwins = await fastest(async () => expectCount(await countOf(store.scanTwins()), TWINS));
  const readRelationships = await fastest(async () =>
    expectCount(await countOf(store.scanRelationships()), RELATIONSHIPS),
  );
  await store.close();
  const figure = (what: string, ours: number, theirs: number): string =>
    `${what} ${Math.round(ours)} ms, bare ${Math.round(theirs)} ms (${(ours / theirs).toFixed(2)})`;
  console.log(
    `${engine}: ${[
      figure('import', write, bare.write),
      figure('all twins', readTwins, bare.readTwins),
      figure('all relationships', readRelationships, bare.readRelationships),
    ].join('; ')}; ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB in this process`,
  );
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

function idOf(i: number): string {
  return `twin-${i}`;
}

function twin(i: number): Twin {
  return {
    id: idOf(i),
    kind: 'ASSET',
    name: `name of ${i}`,
    description: null,
    model: 'pump',
    tags: ['imported'],
    criticality: 0,
    closed: true,
    switches: false,
    conduction: [],
    requirements: [],
    reportedHealth: 'OPERATIONAL',
    measuredHealth: 'OPERATIONAL',
    maintenance: null,
    connectivity: 'NEVER_SEEN',
    lastSeen: null,
    revision: 1,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
  };
}

function relationship(i: number): Relationship {
  return {
    id: `r${i}`,
    type: 'FEEDS',
    source: idOf((i * 7919) % TWINS),
    target: idOf((i * 104_729) % TWINS),
    medium: 'power',
    group: null,
    share: null,
    standbyDelayMs: null,
    closed: true,
    oneWay: false,
    properties: {},
    revision: 1,
  };
}

/** The keys that are there of a twin in the graph. */
function bareTwin(i: number) {
  const { id, name, model, tags, criticality, closed, connectivity, revision, createdAt, updatedAt } = twin(i);
  const props = { id, name, model, tags, criticality, closed, connectivity, revision, createdAt, updatedAt };
  return { props: { ...props, health: 'OPERATIONAL', measuredHealth: 'OPERATIONAL' } };
}

function bareRelationship(i: number) {
  const { id, source, target, medium, closed, oneWay, revision } = relationship(i);
  return { source, target, props: { id, medium, closed, oneWay, revision } };
}

function* pages<T>(count: number, toRow: (i: number) => T): Generator<T[]> {
  for (let start = 0; start < count; start += ROWS) yield Array.from({ length: ROWS }, (_, i) => toRow(start + i));
}

async function countOf(pagesOf: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0;
  for await (const page of pagesOf) count += page.length;
  return count;
}

function expectCount(count: number, expected: number): void {
  if (count !== expected) throw new Error(`${expected} were written, ${count} were read`);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Of three: what others do on the machine only ever adds. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  const times = [await timeOf(work), await timeOf(work), await timeOf(work)];
  return Math.min(...times);
}
