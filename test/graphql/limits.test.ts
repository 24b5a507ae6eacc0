import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { API_LIMITS } from '../../src/graphql/limits.ts';
import { affectedRows } from '../support/affected-rows.ts';
import { type Answer, type Api, startApi } from '../support/graphql-client.ts';
import { atOnce, createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

const topology = graphOf(['a PART_OF b']);
let api: Api;

beforeAll(async () => {
  const { application } = createStubApplication(topology, {
    selectTwins: async () => ['a', 'b'],
    impact: async () => ({
      sequence: 1,
      answer: {
        affected: affectedRows([]),
        newlyAtRisk: () => atOnce([]),
        scenarioTwins: [],
        staleInputs: 0,
        witnessLength: () => 0,
        causesComplete: () => atOnce(true),
        witness: () => [],
        causes: () => atOnce([]),
      },
      scenarioTwins: [],
    }),
    // It never tells anything.
    watchTopology: () => {
      let end = (): void => undefined;
      const over = new Promise<IteratorReturnResult<undefined>>((resolve) => {
        end = () => resolve({ done: true, value: undefined });
      });
      const events: AsyncIterableIterator<never> = {
        next: () => over,
        return: () => {
          end();
          return over;
        },
        [Symbol.asyncIterator]: () => events,
      };
      return events;
    },
  });
  api = await startApi(application);
});
afterAll(() => api.stop());

type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Omit<Answer, 'status'>>;
const doors: [string, Ask][] = [
  ['HTTP', (query, variables) => api.query(query, variables)],
  ['WebSocket', (query, variables) => api.subscribe(query, variables).next()],
];

/** A tower of fields: nested(2) has the depth 2 * 2 + 1. */
const nested = (levels: number): string => (levels === 0 ? 'id' : `children { nodes { ${nested(levels - 1)} } }`);

describe.each(doors)('over %s', (_door, ask) => {
  const refused = async (query: string, what: string, variables?: Record<string, unknown>): Promise<void> => {
    const { errors, data } = await ask(query, variables);
    expect(data).toBeUndefined();
    expect(errors, what).toMatchObject([
      { message: expect.stringContaining(what), extensions: { code: 'LIMIT_EXCEEDED' } },
    ]);
  };

  it('a query has a largest length', async () => {
    await refused(`{ cursor #${'x'.repeat(API_LIMITS.queryLength)}\n}`, 'characters of a query');
  });

  it('a query has a largest number of tokens', async () => {
    await refused(`{ ${'cursor '.repeat(API_LIMITS.queryTokens)} }`, 'tokens of a query');
  });

  it.each([
    ['{ cursor @skip(if: VALUE) }', '[', ']'],
    ['{ cursor @skip(if: VALUE) }', '{a:', '}'],
    ['query($a: VALUE) { cursor }', '[', ']'],
    ['{ cursor @skip(if: VALUE) }', '[', ''],
    ['VALUE', '{a(b:', ''],
  ])('a query has a greatest nesting, of whatever: %s with %s', async (query, open, close) => {
    const deep = `${open.repeat(1_600)}1${close.repeat(1_600)}`;
    await refused(query.replace('VALUE', deep), 'brackets within brackets of a query');
  });

  it('a query has a greatest depth, also through fragments', async () => {
    await refused(`{ twin(id: "a") { ${nested(15)} } }`, 'levels of a query');
    await refused(`{ twin(id: "a") { ...Deep } } fragment Deep on Twin { ${nested(15)} }`, 'levels of a query');
    expect((await ask(`{ twin(id: "a") { ${nested(3)} } }`)).errors).toBeUndefined();
  });

  it('a query has a largest number of aliases, also through fragments', async () => {
    const aliases = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: cursor`).join(' ');
    await refused(`{ ${aliases(101)} }`, 'aliases of a query');
    await refused(`{ ...A ...A } fragment A on Query { ${aliases(60)} }`, 'aliases of a query');
    expect((await ask(`{ ${aliases(100)} }`)).errors).toBeUndefined();
  });

  it('fragments in fragments do not grow without end', async () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    await refused(`{ ...F0 } ${fragments.join(' ')} fragment F40 on Query { cursor }`, 'fields of a query');
  });

  it('a loop of fragments is refused as invalid', async () => {
    const { errors } = await ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }');
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('the cost of a query sees variables and defaults', async () => {
    const query = 'query($n: Int = 10) { twins(first: $n) { nodes { children(first: $n) { nodes { id name } } } } }';
    expect((await ask(query)).errors).toBeUndefined();
    await refused(query, 'fields that the answer may come to', { n: 1_000 });
    await refused(`{ twins { nodes { ${nested(3)} } } }`, 'fields that the answer may come to');
  });

  it('a change costs as many rows as it is given', async () => {
    const mutation = `mutation($twins: [TwinInput!]!) { upsertTwins(twins: $twins) { id children(first: 50) { nodes { id name } } } }`;
    const twins = Array.from({ length: 10_000 }, (_, i) => ({ id: `t${i}`, kind: 'ASSET' }));
    await refused(mutation, 'fields that the answer may come to', { twins });
  });

  it('pages that people need pass', async () => {
    for (const query of [
      '{ twins(first: 500) { nodes { id kind name description tags revision createdAt updatedAt connectivity lastSeen } } }',
      '{ twin(id: "b") { children(first: 1000) { nodes { id name status { state health } properties { name value } } } } }',
      '{ twin(id: "b") { descendants(first: 10000) { nodes { id name } } } }',
      `{ impact(scenario: { outage: ["a"] }) { affected(first: 500) { pageInfo { hasNextPage endCursor } nodes {
        twin { id name kind } before after certainty impactAt recoversAt planned timeline { at state }
        witness { twin { id name } relationship { id type } group need have lost { id name } } causes { id } } } } }`,
      `{ roots { nodes { id ${'children { nodes { id name status { state } '.repeat(2)} ${'} }'.repeat(2)} } } }`,
    ]) {
      expect((await ask(query)).errors, query).toBeUndefined();
    }
  });

  it('introspection passes', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect((await ask(getIntrospectionQuery())).errors).toBeUndefined();
  });
});

it('several queries in one request are refused', async () => {
  const { errors, status } = await api.post([{ query: '{ cursor }' }, { query: '{ cursor }' }]);
  expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
});

it('a body has a largest size', async () => {
  const body = JSON.stringify({ query: '{ cursor }', variables: { x: 'x'.repeat(API_LIMITS.messageBytes) } });
  const { errors, status } = await api.post(body);
  expect([status, errors?.[0]?.extensions.code]).toEqual([413, 'LIMIT_EXCEEDED']);
});

it('a message on a WebSocket has a largest size', async () => {
  const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.send('x'.repeat(API_LIMITS.messageBytes + 1));
  expect(await closed).toBe(1009);
});

it('a WebSocket carries a largest number of operations at a time', async () => {
  const subscriptions = Array.from({ length: API_LIMITS.operationsPerSocket }, () => {
    const events = api.subscribe('subscription { topologyChanged { __typename } }');
    void events.next();
    return events;
  });
  const one = () => api.subscribe('{ cursor }').next();
  expect(await one()).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
  await subscriptions.pop()?.stop();
  expect(await one()).toMatchObject({ data: { cursor: expect.any(String) } });
  await Promise.all(subscriptions.map((events) => events.stop()));
});
