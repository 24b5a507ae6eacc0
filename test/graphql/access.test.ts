import { createClient } from 'graphql-ws';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LinchpinError } from '../../src/domain/errors.ts';
import { type Principal, ROLES, type Role } from '../../src/domain/principal.ts';
import { API_LIMITS } from '../../src/graphql/limits.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { createEventSource } from '../support/event-source.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { ManualTime } from '../support/manual-time.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

/** Credentials are the names of those who come with them. */
const principals = new Map<string, Principal>();
const time = new ManualTime();
const callers: unknown[] = [];
const verb = async (...args: unknown[]): Promise<never> => {
  callers.push((args.at(-1) as { actor: unknown }).actor);
  throw new LinchpinError('NOT_FOUND', 'the verb was reached');
};
const stub = createStubApplication(graphOf(['a PART_OF b']), {
  upsertTwins: verb,
  patchTwin: verb,
  setDesired: verb,
  setMaintenance: verb,
  deleteTwin: verb,
  upsertRelationships: verb,
  deleteRelationship: verb,
  upsertModels: verb,
  report: verb,
  adoptTwin: verb,
  watchTopology: () => createEventSource<never>().events,
});

let api: Api;
beforeAll(async () => {
  api = await startApi(stub.application, {
    clock: time.clock,
    timers: time.timers,
    metrics: new Registry(),
    authenticator: {
      async authenticate(credentials) {
        const principal = principals.get(credentials);
        if (!principal) throw new LinchpinError('UNAUTHENTICATED', 'not known');
        return principal;
      },
    },
  });
});
afterAll(() => api.stop());
beforeEach(() => {
  principals.clear();
  for (const role of ROLES) principals.set(role, { actor: `the ${role}`, role, scope: null, expiresAt: null });
  callers.length = 0;
});

const as = (who: string) => ({ authorization: `Bearer ${who}` });
const clientOf = (who?: string, onClosed?: (event: unknown) => void) =>
  createClient({
    url: `${api.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(who === undefined ? {} : { connectionParams: as(who) }),
    ...(onClosed && { on: { closed: onClosed } }),
  });
/** The code that the socket is closed with once something is asked on it. */
const closingOf = async (who: string | undefined, asked?: () => void): Promise<{ code: number; reason: string }> =>
  new Promise((resolve) => {
    const client = clientOf(who, (event) => resolve(event as { code: number; reason: string }));
    const events = client.iterate({ query: 'subscription { topologyChanged { __typename } }' });
    events.next().catch(() => undefined);
    if (asked) client.on('connected', asked);
  });

describe('a caller without good credentials', () => {
  it.each([
    ['none', {}],
    ['unknown ones', as('stranger')],
    ['another scheme', { authorization: 'Basic cmVhZGVyOg==' }],
    ['two words', { authorization: 'Bearer reader admin' }],
  ])('with %s gets 401, and how to come in, before the body is looked at', async (_, headers) => {
    const response = await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: 'no JSON',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('has its WebSocket closed with 4401', async () => {
    expect(await closingOf(undefined)).toMatchObject({ code: 4401 });
    expect(await closingOf('stranger')).toMatchObject({ code: 4401, reason: 'not known' });
  });

  it('cannot read the metrics, but whether the server lives and is ready', async () => {
    expect((await fetch(`${api.address}/metrics`)).status).toBe(401);
    expect((await fetch(`${api.address}/metrics`, { headers: as('reader') })).status).toBe(200);
    principals.set('scoped', { actor: 's', role: 'admin', scope: { within: ['a'], models: null }, expiresAt: null });
    expect((await fetch(`${api.address}/metrics`, { headers: as('scoped') })).status).toBe(403);
    for (const path of ['/livez', '/readyz']) expect((await fetch(`${api.address}${path}`)).status).toBe(200);
  });
});

describe('a role', () => {
  const MUTATIONS: [string, Role][] = [
    ['report(id: "a", properties: {x: 1}) { id }', 'operator'],
    ['setDesired(id: "a", properties: {x: 1}) { id }', 'operator'],
    ['setMaintenance(id: "a", on: true) { id }', 'operator'],
    ['patchTwin(id: "a", patch: {health: DOWN, closed: false}) { id }', 'operator'],
    ['patchTwin(id: "a", patch: {health: DOWN, name: "b"}) { id }', 'admin'],
    ['upsertTwins(twins: []) { id }', 'admin'],
    ['deleteTwin(id: "a")', 'admin'],
    ['upsertRelationships(relationships: []) { id }', 'admin'],
    ['deleteRelationship(id: "a")', 'admin'],
    ['upsertModels(models: []) { id }', 'admin'],
    ['adopt(twin: { id: "a", kind: ASSET }) { id }', 'admin'],
  ];

  it('is asked for every change', () => {
    const tested = new Set(MUTATIONS.map(([mutation]) => mutation.split('(')[0]));
    expect(
      Object.keys(createSchema().getMutationType()?.getFields() ?? {}).filter((name) => !tested.has(name)),
    ).toEqual([]);
  });

  it.each(MUTATIONS)('lets through %s from %s on, with the name of the caller', async (mutation, needed) => {
    for (const role of ROLES) {
      const { errors } = await api.post({ query: `mutation { ${mutation} }` }, as(role));
      const isAllowed = ROLES.indexOf(role) >= ROLES.indexOf(needed);
      expect(errors?.[0]?.extensions, role).toMatchObject(
        isAllowed ? { code: 'NOT_FOUND' } : { code: 'FORBIDDEN', expected: needed, received: role },
      );
      expect(callers.splice(0)).toEqual(isAllowed ? [`the ${role}`] : []);
    }
  });

  it('is asked on a WebSocket too', async () => {
    const client = clientOf('reader');
    const answer = await client.iterate({ query: 'mutation { deleteTwin(id: "a") }' }).next();
    expect(answer.value).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    await client.dispose();
  });

  it('of a reader lets every question through', async () => {
    expect((await api.post({ query: '{ twin(id: "a") { id } }' }, as('reader'))).data).toEqual({ twin: { id: 'a' } });
  });
});

describe('a WebSocket', () => {
  it('takes credentials from the header of its upgrade, for clients that can set one', async () => {
    class WithHeader extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: as('reader') });
      }
    }
    const url = `${api.address.replace('http', 'ws')}/graphql`;
    const client = createClient({ url, webSocketImpl: WithHeader, retryAttempts: 0 });
    expect((await client.iterate({ query: '{ cursor }' }).next()).value).toMatchObject({ data: {} });
    await client.dispose();
  });

  it('ends when its token does, with 4403, so that the client comes again with a new one', async () => {
    principals.set('soon', { actor: 's', role: 'reader', scope: null, expiresAt: time.now + 5_000 });
    const closing = closingOf('soon', () => void time.advance(5_000));
    expect(await closing).toMatchObject({ code: 4403, reason: 'Credentials have expired' });
  });

  it.each([
    ['taken back', undefined, 'no longer good'],
    ['given another role', 'reader' as const, 'have changed'],
  ])('ends soon after its credentials are %s', async (_, role, reason) => {
    principals.set('key', { actor: 'k', role: 'admin', scope: null, expiresAt: null });
    const closing = closingOf('key', () => {
      principals.delete('key');
      if (role) principals.set('key', { actor: 'k', role, scope: null, expiresAt: null });
      void time.advance(API_LIMITS.credentialsAgeMs);
    });
    expect(await closing).toMatchObject({ code: 4403, reason: expect.stringContaining(reason) });
  });
});

it('one caller has at most so many operations under way, over all doors together', async () => {
  const clients = Array.from({ length: API_LIMITS.operationsPerCaller / API_LIMITS.operationsPerSocket }, () =>
    clientOf('reader'),
  );
  const query = 'subscription { topologyChanged { __typename } }';
  for (const client of clients)
    for (let i = 0; i < API_LIMITS.operationsPerSocket; i++)
      void client
        .iterate({ query })
        .next()
        .catch(() => undefined);
  // Answered behind all the subscriptions of its socket.
  for (const client of clients)
    await client
      .iterate({ query: '{ cursor }' })
      .next()
      .catch(() => undefined);

  const refused = await api.post({ query: '{ cursor }' }, as('reader'));
  expect(refused).toMatchObject({ status: 429, errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
  const another = clientOf('reader');
  await expect(another.iterate({ query: '{ cursor }' }).next()).rejects.toMatchObject([
    { extensions: { code: 'LIMIT_EXCEEDED' } },
  ]);
  expect((await api.post({ query: '{ cursor }' }, as('admin'))).errors).toBeUndefined();

  for (const client of clients) await client.dispose();
  await expect.poll(async () => (await api.post({ query: '{ cursor }' }, as('reader'))).status).toBe(200);
  await another.dispose();
});
