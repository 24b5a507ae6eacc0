/** Notifications of NGSI-LD: ETSI GS CIM 009, clauses 4.5, 5.3.1 and 7. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe } from '../../support/dialect-probe.ts';

const TOPIC = 'ngsi-ld/farm';
const AT = '2026-03-01T11:00:00.000Z';
const EARLIER = '2026-03-01T10:00:00.000Z';
const ID = 'urn:ngsi-ld:Pump:1';
let count = 0;
let probe: DialectProbe;

beforeEach(() => {
  probe = new DialectProbe({ dialect: 'ngsi-ld' });
});

const notification = (...data: unknown[]): object => ({
  id: `urn:ngsi-ld:Notification:${(count += 1)}`,
  type: 'Notification',
  subscriptionId: 'urn:ngsi-ld:Subscription:1',
  notifiedAt: AT,
  data,
});
const pump = (attributes: object, more: object = {}): object => ({ id: ID, type: 'Pump', ...attributes, ...more });
const valuesOf = (attributes: object): unknown => probe.values(TOPIC, notification(pump(attributes)))[ID];

describe('an entity', () => {
  it.each([
    [
      'normalized',
      { speed: { type: 'Property', value: 7, quality: { type: 'Property', value: 'good' } } },
      { speed: 7 },
    ],
    ['concise', { speed: { value: 7, unitCode: 'RPM' }, name: 'a' }, { speed: 7, name: 'a' }],
    ['simplified', { speed: 7, on: true, list: [1, 2] }, { speed: 7, on: true, list: [1, 2] }],
  ])('is told %s', (_, attributes, expected) => {
    expect(valuesOf(attributes)).toEqual(expected);
  });

  const point = { type: 'Point', coordinates: [-8.5, 41.2] };
  it.each([
    ['a place', { at: { type: 'GeoProperty', value: point } }, { at: point }],
    ['a place, concise or simplified', { at: point }, { at: point }],
    ['a relationship', { feeds: { type: 'Relationship', object: 'urn:t:2' } }, { feeds: 'urn:t:2' }],
    [
      'several relationships',
      { feeds: { type: 'Relationship', object: ['urn:a', 'urn:b'] } },
      { feeds: ['urn:a', 'urn:b'] },
    ],
    ['texts of languages', { name: { type: 'LanguageProperty', languageMap: { en: 'a' } } }, { name: { en: 'a' } }],
    ['a word', { kind: { type: 'VocabProperty', vocab: 'Pump' } }, { kind: 'Pump' }],
    ['JSON', { raw: { type: 'JsonProperty', json: { value: [1] } } }, { raw: { value: [1] } }],
    ['an ordered list', { l: { type: 'ListProperty', valueList: [2, 1] } }, { l: [2, 1] }],
    ['a value that is an object', { v: { type: 'Property', value: { a: { b: 1 } } } }, { v: { a: { b: 1 } } }],
  ])('has %s', (_, attributes, expected) => {
    expect(valuesOf(attributes)).toEqual(expected);
  });

  it('has a surface, however deep it stands in the message', () => {
    const ring = [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ];
    const at = { type: 'GeoProperty', value: { type: 'Polygon', coordinates: ring } };
    expect(probe.values(TOPIC, { metadata: {}, body: notification(pump({ at: [at] })) })).toEqual({
      [ID]: { at: { type: 'Polygon', coordinates: ring } },
    });
  });

  it('has several instances of an attribute, by dataset', () => {
    const speed = [
      { type: 'Property', value: 7 },
      { type: 'Property', value: 8, datasetId: 'urn:gps' },
    ];
    expect(valuesOf({ speed })).toEqual({ speed: 7, 'speed.urn:gps': 8 });
    expect(valuesOf({ speed: { dataset: { '@none': 7, 'urn:gps': 8 } } })).toEqual({ speed: 7, 'speed.urn:gps': 8 });
  });

  it('is not told of its own times, scope and context', () => {
    const own = { scope: '/a', createdAt: AT, modifiedAt: AT, '@context': ['https://example.org'] };
    expect(valuesOf({ ...own, speed: 7 })).toEqual({ speed: 7 });
  });

  it('of an unknown context has attributes by the last part of their address', () => {
    expect(valuesOf({ 'https://uri.etsi.org/ngsi-ld/default-context/speed': 7, 'https://x.org/a#b': 8 })).toEqual({
      speed: 7,
      b: 8,
    });
    probe = new DialectProbe({ dialect: 'ngsi-ld', property: '{attribute}' });
    expect(valuesOf({ 'https://x.org/a#b': 8 })).toEqual({ 'https://x.org/a#b': 8 });
  });

  it('without an id loses nothing of the others', () => {
    const told = probe.tellAll(TOPIC, notification({ type: 'Pump', speed: 1 }, 'x', pump({ speed: 2 })));
    expect(told.readings).toMatchObject([{ twin: ID, value: 2 }]);
    expect(told.refusals).toHaveLength(2);
  });
});

describe('a value', () => {
  it.each([
    ['when it was observed', { observedAt: EARLIER, modifiedAt: AT }, EARLIER],
    ['when it was changed', { modifiedAt: EARLIER }, EARLIER],
    ['when it was told', {}, AT],
  ])('is as old as the broker says: %s', (_, more, expected) => {
    const { readings } = probe.tell(TOPIC, notification(pump({ speed: { type: 'Property', value: 7, ...more } })));
    expect(readings[0]?.observedAt).toBe(Date.parse(expected));
  });

  it('has the unit that its code names', () => {
    const { readings } = probe.tell(TOPIC, notification(pump({ t: { value: 7, unitCode: 'CEL' } })));
    expect(readings[0]?.unit).toBe('CEL');
  });

  it.each([
    ['a property', { value: 'urn:ngsi-ld:null' }],
    ['a relationship', { object: 'urn:ngsi-ld:null' }],
    ['texts of languages', { languageMap: { '@none': 'urn:ngsi-ld:null' } }],
    ['a simplified one', 'urn:ngsi-ld:null'],
    ['one with the time of its end', { value: 5, deletedAt: AT, observedAt: EARLIER }],
  ])('of %s that was deleted is taken away', (_, gone) => {
    const told = probe.tell(TOPIC, notification(pump({ gone })));
    expect(told.removals).toMatchObject([{ twin: ID, property: 'gone', at: Date.parse(AT) }]);
    expect(told.readings).toEqual([]);
  });
});

describe('a notification', () => {
  it('comes over MQTT in a body, beside its metadata', () => {
    const message = { metadata: { 'Content-Type': 'application/json' }, body: notification(pump({ speed: 7 })) };
    expect(probe.values(TOPIC, message)).toEqual({ [ID]: { speed: 7 } });
  });

  it('of a deleted entity says that it is gone', () => {
    const { reports } = probe.tell(TOPIC, notification(pump({}, { deletedAt: AT })));
    expect(reports).toMatchObject([{ twin: ID, connectivity: 'OFFLINE' }]);
  });

  it('comes but once', () => {
    const message = notification(pump({ speed: 7 }));
    expect(probe.decode(TOPIC, message)?.kind).toBe('told');
    expect(probe.decode(TOPIC, message)).toBeNull();
  });

  it.each([
    ['of another type', { type: 'Subscription', data: [] }],
    ['of GeoJSON', { type: 'Notification', data: { type: 'FeatureCollection', features: [] } }],
  ])('%s is refused', (_, message) => {
    expect(probe.decode(TOPIC, message)).toMatchObject({ kind: 'refused' });
  });
});
