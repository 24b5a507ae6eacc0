/**
 * Values as both engines keep them: numbers, text, booleans and lists of one of these as they are, so that Cypher can
 * compare them; everything else as text that begins with `json:`. Equal values are stored equal.
 */
import type { PropertyValue } from '../domain/property.ts';
import type { GraphValue } from './graph-port.ts';

const JSON_MARK = 'json:';

/** null stays null, which in a graph is a key that is not there. */
export function storeValue(value: PropertyValue): GraphValue {
  if (typeof value === 'string') return value.startsWith(JSON_MARK) ? toJsonText(value) : value;
  if (typeof value !== 'object' || value === null || isListOfOneScalar(value)) return value;
  return toJsonText(value);
}

/** As storeValue, but null is told from a key that is not there. */
export function storeNullable(value: PropertyValue): GraphValue {
  return value === null ? toJsonText(null) : storeValue(value);
}

export function restoreValue(stored: GraphValue): PropertyValue {
  if (typeof stored !== 'string' || !stored.startsWith(JSON_MARK)) return stored;
  try {
    return JSON.parse(stored.slice(JSON_MARK.length)) as PropertyValue;
  } catch {
    return stored; // Text that somebody else wrote.
  }
}

function toJsonText(value: PropertyValue): string {
  return JSON_MARK + JSON.stringify(sorted(value));
}

/** Neither engine keeps lists in lists, and an empty list would not tell what it is a list of. */
function isListOfOneScalar(value: PropertyValue): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const kind = typeof value[0];
  return kind !== 'object' && value.every((each) => typeof each === kind);
}

/** Objects with their keys in order, so that equal values have equal texts. */
function sorted(value: PropertyValue): PropertyValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const ordered = Object.create(null) as Record<string, PropertyValue>;
  for (const key of Object.keys(value).toSorted())
    ordered[key] = sorted((value as { [key: string]: PropertyValue })[key] as PropertyValue);
  return ordered;
}
