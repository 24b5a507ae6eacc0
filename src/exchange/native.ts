/**
 * The native format: JSON lines, each `{"model": …}`, `{"twin": TwinInput}` or `{"relationship": RelationshipInput}`,
 * in any order. What an item may hold is the application's business; here only the envelope is looked at.
 */
import { describeValue } from '../domain/errors.ts';
import type { GraphReading, ItemKind } from './graph-reading.ts';
import { findLostDigits } from './lost-digits.ts';
import { readLines } from './read-lines.ts';

const KIND_BY_KEY: ReadonlyMap<string, ItemKind> = new Map([
  ['model', 'models'],
  ['twin', 'twins'],
  ['relationship', 'relationships'],
]);

export async function readNative(
  reading: GraphReading,
  file: string,
  onBytes?: (count: number) => void,
): Promise<void> {
  for await (const lines of readLines(file, onBytes)) {
    for (const { number, text } of lines) {
      const value = parseJsonObject(reading, number, text);
      if (value) readItem(reading, number, value);
    }
  }
}

/** The line's object; where it is none, a fault. */
export function parseJsonObject(
  reading: GraphReading,
  line: number,
  text: string,
): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    reading.fault(line, `not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const lost = findLostDigits(text);
  if (lost !== undefined) {
    reading.fault(line, `the number ${lost} has more digits than can be kept; expected it as text, in quotes`);
    return undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  reading.fault(line, `expected a JSON object, got ${describeValue(value)}`);
  return undefined;
}

function readItem(reading: GraphReading, line: number, value: Readonly<Record<string, unknown>>): void {
  const keys = Object.keys(value);
  const key = keys[0];
  const kind = key === undefined ? undefined : KIND_BY_KEY.get(key);
  if (kind === undefined || key === undefined || keys.length !== 1) {
    const came = keys.length === 0 ? 'none' : keys.map((name) => describeValue(name)).join(', ');
    reading.fault(line, `expected one key, which is model, twin or relationship, got ${came}`);
    return;
  }
  const item = value[key];
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) reading.add(kind, item, line);
  else reading.fault(line, `${key}: expected an object, got ${describeValue(item)}`);
}
