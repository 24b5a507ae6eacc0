import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, InputFaults, LinchpinError } from '../../src/domain/errors.ts';
import { PROTOCOL_CODES } from '../../src/graphql/format-error.ts';
import { type Answer, type Api, startApi } from '../support/graphql-client.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

const topology = graphOf(['a PART_OF b']);
const faults = [
  { at: 'one', message: 'one: wrong' },
  { at: 'two', message: 'two: wrong' },
];
const { application } = createStubApplication(topology, {
  patchTwin: async (id) => {
    const details = { at: 'ifRevision', expected: '7', received: '6', revision: 7, cause: new Error('a secret') };
    throw new LinchpinError('CONFLICT', `${id} was changed meanwhile`, details);
  },
  deleteTwin: async () => {
    throw new Error('password of the database');
  },
  report: async () => undefined as never,
  setDesired: async (id) => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:7687');
    const code = id === 'a' ? 'STORE_UNAVAILABLE' : 'BAD_CONFIG';
    throw new LinchpinError(code, `Neo4j cannot answer now: ${cause.message}`, { received: 'Unavailable', cause });
  },
  setMaintenance: async () => {
    throw new InputFaults(faults);
  },
});
let api: Api;

beforeAll(async () => {
  api = await startApi(application);
});
afterAll(() => api.stop());

type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Omit<Answer, 'status'>>;
const doors: [string, Ask][] = [
  ['HTTP', (query, variables) => api.query(query, variables)],
  ['WebSocket', (query, variables) => api.subscribe(query, variables).next()],
];

describe.each(doors)('over %s', (_door, ask) => {
  it('an error of ours tells its code, what was expected and what came, and nothing of its cause', async () => {
    const { errors } = await ask('mutation { patchTwin(id: "a", patch: {}, ifRevision: 6) { id } }');
    expect(errors).toEqual([
      {
        message: 'a was changed meanwhile',
        path: ['patchTwin'],
        locations: [{ line: 1, column: 12 }],
        extensions: { code: 'CONFLICT', at: 'ifRevision', expected: '7', received: '6', revision: 7 },
      },
    ]);
  });

  it('a store that is away is told without a word of its driver', async () => {
    const refused = async (id: string) =>
      (await ask(`mutation { setDesired(id: "${id}", properties: {}) { id } }`)).errors;
    expect((await refused('a'))?.[0]).toMatchObject({
      message: 'what keeps the data cannot answer now; try again',
      extensions: { code: 'STORE_UNAVAILABLE' },
    });
    expect((await refused('b'))?.[0]?.extensions.code).toBe('INTERNAL');
    expect(JSON.stringify([await refused('a'), await refused('b')])).not.toMatch(/10\.0\.0\.7|Unavailable"/);
  });

  it('all faults of an input are listed at once', async () => {
    const { errors } = await ask('mutation { setMaintenance(id: "a", on: true) { id } }');
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_INPUT', at: 'one', faults });
  });

  it('any other error is INTERNAL with an id, under which the log tells it whole', async () => {
    api.logged.length = 0;
    const { errors } = await ask('mutation { deleteTwin(id: "a") }');
    expect(JSON.stringify(errors)).not.toContain('password');
    expect(errors).toMatchObject([
      {
        message: 'something went wrong on the server',
        extensions: { code: 'INTERNAL', requestId: expect.any(String) },
      },
    ]);
    const requestId = errors?.[0]?.extensions.requestId;
    expect(api.logged).toMatchObject([
      { level: 'error', fields: { requestId, path: 'deleteTwin', err: { message: 'password of the database' } } },
    ]);
  });

  it('a resolver that breaks the schema is a fault of ours', async () => {
    const { errors } = await ask('mutation { report(id: "a", properties: {}) { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
  });

  it('a query that does not parse, or asks for what is not there, has the codes of GraphQL', async () => {
    expect(await ask('{ twin(')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' }, locations: [{ line: 1 }] }],
    });
    expect(await ask('{ twins { nothing } }')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    for (const none of ['query A { cursor } query B { cursor }', ''])
      expect(await ask(none)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('a value that does not fit is BAD_INPUT, as a variable and as a literal', async () => {
    const asVariable = await ask(
      'mutation($until: DateTime) { setMaintenance(id: "a", on: true, until: $until) { id } }',
      { until: 'soon' },
    );
    const asLiteral = await ask('mutation { setMaintenance(id: "a", on: true, until: "soon") { id } }');
    for (const { errors } of [asVariable, asLiteral]) {
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toEqual({
        code: 'BAD_INPUT',
        expected: expect.stringContaining('RFC 3339'),
        received: '"soon"',
      });
    }
    const missing = await ask('query($id: ID!) { twin(id: $id) { id } }');
    expect(missing.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    const wrong = await ask('query($first: Int) { twins(first: $first) { totalCount } }', { first: 'many' });
    expect(wrong.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  });

  it('a message does not echo a megabyte', async () => {
    const { errors } = await ask('query($first: Int) { twins(first: $first) { totalCount } }', {
      first: 'x'.repeat(1_000_000),
    });
    expect(JSON.stringify(errors).length).toBeLessThan(3_000);
  });
});

it('docs/ERRORS.md lists every code, and no other', () => {
  const text = readFileSync(new URL('../../docs/ERRORS.md', import.meta.url), 'utf8');
  const listed = Array.from(text.matchAll(/^### `([A-Z_]+)`$/gm), ([, code]) => code ?? '');
  expect(listed).toHaveLength(new Set(listed).size);
  expect(new Set(listed)).toEqual(new Set([...Object.keys(ERROR_CODES), ...PROTOCOL_CODES]));
  for (const [code, { retriable }] of Object.entries(ERROR_CODES)) {
    const section = text.split(`### \`${code}\``)[1]?.split('###')[0] ?? '';
    expect(section.includes('Retriable.'), code).toBe(retriable);
  }
});
