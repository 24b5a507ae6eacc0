/** Several dialects on one broker, from a device's message to the answer of the API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../../src/domain/timers.ts';
import { startTelemetry, type Telemetry } from '../../../src/telemetry/telemetry.ts';
import { type Api, startApi } from '../../support/graphql-client.ts';
import { closeDevices, connectDevice, listenTo } from '../../support/mqtt-device.ts';
import { openApplication, type TestApplication } from '../../support/open-application.ts';
import { createRecordingLog, type LogLine } from '../../support/recording-log.ts';
import { until } from '../../support/until.ts';

const CONFIG = {
  dialects: [
    {
      dialect: 'ditto',
      topics: ['ditto/events/#'],
      twins: { 'org.acme:pump-1': 'P-1' },
      rules: [
        { model: 'Pump', property: 'thermometer.temp', as: 'temperature', unit: 'degF' },
        { model: 'Pump', property: 'drive.*', ignore: true },
        { property: 'motor.setpoint', as: 'setpoint' },
        { property: 'thermostat.target', as: 'target', unit: 'degF' },
        { property: 'thermostat.odd', as: 'odd', unit: 'furlong' },
      ],
    },
    {
      dialect: 'ditto',
      name: 'the new line',
      topics: ['line/+'],
      twin: 'line/{name}',
      rules: [
        { model: 'Pump', property: 'thermometer.temp', as: 'temperature', unit: 'degF' },
        { model: 'Pump', property: 'drive.*', ignore: true },
      ],
      unknownTwins: { provision: { kind: 'ASSET', model: 'Pump' } },
    },
    { dialect: 'ditto', name: 'strangers', topics: ['strangers/+'], unknownTwins: 'refuse' },
  ],
};

let plant: TestApplication;
let api: Api;
let telemetry: Telemetry;
let lines: LogLine[];
let address: string;

beforeEach(async () => {
  plant = await openApplication();
  const properties = [
    { name: 'temperature', schema: 'double', unit: 'degC' },
    { name: 'setpoint', schema: 'double', writable: true },
    { name: 'target', schema: 'double', unit: 'degC', writable: true },
    { name: 'odd', schema: 'double', unit: 'degC', writable: true },
  ];
  await plant.application.upsertModels([{ id: 'Pump', kind: 'ASSET', name: 'Pump', properties }], { actor: null });
  await plant.application.upsertTwins([{ id: 'P-1', kind: 'ASSET', name: 'P-1', model: 'Pump' }], { actor: null });
  const recording = createRecordingLog();
  lines = recording.lines;
  telemetry = await startTelemetry({
    application: plant.application,
    settings: { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins', telemetryConfig: JSON.stringify(CONFIG) },
    clock: systemClock,
    timers: systemTimers,
    log: recording.log,
  });
  address = telemetry.addresses[0] as string;
  api = await startApi(plant.application);
});

afterEach(async () => {
  await closeDevices();
  await api.stop();
  await telemetry.stop();
  await plant.close();
});

/** Answers when the message is stored. */
async function send(topic: string, payload: object): Promise<void> {
  await telemetry.publish(topic, JSON.stringify(payload));
}

function event(thing: string, path: string, value: unknown, verb = 'modified'): object {
  return { topic: `org.acme/${thing}/things/twin/events/${verb}`, path, value };
}

async function propertiesOf(id: string): Promise<Record<string, unknown>> {
  const { data } = await api.query('query($id: ID!) { twin(id: $id) { properties { name value unit } } }', { id });
  const list = (data.twin?.properties ?? []) as { name: string; value: unknown; unit: string | null }[];
  return Object.fromEntries(
    list.map(({ name, value, unit }) => [name, unit === null ? value : `${String(value)} ${unit}`]),
  );
}

describe('a message of another dialect', () => {
  it('comes to the twin, the property and the unit that the mapping says', async () => {
    await send(
      'ditto/events/x',
      event('pump-1', '/features', {
        thermometer: { properties: { temp: 212 } },
        drive: { properties: { noise: 1 } },
        flow: { properties: { rate: 3 } },
      }),
    );
    await send('twins/P-1/telemetry', { native: true });
    expect(await propertiesOf('P-1')).toEqual({ temperature: '100 degC', 'flow.rate': 3, native: true });
  });

  it('takes away what its source has taken away', async () => {
    await send('ditto/events/x', event('pump-1', '/features/flow/properties', { rate: 3, sum: { day: 5, week: 6 } }));
    await send('ditto/events/x', event('pump-1', '/features/flow/properties/sum', undefined, 'deleted'));
    expect(await propertiesOf('P-1')).toEqual({ 'flow.rate': 3 });
    await send('ditto/events/x', event('pump-1', '/features/flow/properties', { day: 1 }));
    expect(await propertiesOf('P-1')).toEqual({ 'flow.day': 1 });
  });

  it('with a unit of something else than the model says is refused', async () => {
    const letters = await listenTo(await connectDevice(address), 'twins/$dead');
    await send('twins/P-1/telemetry', { temperature: { value: 3, unit: 'bar' }, other: 1 });
    expect(JSON.parse((await letters.next()).text)).toMatchObject({
      property: 'temperature',
      reason: expect.stringMatching(/bar.*pressure/),
    });
    expect(await propertiesOf('P-1')).toEqual({ other: 1 });
  });

  it('with a unit that nobody knows is kept with it, and that is said', async () => {
    await send('twins/P-1/telemetry', { temperature: { value: 3, unit: 'furlong' } });
    expect(await propertiesOf('P-1')).toEqual({ temperature: '3 furlong' });
    expect(telemetry.counters.unknownUnits).toBe(1);
    expect(lines.some(({ fields }) => fields['unknown'] === 'furlong')).toBe(true);
  });
});

describe('an unknown twin', () => {
  it('is made where the configuration says so, with its model', async () => {
    await send('line/1', event('pump-7', '/features/a/properties/x', 1));
    expect(await propertiesOf('line/pump-7')).toEqual({ 'a.x': 1 });
    expect(plant.application.topology.twin('line/pump-7')).toMatchObject({ kind: 'ASSET', model: 'Pump' });
    expect(telemetry.counters).toMatchObject({ provisioned: 1, unknownTwin: 0 });
  });

  it('that is made is read by the rules of its model from the first message on', async () => {
    const features = {
      thermometer: { properties: { temp: 212 } },
      drive: { properties: { noise: 1 } },
      flow: { properties: { rate: 3 } },
    };
    const burst = [1, 2, 3].map((at) => send(`line/${at}`, event('pump-8', '/features', features)));
    await Promise.all(burst);
    expect(await propertiesOf('line/pump-8')).toEqual({ temperature: '100 degC', 'flow.rate': 3 });
    expect(telemetry.counters).toMatchObject({ provisioned: 1, deadLettered: 0 });
  });

  it('is refused where the configuration says so', async () => {
    const letters = await listenTo(await connectDevice(address), 'twins/$dead');
    await send('strangers/1', event('ghost', '/features/a/properties/x', 1));
    expect(JSON.parse((await letters.next()).text)).toMatchObject({ property: 'a.x', reason: 'the twin is not known' });
    expect(plant.application.quarantine.list()).toEqual([]);
  });

  it('waits in quarantine, and is adopted with what it has reported', async () => {
    await send('ditto/events/x', event('pump-2', '/features/thermometer/properties', { temp: 50, serial: 'A' }));
    await send('ditto/events/x', event('pump-2', '/features/thermometer/properties/temp', 212));
    const { data } = await api.query(`{ quarantine { totalCount nodes {
      id topic dialect firstSeen lastSeen count sample properties { name value unit observedAt } } } }`);
    expect(data.quarantine.totalCount).toBe(1);
    expect(data.quarantine.nodes[0]).toMatchObject({
      id: 'org.acme:pump-2',
      topic: 'ditto/events/x',
      dialect: 'ditto',
      count: 3,
      sample: expect.stringContaining('212'),
      properties: [
        { name: 'thermometer.temp', value: 212 },
        { name: 'thermometer.serial', value: 'A' },
      ],
    });
    const adopt = 'mutation($twin: TwinInput!) { adopt(twin: $twin) { id model { id } connectivity } }';
    const adopted = await api.query(adopt, { twin: { id: 'org.acme:pump-2', kind: 'ASSET', model: 'Pump' } });
    expect(adopted.data.adopt).toEqual({ id: 'org.acme:pump-2', model: { id: 'Pump' }, connectivity: 'ONLINE' });
    expect(await propertiesOf('org.acme:pump-2')).toEqual({ temperature: '100 degC', 'thermometer.serial': 'A' });
    const again = await api.query(adopt, { twin: { id: 'org.acme:pump-2', kind: 'ASSET' } });
    expect(again.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await send('ditto/events/x', event('pump-2', '/features/thermometer/properties/temp', 122));
    expect(await propertiesOf('org.acme:pump-2')).toMatchObject({ temperature: '50 degC' });
  });

  it('that is adopted with an input that is wrong stays in quarantine', async () => {
    await send('twins/ghost/telemetry', { t: 1 });
    const adopt = 'mutation { adopt(twin: { id: "ghost", kind: ASSET, model: "nothing" }) { id } }';
    expect((await api.query(adopt)).errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    expect(plant.application.quarantine.list()).toHaveLength(1);
  });
});

describe('desired values', () => {
  it('go out in the dialect in which the twin was last heard, under its own names', async () => {
    const commands = await listenTo(await connectDevice(address), 'ditto/commands/#');
    await send('ditto/events/x', event('pump-1', '/features/flow/properties/rate', 3));
    await plant.application.setDesired('P-1', { setpoint: 5 }, { actor: null });
    expect(await commands.next()).toMatchObject({ topic: 'ditto/commands/org.acme/pump-1' });
    const { data } = await api.query('{ twin(id: "P-1") { property(name: "setpoint") { desired inSync } } }');
    expect(data.twin.property).toEqual({ desired: 5, inSync: false });
    await send('ditto/events/x', event('pump-1', '/features/motor/properties/setpoint', 5));
    const after = await api.query('{ twin(id: "P-1") { property(name: "setpoint") { value inSync } } }');
    expect(after.data.twin.property).toEqual({ value: 5, inSync: true });
  });

  it('that were set before the device came go out when it comes', async () => {
    await plant.application.setDesired('P-1', { setpoint: 7 }, { actor: null });
    const commands = await listenTo(await connectDevice(address), 'ditto/commands/#');
    await send('ditto/events/x', event('pump-1', '/features/flow/properties/rate', 3));
    expect(JSON.parse((await commands.next()).text)).toMatchObject({
      path: '/features/motor/desiredProperties/setpoint',
      value: 7,
    });
  });

  it('of the source become ours, and are not told back to it', async () => {
    const commands = await listenTo(await connectDevice(address), 'ditto/commands/#');
    await send('ditto/events/x', event('pump-1', '/features/motor/desiredProperties/setpoint', 8));
    const { data } = await api.query('{ twin(id: "P-1") { property(name: "setpoint") { desired } } }');
    expect(data.twin.property).toEqual({ desired: 8 });
    await plant.application.setDesired('P-1', { setpoint: 9 }, { actor: null });
    expect(JSON.parse((await commands.next()).text)).toMatchObject({ value: 9 });
  });

  it('go out in the unit of the device, come back as what was desired, and are taken in from it', async () => {
    const commands = await listenTo(await connectDevice(address), 'ditto/commands/#');
    const target = async () => {
      const { data } = await api.query('{ twin(id: "P-1") { property(name: "target") { value desired inSync } } }');
      return data.twin.property as unknown;
    };
    await send('ditto/events/x', event('pump-1', '/features/thermostat/properties/target', 32));
    await plant.application.setDesired('P-1', { target: 55 }, { actor: null });
    expect(JSON.parse((await commands.next()).text)).toMatchObject({ value: 131 });
    await send('ditto/events/x', event('pump-1', '/features/thermostat/properties/target', 131));
    expect(await target()).toEqual({ value: 55, desired: 55, inSync: true });
    await send('ditto/events/x', event('pump-1', '/features/thermostat/desiredProperties/target', 50));
    expect(await target()).toEqual({ value: 55, desired: 10, inSync: false });
  });

  it('that cannot be turned into the unit of the device are not told, which is said and counted', async () => {
    const commands = await listenTo(await connectDevice(address), 'ditto/commands/#');
    await send('ditto/events/x', event('pump-1', '/features/flow/properties/rate', 3));
    await plant.application.setDesired('P-1', { odd: 5 }, { actor: null });
    await until(() => telemetry.counters.desiredUnconverted > 0);
    expect(lines.filter(({ fields }) => /furlong is not known/.test(String(fields['reason'])))).toHaveLength(1);
    await send('ditto/events/x', event('pump-1', '/features/thermostat/desiredProperties/odd', 50));
    await until(() => telemetry.counters.deadLettered === 1);
    await plant.application.setDesired('P-1', { setpoint: 9 }, { actor: null });
    expect(JSON.parse((await commands.next()).text)).toMatchObject({ value: 9 });
  });

  it('that the model lets nobody write are dead letters', async () => {
    await send('ditto/events/x', event('pump-1', '/features/thermometer/desiredProperties/temp', 8));
    await until(() => telemetry.counters.deadLettered === 1);
    expect(await propertiesOf('P-1')).toEqual({});
  });
});
