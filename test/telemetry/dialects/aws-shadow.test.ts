/** AWS IoT device shadows and presence: https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe, RECEIVED_AT } from '../../support/dialect-probe.ts';

const SHADOW = '$aws/things/pump-1/shadow';
const SECOND = Date.parse('2026-03-01T11:00:00Z') / 1000;

let aws: DialectProbe;

beforeEach(() => {
  const topics = ['$aws/things/+/shadow/#', '$aws/events/presence/+/+'];
  aws = new DialectProbe({ dialect: 'aws-shadow', topics });
});

interface State {
  readonly reported?: object;
  readonly desired?: object;
}

/** Every key has the time of the document. */
function document(version: number, state: State, second = SECOND + version): object {
  const metadata = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(metadata);
    if (typeof value !== 'object' || value === null) return { timestamp: second };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, metadata(inner)]));
  };
  const times = Object.fromEntries(Object.entries(state).map(([key, value]) => [key, metadata(value)]));
  return { state, metadata: times, version };
}

function documents(previous: object, current: object & { version?: number }): object {
  return { previous, current, timestamp: SECOND + (current.version ?? 0) };
}

describe('the documents of an update', () => {
  it('tell every key with its own time, ordered by the version', () => {
    const current = document(2, { reported: { temperature: 5, motor: { speed: 7 }, list: [1, 2] } });
    const { readings } = aws.tell(`${SHADOW}/update/documents`, documents(document(1, {}), current));
    expect(readings).toMatchObject([
      { twin: 'pump-1', property: 'temperature', value: 5, observedAt: (SECOND + 2) * 1000, sequence: 2 },
      { property: 'motor.speed', value: 7, observedAt: (SECOND + 2) * 1000, sequence: 2 },
      { property: 'list', value: [1, 2], observedAt: (SECOND + 2) * 1000, sequence: 2 },
    ]);
  });

  it('tell only what changed since the version before, when that was told', () => {
    const first = document(1, { reported: { a: 1, b: 1 } }, SECOND);
    const second = document(2, { reported: { a: 2, b: 1 } }, SECOND);
    aws.tell(`${SHADOW}/update/documents`, documents({}, first));
    expect(aws.values(`${SHADOW}/update/documents`, documents(first, second))).toEqual({ 'pump-1': { a: 2 } });
  });

  it('tell all when versions were missed', () => {
    const [first, third] = [
      document(1, { reported: { a: 1, b: 1 } }, SECOND),
      document(3, { reported: { a: 3, b: 2 } }, SECOND),
    ];
    const second = document(2, { reported: { a: 2, b: 2 } }, SECOND);
    aws.tell(`${SHADOW}/update/documents`, documents({}, first));
    expect(aws.values(`${SHADOW}/update/documents`, documents(second, third))).toEqual({ 'pump-1': { a: 3, b: 2 } });
  });

  it('tell which keys are gone', () => {
    const [first, second] = [
      document(1, { reported: { a: 1, m: { x: 1, y: 2 } } }),
      document(2, { reported: { m: { y: 2 } } }),
    ];
    const told = aws.tell(`${SHADOW}/update/documents`, documents(first, second));
    expect(told.removals.map(({ property, at, sequence }) => [property, at, sequence])).toEqual([
      ['a', (SECOND + 2) * 1000, 2],
      ['m.x', (SECOND + 2) * 1000, 2],
    ]);
  });

  it('tell what is desired, and what is not any more', () => {
    const [first, second] = [document(1, { desired: { a: 1, b: 1 } }), document(2, { desired: { b: 2 } })];
    const told = aws.tell(`${SHADOW}/update/documents`, documents(first, second));
    expect(told.desired).toEqual([
      { twin: 'pump-1', property: 'b', value: 2 },
      { twin: 'pump-1', property: 'a', value: null },
    ]);
  });

  it('that come late bring back nothing that was desired', () => {
    const [first, second] = [document(1, { desired: { b: 1 } }), document(2, { desired: { b: 2 } })];
    aws.tell(`${SHADOW}/update/documents`, documents(first, second));
    expect(aws.tell(`${SHADOW}/update/documents`, documents({}, first)).desired).toEqual([]);
  });

  it('of a named shadow belong to names that begin with its own', () => {
    const told = aws.values(
      `${SHADOW}/name/config/update/documents`,
      documents({}, document(1, { reported: { a: 1 } })),
    );
    expect(told).toEqual({ 'pump-1': { 'config.a': 1 } });
  });
});

describe('an update that was accepted', () => {
  it('tells its keys, and by null what is gone', () => {
    const told = aws.tell(`${SHADOW}/update/accepted`, {
      ...document(4, { reported: { a: 1, b: null }, desired: { c: 2, d: null } }),
      timestamp: SECOND,
    });
    expect(told.readings).toMatchObject([{ property: 'a', value: 1, sequence: 4 }]);
    expect(told.removals).toMatchObject([{ property: 'b', at: SECOND * 1000, sequence: 4 }]);
    expect(told.desired).toMatchObject([
      { property: 'c', value: 2 },
      { property: 'd', value: null },
    ]);
  });

  it('of one second is ordered by its version', () => {
    const sequenceOf = (version: number): number | undefined =>
      aws.tell(`${SHADOW}/update/accepted`, document(version, { reported: { a: version } }, SECOND)).readings[0]
        ?.sequence;
    expect([sequenceOf(8), sequenceOf(7)]).toEqual([8, 7]);
  });
});

describe('other messages of a shadow', () => {
  it('the answer to a question tells its state', () => {
    expect(aws.values(`${SHADOW}/get/accepted`, document(4, { reported: { a: 1 } }))).toEqual({ 'pump-1': { a: 1 } });
  });

  it('a delta tells what is desired', () => {
    const delta = { version: 5, timestamp: SECOND, state: { setpoint: 7, motor: { speed: 1 } } };
    expect(aws.tell(`${SHADOW}/update/delta`, delta).desired).toEqual([
      { twin: 'pump-1', property: 'setpoint', value: 7 },
      { twin: 'pump-1', property: 'motor.speed', value: 1 },
    ]);
  });

  it('a named shadow that is deleted takes its properties away', () => {
    const told = aws.tell(`${SHADOW}/name/config/delete/accepted`, { version: 9, timestamp: SECOND });
    expect(told.removals).toEqual([
      { twin: 'pump-1', property: 'config.', reach: 'PREFIX', at: SECOND * 1000, sequence: 9 },
    ]);
    expect(aws.decode(`${SHADOW}/delete/accepted`, { version: 9, timestamp: SECOND })?.kind).toBe('empty');
  });

  it('a refusal of our own update is said, those of others are not', () => {
    const rejected = { code: 409, message: 'Version conflict', clientToken: 'linchpin' };
    expect(aws.tellAll(`${SHADOW}/update/rejected`, rejected).refusals).toMatchObject([
      { reason: expect.stringContaining('409 Version conflict') },
    ]);
    expect(aws.decode(`${SHADOW}/update/rejected`, { ...rejected, clientToken: 'x' })?.kind).toBe('empty');
  });
});

describe('desired values', () => {
  it('go out as an update of the shadow that they belong to', () => {
    aws.tell(`${SHADOW}/name/config/update/documents`, documents({}, document(1, { reported: { a: 1 } })));
    expect(aws.desired('pump-1', { 'config.a': 2, 'motor.speed': 5, setpoint: null })).toEqual([
      {
        topic: `${SHADOW}/name/config/update`,
        payload: { state: { desired: { a: 2 } }, clientToken: 'linchpin' },
      },
      {
        topic: `${SHADOW}/update`,
        payload: { state: { desired: { motor: { speed: 5 }, setpoint: null } }, clientToken: 'linchpin' },
      },
    ]);
  });
});

describe('presence', () => {
  const come = (verb: 'connected' | 'disconnected', versionNumber: number, minute = 0): string | undefined =>
    aws.tell(`$aws/events/presence/${verb}/pump-1`, {
      clientId: 'pump-1',
      versionNumber,
      timestamp: RECEIVED_AT + minute * 60_000,
      eventType: verb,
    }).reports[0]?.connectivity;

  it('says that a thing came or went', () => {
    expect(come('connected', 0)).toBe('ONLINE');
    expect(come('disconnected', 0)).toBe('OFFLINE');
    expect(come('connected', 1)).toBe('ONLINE');
  });

  it('that comes late or twice says nothing', () => {
    expect(come('connected', 2)).toBe('ONLINE');
    expect(come('disconnected', 1)).toBeUndefined();
    expect(come('connected', 2)).toBeUndefined();
    expect(come('disconnected', 2)).toBe('OFFLINE');
    expect(come('connected', 2)).toBeUndefined();
  });

  it('counts from the beginning after an hour without a connection', () => {
    come('connected', 5);
    come('disconnected', 5);
    expect(come('connected', 0, 10)).toBeUndefined();
    expect(come('connected', 0, 61)).toBe('ONLINE');
  });

  it('of a thing that came lets its shadow be asked for', () => {
    come('connected', 0);
    expect(aws.sent.map(({ topic }) => topic)).toEqual([`${SHADOW}/get`]);
  });
});

describe('at a connection', () => {
  it('the shadows that are known are asked for, some of them a second', () => {
    const things = Array.from({ length: 60 }, (_, i) => `t-${i}`);
    aws = new DialectProbe({ dialect: 'aws-shadow', options: { things } });
    expect(
      aws
        .connected()
        .map(({ topic }) => topic)
        .slice(0, 2),
    ).toEqual(['$aws/things/t-0/shadow/get', '$aws/things/t-1/shadow/get']);
    expect(aws.entry.dialect.wakeAt).toBe(aws.now + 1_000);
    aws.wake();
    expect(aws.sent).toHaveLength(10);
    expect(aws.entry.dialect.wakeAt).toBeUndefined();
    aws.tell('$aws/things/t-7/shadow/name/config/update/documents', documents({}, document(1, { reported: { a: 1 } })));
    expect(aws.connected().map(({ topic }) => topic)).toEqual(['$aws/things/t-7/shadow/name/config/get']);
  });
});
