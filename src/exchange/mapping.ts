/** The mapping file: how rows of CSV or JSON lines become twins and relationships. docs/IMPORT.md explains it with examples. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { LinchpinError } from '../domain/errors.ts';
import { recordOf } from './record-of.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const path = z.string().min(1, 'the name of a column, or a path');

/** One, or a list of them. */
function oneOrMore<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(schema));
}

/** Where a value comes from: a column or path; or one of these. */
const valueSource = z.union(
  [
    path,
    z.strictObject({ constant: z.json() }),
    z.strictObject({ template: z.string().min(1) }),
    z.strictObject({
      from: path,
      /** Replaces the value, found by its text; without `otherwise` a text that is not in it is a fault. */
      lookup: recordOf(z.json()).optional(),
      otherwise: z.json().optional(),
      /** Several values in one cell, with this between them. */
      separator: z.string().min(1).optional(),
      as: z.enum(['guess', 'text', 'number', 'boolean', 'json']).optional(),
    }),
  ],
  'expected a column or path, or an object with constant, with template, or with from (and lookup, otherwise, separator, as)',
);

const condition = z.union(
  [scalar, z.array(scalar).min(1), z.strictObject({ not: z.union([scalar, z.array(scalar)]) })],
  'expected a value, a list of values, or {"not": …}',
);

const rowChoice = {
  /** Files that the rule is for, by name, with * for any characters; absent: all. */
  file: z.string().min(1).optional(),
  /** Rows that the rule is for: all conditions hold. */
  when: recordOf(condition).optional(),
};
/** `*`: whatever no other field uses; a path: all of the object there; else name by name. */
const properties = z
  .union([path, recordOf(valueSource)], 'expected *, a path, or an object of names with where their values come from')
  .optional();
const role = z.strictObject({ role: valueSource, medium: valueSource.optional() });

const nodeRule = z.strictObject({
  ...rowChoice,
  id: valueSource,
  kind: valueSource,
  name: valueSource.optional(),
  description: valueSource.optional(),
  model: valueSource.optional(),
  tags: valueSource.optional(),
  criticality: valueSource.optional(),
  health: valueSource.optional(),
  closed: valueSource.optional(),
  conduction: oneOrMore(role).optional(),
  requirements: valueSource.optional(),
  properties,
});

const relationshipRule = z.strictObject({
  ...rowChoice,
  id: valueSource.optional(),
  type: valueSource,
  source: valueSource,
  target: valueSource,
  /** true: source and target change places, for types that are told the other way round. */
  swap: valueSource.optional(),
  medium: valueSource.optional(),
  group: valueSource.optional(),
  share: valueSource.optional(),
  standbyDelay: valueSource.optional(),
  closed: valueSource.optional(),
  oneWay: valueSource.optional(),
  properties,
});

const mappingSchema = z
  .strictObject({
    delimiter: z.string().min(1).default(','),
    /** Models that come with the mapping, in the form of the native format. */
    models: z.array(z.record(z.string(), z.json())).default([]),
    nodes: oneOrMore(nodeRule).default([]),
    relationships: oneOrMore(relationshipRule).default([]),
  })
  .refine(
    (mapping) => mapping.nodes.length + mapping.relationships.length > 0,
    'at least one rule in nodes or relationships',
  );

export type ValueSource = z.output<typeof valueSource>;
export type RowCondition = z.output<typeof condition>;
export type NodeRule = z.output<typeof nodeRule>;
export type RelationshipRule = z.output<typeof relationshipRule>;
export type Mapping = z.output<typeof mappingSchema>;

/** @throws LinchpinError BAD_INPUT with everything that is wrong, NOT_FOUND where there is no such file */
export function readMapping(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LinchpinError('NOT_FOUND', `the mapping file ${file} cannot be read`, { at: file, cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LinchpinError('BAD_INPUT', `${file}: not JSON: ${why}`, { at: file, cause });
  }
  const result = mappingSchema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(
    (issue) => `${file}: ${z.core.toDotPath(issue.path) || 'the mapping'}: ${issue.message}`,
  );
  throw new LinchpinError('BAD_INPUT', reasons.join('\n'), { at: file });
}
