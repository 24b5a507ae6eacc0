/**
 * From a device's publish to a subscriber's event: MQTT in, committed in the graph, out over a GraphQL subscription;
 * against a bare relay from the same kind of broker to a WebSocket, which stores nothing. Publisher and subscriber are
 * one process, so that one clock measures; servers are another.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Aedes } from 'aedes';
import { createClient } from 'graphql-ws';
import mqtt from 'mqtt';
import { WebSocket, WebSocketServer } from 'ws';
import { createApplication } from '../../src/application/create-application.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const TWINS = 100;
const RATE = 200;
const MESSAGES = 2_000;
/** Not counted: code is compiled, sockets grow. */
const WARM_UP = 400;
const ARGUMENT = 'measure-latency';

interface Servers {
  readonly kind: 'linchpin' | 'relay';
  readonly mqttUrl: string;
  readonly socketUrl: string;
}

if (process.argv[2] === ARGUMENT) {
  process.send?.(await measure(JSON.parse(process.argv[3] ?? '{}') as Servers));
  process.exit(0);
}
for (let round = 0; round < 3; round++) {
  await withLinchpin(report);
  await withRelay(report);
}

async function report(servers: Servers): Promise<void> {
  const child = fork(process.argv[1] ?? '', [ARGUMENT, JSON.stringify(servers)], { execArgv: [] });
  const [latencies] = (await once(child, 'message')) as [number[]];
  const sorted = latencies.slice(WARM_UP).toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(1);
  console.log(`${servers.kind}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${RATE} messages/s`);
}

async function withLinchpin(work: (servers: Servers) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
  const { log } = createRecordingLog();
  const store = await openGrafeoStore({ directory: folder, log });
  const running = createApplication({ store, clock, timers, log, isShared: false });
  await running.start();
  const { application } = running;
  const twins = Array.from({ length: TWINS }, (_, i) => ({ id: `T-${i}`, kind: 'ASSET', name: `Twin ${i}` }));
  await application.upsertTwins(twins, { actor: null });
  const settings = { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins' };
  const telemetry = await startTelemetry({ application, settings, clock, timers, log });
  const api = await startGraphql({
    application,
    settings: { host: '127.0.0.1', port: 0, graphiql: false },
    log,
    readiness: () => [],
  });
  const socketUrl = `${api.address.replace('http', 'ws')}/graphql`;
  await work({ kind: 'linchpin', mqttUrl: telemetry.addresses[0] ?? '', socketUrl });
  await api.stop();
  await telemetry.stop();
  await running.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

async function withRelay(work: (servers: Servers) => Promise<void>): Promise<void> {
  const aedes = await Aedes.createBroker();
  const broker = createServer((socket) => aedes.handle(socket)).listen(0, '127.0.0.1');
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await Promise.all([once(broker, 'listening'), once(sockets, 'listening')]);
  aedes.on('publish', ({ topic, payload }) => {
    if (topic.startsWith('twins/')) for (const socket of sockets.clients) socket.send(payload.toString());
  });
  const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  await work({
    kind: 'relay',
    mqttUrl: `mqtt://127.0.0.1:${port(broker)}`,
    socketUrl: `ws://127.0.0.1:${port(sockets)}`,
  });
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await new Promise<void>((resolve) => aedes.close(resolve));
  broker.close();
}

/** Milliseconds of each message, in the order in which they came. */
async function measure({ kind, mqttUrl, socketUrl }: Servers): Promise<number[]> {
  const latencies: number[] = [];
  let done = (): void => {};
  const finished = new Promise<void>((resolve) => (done = resolve));
  const take = (sentAt: number): void => {
    latencies.push(performance.now() - sentAt);
    if (latencies.length >= MESSAGES) done();
  };
  await (kind === 'linchpin' ? subscribeGraphql(socketUrl, take) : subscribeRelay(socketUrl, take));
  const device = await mqtt.connectAsync(mqttUrl);
  let sent = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = Math.min(MESSAGES, ((performance.now() - startedAt) / 1000) * RATE);
    while (sent < due) {
      const payload = `{"sentAt":${performance.now()}}`;
      device.publish(`twins/T-${sent++ % TWINS}/telemetry`, payload, { qos: 1 });
    }
  }, 1);
  await finished;
  clearInterval(timer);
  await device.endAsync(true);
  return latencies;
}

async function subscribeGraphql(url: string, take: (sentAt: number) => void): Promise<void> {
  const client = createClient({ url, webSocketImpl: WebSocket, lazy: false });
  const ids = Array.from({ length: TWINS }, (_, i) => `T-${i}`);
  const query = 'subscription($ids: [ID!]) { twinChanged(ids: $ids) { ... on TwinChange { changed { name value } } } }';
  client.subscribe<{ twinChanged: { changed: { name: string; value: number }[] } }>(
    { query, variables: { ids } },
    {
      next: ({ data }) => {
        for (const { name, value } of data?.twinChanged.changed ?? []) if (name === 'sentAt') take(value);
      },
      error: (error) => console.error(error),
      complete: () => {},
    },
  );
  // The protocol has no word for a subscription that stands.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

async function subscribeRelay(url: string, take: (sentAt: number) => void): Promise<void> {
  const socket = new WebSocket(url);
  socket.on('message', (data) => take((JSON.parse(String(data)) as { sentAt: number }).sentAt));
  await once(socket, 'open');
}
