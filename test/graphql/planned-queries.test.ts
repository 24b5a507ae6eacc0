/**
 * A query that is answered by a plan has the bytes of graphql-js's answer. Queries are made from the schema itself, with
 * aliases, fragments, directives, variables, defaults and arguments that do not fit; a new field is asked for too.
 */
import fc from 'fast-check';
import {
  type DocumentNode,
  execute,
  getNamedType,
  getOperationAST,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelledBy } from '../../src/graphql/cancellation.ts';
import { createContext, type RequestContext } from '../../src/graphql/context.ts';
import { createPlannedQueries } from '../../src/graphql/planned-queries.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { createRandom, type Random } from '../support/random.ts';

const IDS = ['hall', 'line', 'pump', 'valve', 'process', 'nowhere', 'nothing'];
const WORDS = [...IDS, 'temperature', 'note', 'curve', 'pump-model', 'FEEDS', 'water', ''];
const asset = (id: string, more = {}) => ({ id, kind: 'ASSET', name: `${id} of the hall`, ...more });
const rel = (source: string, type: string, target: string, more = {}) => ({ type, source, target, ...more });
const MODEL = {
  id: 'pump-model',
  kind: 'ASSET',
  name: 'Pump',
  properties: [{ name: 'temperature', schema: 'double', unit: '°C' }],
};
const GRAPH = {
  models: [],
  twins: [
    { id: 'hall', kind: 'SYSTEM', name: 'Hall' },
    { id: 'line', kind: 'SYSTEM', name: 'Line', tags: ['a', 'b'] },
    asset('pump', { model: 'pump-model', properties: { temperature: 20.5, note: 'as built' }, health: 'DEGRADED' }),
    asset('valve', { properties: { temperature: -0, curve: [[1, 2], { __proto__: null, x: null }] } }),
    { id: 'process', kind: 'PROCESS', name: 'Process' },
  ],
  relationships: [
    ...['pump', 'valve', 'process'].map((part) => rel(part, 'PART_OF', 'line')),
    rel('line', 'PART_OF', 'hall'),
    rel('pump', 'FEEDS', 'valve', { medium: 'water' }),
    rel('process', 'DEPENDS_ON', 'valve'),
  ],
};

/** Each run asks four times. */
const LONGEST_MS = Math.max(30_000, FUZZ.numRuns * 200);

const schema = createSchema();
const planAnswers = createPlannedQueries(schema);
let plant: TestApplication;
let api: Api;
beforeAll(async () => {
  plant = await openApplication();
  await plant.application.upsertModels([MODEL], { actor: null });
  await plant.application.importGraph(GRAPH, { actor: null });
  api = await startApi(plant.application);
});
afterAll(async () => {
  await api.stop();
  await plant.close();
});

const contextOf = (): RequestContext =>
  createContext({
    application: plant.application,
    principal: { actor: null, role: 'admin', scope: null, expiresAt: null },
    cancellation: cancelledBy(new AbortController().signal),
    requestId: 'test',
  });

interface Asked {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables?: Record<string, unknown>;
}

function read(query: string): Asked {
  const document = parse(query);
  return { document, operation: getOperationAST(document) as OperationDefinitionNode };
}

/** Both answers; `planned` null: left to graphql-js. */
async function bothAnswers({ document, operation, variables = {} }: Asked) {
  const planned = (await planAnswers({ document, operation, variables })?.(contextOf())) ?? null;
  const plain = await execute({ schema, document, variableValues: variables, contextValue: contextOf() });
  return { planned, plain };
}

async function compare(asked: Asked): Promise<'planned' | 'left'> {
  const { planned, plain } = await bothAnswers(asked);
  if (plain.errors) expect(planned).toBeNull();
  else expect(JSON.stringify(planned)).toBe(JSON.stringify(plain));
  return planned ? 'planned' : 'left';
}

/** Makes a query and its variables by chance. */
class Writer {
  readonly #random: Random;
  readonly #declared: string[] = [];
  readonly #fragments: string[] = [];
  readonly variables: Record<string, unknown> = {};

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  query(): string {
    const type = schema.getQueryType() as GraphQLNamedType;
    const selected = this.#selection(type, 5);
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    return [`query Q${declared} ${selected}`, ...this.#fragments].join('\n');
  }

  #isOneOf(n: number): boolean {
    return this.#random.below(n) === 0;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    if (isUnionType(type)) {
      const parts = type.getTypes().map((each) => `... on ${each.name} ${this.#selection(each, depth)}`);
      return `{ __typename ${parts.join(' ')} }`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return '';
    const fields = Object.values(type.getFields()).filter((field) => depth > 1 || isLeafType(getNamedType(field.type)));
    const parts = this.#isOneOf(3) ? ['__typename'] : [];
    for (let i = this.#random.below(4); i >= 0 && fields.length > 0; i--)
      parts.push(this.#field(type, this.#random.pick(fields), depth));
    if (isInterfaceType(type) && this.#isOneOf(3)) {
      const one = this.#random.pick(schema.getPossibleTypes(type));
      parts.push(`... on ${one.name} ${this.#selection(one, Math.min(depth, 2))}`);
    }
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
  }

  #field(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>, depth: number): string {
    const args = field.args.flatMap((arg) => this.#argument(arg));
    const alias = this.#isOneOf(5) ? `${this.#random.pick(['a', 'b', 'toString', 'id', 'name'])}: ` : '';
    const given = args.length > 0 ? `(${args.join(', ')})` : '';
    const below = this.#selection(getNamedType(field.type), depth - 1);
    const text = `${alias}${field.name}${given} ${this.#directive()} ${below}`;
    if (this.#isOneOf(8)) return `... ${this.#directive()} { ${text} }`;
    if (!this.#isOneOf(8)) return text;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${parent.name} { ${text} }`);
    return `...${name} ${this.#isOneOf(2) ? `...${name}` : ''}`;
  }

  #directive(): string {
    if (!this.#isOneOf(6)) return '';
    const condition = this.#isOneOf(2)
      ? this.#random.pick(['true', 'false'])
      : this.#variable('Boolean!', this.#isOneOf(2));
    return `@${this.#random.pick(['skip', 'include'])}(if: ${condition})`;
  }

  #argument(arg: GraphQLArgument): string[] {
    const isNeeded = isNonNullType(arg.type) && arg.defaultValue === undefined;
    if (!isNeeded && this.#isOneOf(2)) return [];
    const value = this.#value(arg.type);
    const given = this.#isOneOf(3) ? this.#variable(String(arg.type), value) : literalOf(value, arg.type);
    return [`${arg.name}: ${given}`];
  }

  #variable(type: string, value: unknown): string {
    const name = `v${this.#declared.length}`;
    const isLeftOut = !type.endsWith('!') && this.#isOneOf(5);
    this.#declared.push(`$${name}: ${type}`);
    if (!isLeftOut) this.variables[name] = value;
    return `$${name}`;
  }

  #value(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType);
    if (this.#isOneOf(15)) return null;
    if (isListType(type)) {
      const values = Array.from({ length: this.#random.below(3) }, () => this.#value(type.ofType));
      return values.filter((value) => value !== null);
    }
    if (isEnumType(type)) return this.#random.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || this.#isOneOf(5));
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type)]));
    }
    if (type.name === 'Int') return this.#random.pick([0, 1, 2, 10, -1]);
    if (type.name === 'Float') return this.#random.pick([0, 0.5, 20]);
    if (type.name === 'Boolean') return this.#isOneOf(2);
    if (type.name === 'DateTime') return new Date(plant.time.now - this.#random.pick([0, 1_000, -1_000])).toISOString();
    if (type.name === 'Duration') return this.#random.pick(['PT1H', 'PT0S', 'soon']);
    if (type.name === 'JSON') return this.#random.pick([1, 'pump', true, [1, 'x']]);
    return this.#random.pick(this.#isOneOf(2) ? IDS.slice(0, 5) : WORDS);
  }
}

function literalOf(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(value, type.ofType);
  if (value === null) return 'null';
  if (isListType(type)) return `[${(value as unknown[]).map((each) => literalOf(each, type.ofType)).join(', ')}]`;
  if (isEnumType(type)) return String(value);
  if (!isInputObjectType(type)) return JSON.stringify(value);
  const fields = type.getFields();
  const parts = Object.entries(value as object).map(([name, each]) => {
    return `${name}: ${literalOf(each, (fields[name] as { type: GraphQLInputType }).type)}`;
  });
  return `{${parts.join(', ')}}`;
}

describe('a query made by chance', () => {
  it(
    'is answered with the same bytes by its plan, when it is asked first, and again',
    async () => {
      const count = { invalid: 0, planned: 0, left: 0 };
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const writer = new Writer(seed);
          const asked = read(writer.query());
          if (validate(schema, asked.document).length > 0) {
            count.invalid += 1;
            return;
          }
          const first = await compare({ ...asked, variables: writer.variables });
          expect(await compare({ ...asked, variables: writer.variables })).toBe(first);
          count[first] += 1;
        }),
        { ...FUZZ, numRuns: FUZZ.numRuns * 2 },
      );
      // So that the test cannot come to compare nothing.
      expect(count.planned).toBeGreaterThan(FUZZ.numRuns / 5);
      expect(count.left).toBeGreaterThan(0);
    },
    LONGEST_MS,
  );
});

const NAMES = '{ twins(first: 10) { nodes { id } } }';

describe('a plan', () => {
  it.each([
    NAMES,
    '{ twins(first: 10) { nodes { __typename id tags kind criticality createdAt property(name: "temperature") { value observedAt } } edges { cursor node { properties { name value } } } totalCount pageInfo { hasNextPage endCursor } } }',
    '{ twin(id: "hall") { children { nodes { id children { nodes { id ... on Asset { kind } ... on Process { name } parent { id } } } } } } }',
    '{ a: twin(id: "pump") { id } b: twin(id: "nowhere") { id } a: twin(id: "pump") { name } }',
    'query ($yes: Boolean! = true) { twin(id: "pump") { id @include(if: $yes) name @skip(if: $yes) } }',
    'query ($first: Int = 2) { twins(first: $first) { nodes { id } } }',
    '{ impact(scenario: {outage: ["pump"]}) { summary { affected down } affected { nodes { twin { id } after witness { twin { id } } } } } }',
    '{ twin(id: "valve") { property(name: "curve") { value } input } }',
  ])('answers %s as graphql-js does', async (query) => {
    expect(await compare(read(query))).toBe('planned');
  });

  it.each([
    [
      'twinChanged',
      '{ twinChanged(ids: ["pump"]) { __typename ... on TwinChange { id at cursor changed { name value unit quality observedAt } twin { id revision property(name: "temperature") { value } } } ... on Gap { missedFrom } } }',
    ],
    [
      'stateChanged',
      '{ stateChanged(kinds: [ASSET]) { ... on StateChange { before after at twin { id status { state } } causes { id } } } }',
    ],
    ['topologyChanged', '{ topologyChanged { ... on TopologyChange { addedTwins { id name } removedTwins cursor } } }'],
    [
      'impactChanged',
      '{ impactChanged(scenario: {outage: ["pump"]}) { summary { affected newlyAtRisk } added { twin { id } after } removed } }',
    ],
  ])('answers an event of %s as graphql-js does', async (name, selection) => {
    const { application } = plant;
    const events = (
      {
        twinChanged: () => application.watchTwins({ ids: ['pump'] }),
        stateChanged: () => application.watchStates({ kinds: ['ASSET'] }),
        topologyChanged: () => application.watchTopology({}),
        impactChanged: () => application.watchImpact({ outage: ['pump'] }, null),
      } as Record<string, () => AsyncIterableIterator<unknown>>
    )[name]?.();
    const health = name === 'stateChanged' ? 'DOWN' : 'DEGRADED';
    await application.patchTwin('pump', { properties: { temperature: 7 }, health }, { actor: null });
    await application.upsertTwins([{ id: `${name}-new`, kind: 'ASSET' }], { actor: null });
    const event: unknown = (await events?.next())?.value;
    await events?.return?.();
    const { document, operation } = read(`subscription ${selection}`);
    expect(validate(schema, document)).toEqual([]);
    const planned = await planAnswers({ document, operation, variables: {} })?.(contextOf(), event);
    const plain = await execute({ schema, document, rootValue: event, contextValue: contextOf() });
    expect(plain.errors).toBeUndefined();
    expect(JSON.stringify(planned)).toBe(JSON.stringify(plain));
  });

  it.each([
    ['an error', '{ twins(first: -1) { nodes { id } } cursor }'],
    ['an error below', '{ twin(id: "pump") { id children(first: -1) { totalCount } parent { id } } }'],
    ['introspection', '{ __schema { queryType { name } } }'],
    ['a name that would change the answer’s prototype', '{ twin(id: "pump") { __proto__: name } }'],
    ['a variable that does not fit', 'query ($id: ID!) { twin(id: $id) { id } }'],
    ['a change', 'mutation { report(id: "pump", properties: {}) { id } }'],
  ])('leaves %s to graphql-js', async (_, query) => {
    const { document, operation } = read(query);
    expect((await planAnswers({ document, operation, variables: {} })?.(contextOf())) ?? null).toBeNull();
  });

  it('of one document answers with the variables of each request', async () => {
    const asked = read(
      'query ($id: ID!, $name: String!, $more: Boolean!) { twin(id: $id) { id ... @include(if: $more) { property(name: $name) { value } } } }',
    );
    for (const variables of [
      { id: 'pump', name: 'temperature', more: true },
      { id: 'pump', name: 'note', more: true },
      { id: 'valve', name: 'temperature', more: false },
      { id: 'valve', name: 'temperature', more: true },
    ]) {
      expect(await compare({ ...asked, variables })).toBe('planned');
    }
    for (const variables of [
      { id: 'pump' },
      { id: 'pump', name: null, more: true },
      { id: 'pump', name: 'note', more: null },
    ])
      expect(await compare({ ...asked, variables })).toBe('left');
  });

  it('of many combinations of what is skipped is not kept: graphql-js answers those', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const declared = names.map((name) => `$${name}: Boolean!`).join(', ');
    const asked = read(
      `query (${declared}) { twin(id: "pump") { id ${names.map((name) => `${name}: name @skip(if: $${name})`).join(' ')} } }`,
    );
    const outcomes = new Set<string>();
    for (let bits = 0; bits < 32; bits++) {
      const variables = Object.fromEntries(names.map((name, i) => [name, (bits & (1 << i)) > 0]));
      const { planned, plain } = await bothAnswers({ ...asked, variables });
      if (planned) expect(JSON.stringify(planned)).toBe(JSON.stringify(plain));
      outcomes.add(planned ? 'planned' : 'left');
    }
    expect(outcomes).toEqual(new Set(['planned', 'left']));
  });
});

it('an item of a list that fails at once leaves none before it that fails unheard', async () => {
  const query =
    '{ twin(id: "line") { children { nodes { ... on Process { history(property: "x", from: "2026-01-01T00:00:00Z") { __typename } } descendants(maxDepth: -1) { totalCount } } } } }';
  const unheard: unknown[] = [];
  const listen = (error: unknown): void => void unheard.push(error);
  process.on('unhandledRejection', listen);
  const answer = await api.query(query);
  // Node tells of them when what is at hand is done.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', listen);
  expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
  expect(unheard).toEqual([]);
});

describe('at both doors', () => {
  it.each([
    NAMES,
    '{ a: twin(id: "pump") { id children(first: -1) { totalCount } } cursor }',
    '{ twins(first: -1) { nodes { id } } }',
  ])('%s is answered the same', async (query) => {
    const { status, ...overHttp } = await api.query(query);
    expect(status).toBe(200);
    expect(await api.subscribe(query).next()).toEqual(overHttp);
    const { plain } = await bothAnswers(read(query));
    expect(JSON.stringify(overHttp.data)).toBe(JSON.stringify(plain.data));
  });
});
