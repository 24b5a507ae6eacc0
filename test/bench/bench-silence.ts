/**
 * A hundred thousand twins that go silent at one moment, and come back: against the same twins changed by batches of
 * telemetry, in the same run. Meanwhile a thousand others go on reporting and another process asks GraphQL. Told: twins
 * a second, how late the event loop and the others' commits were, memory. An argument: another number of twins.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import type { Application } from '../../src/application/application.ts';
import { createApplication } from '../../src/application/create-application.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import type { Reading } from '../../src/domain/telemetry.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

const ASKING = 'ask-graphql';
const [word, url = '', asked] = process.argv.slice(2);
const TWINS = Number(word === ASKING ? asked : (word ?? 100_000));
/** Twins that never fall silent. */
const OTHERS = 1_000;
const PROCESSES = 1_000;
const BATCH = 1_000;
const STALE_AFTER_MS = 3_600_000;

if (word === ASKING) await ask(url);

const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
const { log } = createRecordingLog();
const store = await openGrafeoStore({ directory: folder, log });
/** Ahead of the system's: silence need not be waited for. */
let aheadMs = 0;
const ours = (): number => clock() + aheadMs;
const running = createApplication({ store, clock: ours, timers, log, isShared: false });
await running.start();
const { application } = running;
await load(application);
const api = await startGraphql({
  application,
  settings: { host: '127.0.0.1', port: 0, graphiql: false },
  log,
  readiness: () => [],
});
const asking = fork(process.argv[1] ?? '', [ASKING, `${api.address}/graphql`, `${TWINS}`], { execArgv: [] });
await once(asking, 'message');

await measure('first reports', () => report(1));
const rates = { reports: await measure('reports', () => report(2)), silence: 0, back: 0 };
rates.silence = await measure('silence', async () => {
  aheadMs += STALE_AFTER_MS;
  await until(() => isSilent('T-0') && isSilent(`T-${TWINS - 1}`) && countOf('STALE') === TWINS);
});
rates.back = await measure('back', () => report(3));
if (countOf('ONLINE') < TWINS) throw new Error('not all came back');
const ratio = (rate: number): string => (rate / rates.reports).toFixed(2);
console.log(`against reports: silence ${ratio(rates.silence)}, back ${ratio(rates.back)}`);
asking.kill();
await api.stop();
await running.stop();
await store.close();
rmSync(folder, { recursive: true });

async function load(into: Application): Promise<void> {
  const limits = [{ comparison: 'ABOVE', threshold: 90, state: 'DEGRADED' }];
  const model = (id: string, staleAfter: string | null) => ({
    id,
    kind: 'ASSET',
    properties: [{ name: 'value', schema: 'double', limits, ...(staleAfter && { staleAfter }) }],
  });
  const twins = [
    ...Array.from({ length: TWINS }, (_, i) => ({ id: `T-${i}`, kind: 'ASSET', model: 'Sensor' })),
    ...Array.from({ length: OTHERS }, (_, i) => ({ id: `O-${i}`, kind: 'ASSET', model: 'Other' })),
    ...Array.from({ length: PROCESSES }, (_, i) => ({ id: `P-${i}`, kind: 'PROCESS' })),
  ];
  const relationships = Array.from({ length: TWINS }, (_, i) => ({
    type: 'DEPENDS_ON',
    source: `P-${i % PROCESSES}`,
    target: `T-${i}`,
  }));
  const models = [model('Sensor', 'PT1H'), model('Other', null)];
  await into.importGraph({ models, twins, relationships }, { actor: null });
}

function isSilent(id: string): boolean {
  return application.topology.twin(id)?.connectivity === 'STALE';
}

function countOf(connectivity: string): number {
  let count = 0;
  for (const { twin } of application.topology.nodes())
    if (twin.connectivity === connectivity && twin.id.startsWith('T-')) count += 1;
  return count;
}

function readingOf(twin: string, value: number): Reading {
  return { twin, property: 'value', value, receivedAt: ours(), quality: 'GOOD' };
}

/** As telemetry does it: batches one behind the other. */
async function report(value: number): Promise<void> {
  for (let start = 0; start < TWINS; start += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, TWINS - start) }, (_, i) => `T-${start + i}`);
    await application.ingest(ids.map((id) => readingOf(id, value)));
  }
}

/** Twins a second. */
async function measure(name: string, work: () => Promise<void>): Promise<number> {
  const latencies: number[] = [];
  const over = new AbortController();
  const others = (async () => {
    for (let i = 0; !over.signal.aborted; i++) {
      const startedAt = performance.now();
      await application.ingest([readingOf(`O-${i % OTHERS}`, i % 80)]);
      latencies.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  asking.send('begin');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const commits = application.sequence();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  const made = application.sequence() - commits - latencies.length;
  delay.disable();
  over.abort();
  asking.send('end');
  const [{ answers, late }] = (await once(asking, 'message')) as [{ answers: number; late: number }];
  await others;
  latencies.sort((a, b) => a - b);
  const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
  const p99 = (list: readonly number[]): string => (list[Math.floor(list.length * 0.99)] ?? Number.NaN).toFixed(0);
  console.log(
    [
      `${name}: ${Math.round(TWINS / seconds)} twins a second (${seconds.toFixed(1)} s, ${made} commits)`,
      `event loop delay p50 ${ms(delay.percentile(50))} ms, p99 ${ms(delay.percentile(99))} ms, at most ${ms(delay.max)} ms`,
      `others' commits p99 ${p99(latencies)} ms (${latencies.length})`,
      `GraphQL ${Math.round(answers / seconds)} answers a second, p99 ${late.toFixed(0)} ms`,
      `heap ${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MB`,
      `load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`,
    ].join('; '),
  );
  return TWINS / seconds;
}

/** Asks without end; tells of each stretch between begin and end how often it was answered, and how late. */
async function ask(address: string): Promise<never> {
  let latencies: number[] = [];
  process.on('message', (told) => {
    if (told === 'end') {
      latencies.sort((a, b) => a - b);
      process.send?.({ answers: latencies.length, late: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN });
    }
    latencies = [];
  });
  let isFirst = true;
  for (;;) {
    const parts = Array.from({ length: 10 }, (_, i) => {
      const id = `T-${(Math.floor(Math.random() * TWINS) + i) % TWINS}`;
      return `a${i}: twin(id: "${id}") { id status { state } properties { name value stale } }`;
    });
    const startedAt = performance.now();
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ${parts.join(' ')} }` }),
    });
    const { errors } = (await response.json()) as { errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    latencies.push(performance.now() - startedAt);
    if (isFirst) process.send?.('asking');
    isFirst = false;
  }
}
