/**
 * Telemetry received, parsed, coalesced and acknowledged, against a bare mqtt.js subscriber that counts messages, on the
 * same Mosquitto in the same run; at QoS 0 and at QoS 1. A graph that takes everything at once stands behind.
 * The broker gives less than either can take, so the processor time of a message is told beside the rate.
 */
import process from 'node:process';
import mqtt, { type MqttClient } from 'mqtt';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { startTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';
import { publishIfAsked, publishLoad } from './load-publisher.ts';

const MESSAGES = 100_000;
const TWINS = 10_000;
const ROUNDS = 5;
const QUEUEING = ['max_queued_messages 1000000', 'max_inflight_messages 0'];

interface Figure {
  /** Messages a second. */
  readonly rate: number;
  /** Messages in a second of this process's processor time. */
  readonly perCpuSecond: number;
}

/** Takes all readings at once, and keeps none. */
class WillingApplication extends ControlledApplication {
  override async ingest(readings: readonly unknown[]): Promise<{ outcome: 'applied' }[]> {
    return readings.map(() => APPLIED);
  }
}
const APPLIED = { outcome: 'applied' } as const;

await publishIfAsked();
if (mosquittoPath === null) process.exit(0);
for (const qos of [0, 1] as const) {
  const bare: Figure[] = [];
  const ours: Figure[] = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const measured = [await measureBare(qos), await measureOurs(qos)] as const;
    // The first round warms up.
    if (round === 0) continue;
    bare.push(measured[0]);
    ours.push(measured[1]);
  }
  const told = (key: keyof Figure): string => {
    const [a, b] = [median(ours.map((each) => each[key])), median(bare.map((each) => each[key]))];
    return `${Math.round(a)} against ${Math.round(b)} (${(a / b).toFixed(2)})`;
  };
  console.log(`QoS ${qos}: messages a second ${told('rate')}; in a second of processor time ${told('perCpuSecond')}`);
}

async function measureBare(qos: 0 | 1): Promise<Figure> {
  const broker = await startMosquitto(QUEUEING);
  let received = 0;
  const connect = async (): Promise<MqttClient> => {
    const session = { clientId: 'bare', clean: false, properties: { sessionExpiryInterval: 600 } };
    const client = mqtt.connect(broker.url, { protocolVersion: 5, ...session });
    client.on('message', () => (received += 1));
    await new Promise((resolve) => client.once('connect', resolve));
    return client;
  };
  let client = await connect();
  await client.subscribeAsync('twins/+/telemetry', { qos: 1 });
  const figure = await measure(broker.url, qos, {
    received: () => received,
    leave: () => client.endAsync(),
    return: async () => {
      client = await connect();
    },
  });
  await client.endAsync(true);
  await broker.stop();
  return figure;
}

async function measureOurs(qos: 0 | 1): Promise<Figure> {
  const broker = await startMosquitto(QUEUEING);
  const settings = { mqttUrl: broker.url, host: '', mqttPort: 0, topicRoot: 'twins' };
  const { log } = createRecordingLog();
  const start = (): Promise<Telemetry> =>
    startTelemetry({ application: new WillingApplication(), settings, clock, timers, log });
  let telemetry = await start();
  const figure = await measure(broker.url, qos, {
    received: () => telemetry.counters.acknowledged,
    leave: () => telemetry.stop(),
    return: async () => {
      telemetry = await start();
    },
  });
  await telemetry.stop();
  await broker.stop();
  return figure;
}

interface Subscriber {
  received(): number;
  leave(): Promise<void>;
  /** To its session. */
  return(): Promise<void>;
}

/**
 * At QoS 1 the broker has it all when the subscriber comes: a publisher beside it, and what the broker does for that
 * one, would take more of the machine than the subscriber. At QoS 0 Mosquitto keeps nothing for who is away.
 */
async function measure(url: string, qos: 0 | 1, subscriber: Subscriber): Promise<Figure> {
  if (qos === 1) await subscriber.leave();
  const published = publishLoad({ url, qos, count: MESSAGES, twins: TWINS, observedAt: Date.now() - MESSAGES });
  if (qos === 1) await published.then(() => subscriber.return());
  await until(() => subscriber.received() > 0);
  const [from, startedAt, before] = [subscriber.received(), performance.now(), process.cpuUsage()];
  await until(() => subscriber.received() >= MESSAGES);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  await published;
  const count = MESSAGES - from;
  return { rate: count / seconds, perCpuSecond: count / ((user + system) / 1e6) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
