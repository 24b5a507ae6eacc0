/** Checks model inputs, in our own form or as a DTDL interface, and turns them into models. */
import { whyNotId, whyNotKey, whyNotName, whyNotPropertyName } from '../domain/check-text.ts';
import type { Faults } from '../domain/faults.ts';
import type { HistoryPolicy } from '../domain/history.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Limit, Model, PropertyModel, PropertySchema } from '../domain/model.ts';
import type { PropertyValue } from '../domain/property.ts';
import { BUILT_IN_TYPES, type RelationshipType } from '../domain/relationship.ts';
import { COMPARISONS, IMPACT_DIRECTIONS, OPERATIONAL_STATES, REQUIREMENT_MODES, TWIN_KINDS } from '../domain/state.ts';
import { dtdlToModel, isDtdl } from './dtdl-to-model.ts';
import { FieldReader, isFields, refuseOtherKeys } from './parse-fields.ts';
import { parseConductionInput } from './parse-twin.ts';

const MODEL_KEYS = ['id', 'kind', 'name', 'extends', 'properties', 'relationshipTypes', 'conduction'];
const PROPERTY_KEYS = ['name', 'schema', 'unit', 'writable', 'staleAfter', 'limits', 'history'];
const LIMIT_KEYS = ['comparison', 'threshold', 'state', 'deadband', 'delay'];
const HISTORY_KEYS = ['deadband', 'maxInterval'];
const TYPE_KEYS = ['name', 'impact', 'mode', 'soft', 'description'];
const SCHEMA =
  /^(?:double|integer|boolean|string|dateTime|json|list<(?:double|integer|boolean|string|dateTime|json)>)$/;
const SCHEMAS = 'double, integer, boolean, string, dateTime, json, or a list of one such as list<double>';
/** A type's name becomes a relationship type of the graph. */
const TYPE_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

export function parseModel(input: unknown, at: string, faults: Faults): Model | undefined {
  if (!isFields(input)) {
    faults.add(at, 'a model (an object)', input);
    return undefined;
  }
  const form = isDtdl(input) ? dtdlToModel(input, at, faults) : input;
  refuseOtherKeys(form, MODEL_KEYS, at, faults);
  const read = new FieldReader(form, at, faults);
  const id = read.required('id', whyNotId);
  const kind = read.oneOf('kind', TWIN_KINDS, undefined);
  if (kind === undefined && !read.has('kind'))
    faults.add(read.path('kind'), `one of ${TWIN_KINDS.join(', ')}`, undefined);
  return {
    id,
    kind: kind ?? 'ASSET',
    name: read.text('name', whyNotName, id),
    extends: read.texts('extends', LIMITS.modelParents, whyNotId) ?? [],
    properties: unique(read.list('properties', LIMITS.propertiesPerTwin), at, faults, parseProperty),
    relationshipTypes: unique(read.list('relationshipTypes', LIMITS.relationshipTypesPerModel), at, faults, parseType),
    conduction: (read.list('conduction', LIMITS.requirementsPerTwin) ?? []).flatMap(
      (c) => parseConductionInput(c.value, c.at, faults) ?? [],
    ),
    definition: input as PropertyValue,
    revision: 0,
  };
}

function unique<T extends { name: string }>(
  list: { value: unknown; at: string }[] | undefined,
  at: string,
  faults: Faults,
  parse: (value: unknown, at: string, faults: Faults) => T | undefined,
): T[] {
  const byName = new Map<string, T>();
  for (const element of list ?? []) {
    const parsed = parse(element.value, element.at, faults);
    if (!parsed) continue;
    if (byName.has(parsed.name)) faults.say(at, `${JSON.stringify(parsed.name)} is declared twice`);
    byName.set(parsed.name, parsed);
  }
  return [...byName.values()];
}

function parseProperty(value: unknown, at: string, faults: Faults): PropertyModel | undefined {
  if (!isFields(value)) {
    faults.add(at, 'a property (an object with name and schema)', value);
    return undefined;
  }
  refuseOtherKeys(value, PROPERTY_KEYS, at, faults);
  const read = new FieldReader({ ...value, schema: toSchema(value['schema']) }, at, faults);
  const schema = read.required('schema', (text) => (typeof text === 'string' && SCHEMA.test(text) ? null : SCHEMAS));
  return {
    name: read.required('name', whyNotPropertyName),
    schema: schema as PropertySchema,
    unit: read.text('unit', whyNotKey, null),
    writable: read.boolean('writable', false),
    staleAfterMs: read.duration('staleAfter', null),
    limits: (read.list('limits', LIMITS.requirementsPerTwin) ?? []).flatMap(
      (l) => parseLimit(l.value, l.at, faults) ?? [],
    ),
    history: read.has('history') ? parseHistory(value['history'], read.path('history'), faults) : null,
  };
}

function parseHistory(value: unknown, at: string, faults: Faults): HistoryPolicy | null {
  if (!isFields(value)) {
    faults.add(at, 'what of it is kept (an object with deadband or maxInterval)', value);
    return null;
  }
  refuseOtherKeys(value, HISTORY_KEYS, at, faults);
  const read = new FieldReader(value, at, faults);
  return {
    deadband: read.number('deadband', 0, Number.MAX_VALUE, 0),
    maxIntervalMs: read.duration('maxInterval', null),
  };
}

/** A list of one is written list<double>, double[] or ["double"]. */
function toSchema(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1) return `list<${String(value[0])}>`;
  return typeof value === 'string' && value.endsWith('[]') ? `list<${value.slice(0, -2)}>` : value;
}

function parseLimit(value: unknown, at: string, faults: Faults): Limit | undefined {
  if (!isFields(value)) {
    faults.add(at, 'a limit (an object)', value);
    return undefined;
  }
  refuseOtherKeys(value, LIMIT_KEYS, at, faults);
  const read = new FieldReader(value, at, faults);
  for (const key of ['comparison', 'threshold', 'state'])
    if (!read.has(key)) faults.add(read.path(key), 'a value', undefined);
  return {
    comparison: read.oneOf('comparison', COMPARISONS, 'ABOVE'),
    threshold: read.number('threshold', -Number.MAX_VALUE, Number.MAX_VALUE, 0),
    state: read.oneOf('state', OPERATIONAL_STATES, 'DOWN'),
    deadband: read.number('deadband', 0, Number.MAX_VALUE, 0),
    delayMs: read.duration('delay', 0),
  };
}

function parseType(value: unknown, at: string, faults: Faults): RelationshipType | undefined {
  if (!isFields(value)) {
    faults.add(at, 'a relationship type (an object)', value);
    return undefined;
  }
  refuseOtherKeys(value, TYPE_KEYS, at, faults);
  const read = new FieldReader(value, at, faults);
  const name = read.required('name', (text) =>
    TYPE_NAME.test(typeof text === 'string' ? text : '') ? null : 'a name of capitals, digits and _ such as COOLED_BY',
  );
  if (BUILT_IN_TYPES.some((type) => type.name === name))
    faults.say(at, `${name} is built in and cannot be declared again`);
  const impact = read.oneOf('impact', IMPACT_DIRECTIONS, 'NONE');
  return {
    name,
    impact,
    mode: impact === 'NONE' ? null : read.oneOf('mode', REQUIREMENT_MODES, 'SUSTAIN'),
    soft: read.boolean('soft', false),
    description: read.text('description', whyNotName, null),
  };
}
