/** ThingsBoard's APIs for gateways and devices: https://thingsboard.io/docs/reference/gateway-mqtt-api/ */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe } from '../../support/dialect-probe.ts';

const AT = Date.parse('2026-03-01T11:00:00Z');
let board: DialectProbe;

beforeEach(() => {
  board = new DialectProbe({ dialect: 'thingsboard' });
});

describe('a gateway', () => {
  it('tells the telemetry of several devices, with and without times', () => {
    const payload = {
      'Device A': [
        { ts: AT, values: { temperature: 42, humidity: 80 } },
        { ts: AT + 1_000, values: { temperature: 43 } },
      ],
      'Device B': [{ mode: 'auto', position: { x: 1 } }],
    };
    const { readings } = board.tell('v1/gateway/telemetry', payload);
    expect(readings.map(({ twin, property, value, observedAt }) => [twin, property, value, observedAt])).toEqual([
      ['Device A', 'temperature', 42, AT],
      ['Device A', 'humidity', 80, AT],
      ['Device A', 'temperature', 43, AT + 1_000],
      ['Device B', 'mode', 'auto', undefined],
      ['Device B', 'position', { x: 1 }, undefined],
    ]);
  });

  it('tells attributes', () => {
    expect(board.values('v1/gateway/attributes', { A: { serial: 'x', n: 1 }, B: { n: 2 } })).toEqual({
      A: { serial: 'x', n: 1 },
      B: { n: 2 },
    });
  });

  it('says which devices come and go', () => {
    expect(board.tell('v1/gateway/connect', { device: 'A', type: 'Pump' }).reports).toMatchObject([
      { twin: 'A', connectivity: 'ONLINE' },
    ]);
    expect(board.tell('v1/gateway/disconnect', { device: 'A' }).reports).toMatchObject([
      { twin: 'A', connectivity: 'OFFLINE' },
    ]);
    expect(board.decode('v1/gateway/connect', { type: 'Pump' })).toMatchObject({ kind: 'refused' });
  });

  it('that tells one device wrongly loses nothing of the others', () => {
    const told = board.tellAll('v1/gateway/telemetry', { A: 5, B: [{ n: 2 }, 'x'] });
    expect(told.readings).toMatchObject([{ twin: 'B', property: 'n' }]);
    expect(told.refusals).toHaveLength(2);
  });

  it('is one of several by what stands before its topics', () => {
    board = new DialectProbe({ dialect: 'thingsboard', topics: ['+/v1/gateway/#'], twin: '{gateway}/{device}' });
    expect(board.values('north/v1/gateway/attributes', { A: { n: 1 } })).toEqual({ 'north/A': { n: 1 } });
    expect(board.desired('north/A', { n: 2 })).toEqual([
      { topic: 'north/v1/gateway/attributes', payload: { device: 'A', data: { n: 2 } } },
    ]);
  });
});

describe('a device of its own', () => {
  it.each([
    ['values', { t: 1 }, [['t', 1, undefined]]],
    ['values with their time', { ts: AT, values: { t: 1 } }, [['t', 1, AT]]],
    [
      'a list of both',
      [{ t: 1 }, { ts: AT, values: { t: 2, u: 3 } }],
      [
        ['t', 1, undefined],
        ['t', 2, AT],
        ['u', 3, AT],
      ],
    ],
  ])('tells %s', (_, payload, expected) => {
    const { readings } = board.tell('pump-1/v1/devices/me/telemetry', payload);
    expect(readings.map(({ property, value, observedAt }) => [property, value, observedAt])).toEqual(expected);
    expect(new Set(readings.map(({ twin }) => twin))).toEqual(new Set(['pump-1']));
  });

  it('is named by the configuration where its topics do not', () => {
    board = new DialectProbe({ dialect: 'thingsboard', topics: ['v1/devices/me/#'], options: { device: 'pump-9' } });
    expect(board.values('v1/devices/me/attributes', { n: 1 })).toEqual({ 'pump-9': { n: 1 } });
  });

  it('without a name is refused', () => {
    board = new DialectProbe({ dialect: 'thingsboard', topics: ['v1/devices/me/#'] });
    expect(board.tellAll('v1/devices/me/attributes', { n: 1 })).toMatchObject({
      readings: [],
      refusals: [{ reason: expect.stringContaining('{device}') }],
    });
  });

  it('that asks for its attributes has come', () => {
    const told = board.tell('pump-1/v1/devices/me/attributes/request/1', { sharedKeys: 'interval' });
    expect(told.reports).toMatchObject([{ twin: 'pump-1', connectivity: 'ONLINE' }]);
  });

  it('is told by a remote call what is desired, and its failure is said', () => {
    board.tell('pump-1/v1/devices/me/telemetry', { t: 1 });
    expect(board.desired('pump-1', { interval: 5 })).toEqual([
      { topic: 'pump-1/v1/devices/me/rpc/request/1', payload: { method: 'setProperties', params: { interval: 5 } } },
    ]);
    expect(board.desired('pump-1', { interval: 6 })[0]?.topic).toBe('pump-1/v1/devices/me/rpc/request/2');
    expect(board.tellAll('pump-1/v1/devices/me/rpc/response/2', { error: 'no' }).refusals).toHaveLength(1);
    expect(board.decode('pump-1/v1/devices/me/rpc/response/1', { success: true })?.kind).toBe('empty');
  });
});

describe('desired values of a device behind a gateway', () => {
  it('go out as shared attributes, and say nothing when they come back on their topic', () => {
    board.tell('v1/gateway/telemetry', { A: [{ t: 1 }] });
    const [message] = board.desired('A', { interval: 5 });
    expect(message).toEqual({ topic: 'v1/gateway/attributes', payload: { device: 'A', data: { interval: 5 } } });
    expect(board.decode('v1/gateway/attributes', message?.payload)?.kind).toBe('empty');
  });

  it('go out as a remote call where the configuration says so', () => {
    board = new DialectProbe({ dialect: 'thingsboard', options: { desired: 'rpc', rpcMethod: 'set' } });
    board.tell('v1/gateway/telemetry', { A: [{ t: 1 }] });
    const [message] = board.desired('A', { interval: 5 });
    expect(message).toEqual({
      topic: 'v1/gateway/rpc',
      payload: { device: 'A', data: { id: 1, method: 'set', params: { interval: 5 } } },
    });
    expect(board.decode('v1/gateway/rpc', message?.payload)?.kind).toBe('empty');
    const failed = { device: 'A', id: 1, data: { error: 'no such method' } };
    expect(board.tellAll('v1/gateway/rpc', failed).refusals).toHaveLength(1);
  });
});
