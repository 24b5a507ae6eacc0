/** Subscriptions that ask the same are executed once; a socket that does not read costs little, and is told what was skipped. */
import { expect, it, vi } from 'vitest';
import { getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { WebSocket } from 'ws';
import type { TestApplication } from '../support/open-application.ts';
import { openApplication } from '../support/open-application.ts';
import { shareKey } from '../../src/graphql/share-key.ts';
import { ANYBODY } from '../../src/domain/principal.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { createEventSource } from '../support/event-source.ts';
import { createManualTime } from '../support/manual-time.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf, twinOf } from '../topology/graph.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import type { GapEvent, TwinEvent } from '../../src/application/application.ts';
import { until } from '../support/until.ts';

const NOBODY = { actor: null };
const LEVELS =
  'subscription { twinChanged(ids: ["tank"]) { ... on TwinChange { cursor skipped changed { name value } } ... on Gap { missedFrom } } }';
const report = (plant: TestApplication, level: number): Promise<unknown> =>
  plant.application.ingest([
    {
      twin: 'tank',
      property: 'level',
      value: level,
      observedAt: plant.time.now + level,
      receivedAt: plant.time.now,
      quality: 'GOOD',
    },
  ]);

interface RawSocket {
  readonly socket: WebSocket;
  readonly messages: {
    id?: string;
    type: string;
    payload?: { data: { twinChanged: { cursor: string; skipped?: number; changed?: { value: number }[] } } };
  }[];
  subscribe(id: string, query?: string): void;
}

async function openSocket(to: Api): Promise<RawSocket> {
  const socket = new WebSocket(`${to.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: RawSocket['messages'] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await until(() => messages.length === 1);
  return {
    socket,
    messages,
    subscribe: (id, query = LEVELS) => socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } })),
  };
}
const nexts = ({ messages }: RawSocket) => messages.filter(({ type }) => type === 'next');

it('the same question is watched and executed once, and answered to each under its own id', async () => {
  const plant = await openApplication();
  const { application } = plant;
  await application.upsertTwins([{ id: 'tank', kind: 'ASSET', properties: { level: 0 } }], NOBODY);
  let watches = 0;
  let statements = 0;
  const api = await startApi({
    ...application,
    watchTwins(watch) {
      watches += 1;
      return application.watchTwins(watch);
    },
    properties(...args) {
      statements += 1;
      return application.properties(...args);
    },
  });
  const question = LEVELS.replace('changed {', 'twin { property(name: "level") { value } } changed {');
  const sockets = await Promise.all([openSocket(api), openSocket(api)]);
  for (const [i, each] of sockets.entries()) for (const n of [1, 2]) each.subscribe(`s${i}-${n}`, question);
  // Answered behind the subscriptions, in the order of the socket.
  for (const each of sockets) each.socket.send('{"type":"ping"}');
  await until(() => sockets.every(({ messages }) => messages.some(({ type }) => type === 'pong')));
  await report(plant, 7);
  await until(() => sockets.every((each) => nexts(each).length === 2));
  expect([watches, statements]).toEqual([1, 1]);
  expect(sockets.flatMap((each) => nexts(each).map(({ id }) => id))).toEqual(['s0-1', 's0-2', 's1-1', 's1-2']);
  expect(new Set(sockets.flatMap((each) => nexts(each).map(({ payload }) => JSON.stringify(payload)))).size).toBe(1);

  // Who was first may leave first.
  sockets[0]?.socket.close();
  sockets[1]?.socket.send('{"id":"s1-1","type":"complete"}');
  sockets[1]?.socket.send('{"type":"ping"}');
  await until(() => sockets[1]?.messages.filter(({ type }) => type === 'pong').length === 2);
  await report(plant, 8);
  await until(() => nexts(sockets[1]).length === 3);
  expect(nexts(sockets[1]).at(-1)).toMatchObject({ id: 's1-2' });
  sockets[1]?.socket.close();
  await api.stop();
  await plant.close();
});

/** Larger than what the sockets of both sides take before anybody reads, by more than may wait whole. */
const CHANGES = 1_600;
const question = LEVELS.replace('changed {', 'twin { name } changed {');

/** Changes of one twin with a long name, and sockets that have subscribed to them. */
async function startChanges(sockets: number) {
  const topology = graphOf([], [twinOf('tank', { name: 'x'.repeat(30_000) })]);
  const source = createEventSource<TwinEvent | GapEvent>();
  let asked = 0;
  const events: typeof source.events = {
    ...source.events,
    next() {
      asked += 1;
      return source.events.next();
    },
    [Symbol.asyncIterator]: () => events,
  };
  const stub = createStubApplication(topology, { sequence: () => last, watchTwins: () => events });
  // No pings: on a busy machine the socket would be ended, because it does not answer them.
  const api = await startApi(stub.application, { timers: createManualTime().timers });
  let last = 0;
  const subscribe = async (): Promise<RawSocket> => {
    const each = await openSocket(api);
    each.subscribe('s', question);
    each.socket.send('{"type":"ping"}');
    await until(() => each.messages.some(({ type }) => type === 'pong'));
    return each;
  };
  const open = await Promise.all(Array.from({ length: sockets }, subscribe));
  return {
    open,
    subscribe,
    looks: vi.spyOn(topology, 'twin'),
    push: (changes: number): void => {
      for (const end = last + changes; last < end; ) {
        last += 1;
        const after = { ...EMPTY_PROPERTY, value: last };
        const changed = [{ name: 'level', before: null, after }];
        source.push({ kind: 'twin', since: last - 1, sequence: last, at: last, id: 'tank', deleted: false, changed });
      }
    },
    /** Each that was pushed has been given to subscribers, or waits for them. */
    areDealtWith: () => until(() => asked === last + 1),
    stop: () => api.stop(),
  };
}
const toldTo = (each: RawSocket) =>
  nexts(each).reduce((sum, { payload }) => sum + 1 + (payload?.data.twinChanged.skipped ?? 0), 0);
const lastOf = (each: RawSocket) => nexts(each).at(-1)?.payload?.data.twinChanged.changed?.[0]?.value;

it('a socket that does not read holds up nobody, costs bounded memory, and is told the latest and how much it stands for', async () => {
  const { open, push, stop } = await startChanges(2);
  const [stalled, reading] = open as [RawSocket, RawSocket];
  stalled.socket.pause();
  push(CHANGES);
  await until(() => lastOf(reading) === CHANGES);
  expect(toldTo(reading)).toBe(CHANGES);
  stalled.socket.resume();
  await until(() => lastOf(stalled) === CHANGES);
  expect(toldTo(stalled)).toBe(CHANGES);
  expect(nexts(stalled).length).toBeLessThan(CHANGES);
  stalled.socket.close();
  reading.socket.close();
  await stop();
});

it('a change that nobody can take is not executed, and each is told all of them when it reads again', async () => {
  const { open, subscribe, looks, push, areDealtWith, stop } = await startChanges(1);
  const first = open[0] as RawSocket;
  first.socket.pause();
  push(CHANGES);
  await areDealtWith();
  // Who comes later waits for what comes later.
  const second = await subscribe();
  second.socket.pause();
  push(CHANGES);
  await areDealtWith();
  const executions = looks.mock.calls.length;
  push(20_000);
  await areDealtWith();
  // The kernel may have taken some more of what was sent.
  expect(looks.mock.calls.length - executions).toBeLessThan(100);
  for (const each of [second, first]) {
    each.socket.resume();
    await until(() => lastOf(each) === 2 * CHANGES + 20_000);
  }
  expect(toldTo(first)).toBe(2 * CHANGES + 20_000);
  expect(toldTo(second)).toBe(CHANGES + 20_000);
  for (const each of [first, second]) {
    const values = nexts(each).map(({ payload }) => payload?.data.twinChanged.changed?.[0]?.value as number);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    each.socket.close();
  }
  await stop();
});

const keyOf = (query: string, variables: Record<string, unknown> = {}, principal = ANYBODY): string | null => {
  const operation = getOperationAST(parse(query)) as OperationDefinitionNode;
  return shareKey({ query, operation, operationName: null, variables }, principal);
};

it('callers who see different things share nothing', () => {
  const within = (id: string) => ({
    ...ANYBODY,
    actor: id,
    role: 'reader' as const,
    scope: { within: [id], models: null },
  });
  expect(keyOf(LEVELS, {}, within('a'))).not.toBe(keyOf(LEVELS, {}, within('b')));
  expect(keyOf(LEVELS, {}, within('a'))).toBe(keyOf(LEVELS, {}, { ...within('a'), actor: 'another' }));
  expect(keyOf(LEVELS)).not.toBe(keyOf(LEVELS, { x: 1 }));
});

it.each([
  ['subscription { stateChanged(after: "x") { __typename } }', {}],
  ['subscription { stateChanged(snapshot: true) { __typename } }', {}],
  ['subscription ($after: String) { stateChanged(after: $after) { __typename } }', { after: 'x' }],
  ['subscription ($snapshot: Boolean = true) { stateChanged(snapshot: $snapshot) { __typename } }', {}],
  ['subscription { impactChanged(scenario: {}) { cursor } }', {}],
])('a subscription with a beginning of its own is its own: %s', (query, variables) => {
  expect(keyOf(query, variables)).toBeNull();
});

it('a subscription that could begin elsewhere, but does not, is shared', () => {
  expect(
    keyOf('subscription ($after: String) { stateChanged(after: $after, snapshot: false) { __typename } }', {
      after: null,
    }),
  ).not.toBeNull();
});
