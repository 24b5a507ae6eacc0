/** Checks twin inputs and turns them into the fields of a twin. What an input leaves out stays undefined. */
import { whyNotDescription, whyNotId, whyNotKey, whyNotName, whyNotPropertyName } from '../domain/check-text.ts';
import type { Faults } from '../domain/faults.ts';
import { LIMITS } from '../domain/limits.ts';
import type { PropertyValue } from '../domain/property.ts';
import { whyNotValue } from '../domain/property-value.ts';
import {
  CONDUCTION_ROLES,
  OPERATIONAL_STATES,
  type OperationalState,
  REQUIREMENT_MODES,
  TWIN_KINDS,
  type TwinKind,
} from '../domain/state.ts';
import type { Conduction, Requirement } from '../domain/twin.ts';
import { FieldReader, type Fields, isFields, refuseOtherKeys } from './parse-fields.ts';

/** Shares are added up in 32-bit whole numbers. */
export const MOST_SHARES = 1_000_000;
const MOST_CRITICALITY = 1e9;

/** Fields that an input gives; null: given as null, which takes the value away. */
export interface TwinFields {
  readonly name?: string;
  readonly description?: string | null;
  readonly model?: string | null;
  readonly tags?: readonly string[];
  readonly criticality?: number;
  readonly closed?: boolean;
  readonly conduction?: readonly Conduction[];
  readonly requirements?: readonly Requirement[];
  readonly reportedHealth?: OperationalState;
  /** null takes the property away. */
  readonly properties?: ReadonlyMap<string, PropertyValue>;
  readonly desired?: ReadonlyMap<string, PropertyValue>;
}

export interface ParsedTwin {
  readonly id: string;
  readonly kind: TwinKind;
  readonly fields: TwinFields;
}

/** Fields that a patch may have. */
export const PATCH_KEYS = [
  'name',
  'description',
  'model',
  'tags',
  'criticality',
  'properties',
  'health',
  'closed',
  'conduction',
  'requirements',
];

export function parseTwin(input: unknown, at: string, faults: Faults): ParsedTwin | undefined {
  if (!isFields(input)) {
    faults.add(at, 'a twin (an object)', input);
    return undefined;
  }
  refuseOtherKeys(input, ['id', 'kind', 'desired', ...PATCH_KEYS], at, faults);
  const read = new FieldReader(input, at, faults);
  const id = read.required('id', whyNotId);
  const kind = read.oneOf('kind', TWIN_KINDS, undefined);
  if (kind === undefined && !read.has('kind'))
    faults.add(read.path('kind'), `one of ${TWIN_KINDS.join(', ')}`, undefined);
  return { id, kind: kind ?? 'ASSET', fields: parseTwinFields(input, at, faults) };
}

/** The fields of a patch or of a whole twin. */
export function parseTwinFields(input: Fields, at: string, faults: Faults): TwinFields {
  const read = new FieldReader(input, at, faults);
  const tags = read.texts('tags', LIMITS.tags, whyNotKey);
  const fields: { -readonly [K in keyof TwinFields]: TwinFields[K] | undefined } = {
    name: read.text('name', whyNotName, undefined),
    description: isNull(input, 'description') ? null : read.text('description', whyNotDescription, undefined),
    model: isNull(input, 'model') ? null : read.text('model', whyNotId, undefined),
    tags: tags ?? (isNull(input, 'tags') ? [] : undefined),
    criticality: read.number('criticality', 0, MOST_CRITICALITY, undefined),
    closed: read.boolean('closed', undefined),
    // Taken back, the word says nothing.
    reportedHealth: isNull(input, 'health') ? 'OPERATIONAL' : read.oneOf('health', OPERATIONAL_STATES, undefined),
    conduction: parseConduction(read, faults) ?? (isNull(input, 'conduction') ? [] : undefined),
    requirements: parseRequirements(read, faults) ?? (isNull(input, 'requirements') ? [] : undefined),
    properties: parseProperties(input, 'properties', at, faults),
    desired: parseProperties(input, 'desired', at, faults),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as TwinFields;
}

function isNull(input: Fields, key: string): boolean {
  return Object.hasOwn(input, key) && input[key] === null;
}

/** A JSON object of property values; each name and value is checked. */
export function parseProperties(
  input: Fields,
  key: string,
  at: string,
  faults: Faults,
): ReadonlyMap<string, PropertyValue> | undefined {
  const value = Object.hasOwn(input, key) ? input[key] : undefined;
  const path = at === '' ? key : `${at}.${key}`;
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) {
    faults.add(path, 'an object of property values', value);
    return undefined;
  }
  const entries = Object.entries(value);
  if (entries.length > LIMITS.propertiesPerTwin)
    faults.add(path, `at most ${LIMITS.propertiesPerTwin} properties`, entries.length);
  for (const [name, inner] of entries) {
    const whyName = whyNotPropertyName(name);
    if (whyName !== null) faults.add(path, whyName, name);
    const why = whyNotValue(inner);
    if (why !== null) faults.add(`${path}.${name}`, why, inner);
  }
  return new Map(entries as [string, PropertyValue][]);
}

function parseConduction(read: FieldReader, faults: Faults): Conduction[] | undefined {
  const media = new Set<string | null>();
  return read.list('conduction', LIMITS.requirementsPerTwin)?.flatMap(({ value, at }) => {
    const conduction = parseConductionInput(value, at, faults);
    if (!conduction) return [];
    if (media.has(conduction.medium))
      faults.say(at, `a second role for medium ${JSON.stringify(conduction.medium)}; one is possible`);
    media.add(conduction.medium);
    return [conduction];
  });
}

export function parseConductionInput(value: unknown, at: string, faults: Faults): Conduction | undefined {
  if (!isFields(value)) {
    faults.add(at, 'an object with medium and role', value);
    return undefined;
  }
  refuseOtherKeys(value, ['medium', 'role'], at, faults);
  const read = new FieldReader(value, at, faults);
  const role = read.oneOf('role', CONDUCTION_ROLES, undefined);
  if (role === undefined) {
    if (!read.has('role')) faults.add(read.path('role'), `one of ${CONDUCTION_ROLES.join(', ')}`, undefined);
    return undefined;
  }
  return { medium: read.text('medium', whyNotKey, null), role };
}

function parseRequirements(read: FieldReader, faults: Faults): Requirement[] | undefined {
  const keys = new Set<string>();
  return read.list('requirements', LIMITS.requirementsPerTwin)?.flatMap(({ value, at }) => {
    const requirement = parseRequirement(value, at, faults);
    if (!requirement) return [];
    const key = JSON.stringify([requirement.group, requirement.medium]);
    if (keys.has(key))
      faults.say(
        at,
        `a second requirement for group ${JSON.stringify(requirement.group)}; one per group and medium is possible`,
      );
    keys.add(key);
    return [requirement];
  });
}

const REQUIREMENT_KEYS = ['group', 'mode', 'medium', 'any', 'min', 'full', 'soft', 'holdUp', 'stateOfCharge'];

function parseRequirement(value: unknown, at: string, faults: Faults): Requirement | undefined {
  if (!isFields(value)) {
    faults.add(at, 'a requirement (an object)', value);
    return undefined;
  }
  refuseOtherKeys(value, REQUIREMENT_KEYS, at, faults);
  const read = new FieldReader(value, at, faults);
  const any = read.boolean('any', false);
  const min = read.wholeNumber('min', 1, MOST_SHARES, null);
  const full = read.wholeNumber('full', 1, MOST_SHARES, null);
  if (any && (min !== null || full !== null))
    faults.say(at, 'any stands for min 1 and full 1; give either any, or min and full');
  if (min !== null && full !== null && min > full) faults.add(read.path('min'), `at most full (${full})`, min);
  return {
    group: read.required('group', whyNotKey),
    mode: read.oneOf('mode', REQUIREMENT_MODES, null),
    medium: read.text('medium', whyNotKey, null),
    min: any ? 1 : (min ?? full),
    full: any ? 1 : (full ?? min),
    soft: read.boolean('soft', false),
    holdUpMs: read.duration('holdUp', 0),
    stateOfCharge: read.number('stateOfCharge', 0, 1, 1),
  };
}
