/** A relationship as the keys of one in the graph, and back. */
import type { PropertyValue } from '../domain/property.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { GraphRow, GraphValue } from './graph-port.ts';
import { freeKey, freeName, RELATIONSHIP_KEYS } from './property-keys.ts';
import { emptyKeyMap, type KeyMap } from './property-record.ts';
import type { SharedTexts } from './shared-texts.ts';
import { restoreValue, storeNullable } from './stored-value.ts';

/** Its own keys in the order of RELATIONSHIP_KEYS. */
function ownValues(relationship: Relationship, names: readonly string[]): GraphValue[] {
  const { id, medium, group, share, standbyDelayMs, closed, oneWay, revision } = relationship;
  return [
    id,
    medium,
    group,
    share,
    standbyDelayMs,
    closed,
    oneWay,
    revision,
    names.length === 0 ? null : names.map(freeKey),
  ];
}

/** For relationships/create.cypher. */
export function relationshipColumns(relationship: Relationship): GraphValue[] {
  const names = Object.keys(relationship.properties);
  return [relationship.source, relationship.target, ...ownValues(relationship, names), freeKeys(relationship, names)];
}

/** For relationships/update.cypher: keys that `before` had and `after` has not are taken away. */
export function relationshipUpdate(before: Relationship, after: Relationship): GraphValue[] {
  const names = Object.keys(after.properties);
  const keys = emptyKeyMap();
  for (const name of Object.keys(before.properties)) keys[freeKey(name)] = null;
  Object.assign(keys, freeKeys(after, names));
  const values = ownValues(after, names);
  RELATIONSHIP_KEYS.forEach((key, i) => {
    keys[key] = values[i] as GraphValue;
  });
  return [...relationshipEnds(after), keys];
}

/** Source, id, target: how a relationship of a known type is found by its ends' index. */
export function relationshipEnds({ source, id, target }: Relationship): GraphValue[] {
  return [source, id, target];
}

function freeKeys(relationship: Relationship, names: readonly string[]): KeyMap {
  const keys = emptyKeyMap();
  for (const name of names) keys[freeKey(name)] = storeNullable(relationship.properties[name] as PropertyValue);
  return keys;
}

/** A row of relationships/read.cypher with its values of relationships/read-free.cypher; null for one that is not ours. */
export function toRelationship(
  row: GraphRow,
  freeValues: GraphRow | undefined,
  texts: SharedTexts,
): Relationship | null {
  // By position, without an iterator for each: half a million of them may go through here at a start.
  const { 0: source, 1: type, 2: target, 3: id, 4: medium, 5: group, 6: share, 7: standbyDelay } = row;
  const { 8: closed, 9: oneWay, 10: revision, 11: free } = row;
  if (typeof id !== 'string') return null;
  return {
    id,
    type: texts.of(type as string),
    source: source as string,
    target: target as string,
    medium: texts.of((medium ?? null) as string | null),
    group: texts.of((group ?? null) as string | null),
    share: (share ?? null) as number | null,
    standbyDelayMs: (standbyDelay ?? null) as number | null,
    closed: closed !== false,
    oneWay: oneWay === true,
    properties: free && freeValues ? toFreeProperties(free as readonly string[], freeValues) : NO_PROPERTIES,
    revision: (revision ?? 1) as number,
  };
}

/** Whether a row of relationships/read.cypher has free properties. */
export const hasFreeProperties = (row: GraphRow): boolean => Array.isArray(row[11]);

const NO_PROPERTIES: Relationship['properties'] = {};

function toFreeProperties(keys: readonly string[], values: GraphRow): Relationship['properties'] {
  const properties = Object.create(null) as Record<string, PropertyValue>;
  keys.forEach((key, i) => {
    properties[freeName(key)] = restoreValue(values[i] ?? null);
  });
  return properties;
}
