/**
 * node scripts/bench.js bench-soak [MINUTES]: load, kills and broken sockets against a built server, 10 minutes by default.
 * Eight writers publish telemetry and change twins and relationships; each reads back what it wrote. Followers resume by
 * cursor on sockets that are cut. In the first half the server is killed with -9 every 20 s; in the second its memory is
 * watched. Ends with 1 when the graph is not what the writers made it, a follower missed or heard twice, or memory grew.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import mqtt from 'mqtt';
import { WebSocket } from 'ws';
import { freePort } from '../support/free-port.ts';
import { type LinchpinProcess, startProcess } from '../support/linchpin-process.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const MINUTES = Number(process.argv[2] ?? 10);
const WRITERS = 8;
const TWINS_PER_WRITER = 60;
const FOLLOWERS = 4;
const KILL_EVERY_MS = 20_000;
/** Growth of the mean resident memory from the second to the last third of the quiet half that counts as a leak. */
const MOST_GROWTH = 1.15;

interface Made {
  name: string;
  level: number | null;
  feeds: string | null;
}
// What was asked for decides its form, and the reader of an answer knows it.
// oxlint-disable-next-line typescript/no-explicit-any
type Told = any;
type Answer = { readonly data?: Told; readonly errors?: readonly { readonly extensions: { readonly code: string } }[] };

const folder = mkdtempSync(join(tmpdir(), 'linchpin-soak-'));
const [port, mqttPort] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}/graphql`;
const made = new Map<string, Made>();
const counts = { telemetry: 0, changes: 0, reads: 0, retries: 0, kills: 0, cuts: 0, events: 0 };
const faults: string[] = [];
const fault = (text: string): void => {
  if (faults.push(text) <= 20) console.error(text);
};
const running = { writers: true, followers: true };
let server: LinchpinProcess | undefined;

async function start(): Promise<void> {
  const argv = [MAIN, 'serve', '--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data-dir', join(folder, 'data')];
  server = startProcess(argv, { LOG_LEVEL: 'warn' });
  await server.firstLine;
}

/** Until the server answers; everything that is asked here may be asked twice. */
async function ask(query: string, variables: Record<string, unknown>, fine: readonly string[] = []): Promise<Answer> {
  for (;;) {
    try {
      const body = JSON.stringify({ query, variables });
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const answer = (await response.json()) as Answer;
      const code = answer.errors?.[0]?.extensions.code;
      if (code === undefined || fine.includes(code)) return answer;
      if (code !== 'STORE_UNAVAILABLE' && code !== 'STOPPING') throw new Error(JSON.stringify(answer.errors));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    counts.retries += 1;
    await pause(50);
  }
}

const upsert = (id: string, name: string): Promise<Answer> =>
  ask(
    `mutation($t: [TwinInput!]!, $r: [RelationshipInput!]!) { upsertTwins(twins: $t) { id } upsertRelationships(relationships: $r) { id } }`,
    { t: [{ id, kind: 'ASSET', name }], r: [{ id: `in:${id}`, type: 'PART_OF', source: id, target: 'plant' }] },
  );

async function write(writer: number): Promise<void> {
  const ids = Array.from({ length: TWINS_PER_WRITER }, (_, i) => `w${writer}-${i}`);
  for (const id of ids) {
    await upsert(id, id);
    made.set(id, { name: id, level: null, feeds: null });
  }
  const device = mqtt.connect(`mqtt://127.0.0.1:${mqttPort}`, { reconnectPeriod: 200, clientId: `writer-${writer}` });
  device.on('error', () => undefined);
  for (let step = 1; running.writers; step++) {
    const id = ids[Math.floor(Math.random() * ids.length)] as string;
    const twin = made.get(id) as Made;
    const dice = Math.random();
    if (dice < 0.8) {
      await device.publishAsync(`twins/${id}/telemetry`, JSON.stringify({ level: step }), { qos: 1 });
      twin.level = step;
      counts.telemetry += 1;
    } else if (dice < 0.87) {
      await ask('mutation($id: ID!, $p: TwinPatch!) { patchTwin(id: $id, patch: $p) { id } }', {
        id,
        p: { name: `n${step}` },
      });
      twin.name = `n${step}`;
      counts.changes += 1;
    } else if (dice < 0.9) {
      await ask('mutation($id: ID!) { deleteTwin(id: $id) }', { id }, ['NOT_FOUND']);
      await upsert(id, id);
      Object.assign(twin, { name: id, level: null, feeds: null });
      for (const other of ids) if (made.get(other)?.feeds === id) (made.get(other) as Made).feeds = null;
      counts.changes += 2;
    } else if (dice < 0.93) {
      const target = ids[Math.floor(Math.random() * ids.length)] as string;
      if (target === id) continue;
      const r = [{ id: `feeds:${id}`, type: 'FEEDS', source: id, target }];
      await ask('mutation($id: ID!) { deleteRelationship(id: $id) }', { id: `feeds:${id}` }, ['NOT_FOUND']);
      await ask('mutation($r: [RelationshipInput!]!) { upsertRelationships(relationships: $r) { id } }', { r });
      twin.feeds = target;
      counts.changes += 2;
    } else {
      const { data } = await ask(READ_ONE, { id });
      const seen = JSON.stringify(toMade(data.twin));
      if (seen !== JSON.stringify(twin)) fault(`${id}: wrote ${JSON.stringify(twin)}, read ${seen}`);
      counts.reads += 1;
    }
  }
  await device.endAsync();
}

const FIELDS =
  'id name property(name: "level") { value } relationships(direction: OUT, types: ["FEEDS"], first: 1) { nodes { target { id } } }';
const READ_ONE = `query($id: ID!) { twin(id: $id) { ${FIELDS} } }`;
const READ_ALL = `{ twins(first: 1000, filter: { kinds: [ASSET] }) { nodes { revision ${FIELDS} } } }`;
const toMade = (twin: Told): Made => ({
  name: twin?.name,
  level: twin?.property?.value ?? null,
  feeds: twin?.relationships.nodes[0]?.target.id ?? null,
});

/** The last revision of each twin that a follower heard of. */
type Heard = Map<string, number>;

async function follow(heard: Heard): Promise<void> {
  let after: string | null = null;
  const query = `subscription($after: String) { twinChanged(within: "plant", after: $after) { kind: __typename
    ... on TwinChange { cursor id deleted twin { revision } } } }`;
  const cursors = new Set<string>();
  while (running.followers) {
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    let cut: NodeJS.Timeout | undefined;
    client.on('opened', (socket) => {
      cut = setTimeout(() => (socket as WebSocket).terminate(), 2_000 + Math.random() * 8_000);
    });
    try {
      const events = client.iterate<{ twinChanged: Told }>({ query, variables: { after } });
      for await (const answer of events) {
        const event: Told = answer.data?.twinChanged;
        if (event?.kind !== 'TwinChange') fault(`a follower got ${JSON.stringify(event)}`);
        if (cursors.has(event.cursor)) fault(`a follower got ${event.id} at ${event.cursor} twice`);
        cursors.add(event.cursor);
        after = event.cursor;
        counts.events += 1;
        if (event.deleted || event.twin === null) heard.delete(event.id);
        else heard.set(event.id, event.twin.revision);
      }
    } catch {
      counts.cuts += 1;
      await pause(100);
    }
    clearTimeout(cut);
    void client.dispose();
  }
}

async function compare(when: string): Promise<Map<string, number>> {
  const { data } = await ask(READ_ALL, {});
  const nodes = data.twins.nodes as { id: string; revision: number }[];
  const seen = new Map(nodes.map((twin) => [twin.id, toMade(twin)]));
  if (seen.size !== made.size) fault(`${when}: ${made.size} twins were made, ${seen.size} are there`);
  for (const [id, twin] of made) {
    const there = JSON.stringify(seen.get(id));
    if (there !== JSON.stringify(twin)) fault(`${when}, ${id}: made ${JSON.stringify(twin)}, there is ${there}`);
  }
  return new Map(nodes.map(({ id, revision }) => [id, revision]));
}

/** Every follower heard the last revision of every twin, soon after the last change; the first is from before it was part of the plant. */
async function expectHeard(revisions: ReadonlyMap<string, number>, followed: readonly Heard[]): Promise<void> {
  const missing = (): string[] =>
    followed.flatMap((heard, follower) =>
      [...revisions].flatMap(([id, revision]) =>
        revision === 1 || heard.get(id) === revision
          ? []
          : [`follower ${follower} heard ${heard.get(id)} of ${id}, which has ${revision}`],
      ),
    );
  for (let waited = 0; missing().length > 0 && waited < 30_000; waited += 500) await pause(500);
  missing().forEach(fault);
}

const residentMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server?.child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

try {
  await start();
  await ask('mutation { upsertTwins(twins: [{ id: "plant", kind: SYSTEM }]) { id } }', {});
  const followed: Heard[] = Array.from({ length: FOLLOWERS }, () => new Map());
  const writing = Array.from({ length: WRITERS }, (_, writer) => write(writer));
  const following = followed.map(follow);
  for (const each of [...writing, ...following]) each.catch((error: unknown) => fault(String(error)));
  const half = (MINUTES * 60_000) / 2;
  for (const end = Date.now() + half; Date.now() < end; ) {
    await pause(KILL_EVERY_MS);
    server?.child.kill('SIGKILL');
    await server?.ended;
    counts.kills += 1;
    await start();
  }
  const memory: number[] = [];
  for (const end = Date.now() + half; Date.now() < end; memory.push(residentMb())) await pause(1_000);
  running.writers = false;
  await Promise.allSettled(writing);
  await expectHeard(await compare('at the end'), followed);
  running.followers = false;
  server?.child.kill('SIGTERM');
  const ended = await server?.ended;
  if (ended?.code !== 0) fault(`the server ended with ${ended?.code}`);
  await start();
  await compare('after a restart');
  const third = Math.floor(memory.length / 3);
  const [early, late] = [mean(memory.slice(third, 2 * third)), mean(memory.slice(-third))];
  if (late > early * MOST_GROWTH) fault(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MB`);
  console.log(
    JSON.stringify({
      minutes: MINUTES,
      ...counts,
      twins: made.size,
      faults: faults.length,
      residentMb: [Math.round(early), Math.round(late)],
    }),
  );
} finally {
  server?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exit(faults.length === 0 ? 0 : 1);
