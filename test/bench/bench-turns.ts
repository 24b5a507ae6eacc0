/**
 * `bench-turns`, after `npm run build`: for how long the built server, with the seeded plant of 100,000 twins in Grafeo,
 * keeps a light request waiting while it answers a heavy one. Another process asks /livez a millisecond after each answer.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { formatDuration } from '../../src/domain/duration.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/linchpin-process.ts';
import { seededPlant } from './seeded-plant.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PING = 'ping';
const ROUNDS = 3;

interface Waits {
  readonly count: number;
  readonly most: number;
}

if (process.argv[2] === PING) await ping(Number(process.argv[3]));
else await measureAll();
process.exit();

/** Until it is killed; tells how long the answers took since it was asked last. */
async function ping(port: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  process.on('message', () => {
    const sorted = times.splice(0).toSorted((a, b) => a - b);
    process.send?.({ count: sorted.length, most: sorted.at(-1) });
  });
  for (;;) {
    const startedAt = performance.now();
    const request = get({ port, path: '/livez', agent });
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    times.push(performance.now() - startedAt);
    await pause(1);
  }
}

async function measureAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
  const data = join(folder, 'data');
  writeFileSync(join(folder, 'plant.jsonl'), lines().join('\n'));
  execFileSync(process.execPath, [MAIN, 'import', join(folder, 'plant.jsonl')], {
    env: { ...process.env, DATA_DIR: data },
  });
  const [port, mqttPort] = [await freePort(), await freePort()];
  const argv = [MAIN, 'serve', '--port', `${port}`, '--mqtt-port', `${mqttPort}`, '--data-dir', data];
  const server = startProcess(argv, { LOG_LEVEL: 'warn' });
  const url = `http://127.0.0.1:${port}/graphql`;
  let pinging: ChildProcess | undefined;
  try {
    await server.firstLine;
    pinging = fork(process.argv[1] ?? '', [PING, `${port}`], { execArgv: [] });
    for (const [name, work] of questions(url)) await measure(pinging, name, work);
  } finally {
    pinging?.kill();
    server.child.kill('SIGKILL');
    await server.ended;
    rmSync(folder, { recursive: true });
  }
}

function lines(): string[] {
  const { twins, relationships } = seededPlant();
  return [
    ...twins.map(({ id, kind, criticality, requirements }) => {
      const declared = requirements.map(({ group, min, full, soft, holdUpMs }) => ({
        group,
        ...(min === null ? {} : { min }),
        ...(full === null ? {} : { full }),
        soft,
        holdUp: formatDuration(holdUpMs),
      }));
      return JSON.stringify({ twin: { id, kind, criticality, requirements: declared } });
    }),
    ...relationships.map(({ id, type, source, target, group, standbyDelayMs }) => {
      const rest = { ...(group && { group }), ...(standbyDelayMs && { standbyDelay: formatDuration(standbyDelayMs) }) };
      return JSON.stringify({ relationship: { id, type, source, target, ...rest } });
    }),
  ];
}

function questions(url: string): [string, (round: number) => Promise<unknown>][] {
  const whatIf = (scenario: string) => () => ask(url, `{ impact(scenario: {${scenario}}) { summary { affected } } }`);
  const regions = Array.from({ length: 10 }, (_, n) => `"HV${n}"`);
  const sets = (site: number) =>
    Array.from({ length: 20 }, (_, n) => `c${n}: cutSets(of: "S${site}.PROCESS${n}") { complete margin }`);
  return [
    ['nothing', () => pause(1_500)],
    // The first finds code of HTTP and GraphQL that was never run.
    ['a light request', () => ask(url, '{ twin(id: "S1.BUS0") { status { state } } }')],
    ['what-if, 103 twins affected', whatIf('outage: ["S1.BUS0"]')],
    ['what-if, 12,068 affected', whatIf('outage: ["S1.BUS0", "S2.BUS0", "HV1", "HV2"]')],
    ['what-if, 100,400 affected', whatIf(`outage: [${regions.join()}]`)],
    ['what-if of a relationship', whatIf('open: ["r100"]')],
    ['what-if of a fault', whatIf('fault: ["S1.BUS0"]')],
    ['criticality of all', () => ask(url, '{ criticality(first: 50) { totalCount } }')],
    ['cut sets of 20 processes in one request', (round) => ask(url, `{ ${sets(10 + round).join(' ')} }`)],
    ['model issues', () => ask(url, '{ modelIssues(first: 10000) { __typename } }')],
    // Its states follow by themselves, some time behind the answer.
    [
      'change of structure',
      async (round) => {
        await ask(url, `mutation { upsertTwins(twins: [{ id: "NEW${round}", kind: ASSET }]) { id } }`);
        await ask(url, '{ impact(scenario: {outage: ["S1.BUS0"]}) { summary { affected } } }');
      },
    ],
  ];
}

async function measure(pinging: ChildProcess, name: string, work: (round: number) => Promise<unknown>): Promise<void> {
  const rounds: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await pause(300);
    await waits(pinging);
    const startedAt = performance.now();
    await work(round);
    const took = performance.now() - startedAt;
    await pause(50);
    const { count, most } = await waits(pinging);
    rounds.push(`${took.toFixed(0)} ms, longest wait of ${count} ${most.toFixed(1)} ms`);
  }
  console.log(`${name}: ${rounds.join('; ')}; load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`);
}

async function waits(pinging: ChildProcess): Promise<Waits> {
  const told = once(pinging, 'message');
  pinging.send('tell');
  return (await told)[0] as Waits;
}

async function ask(url: string, query: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const answer = (await response.json()) as { errors?: unknown };
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
}
