/** An edge node's messages as another implementation encodes them, and commands as it decodes them. */
import { createRequire } from 'node:module';
import type { UMetric, UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js';

interface Codec {
  encodePayload(payload: UPayload): Uint8Array;
  decodePayload(bytes: Uint8Array): UPayload;
}
const codec = (createRequire(import.meta.url)('sparkplug-payload') as { get(namespace: string): Codec }).get('spBv1.0');

export type Metric = Partial<UMetric>;

/** `timestamp` and `seq` are left out where they are undefined. */
export function sparkplugPayload(metrics: readonly Metric[], more: Omit<UPayload, 'metrics'> = {}): Buffer {
  return Buffer.from(codec.encodePayload({ ...more, metrics: metrics as UMetric[] }));
}

/** The metrics of a command: name or alias, type and value, 64 bit numbers as numbers. */
export function commandOf(payload: string | Uint8Array): Record<string, unknown>[] {
  const { metrics } = codec.decodePayload(Buffer.from(payload));
  return (metrics ?? []).map(({ name, alias, type, value }) => ({
    ...(name !== undefined && { name }),
    ...(alias !== undefined && { alias: Number(alias) }),
    type,
    value: typeof value === 'object' && value !== null && 'toNumber' in value ? value.toNumber() : value,
  }));
}
