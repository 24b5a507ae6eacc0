/** The native dialect: what a message says, and why it is refused. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNotId } from '../../src/domain/check-text.ts';
import type { Reading } from '../../src/domain/telemetry.ts';
import type { Decoded } from '../../src/telemetry/decoder.ts';
import type { Message } from '../../src/telemetry/dialects/dialect.ts';
import { createNativeDialect } from '../../src/telemetry/dialects/native.ts';

const RECEIVED = Date.parse('2026-03-01T12:00:00Z');
const dialect = createNativeDialect('twins');

function message(topic: string, payload: string | Uint8Array, more: Partial<Message> = {}): Message {
  return { topic, payload: Buffer.from(payload), receivedAt: RECEIVED, arrival: 0, isReplay: false, ...more };
}

function decode(payload: unknown, topic = 'twins/P-1/telemetry', more: Partial<Message> = {}): Decoded {
  const text = typeof payload === 'string' || payload instanceof Uint8Array ? payload : JSON.stringify(payload);
  return dialect.decode(message(topic, text, more));
}

function readings(payload: unknown, more: Partial<Message> = {}): readonly Reading[] {
  const decoded = decode(payload, undefined, more);
  if (decoded.kind !== 'telemetry') throw new Error(`expected telemetry, got ${JSON.stringify(decoded)}`);
  expect(decoded.refusals).toEqual([]);
  return decoded.readings;
}

function reading(payload: unknown, more: Partial<Message> = {}): Reading {
  return readings(payload, more)[0] as Reading;
}

describe('a value', () => {
  it('stands for itself, observed when it was received', () => {
    expect(reading({ temperature: 71.5 })).toEqual({
      twin: 'P-1',
      property: 'temperature',
      value: 71.5,
      receivedAt: RECEIVED,
      quality: 'GOOD',
      sequence: 0,
    });
  });

  it('brings time, quality, unit and order in an envelope', () => {
    const envelope = {
      value: 3,
      observedAt: '2026-03-01T11:59:00+01:00',
      quality: 'uncertain',
      unit: 'bar',
      sequence: 7,
    };
    expect(reading({ p: envelope })).toMatchObject({
      value: 3,
      observedAt: Date.parse('2026-03-01T10:59:00Z'),
      quality: 'UNCERTAIN',
      unit: 'bar',
      sequence: 7,
    });
  });

  it('that is an object without the key value is JSON', () => {
    expect(reading({ position: { lat: 1, lon: 2 } }).value).toEqual({ lat: 1, lon: 2 });
  });

  it.each([
    ['text', 'open'],
    ['a list', [1, 2, 3]],
    ['null', null],
    ['false', false],
  ])('may be %s', (_, value) => {
    expect(reading({ p: value }).value).toEqual(value);
    expect(reading({ p: { value } }).value).toEqual(value);
  });

  it('may belong to a property with the name of something built in', () => {
    const payload = '{"__proto__":1,"constructor":2,"id":3,"toString":{"value":4}}';
    expect(readings(payload).map((one) => [one.property, one.value])).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['id', 3],
      ['toString', 4],
    ]);
  });

  it('keeps its place among values received in the same millisecond', () => {
    expect(reading({ p: 1 }, { arrival: 3 }).sequence).toBe(3);
  });

  it('of unknown age, kept by the broker, is uncertain unless it says when it was observed', () => {
    expect(reading({ p: 1 }, { isReplay: true }).quality).toBe('UNCERTAIN');
    expect(reading({ p: { value: 1, quality: 'BAD' } }, { isReplay: true }).quality).toBe('BAD');
    expect(reading({ p: { value: 1, observedAt: 1_700_000_000 } }, { isReplay: true }).quality).toBe('GOOD');
  });
});

describe('observedAt', () => {
  it.each([
    ['RFC 3339', '2023-11-14T22:13:20Z'],
    ['RFC 3339 with an offset', '2023-11-15T03:43:20.000000+05:30'],
    ['epoch seconds', 1_700_000_000],
    ['epoch milliseconds', 1_700_000_000_000],
  ])('may be %s', (_, observedAt) => {
    expect(reading({ p: { value: 1, observedAt } }).observedAt).toBe(1_700_000_000_000);
  });

  it('keeps the milliseconds of fractional seconds', () => {
    expect(reading({ p: { value: 1, observedAt: 1_700_000_000.25 } }).observedAt).toBe(1_700_000_000_250);
  });

  it('a minute ahead of our clock is believed', () => {
    expect(reading({ p: { value: 1, observedAt: RECEIVED + 60_000 } })).toMatchObject({
      observedAt: RECEIVED + 60_000,
      quality: 'GOOD',
    });
  });

  it('further ahead becomes the time of receipt, and the quality uncertain', () => {
    expect(reading({ p: { value: 1, observedAt: RECEIVED + 60_001 } })).toMatchObject({
      observedAt: RECEIVED,
      quality: 'UNCERTAIN',
    });
    expect(reading({ p: { value: 1, observedAt: RECEIVED + 60_001, quality: 'BAD' } }).quality).toBe('BAD');
  });
});

describe('one faulty value', () => {
  it.each([
    ['observedAt without an offset', { value: 1, observedAt: '2026-03-01T12:00:00' }],
    ['observedAt on a day that is none', { value: 1, observedAt: '2026-02-30T12:00:00Z' }],
    ['observedAt beyond what a date can be', { value: 1, observedAt: 1e300 }],
    ['a quality that is none', { value: 1, quality: 'EXCELLENT' }],
    ['a unit that is no text', { value: 1, unit: 5 }],
    ['a sequence that is no whole number', { value: 1, sequence: 1.5 }],
  ])('(%s) is set aside with a reason, and the others are kept', (_, faulty) => {
    const decoded = decode({ good: 1, faulty, alsoGood: 2 });
    if (decoded.kind !== 'telemetry') throw new Error('expected telemetry');
    expect(decoded.readings.map((one) => one.property)).toEqual(['good', 'alsoGood']);
    expect(decoded.refusals).toHaveLength(1);
    expect(decoded.refusals[0]?.property).toBe('faulty');
    expect(decoded.refusals[0]?.reason).toMatch(/expected .*, got /);
  });

  it('has a name that no property may have', () => {
    const decoded = decode({ '': 1, 'a@b': 2, good: 3 });
    if (decoded.kind !== 'telemetry') throw new Error('expected telemetry');
    expect(decoded.readings.map((one) => one.property)).toEqual(['good']);
    expect(decoded.refusals.map((one) => one.property)).toEqual(['', 'a@b']);
  });
});

describe('a message of the wrong shape is refused whole:', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['no JSON', 'not json', /not JSON/],
    ['nothing', '', /not JSON/],
    ['a list', '[]', /not a JSON object/],
    ['a number', '5', /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['an infinite number', '{"a":1,"temperature":1e999}', /finite/],
    ['an infinite number inside', '{"a":{"value":[1,-1e999]}}', /finite/],
    ['NaN', '{"a":NaN}', /not JSON/],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    ['more than 64 KB', JSON.stringify({ a: 'x'.repeat(65_536) }), /larger than 65536/],
    ['nested deeper than 8', `{"a":${'['.repeat(8)}${']'.repeat(8)}}`, /deeper than 8/],
    ['nested thousands deep', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, /deeper than 8/],
    [
      'more than 256 keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, i]))),
      /256/,
    ],
  ])('%s', (_, payload, reason) => {
    const decoded = decode(payload);
    expect(decoded.kind).toBe('refused');
    expect(decoded.kind === 'refused' && decoded.reason).toMatch(reason);
  });

  it('but the limits themselves are allowed', () => {
    expect(readings(`{"a":${'['.repeat(7)}${']'.repeat(7)}}`)).toHaveLength(1);
    expect(readings(Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`k${i}`, i])))).toHaveLength(256);
    expect(readings({ a: 'x'.repeat(65_536 - '{"a":""}'.length) })).toHaveLength(1);
    expect(readings({})).toHaveLength(0);
  });

  it('whatever the bytes are, decoding answers', () => {
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map((json) => Buffer.from(json)),
    );
    const kinds = fc.sample(payloads, 2_000).map((payload) => decode(payload).kind);
    expect(new Set(kinds)).toEqual(new Set(['refused', 'telemetry']));
  });
});

describe('the twin of a topic', () => {
  it.each([
    ['plain', 'twins/P-1/telemetry', 'P-1'],
    ['with slashes', 'twins/site/area 1/P-1/telemetry', 'site/area 1/P-1'],
    ['with encoded slashes', 'twins/site%2Farea%201%2FP-1/telemetry', 'site/area 1/P-1'],
    ['with what MQTT keeps for itself', 'twins/A%2BB%23%25/telemetry', 'A+B#%'],
    ['with a percent sign that escapes nothing', 'twins/50%/telemetry', '50%'],
    ['in another script', 'twins/насос №1/telemetry', 'насос №1'],
    ['in another script, encoded', `twins/${encodeURIComponent('ポンプ/1')}/telemetry`, 'ポンプ/1'],
    ['that looks like a topic', 'twins/a/telemetry/telemetry', 'a/telemetry'],
    ['with empty levels', 'twins//a//telemetry', '/a/'],
  ])('%s', (_, topic, twin) => {
    expect(dialect.accepts(topic)).toBe(true);
    expect(dialect.decode(message(topic, '{"p":1}'))).toMatchObject({ readings: [{ twin }] });
  });

  it.each([
    'twins/telemetry',
    'twins//telemetry',
    'other/P-1/telemetry',
    'twins/P-1/desired',
    'twins/$dead',
    'xtwins/P/telemetry',
  ])('is not in %s', (topic) => {
    expect(dialect.accepts(topic)).toBe(false);
  });

  it.each([
    ['longer than an id', 'x'.repeat(513)],
    ['with control characters', 'a%00b'],
  ])('%s is refused', (_, id) => {
    expect(decode({ p: 1 }, `twins/${id}/telemetry`)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/topic/),
    });
  });

  it('comes back from the topic of its desired values', () => {
    const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((id) => whyNotId(id) === null);
    for (const id of fc.sample(ids, 1_000)) {
      const { topic } = dialect.encodeDesired(id, { a: 1 });
      expect(topic).not.toMatch(/[+#]/);
      const asTelemetry = topic.replace(/\/desired$/, '/telemetry');
      expect(dialect.decode(message(asTelemetry, '{"p":1}'))).toMatchObject({ readings: [{ twin: id }] });
    }
  });
});

describe('connectivity', () => {
  it.each(['offline', ' Offline\n', '"offline"', '{"connectivity":"OFFLINE"}'])('offline is told by %s', (payload) => {
    expect(decode(payload, 'twins/P-1/connectivity')).toEqual({
      kind: 'connectivity',
      report: { twin: 'P-1', connectivity: 'OFFLINE', at: RECEIVED },
    });
  });

  it('online is told likewise', () => {
    expect(decode('online', 'twins/P-1/connectivity')).toMatchObject({ report: { connectivity: 'ONLINE' } });
  });

  it.each(['', 'dead', '{"connectivity":1}', '{"connectivity"', '["offline"]', 'null'])(
    'nothing is told by %j',
    (payload) => {
      expect(decode(payload, 'twins/P-1/connectivity').kind).toBe(payload === '' ? 'empty' : 'refused');
    },
  );
});

describe('desired values', () => {
  it('are one JSON object, and none clear what the broker keeps', () => {
    expect(dialect.encodeDesired('a/b', { setpoint: 5, mode: 'auto' })).toEqual({
      topic: 'twins/a/b/desired',
      payload: '{"setpoint":5,"mode":"auto"}',
      qos: 1,
      retain: true,
    });
    expect(dialect.encodeDesired('a+b', {})).toMatchObject({ topic: 'twins/a%2Bb/desired', payload: '' });
  });
});
