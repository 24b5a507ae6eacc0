/** Checks relationship inputs and turns them into relationships. */
import { createHash } from 'node:crypto';
import { whyNotId, whyNotKey } from '../domain/check-text.ts';
import type { Faults } from '../domain/faults.ts';
import type { Relationship, RelationshipType } from '../domain/relationship.ts';
import { FieldReader, isFields, refuseOtherKeys } from './parse-fields.ts';
import { MOST_SHARES, parseProperties } from './parse-twin.ts';

const KEYS = [
  'id',
  'type',
  'source',
  'target',
  'medium',
  'group',
  'share',
  'standbyDelay',
  'closed',
  'oneWay',
  'properties',
];

/** Fields that the input gives, so that an upsert leaves the others as they are. */
export type ParsedRelationship = Pick<Relationship, 'id' | 'type' | 'source' | 'target' | 'medium' | 'group'> &
  Partial<Pick<Relationship, 'share' | 'standbyDelayMs' | 'closed' | 'oneWay' | 'properties'>>;

export function parseRelationship(
  input: unknown,
  at: string,
  typeByName: ReadonlyMap<string, RelationshipType>,
  faults: Faults,
): ParsedRelationship | undefined {
  if (!isFields(input)) {
    faults.add(at, 'a relationship (an object)', input);
    return undefined;
  }
  refuseOtherKeys(input, KEYS, at, faults);
  const read = new FieldReader(input, at, faults);
  const ends = {
    type: read.required('type', (value) =>
      typeByName.has(value as string) ? null : `one of the relationship types ${[...typeByName.keys()].join(', ')}`,
    ),
    source: read.required('source', whyNotId),
    target: read.required('target', whyNotId),
    medium: read.text('medium', whyNotKey, null),
    group: read.text('group', whyNotKey, null),
  };
  const parsed: { -readonly [K in keyof ParsedRelationship]: ParsedRelationship[K] } = {
    id: read.text('id', whyNotId, undefined) ?? relationshipId(ends),
    ...ends,
  };
  const share = read.wholeNumber('share', 1, MOST_SHARES, undefined);
  if (share !== undefined) parsed.share = share;
  const standbyDelayMs = read.duration('standbyDelay', undefined);
  if (standbyDelayMs !== undefined) parsed.standbyDelayMs = standbyDelayMs;
  const closed = read.boolean('closed', undefined);
  if (closed !== undefined) parsed.closed = closed;
  const oneWay = read.boolean('oneWay', undefined);
  if (oneWay !== undefined) parsed.oneWay = oneWay;
  const properties = parseProperties(input, 'properties', at, faults);
  if (properties) parsed.properties = Object.fromEntries(properties);
  return parsed;
}

/**
 * Id of a relationship that gives none: the same for the same type, ends, medium and group,
 * so that upserting it again changes it instead of adding a second one.
 */
export function relationshipId(ends: Pick<Relationship, 'type' | 'source' | 'target' | 'medium' | 'group'>): string {
  const key = JSON.stringify([ends.type, ends.source, ends.target, ends.medium, ends.group]);
  return `r-${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`;
}
