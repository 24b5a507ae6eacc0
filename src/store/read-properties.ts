/** Property states of many twins in one statement. */
import type { PropertiesByTwin, TwinProperties } from '../application/twin-store.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow, GraphValue } from './graph-port.ts';
import { keysToRead, toNamedProperties, toProperties } from './property-record.ts';

const ALL_PROPERTIES = statement('properties/all');
const SOME_PROPERTIES = statement('properties/some');
const PRESENT_PROPERTIES = statement('properties/present');

/** With the revision of each twin, as it stands with them. */
export async function readRevisedProperties(
  read: Read,
  ids: readonly string[],
  names?: readonly string[],
): Promise<Map<string, TwinProperties>> {
  const found = new Map<string, TwinProperties>();
  if (ids.length === 0) return found;
  if (names) {
    for (const [id, revision, values] of await read(SOME_PROPERTIES, { ids, keys: keysToRead(names) })) {
      found.set(id as string, toRevised(revision, toNamedProperties(names, values as GraphRow)));
    }
    return found;
  }
  for (const [id, revision, keys, values] of await read(ALL_PROPERTIES, { ids })) {
    found.set(id as string, toRevised(revision, toProperties(keys as readonly string[], values as GraphRow)));
  }
  return found;
}

export async function readProperties(
  read: Read,
  ids: readonly string[],
  names?: readonly string[],
): Promise<PropertiesByTwin> {
  const revised = await readRevisedProperties(read, ids, names);
  return new Map(Array.from(revised, ([id, { states }]) => [id, states]));
}

/** Those named of the twins that have some of them. */
export async function readPresentProperties(
  read: Read,
  ids: readonly string[],
  names: readonly string[],
): Promise<PropertiesByTwin> {
  const rows = await read(PRESENT_PROPERTIES, { ids, keys: keysToRead(names) });
  return new Map(rows.map(([id, values]) => [id as string, toNamedProperties(names, values as GraphRow)]));
}

/** A node without a revision, by somebody else's hand, is older than any of ours. */
function toRevised(revision: GraphValue | undefined, states: TwinProperties['states']): TwinProperties {
  return { revision: typeof revision === 'number' ? revision : 0, states };
}
