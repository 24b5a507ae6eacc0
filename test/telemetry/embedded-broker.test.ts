/** The embedded broker with real clients; the application is the boundary. */
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { type Telemetry, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { type LogLine, createRecordingLog } from '../support/recording-log.ts';

let application: ControlledApplication;
let telemetry: Telemetry;
let lines: LogLine[];
let address: string;
let clients: MqttClient[];

beforeEach(async () => {
  application = new ControlledApplication();
  const recording = createRecordingLog();
  lines = recording.lines;
  clients = [];
  telemetry = await startTelemetry({
    application,
    settings: { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins' },
    clock: systemClock,
    timers: systemTimers,
    log: recording.log,
  });
  address = telemetry.addresses[0] as string;
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await telemetry.stop();
});

async function connect(options: mqtt.IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(address, { reconnectPeriod: 0, ...options });
  clients.push(client);
  return client;
}

/** Messages of a topic, to be awaited one by one. */
async function listen(
  client: MqttClient,
  filter: string,
): Promise<{ next(): Promise<[topic: string, payload: string]> }> {
  const waiting: [string, string][] = [];
  const wanted: ((message: [string, string]) => void)[] = [];
  client.on('message', (topic, payload) => {
    const message: [string, string] = [topic, payload.toString()];
    const want = wanted.shift();
    if (want) want(message);
    else waiting.push(message);
  });
  await client.subscribeAsync(filter, { qos: 1 });
  return {
    next: () => {
      const message = waiting.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => wanted.push(resolve));
    },
  };
}

describe('a message to the embedded broker', () => {
  it('is in the graph when its sender gets the PUBACK', async () => {
    const client = await connect();
    await client.publishAsync('twins/P-1/telemetry', '{"temperature":71.5}', { qos: 1 });
    expect(application.value('P-1', 'temperature')).toBe(71.5);
  });

  it('is not acknowledged before the commit', async () => {
    let commit = (): void => {};
    const reached = new Promise<void>((resolve) => {
      application.beforeCommit = () => {
        resolve();
        return new Promise((go) => {
          commit = go;
        });
      };
    });
    const client = await connect();
    let isAcknowledged = false;
    const acknowledged = client.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 }).then(() => {
      isAcknowledged = true;
    });
    await reached;
    // A ping goes round while the commit waits: the broker lives, the message has no answer.
    const other = await connect();
    await other.publishAsync('elsewhere', 'x', { qos: 1 });
    expect(isAcknowledged).toBe(false);
    commit();
    await acknowledged;
    expect(application.value('P-1', 'a')).toBe(1);
  });

  it('reaches ordinary subscribers too', async () => {
    const client = await connect();
    const messages = await listen(client, 'twins/+/telemetry');
    await client.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 });
    expect(await messages.next()).toEqual(['twins/P-1/telemetry', '{"a":1}']);
  });
});
