/**
 * A hundred thousand twins with three properties each, all of them reporting: 10,000 messages a second over the embedded
 * broker into the embedded graph, with one property in each or with all, while another process asks GraphQL. Told: memory, what was committed of what was
 * sent, and how late the event loop of the server was.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { createApplication } from '../../src/application/create-application.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { type Load, publishIfAsked, publishLoad } from './load-publisher.ts';

const TWINS = 100_000;
const PROPERTIES = 3;
const RATE = 10_000;
const SECONDS = 30;
const ASKING = 'ask-graphql';
/** Questions that are under way at once. */
const ASKED_AT_ONCE = 2;
/** Twins of a question. */
const ASKED_FOR = 10;

await publishIfAsked();
if (process.argv[2] === ASKING) await ask(process.argv[3] ?? '');

const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
const { log } = createRecordingLog();
const store = await openGrafeoStore({ directory: folder, log });
const running = createApplication({ store, clock, timers, log, isShared: false });
await running.start();
const { application } = running;
const memoryBefore = usedMb();
const twins = Array.from({ length: TWINS }, (_, i) => ({ id: `T-${i}`, kind: 'ASSET', name: `Twin ${i}` }));
await application.importGraph({ models: [], twins, relationships: [] }, { actor: null });
const settings = { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins' };
const telemetry = await startTelemetry({ application, settings, clock, timers, log });
const api = await startGraphql({
  application,
  settings: { host: '127.0.0.1', port: 0, graphiql: false },
  log,
  readiness: () => [],
});
const load = { url: telemetry.addresses[0] ?? '', twins: TWINS, properties: PROPERTIES, rate: RATE };
// Every twin has reported once before it is measured.
await publishLoad({ ...load, count: TWINS, observedAt: Date.now() - 1_000_000 });
console.log(
  `memory: heap ${memoryBefore} MB empty, ${usedMb()} MB with ${TWINS} twins that reported ${PROPERTIES} each`,
);

await measure('one property in a message, in turn', { ...load, isInTurn: true, observedAt: Date.now() - 900_000 });
await measure('all properties in each message', { ...load, observedAt: Date.now() - 500_000 });
await api.stop();
await telemetry.stop();
await running.stop();
await store.close();
rmSync(folder, { recursive: true });

async function measure(what: string, own: Omit<Load, 'count'>): Promise<void> {
  const asking = fork(process.argv[1] ?? '', [ASKING, `${api.address}/graphql`], { execArgv: [] });
  await once(asking, 'message');
  const before = telemetry.counters.committed;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const seconds = await publishLoad({ ...own, count: RATE * SECONDS });
  delay.disable();
  asking.send('stop');
  const [{ answers, late }] = (await once(asking, 'message')) as [{ answers: number; late: number }];
  const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
  console.log(
    [
      `${what}: ${Math.round((RATE * SECONDS) / seconds)} messages a second answered`,
      `${Math.round((telemetry.counters.committed - before) / seconds)} readings a second committed`,
      `GraphQL ${Math.round(answers / seconds)} answers a second, p99 ${late.toFixed(0)} ms`,
      `event loop delay p50 ${ms(delay.percentile(50))} ms, p99 ${ms(delay.percentile(99))} ms, at most ${ms(delay.max)} ms`,
      `heap ${usedMb()} MB, process ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`,
    ].join('; '),
  );
}

function usedMb(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

/** Asks until told to stop; then tells how often it was answered, and how late. */
async function ask(url: string): Promise<never> {
  const latencies: number[] = [];
  const stop = new AbortController();
  process.once('message', () => stop.abort());
  const askOne = async (): Promise<void> => {
    const first = Math.floor(Math.random() * (TWINS - ASKED_FOR));
    const parts = Array.from({ length: ASKED_FOR }, (_, i) => `a${i}: twin(id: "T-${first + i}") { ...Asked }`);
    const query = `{ ${parts.join(' ')} } fragment Asked on Twin { id name status { state } properties { name value } }`;
    const startedAt = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { errors } = (await response.json()) as { errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    latencies.push(performance.now() - startedAt);
  };
  await askOne();
  process.send?.('asking');
  await Promise.all(
    Array.from({ length: ASKED_AT_ONCE }, async () => {
      while (!stop.signal.aborted) await askOne();
    }),
  );
  latencies.sort((a, b) => a - b);
  const slow = latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN;
  await new Promise((resolve) => process.send?.({ answers: latencies.length, late: slow }, resolve));
  process.exit(0);
}
