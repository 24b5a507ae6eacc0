/** Messages of The Things Stack's documentation, and payloads as vendors' decoders give them. */
import { expect, it } from 'vitest';
import { DialectProbe } from '../support/dialect-probe.ts';
import { describeWithData, readLines } from '../support/real-data.ts';

interface Envelope {
  readonly end_device_ids: {
    readonly device_id: string;
    readonly application_ids: { readonly application_id: string };
  };
  readonly join_accept?: object;
  readonly downlink_failed?: object;
}
interface Decoded {
  readonly vendor: string;
  readonly model: string;
  readonly fPort: number;
  readonly bytes_hex: string;
  readonly data: Record<string, unknown>;
}

describeWithData('messages of The Things Stack', 'lorawan', () => {
  it('that are joins make the twin online, failed downlinks are said, other ones say nothing', () => {
    const envelopes = readLines<Envelope>('lorawan', 'ttn-envelopes.jsonl');
    expect(envelopes.length).toBeGreaterThan(0);
    const probe = new DialectProbe({ dialect: 'things-stack', topics: ['v3/#'] });
    for (const envelope of envelopes) {
      const { application_ids: application, device_id: device } = envelope.end_device_ids;
      const told = probe.tellAll(`v3/${application.application_id}/devices/${device}/up`, envelope);
      const twin = `${application.application_id}:${device}`;
      expect(told.reports.map((report) => [report.twin, report.connectivity])).toEqual(
        envelope.join_accept ? [[twin, 'ONLINE']] : [],
      );
      expect(told.refusals).toHaveLength(envelope.downlink_failed ? 1 : 0);
      expect(told.readings).toEqual([]);
    }
  });

  it('with payloads of decoders tell every value, with its unit where it has one', () => {
    const rows = readLines<Decoded>('lorawan', 'decoded.jsonl');
    expect(rows.length).toBeGreaterThan(0);
    const probe = new DialectProbe({ dialect: 'things-stack' });
    for (const { vendor, model, fPort, bytes_hex: hex, data } of rows) {
      const uplink = {
        end_device_ids: { device_id: model, application_ids: { application_id: vendor } },
        uplink_message: {
          f_port: fPort,
          f_cnt: 1,
          frm_payload: Buffer.from(hex, 'hex').toString('base64'),
          decoded_payload: data,
        },
      };
      const { readings } = probe.tell(`v3/${vendor}@ttn/devices/${model}/up`, uplink);
      const told = Object.fromEntries(readings.map(({ property, value, unit }) => [property, [value, unit]]));
      const expected = Object.entries(data).map(([key, given]) => {
        const form = given as { value?: unknown; unit?: string };
        return [key, typeof given === 'object' ? [form.value, form.unit] : [given, undefined]] as const;
      });
      expect(told).toEqual(Object.fromEntries(expected));
      expect(readings.every(({ twin }) => twin === `${vendor}:${model}`)).toBe(true);
    }
  });
});
