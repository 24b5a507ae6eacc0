/** Moments of the past are made once for all who ask, kept for a while, and given up when nobody waits. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Past, Pasts } from '../../src/application/pasts.ts';
import { Memory } from '../../src/application/memory.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;
let memory: Memory;
let reads: number;
let pasts: Pasts;

beforeEach(async () => {
  plant = await openApplication();
  for (let i = 0; i < 60; i += 1) {
    plant.time.now += 1_000;
    await plant.application.upsertTwins([{ id: `t${i}`, kind: 'ASSET' }], NOBODY);
  }
  const { clock, timers } = plant.time;
  memory = new Memory(clock, timers);
  await memory.load(plant.store);
  reads = 0;
  const store = new Proxy(plant.store, {
    get(target, verb) {
      if (verb === 'changesAfter') reads += 1;
      const value: unknown = Reflect.get(target, verb);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  pasts = new Pasts({ store, memory, clock, timers, follow: async () => undefined });
});
afterEach(() => plant.close());

const at = (i: number): number => plant.time.now - (60 - i) * 1_000;
const twinCount = ({ memory: past }: Past): number => past.topology.twinCount;

test('those who ask about one moment at once, and soon after, share it', async () => {
  const [first, second] = await Promise.all([pasts.at(at(10)), pasts.at(at(10) + 500)]);
  expect([twinCount(first), twinCount(second)]).toEqual([10, 10]);
  expect(second).toBe(first);
  const made = reads;
  expect(await pasts.at(at(10))).toBe(first);
  expect(reads).toBe(made);
});

test('one that nobody asked for lately makes room', async () => {
  const first = await pasts.at(at(10));
  for (const i of [20, 30, 40, 50]) expect(twinCount(await pasts.at(at(i)))).toBe(i);
  expect(await pasts.at(at(10))).not.toBe(first);
  const again = await pasts.at(at(10));
  await plant.time.advance(60_000);
  expect(await pasts.at(at(10) - 60_000)).not.toBe(again);
});

test('who goes is told, and the work ends when nobody waits for it; who comes then gets it made anew', async () => {
  const [leaving, staying] = [new AbortController(), new AbortController()];
  const left = pasts.at(at(10), leaving.signal);
  const stayed = pasts.at(at(10), staying.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(twinCount(await stayed)).toBe(10);

  const gone = new AbortController();
  const nobody = pasts.at(at(20), gone.signal);
  gone.abort();
  await expect(nobody).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(twinCount(await pasts.at(at(20)))).toBe(20);
});
