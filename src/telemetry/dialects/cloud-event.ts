/**
 * The envelope of CloudEvents 1.0 in structured mode and JSON
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md), whatever its data mean.
 */
import { parseJsonPayload, parsePayload } from '../parse-payload.ts';
import { fieldOf, textOf } from './json-fields.ts';

export interface CloudEvent {
  readonly source: string;
  readonly type: string;
  /** Empty: it has none. */
  readonly subject: string;
  /** undefined: it has none. */
  readonly data: unknown;
  readonly time: { readonly observedAt?: string; readonly sequence?: number };
  /** Two events are the same when their source and id are (section "id" of the specification). */
  readonly dedupeKey: string;
}

export function parseCloudEvent(payload: Uint8Array): CloudEvent | { readonly fault: string } {
  const parsed = parsePayload(payload);
  if ('reason' in parsed) return { fault: parsed.reason };
  const { object } = parsed;
  const [id, source, type] = ['id', 'source', 'type'].map((name) => textOf(fieldOf(object, name)));
  if (fieldOf(object, 'specversion') !== '1.0' || id === undefined || source === undefined || type === undefined) {
    return {
      fault: 'the payload is no CloudEvent 1.0 in structured mode: expected specversion 1.0, id, source and type',
    };
  }
  const data = dataOf(object);
  if ('fault' in data) return data;
  return {
    source,
    type,
    subject: textOf(fieldOf(object, 'subject')) ?? '',
    data: data.value,
    time: timeOf(textOf(fieldOf(object, 'time')), fieldOf(object, 'sequence')),
    dedupeKey: JSON.stringify([source, id]),
  };
}

const JSON_TYPE = /^[\w.-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

function dataOf(object: Readonly<Record<string, unknown>>): { readonly value: unknown } | { readonly fault: string } {
  const contentType = fieldOf(object, 'datacontenttype');
  const isJson = contentType === undefined || contentType === null || JSON_TYPE.test(String(contentType));
  const base64 = fieldOf(object, 'data_base64');
  const value = fieldOf(object, 'data');
  if ((value !== undefined || base64 !== undefined) && !isJson) {
    return { fault: `the data are not JSON: ${textOf(contentType) ?? 'an unknown type'}` };
  }
  if (base64 === undefined || base64 === null) return { value };
  if (value !== undefined) return { fault: 'the event has both data and data_base64' };
  if (typeof base64 !== 'string') return { fault: 'data_base64 is no text' };
  const parsed = parseJsonPayload(Buffer.from(base64, 'base64'));
  return 'reason' in parsed ? { fault: `data_base64: ${parsed.reason}` } : { value: parsed.value };
}

/** `sequence` is an extension: text that orders; where it is a whole number, it orders events of one time. */
function timeOf(observedAt: string | undefined, given: unknown): CloudEvent['time'] {
  if (observedAt === undefined) return {};
  const isWhole = typeof given === 'number' || (typeof given === 'string' && /^-?\d{1,16}$/.test(given));
  const sequence = isWhole && Number.isSafeInteger(Number(given)) ? Number(given) : belowMilliseconds(observedAt);
  return { observedAt, sequence };
}

/** Instants are kept in milliseconds; the digits below still order. */
function belowMilliseconds(time: string): number {
  const digits = /\.\d{3}(\d{1,6})/.exec(time)?.[1] ?? '';
  return Number(digits.padEnd(6, '0'));
}
