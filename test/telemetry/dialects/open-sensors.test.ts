/** Topics of OpenSensors: /orgs/{org}/… and /users/{user}/…, with JSON. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe } from '../../support/dialect-probe.ts';

const AT = '2026-03-01T11:00:00Z';
let probe: DialectProbe;

beforeEach(() => {
  probe = new DialectProbe({ dialect: 'open-sensors' });
});

describe('a device', () => {
  it.each([
    ['/orgs/acme/floor1/sensor-3', 'acme:floor1/sensor-3'],
    ['/orgs/acme/sensor', 'acme:sensor'],
    ['/users/ada/test', 'ada:test'],
  ])('is named by its topic: %s', (topic, twin) => {
    expect(probe.values(topic, { temperature: 21.5, air: { co2: 400, pm: [1, 2] }, gone: null })).toEqual({
      [twin]: { temperature: 21.5, 'air.co2': 400, 'air.pm': [1, 2] },
    });
  });

  it('may be named by a key of its payload, which is no property then', () => {
    const options = { deviceKey: 'device_id' };
    probe = new DialectProbe({ dialect: 'open-sensors', twin: '{owner}/{device}', options });
    expect(probe.values('/orgs/acme/all', { device_id: 's-1', t: 1 })).toEqual({ 'acme/s-1': { t: 1 } });
    expect(probe.values('/orgs/acme/all', { device_id: 17, t: 2 })).toEqual({ 'acme/17': { t: 2 } });
    expect(probe.tellAll('/orgs/acme/all', { t: 1 }).refusals[0]?.reason).toContain('{device}');
    expect(probe.tellAll('/orgs/acme/all', { device_id: { a: 1 }, t: 1 }).readings).toEqual([]);
  });

  it('that is not named is set aside', () => {
    expect(probe.tellAll('/orgs/acme', { t: 1 }).refusals[0]?.reason).toContain('{device}');
  });
});

describe('a payload', () => {
  it('may be one value', () => {
    expect(probe.values('/orgs/acme/a', 21.5)).toEqual({ 'acme:a': { value: 21.5 } });
    expect(probe.values('/orgs/acme/a', [1, 2])).toEqual({ 'acme:a': { value: [1, 2] } });
  });

  it('may have its time, under a key that the configuration names', () => {
    expect(probe.tell('/orgs/acme/a', { t: 1, timestamp: AT }).readings).toMatchObject([
      { property: 't', observedAt: Date.parse(AT) },
    ]);
    probe = new DialectProbe({ dialect: 'open-sensors', options: { timeKey: 'at' } });
    expect(probe.tell('/orgs/acme/a', { t: 1, at: Date.parse(AT) / 1000 }).readings).toMatchObject([
      { property: 't', observedAt: Date.parse(AT) },
    ]);
  });

  it('with a time that is none is set aside', () => {
    expect(probe.tellAll('/orgs/acme/a', { t: 1, timestamp: 'noon' })).toMatchObject({ readings: [], refusals: [{}] });
  });

  it('that is not JSON, or on another topic, is refused', () => {
    expect(probe.decode('/orgs/acme/a', 't=1')).toMatchObject({ kind: 'refused' });
    probe = new DialectProbe({ dialect: 'open-sensors', topics: ['/#'] });
    expect(probe.decode('/things/acme/a', { t: 1 })).toMatchObject({ kind: 'refused' });
  });
});
