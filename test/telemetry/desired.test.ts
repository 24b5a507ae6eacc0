/** What is desired and not reported reaches its device, whoever was away meanwhile: the device, the broker or the server. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { type Telemetry, type TelemetrySettings, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { closeDevices, connectDevice, listenTo } from '../support/mqtt-device.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const CALLER = { actor: null };
const DITTO = JSON.stringify({ dialects: [{ dialect: 'ditto', topics: ['ditto/events/#'] }] });

let graph: TestApplication | undefined;
let telemetry: Telemetry | undefined;
let mosquitto: Mosquitto | undefined;

afterEach(async () => {
  await closeDevices();
  await telemetry?.stop();
  await graph?.close();
  await mosquitto?.stop();
  telemetry = graph = mosquitto = undefined;
});

/** A server on the graph of the one before. */
async function start(settings: Partial<TelemetrySettings> = {}): Promise<TestApplication> {
  await telemetry?.stop();
  if (graph) graph = await graph.restart();
  else {
    graph = await openApplication();
    const ids = ['P-1', 'P-2', 'org.acme:pump-1'];
    await graph.application.upsertTwins(
      ids.map((id) => ({ id, kind: 'ASSET', name: id })),
      CALLER,
    );
  }
  telemetry = await startTelemetry({
    application: graph.application,
    settings: { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins', ...settings },
    clock: systemClock,
    timers: systemTimers,
    log: createRecordingLog().log,
  });
  return graph;
}

const address = (): string => mosquitto?.url ?? (telemetry?.addresses[0] as string);

/** The first message to a device that subscribes now. */
async function firstTold(filter: string): Promise<unknown> {
  const { text } = await (await listenTo(await connectDevice(address()), filter)).next();
  return JSON.parse(text) as unknown;
}

/** Answers when the server has committed it. */
async function report(twin: string, values: object): Promise<void> {
  const device = await connectDevice(address());
  const events = graph?.application.watchTwins({ ids: [twin] });
  await device.publishAsync(`twins/${twin}/telemetry`, JSON.stringify(values), { qos: 1 });
  await events?.next();
  await events?.return?.();
}

describe('on the embedded broker', () => {
  it('a device finds what is desired of it after the server was started again', async () => {
    await start();
    await graph?.application.setDesired('P-1', { setpoint: 5, mode: 'auto' }, CALLER);
    await report('P-1', { mode: 'auto' });
    await start();
    expect(await firstTold('twins/P-1/desired')).toEqual({ setpoint: 5, mode: 'auto' });
  });

  it('values that are desired together are told in one message', async () => {
    const { application } = await start();
    const desired = await listenTo(await connectDevice(address()), 'twins/+/desired');
    await application.setDesired('P-1', { setpoint: 5, mode: 'auto' }, CALLER);
    expect(JSON.parse((await desired.next()).text)).toEqual({ setpoint: 5, mode: 'auto' });
    await application.setDesired('P-2', { setpoint: 6 }, CALLER);
    expect((await desired.next()).topic).toBe('twins/P-2/desired');
  });

  it('a value that was reported is in sync, which is told in the feed, and it is not told again', async () => {
    const { application } = await start();
    await application.setDesired('P-1', { setpoint: 5 }, CALLER);
    expect(application.unreported()).toEqual(['P-1']);
    const events = application.watchTwins({ ids: ['P-1'] });
    const device = await connectDevice(address());
    await device.publishAsync('twins/P-1/telemetry', '{"setpoint":5}', { qos: 1 });
    const { value: event } = (await events.next()) as { value: { kind: string; changed: readonly object[] } };
    await events.return?.();
    expect(event.changed).toMatchObject([{ name: 'setpoint', after: { value: 5, desired: 5 } }]);
    expect(application.unreported()).toEqual([]);
    const restarted = await start();
    expect(restarted.application.unreported()).toEqual([]);
    // Of two twins only the other is told.
    await restarted.application.setDesired('P-2', { setpoint: 6 }, CALLER);
    const { topic } = await (await listenTo(await connectDevice(address()), 'twins/+/desired')).next();
    expect(topic).toBe('twins/P-2/desired');
  });

  it('a value that is desired no more is taken back, and one that drifts away is told again', async () => {
    const { application } = await start();
    await application.setDesired('P-1', { setpoint: 5 }, CALLER);
    await report('P-1', { setpoint: 5 });
    await report('P-1', { setpoint: 4 });
    expect(application.unreported()).toEqual(['P-1']);
    await application.setDesired('P-1', { setpoint: null }, CALLER);
    expect(application.unreported()).toEqual([]);
    await application.setDesired('P-2', { setpoint: 1 }, CALLER);
    await application.deleteTwin('P-2', CALLER);
    expect(application.unreported()).toEqual([]);
  });
});

describe.skipIf(mosquittoPath === null)('on Mosquitto', () => {
  it('a value set while the broker was away goes out after the server was started again', async () => {
    mosquitto = await startMosquitto();
    await start({ mqttUrl: mosquitto.url });
    await mosquitto.kill();
    await graph?.application.setDesired('P-1', { setpoint: 5 }, CALLER);
    await telemetry?.stop();
    telemetry = undefined;
    await mosquitto.restart();
    await start({ mqttUrl: mosquitto.url });
    expect(await firstTold('twins/P-1/desired')).toEqual({ setpoint: 5 });
  });

  it('a value that was taken back while the broker was away is taken from it after the server was started again', async () => {
    mosquitto = await startMosquitto(['persistence true']);
    await start({ mqttUrl: mosquitto.url });
    const early = await listenTo(await connectDevice(address()), 'twins/+/desired');
    await graph?.application.setDesired('P-1', { setpoint: 5 }, CALLER);
    await early.next();
    await graph?.application.setDesired('P-2', { setpoint: 6 }, CALLER);
    await early.next();
    // The server dies before it can tell.
    await telemetry?.stop();
    await graph?.application.setDesired('P-1', { setpoint: null }, CALLER);
    await start({ mqttUrl: mosquitto.url });
    while ((await early.next()).text !== '');
    const { topic } = await (await listenTo(await connectDevice(address()), 'twins/+/desired')).next();
    expect(topic).toBe('twins/P-2/desired');
  });

  it('a broker that comes back with an empty memory is told all that is not reported', async () => {
    mosquitto = await startMosquitto();
    await start({ mqttUrl: mosquitto.url });
    for (const id of ['P-1', 'P-2']) await graph?.application.setDesired(id, { setpoint: 5 }, CALLER);
    await mosquitto.kill();
    await mosquitto.restart();
    expect(await firstTold('twins/P-1/desired')).toEqual({ setpoint: 5 });
    expect(await firstTold('twins/P-2/desired')).toEqual({ setpoint: 5 });
  });
});

describe.skipIf(mosquittoPath === null)('a twin that is heard in another dialect', () => {
  const event = JSON.stringify({
    topic: 'org.acme/pump-1/things/twin/events/modified',
    path: '/features/m/properties/x',
    value: 1,
    revision: 1,
  });

  it('is told in it after the server was started again, and nothing natively', async () => {
    mosquitto = await startMosquitto();
    const settings = { telemetryConfig: DITTO, mqttUrl: mosquitto.url };
    await start(settings);
    const device = await connectDevice(address());
    const commands = await listenTo(device, 'ditto/commands/#');
    const native = await listenTo(await connectDevice(address()), 'twins/+/desired');
    const events = graph?.application.watchTwins({ ids: ['org.acme:pump-1'] });
    await device.publishAsync('ditto/events/a', event, { qos: 1 });
    await events?.next();
    await events?.return?.();
    await graph?.application.setDesired('org.acme:pump-1', { 'm.x': 7 }, CALLER);
    expect(JSON.parse((await commands.next()).text)).toMatchObject({ value: 7 });
    const { application } = await start(settings);
    expect(application.topology.twin('org.acme:pump-1')?.source).toEqual({
      dialect: 'ditto',
      names: { namespace: 'org.acme', name: 'pump-1' },
    });
    // Not reported: told again, without a word of the device.
    expect(JSON.parse((await commands.next()).text)).toMatchObject({ value: 7 });
    await application.setDesired('org.acme:pump-1', { 'm.x': 8 }, CALLER);
    expect(JSON.parse((await commands.next()).text)).toMatchObject({ value: 8 });
    // What would have gone out natively had come before this.
    await application.setDesired('P-1', { last: true }, CALLER);
    expect((await native.next()).topic).toBe('twins/P-1/desired');
  });
});
