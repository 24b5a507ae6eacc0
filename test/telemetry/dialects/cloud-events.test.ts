/** CloudEvents 1.0 (https://github.com/cloudevents/spec), and Azure Digital Twins' notifications, which are such. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe } from '../../support/dialect-probe.ts';

const TOPIC = 'events/a';
const TIME = '2026-03-01T11:00:00Z';
let probe: DialectProbe;

describe('a CloudEvent', () => {
  const event = (more: object = {}): object => ({
    specversion: '1.0',
    id: 'e-1',
    source: '/plant/line-1',
    type: 'org.acme.measured',
    subject: 'P-1',
    time: TIME,
    datacontenttype: 'application/json',
    data: { speed: 7, motor: { temperature: 61.5, on: true } },
    ...more,
  });

  beforeEach(() => {
    probe = new DialectProbe({ dialect: 'cloudevents', topics: ['events/#'] });
  });

  it('tells the values of its data of its subject, at its time', () => {
    const { readings } = probe.tell(TOPIC, event());
    expect(readings.map(({ twin, property, value, observedAt }) => [twin, property, value, observedAt])).toEqual([
      ['P-1', 'speed', 7, Date.parse(TIME)],
      ['P-1', 'motor.temperature', 61.5, Date.parse(TIME)],
      ['P-1', 'motor.on', true, Date.parse(TIME)],
    ]);
  });

  it('is known again by source and id together', () => {
    expect(probe.decode(TOPIC, event())?.kind).toBe('told');
    expect(probe.decode(TOPIC, event({ data: { speed: 8 } }))).toBeNull();
    expect(probe.decode(TOPIC, event({ source: '/plant/line-2' }))?.kind).toBe('told');
    expect(probe.decode(TOPIC, event({ id: 'e-2' }))?.kind).toBe('told');
  });

  it.each([
    ['the sequence of its source', { sequence: '00000042' }, 42],
    ['what its time has below milliseconds', { time: '2026-03-01T11:00:00.1234567Z' }, 456_700],
    ['no sequence that is not a number', { sequence: 'b-7' }, 0],
  ])('is ordered within one millisecond by %s', (_, more, sequence) => {
    expect(probe.tell(TOPIC, event(more)).readings[0]?.sequence).toBe(sequence);
  });

  it('without a time is as old as its receipt', () => {
    expect(probe.tell(TOPIC, event({ time: undefined, sequence: '5' })).readings[0]).not.toHaveProperty('observedAt');
  });

  it.each([
    ['one value', { data: 5 }, { value: 5 }],
    ['base64', { data: undefined, data_base64: Buffer.from('{"speed":9}').toString('base64') }, { speed: 9 }],
    [
      'a type that ends in +json',
      { datacontenttype: 'application/vnd.acme+json; charset=utf-8', data: { a: 1 } },
      { a: 1 },
    ],
    ['values that are unknown', { data: { a: null, b: 1 } }, { b: 1 }],
  ])('may have data that are %s', (_, more, expected) => {
    expect(probe.values(TOPIC, event(more))).toEqual({ 'P-1': expected });
  });

  it.each([
    ['of another version', { specversion: '0.3' }],
    ['without an id', { id: '' }],
    ['without a source', { source: undefined }],
    ['without a type', { type: undefined }],
    ['with data that are not JSON', { datacontenttype: 'text/xml', data: '<a/>' }],
    ['with two kinds of data', { data_base64: 'e30=' }],
    ['with base64 that hides no JSON', { data: undefined, data_base64: '////' }],
  ])('%s is refused', (_, more) => {
    expect(probe.decode(TOPIC, event(more))).toMatchObject({ kind: 'refused' });
  });

  it('in binary mode is refused: its attributes do not come with the payload', () => {
    expect(probe.decode(TOPIC, { speed: 7 })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('structured mode'),
    });
  });

  it('without a subject names no twin, unless a template takes another name', () => {
    expect(probe.tellAll(TOPIC, event({ subject: undefined })).refusals[0]?.reason).toContain('{subject}');
    probe = new DialectProbe({
      dialect: 'cloudevents',
      topics: ['events/#'],
      twin: '{source}',
      property: '{type}.{property}',
    });
    expect(probe.values(TOPIC, event({ subject: undefined, data: 3 }))).toEqual({
      '/plant/line-1': { 'org.acme.measured.value': 3 },
    });
  });

  it('of another type than those that are read says nothing', () => {
    probe = new DialectProbe({
      dialect: 'cloudevents',
      topics: ['events/#'],
      options: { types: ['org.acme.*', 'one'] },
    });
    expect(probe.decode(TOPIC, event({ type: 'com.else' }))?.kind).toBe('empty');
    expect(probe.decode(TOPIC, event())?.kind).toBe('told');
    expect(probe.decode(TOPIC, event({ type: 'one', id: 'e-3' }))?.kind).toBe('told');
  });
});

describe('a notification of Azure Digital Twins', () => {
  let count = 0;
  const notification = (type: string, data: unknown, more: object = {}): object => ({
    specversion: '1.0',
    id: `n-${(count += 1)}`,
    source: 'acme.api.weu.digitaltwins.azure.net',
    type: `Microsoft.DigitalTwins.Twin.${type}`,
    subject: 'floor1',
    time: TIME,
    datacontenttype: 'application/json',
    traceparent: '00-7e3081c6d3edfb4eaf7d3244b2036baa-23d762f4d9f81741-01',
    data,
    ...more,
  });
  const update = (...patch: object[]): object => notification('Update', { modelId: 'dtmi:acme:Floor;1', patch });

  beforeEach(() => {
    probe = new DialectProbe({ dialect: 'azure-digital-twins', topics: ['events/#'] });
  });

  it('of a change tells what its patch adds and replaces', () => {
    const patch = [
      { op: 'replace', path: '/Temperature', value: 40 },
      { op: 'add', path: '/comp1/prop1', value: 30 },
      { op: 'replace', path: '/$metadata/Temperature/sourceTime', value: TIME },
    ];
    const { readings, removals } = probe.tell(TOPIC, update(...patch));
    expect(readings.map(({ twin, property, value, observedAt }) => [twin, property, value, observedAt])).toEqual([
      ['floor1', 'Temperature', 40, Date.parse(TIME)],
      ['floor1', 'comp1.prop1', 30, Date.parse(TIME)],
    ]);
    expect(removals).toEqual([]);
  });

  it('takes away what its patch removes, and what a component had that is put there anew', () => {
    const component = { $metadata: { $model: 'dtmi:acme:Pump;1' }, speed: 3 };
    const told = probe.tell(
      TOPIC,
      update({ op: 'remove', path: '/a~1b' }, { op: 'add', path: '/pump', value: component }),
    );
    expect(told.removals).toMatchObject([
      { twin: 'floor1', property: 'a/b', reach: 'DEEP', at: Date.parse(TIME) },
      { twin: 'floor1', property: 'pump', reach: 'DEEP', at: Date.parse(TIME) },
    ]);
    expect(told.readings).toMatchObject([{ property: 'pump.speed', value: 3 }]);
  });

  it('with a change that is none loses nothing of the others', () => {
    const told = probe.tellAll(
      TOPIC,
      update({ op: 'move', path: '/a', from: '/b' }, { op: 'add', path: '/c', value: 1 }),
    );
    expect(told.readings).toMatchObject([{ property: 'c', value: 1 }]);
    expect(told.refusals).toHaveLength(1);
  });

  it('of a new twin tells all its values, not what the service keeps beside them', () => {
    const data = {
      $dtId: 'floor1',
      $etag: 'W/"1"',
      thermostat: { temperature: 80, $metadata: { temperature: { desiredValue: 85 } } },
      comfortIndex: 85,
      $metadata: { $model: 'dtmi:acme:Floor;1' },
    };
    expect(probe.values(TOPIC, notification('Create', data))).toEqual({
      floor1: { 'thermostat.temperature': 80, comfortIndex: 85 },
    });
  });

  it('of a deleted twin says that it is gone', () => {
    expect(probe.tell(TOPIC, notification('Delete', {})).reports).toMatchObject([
      { twin: 'floor1', connectivity: 'OFFLINE' },
    ]);
  });

  it.each([
    ['acme.api.weu.digitaltwins.azure.net/digitaltwins/room1', undefined, { Temperature: 10 }],
    ['acme.api.weu.digitaltwins.azure.net/room1', 'comp1.comp2', { 'comp1.comp2.Temperature': 10 }],
  ])('of telemetry names the twin in its source %s, and the component in its subject', (source, subject, expected) => {
    const more = { type: 'microsoft.iot.telemetry', source, subject, time: undefined };
    expect(probe.values(TOPIC, notification('', { Temperature: 10 }, more))).toEqual({ room1: expected });
  });

  it('of relationships says nothing', () => {
    const more = { type: 'Microsoft.DigitalTwins.Relationship.Update', subject: 'floor1/relationships/r' };
    expect(probe.decode(TOPIC, notification('', { patch: [] }, more))?.kind).toBe('empty');
  });

  it('comes but once', () => {
    const told = update({ op: 'add', path: '/c', value: 1 });
    expect(probe.decode(TOPIC, told)?.kind).toBe('told');
    expect(probe.decode(TOPIC, told)).toBeNull();
  });

  it('of a change without a patch is refused', () => {
    expect(probe.decode(TOPIC, notification('Update', { modelId: 'x' }))).toMatchObject({ kind: 'refused' });
  });
});
