/**
 * Linchpin's own dialect. `{root}/{id}/telemetry`: a JSON object of property names to values, or to
 * `{value, observedAt, quality, unit, sequence}`; `{root}/{id}/connectivity`: online or offline, as text or JSON.
 * The id stands in the topic as it is, slashes too, or percent-encoded. docs/MQTT.md has the whole of it.
 */
import { whyNotId, whyNotPropertyName } from '../../domain/check-text.ts';
import { LinchpinError, describeValue } from '../../domain/errors.ts';
import type { PropertyValue } from '../../domain/property.ts';
import { QUALITIES, type Quality } from '../../domain/state.ts';
import type { Reading } from '../../domain/telemetry.ts';
import { isAhead, parseObservedAt } from '../parse-observed-at.ts';
import { parsePayload, payloadToText, whyNotText } from '../parse-payload.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import type { Decoded, Dialect, Message, Refusal } from './dialect.ts';

const TELEMETRY = '/telemetry';
const CONNECTIVITY = '/connectivity';
/** What a topic may not hold, and the escape itself. */
const ESCAPED = /[%+#]/g;

export function createNativeDialect(root: string): Dialect {
  const prefix = `${root}/`;
  const isTwinTopic = (topic: string, suffix: string): boolean =>
    topic.length > prefix.length + suffix.length && topic.startsWith(prefix) && topic.endsWith(suffix);
  const levels = Array.from({ length: TELEMETRY_LIMITS.idLevels }, (_, extra) => `${root}/+${'/+'.repeat(extra)}`);
  return {
    name: 'native',
    filters: levels.flatMap((level) => [level + TELEMETRY, level + CONNECTIVITY]),
    accepts: (topic) => isTwinTopic(topic, TELEMETRY) || isTwinTopic(topic, CONNECTIVITY),
    decode(message) {
      const suffix = message.topic.endsWith(TELEMETRY) ? TELEMETRY : CONNECTIVITY;
      const twin = decodeId(message.topic.slice(prefix.length, -suffix.length));
      const why = whyNotId(twin);
      if (why !== null) return { kind: 'refused', reason: `the topic does not name a twin: expected ${why}` };
      return suffix === TELEMETRY ? decodeTelemetry(twin, message) : decodeConnectivity(twin, message);
    },
    encodeDesired: (twin, desired) => ({
      topic: `${prefix}${twin.replaceAll(ESCAPED, encodeURIComponent)}/desired`,
      payload: Object.keys(desired).length === 0 ? '' : JSON.stringify(desired),
    }),
  };
}

/** An id that is no valid percent-encoding is meant as it stands. */
function decodeId(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decodeTelemetry(twin: string, message: Message): Decoded {
  const parsed = parsePayload(message.payload);
  if ('reason' in parsed) return { kind: 'refused', reason: parsed.reason };
  const readings: Reading[] = [];
  const refusals: Refusal[] = [];
  for (const [property, value] of Object.entries(parsed.object)) {
    try {
      const why = whyNotPropertyName(property);
      if (why !== null) throw new LinchpinError('BAD_INPUT', `expected ${why}, got ${describeValue(property)}`);
      readings.push(
        isEnvelope(value) ? envelopeToReading(twin, property, value, message) : plain(twin, property, value, message),
      );
    } catch (error) {
      refusals.push({ property, reason: (error as Error).message });
    }
  }
  return { kind: 'telemetry', readings, refusals };
}

function isEnvelope(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'value');
}

function plain(twin: string, property: string, value: unknown, message: Message): Reading {
  return {
    twin,
    property,
    value: value as PropertyValue,
    receivedAt: message.receivedAt,
    quality: message.isReplay ? 'UNCERTAIN' : 'GOOD',
    sequence: message.arrival,
  };
}

/** @throws LinchpinError BAD_INPUT */
function envelopeToReading(
  twin: string,
  property: string,
  envelope: Readonly<Record<string, unknown>>,
  { receivedAt, arrival, isReplay }: Message,
): Reading {
  const value = envelope['value'] as PropertyValue;
  const quality = parseQuality(envelope['quality']);
  const sequence = parseSequence(envelope['sequence']);
  const reading: Writable<Reading> = { twin, property, value, receivedAt, quality, sequence };
  const unit = parseUnit(envelope['unit']);
  if (unit !== undefined) reading.unit = unit;
  const observedAt = envelope['observedAt'];
  if (observedAt === undefined || observedAt === null) {
    reading.sequence = arrival;
    if (isReplay && quality === 'GOOD') reading.quality = 'UNCERTAIN';
    return reading;
  }
  reading.observedAt = parseObservedAt(observedAt);
  if (isAhead(reading.observedAt, receivedAt)) {
    reading.observedAt = receivedAt;
    if (quality === 'GOOD') reading.quality = 'UNCERTAIN';
  }
  return reading;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function parseQuality(value: unknown): Quality {
  if (value === undefined || value === null) return 'GOOD';
  const quality = typeof value === 'string' ? QUALITIES.find((one) => one === value.toUpperCase()) : undefined;
  if (quality !== undefined) return quality;
  throw new LinchpinError('BAD_INPUT', `quality: expected ${QUALITIES.join(', ')}, got ${describeValue(value)}`);
}

function parseUnit(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= TELEMETRY_LIMITS.unitLength) return value;
  throw new LinchpinError(
    'BAD_INPUT',
    `unit: expected a text of 1 to ${TELEMETRY_LIMITS.unitLength} characters, got ${describeValue(value)}`,
  );
}

function parseSequence(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (Number.isSafeInteger(value)) return value as number;
  throw new LinchpinError('BAD_INPUT', `sequence: expected a whole number, got ${describeValue(value)}`);
}

function decodeConnectivity(twin: string, message: Message): Decoded {
  // An empty retained message is how a broker is told to forget the one before.
  if (message.payload.byteLength === 0) return { kind: 'empty' };
  const text = payloadToText(message.payload);
  if (text === null) return { kind: 'refused', reason: whyNotText(message.payload) };
  const connectivity = parseConnectivity(text);
  if (connectivity === undefined) return { kind: 'refused', reason: 'connectivity is neither online nor offline' };
  // A last will was written when the device connected: only our clock knows when it died.
  return { kind: 'connectivity', report: { twin, connectivity, at: message.receivedAt } };
}

/** `online`, `"online"`, or `{"connectivity": "online"}`, in any case. */
function parseConnectivity(text: string): 'ONLINE' | 'OFFLINE' | undefined {
  let word: unknown = text.trim();
  if (text.includes('"')) {
    const parsed = parseJson(text);
    word = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)['connectivity'] : parsed;
  }
  const upper = typeof word === 'string' ? word.toUpperCase() : undefined;
  return upper === 'ONLINE' || upper === 'OFFLINE' ? upper : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
