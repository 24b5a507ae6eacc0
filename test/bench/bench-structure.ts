/**
 * A change of structure on a large plant: how long it takes until states follow, and for how long at most nobody else has
 * a turn meanwhile, beside the same at once. Then modelIssues and the ranking of all outages, likewise.
 */
import { openSync, readSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { createAnalyses } from '../../src/application/analyses.ts';
import { AnalysisRunner } from '../../src/application/analysis-runner.ts';
import { Memory } from '../../src/application/memory.ts';
import type { ChangeRecord } from '../../src/domain/change.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { relationshipOf, twinOf } from '../topology/graph.ts';
import { seededPlant } from './seeded-plant.ts';

const memory = new Memory(systemClock, systemTimers);
const inputs = seededPlant();
for (const { id, kind, requirements, conduction } of inputs.twins)
  memory.topology.addTwin(twinOf(id, { kind, requirements, conduction }));
for (const relationship of inputs.relationships) memory.topology.addRelationship(relationship);

let sequence = 0;
function change(): void {
  sequence += 1;
  const twin = twinOf(`NEW${sequence}`);
  const joined = relationshipOf(`new${sequence}`, inputs.twins[sequence]?.id ?? '', 'FEEDS', twin.id);
  memory.apply({
    sequence,
    at: 0,
    origin: 'API',
    actor: null,
    models: [],
    twins: [{ id: twin.id, before: null, after: twin, properties: [] }],
    relationships: [{ id: joined.id, before: null, after: joined }],
  } as unknown as ChangeRecord);
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Linux tells the time of each thread, the main one's here; others (the collector's, the compiler's) hold nobody up. */
const scheduled = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
const text = Buffer.alloc(64);
function threadMs(): number {
  // Asking for the time of the process brings that of the thread up to date.
  process.cpuUsage();
  const length = readSync(scheduled, text, 0, text.length, 0);
  return Number.parseInt(text.toString('latin1', 0, length), 10) / 1e6;
}

/** Milliseconds that each collection of garbage held the event loop up. */
const collections: number[] = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collections.push(duration);
}).observe({ entryTypes: ['gc'] });

interface Watched {
  readonly ms: number;
  readonly longestMs: number;
  /** By the clock. */
  readonly longestCollectionMs: number;
}

/** Milliseconds of the processor for the work, by all threads, and for the longest turn of the event loop in it. */
async function watched(work: () => Promise<unknown>): Promise<Watched> {
  let longestMs = 0;
  collections.length = 0;
  let isOver = false;
  let last = threadMs();
  const tick = (): void => {
    const now = threadMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  const start = cpuMs();
  await work();
  const ms = cpuMs() - start;
  isOver = true;
  await new Promise((resume) => setTimeout(resume, 5));
  return { ms, longestMs, longestCollectionMs: Math.max(0, ...collections) };
}

async function tell(name: string, work: () => Promise<unknown>): Promise<void> {
  const runs: Watched[] = [];
  for (let run = 0; run < 7; run += 1) runs.push(await watched(work));
  const median = (of: keyof Watched) => runs.map((run) => run[of]).toSorted((a, b) => a - b)[3] as number;
  console.log(
    `${name}: ${median('ms').toFixed(0)} ms, longest turn ${median('longestMs').toFixed(1)} ms, ` +
      `longest collection of garbage ${median('longestCollectionMs').toFixed(1)} ms (medians of 7)`,
  );
}

change();
memory.settle();
await tell('at once', async () => {
  change();
  memory.settle();
});
await tell('in slices', async () => {
  change();
  await memory.settled();
});
const runner = new AnalysisRunner({ clock: systemClock, timers: systemTimers, workerUrl: null });
const analyses = createAnalyses(memory, runner, { clock: systemClock, timers: systemTimers });
await tell('modelIssues', () => analyses.modelIssues(10_000));
await tell('criticality, here', () => analyses.criticality({ kinds: ['ASSET', 'SYSTEM'], within: null }));
await tell('nothing', async () => {});
