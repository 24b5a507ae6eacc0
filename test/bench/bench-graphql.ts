/**
 * Hierarchies over HTTP against the same Cypher by hand through the driver, on one Neo4j in one run:
 * the 1,000 children of a twin, and the 10,000 twins below one; with what memory answers, and with a property of each,
 * its time and its quality.
 */
import { performance } from 'node:perf_hooks';
import neo4j, { type Driver } from 'neo4j-driver';
import type { TestProject } from 'vitest/node';
import { createApplication } from '../../src/application/create-application.ts';
import type { ImportInput, RelationshipInput, TwinInput } from '../../src/application/inputs.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import setUpNeo4j, { type Neo4jAddress } from '../support/neo4j-server.ts';

const ROUNDS = 40;
const WARM_UP = 10;

interface Question {
  readonly title: string;
  readonly graphql: string;
  readonly cypher: string;
  readonly rows: number;
}

const QUESTIONS: readonly Question[] = [
  {
    title: '1,000 children, 4 fields',
    graphql: '{ twin(id: "hub") { children(first: 1000) { nodes { id name kind revision } } } }',
    cypher:
      'MATCH (c:Twin)-[:PART_OF]->(:Twin {id: $id}) RETURN c.id AS id, c.name AS name, labels(c) AS kind, c.revision AS revision ORDER BY id',
    rows: 1_000,
  },
  {
    title: '1,000 children, 4 fields and a property with its time and quality',
    graphql:
      '{ twin(id: "hub") { children(first: 1000) { nodes { id name kind revision property(name: "temperature") { value observedAt quality } } } } }',
    cypher:
      'MATCH (c:Twin)-[:PART_OF]->(:Twin {id: $id}) RETURN c.id AS id, c.name AS name, labels(c) AS kind, c.revision AS revision, c.temperature AS temperature, c.`temperature@at` AS at, c.`temperature@quality` AS quality ORDER BY id',
    rows: 1_000,
  },
  {
    title: '10,000 descendants, 2 fields',
    graphql: '{ twin(id: "tree") { descendants(first: 10000) { nodes { id name } } } }',
    cypher: 'MATCH (:Twin {id: $id})<-[:PART_OF*1..]-(d) RETURN d.id AS id, d.name AS name ORDER BY id',
    rows: 10_000,
  },
  {
    title: '10,000 descendants, 2 fields and a property with its time and quality',
    graphql:
      '{ twin(id: "tree") { descendants(first: 10000) { nodes { id name property(name: "temperature") { value observedAt quality } } } } }',
    cypher:
      'MATCH (:Twin {id: $id})<-[:PART_OF*1..]-(d) RETURN d.id AS id, d.name AS name, d.temperature AS temperature, d.`temperature@at` AS at, d.`temperature@quality` AS quality ORDER BY id',
    rows: 10_000,
  },
];

const neo4jServer = await startNeo4j();
const { uri, username, password } = neo4jServer.address;
const { log } = createRecordingLog();
const store = await openNeo4jStore({ uri, username, password, log });
const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared: false });
await running.start();
await running.application.importGraph(plant(), { actor: null });
const api = await startGraphql({
  application: running.application,
  settings: { host: '127.0.0.1', port: 0, graphiql: false },
  log,
  readiness: () => [],
});
const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true });

for (const question of QUESTIONS) {
  const first = await timed(() => askGraphql(question));
  const times = { graphql: [] as number[], cypher: [] as number[] };
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const graphql = await timed(() => askGraphql(question));
    const cypher = await timed(() => askCypher(driver, question));
    if (round < WARM_UP) continue;
    times.graphql.push(graphql);
    times.cypher.push(cypher);
  }
  const [ours, byHand] = [median(times.graphql), median(times.cypher)];
  const figures = `GraphQL over HTTP ${ours.toFixed(1)} ms, Cypher by hand ${byHand.toFixed(1)} ms`;
  console.log(
    `${question.title}: ${figures}, ratio ${(ours / byHand).toFixed(2)}; the first time ${first.toFixed(1)} ms`,
  );
}

await driver.close();
await api.stop();
await running.stop();
await store.close();
await neo4jServer.stop();

async function askGraphql({ graphql, rows }: Question): Promise<void> {
  const response = await fetch(`${api.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: graphql }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { twin: Record<string, { nodes: unknown[] }> };
    errors?: unknown;
  };
  const found = Object.values(data?.twin ?? {})[0]?.nodes.length;
  if (found !== rows) throw new Error(`${graphql} gave ${found} rows: ${JSON.stringify(errors)}`);
}

async function askCypher(from: Driver, { cypher, rows }: Question): Promise<void> {
  const id = rows === 1_000 ? 'hub' : 'tree';
  const { records } = await from.executeQuery(cypher, { id }, { routing: neo4j.routing.READ });
  const objects = records.map((record) => record.toObject());
  if (objects.length !== rows) throw new Error(`${cypher} gave ${objects.length} rows`);
}

/** A hub of 1,000 children, and a tree of four levels with ten parts each. */
function plant(): ImportInput {
  const twins: TwinInput[] = [];
  const relationships: RelationshipInput[] = [];
  const add = (id: string, parent: string | null): void => {
    const properties = { temperature: twins.length / 10, pressure: 3, note: 'as built' };
    twins.push({ id, kind: 'ASSET', name: `Twin ${id}`, properties });
    if (parent !== null) relationships.push({ type: 'PART_OF', source: id, target: parent });
  };
  add('hub', null);
  for (let i = 0; i < 1_000; i++) add(`hub-${i}`, 'hub');
  add('tree', null);
  let level = ['tree'];
  for (let left = 10_000; left > 0; ) {
    const next: string[] = [];
    for (const parent of level) {
      for (let i = 0; i < 10 && left > 0; i++, left--) {
        add(`${parent}/${i}`, parent);
        next.push(`${parent}/${i}`);
      }
    }
    level = next;
  }
  return { models: [], twins, relationships };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

async function startNeo4j(): Promise<{ address: Neo4jAddress; stop: () => Promise<void> }> {
  let address: Neo4jAddress | null = null;
  const provide = (_: string, given: Neo4jAddress | null): void => {
    address = given;
  };
  const stop = await setUpNeo4j({ provide } as unknown as TestProject);
  if (!address) throw new Error('there is no Neo4j to measure on');
  return { address, stop: stop ?? (async () => undefined) };
}
