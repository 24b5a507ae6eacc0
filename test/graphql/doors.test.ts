import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemTimers, type Timers } from '../../src/domain/timers.ts';
import { API_LIMITS } from '../../src/graphql/limits.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { createEventSource } from '../support/event-source.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { ManualTime } from '../support/manual-time.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

const topology = graphOf(['a PART_OF b']);
const reasons: string[] = [];
let selecting: { started: Promise<AbortSignal>; finish: () => void };
const watched = createEventSource<never>();

const stub = createStubApplication(topology, {
  watchTopology: () => watched.events,
  selectTwins: (_filter, _candidates, signal) => {
    started(signal as AbortSignal);
    return new Promise((resolve, reject) => {
      selecting.finish = () => resolve(['a']);
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  },
});
let started: (signal: AbortSignal) => void;
const expectSelection = (): void => {
  selecting = { started: new Promise((resolve) => (started = resolve)), finish: () => undefined };
};

let api: Api;
beforeAll(async () => {
  api = await startApi(stub.application, { readiness: () => reasons, metrics: new Registry() });
});
afterAll(() => api.stop());

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${api.address}${path}`, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

it('it lives, and is ready when nothing speaks against it', async () => {
  expect((await get('/livez')).status).toBe(200);
  expect(await get('/readyz')).toMatchObject({ status: 200, text: '{"ready":true,"reasons":[]}' });
  reasons.push('the graph cannot be reached');
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    text: '{"ready":false,"reasons":["the graph cannot be reached"]}',
  });
  expect((await get('/livez')).status).toBe(200);
  reasons.length = 0;
});

it('metrics count operations by kind and code, and never by what the client says', async () => {
  await api.query('query Whatever { cursor }');
  await api.query('{ nothing }');
  await api.query('{ twins(first: -1) { totalCount } }').catch(() => undefined);
  const { text, status } = await get('/metrics');
  expect(status).toBe(200);
  expect(text).toContain('linchpin_graphql_requests_total{operation="query",code="none"} 1');
  expect(text).toContain('linchpin_graphql_requests_total{operation="none",code="GRAPHQL_VALIDATION_FAILED"} 1');
  expect(text).not.toContain('Whatever');
});

it('without a registry there are no metrics, and without GraphiQL no page', async () => {
  const other = await startApi(stub.application);
  for (const path of ['/metrics', '/graphiql', '/'])
    expect((await fetch(`${other.address}${path}`)).status, path).toBe(404);
  await other.stop();
});

it('every answer names its request', async () => {
  const ids = await Promise.all([get('/livez'), get('/livez')]);
  expect(new Set(ids.map(({ headers }) => headers.get('x-request-id'))).size).toBe(2);
});

it('a query may come by GET, a change may not', async () => {
  const headers = { 'apollo-require-preflight': 'yes' };
  expect(JSON.parse((await get('/graphql?query={cursor}', { headers })).text)).toMatchObject({
    data: { cursor: expect.any(String) },
  });
  const change = await get(`/graphql?query=${encodeURIComponent('mutation { deleteTwin(id: "a") }')}`, { headers });
  expect([change.status, JSON.parse(change.text).errors[0].extensions.code]).toEqual([405, 'BAD_REQUEST']);
});

it('what a browser sends for a foreign page without asking is refused', async () => {
  for (const headers of [
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
  ]) {
    const body = JSON.stringify({ query: '{ cursor }' });
    const { status, text } = await get('/graphql', {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    expect([400, 415]).toContain(status);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(JSON.parse(text).errors[0].message).toContain('application/json');
  }
  expect((await get('/graphql?query={cursor}')).status).toBe(400);
});

it('a body that is no JSON, or no query, is refused', async () => {
  for (const body of ['', '{', 'null', '7', '"x"', '{}', '{"query": 7}', '{"query": null}', '{"query": ""}']) {
    const { status, errors } = await api.post(body);
    expect(status, body).toBe(400);
    expect(['BAD_REQUEST', 'BAD_INPUT'], body).toContain(errors?.[0]?.extensions.code);
  }
});

it('variables that do not fit their types are the caller’s fault', async () => {
  for (const [query, variables] of [
    ['query($f: Int) { twins(first: $f) { totalCount } }', { f: 'x' }],
    ['query($id: ID!) { twin(id: $id) { id } }', {}],
  ] as const) {
    const { status, errors } = await api.post(JSON.stringify({ query, variables }));
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_INPUT']);
  }
});

it('a subscription that comes by POST is told where to go', async () => {
  const { status, errors } = await api.post(JSON.stringify({ query: 'subscription { twinChanged { __typename } }' }));
  expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  expect(errors?.[0]?.message).toMatch(/WebSocket/);
});

describe('WebSockets', () => {
  const open = (path: string, options: { protocol?: string; headers?: Record<string, string> } = {}) =>
    new Promise<number | 'open'>((resolve) => {
      const url = `${api.address.replace('http', 'ws')}${path}`;
      const socket = new WebSocket(url, options.protocol ?? 'graphql-transport-ws', { headers: options.headers ?? {} });
      socket.once('open', () => {
        socket.terminate();
        resolve('open');
      });
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.once('error', () => resolve(0));
    });

  it('a page of another origin is refused', async () => {
    expect(await open('/graphql')).toBe('open');
    expect(await open('/graphql', { headers: { origin: api.address } })).toBe('open');
    for (const origin of ['https://elsewhere.example', 'null', `${api.address}0`]) {
      expect(await open('/graphql', { headers: { origin } }), origin).toBe(403);
    }
  });

  it('they open at /graphql only', async () => {
    expect(await open('/')).toBe(404);
    expect(await open('/graphql/')).toBe(404);
  });

  it('one that does not introduce itself is closed', async () => {
    const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4408);
  }, 10_000);

  it('one that talks nonsense is closed, and the server goes on', async () => {
    for (const nonsense of [
      'nonsense',
      '{}',
      '{"type":"subscribe"}',
      '{"type":"subscribe","id":"1","payload":{"query":7}}',
    ]) {
      const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(nonsense);
      expect([4400, 4401], nonsense).toContain(await closed);
    }
    expect((await api.query('{ cursor }')).errors).toBeUndefined();
  });

  it('one whose other side is gone without a word is ended', async () => {
    const time = new ManualTime();
    const other = await startApi(stub.application, { timers: time.timers });
    const url = `${other.address.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws', { autoPong: false });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const pinged = new Promise((resolve) => socket.once('ping', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    await time.advance(API_LIMITS.socketPingMs);
    await pinged;
    await time.advance(API_LIMITS.socketPingMs);
    expect(await closed).toBe(1006);
    await other.stop();
  });

  it('a broken request to open one does not end the server', async () => {
    const { hostname, port } = new URL(api.address);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: wrong\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('close', resolve).resume());
    expect((await get('/livez')).status).toBe(200);
  });
});

it('work for a client that goes away is cancelled', async () => {
  expectSelection();
  const controller = new AbortController();
  const request = fetch(`${api.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ twins { totalCount } }' }),
    signal: controller.signal,
  });
  const signal = await selecting.started;
  expect(signal.aborted).toBe(false);
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  controller.abort();
  await expect(request).rejects.toThrow();
  await aborted;
});

it('work for an answer that a client on a WebSocket takes back is cancelled', async () => {
  const events: IteratorResult<unknown>[] = [];
  for (let asked = 0; asked < 2; asked += 1) {
    expectSelection();
    const answer = api.client.iterate({ query: '{ twins { totalCount } }' });
    void answer.next().then((event) => events.push(event));
    const signal = await selecting.started;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await answer.return?.();
    await aborted;
  }
  // The socket goes on.
  expect((await api.subscribe('{ cursor }').next()).data).toBeDefined();
  expect(events.every(({ done }) => done)).toBe(true);
});

it('work that takes too long is cancelled, over HTTP and WebSocket, and says so', async () => {
  let runOut = (): void => undefined;
  const after: Timers['after'] = (delayMs, run) => {
    const isOfRequest = delayMs > API_LIMITS.requestMs / 2 && delayMs <= API_LIMITS.requestMs;
    if (!isOfRequest) return systemTimers.after(delayMs, run);
    runOut = run;
    return () => undefined;
  };
  const other = await startApi(stub.application, { timers: { after } });
  const query = '{ twins { totalCount } }';
  for (const ask of [() => other.query(query), () => other.subscribe(query).next()]) {
    expectSelection();
    const answer = ask();
    await selecting.started;
    runOut();
    expect((await answer).errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
  }
  await other.stop();
});

it('a port that is taken is told as a setting that is wrong', async () => {
  const port = Number(new URL(api.address).port);
  const start = startGraphql({
    application: stub.application,
    settings: { host: '127.0.0.1', port, graphiql: false },
    log: createRecordingLog().log,
    readiness: () => [],
  });
  await expect(start).rejects.toMatchObject({ code: 'BAD_CONFIG' });
});

it('stopping does not wait for connections that never asked anything', async () => {
  const other = await startApi(stub.application, { timers: new ManualTime().timers });
  const { hostname, port } = new URL(other.address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  await other.query('{ cursor }');
  await other.stop();
});

it('stopping closes sockets with 1001, ends their watches and finishes the requests under way', async () => {
  const other = await startApi(stub.application);
  const socket = new WebSocket(`${other.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await new Promise((resolve) => socket.once('message', resolve));
  const query = 'subscription { topologyChanged { __typename } }';
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));

  expectSelection();
  const answer = other.query('{ twins { totalCount } }');
  await selecting.started;
  const stopped = other.server.stop();
  expect(await closed).toBe(1001);
  await watched.left;
  selecting.finish();
  expect((await answer).data).toEqual({ twins: { totalCount: 1 } });
  await stopped;
  await expect(fetch(`${other.address}/livez`)).rejects.toThrow();
  await other.client.dispose();
});
