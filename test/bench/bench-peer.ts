/**
 * Requests a second and p99 beside @neo4j/graphql 7 on the same Neo4j and graph, and beside graphql-js over memory, under
 * Apollo and bare: a list of 1,000 twins, a tree of three levels, one twin, and twins by the value of a property.
 * `bench-peer [FOLDER]`: where @neo4j/graphql is installed; without it, it is installed into a folder that goes again.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TestProject } from 'vitest/node';
import { createApplication } from '../../src/application/create-application.ts';
import type { RelationshipInput, TwinInput } from '../../src/application/inputs.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import setUpNeo4j, { type Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { SERVERS, type ServerTask } from './peer-servers.ts';

const PACKAGES = ['@neo4j/graphql@7', '@apollo/server@5', 'graphql@16', 'neo4j-driver@6'];
const NAMES = ['linchpin', 'peer', 'memory', 'bare'] as const;
type ServerName = (typeof NAMES)[number];
/** Each server is asked in turn, so that what else the machine does meets all of them. */
const ROUNDS = 5;
const ROUND_MS = 1_500;

const OWN = 'id name description criticality revision';
const OURS = `${OWN} temperature: property(name: "temperature") { value } pressure: property(name: "pressure") { value } note: property(name: "note") { value }`;
const THEIRS = `${OWN} temperature pressure note`;
const LEVELS = (fields: string, open: (size: number) => string, close: string): string =>
  `${fields} ${open(50)} ${fields} ${open(10)} ${fields} ${open(5)} ${fields} ${close} ${close} ${close}`;
const TREE_OURS = LEVELS('id name', (size) => `children(first: ${size}) { nodes {`, '} }');
const TREE_THEIRS = LEVELS('id name', () => 'parts {', '}');

interface Question {
  readonly title: string;
  readonly connections: number;
  /** Rows that the answer must have, of any level. */
  readonly rows: number;
  readonly queries: Record<ServerName, string>;
}

const QUESTIONS: readonly Question[] = [
  {
    title: 'a list of 1,000 twins with 8 fields',
    connections: 4,
    rows: 1_000,
    queries: {
      linchpin: `{ twins(filter: { kinds: [ASSET] }, first: 1000) { nodes { ${OURS} } } }`,
      peer: `{ assets(limit: 1000) { ${THEIRS} } }`,
      memory: `{ list { ${THEIRS} } }`,
      bare: `{ list { ${THEIRS} } }`,
    },
  },
  {
    title: 'a tree of 50 x 10 x 5',
    connections: 4,
    rows: 3_051,
    queries: {
      linchpin: `{ twin(id: "tree") { ${TREE_OURS} } }`,
      peer: `{ assets(where: { id: { eq: "tree" } }) { ${TREE_THEIRS} } }`,
      memory: `{ tree { ${TREE_THEIRS} } }`,
      bare: `{ tree { ${TREE_THEIRS} } }`,
    },
  },
  {
    title: 'one twin with 8 fields',
    connections: 16,
    rows: 1,
    queries: {
      linchpin: `query ($id: ID!) { twin(id: $id) { ${OURS} } }`,
      peer: `query ($id: ID!) { assets(where: { id: { eq: $id } }) { ${THEIRS} } }`,
      memory: `query ($id: ID!) { twin(id: $id) { ${THEIRS} } }`,
      bare: `query ($id: ID!) { twin(id: $id) { ${THEIRS} } }`,
    },
  },
  {
    title: 'twins by the value of a property, 50 of 4,051',
    connections: 16,
    rows: 50,
    queries: {
      linchpin: `{ twins(filter: { where: [{ property: "temperature", gt: 400 }] }) { nodes { ${OURS} } } }`,
      peer: `{ assets(where: { temperature: { gt: 400 } }) { ${THEIRS} } }`,
      memory: `{ filtered { ${THEIRS} } }`,
      bare: `{ filtered { ${THEIRS} } }`,
    },
  },
];

/** Questions for one twin ask for one of the list after the other. */
let asked = 0;

const [role, given] = process.argv.slice(2);
if (role === 'serve') await serve(given as ServerName);
else await compareAll(role);

async function serve(name: ServerName): Promise<void> {
  process.once('disconnect', () => process.exit());
  const [task] = (await once(process, 'message')) as [ServerTask];
  process.send?.(await SERVERS[name](task));
}

async function compareAll(installed: string | undefined): Promise<void> {
  const folder = installed ?? install();
  let address: Neo4jAddress | null = null;
  const provide = (_: string, found: Neo4jAddress | null): void => {
    address = found;
  };
  const stop = await setUpNeo4j({ provide } as unknown as TestProject);
  if (address === null) throw new Error('there is no Neo4j to measure on');
  await fill(address);
  const children: ChildProcess[] = [];
  try {
    const urls = {} as Record<ServerName, string>;
    for (const name of NAMES) {
      const child = fork(process.argv[1] as string, ['serve', name]);
      children.push(child);
      child.send({ neo4j: address, folder } satisfies ServerTask);
      [urls[name]] = (await once(child, 'message')) as [string];
    }
    for (const question of QUESTIONS) await compare(question, urls);
  } finally {
    for (const child of children) child.disconnect();
    await stop?.();
    if (installed === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function install(): string {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-peer-'));
  console.log(`installing ${PACKAGES.join(', ')} into ${folder} (a folder that has them can be named instead)`);
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  const { status, stderr } = spawnSync('npm', ['install', ...options, ...PACKAGES], { encoding: 'utf8' });
  if (status !== 0 || !existsSync(join(folder, 'node_modules', '@neo4j', 'graphql')))
    throw new Error(`@neo4j/graphql cannot be installed: ${stderr}`);
  return folder;
}

async function fill({ uri, username, password }: Neo4jAddress): Promise<void> {
  const { log } = createRecordingLog();
  const store = await openNeo4jStore({ uri, username, password, log });
  const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared: false });
  await running.start();
  await running.application.importGraph(plant(), { actor: null });
  await running.stop();
  await store.close();
}

/** 1,000 twins of a list, and a tree of 50 x 10 x 5. */
function plant() {
  const twins: TwinInput[] = [];
  const relationships: RelationshipInput[] = [];
  const add = (id: string, parent: string | null): void => {
    // The last fifty of the list are above 400.
    const isHot = /^list-09[5-9]/.test(id);
    const properties = { temperature: isHot ? 401 : twins.length % 300, pressure: 3.5, note: `as built ${id}` };
    twins.push({ id, kind: 'ASSET', name: `Twin ${id}`, description: 'of the benchmark', properties });
    if (parent !== null) relationships.push({ type: 'PART_OF', source: id, target: parent });
  };
  const grow = (parent: string, [size = 0, ...below]: readonly number[]): void => {
    for (let i = 0; i < size; i++) {
      add(`${parent}/${i}`, parent);
      grow(`${parent}/${i}`, below);
    }
  };
  for (let i = 0; i < 1_000; i++) add(`list-${String(i).padStart(4, '0')}`, null);
  add('tree', null);
  grow('tree', [50, 10, 5]);
  return { models: [], twins, relationships };
}

async function compare(question: Question, urls: Record<ServerName, string>): Promise<void> {
  const times: Record<ServerName, number[]> = { linchpin: [], peer: [], memory: [], bare: [] };
  const rates: Record<ServerName, number[]> = { linchpin: [], peer: [], memory: [], bare: [] };
  for (const name of NAMES) await checkAnswer(question, name, urls[name]);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of NAMES) {
      const { latencies, rate } = await load(urls[name], question.queries[name], question.connections);
      if (round === 0) continue; // To get warm.
      times[name].push(...latencies);
      rates[name].push(rate);
    }
  }
  const rate = (name: ServerName): number => quantile(rates[name], 0.5);
  const figures = NAMES.map(
    (name) => `${name} ${Math.round(rate(name))}/s, p99 ${quantile(times[name], 0.99).toFixed(1)} ms`,
  );
  const ratios = [
    `${(rate('linchpin') / rate('peer')).toFixed(1)} times the peer's rate`,
    `${(rate('memory') / rate('linchpin')).toFixed(2)} times the time of graphql-js over memory under Apollo`,
    `${(rate('bare') / rate('linchpin')).toFixed(2)} times that of a bare server`,
  ];
  console.log(`${question.title}, ${question.connections} connections: ${[...figures, ...ratios].join('; ')}`);
}

async function checkAnswer({ queries, rows }: Question, name: ServerName, url: string): Promise<void> {
  const text = await post(url, queries[name], new Agent());
  const found = [...text.matchAll(/"name":"Twin /g)].length;
  if (found !== rows || text.includes('"errors"'))
    throw new Error(`${name} answers ${found} of ${rows} rows: ${text.slice(0, 1_000)}`);
}

async function load(url: string, query: string, connections: number): Promise<{ latencies: number[]; rate: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const startedAt = performance.now();
  const ask = async (): Promise<void> => {
    while (performance.now() - startedAt < ROUND_MS) {
      const sentAt = performance.now();
      await post(url, query, agent);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
  const rate = latencies.length / ((performance.now() - startedAt) / 1_000);
  agent.destroy();
  return { latencies, rate };
}

function post(url: string, query: string, agent: Agent): Promise<string> {
  const id = `list-${String(asked++ % 1_000).padStart(4, '0')}`;
  const body = JSON.stringify({ query, variables: query.startsWith('query') ? { id } : {} });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
