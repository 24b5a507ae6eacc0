/** Values of Homie properties: text, of which the datatype says what it means. */
import type { PropertyValue } from '../../domain/property.ts';
import { parseJsonPayload, payloadToText, whyNotText } from '../parse-payload.ts';
import type { HomieProperty } from './homie-description.ts';
import { isObject } from './json-fields.ts';

const INTEGER = /^-?\d+$/;
const FLOAT = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** MQTT deletes by an empty payload, so this one stands for empty text. */
const EMPTY = '\0';

export function parseHomieValue(
  payload: Uint8Array,
  { datatype, choices }: HomieProperty,
): { readonly value: PropertyValue } | { readonly reason: string } {
  const text = payloadToText(payload);
  if (text === null) return { reason: whyNotText(payload) };
  const wrong = { reason: `expected a value of the datatype ${datatype}, got ${JSON.stringify(text.slice(0, 64))}` };
  switch (datatype) {
    case 'integer':
    case 'float': {
      const value = Number(text);
      const isRight = datatype === 'float' ? FLOAT.test(text) : INTEGER.test(text) && Number.isSafeInteger(value);
      return isRight && Number.isFinite(value) ? { value } : wrong;
    }
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : wrong;
    case 'enum':
      return choices.includes(text) ? { value: text } : wrong;
    case 'json': {
      const parsed = parseJsonPayload(payload);
      if ('reason' in parsed) return parsed;
      return Array.isArray(parsed.value) || isObject(parsed.value) ? { value: parsed.value as PropertyValue } : wrong;
    }
    default:
      // string, color, datetime, duration
      return { value: text === EMPTY ? '' : text };
  }
}

/** null: the datatype has no such value. */
export function formatHomieValue(value: PropertyValue, property: HomieProperty): string | null {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const payload = text === '' ? EMPTY : text;
  return 'reason' in parseHomieValue(Buffer.from(payload), property) ? null : payload;
}
