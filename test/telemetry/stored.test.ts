/** From a device's message to the real graph, by the embedded broker. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import type { PropertyState } from '../../src/domain/property.ts';
import { type Telemetry, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { closeDevices, connectDevice, listenTo } from '../support/mqtt-device.ts';
import { type TestApplication, openApplication } from '../support/open-application.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let graph: TestApplication;
let telemetry: Telemetry;
let address: string;

beforeEach(async () => {
  graph = await openApplication();
  const properties = [
    { name: 'temperature', schema: 'double', unit: 'degC' },
    { name: 'setpoint', schema: 'double', writable: true },
  ];
  await graph.application.upsertModels([{ id: 'Pump', kind: 'ASSET', name: 'Pump', properties }], { actor: null });
  const twins = ['P-1', 'site/area 1/насос'].map((id) => ({ id, kind: 'ASSET', name: id, model: 'Pump' }));
  await graph.application.upsertTwins(twins, { actor: null });
  telemetry = await startTelemetry({
    application: graph.application,
    settings: { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins' },
    clock: systemClock,
    timers: systemTimers,
    log: createRecordingLog().log,
  });
  address = telemetry.addresses[0] as string;
});

afterEach(async () => {
  await closeDevices();
  await telemetry.stop();
  await graph.close();
});

async function stored(twin: string, property: string): Promise<PropertyState | undefined> {
  return (await graph.application.properties([twin])).get(twin)?.get(property);
}

describe('a message that is acknowledged', () => {
  it('stands in the graph, with its times and quality', async () => {
    const device = await connectDevice(address);
    const payload = { temperature: { value: 71.5, observedAt: '2026-01-01T00:00:10Z', quality: 'UNCERTAIN' } };
    await device.publishAsync('twins/P-1/telemetry', JSON.stringify(payload), { qos: 1 });
    expect(await stored('P-1', 'temperature')).toMatchObject({
      value: 71.5,
      observedAt: Date.parse('2026-01-01T00:00:10Z'),
      quality: 'UNCERTAIN',
    });
  });

  it('of a twin with slashes and another script stands there too', async () => {
    const device = await connectDevice(address);
    await device.publishAsync('twins/site/area 1/насос/telemetry', '{"temperature":1}', { qos: 1 });
    expect(await stored('site/area 1/насос', 'temperature')).toMatchObject({ value: 1 });
  });

  it('and is late changes nothing', async () => {
    const device = await connectDevice(address);
    for (const [value, second] of [
      [71.5, 10],
      [20, 5],
    ] as const) {
      const payload = { temperature: { value, observedAt: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z` } };
      await device.publishAsync('twins/P-1/telemetry', JSON.stringify(payload), { qos: 1 });
    }
    expect(await stored('P-1', 'temperature')).toMatchObject({ value: 71.5 });
    expect(telemetry.counters).toMatchObject({ committed: 1, stale: 1 });
  });

  it('and does not fit the model is a dead letter, and its other readings are kept', async () => {
    const watcher = await listenTo(await connectDevice(address), 'twins/$dead');
    const device = await connectDevice(address);
    await device.publishAsync('twins/P-1/telemetry', '{"temperature":{"value":"hot"},"pressure":2}', { qos: 1 });
    expect(await stored('P-1', 'temperature')).toBeUndefined();
    expect(await stored('P-1', 'pressure')).toMatchObject({ value: 2 });
    const letter = JSON.parse((await watcher.next()).text) as Record<string, unknown>;
    expect(letter).toMatchObject({ property: 'temperature', reason: expect.stringContaining('double') });
  });

  it('of a twin that nobody knows is quarantined', async () => {
    await telemetry.publish('twins/ghost/telemetry', '{"temperature":1}');
    expect(graph.application.quarantine.list()).toMatchObject([{ id: 'ghost', count: 1 }]);
  });
});

describe('a device', () => {
  it('is online when it reports, offline by its last will', async () => {
    const will = { topic: 'twins/P-1/connectivity', payload: Buffer.from('offline'), qos: 1 as const, retain: false };
    const device = await connectDevice(address, { will });
    await device.publishAsync('twins/P-1/telemetry', '{"temperature":1}', { qos: 1 });
    expect(graph.application.topology.twin('P-1')?.connectivity).toBe('ONLINE');
    const watcher = await listenTo(await connectDevice(address), 'twins/P-1/connectivity');
    device.stream.destroy();
    await watcher.next();
    expect(graph.application.topology.twin('P-1')?.connectivity).toBe('OFFLINE');
  });

  it('is told what is desired of it', async () => {
    const desired = await listenTo(await connectDevice(address), 'twins/P-1/desired');
    await graph.application.setDesired('P-1', { setpoint: 5 }, { actor: null });
    expect((await desired.next()).text).toBe('{"setpoint":5}');
  });
});
