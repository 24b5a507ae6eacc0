/**
 * `bench-fanout [own|one]`: a change to 1,000 sockets: server CPU for each event, from the commit's record to the bytes, against plain graphql-ws
 * with one topic and a filter per subscriber, asked the same over the same fields. Each watches a twin of its own, or all
 * watch one. The sockets are in another process.
 */
import { fork } from 'node:child_process';
import { EventEmitter, on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Application } from '../../src/application/application.ts';
import { createApplication } from '../../src/application/create-application.ts';
import { Hub } from '../../src/application/hub.ts';
import { Memory } from '../../src/application/memory.ts';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { Replays } from '../../src/application/replays.ts';
import { watchTwins } from '../../src/application/watch.ts';
import type { ChangeRecord } from '../../src/domain/change.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const SOCKETS = 1_000;
const ARGUMENT = 'subscribe';
const QUERY =
  'subscription ($ids: [ID!]) { twinChanged(ids: $ids) { ... on TwinChange { id at changed { name value unit quality observedAt } } } }';
/** So many events at a time, then all are waited for: neither side sends what nobody has read. */
const GROUP = 50;

interface Server {
  readonly url: string;
  change(twin: number, value: number): void;
  stop(): Promise<void>;
}

async function compare(): Promise<void> {
  // Ours takes more of them, of a few hundredths of a millisecond each, to be warm.
  for (const [isOne, events, plainEvents] of [
    [false, 40_000, 10_000],
    [true, 100, 100],
  ] as const) {
    const only = process.argv[2];
    if (only !== undefined && only !== (isOne ? 'one' : 'own')) continue;
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      ours.push(await measure(await startLinchpin(), isOne, events));
      plain.push(await measure(await startPlain(), isOne, plainEvents));
    }
    const [a, b] = [median(ours), median(plain)];
    const title = isOne ? 'all watch one twin' : 'each watches a twin of its own';
    const ratio = (b / a).toFixed(1);
    console.log(
      `${title}: ${a.toFixed(3)} ms of CPU an event, plain graphql-ws ${b.toFixed(3)} ms: ${ratio} times less`,
    );
  }
}

/** Milliseconds of CPU for each event. */
async function measure(server: Server, isOne: boolean, events: number): Promise<number> {
  const child = fork(process.argv[1] as string, [ARGUMENT, server.url, isOne ? 'one' : 'own']);
  await once(child, 'message');
  // The protocol has no word for a subscription that stands.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  let sent = 0;
  const send = async (count: number): Promise<void> => {
    for (let end = sent + count; sent < end; ) {
      for (let i = 0; i < GROUP; i += 1, sent += 1) server.change(isOne ? 0 : sent % SOCKETS, sent);
      child.send(isOne ? sent * SOCKETS : sent);
      await once(child, 'message');
    }
  };
  await send(events / 4);
  const before = process.cpuUsage();
  await send(events);
  const { user, system } = process.cpuUsage(before);
  child.kill();
  await server.stop();
  return (user + system) / 1_000 / events;
}

/** What stands behind the commit: memory, hub and sockets. */
async function startLinchpin(): Promise<Server> {
  const memory = new Memory(clock, timers);
  const hub = new Hub(memory);
  const store = { oldest: async () => 1 } as unknown as TwinStore;
  const replays = new Replays({ store, memory, clock, timers });
  const { log } = createRecordingLog();
  const { application } = createApplication({ store, clock, timers, log, isShared: false });
  const fanOut: Application = {
    ...application,
    topology: memory.topology,
    sequence: () => memory.sequence,
    resolvedModel: () => undefined,
    watchTwins: (watch) => watchTwins({ store, memory, hub, replays }, watch),
  };
  const settings = { host: '127.0.0.1', port: 0, graphiql: false };
  const api = await startGraphql({ application: fanOut, settings, log, readiness: () => [] });
  let sequence = 0;
  const apply = (twins: ChangeRecord['twins']): void => {
    sequence += 1;
    const record = { sequence, at: clock(), origin: 'telemetry', actor: null, twins, relationships: [], models: [] };
    memory.apply(record as ChangeRecord);
  };
  apply(
    Array.from({ length: SOCKETS }, (_, i) => ({
      id: `t${i}`,
      before: null,
      after: {
        id: `t${i}`,
        kind: 'ASSET',
        name: `t${i}`,
        description: null,
        model: null,
        tags: [],
        criticality: 0,
        closed: true,
        switches: false,
        conduction: [],
        requirements: [],
        reportedHealth: 'OPERATIONAL',
        measuredHealth: 'OPERATIONAL',
        maintenance: null,
        connectivity: 'ONLINE',
        lastSeen: 0,
        revision: 1,
        createdAt: 0,
        updatedAt: 0,
      } as const,
      properties: [],
    })),
  );
  memory.settle();
  return {
    url: `${api.address.replace('http', 'ws')}/graphql`,
    change(twin, value) {
      const after = { ...EMPTY_PROPERTY, value, observedAt: 0, receivedAt: 0 };
      const fields = { lastSeen: value, revision: sequence, updatedAt: value };
      apply([{ id: `t${twin}`, before: fields, after: fields, properties: [{ name: 'level', before: null, after }] }]);
    },
    async stop() {
      hub.stop();
      await api.stop();
    },
  };
}

const PLAIN_SCHEMA = buildSchema(`
  type Property { name: String! value: Float unit: String quality: String! observedAt: String }
  type TwinChange { id: ID! at: String! changed: [Property!]! }
  type Gap { missedFrom: String! }
  union TwinEvent = TwinChange | Gap
  type Query { nothing: Int }
  type Subscription { twinChanged(ids: [ID!]): TwinEvent! }
`);

interface PlainEvent {
  readonly twinChanged: { readonly __typename: 'TwinChange'; readonly id: string };
}

/** As tutorials have it: one topic, and each subscriber drops what it does not want. */
async function startPlain(): Promise<Server> {
  const topic = new EventEmitter();
  topic.setMaxListeners(0);
  const subscription = PLAIN_SCHEMA.getSubscriptionType()?.getFields()['twinChanged'];
  if (!subscription) throw new Error('the schema has no subscription');
  subscription.subscribe = async function* (_source: unknown, { ids }: { ids: readonly string[] }) {
    for await (const [event] of on(topic, 'twinChanged') as AsyncIterable<[PlainEvent]>)
      if (ids.includes(event.twinChanged.id)) yield event;
  };
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const disposable = useServer({ schema: PLAIN_SCHEMA }, sockets);
  await once(sockets, 'listening');
  return {
    url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`,
    change(twin, value) {
      const at = new Date().toISOString();
      const changed = [{ name: 'level', value, unit: null, quality: 'GOOD', observedAt: at }];
      topic.emit('twinChanged', { twinChanged: { __typename: 'TwinChange', id: `t${twin}`, at, changed } });
    },
    stop: async () => disposable.dispose(),
  };
}

/** Tells the parent when it has got as many messages as the parent asks for. */
async function subscribeAll(url: string, isOne: boolean): Promise<void> {
  let got = 0;
  let wanted = Number.POSITIVE_INFINITY;
  const tell = (): void => {
    if (got < wanted) return;
    wanted = Number.POSITIVE_INFINITY;
    process.send?.('got');
  };
  process.on('message', (count: number) => {
    wanted = count;
    tell();
  });
  for (let i = 0; i < SOCKETS; i += 1) {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const payload = { query: QUERY, variables: { ids: [isOne ? 't0' : `t${i}`] } };
    socket.send(JSON.stringify({ id: `operation-${i}`, type: 'subscribe', payload }));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.includes('"type":"next"')) got += 1;
      else if (text.includes('"type":"ping"')) socket.send('{"type":"pong"}');
      else console.error(text);
      tell();
    });
  }
  process.send?.('ready');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

if (process.argv[2] === ARGUMENT) await subscribeAll(process.argv[3] ?? '', process.argv[4] === 'one');
else await compare();
