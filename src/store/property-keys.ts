/**
 * How a twin's node names things. The system's own keys are a closed list; a property stands under its own name,
 * so that `MATCH (t:Asset) WHERE t.temperature > 90` works, and what is known of it under its name, '@' and a word.
 * A property whose name is one of the system's keys has its value under name@value.
 */
import { badInput } from '../domain/errors.ts';

/** Of a :Twin, in the order of twins/create.cypher. `requirementGroups` counts those nodes; not there: none. */
export const TWIN_KEYS = [
  'id',
  'name',
  'description',
  'model',
  'tags',
  'criticality',
  'closed',
  'conductionMedia',
  'conductionRoles',
  'health',
  'measuredHealth',
  'inMaintenance',
  'maintenanceUntil',
  'maintenanceReason',
  'connectivity',
  'lastSeen',
  'revision',
  'createdAt',
  'updatedAt',
  'requirementGroups',
  // With an @, so that it takes no name away from properties.
  '@source',
] as const;
export type TwinKey = (typeof TWIN_KEYS)[number];

/** Of a relationship, in the order of relationships/create.cypher. `free` lists the keys of its free properties. */
export const RELATIONSHIP_KEYS = [
  'id',
  'medium',
  'group',
  'share',
  'standbyDelay',
  'closed',
  'oneWay',
  'revision',
  'free',
] as const;

const TWIN_KEY_SET: ReadonlySet<string> = new Set(TWIN_KEYS);
const RELATIONSHIP_KEY_SET: ReadonlySet<string> = new Set(RELATIONSHIP_KEYS);

export const isTwinKey = (key: string): key is TwinKey => TWIN_KEY_SET.has(key);

/** The keys that one property of a twin can have. All but the value's are `${name}@word`. */
export interface PropertyKeys {
  readonly value: string;
  /** observedAt, epoch ms. */
  readonly at: string;
  /** Not there: 0. */
  readonly order: string;
  readonly received: string;
  /** Not there: GOOD. */
  readonly quality: string;
  readonly unit: string;
  /** Indexes of the active limits. Not there: none. */
  readonly limits: string;
  /** Indexes of the limits that wait for their delay, each with its begin, epoch ms. Not there: none. */
  readonly pending: string;
  /** true, or not there. */
  readonly stale: string;
  readonly desired: string;
}

/** In the order in which statements ask for them. */
export const PROPERTY_WORDS = [
  'value',
  'at',
  'order',
  'received',
  'quality',
  'unit',
  'limits',
  'stale',
  'desired',
  'pending',
] as const;
export type PropertyWord = (typeof PROPERTY_WORDS)[number];

/** Names are few and asked for with every reading; past this many they are foreign enough to be made anew. */
const REMEMBERED_NAMES = 10_000;
const keysByName = new Map<string, PropertyKeys>();

/** @throws LinchpinError BAD_INPUT for a name that could be taken for one of its own metadata. */
export function propertyKeys(name: string): PropertyKeys {
  const known = keysByName.get(name);
  if (known) return known;
  assertName(name);
  const keys: PropertyKeys = {
    value: TWIN_KEY_SET.has(name) ? `${name}@value` : name,
    at: `${name}@at`,
    order: `${name}@order`,
    received: `${name}@received`,
    quality: `${name}@quality`,
    unit: `${name}@unit`,
    limits: `${name}@limits`,
    stale: `${name}@stale`,
    desired: `${name}@desired`,
    pending: `${name}@pending`,
  };
  if (keysByName.size >= REMEMBERED_NAMES) keysByName.clear();
  keysByName.set(name, keys);
  return keys;
}

const WORD_SET: ReadonlySet<string> = new Set(PROPERTY_WORDS);

/** The property and the word that a node's key stands for; null for the system's own and for keys that are not ours. */
export function parsePropertyKey(key: string): { readonly name: string; readonly word: PropertyWord } | null {
  const at = key.lastIndexOf('@');
  if (at < 0) return isTwinKey(key) ? null : { name: key, word: 'value' };
  const word = key.slice(at + 1);
  return WORD_SET.has(word) ? { name: key.slice(0, at), word: word as PropertyWord } : null;
}

/** The key of a relationship's free property. */
export function freeKey(name: string): string {
  assertName(name);
  return RELATIONSHIP_KEY_SET.has(name) ? `${name}@value` : name;
}

export function freeName(key: string): string {
  const at = key.indexOf('@');
  return at < 0 ? key : key.slice(0, at);
}

function assertName(name: string): void {
  if (name === '' || name.includes('@') || name.includes('\0'))
    throw badInput('property', 'a name without @ and control characters', name);
}
