import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Api, startApi } from '../support/graphql-client.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

const { application } = createStubApplication(graphOf(['a PART_OF b']), { selectTwins: async () => ['a', 'b'] });
const settings = { host: '127.0.0.1', port: 0, graphiql: false };

type Ask = (
  api: Api,
  request: { query: string; documentId?: string; extensions?: Record<string, unknown> },
) => Promise<Partial<Answer>>;
const overSocket: Ask = (api, request) =>
  new Promise((resolve, reject) => {
    let last: unknown;
    api.client.subscribe(request, {
      next: (answer) => (last = answer),
      error: (errors) => resolve({ errors: errors as NonNullable<Answer['errors']> }),
      complete: () => (last === undefined ? reject(new Error('no answer')) : resolve(last as Answer)),
    });
  });
const doors: [string, Ask][] = [
  ['HTTP', (api, request) => api.post(request)],
  ['WebSocket', overSocket],
];

describe('in production', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi(application, { settings: { ...settings, hidesSchema: true } });
  });
  afterAll(() => api.stop());

  describe.each(doors)('over %s', (_, ask) => {
    it('the schema is not told: neither by introspection', async () => {
      const { errors } = await ask(api, { query: '{ __schema { types { name } } }' });
      expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    });

    it('nor by suggestions in errors, which still say what was wrong', async () => {
      const { errors } = await ask(api, { query: '{ twinz { totalCount } }' });
      expect(errors?.[0]?.message).toBe('Cannot query field "twinz" on type "Query".');
    });

    it('queries are answered as ever', async () => {
      expect((await ask(api, { query: '{ twins { totalCount } }' })).data).toEqual({ twins: { totalCount: 2 } });
    });
  });
});

describe('with trusted documents', () => {
  const count = '{ twins { totalCount } }';
  let api: Api;
  beforeAll(async () => {
    const trustedDocuments = JSON.stringify({ 'sha256:abc': count });
    api = await startApi(application, { settings: { ...settings, trustedDocuments } });
  });
  afterAll(() => api.stop());

  describe.each(doors)('over %s', (_, ask) => {
    it('one is run by its id, in either way to name it, or by its text', async () => {
      const data = { twins: { totalCount: 2 } };
      expect((await ask(api, { query: '', documentId: 'sha256:abc' })).data).toEqual(data);
      const extensions = { persistedQuery: { version: 1, sha256Hash: 'abc' } };
      expect((await ask(api, { query: '', extensions })).data).toEqual(data);
      expect((await ask(api, { query: count })).data).toEqual(data);
    });

    it('nothing else is run', async () => {
      for (const request of [{ query: '{ cursor }' }, { query: '', documentId: 'constructor' }]) {
        const { errors, data } = await ask(api, request);
        expect(data).toBeUndefined();
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      }
    });
  });

  it('one is run by GET too', async () => {
    const response = await fetch(`${api.address}/graphql?documentId=abc`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(await response.json()).toEqual({ data: { twins: { totalCount: 2 } } });
    expect((await api.post({ query: '{ cursor }' })).status).toBe(403);
  });

  it.each([
    ['no JSON', '{', 'expected a file with a JSON object'],
    ['a document that does not fit the schema', '{"a":"{ nothing }"}', 'a: Cannot query field "nothing"'],
    ['a document that is no text', '{"a":1}', 'a: expected text'],
  ])('%s stops the start', async (_, trustedDocuments, message) => {
    await expect(startApi(application, { settings: { ...settings, trustedDocuments } })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining(message),
    });
  });
});

it('a path or method that is not there is told in the form of every error', async () => {
  const api = await startApi(application);
  for (const [method, path] of [
    ['GET', '/graphq'],
    ['PUT', '/graphql'],
  ] as const) {
    const response = await fetch(api.address + path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: `there is no ${method} ${path} here; the API is POST /graphql`,
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
  }
  await api.stop();
});
