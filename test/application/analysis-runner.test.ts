/** Long analyses run beside everything else, in slices or in a thread, and can be ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnalysisRunner } from '../../src/application/analysis-runner.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import {
  criticalityQuestion,
  cutSetQuestion,
  rootCauseQuestion,
  toCriticalityRows,
} from '../../src/impact/analyses.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { finish } from '../../src/impact/steps.ts';
import { seededPlant } from '../bench/seeded-plant.ts';

const KINDS = ['ASSET', 'SYSTEM'] as const;
const out = mkdtempSync(join(tmpdir(), 'linchpin-worker-'));
const runners: AnalysisRunner[] = [];

beforeAll(async () => {
  // A worker of the runtime does not load TypeScript: built as the package builds it.
  const entry = fileURLToPath(new URL('../../src/application/analysis-worker.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'warn',
    build: { ssr: entry, outDir: out, emptyOutDir: false, target: 'node20' },
  });
});

afterAll(async () => {
  for (const runner of runners) await runner.stop();
  rmSync(out, { recursive: true });
});

function threaded(): AnalysisRunner {
  const workerUrl = pathToFileURL(join(out, 'analysis-worker.js'));
  const runner = new AnalysisRunner({ clock: systemClock, timers: systemTimers, workerUrl, mostTwinsHere: 0 });
  runners.push(runner);
  return runner;
}

const here = () => new AnalysisRunner({ clock: systemClock, timers: systemTimers, workerUrl: null });

describe('an analysis', () => {
  const model = ImpactModel.compile(seededPlant(2));
  const question = criticalityQuestion(model, { kinds: KINDS, within: null });

  test('has the same answer in a thread as here', async () => {
    const runner = threaded();
    const want = await here().run('criticality', model, question);
    const rows = (answer: typeof want) => finish(toCriticalityRows(model, answer, () => true));
    expect(rows(await runner.run('criticality', model, question))).toEqual(rows(want));
    const cutSets = cutSetQuestion(model, 'S0.PROCESS5', { below: 'OPERATIONAL', maxOrder: 2, kinds: KINDS });
    expect(await runner.run('cutSets', model, cutSets)).toEqual(await here().run('cutSets', model, cutSets));
  });

  test.each([
    ['here', here],
    ['in a thread', threaded],
  ])('%s judges the state of the time when it was asked', async (_, runnerOf) => {
    const live = ImpactModel.compile(seededPlant(1));
    const runner = runnerOf();
    const ranking = criticalityQuestion(live, { kinds: KINDS, within: null });
    const first = runner.run('criticality', live, ranking);
    live.update([{ id: 'HV0', health: 'DOWN' }]);
    const again = await runner.run('criticality', live, ranking);
    expect(Math.max(...(await first).score)).toBeGreaterThan(0);
    expect((await first).score).not.toEqual(again.score);
  });

  test.each([
    ['here', here],
    ['in a thread', threaded],
  ])('%s ends when nobody waits for it any more', async (_, runnerOf) => {
    const runner = runnerOf();
    const abort = new AbortController();
    const ended = runner.run('criticality', model, question, abort.signal);
    abort.abort();
    await expect(ended).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(runner.run('criticality', model, question, abort.signal)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect((await runner.run('criticality', model, question)).twins.length).toBeGreaterThan(1_000);
  });

  test.each(['criticality', 'cutSets', 'rootCauses'] as const)(
    'of every kind ends when nobody waits for it: %s',
    async (kind) => {
      const process = 'S0.PROCESS5';
      const options = { maxOrder: 3, kinds: KINDS };
      const questions = {
        criticality: question,
        cutSets: cutSetQuestion(model, process, { ...options, below: 'OPERATIONAL' }),
        rootCauses: rootCauseQuestion(model, [{ id: process, state: 'DOWN' }], { ...options, first: 100 }),
      };
      const abort = new AbortController();
      const ended = here().run(kind, model, questions[kind], abort.signal);
      abort.abort();
      await expect(ended).rejects.toMatchObject({ code: 'TIMEOUT' });
    },
  );

  test('in a thread that is stopped is refused', async () => {
    const runner = threaded();
    const [refused] = await Promise.allSettled([runner.run('criticality', model, question), runner.stop()]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'STOPPING' } });
  });

  test('that fails says so, and the next one is answered', async () => {
    const runner = threaded();
    const broken = { ...question, kinds: null } as unknown as typeof question;
    await expect(runner.run('criticality', model, broken)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await runner.run('criticality', model, question)).twins.length).toBeGreaterThan(1_000);
  });

  test('here lets other work have its turn', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const large = ImpactModel.compile(seededPlant(6));
    await here().run('criticality', large, criticalityQuestion(large, { kinds: KINDS, within: null }));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });
});
