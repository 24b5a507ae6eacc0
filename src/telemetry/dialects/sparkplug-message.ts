/**
 * Sparkplug payloads: bytes to metrics and back. Decoded by the generated reader below the package's own: that one gives
 * no value where the datatype stands in the birth only, reads UInt32 as signed, and throws a message away for one bad row.
 */
import { gunzipSync, inflateSync } from 'node:zlib';
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js';
import type { org } from 'sparkplug-payload/lib/sparkplugPayloadProto.js';
import { SPARKPLUG_LIMITS } from './sparkplug-limits.ts';

const { Payload } = proto.org.eclipse.tahu.protobuf;

export type RawMetric = org.eclipse.tahu.protobuf.Payload.IMetric;
export type RawProperties = org.eclipse.tahu.protobuf.Payload.IPropertySet;
export type RawLong = RawMetric['longValue'];

export interface SparkplugMessage {
  /** Epoch milliseconds. */
  readonly timestamp: number | undefined;
  /** 0 to 255 where the device counts right. */
  readonly seq: number | undefined;
  readonly metrics: readonly RawMetric[];
}

/** Name under which a payload carries another one, compressed, in its body. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

/** The message, or why it is none. Throws nothing, whatever the bytes are. */
export function decodeSparkplug(bytes: Uint8Array): SparkplugMessage | { readonly reason: string } {
  const outer = readPayload(bytes);
  if ('reason' in outer) return outer;
  const payload = outer.uuid === COMPRESSED ? readCompressed(outer) : outer;
  if ('reason' in payload) return payload;
  const metrics = payload.metrics ?? [];
  if (metrics.length > SPARKPLUG_LIMITS.metrics)
    return { reason: `the message has more than ${SPARKPLUG_LIMITS.metrics} metrics` };
  return {
    timestamp: own(payload, 'timestamp') ? longToNumber(payload.timestamp) : undefined,
    seq: own(payload, 'seq') ? longToNumber(payload.seq) : undefined,
    metrics,
  };
}

export function encodeSparkplug(timestamp: number, metrics: readonly RawMetric[]): Uint8Array {
  return Payload.encode(Payload.create({ timestamp, metrics: [...metrics] })).finish();
}

/** A field that stands in the message itself, and is no default of its kind. */
export function own(message: object, field: string): boolean {
  return Object.hasOwn(message, field);
}

/** An unsigned 64 bit number; undefined: none, or beyond what a number holds exactly. */
export function longToNumber(value: RawLong): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (value === null || value === undefined) return undefined;
  const number = (value.high >>> 0) * 2 ** 32 + (value.low >>> 0);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The same bits as a signed number. */
export function longToSigned(value: RawLong): number | undefined {
  if (typeof value === 'number' || value === null || value === undefined) return longToNumber(value);
  const number = (value.high | 0) * 2 ** 32 + (value.low >>> 0);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The bits of a 64 bit number as a key; those of different numbers differ. */
export function longKey(value: RawLong): string | number | undefined {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return undefined;
  return value.high === 0 ? value.low >>> 0 : `${value.high}:${value.low}`;
}

type Read = org.eclipse.tahu.protobuf.IPayload;

function readPayload(bytes: Uint8Array): Read | { readonly reason: string } {
  if (bytes.byteLength > SPARKPLUG_LIMITS.payloadBytes)
    return { reason: `the payload is larger than ${SPARKPLUG_LIMITS.payloadBytes} bytes` };
  try {
    return Payload.decode(bytes);
  } catch {
    // Cut off, of another wire type, or nested too deep.
    return { reason: 'the payload is not of Sparkplug B' };
  }
}

/** As older edge nodes send large births: https://github.com/eclipse/tahu */
function readCompressed({ body, metrics }: Read): Read | { readonly reason: string } {
  const algorithm = metrics?.find(({ name }) => name === 'algorithm')?.stringValue?.toUpperCase() ?? 'DEFLATE';
  if (algorithm !== 'DEFLATE' && algorithm !== 'GZIP')
    return { reason: 'the payload is compressed in a way not known' };
  const unpack = algorithm === 'GZIP' ? gunzipSync : inflateSync;
  try {
    return readPayload(unpack(body ?? new Uint8Array(), { maxOutputLength: SPARKPLUG_LIMITS.payloadBytes }));
  } catch {
    return { reason: `the compressed payload cannot be unpacked into ${SPARKPLUG_LIMITS.payloadBytes} bytes` };
  }
}
