/** Property states of many twins in one statement. */
import type { PropertiesByTwin } from '../application/twin-store.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow } from './graph-port.ts';
import { keysToRead, toNamedProperties, toProperties } from './property-record.ts';

const ALL_PROPERTIES = statement('properties/all');
const SOME_PROPERTIES = statement('properties/some');

export async function readProperties(
  read: Read,
  ids: readonly string[],
  names?: readonly string[],
): Promise<PropertiesByTwin> {
  if (ids.length === 0) return new Map();
  if (names) {
    const rows = await read(SOME_PROPERTIES, { ids, keys: keysToRead(names) });
    return new Map(rows.map(([id, values]) => [id as string, toNamedProperties(names, values as GraphRow)]));
  }
  const rows = await read(ALL_PROPERTIES, { ids });
  return new Map(
    rows.map(([id, keys, values]) => [id as string, toProperties(keys as readonly string[], values as GraphRow)]),
  );
}
