/** The Things Stack v3: https://www.thethingsindustries.com/docs/integrations/data-formats/ */
import { beforeEach, describe, expect, it } from 'vitest';
import { DialectProbe } from '../../support/dialect-probe.ts';

const UP = 'v3/farm@ttn/devices/soil-1/up';
const TWIN = 'farm:soil-1';

let stack: DialectProbe;

beforeEach(() => {
  stack = new DialectProbe({ dialect: 'things-stack' });
});

function uplink(payload: unknown, more: object = {}, envelope: object = {}): object {
  return {
    end_device_ids: { device_id: 'soil-1', application_ids: { application_id: 'farm' }, dev_eui: '0004A30B001C0530' },
    received_at: '2026-03-01T11:59:59.9Z',
    uplink_message: {
      session_key_id: 'AXBSH1Pk',
      f_cnt: 7,
      f_port: 1,
      received_at: '2026-03-01T11:59:59.5Z',
      ...(payload !== undefined && { decoded_payload: payload }),
      ...more,
    },
    ...envelope,
  };
}

const observed = (more: object): number | undefined => {
  stack = new DialectProbe({ dialect: 'things-stack' });
  return stack.tell(UP, uplink({ t: 1 }, more)).readings[0]?.observedAt;
};

describe('an uplink', () => {
  it('tells the values of its decoded payload, objects by their parts, lists whole', () => {
    const payload = { temperature: 21.5, gps: { lat: 1, lon: 2 }, raw: [1, 2], none: null };
    expect(stack.values(UP, uplink(payload))).toEqual({
      [TWIN]: { temperature: 21.5, 'gps.lat': 1, 'gps.lon': 2, raw: [1, 2] },
    });
  });

  it('tells what it gives as value with a unit as one value', () => {
    const payload = {
      level: { displayName: 'Water level', unit: 'mm', value: 42 },
      flag: { displayName: 'Flag', value: 0 },
    };
    expect(stack.tell(UP, uplink(payload)).readings).toMatchObject([
      { property: 'level', value: 42, unit: 'mm' },
      { property: 'flag', value: 0 },
    ]);
  });

  it('is named by the ids in it, or by its topic', () => {
    stack = new DialectProbe({ dialect: 'things-stack', twin: '{tenant}/{application}/{device}[/{devEui}]' });
    expect(Object.keys(stack.values(UP, uplink({ t: 1 })))).toEqual(['ttn/farm/soil-1/0004A30B001C0530']);
    const bare = { uplink_message: { decoded_payload: { t: 1 } } };
    expect(Object.keys(stack.values('v3/farm@ttn/devices/soil-9/up', bare))).toEqual(['ttn/farm/soil-9']);
  });

  it('that comes again under the same session and count is a duplicate', () => {
    expect(stack.decode(UP, uplink({ t: 1 }))?.kind).toBe('told');
    expect(stack.decode(UP, uplink({ t: 1 }))).toBeNull();
    expect(stack.decode(UP, uplink({ t: 2 }, { f_cnt: 8 }))?.kind).toBe('told');
    expect(stack.decode(UP, uplink({ t: 2 }, { session_key_id: 'another' }))?.kind).toBe('told');
    expect(stack.decode('v3/farm@ttn/devices/soil-2/up', uplink({ t: 1 }, {}, { end_device_ids: {} }))?.kind).toBe(
      'told',
    );
  });

  it('without a count is not taken for the first one', () => {
    const uncounted = uplink({ t: 1 }, { f_cnt: undefined });
    expect(stack.tell(UP, uncounted).readings[0]?.sequence).toBe(0);
    expect(stack.decode(UP, uncounted)?.kind).toBe('told');
  });

  it('of a device that begins to count again is none', () => {
    stack = new DialectProbe({ dialect: 'things-stack', options: { resetsFrameCount: true } });
    expect(stack.decode(UP, uplink({ t: 1 }))?.kind).toBe('told');
    expect(stack.decode(UP, uplink({ t: 2 }))?.kind).toBe('told');
  });

  it('is ordered by its count', () => {
    expect(stack.tell(UP, uplink({ t: 1 })).readings[0]?.sequence).toBe(7);
  });

  it('without a decoded payload is a sign of life', () => {
    expect(stack.tell(UP, uplink(undefined)).reports).toMatchObject([{ twin: TWIN, connectivity: 'ONLINE' }]);
  });

  it('that its decoder warns of is uncertain', () => {
    const told = stack.tell(UP, uplink({ t: 1 }, { decoded_payload_warnings: ['battery low'] }));
    expect(told.readings[0]?.quality).toBe('UNCERTAIN');
  });

  it('of no device is refused', () => {
    stack = new DialectProbe({ dialect: 'things-stack', topics: ['up'] });
    expect(stack.decode('up', { uplink_message: {} })).toMatchObject({ kind: 'refused' });
  });
});

describe('the time of an uplink', () => {
  const at = (second: string): number => Date.parse(`2026-03-01T11:59:${second}Z`);
  const SERVER = { received_at: '2026-03-01T11:59:59.5Z' };

  it('is the GPS time of a gateway', () => {
    const gateways = [
      { snr: 9, time: '2026-03-01T11:59:58Z' },
      { snr: 1, gps_time: '2026-03-01T11:59:57Z', time: '2026-03-01T11:59:56Z' },
    ];
    expect(observed({ ...SERVER, rx_metadata: gateways })).toBe(at('57'));
  });

  it('is else that of the gateway that heard it best', () => {
    const gateways = [
      { snr: -3, time: '2026-03-01T11:59:55Z' },
      { snr: 9.5, time: '2026-03-01T11:59:58.123456789Z' },
      { rssi: -40, time: '2026-03-01T11:59:54Z' },
    ];
    expect(observed({ ...SERVER, rx_metadata: gateways })).toBe(at('58.123'));
  });

  it('is not that of a gateway whose clock is wrong', () => {
    const gateways = [
      { snr: 9, time: '1980-01-06T00:00:00Z' },
      { snr: 5, time: '2026-03-01T11:59:58Z' },
    ];
    expect(observed({ ...SERVER, rx_metadata: gateways })).toBe(at('58'));
  });

  it("is else the network server's, else the application server's", () => {
    expect(observed({ ...SERVER, rx_metadata: [{ snr: 1 }, 'x'] })).toBe(at('59.5'));
    expect(observed({ received_at: undefined })).toBe(at('59.9'));
  });
});

describe('a join', () => {
  it('makes the twin online', () => {
    const join = {
      end_device_ids: { device_id: 'soil-1', application_ids: { application_id: 'farm' } },
      join_accept: { session_key_id: 'x' },
    };
    expect(stack.tell('v3/farm@ttn/devices/soil-1/join', join).reports).toMatchObject([
      { twin: TWIN, connectivity: 'ONLINE' },
    ]);
  });
});

describe('desired values', () => {
  it('replace what waits in the downlink queue, as an object for the encoder', () => {
    stack.tell(UP, uplink({ t: 1 }));
    expect(stack.desired(TWIN, { interval: 600, 'relay.on': true, gone: null })).toEqual([
      {
        topic: 'v3/farm@ttn/devices/soil-1/down/replace',
        payload: {
          downlinks: [
            {
              f_port: 1,
              decoded_payload: { interval: 600, relay: { on: true } },
              priority: 'NORMAL',
              correlation_ids: ['linchpin'],
            },
          ],
        },
      },
    ]);
    expect(stack.desired(TWIN, { gone: null })[0]?.payload).toEqual({ downlinks: [] });
  });

  it('that could not be sent are said', () => {
    const failed = {
      end_device_ids: { device_id: 'soil-1' },
      downlink_failed: { error: { message_format: 'too long' } },
    };
    expect(stack.tellAll('v3/farm@ttn/devices/soil-1/down/failed', failed).refusals).toEqual([
      { property: '', reason: 'a downlink failed: too long' },
    ]);
  });
});
