/** IBM Watson IoT Platform: https://www.ibm.com/docs/en/watson-iot-platform?topic=applications-mqtt-connectivity */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe } from '../../support/dialect-probe.ts';

const AT = '2026-03-01T11:00:00Z';
const STATUS = 'iot-2/type/pump/id/p1/evt/status/fmt/json';
const MON = 'iot-2/type/pump/id/p1/mon';
let watson: DialectProbe;

beforeEach(() => {
  watson = new DialectProbe({ dialect: 'watson-iot' });
});

describe('an event', () => {
  it.each([
    ['in d, with its time', { d: { speed: 7, motor: { t: 61 } }, ts: AT }, { speed: 7, 'motor.t': 61 }, Date.parse(AT)],
    ['in d', { d: { speed: 7, ts: 5 } }, { speed: 7, ts: 5 }, undefined],
    ['alone', { speed: 7, gone: null }, { speed: 7 }, undefined],
    ['alone, with their time', { speed: 7, ts: Date.parse(AT) }, { speed: 7 }, Date.parse(AT)],
    ['alone, one of them called d', { d: 7 }, { d: 7 }, undefined],
  ])('tells its values %s', (_, payload, expected, observedAt) => {
    const { readings } = watson.tell(STATUS, payload);
    expect(new Set(readings.map(({ twin }) => twin))).toEqual(new Set(['pump:p1']));
    expect(Object.fromEntries(readings.map(({ property, value }) => [property, value]))).toEqual(expected);
    expect(readings[0]?.observedAt).toBe(observedAt);
  });

  it('may have its time under another key, and name the properties', () => {
    const options = { timeKey: 'when' };
    watson = new DialectProbe({ dialect: 'watson-iot', property: '{event}.{property}', options });
    const { readings } = watson.tell(STATUS, { d: { speed: 7 }, when: AT });
    expect(readings).toMatchObject([{ property: 'status.speed', observedAt: Date.parse(AT) }]);
  });

  it('of a time that is none is set aside', () => {
    expect(watson.tellAll(STATUS, { d: { speed: 7 }, ts: 'noon' })).toMatchObject({
      readings: [],
      refusals: [{ property: 'speed' }],
    });
  });

  it('of another format than json is refused', () => {
    watson = new DialectProbe({ dialect: 'watson-iot', topics: ['iot-2/#'] });
    expect(watson.decode('iot-2/type/pump/id/p1/evt/status/fmt/bin', {})).toMatchObject({ kind: 'refused' });
    expect(watson.decode('iot-2/app/a1/mon/x', {})).toMatchObject({ kind: 'refused' });
  });
});

describe('a device that does not say who it is', () => {
  const TOPIC = 'iot-2/evt/status/fmt/json';

  it('is named by the options', () => {
    const options = { device: 'p9', type: 'pump' };
    watson = new DialectProbe({ dialect: 'watson-iot', topics: ['iot-2/evt/+/fmt/json'], options });
    expect(watson.values(TOPIC, { d: { speed: 1 } })).toEqual({ 'pump:p9': { speed: 1 } });
    expect(watson.desired('pump:p9', { speed: 2 })[0]?.topic).toBe('iot-2/cmd/set/fmt/json');
  });

  it('is named by the level before its topics', () => {
    watson = new DialectProbe({ dialect: 'watson-iot', topics: ['+/iot-2/evt/+/fmt/json'] });
    expect(watson.values(`p3/${TOPIC}`, { speed: 1 })).toEqual({ p3: { speed: 1 } });
    expect(watson.desired('p3', { speed: 2 })[0]?.topic).toBe('p3/iot-2/cmd/set/fmt/json');
  });

  it('and is not named is set aside', () => {
    watson = new DialectProbe({ dialect: 'watson-iot', topics: ['iot-2/evt/+/fmt/json'] });
    expect(watson.tellAll(TOPIC, { speed: 1 }).refusals[0]?.reason).toContain('{device}');
  });
});

describe('connections', () => {
  const mon = (Action: string, Time: string, ConnectTime?: string): object => ({
    ClientAddr: '192.0.2.7',
    Protocol: 'mqtt4-tcp',
    ClientID: 'd:org:pump:p1',
    Action,
    Time: `2026-03-01T11:00:${Time}+01:00`,
    ...(ConnectTime !== undefined && { ConnectTime: `2026-03-01T11:00:${ConnectTime}+01:00` }),
  });
  const reports = (payload: object): unknown[] =>
    watson.tell(MON, payload).reports.map(({ connectivity }) => connectivity);

  it('make a device come and go', () => {
    expect(reports(mon('Connect', '01', '01'))).toEqual(['ONLINE']);
    expect(reports(mon('Disconnect', '05', '01'))).toEqual(['OFFLINE']);
    expect(reports(mon('Connect', '09', '09'))).toEqual(['ONLINE']);
  });

  it('that were replaced already end without a word', () => {
    expect(reports(mon('Connect', '05', '05'))).toEqual(['ONLINE']);
    expect(reports(mon('Disconnect', '06', '01'))).toEqual([]);
    expect(reports(mon('Disconnect', '07', '05'))).toEqual(['OFFLINE']);
  });

  it('told late say nothing', () => {
    expect(reports(mon('Disconnect', '08', '01'))).toEqual(['OFFLINE']);
    expect(reports(mon('Connect', '01', '01'))).toEqual([]);
  });

  it('that failed say nothing', () => {
    expect(reports(mon('FailedConnect', '01'))).toEqual([]);
    expect(reports(mon('Disconnect', '02'))).toEqual(['OFFLINE']);
  });
});

describe('what is desired', () => {
  it('goes out as a command, in d unless the configuration says otherwise', () => {
    watson.tell(STATUS, { d: { speed: 1 } });
    const topic = 'iot-2/type/pump/id/p1/cmd/set/fmt/json';
    expect(watson.desired('pump:p1', { speed: 2, 'motor.mode': 'eco', old: null })).toEqual([
      { topic, payload: { d: { speed: 2, motor: { mode: 'eco' }, old: null } } },
    ]);
    watson = new DialectProbe({ dialect: 'watson-iot', options: { wrapsCommands: false } });
    watson.tell(STATUS, { speed: 1 });
    expect(watson.desired('pump:p1', { speed: 2 })).toEqual([{ topic, payload: { speed: 2 } }]);
  });

  it('goes out under the command that the configuration names, and says nothing when it comes back', () => {
    watson = new DialectProbe({ dialect: 'watson-iot', topics: ['iot-2/type/#'], options: { command: 'config' } });
    watson.tell(MON, { Action: 'Connect' });
    const [message] = watson.desired('pump:p1', { speed: 2 });
    expect(message?.topic).toBe('iot-2/type/pump/id/p1/cmd/config/fmt/json');
    expect(watson.decode(message?.topic ?? '', message?.payload)?.kind).toBe('empty');
  });
});
