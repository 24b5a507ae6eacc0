import { describe, expect, it } from 'vitest';
import type { PropertyValue } from '../../src/domain/property.ts';
import { RingHistory, type RingOptions } from '../../src/history/ring-history.ts';
import { describeHistory, flow } from './contract.ts';

const OPTIONS = { values: 100_000, valuesPerProperty: 10_000, startedAt: 1_000 };
const open = (options: Partial<RingOptions> = {}) => new RingHistory({ ...OPTIONS, ...options });
const ask = async (ring: RingHistory, twin = 'pump') => {
  const series = [{ twin, property: 'flow' }];
  const [values] = await ring.range({ series, from: 0, to: 1e15, first: 10_000 });
  const [completeSince] = await ring.completeSince(series);
  return { values: values?.map((each) => each.value), completeSince };
};
const ofTwin = (twin: string, at: number, value: PropertyValue) => flow(at, value, { twin });

describeHistory('history in memory', { open: async () => open(), cleanUp: async () => {} });

describe('the ring', () => {
  it('keeps the newest of each property, and says since when they are all', async () => {
    const ring = open({ valuesPerProperty: 3 });
    ring.append([2_000, 5_000, 3_000, 4_000].map((at) => flow(at, at)));
    expect(await ask(ring)).toEqual({ values: [3_000, 4_000, 5_000], completeSince: 2_001 });
    expect((await ask(ring, 'other')).completeSince).toBe(1_000);
  });

  it('does not take a late value that would stand before a gap', async () => {
    const ring = open({ valuesPerProperty: 2 });
    ring.append([2_000, 3_000, 4_000].map((at) => flow(at, at)));
    ring.append([flow(1_500, 1_500), flow(2_000, 2_000)]);
    expect(await ask(ring)).toEqual({ values: [3_000, 4_000], completeSince: 2_001 });
  });

  it('keeps the last values that came of all properties together', async () => {
    const ring = open({ values: 4 });
    ring.append([ofTwin('a', 2_000, 1), ofTwin('b', 2_001, 1), ofTwin('b', 2_002, 2), ofTwin('c', 2_003, 1)]);
    ring.append([ofTwin('c', 2_004, 2), ofTwin('c', 2_005, 3)]);
    expect(await ask(ring, 'a')).toEqual({ values: [], completeSince: 2_001 });
    expect(await ask(ring, 'b')).toEqual({ values: [2], completeSince: 2_002 });
    expect(await ask(ring, 'c')).toEqual({ values: [1, 2, 3], completeSince: 2_001 });
  });

  it('stays within its size when one property floods it for long', async () => {
    const ring = open({ values: 1_000, valuesPerProperty: 10 });
    for (let i = 0; i < 50_000; i++) ring.append([flow(2_000 + i, i)]);
    ring.append([ofTwin('a', 60_000, 1)]);
    expect((await ask(ring)).values).toHaveLength(10);
    expect((await ask(ring, 'a')).values).toEqual([1]);
    for (let i = 0; i < 1_000; i++) ring.append([flow(70_000 + i, i)]);
    expect((await ask(ring, 'a')).values).toEqual([]);
    expect((await ask(ring)).values).toEqual(Array.from({ length: 10 }, (_, i) => 990 + i));
  });

  it('bounds the size of texts and JSON values', async () => {
    const ring = open({ textBytes: 1_000 });
    for (let i = 0; i < 10; i++) ring.append([flow(2_000 + i, 'x'.repeat(150))]);
    expect((await ask(ring)).values).toHaveLength(3);
    ring.append([flow(3_000, 'x'.repeat(10_000))]);
    expect(await ask(ring)).toEqual({ values: [], completeSince: 3_001 });
    ring.append([flow(3_001, { a: 1 })]);
    expect((await ask(ring)).values).toEqual([{ a: 1 }]);
  });

  it('has room again after a retention has emptied it', async () => {
    const ring = open({ values: 3 });
    ring.append([ofTwin('a', 2_000, 1), ofTwin('b', 2_001, 1), ofTwin('c', 9_000, 1)]);
    ring.forget(5_000);
    ring.append([ofTwin('a', 9_001, 2), ofTwin('b', 9_002, 2)]);
    expect((await ask(ring, 'c')).values).toEqual([1]);
    ring.append([ofTwin('a', 9_003, 3)]);
    expect(await ask(ring, 'c')).toEqual({ values: [], completeSince: 9_001 });
    expect((await ask(ring, 'a')).values).toEqual([2, 3]);
  });
});
