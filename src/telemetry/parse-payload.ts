/** From the bytes of a payload to an object that is safe to walk: JSON, finite, not too large, not too deep. */
import { isUtf8 } from 'node:buffer';
import { LIMITS } from '../domain/limits.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export type ParsedPayload = { readonly object: Readonly<Record<string, unknown>> } | { readonly reason: string };

/** A JSON object, or why the payload is none. It may nest `deepest` deep, itself counted. */
export function parsePayload(payload: Uint8Array, deepest: number = LIMITS.valueDepth): ParsedPayload {
  const parsed = parseJsonPayload(payload, deepest);
  if ('reason' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { object: value as Record<string, unknown> };
  }
  return { reason: 'the payload is not a JSON object' };
}

/** Any JSON value, under the same limits. */
export function parseJsonPayload(
  payload: Uint8Array,
  deepest: number = LIMITS.valueDepth,
): { readonly value: unknown } | { readonly reason: string } {
  const text = payloadToText(payload);
  if (text === null) return { reason: whyNotText(payload) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'the payload is not JSON' };
  }
  const reason = whyNotSafe(value, 1, deepest);
  return reason === null ? { value } : { reason };
}

/** The payload as text; null when it is too large or not UTF-8. */
export function payloadToText(payload: Uint8Array): string | null {
  if (payload.byteLength > TELEMETRY_LIMITS.payloadBytes || !isUtf8(payload)) return null;
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return bytes.toString('utf8');
}

export function whyNotText(payload: Uint8Array): string {
  return payload.byteLength > TELEMETRY_LIMITS.payloadBytes
    ? `the payload is larger than ${TELEMETRY_LIMITS.payloadBytes} bytes`
    : 'the payload is not UTF-8';
}

/** JSON.parse takes 1e999 for Infinity, and any depth. */
function whyNotSafe(value: unknown, depth: number, deepest: number): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'a number is not finite';
  if (typeof value !== 'object' || value === null) return null;
  if (depth > deepest) return `the payload is nested deeper than ${deepest}`;
  if (Array.isArray(value)) {
    for (const part of value) {
      const reason = whyNotSafe(part, depth + 1, deepest);
      if (reason !== null) return reason;
    }
    return null;
  }
  let keys = 0;
  // What JSON.parse makes inherits nothing that a loop would find.
  for (const key in value) {
    keys += 1;
    if (keys > TELEMETRY_LIMITS.keys) return `an object has more than ${TELEMETRY_LIMITS.keys} keys`;
    const reason = whyNotSafe((value as Record<string, unknown>)[key], depth + 1, deepest);
    if (reason !== null) return reason;
  }
  return null;
}
