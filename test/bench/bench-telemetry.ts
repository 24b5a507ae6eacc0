/**
 * Telemetry end to end, MQTT at QoS 1 to committed in the graph, against the bare driver or engine writing the same
 * batches by one UNWIND statement each; in one run, on Grafeo and on Neo4j where it is there.
 * Arguments: grafeo or neo4j, for that one alone; then names of what is measured, for those alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import grafeo from '@grafeo-db/js';
import neo4j from 'neo4j-driver';
import type { TestProject } from 'vitest/node';
import { type RunningApplication, createApplication } from '../../src/application/create-application.ts';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { openGrafeoStore, openNeo4jStore } from '../../src/store/open-store.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { startTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import setUpNeo4j, { type Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';
import { publishIfAsked, publishLoad } from './load-publisher.ts';

const TWINS = 10_000;
const MESSAGES = 150_000;
/** As the intake makes them. */
const BATCH = TELEMETRY_LIMITS.batchReadings;
const ROUNDS = 3;
const LOAD = { count: MESSAGES, twins: TWINS };

/** Each round's readings are newer than those of the round before. */
let nextObservedAt = Date.now() - 100 * MESSAGES;
function takeObservedAt(): number {
  nextObservedAt += MESSAGES;
  return nextObservedAt - MESSAGES;
}

interface Row {
  readonly id: string;
  readonly at: number;
  readonly props: Readonly<Record<string, number>>;
}
/** Readings of a batch in the last round; by hand there are BATCH. */
const batchSizes: Record<string, number> = {};

/** Runs one statement in a commit of its own. */
type RunStatement = (statement: string, parameters: Readonly<Record<string, unknown>>) => Promise<void>;

/**
 * The same batches by hand: the keys that a reading leaves on its twin, on twins of the same graph model, found by
 * the same index, under the same constraint; without the guard, the feed and the state.
 */
const BARE = 'UNWIND $rows AS r MATCH (t:Twin {id: r.id}) SET t += r.props';
/** With a guard by the time that stands there, and with a feed: the batch as text under the next number, all in one statement. */
const GUARDED = `UNWIND $rows AS r MATCH (t:Twin {id: r.id}) WHERE coalesce(t['n@at'], -1) < r.at SET t += r.props
  WITH count(t) AS written MERGE (c:Counter {id: 'bench'}) ON CREATE SET c.head = 1 ON MATCH SET c.head = c.head + 1
  CREATE (:BenchChange {sequence: c.head, written: written, body: $body})`;

await publishIfAsked();
const [only, ...names] = process.argv.slice(2);
const { log } = createRecordingLog();
const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
try {
  if (only !== 'neo4j') await measureGrafeo();
  if (only !== 'grafeo') await measureNeo4j();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureGrafeo(): Promise<void> {
  const bare = join(folder, 'bare');
  const prepared = await openGrafeoStore({ directory: bare, log });
  await importTwins(prepared, 'B');
  await prepared.close();
  const database = grafeo.GrafeoDB.create(join(bare, 'graph.grafeo'));
  const run: RunStatement = async (statement, parameters) => {
    await database.executeCypher(statement, parameters);
  };
  await measure('Grafeo', run, await openGrafeoStore({ directory: join(folder, 'graph'), log }));
  database.close();
}

async function measureNeo4j(): Promise<void> {
  let address: Neo4jAddress | null = null;
  const provide = (_: string, given: Neo4jAddress | null): void => {
    address = given;
  };
  const stop = await setUpNeo4j({ provide } as unknown as TestProject);
  if (address === null) return;
  const { uri, username, password } = address as Neo4jAddress;
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password));
  const store = await openNeo4jStore({ uri, username, password, log });
  await importTwins(store, 'B');
  const run: RunStatement = async (statement, parameters) => {
    await driver.executeQuery(statement, parameters);
  };
  await measure('Neo4j', run, store);
  await driver.close();
  await stop?.();
}

async function importTwins(store: TwinStore, prefix: string): Promise<void> {
  const running = createApplication({ store, clock, timers, log, isShared: false });
  await running.start();
  const twins = twinIds(prefix).map((id) => ({ id, kind: 'ASSET', name: id }));
  await running.application.importGraph({ models: [], twins, relationships: [] }, { actor: null });
  await running.stop();
}

async function measure(engine: string, run: RunStatement, store: TwinStore): Promise<void> {
  await importTwins(store, 'T');
  const running = createApplication({ store, clock, timers, log, isShared: false });
  await running.start();
  const measures: Record<string, () => Promise<number>> = {
    bare: () => rateOf(() => writeBatches((rows) => run(BARE, { rows }))),
    guarded: () => rateOf(() => writeBatches((rows) => run(GUARDED, { rows, body: JSON.stringify(rows) }))),
    ingest: () => rateOf(() => ingestBatches(running)),
    embedded: () => throughEmbedded(running),
    ...(mosquittoPath !== null && { mosquitto: () => throughMosquitto(running) }),
  };
  const rates: Record<string, number[]> = {};
  /** Microseconds of processor time that this process spends on a message, an embedded engine included. */
  const costs: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS + 1; round++) {
    for (const [name, measureOne] of Object.entries(measures)) {
      if (names.length > 0 && !names.includes(name)) continue;
      const before = process.cpuUsage();
      const rate = await measureOne();
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round === 0) continue;
      (rates[name] ??= []).push(rate);
      (costs[name] ??= []).push((user + system) / MESSAGES);
    }
  }
  await running.stop();
  await store.close();
  const against = (rate: number, peer: string): string => (rate / median(rates[peer] ?? [])).toFixed(2);
  console.log(`${engine}, readings a second, against bare and guarded statements`);
  for (const [name, all] of Object.entries(rates)) {
    const rate = median(all);
    const cost = median(costs[name] ?? []).toFixed(1);
    console.log(
      `  ${name}: ${Math.round(rate)} (${against(rate, 'bare')}, ${against(rate, 'guarded')}); ${cost} µs of this process; batches of ${Math.round(batchSizes[name] ?? BATCH)}`,
    );
  }
}

async function writeBatches(write: (rows: readonly Row[]) => Promise<void>): Promise<void> {
  const base = takeObservedAt();
  for (let start = 0; start < MESSAGES; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, MESSAGES - start) }, (_, i) => {
      const n = start + i;
      const at = base + n;
      const props = { n, 'n@at': at, 'n@received': at, revision: n, lastSeen: at, updatedAt: at };
      return { id: `B-${n % TWINS}`, at, props };
    });
    await write(rows);
  }
}

async function ingestBatches({ application }: RunningApplication): Promise<void> {
  const base = takeObservedAt();
  const receivedAt = Date.now();
  for (let start = 0; start < MESSAGES; start += BATCH) {
    const readings = Array.from({ length: Math.min(BATCH, MESSAGES - start) }, (_, i) => {
      const n = start + i;
      const observedAt = base + n;
      return { twin: `T-${n % TWINS}`, property: 'n', value: n, observedAt, receivedAt, quality: 'GOOD' as const };
    });
    const outcomes = await application.ingest(readings);
    if (outcomes.some(({ outcome }) => outcome !== 'applied')) throw new Error('a reading was not applied');
  }
}

async function throughEmbedded({ application }: RunningApplication): Promise<number> {
  const settings = { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins' };
  const telemetry = await startTelemetry({ application, settings, clock, timers, log });
  const seconds = await publishLoad({ ...LOAD, url: telemetry.addresses[0] ?? '', observedAt: takeObservedAt() });
  const { committed, batches } = telemetry.counters;
  batchSizes['embedded'] = committed / batches;
  await telemetry.stop();
  return committed / seconds;
}

/** What it queued while we were away, as Mosquitto and a publisher that feeds it would take most of the machine. */
async function throughMosquitto({ application }: RunningApplication): Promise<number> {
  const broker = await startMosquitto(['max_queued_messages 1000000', 'max_inflight_messages 0']);
  const settings = { mqttUrl: broker.url, host: '', mqttPort: 0, topicRoot: 'twins' };
  const start = (): Promise<Telemetry> => startTelemetry({ application, settings, clock, timers, log });
  // It subscribes, and leaves its session.
  await (await start()).stop();
  await publishLoad({ ...LOAD, url: broker.url, observedAt: takeObservedAt() });
  const telemetry = await start();
  await until(() => telemetry.counters.received > 0);
  const startedAt = performance.now();
  await until(() => telemetry.counters.acknowledged >= MESSAGES);
  const seconds = (performance.now() - startedAt) / 1000;
  const { committed, batches } = telemetry.counters;
  batchSizes['mosquitto'] = committed / batches;
  await telemetry.stop();
  await broker.stop();
  return committed / seconds;
}

async function rateOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return MESSAGES / ((performance.now() - startedAt) / 1000);
}

function twinIds(prefix: string): string[] {
  return Array.from({ length: TWINS }, (_, i) => `${prefix}-${i}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
