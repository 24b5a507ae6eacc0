/**
 * `bench-stalled [SECONDS] [SOCKETS]`, 60 and 12 by default: memory and processor of the built server under 10,000 changes a second, by itself and
 * then with sockets that subscribe to all of it and do not read. The server ends those that do not answer its pings, so
 * new ones are opened all the time. Memory grows with the feed, too: with 0 sockets it tells by how much.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/linchpin-process.ts';
import { publishIfAsked, publishLoad } from './load-publisher.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SECONDS = Number(process.argv[2] ?? 60);
const TWINS = 2_000;
const RATE = 10_000;
const SOCKETS = Number(process.argv[3] ?? 12);
const EVENT = '{ ... on TwinChange { cursor skipped twin { name } changed { name value } } ... on Gap { missedFrom } }';

await publishIfAsked();
/** Of the next reading: each load goes on behind the one before, or its readings would be stale and change nothing. */
let observedAt = Date.now() - RATE * SECONDS * 2;
const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
const [port, mqttPort] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}/graphql`;
const argv = [MAIN, 'serve', '--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data-dir', join(folder, 'data')];
const server = startProcess(argv, { LOG_LEVEL: 'warn' });
try {
  await server.firstLine;
  await compare();
} finally {
  server.child.kill('SIGKILL');
  await server.ended;
  rmSync(folder, { recursive: true });
}
process.exit();

async function compare(): Promise<void> {
  const ids = Array.from({ length: TWINS }, (_, i) => ({ id: `T-${i}`, kind: 'ASSET', name: 'x'.repeat(200) }));
  await ask('mutation ($twins: [TwinInput!]!) { upsertTwins(twins: $twins) { id } }', { twins: ids });
  const alone = await loaded(SECONDS, async () => undefined);
  console.log(`alone: ${tell(alone)}`);
  const sockets: WebSocket[] = [];
  const beside = await loaded(SECONDS, async (second) => {
    if (second % 10 === 0) for (let i = 0; i < SOCKETS; i += 1) sockets.push(await stall(i));
  });
  console.log(`with ${sockets.length} sockets that do not read: ${tell(beside)}`);
  for (const socket of sockets) socket.terminate();
  const [own, theirs] = [growth(alone), growth(beside)];
  console.log(
    `memory grows by ${own.toFixed(1)} MB a second, with the sockets by ${theirs.toFixed(1)}; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`,
  );
}

/** Megabytes a second, from the third quarter to the last: by then as many sockets are ended as come. */
function growth({ resident }: Loaded): number {
  const quarter = resident.length >> 2;
  return (mean(resident.slice(-quarter)) - mean(resident.slice(-2 * quarter, -quarter))) / quarter;
}

interface Loaded {
  readonly rate: number;
  /** Processors of the server, on average. */
  readonly processors: number;
  /** Megabytes of each second. */
  readonly resident: readonly number[];
}

/** Publishes for so many seconds, and looks each second. */
async function loaded(seconds: number, eachSecond: (second: number) => Promise<void>): Promise<Loaded> {
  const before = await changes();
  const processorBefore = processorSeconds();
  const count = RATE * seconds;
  const publishing = publishLoad({
    url: `mqtt://127.0.0.1:${mqttPort}`,
    count,
    twins: TWINS,
    rate: RATE,
    qos: 0,
    observedAt,
  });
  observedAt += count;
  const resident: number[] = [];
  for (let second = 0; ; second += 1) {
    await eachSecond(second);
    const took = await Promise.race([publishing, pause(1_000, null)]);
    resident.push(residentMegabytes());
    if (took === null) continue;
    const processors = (processorSeconds() - processorBefore) / took;
    return { rate: ((await changes()) - before) / took, processors, resident };
  }
}

/** A subscription to everything; every third one goes on behind a cursor, and is not shared. */
async function stall(i: number): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  const after = i % 3 === 0 ? `(after: ${JSON.stringify(await present())})` : '';
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: `subscription { twinChanged${after} ${EVENT} }` } }),
  );
  socket.send('{"type":"ping"}');
  await once(socket, 'message');
  socket.pause();
  return socket;
}

// What was asked for decides its form, and the reader of an answer knows it.
// oxlint-disable-next-line typescript/no-explicit-any
async function ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const answer = await response.json();
  if ((answer as { errors?: unknown }).errors) throw new Error(JSON.stringify(answer));
  return answer;
}

async function present(): Promise<string> {
  return (await ask('{ cursor }')).data.cursor;
}

/** Each commit is one revision of each twin in it. */
async function changes(): Promise<number> {
  const answer = await ask(`{ twins(first: ${TWINS}) { nodes { revision } } }`);
  return (answer.data.twins.nodes as { revision: number }[]).reduce((sum, { revision }) => sum + revision, 0);
}

/** Of all its threads; the kernel counts in hundredths. */
function processorSeconds(): number {
  const fields = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function tell({ rate, processors, resident }: Loaded): string {
  const least = Math.min(...resident).toFixed(0);
  const most = Math.max(...resident).toFixed(0);
  return `${rate.toFixed(0)} changes/s by ${processors.toFixed(2)} processors, ${least} to ${most} MB resident, ${mean(resident.slice(-10)).toFixed(0)} MB in the last 10 s`;
}
