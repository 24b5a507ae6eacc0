/** Whatever comes on the topics of a dialect, it answers: nothing is thrown, and nothing is told that no graph may have. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNotId, whyNotPropertyName } from '../../../src/domain/check-text.ts';
import { DIALECT_KINDS } from '../../../src/telemetry/dialects/dialect-kinds.ts';
import { DialectProbe } from '../../support/dialect-probe.ts';
import { FUZZ } from '../../support/fuzz-settings.ts';

/** Words that dialects look for, so that chance finds them. */
const WORDS = [
  'topic',
  'path',
  'value',
  'features',
  'properties',
  'desiredProperties',
  'attributes',
  'revision',
  'timestamp',
  'a/b/things/twin/events/modified',
  'a/b/things/twin/commands/merge',
  '/features/f',
  '/',
  '/attributes/x',
  'end_device_ids',
  'device_id',
  'application_ids',
  'application_id',
  'uplink_message',
  'decoded_payload',
  'f_cnt',
  'session_key_id',
  'rx_metadata',
  'time',
  'gps_time',
  'snr',
  'received_at',
  'join_accept',
  'unit',
  'current',
  'previous',
  'state',
  'reported',
  'desired',
  'metadata',
  'version',
  'versionNumber',
  'clientId',
  'thingName',
  'device',
  'data',
  'ts',
  'values',
  'error',
  'id',
  'specversion',
  '1.0',
  'source',
  'type',
  'subject',
  'sequence',
  'data_base64',
  'datacontenttype',
  'Microsoft.DigitalTwins.Twin.Update',
  'Microsoft.DigitalTwins.Twin.Create',
  'microsoft.iot.telemetry',
  'patch',
  'op',
  'add',
  'remove',
  '/pump/speed',
  'd',
  'Action',
  'Connect',
  'Disconnect',
  'Time',
  'ConnectTime',
  'homie',
  '5.0',
  'nodes',
  'datatype',
  'children',
  'root',
  'Notification',
  'body',
  'notifiedAt',
  'object',
  'languageMap',
  'dataset',
  'datasetId',
  'urn:ngsi-ld:null',
  'deletedAt',
  '__proto__',
  'constructor',
  '2026-03-01T12:00:00Z',
];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 4 }));
const json = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    word,
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true, false, 1e12),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(word, tie('any'), { maxKeys: 6 }),
  ),
})).any;
const payload = fc.oneof(
  { weight: 9, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);
const level = fc.constantFrom('a', 'connect', 'telemetry', 'shadow', 'update', 'x y', '');

describe.each(DIALECT_KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const filters = kind.topics.length > 0 ? kind.topics : [`${name}/#`];
  const topic = fc
    .tuple(fc.constantFrom(...filters), fc.array(level, { minLength: 8, maxLength: 8 }))
    .map(([filter, levels]) =>
      filter
        .split('/')
        .map((part, i) => (part === '+' || part === '#' ? (levels[i % 8] ?? '') : part))
        .join('/'),
    );

  it('takes any message', () => {
    const probe = new DialectProbe({ dialect: name, topics: filters });
    const kinds = new Set<string | undefined>();
    fc.assert(
      fc.property(topic, payload, (on, bytes) => {
        probe.now += 1;
        const decoded = probe.decodeBytes(on, bytes);
        kinds.add(decoded?.kind);
        if (decoded?.kind !== 'told') return;
        for (const { twin, property, receivedAt, observedAt } of decoded.readings) {
          expect([whyNotId(twin), whyNotPropertyName(property)]).toEqual([null, null]);
          expect(Number.isFinite(observedAt ?? receivedAt)).toBe(true);
        }
        for (const { twin } of [...decoded.removals, ...decoded.desired, ...decoded.reports])
          expect(whyNotId(twin)).toBeNull();
        probe.wake();
      }),
      { ...FUZZ, numRuns: FUZZ.numRuns * 5 },
    );
    expect(kinds).toContain('refused');
  });
});
