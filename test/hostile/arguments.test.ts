/** Every field of the API with hostile arguments, made from the schema itself, so that a new argument is tried too. */
import * as fc from 'fast-check';
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { type Answer, type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const KNOWN = ['plant', 'pump', 'line'];
const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  '\u0000',
  '\u202E\u0007\u001B[31m',
  '\uD800',
  "'}) DETACH DELETE n //",
  '` SET t.x = 1 //',
  '${1}{{2}}',
  '../../etc/passwd',
  'twins/+/#',
  '🜂'.repeat(300),
  'x'.repeat(100_000),
  '9999-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
  '2026-02-30T00:00:00Z',
  'P999999999Y',
  'PT-1S',
  'PT1e9H',
];
const text = fc.oneof(fc.constantFrom(...KNOWN), fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 1e308, 5e-324, 0.1),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const deep = (depth: number): unknown =>
  depth === 0 ? 1 : depth % 2 === 0 ? [deep(depth - 1)] : { a: deep(depth - 1) };
const json = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(deep(9), deep(60), deep(2_000), { temperature: { value: {}, observedAt: 'never' } }),
  fc.dictionary(text, fc.oneof(text, number, fc.jsonValue())),
  fc.array(fc.oneof(text, number), { maxLength: 5 }),
);

/** A value that has the type's form, or not. */
function valueOf(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  if (isNonNullType(type))
    return fc.oneof({ weight: 20, arbitrary: valueOf(type.ofType, depth) }, { weight: 1, arbitrary: json });
  if (isListType(type)) return fc.array(valueOf(type.ofType, depth), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name), 'NOTHING');
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const required = fields.filter((field) => isNonNullType(field.type)).map((field) => field.name);
    const shapes = Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, depth + 1)]));
    return fc.record(shapes, { requiredKeys: required });
  }
  switch (type.name) {
    case 'Int':
      return fc.oneof(fc.integer({ min: -1, max: 20 }), number);
    case 'Float':
      return number;
    case 'Boolean':
      return fc.boolean();
    case 'JSON':
      return json;
    default:
      return text;
  }
}

type AnyField = GraphQLField<unknown, unknown>;

/** What to ask of an answer: its leaves, two levels deep. */
function selectionOf(field: AnyField, depth = 2): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return '';
  const parts: string[] = ['__typename'];
  const types = isUnionType(type) ? type.getTypes() : [type];
  for (const one of types) {
    if (!isObjectType(one) && !isInterfaceType(one)) continue;
    const fields = Object.values(one.getFields()).filter(
      (inner) =>
        inner.args.every((arg) => !isNonNullType(arg.type)) && (depth > 1 || isLeafType(getNamedType(inner.type))),
    );
    const selected = fields.map((inner) => inner.name + selectionOf(inner as AnyField, depth - 1)).join(' ');
    parts.push(isUnionType(type) ? `... on ${one.name} { ${selected} }` : selected);
  }
  return ` { ${parts.join(' ')} }`;
}

function operationOf(kind: string, field: AnyField): string {
  const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const given = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const brackets = (inner: string): string => (inner === '' ? '' : `(${inner})`);
  return `${kind}${brackets(declared)} { ${field.name}${brackets(given)}${selectionOf(field)} }`;
}

const argumentsOf = (args: readonly GraphQLArgument[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(args.map((arg) => [arg.name, valueOf(arg.type)])), {
    requiredKeys: args
      .filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)
      .map((arg) => arg.name),
  });

const schema = createSchema();
const fieldsOf = (type: GraphQLObjectType | null | undefined): AnyField[] => Object.values(type?.getFields() ?? {});
const RUNS = Math.max(5, Math.round(FUZZ.numRuns / 20));

let plant: TestApplication;
let api: Api;
beforeAll(async () => {
  plant = await openApplication();
  api = await startApi(plant.application);
  await renew();
});
afterAll(async () => {
  await api.stop();
  await plant.close();
});

/** Ids that the arguments may hit. */
async function renew(): Promise<void> {
  const { errors } = await api.query(`mutation {
    upsertTwins(twins: [{ id: "plant", kind: SYSTEM }, { id: "pump", kind: ASSET, properties: { temperature: 1 } }, { id: "line", kind: PROCESS }]) { id }
    upsertRelationships(relationships: [{ type: "PART_OF", source: "pump", target: "plant" }, { type: "FEEDS", source: "pump", target: "line" }]) { id }
  }`);
  if (errors) throw new Error(errors[0]?.message);
}

function expectAnAnswer(answer: Partial<Answer>, request: unknown): void {
  const codes = (answer.errors ?? []).map((error) => error.extensions.code);
  const internal = api.logged.filter((line) => line.level === 'error');
  if (codes.includes('INTERNAL') || codes.includes(undefined as never) || internal.length > 0) {
    throw new Error(
      `${JSON.stringify(request).slice(0, 2_000)}\n${JSON.stringify([answer.errors, internal]).slice(0, 4_000)}`,
    );
  }
  expect(answer.errors !== undefined || answer.data !== undefined).toBe(true);
}

describe.each([
  ['query', fieldsOf(schema.getQueryType())],
  ['mutation', fieldsOf(schema.getMutationType())],
])('a %s', (kind, fields) => {
  it.each(fields.map((field) => [field.name, field] as const))(
    '%s answers hostile arguments with data or with a code, never with a fault of ours',
    async (_, field) => {
      const query = operationOf(kind, field);
      await fc.assert(
        fc.asyncProperty(argumentsOf(field.args), async (variables) => {
          expectAnAnswer(await api.post({ query, variables }), { query, variables });
          if (kind === 'mutation') await renew();
        }),
        { ...FUZZ, numRuns: RUNS },
      );
    },
  );
});

it.each(fieldsOf(schema.getSubscriptionType()).map((field) => [field.name, field] as const))(
  'a subscription to %s takes hostile arguments, or refuses them with a code',
  async (_, field) => {
    const query = operationOf('subscription', field);
    await fc.assert(
      fc.asyncProperty(argumentsOf(field.args), async (variables) => {
        const events = api.subscribe(query, variables);
        const first = events
          .next()
          .catch((error: unknown) => ({ errors: [error as NonNullable<Answer['errors']>[number]] }));
        // Something that the subscription may tell; what it refuses, it refuses at once.
        await api.query('mutation { report(id: "pump", properties: { temperature: 2 }) { id } }');
        const answer = await Promise.race([first, api.query('{ cursor }')]);
        expectAnAnswer(answer, { query, variables });
        await events.stop();
      }),
      { ...FUZZ, numRuns: RUNS },
    );
  },
);

it('after all of it the server answers as before', async () => {
  expect((await api.query('{ twin(id: "plant") { id } }')).data).toEqual({ twin: { id: 'plant' } });
});
