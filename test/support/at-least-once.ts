/**
 * One run of the promise "at least once, end to end": devices publish at a rate by way of Mosquitto, meanwhile the graph
 * goes away and comes back, and the server's process is killed; then the graph is held against what was published.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import type { TwinStore } from '../../src/application/twin-store.ts';
import type { PropertyValue } from '../../src/domain/property.ts';
import { openGrafeoStore, openNeo4jStore } from '../../src/store/open-store.ts';
import type { CounterName } from '../../src/telemetry/counters.ts';
import type { LinchpinProcess } from './linchpin-process.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';
import { connectDevice } from './mqtt-device.ts';
import { type Neo4jProcess, startNeo4j } from './neo4j-process.ts';
import { createRecordingLog } from './recording-log.ts';
import { until } from './until.ts';

export interface AtLeastOnceOptions {
  /** Grafeo is part of the server's process: it cannot go away alone, and is killed with the server, twice. */
  readonly graph: 'neo4j' | 'grafeo';
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  readonly twins: number;
  /** How long Neo4j's process is gone, before it is started again. */
  readonly outageMs: number;
  /** For the graph and the list of twins. */
  readonly folder: string;
  readonly start: (argv: readonly string[], environment: Readonly<Record<string, string>>) => LinchpinProcess;
}

export interface AtLeastOnceReport {
  readonly published: number;
  /** Of all the server's lives together, as far as they could still tell. */
  readonly received: number;
  readonly committed: number;
  readonly coalesced: number;
  readonly stale: number;
  readonly redelivered: number;
  readonly retries: number;
  /** Connections to the broker that ended without a kill. */
  readonly disconnected: number;
  readonly kills: number;
  /** Twins whose value is not the last one that was published. */
  readonly wrong: number;
  /** Changes of the feed in which an older value came after a newer one. */
  readonly setBack: number;
  /** Of the server's process, MB. */
  readonly largestMemoryMb: number;
  /** From the first message published to the last one acknowledged by the server. */
  readonly seconds: number;
}

type Totals = Pick<
  Record<CounterName, number>,
  'received' | 'committed' | 'coalesced' | 'stale' | 'redelivered' | 'retries' | 'disconnected' | 'acknowledged'
>;
const TOTALS = [
  'received',
  'committed',
  'coalesced',
  'stale',
  'redelivered',
  'retries',
  'disconnected',
  'acknowledged',
] as const;

/** Queues without a bound: the defaults of Mosquitto lose messages, which no server behind it can prevent. */
const ROOM = ['max_queued_messages 0', 'max_inflight_messages 0'];
const FIRST_OBSERVED_AT = 1_700_000_000_000;
const LAST = 'last';

export async function runAtLeastOnce(options: AtLeastOnceOptions): Promise<AtLeastOnceReport> {
  const broker = await startMosquitto(ROOM);
  const neo4j = options.graph === 'neo4j' ? await startNeo4j() : null;
  const run = new Run(options, broker, neo4j);
  try {
    return await run.whole();
  } finally {
    await run.end();
    await broker.stop();
    await neo4j?.stop();
  }
}

class Run {
  readonly #options: AtLeastOnceOptions;
  readonly #broker: Mosquitto;
  readonly #neo4j: Neo4jProcess | null;
  readonly #environment: Readonly<Record<string, string>>;
  #server: LinchpinProcess | null = null;
  #graphqlUrl = '';
  #metricsUrl = '';
  /** Of the lives before this one. */
  #before: Totals = noTotals();
  #now: Totals = noTotals();
  #largestMemoryMb = 0;
  #kills = 0;

  constructor(options: AtLeastOnceOptions, broker: Mosquitto, neo4j: Neo4jProcess | null) {
    this.#options = options;
    this.#broker = broker;
    this.#neo4j = neo4j;
    const graph = neo4j ? { NEO4J_URI: neo4j.uri } : { DATA_DIR: join(options.folder, 'graph') };
    this.#environment = { ...graph, MQTT_URL: broker.url, PORT: '0', LOG_LEVEL: 'warn' };
  }

  async whole(): Promise<AtLeastOnceReport> {
    const { messages } = this.#options;
    await this.#importTwins();
    await this.#startServer();
    const device = await connectDevice(this.#broker.url);
    const startedAt = performance.now();
    const published = this.#publish(device);
    await this.#untilCommitted(messages / 10);
    if (this.#neo4j) await this.#loseGraph(this.#neo4j);
    else await this.#killServer();
    await this.#untilCommitted(1);
    await this.#killServer();
    await published;
    await device.publishAsync(`twins/T-0/telemetry`, `{"${LAST}":${messages}}`, { qos: 1 });
    // It comes behind all others.
    await this.#look(async () => (await this.#lastOfFirst()) === messages);
    const seconds = (performance.now() - startedAt) / 1000;
    await this.end();
    return { ...(await this.#judge()), seconds };
  }

  async end(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.child.kill('SIGTERM');
    await server.ended;
  }

  async #importTwins(): Promise<void> {
    const { folder, twins, start } = this.#options;
    const lines = Array.from({ length: twins }, (_, i) =>
      JSON.stringify({ twin: { id: `T-${i}`, kind: 'ASSET', name: `Twin ${i}` } }),
    );
    const file = join(folder, 'twins.jsonl');
    writeFileSync(file, lines.join('\n'));
    const { MQTT_URL: _, PORT: __, ...environment } = this.#environment;
    const importing = start(['import', file], environment);
    const { code } = await importing.ended;
    if (code !== 0) throw new Error(`the twins could not be imported: ${importing.err()}`);
  }

  async #startServer(): Promise<void> {
    const server = this.#options.start(['serve'], this.#environment);
    this.#server = server;
    const ready = await server.firstLine;
    this.#graphqlUrl = /graphql=(\S+)/.exec(ready)?.[1] ?? '';
    this.#metricsUrl = new URL('/metrics', this.#graphqlUrl).href;
  }

  /** Payloads n = 0, 1, 2 …, in turn for each twin, as the clock wants them. */
  async #publish(device: MqttClient): Promise<void> {
    const { messages, rate, twins } = this.#options;
    const startedAt = performance.now();
    const acknowledgements: Promise<unknown>[] = [];
    while (acknowledgements.length < messages) {
      const due = Math.min(messages, Math.ceil(((performance.now() - startedAt) / 1000) * rate));
      for (let n = acknowledgements.length; n < due; n++) {
        const payload = `{"n":{"value":${n},"observedAt":${FIRST_OBSERVED_AT + n}}}`;
        acknowledgements.push(device.publishAsync(`twins/T-${n % twins}/telemetry`, payload, { qos: 1 }));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(acknowledgements);
  }

  async #loseGraph(neo4j: Neo4jProcess): Promise<void> {
    const { outageMs } = this.#options;
    await neo4j.kill();
    const back = performance.now() + outageMs;
    await this.#look(() => performance.now() >= back);
    const starting = neo4j.start();
    await this.#look(({ retries }) => retries > 0);
    await starting;
  }

  async #killServer(): Promise<void> {
    this.#server?.child.kill('SIGKILL');
    await this.#server?.ended;
    this.#kills += 1;
    for (const what of TOTALS) this.#before[what] += this.#now[what];
    this.#now = noTotals();
    await this.#startServer();
  }

  async #untilCommitted(more: number): Promise<void> {
    const wanted = this.#now.committed + more;
    await this.#look(({ committed }) => committed >= wanted);
  }

  /** The marker, once it is there. */
  async #lastOfFirst(): Promise<unknown> {
    const answer = await fetch(this.#graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ twin(id: "T-0") { property(name: "${LAST}") { value } } }` }),
    });
    const { data } = (await answer.json()) as { data?: { twin: { property: { value: unknown } | null } | null } };
    return data?.twin?.property?.value;
  }

  /** Asks the server for its counters until they are as wanted. */
  async #look(isWanted: (totals: Totals) => boolean | Promise<boolean>): Promise<void> {
    let isThere = false;
    let failure: unknown;
    const looking = (async () => {
      while (!isThere) {
        const server = this.#server;
        const answer = await fetch(this.#metricsUrl);
        const text = await answer.text();
        this.#now = totalsIn(text);
        const status = readFileSync(`/proc/${server?.child.pid}/status`, 'utf8');
        const peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
        this.#largestMemoryMb = Math.max(this.#largestMemoryMb, Math.round(peakKb / 1024));
        isThere = await isWanted(this.#now);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })().catch((error: unknown) => {
      failure = error;
    });
    await until(() => isThere || failure !== undefined);
    await looking;
    if (failure !== undefined)
      throw new Error(`the server does not answer: ${this.#server?.err()}`, { cause: failure });
  }

  async #judge(): Promise<Omit<AtLeastOnceReport, 'seconds'>> {
    const { messages, twins } = this.#options;
    const store = await this.#openStore();
    try {
      const ids = Array.from({ length: twins }, (_, i) => `T-${i}`);
      const properties = await store.properties(ids);
      const lastOf = (i: number): number => messages - 1 - ((((messages - 1 - i) % twins) + twins) % twins);
      const wrong = ids.filter((id, i) => properties.get(id)?.get('n')?.value !== lastOf(i)).length;
      if (properties.get('T-0')?.get(LAST)?.value !== messages) throw new Error('the last message is not there');
      const total = (what: CounterName & keyof Totals): number => this.#before[what] + this.#now[what];
      return {
        published: messages + 1,
        received: total('received'),
        committed: total('committed'),
        coalesced: total('coalesced'),
        stale: total('stale'),
        redelivered: total('redelivered'),
        retries: total('retries'),
        disconnected: total('disconnected'),
        kills: this.#kills,
        wrong,
        setBack: await countSetBacks(store),
        largestMemoryMb: this.#largestMemoryMb,
      };
    } finally {
      await store.close();
    }
  }

  #openStore(): Promise<TwinStore> {
    const { log } = createRecordingLog();
    if (this.#neo4j === null) return openGrafeoStore({ directory: join(this.#options.folder, 'graph'), log });
    return openNeo4jStore({ uri: this.#neo4j.uri, username: null, password: null, log });
  }
}

/** Walks the feed: whether the value of a twin ever went back. */
async function countSetBacks(store: TwinStore): Promise<number> {
  const valueByTwin = new Map<string, PropertyValue>();
  let setBack = 0;
  const head = await store.head();
  for (let sequence = (await store.oldest()) - 1; sequence < head; ) {
    const records = await store.changesAfter(sequence, 20);
    for (const record of records) {
      sequence = record.sequence;
      for (const { id, properties } of record.twins) {
        const after = properties.find(({ name }) => name === 'n')?.after?.value;
        if (typeof after !== 'number') continue;
        if (after <= Number(valueByTwin.get(id) ?? -1)) setBack += 1;
        valueByTwin.set(id, after);
      }
    }
  }
  return setBack;
}

function totalsIn(metrics: string): Totals {
  const totals = noTotals();
  for (const what of TOTALS) {
    totals[what] = Number(new RegExp(`^linchpin_telemetry_total\\{what="${what}"\\} (\\S+)`, 'm').exec(metrics)?.[1]);
  }
  return totals;
}

function noTotals(): Totals {
  return Object.fromEntries(TOTALS.map((what) => [what, 0])) as Totals;
}
