/** Which JSON values a property may hold, and whether a value fits the schema of its model. */
import { LIMITS } from './limits.ts';
import type { PropertySchema, ScalarSchema } from './model.ts';
import { parseInstant } from './instant.ts';
import type { PropertyValue } from './property.ts';

/** What a value should have been, or null when it may be kept. */
export function whyNotValue(value: unknown): string | null {
  const why = whyNotJson(value, 1);
  if (why !== null) return why;
  if (typeof value === 'number' || typeof value === 'boolean') return null;
  return JSON.stringify(value).length > LIMITS.valueBytes
    ? `a value of at most ${LIMITS.valueBytes} bytes as JSON`
    : null;
}

function whyNotJson(value: unknown, depth: number): string | null {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? null : 'a finite number';
    case 'string':
      return value.isWellFormed() ? null : 'text of whole Unicode characters';
    case 'boolean':
      return null;
    case 'object': {
      if (value === null) return null;
      if (depth >= LIMITS.valueDepth) return `a value nested at most ${LIMITS.valueDepth} deep`;
      for (const inner of Object.values(value)) {
        const why = whyNotJson(inner, depth + 1);
        if (why !== null) return why;
      }
      return null;
    }
    default:
      return 'a JSON value';
  }
}

const IS_SCALAR: Record<ScalarSchema, (value: unknown) => boolean> = {
  double: (value) => typeof value === 'number',
  // Beyond 2^53 digits are lost before anybody can tell.
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  dateTime: isDateTime,
  json: () => true,
};

/** The schema's own name where the value does not fit it, else null. */
export function whyNotSchema(value: PropertyValue, schema: PropertySchema): string | null {
  const element = /^list<(.+)>$/.exec(schema)?.[1] as ScalarSchema | undefined;
  if (element !== undefined)
    return Array.isArray(value) && value.every(IS_SCALAR[element]) ? null : `a list of ${element}`;
  return IS_SCALAR[schema as ScalarSchema](value) ? null : `a value of schema ${schema}`;
}

function isDateTime(value: unknown): boolean {
  try {
    parseInstant(value);
    return true;
  } catch {
    return false;
  }
}

/** Same JSON: numbers by value, objects whatever the order of their keys. */
export function isSameValue(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSameValue((a as never)[key], (b as never)[key]));
}
