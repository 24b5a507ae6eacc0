/** The Eclipse Ditto protocol: https://eclipse.dev/ditto/protocol-specification.html */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe, RECEIVED_AT } from '../../support/dialect-probe.ts';
import { FUZZ } from '../../support/fuzz-settings.ts';
import { ReferenceThings } from '../../support/reference-ditto.ts';

const TOPIC = 'ditto/events';
const THING = 'org.acme/pump-1/things/twin';
const TWIN = 'org.acme:pump-1';

let ditto: DialectProbe;

beforeEach(() => {
  ditto = new DialectProbe({ dialect: 'ditto', topics: ['ditto/#'] });
});

function event(verb: string, path: string, value?: unknown, more: object = {}): object {
  return { topic: `${THING}/events/${verb}`, path, ...(value !== undefined && { value }), ...more };
}

describe('an event of Ditto', () => {
  it.each([
    ['a property', '/features/motor/properties/speed', 5, { 'motor.speed': 5 }],
    ['a part of a property', '/features/motor/properties/status/speed', 5, { 'motor.status.speed': 5 }],
    ['properties', '/features/motor/properties', { speed: 5, on: true }, { 'motor.speed': 5, 'motor.on': true }],
    ['a feature', '/features/motor', { properties: { status: { speed: 5 } } }, { 'motor.status.speed': 5 }],
    ['features', '/features', { a: { properties: { x: 1 } }, b: { properties: { x: [2] } } }, { 'a.x': 1, 'b.x': [2] }],
    ['an attribute', '/attributes/serial', 'A-1', { 'attributes.serial': 'A-1' }],
    [
      'a thing',
      '/',
      { attributes: { a: 1 }, features: { m: { properties: { x: 1 } } } },
      { 'attributes.a': 1, 'm.x': 1 },
    ],
    ['a property with a slash in its name', '/features/m/properties/a~1b', 1, { 'm.a/b': 1 }],
  ])('tells %s', (_, path, value, expected) => {
    expect(ditto.values(TOPIC, event('modified', path, value))).toEqual({ [TWIN]: expected });
    expect(ditto.values(TOPIC, event('merged', path, value))).toEqual({ [TWIN]: expected });
    expect(ditto.values(TOPIC, event('created', path, value))).toEqual({ [TWIN]: expected });
  });

  it('is as old as its timestamp, and ordered by its revision', () => {
    const { readings } = ditto.tell(
      TOPIC,
      event('modified', '/features/m/properties/x', 1, { revision: 7, timestamp: '2026-03-01T11:00:00.5Z' }),
    );
    expect(readings).toMatchObject([
      { observedAt: Date.parse('2026-03-01T11:00:00.500Z'), sequence: 7, quality: 'GOOD' },
    ]);
  });

  it('of a higher revision is newer, whatever its clock says', () => {
    const at = (revision: number, timestamp?: string): { at: number; sequence: number } => {
      const [reading] = ditto.tell(
        TOPIC,
        event('modified', '/features/m/properties/x', 1, { revision, timestamp }),
      ).readings;
      return { at: reading?.observedAt ?? 0, sequence: reading?.sequence ?? 0 };
    };
    const seventh = at(7, '2026-03-01T11:00:10Z');
    const eighth = at(8, '2026-03-01T11:00:05Z');
    expect(eighth.at).toBe(seventh.at);
    expect(eighth.sequence).toBeGreaterThan(seventh.sequence);
    // Late and without a time of its own: not newer than what came before it.
    ditto.now += 5_000;
    expect(at(6).at).toBeLessThanOrEqual(eighth.at);
  });

  it('tells in a merge, by null, what is gone', () => {
    const told = ditto.tell(
      TOPIC,
      event('merged', '/features/m/properties', { x: null, y: 2 }, { revision: 3, timestamp: '2026-03-01T11:00:00Z' }),
    );
    expect(told.readings).toMatchObject([{ property: 'm.y', value: 2 }]);
    expect(told.removals).toEqual([
      { twin: TWIN, property: 'm.x', reach: 'DEEP', at: Date.parse('2026-03-01T11:00:00Z'), sequence: 3 },
    ]);
  });

  it.each([
    ['a property', '/features/m/properties/x', { property: 'm.x', reach: 'DEEP' }],
    ['all properties', '/features/m/properties', { property: 'm.', reach: 'PREFIX' }],
    ['a feature', '/features/m', { property: 'm.', reach: 'PREFIX' }],
    ['an attribute', '/attributes/a/b', { property: 'attributes.a.b', reach: 'DEEP' }],
  ])('tells that %s is deleted', (_, path, removal) => {
    const told = ditto.tell(TOPIC, event('deleted', path, undefined, { revision: 3 }));
    expect(told.removals).toMatchObject([{ twin: TWIN, ...removal, sequence: 3 }]);
    expect(told.readings).toEqual([]);
  });

  it('that replaces properties takes away those that it has no more', () => {
    const told = ditto.tell(TOPIC, event('modified', '/features/m/properties', { x: 1 }, { revision: 3 }));
    expect(told.removals).toMatchObject([{ property: 'm.', reach: 'PREFIX', sequence: 3 }]);
    // What it has is as new as the removal, and stays.
    expect(told.readings).toMatchObject([{ property: 'm.x', sequence: 3, observedAt: told.removals[0]?.at }]);
  });

  it('that replaces one value takes nothing else away', () => {
    expect(ditto.tell(TOPIC, event('modified', '/features/m/properties/x', 1, { revision: 3 })).removals).toEqual([]);
  });

  it('of a deleted thing makes the twin offline, and deletes nothing', () => {
    const told = ditto.tell(TOPIC, event('deleted', '/', undefined, { revision: 9 }));
    expect(told).toMatchObject({ readings: [], removals: [], reports: [{ twin: TWIN, connectivity: 'OFFLINE' }] });
  });

  it.each([
    ['a definition', event('modified', '/definition', 'a:b:1')],
    ['a policy id', event('modified', '/policyId', 'a:b')],
    ['a feature definition', event('merged', '/features/m/definition', ['a:b:1'])],
    ['an answer', { topic: `${THING}/commands/modify`, path: '/attributes', status: 201, value: { a: 1 } }],
    ['an error', { topic: `${THING}/errors`, path: '/', status: 404, value: { status: 404 } }],
    ['a message', { topic: 'org.acme/pump-1/things/live/messages/ask', path: '/inbox/messages/ask', value: 1 }],
    ['an acknowledgement', { topic: `${THING}/acks/custom`, path: '/', status: 200, value: null }],
    ['a policy', { topic: 'org.acme/p/policies/commands/modify', path: '/', value: {} }],
    ['a search', { topic: '_/_/things/twin/search/next', path: '/', value: { items: [] } }],
  ])('%s says nothing', (_, payload) => {
    expect(ditto.decode(TOPIC, payload)?.kind).toBe('empty');
  });

  it.each([
    ['not JSON', 'x', /not JSON/],
    ['no envelope', { temperature: 5 }, /no envelope/],
    ['a topic of nothing', { topic: 'a', path: '/' }, /no envelope/],
    ['a path that is none', { topic: `${THING}/events/modified`, path: 'features', value: 1 }, /path/],
  ])('%s is refused', (_, payload, reason) => {
    expect(ditto.decode(TOPIC, payload)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) });
  });
});

describe('a command of a device', () => {
  it('tells like an event, as of its receipt', () => {
    const told = ditto.tell(TOPIC, { topic: `${THING}/commands/merge`, path: '/features/m/properties/x', value: 1 });
    expect(told.readings).toMatchObject([{ twin: TWIN, property: 'm.x', value: 1, receivedAt: RECEIVED_AT }]);
    expect(told.readings[0]?.observedAt).toBeUndefined();
  });
});

describe('desired values', () => {
  it('come in as desiredProperties', () => {
    const told = ditto.tell(
      TOPIC,
      event('modified', '/features/m', { properties: { x: 1 }, desiredProperties: { x: 2, y: { z: 3 } } }),
    );
    expect(told.desired).toEqual([
      { twin: TWIN, property: 'm.x', value: 2 },
      { twin: TWIN, property: 'm.y.z', value: 3 },
    ]);
    expect(ditto.tell(TOPIC, event('deleted', '/features/m/desiredProperties/x')).desired).toEqual([
      { twin: TWIN, property: 'm.x', value: null },
    ]);
  });

  it('go out as modify commands, and are deleted when nothing is desired any more', () => {
    ditto.tell(TOPIC, event('modified', '/features/m/properties/x', 1));
    expect(ditto.desired(TWIN, { 'm.x': 2, 'm.gone': null, 'attributes.a': 1 })).toEqual([
      {
        topic: 'ditto/commands/org.acme/pump-1',
        payload: {
          topic: `${THING}/commands/modify`,
          headers: { 'response-required': false },
          path: '/features/m/desiredProperties/x',
          value: 2,
        },
      },
      {
        topic: 'ditto/commands/org.acme/pump-1',
        payload: {
          topic: `${THING}/commands/delete`,
          headers: { 'response-required': false },
          path: '/features/m/desiredProperties/gone',
        },
      },
    ]);
  });
});

describe('the feature ConnectionStatus', () => {
  it('says until when a device counts as connected', () => {
    const status = (readyUntil: string): object =>
      event('modified', '/features/ConnectionStatus/properties/status', {
        readySince: '2026-03-01T11:00:00Z',
        readyUntil,
      });
    expect(ditto.tell(TOPIC, status('2026-03-01T12:00:30Z')).reports).toMatchObject([{ connectivity: 'ONLINE' }]);
    expect(ditto.entry.dialect.wakeAt).toBe(RECEIVED_AT + 30_000);
    ditto.now += 30_000;
    expect(ditto.wake().reports).toMatchObject([{ twin: TWIN, connectivity: 'OFFLINE' }]);
    expect(ditto.entry.dialect.wakeAt).toBeUndefined();
    expect(ditto.tell(TOPIC, status('2026-03-01T12:00:00Z')).reports).toMatchObject([{ connectivity: 'OFFLINE' }]);
  });
});

describe('any messages, one after the other,', () => {
  // A name stands for a plain value (a, b) or for an object (c), as it does in a device's properties.
  const plain = fc.oneof(fc.integer({ max: 9 }), fc.constant(null), fc.constant([1]));
  const inner = fc.record({ a: plain, b: plain }, { requiredKeys: [] });
  const object = fc.record({ a: plain, b: plain, c: fc.oneof(inner, fc.constant(null)) }, { requiredKeys: [] });
  const feature = fc.record({ properties: object }, { requiredKeys: [] });
  const features = fc.record({ f: feature, g: feature }, { requiredKeys: [] });
  const start = fc.constantFrom('/features/f/properties', '/features/g/properties', '/attributes');
  const placed = fc.oneof(
    fc.tuple(start, object),
    fc.tuple(
      start.map((path) => `${path}/a`),
      plain,
    ),
    fc.tuple(
      start.map((path) => `${path}/c`),
      inner,
    ),
    fc.tuple(
      start.map((path) => `${path}/c/b`),
      plain,
    ),
    fc.tuple(fc.constant('/features/f'), feature),
    fc.tuple(fc.constant('/features'), features),
    fc.tuple(fc.constant('/'), fc.record({ features, attributes: object }, { requiredKeys: [] })),
  );
  const message = fc.tuple(fc.constantFrom('modified', 'merged', 'deleted'), placed);

  it('leave the twin as the protocol leaves the thing', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const probe = new DialectProbe({ dialect: 'ditto', topics: ['ditto/#'] });
        const things = new ReferenceThings();
        for (const [verb, [path, given]] of messages) {
          probe.now += 1_000;
          const envelope = { topic: `${THING}/events/${verb}`, path, ...(verb !== 'deleted' && { value: given }) };
          const { expected, actual } = things.take(envelope, probe.tell(TOPIC, envelope));
          expect(actual).toEqual(expected);
        }
      }),
      { ...FUZZ, numRuns: FUZZ.numRuns * 2 },
    );
  });
});
