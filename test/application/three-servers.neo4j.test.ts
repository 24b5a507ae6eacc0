/**
 * Three servers, each a process, on one Neo4j and one Mosquitto: written through any, watched on any, killed in turn.
 * Every subscriber is told every change once, in order, soon after its commit, also when it moves to another server.
 */
import { type Client, createClient } from 'graphql-ws';
import mqtt from 'mqtt';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { type LinchpinProcess, startLinchpin } from '../support/linchpin-process.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import { until } from '../support/until.ts';

const neo4j = inject('neo4j');
const SERVERS = 3;

interface Server {
  readonly process: LinchpinProcess;
  readonly url: string;
}

let broker: Mosquitto;
let servers: (Server | null)[];
let watchers: Watcher[];

async function start(): Promise<Server> {
  if (!neo4j) throw new Error('there is no Neo4j');
  const { uri, username, password } = neo4j;
  const process = startLinchpin(['serve'], {
    PORT: '0',
    NEO4J_URI: uri,
    NEO4J_USERNAME: username,
    NEO4J_PASSWORD: password,
    MQTT_URL: broker.url,
    LOG_LEVEL: 'error',
  });
  const url = /graphql=(\S+)/.exec(await process.firstLine)?.[1];
  if (!url) throw new Error(`no address in ${process.out()}`);
  return { process, url };
}

async function ask(server: Server | null | undefined, query: string): Promise<{ data?: never; errors?: unknown }> {
  if (!server) throw new Error('the server is down');
  const body = JSON.stringify({ query });
  const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await response.json()) as { data?: never; errors?: unknown };
}

/** A subscriber: on one server until that is gone, then on the next, from its cursor on. */
class Watcher {
  readonly values: number[] = [];
  readonly arrivedAt = new Map<number, number>();
  #cursor: string | null = null;
  #client: Client | undefined;
  #isOver = false;
  gaps = 0;

  async watch(at: number): Promise<void> {
    for (let next = at; !this.#isOver; next += 1) {
      const server = servers[next % SERVERS];
      if (server) await this.#watchOn(server.url).catch(() => undefined);
    }
  }

  async #watchOn(url: string): Promise<void> {
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    this.#client = client;
    const query = `subscription ($after: String) { twinChanged(ids: ["T"], properties: ["n"], after: $after) {
      ... on TwinChange { cursor skipped changed { value } } ... on Gap { cursor missedFrom }
    } }`;
    type Told = { cursor: string; skipped?: number; changed?: { value: number }[] };
    const events = client.iterate<{ twinChanged: Told }>({ query, variables: { after: this.#cursor } });
    for await (const { data } of events) {
      if (!data) continue;
      const { cursor, changed, skipped } = data.twinChanged;
      this.#cursor = cursor;
      if (!changed || skipped !== 0) this.gaps += 1;
      for (const { value } of changed ?? []) {
        this.values.push(value);
        this.arrivedAt.set(value, performance.now());
      }
    }
  }

  async begin(cursor: string, at: number): Promise<void> {
    this.#cursor = cursor;
    void this.watch(at);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#client?.dispose();
  }
}

beforeEach(async () => {
  servers = [];
  watchers = [];
  if (!neo4j || mosquittoPath === null) return;
  await emptyNeo4j(neo4j);
  broker = await startMosquitto(['max_queued_messages 100000', 'max_inflight_messages 0']);
});
afterEach(async () => {
  await Promise.all(watchers.map((watcher) => watcher.stop()));
  for (const server of servers) server?.process.child.kill('SIGKILL');
  await broker?.stop();
});

test.skipIf(!neo4j || mosquittoPath === null)(
  'every change reaches every subscriber once, as a rule within a second, through a kill of each server in turn',
  async () => {
    servers = await Promise.all(Array.from({ length: SERVERS }, start));
    const made = await ask(servers[0], 'mutation { upsertTwins(twins: [{ id: "T", kind: ASSET }]) { id } }');
    expect(made.errors).toBeUndefined();
    const { data } = await ask(servers[0], '{ cursor }');
    watchers = servers.map(() => new Watcher());
    await Promise.all(watchers.map((watcher, i) => watcher.begin((data as unknown as { cursor: string }).cursor, i)));

    const committedAt = new Map<number, number>();
    let last = 0;
    /** Written through one server after the other; an answer that was lost is asked for again, of the next one. */
    const write = async (count: number): Promise<void> => {
      for (const end = last + count; last < end; ) {
        last += 1;
        const at = new Date(1_700_000_000_000 + last).toISOString();
        for (let turn = last; ; turn += 1) {
          const mutation = `mutation { report(id: "T", properties: { n: ${last} }, observedAt: "${at}") { revision } }`;
          const answer = await ask(servers[turn % SERVERS], mutation).catch(() => null);
          if (answer && !answer.errors) break;
        }
        committedAt.set(last, performance.now());
      }
    };
    const all = (): boolean => watchers.every((watcher) => watcher.values.at(-1) === last);

    await write(20);
    await until(all);
    for (const watcher of watchers) {
      const lags = [...committedAt].map(([value, at]) => (watcher.arrivedAt.get(value) ?? Infinity) - at);
      // The middle one: on a busy machine a single one may have to wait for a processor.
      expect(lags.toSorted((a, b) => a - b)[lags.length >> 1]).toBeLessThan(1_000);
    }
    for (let i = 0; i < SERVERS; i += 1) {
      const writing = write(10);
      const killed = servers[i];
      servers[i] = null;
      killed?.process.child.kill('SIGKILL');
      await killed?.process.ended;
      await writing;
      await until(all);
      if (i < SERVERS - 1) servers[i] = await start();
    }
    const expected = Array.from({ length: last }, (_, i) => i + 1);
    for (const { values, gaps } of watchers) expect({ values, gaps }).toEqual({ values: expected, gaps: 0 });

    // A device's message comes in by whichever server holds the session, and reaches the subscribers of all.
    const device = await mqtt.connectAsync(broker.url);
    last += 1;
    await device.publishAsync('twins/T/telemetry', JSON.stringify({ n: last }), { qos: 1 });
    await until(all);
    await device.endAsync(true);
  },
  180_000,
);
