import {
  buildASTSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { expect, it } from 'vitest';
import { createGuard } from '../../src/graphql/guard.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { readFileSync } from 'node:fs';

const schema = createSchema();

it('every name of the API says what it means', () => {
  expect(namesWithout(schema)).toEqual([]);
});

it('a description stands once: implementations of Twin take those of the interface', () => {
  const file = buildASTSchema(parse(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')));
  const twice = ['Asset', 'Process', 'System'].flatMap((name) =>
    Object.values(
      (file.getType(name) as never as { getFields(): Record<string, { description?: string | null }> }).getFields(),
    ).filter((field) => field.description),
  );
  expect(twice).toEqual([]);
});

it("the questions that GraphiQL opens with, the README's among them, are valid, affordable, and seen whole", async () => {
  // What its editor shows of a line on a screen of 1,280 pixels.
  const columns = 50;
  const { questions } = (await import(new URL('../../src/graphiql/app/questions.js', import.meta.url).href)) as {
    questions: readonly { query: string }[];
  };
  const guard = createGuard(schema);
  expect(questions).toHaveLength(4);

  for (const { query } of questions) {
    expect(query.split('\n').filter((line) => line.length > columns)).toEqual([]);
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the question is no operation');
    guard.checkQuery(query);
    guard.checkCost({ document, operation, variables: {} });
  }
});

function namesWithout(described: GraphQLSchema): string[] {
  const missing: string[] = [];
  const check = (name: string, { description }: { description?: string | null | undefined }): void => {
    if (!description) missing.push(name);
  };
  for (const type of Object.values(described.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field);
      for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  return missing;
}
