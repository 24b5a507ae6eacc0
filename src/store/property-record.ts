/** A property's state as keys of its twin's node, and back. */
import { EMPTY_PROPERTY, type PropertyState } from '../domain/property.ts';
import type { Quality } from '../domain/state.ts';
import type { GraphValue } from './graph-port.ts';
import { parsePropertyKey, PROPERTY_WORDS, type PropertyWord, propertyKeys } from './property-keys.ts';
import { restoreValue, storeNullable, storeValue } from './stored-value.ts';

/**
 * Keys to write on a node; null takes a key away. Names come from outside, so nothing may be inherited; from an empty
 * object and not from null, for which V8 would keep each map as a hash table.
 */
export type KeyMap = { [key: string]: GraphValue };
const NOTHING: object = Object.freeze(Object.create(null));
export const emptyKeyMap = (): KeyMap => Object.create(NOTHING) as KeyMap;

/** Adds every key of a property, those without a value as null. */
export function putProperty(keys: KeyMap, name: string, state: PropertyState | null): void {
  const key = propertyKeys(name);
  const values = propertyValues(state);
  PROPERTY_WORDS.forEach((word, i) => {
    keys[key[word]] = values[i] as GraphValue;
  });
}

/** Adds the keys of a property that differ from what stands there. */
export function putPropertyChange(
  keys: KeyMap,
  name: string,
  before: PropertyState | null,
  after: PropertyState,
): void {
  const key = propertyKeys(name);
  const old = before ?? EMPTY_PROPERTY;
  putIfOther(keys, key.value, storeValue(old.value), storeValue(after.value));
  putIfOther(keys, key.at, old.observedAt, after.observedAt);
  putIfOther(keys, key.order, before && storedOrder(before), storedOrder(after));
  putIfOther(keys, key.received, old.receivedAt, after.receivedAt);
  putIfOther(keys, key.quality, storedQuality(old), storedQuality(after));
  putIfOther(keys, key.unit, old.unit, after.unit);
  putIfOther(keys, key.limits, storedLimits(old), storedLimits(after));
  putIfOther(keys, key.stale, old.stale || null, after.stale || null);
  putIfOther(keys, key.desired, storedDesired(old), storedDesired(after));
  putIfOther(keys, key.pending, old.pendingLimits ?? null, after.pendingLimits ?? null);
}

function putIfOther(keys: KeyMap, key: string, old: GraphValue, value: GraphValue): void {
  if (value !== old) keys[key] = value;
}

/** In the order of PROPERTY_WORDS. */
function propertyValues(state: PropertyState | null): GraphValue[] {
  if (state === null) return PROPERTY_WORDS.map(() => null);
  return [
    storeValue(state.value),
    state.observedAt,
    storedOrder(state),
    state.receivedAt,
    storedQuality(state),
    state.unit,
    storedLimits(state),
    state.stale || null,
    storedDesired(state),
    state.pendingLimits ?? null,
  ];
}

const storedQuality = ({ quality }: PropertyState): GraphValue => (quality === 'GOOD' ? null : quality);
const storedLimits = ({ activeLimits }: PropertyState): GraphValue => (activeLimits.length === 0 ? null : activeLimits);
/** Nothing desired differs from null desired. */
const storedDesired = ({ desired }: PropertyState): GraphValue =>
  desired === undefined ? null : storeNullable(desired);

/** A property that nothing else would tell of is known by its order. */
function storedOrder({ value, desired, observedAt, receivedAt, order }: PropertyState): number | null {
  const isBare = value === null && desired === undefined && observedAt === null && receivedAt === null;
  return isBare ? order : order || null;
}

/** Values of the keys of one property, in the order of PROPERTY_WORDS; null when the twin does not have the property. */
export function toPropertyState(values: readonly GraphValue[]): PropertyState | null {
  const [value = null, at, order, received, quality, unit, limits, stale, desired = null, pending] = values;
  if ([value, at, order, received, quality, desired].every((each) => each === null || each === undefined)) return null;
  const state: PropertyState = {
    value: restoreValue(value),
    unit: typeof unit === 'string' ? unit : null,
    quality: (quality ?? EMPTY_PROPERTY.quality) as Quality,
    observedAt: typeof at === 'number' ? at : null,
    receivedAt: typeof received === 'number' ? received : null,
    order: typeof order === 'number' ? order : 0,
    activeLimits: Array.isArray(limits) ? (limits as number[]) : EMPTY_PROPERTY.activeLimits,
    stale: stale === true,
  };
  if (desired === null && !Array.isArray(pending)) return state;
  return {
    ...state,
    ...(desired !== null && { desired: restoreValue(desired) }),
    ...(Array.isArray(pending) && { pendingLimits: pending as number[] }),
  };
}

const POSITION_BY_WORD = new Map<PropertyWord, number>(PROPERTY_WORDS.map((word, position) => [word, position]));

/** All properties of a node, from its keys and their values. */
export function toProperties(keys: readonly string[], values: readonly GraphValue[]): Map<string, PropertyState> {
  const slots = new Map<string, GraphValue[]>();
  keys.forEach((key, i) => {
    const parsed = parsePropertyKey(key);
    if (!parsed) return;
    let slot = slots.get(parsed.name);
    if (!slot) {
      slot = PROPERTY_WORDS.map(() => null);
      slots.set(parsed.name, slot);
    }
    slot[POSITION_BY_WORD.get(parsed.word) as number] = values[i] as GraphValue;
  });
  return toStates(slots);
}

function toStates(slots: Iterable<readonly [string, readonly GraphValue[]]>): Map<string, PropertyState> {
  const states = new Map<string, PropertyState>();
  for (const [name, values] of slots) {
    const state = toPropertyState(values);
    if (state) states.set(name, state);
  }
  return states;
}

/** The keys that properties/some.cypher reads for these names. */
export function keysToRead(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const keys = propertyKeys(name);
    return PROPERTY_WORDS.map((word) => keys[word]);
  });
}

/** Values of keysToRead(names). */
export function toNamedProperties(names: readonly string[], values: readonly GraphValue[]): Map<string, PropertyState> {
  const width = PROPERTY_WORDS.length;
  return toStates(names.map((name, i) => [name, values.slice(i * width, (i + 1) * width)]));
}
