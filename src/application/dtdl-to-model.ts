/**
 * Reads a DTDL interface (versions 2 and 3) as a model: properties and telemetry become properties, relationships
 * become relationship types without impact, `extends` is inheritance. Commands and components carry no state of a
 * twin's own; they stay in the definition.
 */
import type { Faults } from '../domain/faults.ts';
import { type Fields, isFields } from './parse-fields.ts';

/** A DTDL interface names the language in its @context. */
export function isDtdl(input: Fields): boolean {
  const context = input['@context'];
  return (Array.isArray(context) ? context : [context]).some(
    (c) => typeof c === 'string' && c.startsWith('dtmi:dtdl:context;'),
  );
}

const SCALARS: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  date: 'string',
  dateTime: 'dateTime',
  double: 'double',
  duration: 'string',
  float: 'double',
  integer: 'integer',
  long: 'integer',
  string: 'string',
  time: 'string',
};

/** The interface in our own form; its faults name the place in the interface. */
export function dtdlToModel(input: Fields, at: string, faults: Faults): Fields {
  if (!types(input).includes('Interface')) faults.add(`${at}.@type`, 'Interface', input['@type']);
  if (typeof input['@id'] !== 'string') faults.add(`${at}.@id`, 'a DTMI', input['@id']);
  const { extends: parents, contents } = input;
  const parts = (Array.isArray(contents) ? contents : []).filter(isFields);
  return {
    id: input['@id'],
    kind: 'ASSET',
    name: toText(input['displayName']) ?? input['@id'],
    extends: (parents === undefined ? [] : Array.isArray(parents) ? parents : [parents]).map((p: unknown) =>
      isFields(p) ? p['@id'] : p,
    ),
    properties: parts.filter((p) => types(p).some((t) => t === 'Property' || t === 'Telemetry')).map(toProperty),
    relationshipTypes: parts
      .filter((p) => types(p).includes('Relationship'))
      .map((p) => ({ name: toTypeName(String(p['name'])), impact: 'NONE' })),
  };
}

function types(part: Fields): unknown[] {
  const type = part['@type'];
  return Array.isArray(type) ? type : [type];
}

function toProperty(part: Fields): Fields {
  return {
    name: part['name'],
    schema: toSchema(part['schema']),
    ...(typeof part['unit'] === 'string' && { unit: part['unit'] }),
    ...(typeof part['writable'] === 'boolean' && { writable: part['writable'] }),
  };
}

/** Arrays of a scalar are lists; other composite schemas are kept as JSON. */
function toSchema(schema: unknown): string {
  if (typeof schema === 'string') return SCALARS[schema] ?? 'json';
  if (!isFields(schema)) return 'json';
  if (types(schema).includes('Enum'))
    return typeof schema['valueSchema'] === 'string' ? (SCALARS[schema['valueSchema']] ?? 'json') : 'json';
  if (!types(schema).includes('Array')) return 'json';
  const element = schema['elementSchema'];
  return typeof element === 'string' && SCALARS[element] ? `list<${SCALARS[element]}>` : 'json';
}

/** A display name, or its English text, or its first. */
function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isFields(value)) return undefined;
  const text = value['en'] ?? Object.values(value)[0];
  return typeof text === 'string' ? text : undefined;
}

/** isPartOf becomes IS_PART_OF. */
function toTypeName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
