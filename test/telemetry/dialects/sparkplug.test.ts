/** Sparkplug B as a host application: https://sparkplug.eclipse.org/specification/version/3.0/ */
import { deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Told } from '../../../src/telemetry/decoder.ts';
import { whyNotId, whyNotPropertyName } from '../../../src/domain/check-text.ts';
import { DialectProbe } from '../../support/dialect-probe.ts';
import { FUZZ } from '../../support/fuzz-settings.ts';
import { commandOf, type Metric, sparkplugPayload } from '../../support/sparkplug.ts';

const AT = Date.parse('2026-03-01T11:59:00Z');
const NODE = 'plant:edge';
const DEVICE = 'plant:edge:pump';
const REBIRTH = [{ name: 'Node Control/Rebirth', type: 'Boolean', value: true }];

let host: DialectProbe;
let seq: number;

beforeEach(() => {
  host = new DialectProbe({ dialect: 'sparkplug' });
  seq = 0;
});

type Type = 'NBIRTH' | 'NDATA' | 'NDEATH' | 'DBIRTH' | 'DDATA' | 'DDEATH';

interface Sent {
  readonly node?: string;
  readonly device?: string;
  readonly seq?: number | undefined;
  readonly timestamp?: number;
  readonly isReplay?: boolean;
}

/** A message of the node, with the next seq unless another one is given. */
function send(type: Type, metrics: readonly Metric[], given: Sent = {}): Omit<Told, 'kind'> {
  const { node = 'edge', device = 'pump', timestamp = AT, isReplay = false } = given;
  if (type === 'NBIRTH') seq = 0;
  const own = 'seq' in given || type === 'NDEATH' ? given.seq : seq++;
  const topic = `spBv1.0/plant/${type}/${node}${type.startsWith('D') ? `/${device}` : ''}`;
  const more = { timestamp, ...(own !== undefined && { seq: own }) };
  const decoded = host.decodeBytes(topic, sparkplugPayload(metrics, more), { isReplay });
  if (decoded?.kind === 'refused') throw new Error(decoded.reason);
  return decoded?.kind === 'told' ? decoded : { readings: [], removals: [], desired: [], reports: [], refusals: [] };
}

const birth = (metrics: readonly Metric[] = [], bdSeq = 3, given: Sent = {}): Omit<Told, 'kind'> =>
  send('NBIRTH', [{ name: 'bdSeq', type: 'UInt64', value: bdSeq }, ...metrics], given);
const death = (bdSeq = 3): Omit<Told, 'kind'> => send('NDEATH', [{ name: 'bdSeq', type: 'UInt64', value: bdSeq }]);
const plain = ({ readings }: Omit<Told, 'kind'>): unknown[] =>
  readings.map(({ twin, property, value }) => [twin, property, value]);
const states = ({ reports }: Omit<Told, 'kind'>): unknown[] =>
  reports.map(({ twin, connectivity }) => [twin, connectivity]);
const commands = (): unknown[] => host.sent.splice(0).map(({ topic, payload }) => [topic, commandOf(payload)]);

const TEMPERATURE: Metric = { name: 'Inputs/T', alias: 1, type: 'Double', value: 20.5 };
const byAlias = (alias: number, value: number, more: Metric = {}): Metric => ({
  alias,
  type: 'Double',
  value,
  ...more,
});

describe('a birth', () => {
  it('makes the node, and then its device, ONLINE, with the values of their metrics', () => {
    const node = birth([TEMPERATURE, { name: 'Node Control/Rebirth', type: 'Boolean', value: false }]);
    expect(plain(node)).toEqual([[NODE, 'Inputs/T', 20.5]]);
    expect(states(node)).toEqual([[NODE, 'ONLINE']]);
    const device = send('DBIRTH', [{ name: 'Speed', alias: 2, type: 'Int32', value: -7 }]);
    expect(plain(device)).toEqual([[DEVICE, 'Speed', -7]]);
    expect(states(device)).toEqual([[DEVICE, 'ONLINE']]);
    expect(host.sent).toEqual([]);
  });

  it('names the unit of a metric for the data behind it', () => {
    birth([{ ...TEMPERATURE, properties: { engUnit: { type: 'String', value: 'degC' } } }]);
    expect(send('NDATA', [byAlias(1, 21)]).readings).toMatchObject([{ property: 'Inputs/T', value: 21, unit: 'degC' }]);
  });

  it('of a metric without a name or a datatype, or with the alias of another one, is refused for that metric alone', () => {
    const told = birth([
      { alias: 5, type: 'Double', value: 1 },
      { name: 'untyped', type: 'Unknown' as never, value: 1 },
      TEMPERATURE,
      { name: 'other', alias: 1, type: 'Double', value: 2 },
    ]);
    expect(plain(told)).toEqual([[NODE, 'Inputs/T', 20.5]]);
    expect(told.refusals.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('no name'),
        expect.stringContaining('no datatype'),
        expect.stringContaining('alias is that of Inputs/T'),
      ]),
    );
  });

  it('that a broker kept says nothing of now', () => {
    expect(() => birth([TEMPERATURE], 3, { isReplay: true })).toThrow('retained');
    expect(send('NDATA', [byAlias(1, 2)]).refusals).toHaveLength(1);
  });

  it.each(['DEFLATE', 'GZIP'] as const)('comes compressed with %s too', (algorithm) => {
    const inner = sparkplugPayload([TEMPERATURE], { timestamp: AT, seq: 0 });
    const body = algorithm === 'GZIP' ? gzipSync(inner) : deflateSync(inner);
    const outer = sparkplugPayload([{ name: 'algorithm', type: 'String', value: algorithm }], {
      uuid: 'SPBV1.0_COMPRESSED',
      body,
    });
    const decoded = host.decodeBytes('spBv1.0/plant/NBIRTH/edge', outer);
    expect(decoded).toMatchObject({ kind: 'told', readings: [{ property: 'Inputs/T' }] });
  });

  it('that unpacks into too much is refused', () => {
    const uuid = 'SPBV1.0_COMPRESSED';
    const bomb = sparkplugPayload([], { uuid, body: deflateSync(Buffer.alloc(50_000_000)) });
    expect(host.decodeBytes('spBv1.0/plant/NBIRTH/edge', bomb)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('cannot be unpacked'),
    });
  });
});

describe('a value', () => {
  const read = (metric: Metric): unknown => {
    const { readings, refusals } = birth([{ name: 'm', ...metric }]);
    return readings[0]?.value ?? refusals[0]?.reason;
  };

  it.each([
    ['Int8', 0xfe, -2],
    ['Int16', 0xfffe, -2],
    ['Int32', -2_000_000_000, -2_000_000_000],
    ['Int64', -5_000_000_000, -5_000_000_000],
    ['UInt8', 200, 200],
    ['UInt16', 60_000, 60_000],
    ['UInt32', 4_000_000_000, 4_000_000_000],
    ['UInt64', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['Float', 0.1, 0.1],
    ['Double', 0.1, 0.1],
    ['Boolean', false, false],
    ['String', '', ''],
    ['Text', 'long', 'long'],
    ['UUID', '6f7f', '6f7f'],
    ['DateTime', AT, '2026-03-01T11:59:00.000Z'],
  ] as const)('of the datatype %s is read', (type, value, expected) => {
    expect(read({ type, value })).toBe(expected);
  });

  it.each([
    ['UInt64', 2 ** 60, 'lose digits'],
    ['Int64', -(2 ** 60), 'lose digits'],
    ['Bytes', Buffer.from('x'), 'Bytes are not taken'],
    ['File', Buffer.from('x'), 'File are not taken'],
    ['DataSet', { numOfColumns: 1, columns: ['a'], types: ['Int32'], rows: [[1]] }, 'DataSet are not taken'],
    ['Template', { templateRef: 'Motor', metrics: [] }, 'Template are not taken'],
  ] as const)(
    'of the datatype %s that no property can hold exactly is refused with the reason',
    (type, value, reason) => {
      expect(read({ type, value: value as never })).toContain(reason);
    },
  );

  it('of a definition of a template says nothing, and is no fault', () => {
    const value = { isDefinition: true, metrics: [{ name: 'x', type: 'Int32', value: null }] };
    expect(birth([{ name: 'Motor', type: 'Template', value: value as never }])).toMatchObject({
      readings: [],
      refusals: [],
    });
  });

  it('without a datatype has that of the birth', () => {
    birth([{ name: 'n', alias: 1, type: 'UInt32', value: 1 }]);
    // As the specification wants it: alias 1, long_value 4,000,000,000, and nothing else (6.4.5).
    const metric = Buffer.from([0x10, 1, 0x58, 0x80, 0xd0, 0xac, 0xf3, 0x0e]);
    const payload = Buffer.concat([Buffer.from([0x12, metric.length]), metric, Buffer.from([0x18, 1])]);
    expect(host.decodeBytes('spBv1.0/plant/NDATA/edge', payload)).toMatchObject({
      readings: [{ property: 'n', value: 4_000_000_000 }],
    });
  });

  it('that is null is BAD, so that the last good one stays', () => {
    birth([TEMPERATURE]);
    expect(send('NDATA', [{ alias: 1, type: 'Double', value: null }]).readings).toMatchObject([
      { property: 'Inputs/T', value: null, quality: 'BAD' },
    ]);
  });

  it.each([
    [192, 'GOOD'],
    [0, 'BAD'],
    [500, 'UNCERTAIN'],
    [64, 'UNCERTAIN'],
  ] as const)('of quality %i is %s', (code, quality) => {
    birth([TEMPERATURE]);
    const properties = { Quality: { type: 'Int32', value: code } } as const;
    expect(send('NDATA', [byAlias(1, 2, { properties })]).readings).toMatchObject([{ quality }]);
  });

  it('is as old as its metric says, else as its message does', () => {
    birth([TEMPERATURE]);
    const told = send('NDATA', [byAlias(1, 2, { timestamp: AT - 5_000 }), byAlias(1, 3)], { timestamp: AT });
    expect(told.readings.map(({ observedAt }) => observedAt)).toEqual([AT - 5_000, AT]);
  });

  it('of a clock that began in 1970 is as old as that says', () => {
    birth([TEMPERATURE]);
    expect(send('NDATA', [byAlias(1, 2)], { timestamp: 5_000_000 }).readings).toMatchObject([
      { observedAt: 5_000_000 },
    ]);
  });

  it('of one time with another one is ordered as they were sent', () => {
    birth([TEMPERATURE]);
    const readings = [
      ...send('NDATA', [byAlias(1, 1), byAlias(1, 2)]).readings,
      ...send('NDATA', [byAlias(1, 3)]).readings,
    ];
    const orders = readings.map(({ sequence }) => sequence ?? 0);
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
    expect(new Set(orders).size).toBe(3);
  });

  it('that is historical goes into history as such', () => {
    birth([TEMPERATURE]);
    expect(send('NDATA', [byAlias(1, 2, { isHistorical: true })]).readings).toMatchObject([{ isHistorical: true }]);
  });
});

describe('data that nobody can understand', () => {
  it('before any birth are told of, and the node is asked for its birth', () => {
    const told = send('NDATA', [byAlias(1, 2)]);
    expect(told).toMatchObject({ readings: [], refusals: [{ reason: expect.stringContaining('no birth') }] });
    expect(commands()).toEqual([['spBv1.0/plant/NCMD/edge', REBIRTH]]);
  });

  it('are asked for seldom, and ever more seldom while nobody answers', () => {
    const times: number[] = [];
    for (let s = 0; s < 200; s += 1) {
      host.now += 1_000;
      send('NDATA', [byAlias(1, 2)]);
      if (commands().length > 0) times.push(s);
    }
    expect(times).toEqual([0, 10, 30, 70, 150]);
  });

  it('of many nodes are asked for one after the other', () => {
    for (let i = 0; i < 120; i += 1) send('NDATA', [byAlias(1, 2)], { node: `edge-${i}` });
    expect(commands()).toHaveLength(50);
    host.now = host.entry.dialect.wakeAt as number;
    host.wake();
    expect(commands()).toHaveLength(50);
    host.now += 1_000;
    host.wake();
    expect(commands()).toHaveLength(20);
    expect(host.entry.dialect.wakeAt).toBeUndefined();
  });

  it('of a device without a birth, or of an alias without a definition, ask for births and lose nothing else', () => {
    birth([TEMPERATURE]);
    expect(send('DDATA', [byAlias(9, 1)]).refusals).toHaveLength(1);
    expect(commands()).toEqual([['spBv1.0/plant/NCMD/edge', REBIRTH]]);
    const told = send('NDATA', [byAlias(7, 1), byAlias(1, 5)]);
    expect(plain(told)).toEqual([[NODE, 'Inputs/T', 5]]);
    expect(told.refusals).toMatchObject([{ property: 'alias 7' }]);
  });
});

describe('the order of messages', () => {
  beforeEach(() => {
    birth([TEMPERATURE]);
  });

  it('is that of seq: one that comes too early waits for those before it', () => {
    expect(plain(send('NDATA', [byAlias(1, 3)], { seq: 3 }))).toEqual([]);
    expect(plain(send('NDATA', [byAlias(1, 2)], { seq: 2 }))).toEqual([]);
    expect(plain(send('NDATA', [byAlias(1, 1)], { seq: 1 }))).toEqual([1, 2, 3].map((n) => [NODE, 'Inputs/T', n]));
    expect([host.entry.dialect.wakeAt, commands()]).toEqual([undefined, []]);
  });

  it('lets a device be born that was heard before its birth', () => {
    send('DDATA', [byAlias(2, 9)], { seq: 2 });
    const told = send('DBIRTH', [{ name: 'Speed', alias: 2, type: 'Double', value: 8 }], { seq: 1 });
    expect(plain(told)).toEqual([8, 9].map((n) => [DEVICE, 'Speed', n]));
  });

  it('goes on behind 255 with 0', () => {
    seq = 1;
    for (let i = 1; i < 600; i += 1) {
      expect(plain(send('NDATA', [byAlias(1, i)], { seq: i % 256 }))).toEqual([[NODE, 'Inputs/T', i]]);
    }
  });

  it('is waited for some time only: then the node is asked for its birth, and what is here is taken', () => {
    send('NDATA', [byAlias(1, 5)], { seq: 5 });
    send('NDATA', [byAlias(1, 3)], { seq: 3 });
    expect(host.entry.dialect.wakeAt).toBe(host.now + 2_000);
    host.now += 2_000;
    expect(plain(host.wake())).toEqual([3, 5].map((n) => [NODE, 'Inputs/T', n]));
    expect(commands()).toEqual([['spBv1.0/plant/NCMD/edge', REBIRTH]]);
    expect(plain(send('NDATA', [byAlias(1, 6)], { seq: 6 }))).toEqual([[NODE, 'Inputs/T', 6]]);
  });

  it('is waited for as long as the configuration says', () => {
    host = new DialectProbe({ dialect: 'sparkplug', options: { reorderMs: 500 } });
    birth([TEMPERATURE]);
    send('NDATA', [byAlias(1, 5)], { seq: 5 });
    expect(host.entry.dialect.wakeAt).toBe(host.now + 500);
  });

  it('begins again with a birth, which takes what waits of the time before it first', () => {
    send('NDATA', [byAlias(1, 5)], { seq: 5, timestamp: AT });
    const told = birth([{ ...TEMPERATURE, value: 30 }], 3, { timestamp: AT + 1_000 });
    expect(plain(told)).toEqual([5, 30].map((n) => [NODE, 'Inputs/T', n]));
    expect(plain(send('NDATA', [byAlias(1, 6)], { seq: 1 }))).toEqual([[NODE, 'Inputs/T', 6]]);
  });

  it('lets what was sent behind a birth wait for it, and names it by that birth', () => {
    send('NDATA', [byAlias(1, 7)], { seq: 2, timestamp: AT + 2_000 });
    birth([{ name: 'Other', alias: 1, type: 'Double', value: 1 }], 3, { timestamp: AT + 1_000 });
    expect(plain(send('NDATA', [byAlias(1, 6)], { seq: 1, timestamp: AT + 2_000 }))).toEqual(
      [6, 7].map((n) => [NODE, 'Other', n]),
    );
  });

  it('is given up at once where too many messages wait', () => {
    for (let i = 0; i < 127; i += 1) send('NDATA', [byAlias(1, i)], { seq: 10 + i });
    expect(plain(send('NDATA', [byAlias(1, 200)], { seq: 200 }))).toHaveLength(128);
    expect(commands()).toHaveLength(1);
  });

  it('asks for nothing of a node that counts no seq', () => {
    expect(plain(send('NDATA', [byAlias(1, 4)], { seq: undefined }))).toEqual([[NODE, 'Inputs/T', 4]]);
    expect(commands()).toEqual([]);
  });

  it('by a seq that is none is refused', () => {
    expect(() => send('NDATA', [byAlias(1, 4)], { seq: 256 })).toThrow('0 to 255');
  });
});

describe('a death', () => {
  beforeEach(() => {
    birth([TEMPERATURE], 3);
    send('DBIRTH', [{ name: 'Speed', alias: 2, type: 'Double', value: 8 }]);
    send('DBIRTH', [{ name: 'Level', alias: 3, type: 'Double', value: 8 }], { device: 'tank' });
  });

  it('of the node makes it and its devices OFFLINE', () => {
    const told = death(3);
    expect(states(told)).toEqual([
      [NODE, 'OFFLINE'],
      [DEVICE, 'OFFLINE'],
      ['plant:edge:tank', 'OFFLINE'],
    ]);
    expect([told.readings, told.removals]).toEqual([[], []]);
  });

  it('of an earlier connection changes nothing', () => {
    expect(states(death(2))).toEqual([]);
    expect(plain(send('NDATA', [byAlias(1, 2)]))).toHaveLength(1);
  });

  it('that names no connection is refused', () => {
    expect(send('NDEATH', [])).toMatchObject({ reports: [], refusals: [{ property: 'bdSeq' }] });
  });

  it('of a node that was never heard is believed', () => {
    expect(states(send('NDEATH', [], { node: 'other' }))).toEqual([['plant:other', 'OFFLINE']]);
  });

  it('of a device makes it alone OFFLINE, until its next birth', () => {
    expect(states(send('DDEATH', []))).toEqual([[DEVICE, 'OFFLINE']]);
    expect(send('DDATA', [byAlias(2, 1)])).toMatchObject({ readings: [], refusals: [{}] });
    expect(states(send('DBIRTH', [{ name: 'Speed', type: 'Double', value: 1 }]))).toEqual([[DEVICE, 'ONLINE']]);
  });

  it('ends what its birth has defined: data behind it ask for a birth', () => {
    death(3);
    expect(send('NDATA', [byAlias(1, 2)])).toMatchObject({ readings: [], refusals: [{}] });
    expect(commands()).toEqual([['spBv1.0/plant/NCMD/edge', REBIRTH]]);
    expect(states(birth([TEMPERATURE], 4))).toEqual([[NODE, 'ONLINE']]);
  });

  it('that nobody heard is noticed: devices that do not follow the birth of their node are STALE', () => {
    birth([TEMPERATURE], 4);
    send('DBIRTH', [{ name: 'Speed', alias: 2, type: 'Double', value: 8 }]);
    host.now = host.entry.dialect.wakeAt as number;
    expect(states(host.wake())).toEqual([['plant:edge:tank', 'STALE']]);
  });

  it('while we were away is noticed: the node is asked for its birth, and STALE when it does not answer', () => {
    host.now += 60_000;
    host.sent.push(...host.connected());
    expect(commands()).toEqual([['spBv1.0/plant/NCMD/edge', REBIRTH]]);
    host.now = host.entry.dialect.wakeAt as number;
    expect(states(host.wake())).toEqual([
      [NODE, 'STALE'],
      [DEVICE, 'STALE'],
      ['plant:edge:tank', 'STALE'],
    ]);
  });

  it('cannot be heard without a connection: after a while everybody is STALE, until they are heard again', () => {
    host.entry.dialect.disconnected?.(host.now);
    host.now = host.entry.dialect.wakeAt as number;
    expect(states(host.wake())).toEqual([
      [NODE, 'STALE'],
      [DEVICE, 'STALE'],
      ['plant:edge:tank', 'STALE'],
    ]);
    expect(plain(send('NDATA', [byAlias(1, 2)]))).toHaveLength(1);
  });

  it('is not thought of where the connection comes back soon', () => {
    host.entry.dialect.disconnected?.(host.now);
    host.now += 1_000;
    host.connected();
    send('NDATA', [byAlias(1, 2)]);
    host.now += 60_000;
    expect(states(host.wake())).toEqual([]);
  });

  it('is not believed of a node that is heard again', () => {
    host.now += 60_000;
    host.connected();
    send('NDATA', [byAlias(1, 2)]);
    host.now += 60_000;
    expect(states(host.wake())).toEqual([]);
  });
});

describe('a desired value', () => {
  const desired = (twin: string, values: Record<string, unknown>): unknown[] => {
    const list = Object.entries(values).map(([property, value]) => ({
      property,
      value: value as never,
      isInSync: false,
    }));
    const source = host.sourceByTwin.get(twin);
    return host.entry
      .encodeDesired(twin, source ?? {}, list, host.now)
      .messages.map(({ topic, payload, qos, retain }) => [topic, commandOf(payload), qos, retain]);
  };

  it('goes out as one command by name, or by alias where there is one, in the datatype of the birth', () => {
    birth([TEMPERATURE, { name: 'Mode', type: 'String', value: 'auto' }]);
    expect(desired(NODE, { 'Inputs/T': 22, Mode: 'hand' })).toEqual([
      [
        'spBv1.0/plant/NCMD/edge',
        [
          { alias: 1, type: 'Double', value: 22 },
          { name: 'Mode', type: 'String', value: 'hand' },
        ],
        0,
        false,
      ],
    ]);
  });

  it.each([
    ['Int8', -2, -2],
    ['Int64', -5_000_000_000, -5_000_000_000],
    ['UInt64', 2 ** 50, 2 ** 50],
    ['Float', 0.5, 0.5],
    ['Boolean', true, true],
    ['DateTime', '2026-03-01T11:59:00Z', AT],
  ] as const)('of the datatype %s goes to its device', (type, value, expected) => {
    birth();
    send('DBIRTH', [{ name: 'm', type, value: null }]);
    expect(desired(DEVICE, { m: value })).toEqual([
      ['spBv1.0/plant/DCMD/edge/pump', [{ name: 'm', type, value: expected }], 0, false],
    ]);
  });

  it.each([
    ['Int8', 128],
    ['UInt32', -1],
    ['Int32', 1.5],
    ['Boolean', 1],
    ['String', 5],
    ['DateTime', 'soon'],
    ['Bytes', 'x'],
  ] as const)('that %s does not hold is told of instead: %j', (type, value) => {
    birth([{ name: 'm', type, value: null }]);
    expect(desired(NODE, { m: value })).toEqual([]);
    expect(host.entry.dialect.wakeAt).toBe(0);
    expect(host.wake().refusals).toMatchObject([{ property: 'm', reason: expect.stringContaining(type) }]);
    expect(host.entry.dialect.wakeAt).toBeUndefined();
  });

  it('of a metric that no birth defines is told of', () => {
    birth([TEMPERATURE]);
    expect(desired(NODE, { other: 1, 'Inputs/T': 5 })).toHaveLength(1);
    expect(host.wake().refusals).toMatchObject([{ property: 'other' }]);
  });

  it('of a dead node waits for its birth', () => {
    birth([TEMPERATURE]);
    death();
    expect(desired(NODE, { 'Inputs/T': 5 })).toEqual([]);
    expect(host.entry.dialect.wakeAt).toBeUndefined();
  });
});

describe('a host', () => {
  const stateOf = (outgoing: { topic: string; payload: unknown } | undefined): unknown => [
    outgoing?.topic,
    JSON.parse(String(outgoing?.payload)),
  ];

  it('that is primary says with its will and its birth of one time whether it is there, and takes leave', () => {
    host = new DialectProbe({ dialect: 'sparkplug', options: { host: { id: 'linchpin', primary: true } } });
    const { dialect } = host.entry;
    const topic = 'spBv1.0/STATE/linchpin';
    const will = dialect.will?.(1_000);
    expect(stateOf(will)).toEqual([topic, { online: false, timestamp: 1_000 }]);
    const [birthOfHost] = host.connected();
    expect(stateOf(birthOfHost)).toEqual([topic, { online: true, timestamp: 1_000 }]);
    expect(stateOf(dialect.goodbye?.(9_000)[0])).toEqual([topic, { online: false, timestamp: 9_000 }]);
    expect([will, birthOfHost]).toMatchObject([
      { qos: 1, retain: true },
      { qos: 1, retain: true },
    ]);
  });

  it('that is primary answers the will of an earlier connection that comes late', () => {
    host = new DialectProbe({ dialect: 'sparkplug', options: { host: { id: 'linchpin', primary: true } } });
    host.entry.dialect.will?.(1_000);
    host.tell('spBv1.0/STATE/linchpin', { online: true, timestamp: 1_000 });
    host.tell('spBv1.0/STATE/other', { online: false, timestamp: 1_000 });
    expect(host.sent).toEqual([]);
    host.tell('spBv1.0/STATE/linchpin', { online: false, timestamp: 500 });
    expect(host.sent.map(stateOf)).toEqual([['spBv1.0/STATE/linchpin', { online: true, timestamp: 1_000 }]]);
  });

  it.each([[{}], [{ host: { id: 'linchpin', primary: false } }]])('that is passive says nothing: %j', (options) => {
    host = new DialectProbe({ dialect: 'sparkplug', options });
    expect([host.entry.dialect.will?.(1), host.connected(), host.entry.dialect.goodbye?.(1)]).toEqual([
      undefined,
      [],
      [],
    ]);
    host.tell('spBv1.0/STATE/linchpin', { online: false, timestamp: 500 });
    expect(host.sent).toEqual([]);
  });
});

describe('bytes', () => {
  const long = fc.oneof(fc.nat(300), fc.integer(), fc.maxSafeInteger(), fc.constant(2 ** 63));
  const name = fc.constantFrom('a', 'b', '', 'bdSeq', 'Node Control/Rebirth', '@', 'x'.repeat(300), '\u0000');
  const metric = fc.oneof(
    fc.record(
      {
        name,
        alias: fc.nat(4),
        timestamp: long,
        type: fc.constantFrom('Int8', 'Int64', 'UInt64', 'DateTime', 'Unknown'),
        value: fc.option(long),
        isHistorical: fc.boolean(),
        properties: fc.dictionary(
          fc.constantFrom('engUnit', 'Quality', 'x'),
          fc.constant({ type: 'Int32', value: 500 }),
          { noNullPrototype: true },
        ),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ name, type: fc.constantFrom('Double', 'Float'), value: fc.double() }),
    fc.record({ name, alias: fc.nat(4), type: fc.constantFrom('String', 'UUID'), value: fc.string() }),
    fc.record({ name, type: fc.constant('Template'), value: fc.constant({ isDefinition: false, metrics: [] }) }),
  );
  const message = fc.record(
    { metrics: fc.array(metric, { maxLength: 5 }), seq: fc.oneof(fc.nat(4), long), timestamp: long },
    { requiredKeys: ['metrics'] },
  );
  const bytes = fc
    .tuple(message, fc.option(fc.tuple(fc.nat(80), fc.nat(255))), fc.boolean())
    .map(([{ metrics, ...more }, broken, isCut]) => {
      const payload = sparkplugPayload(metrics as unknown as Metric[], more);
      if (broken === null) return payload;
      const [place, byte] = broken;
      if (place < payload.length) payload[place] = byte;
      return isCut ? payload.subarray(0, place) : payload;
    });
  const topic = fc.constantFrom(
    'spBv1.0/g/NBIRTH/n',
    'spBv1.0/g/NBIRTH/n',
    'spBv1.0/g/NDATA/n',
    'spBv1.0/g/DBIRTH/n/d',
    'spBv1.0/g/DDATA/n/d',
    'spBv1.0/g/DDEATH/n/d',
    'spBv1.0/g/NDEATH/n',
  );

  it('of any kind are answered: nothing is thrown, and nothing is told that no graph may have', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(fc.tuple(topic, bytes), { minLength: 1, maxLength: 12 }), (messages) => {
        host = new DialectProbe({ dialect: 'sparkplug' });
        for (const [on, payload] of messages) {
          host.now += 700;
          const decoded = host.decodeBytes(on, payload);
          kinds.set(decoded?.kind ?? '', (kinds.get(decoded?.kind ?? '') ?? 0) + 1);
          host.wake();
          if (decoded?.kind !== 'told') continue;
          for (const { twin, property, observedAt, receivedAt } of decoded.readings) {
            expect([whyNotId(twin), whyNotPropertyName(property)]).toEqual([null, null]);
            expect(Number.isFinite(observedAt ?? receivedAt)).toBe(true);
          }
        }
      }),
      FUZZ,
    );
    expect(kinds.get('told')).toBeGreaterThan(100);
    expect(kinds.get('refused')).toBeGreaterThan(100);
  });
});
