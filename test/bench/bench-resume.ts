/**
 * `bench-resume [COMMITS]`: what it costs to go on behind a cursor on a graph of 100,000 twins, right after a start: one
 * subscriber who missed all that the feed keeps, and 200 dashboards that come back together.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import type { Application, FeedPosition, GapEvent, StateEvent } from '../../src/application/application.ts';
import { createApplication } from '../../src/application/create-application.ts';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const COMMITS = Number(process.argv[2] ?? 100_000);
const SYSTEMS = 200;
const ASSETS = 500;
const NOBODY = { actor: null };
const { log } = createRecordingLog();

const system = (i: number): string => `system-${i}`;
const asset = (i: number): string => `asset-${i % (SYSTEMS * ASSETS)}`;

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
  try {
    const store = await openGrafeoStore({ directory, clock, log });
    const first = createApplication({ store, clock, timers, log, isShared: false });
    await first.start();
    await makePlant(first.application);
    const start = first.application.sequence();
    await makeHistory(first.application);
    await first.stop();
    for (const [title, watchers] of [
      [`1 subscriber, ${COMMITS} commits behind, of one system`, [{ within: system(0), behind: COMMITS }]],
      [`1 subscriber, ${COMMITS} commits behind, of everything`, [{ within: null, behind: COMMITS }]],
      [
        `${SYSTEMS} subscribers, each of one system, 100 to 1,000 commits behind`,
        Array.from({ length: SYSTEMS }, (_, i) => ({ within: system(i), behind: 100 + ((i * 37) % 900) })),
      ],
    ] as const) {
      await measure(title, store, watchers, start);
    }
    await store.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function makePlant(application: Application): Promise<void> {
  await application.upsertTwins(
    Array.from({ length: SYSTEMS }, (_, i) => ({ id: system(i), kind: 'SYSTEM' as const })),
    NOBODY,
  );
  for (let i = 0; i < SYSTEMS; i += 10) {
    const ids = Array.from({ length: ASSETS * 10 }, (_, n) => i * ASSETS + n);
    await application.upsertTwins(
      ids.map((n) => ({ id: asset(n), kind: 'ASSET' as const })),
      NOBODY,
    );
    await application.upsertRelationships(
      ids.map((n) => ({ type: 'PART_OF', source: asset(n), target: system(Math.floor(n / ASSETS)) })),
      NOBODY,
    );
  }
}

/** A state changes in every tenth commit; the others are readings. The last one changes a state of each system. */
async function makeHistory(application: Application): Promise<void> {
  for (let n = 1; n < COMMITS; n += 1) {
    const id = asset(n * 7_919);
    if (n % 10 === 0) await application.patchTwin(id, { health: n % 20 === 0 ? 'DOWN' : 'OPERATIONAL' }, NOBODY);
    else
      await application.ingest([
        { twin: id, property: 'level', value: n, observedAt: clock(), receivedAt: clock(), quality: 'GOOD' },
      ]);
  }
  await application.upsertTwins(
    Array.from({ length: SYSTEMS }, (_, i) => ({
      id: asset(i * ASSETS),
      kind: 'ASSET' as const,
      health: 'DEGRADED' as const,
    })),
    NOBODY,
  );
}

async function measure(
  title: string,
  store: TwinStore,
  watchers: readonly { readonly within: string | null; readonly behind: number }[],
  start: number,
): Promise<void> {
  const running = createApplication({ store, clock, timers, log, isShared: false });
  await running.start();
  const { application } = running;
  const end = application.sequence();
  globalThis.gc?.();
  const before = used();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, used());
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const begun = clock();
  const told = await Promise.all(
    watchers.map(({ within, behind }) => {
      const sequence = Math.max(start, end - behind);
      const after: FeedPosition = { since: sequence, sequence, id: null, isSnapshot: false };
      return readUntil(application.watchStates({ within, after }), end);
    }),
  );
  const took = (clock() - begun) / 1_000;
  const { user, system: kernel } = process.cpuUsage(cpu);
  delay.disable();
  clearInterval(sampling);
  const mega = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  console.log(
    `${title}: ${took.toFixed(1)} s, ${((user + kernel) / 1e6).toFixed(1)} s of CPU, ${told.reduce((a, b) => a + b, 0)} events; ` +
      `at most ${mega(most - before)} more than the ${mega(before)} before; ` +
      `longest turn ${(delay.max / 1e6).toFixed(0)} ms, 99 % under ${(delay.percentile(99) / 1e6).toFixed(0)} ms; ` +
      `load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`,
  );
  await running.stop();
}

const used = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

async function readUntil(events: AsyncIterableIterator<StateEvent | GapEvent>, end: number): Promise<number> {
  let told = 0;
  for await (const event of events) {
    if (event.kind === 'gap') throw new Error('a gap');
    told += 1 + (event.skipped ?? 0);
    if (event.sequence === end) break;
  }
  return told;
}

await main();
process.exit();
