/** Twins whose properties pass conditions: the graph narrows them down, the exact judgement is made here. */
import type { PropertyCondition } from '../application/twin-store.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow, GraphValue } from './graph-port.ts';
import { propertyKeys } from './property-keys.ts';
import { storeValue } from './stored-value.ts';

const TWINS_WHERE = statement('twins/where');

export async function twinsWhere(read: Read, conditions: readonly PropertyCondition[]): Promise<string[]> {
  const exact = conditions.map(toExact);
  const rows = await read(TWINS_WHERE, { conditions: conditions.map(conditionRow) });
  return rows
    .filter(([, values]) => exact.every((holds, i) => holds((values as GraphRow)[i] ?? null)))
    .map(([id]) => id as string);
}

/** For twins/where.cypher. Equal and one of are tested as a list, because a list is equal to no other kind of value. */
function conditionRow(condition: PropertyCondition): GraphValue[] {
  const { eq, ne, gt, gte, lt, lte, observedBefore, observedAfter } = condition;
  const keys = propertyKeys(condition.property);
  return [
    keys.value,
    keys.at,
    eq === undefined || eq === null ? (condition.in?.map(storeValue) ?? null) : [storeValue(eq)],
    gt ?? null,
    gte ?? null,
    lt ?? null,
    lte ?? null,
    observedBefore ?? null,
    observedAfter ?? null,
    ne === undefined ? null : true,
  ];
}

/** The tests of a value by its own kind: a text is not its number, and only numbers are above or below. */
function toExact({ eq, ne, gt, gte, lt, lte, in: oneOf }: PropertyCondition): (value: GraphValue) => boolean {
  const isBounded = [gt, gte, lt, lte].some((bound) => bound !== undefined);
  return (value) =>
    (eq === undefined || isSame(value, eq)) &&
    (ne === undefined || !isSame(value, ne)) &&
    (oneOf === undefined || oneOf.some((each) => isSame(value, each))) &&
    (!isBounded || typeof value === 'number');
}

/** Equal values are stored equal, whatever the order of their keys. null: there is no value. */
function isSame(stored: GraphValue, value: PropertyValue): boolean {
  const wanted = storeValue(value);
  if (!Array.isArray(stored) || !Array.isArray(wanted)) return stored === wanted;
  return stored.length === wanted.length && stored.every((each, i) => each === wanted[i]);
}
