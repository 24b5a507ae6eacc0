/**
 * Linchpin's own dialect. `{root}/{id}/telemetry`: a JSON object of property names to values, or to
 * `{value, observedAt, quality, unit, sequence}`; `{root}/{id}/connectivity`: online or offline, as text or JSON.
 * The id stands in the topic as it is, slashes too, or percent-encoded. docs/MQTT.md has the whole of it.
 */
import { whyNotId, whyNotPropertyName } from '../../domain/check-text.ts';
import { LinchpinError, describeValue } from '../../domain/errors.ts';
import { parseReading, type ReadingDefaults } from '../../domain/parse-reading.ts';
import type { PropertyValue } from '../../domain/property.ts';
import type { Reading } from '../../domain/telemetry.ts';
import { parsePayload, payloadToText, whyNotText } from '../parse-payload.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import type { Message, Outgoing, Refusal } from './dialect.ts';
import { orderInLog } from './order-in-log.ts';

const TELEMETRY = '/telemetry';
const CONNECTIVITY = '/connectivity';
const DESIRED = '/desired';
/** What a topic may not hold, and the escape itself. */
const ESCAPED = /[%+#]/g;

/** Where the hot path begins: it needs no mapping, as its names are ours. */
export interface NativeDialect extends Decoder {
  /** MQTT topic filters to subscribe to; no message matches two of them. */
  readonly filters: readonly string[];
  /** Of the messages that tell desired values. */
  readonly desiredFilters: readonly string[];
  /** Where and how all desired values of a twin are told; an empty object: nothing is desired any more. */
  encodeDesired(twin: string, desired: Readonly<Record<string, PropertyValue>>): Outgoing;
  /** The twin whose desired values a topic tells; null: it is another topic. */
  twinOfDesired(topic: string): string | null;
}

export function createNativeDialect(root: string): NativeDialect {
  const prefix = `${root}/`;
  const isTwinTopic = (topic: string, suffix: string): boolean =>
    topic.length > prefix.length + suffix.length && topic.startsWith(prefix) && topic.endsWith(suffix);
  const levels = Array.from({ length: TELEMETRY_LIMITS.idLevels }, (_, extra) => `${root}/+${'/+'.repeat(extra)}`);
  return {
    filters: levels.flatMap((level) => [level + TELEMETRY, level + CONNECTIVITY]),
    desiredFilters: levels.map((level) => level + DESIRED),
    accepts: (topic) => isTwinTopic(topic, TELEMETRY) || isTwinTopic(topic, CONNECTIVITY),
    decode(message) {
      const suffix = message.topic.endsWith(TELEMETRY) ? TELEMETRY : CONNECTIVITY;
      const twin = decodeId(message.topic.slice(prefix.length, -suffix.length));
      const why = whyNotId(twin);
      if (why !== null) return { kind: 'refused', reason: `the topic does not name a twin: expected ${why}` };
      return suffix === TELEMETRY ? decodeTelemetry(twin, message) : decodeConnectivity(twin, message);
    },
    twinOfDesired: (topic) =>
      isTwinTopic(topic, DESIRED) ? decodeId(topic.slice(prefix.length, -DESIRED.length)) : null,
    encodeDesired: (twin, desired) => ({
      topic: `${prefix}${twin.replaceAll(ESCAPED, encodeURIComponent)}${DESIRED}`,
      payload: Object.keys(desired).length === 0 ? '' : JSON.stringify(desired),
      qos: 1,
      retain: true,
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
  const { receivedAt, arrival, isReplay } = message;
  const plain = { twin, receivedAt, arrival, isReplay, quality: 'GOOD' } as const;
  const defaults: ReadingDefaults = message.sent === undefined ? plain : { ...plain, ...orderInLog(message) };
  const readings: Reading[] = [];
  const refusals: Refusal[] = [];
  for (const property of Object.keys(parsed.object)) {
    try {
      const why = whyNotPropertyName(property);
      if (why !== null) throw new LinchpinError('BAD_INPUT', `expected ${why}, got ${describeValue(property)}`);
      readings.push(parseReading(property, parsed.object[property], defaults));
    } catch (error) {
      refusals.push({ property, reason: (error as Error).message });
    }
  }
  return { kind: 'telemetry', readings, refusals };
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
