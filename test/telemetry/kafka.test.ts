/** Kafka as a second way in: Apache Kafka, for real. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { type Telemetry, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { askServer, type ServerAnswers } from '../support/ask-server.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { type Kafka, type KafkaMessage, startKafka, whyNoKafka } from '../support/kafka.ts';
import { type LinchpinProcess, startLinchpin } from '../support/linchpin-process.ts';
import { type LogLine, createRecordingLog } from '../support/recording-log.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

// Kafka takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const TWINS = 100;

let kafka: Kafka;
let application: ControlledApplication;
let started: Telemetry[];
let lines: LogLine[];
let topic: string;
let count = 0;

beforeAll(async () => {
  if (whyNoKafka === null) kafka = await startKafka();
});
afterAll(async () => kafka?.stop());

beforeEach(() => {
  application = new ControlledApplication();
  started = [];
  lines = [];
  topic = `plant-${++count}.telemetry`;
});
afterEach(async () => {
  application.isDown = false;
  await Promise.all(started.map((telemetry) => telemetry.stop()));
});

async function start(topics = topic, to = application): Promise<Telemetry> {
  const { log, lines: recorded } = createRecordingLog();
  lines = recorded;
  const telemetry = await startTelemetry({
    application: to,
    settings: {
      host: '127.0.0.1',
      mqttPort: 0,
      topicRoot: 'twins',
      kafka: { url: kafka.url, topics, group: `group-${count}` },
    },
    clock: systemClock,
    timers: systemTimers,
    log,
  });
  started.push(telemetry);
  return telemetry;
}

const createTopic = (name = topic, partitions = 3): Promise<void> => kafka.createTopic(name, partitions);
const send = (messages: readonly KafkaMessage[]): Promise<void> => kafka.send(topic, messages);

const logged = (words: string): LogLine[] => lines.filter(({ message }) => message.includes(words));

/** n = from, from + 1 … over the twins, without times of their own. */
function numbers(messages: number, from = 0): KafkaMessage[] {
  return Array.from({ length: messages }, (_, i) => ({ key: `T-${(from + i) % TWINS}`, value: `{"n":${from + i}}` }));
}

const ids = Array.from({ length: TWINS }, (_, i) => i);
const hasLastOf = (messages: number, to = application): boolean =>
  ids.every((i) => to.value(`T-${i}`, 'n') === messages - TWINS + i);

describe.skipIf(whyNoKafka !== null)('telemetry by way of Kafka', () => {
  it('reaches the twin that the key names, whatever script it is in', async () => {
    await createTopic();
    const telemetry = await start();
    const twins = ['P-1', 'site/area 1/P-1', 'насос №1', 'a+b#c%'];
    await send(twins.map((key) => ({ key, value: '{"a":1}' })));
    await until(() => telemetry.counters.committed === twins.length);
    expect(twins.map((twin) => application.value(twin, 'a'))).toEqual([1, 1, 1, 1]);
  });

  it('has the time that stands with the record, and the order of the log within one millisecond', async () => {
    await createTopic();
    await start();
    const timestamp = 1_700_000_000_000n;
    await send([1, 2, 3].map((n) => ({ key: 'P-1', value: `{"a":${n}}`, timestamp })));
    await until(() => application.value('P-1', 'a') === 3);
    expect(application.values.get('P-1')?.get('a')).toMatchObject({ observedAt: Number(timestamp), quality: 'GOOD' });
  });

  it('is read from every topic that matches a pattern, each as the topic of MQTT that stands with it', async () => {
    await Promise.all([createTopic(`a${count}.x`), createTopic(`b${count}.x`), createTopic(`c${count}.y`)]);
    await start(`*${count}.x, c${count}.*=twins/{key}/connectivity`);
    await send([
      { topic: `a${count}.x`, key: 'P-1', value: '{"a":1}' },
      { topic: `b${count}.x`, key: 'P-2', value: '{"a":2}' },
      { topic: `c${count}.y`, key: 'P-3', value: 'offline' },
    ]);
    await until(() => application.value('P-1', 'a') === 1 && application.value('P-2', 'a') === 2);
    await until(() => application.reports.length === 1);
    expect(application.reports).toMatchObject([{ twin: 'P-3', connectivity: 'OFFLINE' }]);
  });

  it('that is bad is a dead letter with its place in the log, and does not hold the good up', async () => {
    await createTopic(topic, 1);
    const telemetry = await start();
    const bad = Array.from({ length: 1_100 }, () => ({ key: 'P-1', value: 'not json' }));
    await send([...bad, { value: '{"a":1}' }, { key: 'P-2', value: '' }, { key: 'P-1', value: '{"a":2}' }]);
    await until(() => application.value('P-1', 'a') === 2);
    expect(telemetry.counters.deadLettered).toBe(1_101);
    await until(() => telemetry.counters.kafkaCommits > 0 && telemetry.kafkaLag === 0);
  });
});

describe.skipIf(whyNoKafka !== null)('offsets', () => {
  it('are committed after the graph has the values: what it had not is read again by the next server', async () => {
    await createTopic();
    application.isDown = true;
    const first = await start();
    await send(numbers(1_000));
    await until(() => first.counters.received === 1_000);
    expect(first.counters.kafkaCommits).toBe(0);
    const other = new ControlledApplication();
    const stopped = first.stop();
    await start(topic, other);
    await until(() => hasLastOf(1_000, other));
    await stopped;
  });

  it('that are committed are not read again', async () => {
    await createTopic();
    const first = await start();
    await send(numbers(1_000));
    await until(() => first.counters.acknowledged === 1_000);
    await first.stop();
    const second = await start();
    await send(numbers(100, 1_000));
    await until(() => hasLastOf(1_100));
    expect(second.counters.received).toBe(100);
  });

  it('hold no more in memory than the window while the graph is away, and all is there when it is back', async () => {
    await createTopic();
    application.isDown = true;
    const telemetry = await start();
    await send(numbers(10_000));
    await until(() => telemetry.counters.retries >= 3 && telemetry.counters.received >= 4_096);
    expect(telemetry.counters.received).toBe(4_096);
    application.isDown = false;
    await until(() => hasLastOf(10_000));
    expect(telemetry.counters).toMatchObject({ received: 10_000, disconnected: 0 });
  });
});

describe.skipIf(whyNoKafka !== null)('when members of the group come and go', () => {
  it('nothing is lost, and no older value stands over a newer one', async () => {
    await createTopic(topic, 6);
    const first = await start();
    await send(numbers(2_000));
    const second = await start();
    await until(() => second.counters.kafkaRebalances > 0 && first.counters.kafkaRebalances > 1);
    await send(numbers(2_000, 2_000));
    await until(() => hasLastOf(4_000));
    expect(second.counters.received).toBeGreaterThan(0);
    const stopped = first.stop();
    await send(numbers(2_000, 4_000));
    await stopped;
    await until(() => hasLastOf(6_000));
  });
});

describe.skipIf(whyNoKafka !== null)('when Kafka', () => {
  it('is not there at the start, the start does not wait for it; when it comes and goes, nothing is lost', async () => {
    await createTopic();
    await kafka.kill();
    const telemetry = await start();
    expect(telemetry.reasons()).toEqual(['Kafka cannot be reached']);
    await kafka.start();
    await until(() => telemetry.reasons().length === 0);
    await send(numbers(1_000));
    await until(() => hasLastOf(1_000));
    await kafka.kill();
    await until(() => telemetry.reasons().length === 1);
    await kafka.start();
    await send(numbers(1_000, 1_000));
    await until(() => hasLastOf(2_000));
  });

  it('took records before we had read them, they are counted and told, and reading goes on', async () => {
    await createTopic(topic, 1);
    const first = await start();
    await send(numbers(100));
    await until(() => first.counters.acknowledged === 100);
    await first.stop();
    await send(numbers(300, 100));
    await kafka.deleteRecordsBefore(topic, 250n);
    const second = await start();
    await until(() => hasLastOf(400));
    expect(second.counters).toMatchObject({ kafkaLost: 150, received: 150 });
    expect(logged('they are lost')).toMatchObject([{ level: 'error', fields: { topic, committed: 100, first: 250 } }]);
  });
});

describe.skipIf(whyNoKafka !== null)('when the server is killed while it reads', () => {
  const folder = temporaryFolder();
  let server: LinchpinProcess;
  let asked: ServerAnswers;

  async function startServer(): Promise<void> {
    const argv = ['serve', '--port', '0', '--mqtt-port', '0', '--data-dir', `${folder}/data`];
    const settings = { KAFKA_URL: kafka.url, KAFKA_TOPICS: topic, KAFKA_GROUP: 'killed', LOG_LEVEL: 'warn' };
    server = startLinchpin(argv, settings);
    asked = askServer(await server.firstLine);
  }

  afterEach(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
  });

  /** n of each twin; null where nothing was committed yet. */
  async function values(): Promise<unknown[]> {
    const text = `{ twins(first: ${TWINS}) { nodes { id property(name: "n") { value } } } }`;
    const { nodes } = (await asked.query(text))['twins'] as unknown as {
      nodes: { id: string; property: { value: unknown } | null }[];
    };
    const valueById = new Map(nodes.map(({ id, property }) => [id, property?.value ?? null]));
    return ids.map((i) => valueById.get(`T-${i}`) ?? null);
  }

  it('every last value is there when it is back', async () => {
    const twins = ids.map((i) => JSON.stringify({ twin: { id: `T-${i}`, kind: 'ASSET' } }));
    const plant = writeInto(folder, 'plant.jsonl', `${twins.join('\n')}\n`);
    await startLinchpin(['import', plant, '--data-dir', `${folder}/data`]).ended;
    await createTopic();
    const part = 20_000;
    for (let kills = 1; kills <= 2; kills++) {
      await send(numbers(part, (kills - 1) * part));
      await startServer();
      // Something of this part has been committed, the rest is on its way.
      while (!(await values()).some((n) => Number(n ?? -1) >= (kills - 1) * part));
      server.child.kill('SIGKILL');
      await server.ended;
    }
    await startServer();
    const last = ids.map((i) => 2 * part - TWINS + i);
    await asked.reads('T-99', { n: last[99] });
    while ((await values()).join() !== last.join());
  });
});
