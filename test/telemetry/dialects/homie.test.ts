/** The Homie convention 5: https://homieiot.github.io/specification/ */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../../src/domain/timers.ts';
import { startTelemetry } from '../../../src/telemetry/telemetry.ts';
import { ControlledApplication } from '../../support/controlled-application.ts';
import { DialectProbe, RECEIVED_AT } from '../../support/dialect-probe.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../../support/mosquitto.ts';
import { closeDevices, connectDevice } from '../../support/mqtt-device.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { until } from '../../support/until.ts';

const property = (datatype: string, more: object = {}): object => ({ name: datatype, datatype, ...more });
const DESCRIPTION = {
  homie: '5.0',
  version: 7,
  name: 'Pump',
  nodes: {
    motor: {
      properties: {
        speed: property('integer', { unit: 'rpm', settable: true }),
        temperature: property('float', { unit: '°C' }),
        on: property('boolean', { settable: true }),
        mode: property('enum', { format: 'eco,full', settable: true }),
        label: property('string', { settable: true }),
        colour: property('color', { format: 'rgb' }),
        since: property('datetime'),
        took: property('duration'),
        detail: property('json', { settable: true }),
        starts: property('integer', { unit: '#' }),
        plain: {},
        restart: property('boolean', { settable: true, retained: false }),
      },
    },
  },
};
const text = JSON.stringify;
const topicOf = (path: string, device = 'pump-1'): string => `homie/5/${device}/${path}`;
let homie: DialectProbe;

beforeEach(() => {
  homie = new DialectProbe({ dialect: 'homie' });
});

const describeDevice = (description: object = DESCRIPTION, device?: string): void =>
  void homie.decode(topicOf('$description', device), description);
const connectivity = (state: string, device?: string): unknown[] =>
  homie.tell(topicOf('$state', device), state).reports.map((report) => [report.twin, report.connectivity]);

describe('a value', () => {
  beforeEach(() => describeDevice());

  it.each([
    ['speed', '-12', -12],
    ['temperature', '21.5', 21.5],
    ['temperature', '1.5e2', 150],
    ['on', 'true', true],
    ['mode', 'eco', 'eco'],
    ['label', '21', '21'],
    ['label', '\0', ''],
    ['colour', 'rgb,100,50,0', 'rgb,100,50,0'],
    ['since', '2026-03-01T11:00:00Z', '2026-03-01T11:00:00Z'],
    ['took', 'PT12H5M46S', 'PT12H5M46S'],
    ['detail', '{"a":[1]}', { a: [1] }],
    ['plain', '5', '5'],
  ])('of %s is read by its datatype: %j', (name, payload, value) => {
    expect(homie.values(topicOf(`motor/${name}`), payload)).toEqual({ 'pump-1': { [`motor.${name}`]: value } });
  });

  it.each([
    ['speed', '1.5'],
    ['speed', '12345678901234567890'],
    ['speed', '0x10'],
    ['temperature', 'NaN'],
    ['temperature', '1e999'],
    ['on', 'TRUE'],
    ['mode', 'fast'],
    ['detail', '5'],
    ['detail', '{'],
    ['unknown', '5'],
  ])('of %s that its description does not allow is set aside: %j', (name, payload) => {
    expect(homie.tellAll(topicOf(`motor/${name}`), payload)).toMatchObject({
      readings: [],
      refusals: [{ property: `motor.${name}` }],
    });
  });

  it('has the unit of its description, and a count has none', () => {
    expect(homie.tell(topicOf('motor/temperature'), '21').readings[0]?.unit).toBe('°C');
    expect(homie.tell(topicOf('motor/starts'), '3').readings[0]).not.toHaveProperty('unit');
  });

  it('that its device takes away is gone', () => {
    expect(homie.tell(topicOf('motor/speed'), '').removals).toMatchObject([{ property: 'motor.speed', reach: 'ONE' }]);
  });

  it('of a property that the description has no more is gone', () => {
    const { speed } = DESCRIPTION.nodes.motor.properties;
    const { removals } = homie.tell(topicOf('$description'), {
      homie: '5.0',
      nodes: { motor: { properties: { speed } } },
    });
    expect(removals.map((each) => each.property)).toContain('motor.temperature');
    expect(removals.map((each) => each.property)).not.toContain('motor.speed');
  });

  it('of alerts, logs and broadcasts says nothing', () => {
    expect(homie.decode(topicOf('$alert/battery'), 'low')?.kind).toBe('empty');
    expect(homie.decode('homie/5/$broadcast/security/alert', 'x')?.kind).toBe('empty');
  });
});

describe('a value before its description', () => {
  it('is told when that comes, as of when it was received', () => {
    expect(homie.decode(topicOf('motor/speed'), '1')?.kind).toBe('empty');
    expect(homie.decode(topicOf('motor/speed'), '2', { isReplay: true })?.kind).toBe('empty');
    homie.now += 5_000;
    const { readings } = homie.tell(topicOf('$description'), DESCRIPTION);
    expect(readings).toMatchObject([
      { property: 'motor.speed', value: 2, observedAt: RECEIVED_AT, quality: 'UNCERTAIN' },
    ]);
    expect(homie.tell(topicOf('$description'), DESCRIPTION).readings).toEqual([]);
  });

  it('that waits for a minute is set aside and told', () => {
    homie.decode(topicOf('motor/speed'), '1');
    expect(homie.entry.dialect.wakeAt).toBe(RECEIVED_AT + 60_000);
    homie.now += 60_000;
    expect(homie.wake().refusals[0]?.reason).toContain(topicOf('motor/speed'));
    expect(homie.entry.dialect.wakeAt).toBeUndefined();
  });

  it('is refused when it is large, or when too many wait', () => {
    expect(homie.decode(topicOf('motor/label'), 'x'.repeat(1_025))).toMatchObject({ kind: 'refused' });
    for (let i = 0; i < 10_000; i += 1) homie.decode(topicOf(`motor/p${i}`), '1');
    expect(homie.decode(topicOf('motor/one-more'), '1')).toMatchObject({ kind: 'refused' });
    expect(homie.decode(topicOf('motor/p1'), '2')?.kind).toBe('empty');
  });
});

describe('the state of a device', () => {
  it.each([
    ['ready', 'ONLINE'],
    ['sleeping', 'STALE'],
    ['disconnected', 'OFFLINE'],
    ['lost', 'OFFLINE'],
    ['', 'OFFLINE'],
  ])('%j makes it %s', (state, expected) => {
    expect(connectivity(state)).toEqual([['pump-1', expected]]);
  });

  it('init leaves it as it was, and others are refused', () => {
    expect(connectivity('init')).toEqual([]);
    expect(homie.decode(topicOf('$state'), 'alert')).toMatchObject({ kind: 'refused' });
  });

  it('that is the root holds for its children and theirs, which have no last will', () => {
    describeDevice({ homie: '5.0', children: ['child'] }, 'root');
    describeDevice({ homie: '5.0', root: 'root', parent: 'root', children: ['grandchild', 'child'] }, 'child');
    describeDevice({ homie: '5.0', root: 'root', parent: 'child' }, 'grandchild');
    expect(connectivity('ready', 'root')).toEqual([['root', 'ONLINE']]);
    expect(connectivity('ready', 'child')).toEqual([['child', 'ONLINE']]);
    connectivity('sleeping', 'grandchild');
    expect(connectivity('lost', 'root')).toEqual([
      ['root', 'OFFLINE'],
      ['child', 'OFFLINE'],
      ['grandchild', 'OFFLINE'],
    ]);
    expect(connectivity('ready', 'child')).toEqual([['child', 'OFFLINE']]);
    expect(connectivity('ready', 'root')).toEqual([
      ['root', 'ONLINE'],
      ['child', 'ONLINE'],
      ['grandchild', 'STALE'],
    ]);
  });
});

describe('what is desired', () => {
  const desired = (values: Record<string, unknown>, isInSync = false): unknown[] => {
    const source = homie.sourceByTwin.get('pump-1') ?? {};
    const list = Object.entries(values).map(([name, value]) => ({ property: name, value: value as never, isInSync }));
    const { messages } = homie.entry.encodeDesired('pump-1', source, list, homie.now);
    return messages.map(({ topic, payload, retain }) => [topic, payload, retain]);
  };

  beforeEach(() => {
    homie.decode(topicOf('$state'), 'init');
    describeDevice();
    homie.decode(topicOf('$state'), 'ready');
  });

  it('goes out as a command of each property, as text of its datatype, not retained', () => {
    const values = {
      'motor.speed': 5,
      'motor.on': false,
      'motor.mode': 'full',
      'motor.label': '',
      'motor.detail': { a: 1 },
    };
    expect(desired(values)).toEqual([
      [topicOf('motor/speed/set'), '5', false],
      [topicOf('motor/on/set'), 'false', false],
      [topicOf('motor/mode/set'), 'full', false],
      [topicOf('motor/label/set'), '\0', false],
      [topicOf('motor/detail/set'), '{"a":1}', false],
    ]);
  });

  it('does not go out where it is reported already; where it cannot be set, or would act again, that is told', () => {
    expect(desired({ 'motor.speed': 5 }, true)).toEqual([]);
    expect(desired({ 'motor.mode': null })).toEqual([]);
    expect(homie.entry.dialect.wakeAt).toBeUndefined();
    const untold = { 'motor.temperature': 5, 'motor.restart': true, 'motor.speed': 1.5, 'motor.nothing': 1 };
    expect(desired(untold)).toEqual([]);
    expect(homie.entry.dialect.wakeAt).toBe(0);
    const why = 'pump-1: a desired value cannot be told:';
    expect(homie.wake().refusals).toEqual([
      { property: 'motor.temperature', reason: `${why} it cannot be set` },
      { property: 'motor.restart', reason: `${why} it is a command, not a state` },
      { property: 'motor.speed', reason: `${why} expected a value of the datatype integer` },
      { property: 'motor.nothing', reason: `${why} the description of its device does not have it` },
    ]);
    expect(homie.entry.dialect.wakeAt).toBeUndefined();
  });

  it('is brought to a device that is ready once it has described itself', () => {
    homie = new DialectProbe({ dialect: 'homie' });
    connectivity('ready');
    expect(homie.tell(topicOf('$description'), DESCRIPTION).reports).toMatchObject([{ connectivity: 'ONLINE' }]);
  });

  it('comes in as the target of a device, but not one that the broker had kept', () => {
    const topic = topicOf('motor/speed/$target');
    expect(homie.tell(topic, '9').desired).toEqual([{ twin: 'pump-1', property: 'motor.speed', value: 9 }]);
    expect(homie.decode(topic, '8', { isReplay: true })?.kind).toBe('empty');
  });
});

describe('a description', () => {
  it('of another version, or none, is refused', () => {
    expect(homie.decode(topicOf('$description'), { ...DESCRIPTION, homie: '4.0' })).toMatchObject({ kind: 'refused' });
    expect(homie.decode(topicOf('$description'), '[]')).toMatchObject({ kind: 'refused' });
  });
});

describe.skipIf(mosquittoPath === null)('a server that starts again, by way of Mosquitto', () => {
  let broker: Mosquitto;

  afterEach(async () => {
    await closeDevices();
    await broker.stop();
  });

  it.each([
    ['', {}],
    [', as a shard whose filters are wider', { clientId: 'north', filters: ['homie/#'] }],
  ])('knows what values mean, though its session has been there before%s', async (_, shard) => {
    broker = await startMosquitto();
    const application = new ControlledApplication();
    const start = (): ReturnType<typeof startTelemetry> =>
      startTelemetry({
        application,
        settings: {
          mqttUrl: broker.url,
          host: '127.0.0.1',
          mqttPort: 0,
          topicRoot: 'twins',
          telemetryConfig: text({ dialects: [{ dialect: 'homie' }] }),
          ...shard,
        },
        clock: systemClock,
        timers: systemTimers,
        log: createRecordingLog().log,
      });
    const first = await start();
    const device = await connectDevice(broker.url);
    await device.publishAsync(topicOf('$description'), text(DESCRIPTION), { qos: 1, retain: true });
    await device.publishAsync(topicOf('motor/speed'), '1', { qos: 1, retain: true });
    await until(() => application.value('pump-1', 'motor.speed') === 1);
    await first.stop();
    await device.publishAsync(topicOf('motor/speed'), '2', { qos: 1, retain: true });
    const second = await start();
    await until(() => application.value('pump-1', 'motor.speed') === 2);
    expect(application.values.get('pump-1')?.get('motor.speed')?.quality).toBe('GOOD');
    await second.stop();
  });
});
