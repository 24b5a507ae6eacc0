/** What every history store must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryStore } from '../../src/application/history-store.ts';
import type { SeriesValue } from '../../src/domain/history.ts';

export interface HistoryUnderTest {
  /** A store with nothing in it, complete since 1,000. */
  open(): Promise<HistoryStore>;
  /** After close: the same store, opened again; absent: it forgets everything. */
  reopen?(): Promise<HistoryStore>;
  cleanUp(): Promise<void>;
}

const PUMP = { twin: 'pump', property: 'flow' };
const OTHER = { twin: 'pump "2"', property: "what's {it}, \\ ünïcode" };
const NOBODY = { twin: 'nobody', property: 'flow' };

export function flow(at: number, value: SeriesValue['value'], rest: Partial<SeriesValue> = {}): SeriesValue {
  return { ...PUMP, at, order: 0, value, quality: 'GOOD', ...rest };
}

const all = { from: 0, to: 1e15, first: 1_000 };

export function describeHistory(name: string, engine: HistoryUnderTest): void {
  describe(name, () => {
    let store: HistoryStore;
    const valuesOf = async (question: { from: number; to: number; first: number } = all) =>
      ((await store.range({ series: [PUMP], ...question }))[0] ?? []).map((each) => each.value);

    beforeEach(async () => {
      store = await engine.open();
    });
    afterEach(async () => {
      await store.close();
      await engine.cleanUp();
    });

    it('answers values in the order of their time, whatever the order in which they came', async () => {
      await store.append([flow(5_000, 5), flow(2_000, 2)]);
      await store.append([flow(3_000, 3), flow(9_000, 9), flow(1_000, 1)]);
      expect(await valuesOf()).toEqual([1, 2, 3, 5, 9]);
    });

    it('orders values of one instant by their sequence', async () => {
      await store.append([
        flow(2_000, 'b', { order: 2 }),
        flow(2_000, 'a', { order: -1 }),
        flow(2_000, 'c', { order: 10 }),
      ]);
      expect(await valuesOf()).toEqual(['a', 'b', 'c']);
    });

    it('keeps a value that comes twice once, the first', async () => {
      await store.append([flow(2_000, 2), flow(3_000, 3), flow(2_000, 2)]);
      await store.append([flow(2_000, 2), flow(3_000, 3, { order: 1 }), flow(3_000, 99)]);
      expect(await valuesOf()).toEqual([2, 3, 3]);
      expect(await store.buckets({ series: [PUMP], ...all, everyMs: 10_000 })).toEqual([
        [expect.objectContaining({ count: 3, mean: 8 / 3 })],
      ]);
      await store.append([flow(3_000, 99, { order: 1 })]);
      expect((await store.asOf([PUMP], 3_000, { usableOnly: false }))[0]?.value).toBe(3);
    });

    it('keeps every kind of value as it was, with its quality', async () => {
      const values = [
        0,
        -1.5,
        1e300,
        2 ** 53 - 1,
        true,
        false,
        '',
        'text',
        'it\'s {"\\\u0000\u{1f600}',
        [1, 2],
        { a: [{ b: null }] },
      ];
      await store.append(values.map((value, i) => flow(2_000 + i, value, { quality: i % 2 ? 'UNCERTAIN' : 'GOOD' })));
      await store.append([flow(3_000, null, { quality: 'BAD' })]);
      const [found] = await store.range({ series: [PUMP], ...all });
      expect(found).toEqual([
        ...values.map((value, i) => ({ at: 2_000 + i, order: 0, value, quality: i % 2 ? 'UNCERTAIN' : 'GOOD' })),
        { at: 3_000, order: 0, value: null, quality: 'BAD' },
      ]);
    });

    it('keeps times to the millisecond and sequences to the last whole number', async () => {
      const at = 1_767_225_599_999;
      await store.append([
        flow(at, 1, { order: Number.MAX_SAFE_INTEGER }),
        flow(at + 1, 2, { order: Number.MIN_SAFE_INTEGER }),
      ]);
      const [found] = await store.range({ series: [PUMP], ...all });
      expect(found?.map((each) => [each.at, each.order])).toEqual([
        [at, Number.MAX_SAFE_INTEGER],
        [at + 1, Number.MIN_SAFE_INTEGER],
      ]);
      expect(await valuesOf({ ...all, from: at, to: at + 1 })).toEqual([1]);
    });

    it('includes the start of a range and excludes its end', async () => {
      await store.append([1_000, 2_000, 3_000].map((at) => flow(at, at)));
      expect(await valuesOf({ from: 1_000, to: 3_000, first: 10 })).toEqual([1_000, 2_000]);
      expect(await valuesOf({ from: 1_001, to: 3_001, first: 10 })).toEqual([2_000, 3_000]);
      expect(await valuesOf({ from: 2_000, to: 2_000, first: 10 })).toEqual([]);
    });

    it('answers the oldest where there are more than asked for', async () => {
      await store.append([4_000, 1_000, 3_000, 2_000].map((at) => flow(at, at)));
      expect(await valuesOf({ ...all, first: 2 })).toEqual([1_000, 2_000]);
      expect(await valuesOf({ ...all, first: 0 })).toEqual([]);
    });

    it('answers several series at once, each in its place, and an empty one for what nobody wrote', async () => {
      await store.append([flow(2_000, 1), flow(3_000, 2), { ...flow(2_500, 'x'), ...OTHER }]);
      const series = [OTHER, NOBODY, PUMP, OTHER];
      const found = await store.range({ series, ...all, first: 1 });
      expect(found.map((own) => own.map((each) => each.value))).toEqual([['x'], [], [1], ['x']]);
      const buckets = await store.buckets({ series, ...all, everyMs: 60_000 });
      expect(buckets.map((own) => own.map((each) => each.count))).toEqual([[1], [], [2], [1]]);
      const last = await store.asOf(series, 9_000, { usableOnly: false });
      expect(last.map((each) => each?.value)).toEqual(['x', undefined, 2, 'x']);
      expect(await store.range({ series: [], ...all })).toEqual([]);
    });

    it('makes buckets that begin at whole multiples of their length, without empty ones', async () => {
      await store.append([flow(59_999, 1), flow(60_000, 4), flow(60_001, 2), flow(119_999, 3), flow(240_000, 7)]);
      expect((await store.buckets({ series: [PUMP], from: 60_000, to: 1e15, first: 10, everyMs: 60_000 }))[0]).toEqual([
        { at: 60_000, value: 3, quality: 'GOOD', count: 3, min: 2, max: 4, mean: 3 },
        { at: 240_000, value: 7, quality: 'GOOD', count: 1, min: 7, max: 7, mean: 7 },
      ]);
      // Only what is in the range counts, also where a bucket reaches further.
      expect(
        (await store.buckets({ series: [PUMP], from: 60_001, to: 119_999, first: 10, everyMs: 60_000 }))[0],
      ).toEqual([{ at: 60_000, value: 2, quality: 'GOOD', count: 1, min: 2, max: 2, mean: 2 }]);
      const first = await store.buckets({ series: [PUMP], from: 0, to: 1e15, first: 2, everyMs: 60_000 });
      expect(first[0]?.map((each) => each.at)).toEqual([0, 60_000]);
    });

    it('leaves BAD values out of smallest, largest and mean, and tells the worst quality', async () => {
      await store.append([
        flow(1_000, 10),
        flow(1_001, 99, { quality: 'BAD' }),
        flow(1_002, 20, { quality: 'UNCERTAIN' }),
      ]);
      await store.append([flow(2_000, null, { quality: 'BAD' }), flow(3_000, 'on'), flow(3_001, 'off')]);
      expect((await store.buckets({ series: [PUMP], ...all, everyMs: 1_000 }))[0]).toEqual([
        { at: 1_000, value: 20, quality: 'BAD', count: 3, min: 10, max: 20, mean: 15 },
        { at: 2_000, value: null, quality: 'BAD', count: 1, min: null, max: null, mean: null },
        { at: 3_000, value: 'off', quality: 'GOOD', count: 2, min: null, max: null, mean: null },
      ]);
    });

    it('tells the last value at or before an instant, and the last usable one', async () => {
      await store.append([flow(2_000, 2), flow(4_000, 4, { order: 1 }), flow(4_000, 5, { order: 2 })]);
      await store.append([flow(6_000, 6, { quality: 'BAD' })]);
      const asOf = async (at: number, usableOnly = false) => (await store.asOf([PUMP], at, { usableOnly }))[0]?.value;
      expect(await asOf(1_999)).toBeUndefined();
      expect(await asOf(2_000)).toBe(2);
      expect(await asOf(3_999)).toBe(2);
      expect(await asOf(4_000)).toBe(5);
      expect(await asOf(7_000)).toBe(6);
      expect(await asOf(7_000, true)).toBe(5);
      expect(await asOf(1_000, true)).toBeUndefined();
    });

    it('is complete since its start, and after a loss or a retention since behind that', async () => {
      expect(await store.completeSince([PUMP, NOBODY])).toEqual([1_000, 1_000]);
      await store.noteLost(5_000);
      expect(await store.completeSince([PUMP])).toEqual([5_001]);
      await store.noteLost(4_000);
      expect(await store.completeSince([PUMP])).toEqual([5_001]);
      await store.forget(8_000);
      expect(await store.completeSince([PUMP])).toEqual([8_000]);
    });

    it('forgets what is older than the retention, and only that', async () => {
      await store.append([flow(1_000, 1), flow(2_000, 2), { ...flow(1_500, 1), ...OTHER }]);
      await store.forget(2_000);
      expect(await valuesOf()).toEqual([2]);
      expect(await store.range({ series: [OTHER], ...all })).toEqual([[]]);
      await store.append([{ ...flow(3_000, 3), ...OTHER }]);
      expect((await store.range({ series: [OTHER], ...all }))[0]?.length).toBe(1);
    });

    it('takes batches of more rows than an engine takes at once', async () => {
      const values = Array.from({ length: 10_000 }, (_, i) => flow(10_000 + i, i, { twin: `t${i % 100}` }));
      await store.append(values);
      const series = Array.from({ length: 100 }, (_, i) => ({ twin: `t${i}`, property: 'flow' }));
      const found = await store.range({ series, ...all });
      expect(found.map((own) => own.length)).toEqual(series.map(() => 100));
      expect(found[7]?.[3]).toEqual({ at: 10_307, order: 0, value: 307, quality: 'GOOD' });
    });

    if (!engine.reopen) return;
    it('has everything after it was closed and opened again', async () => {
      await store.append([flow(2_000, 2), { ...flow(2_000, 'x'), ...OTHER }]);
      await store.noteLost(1_500);
      await store.close();
      store = (await engine.reopen?.()) ?? store;
      await store.append([flow(2_000, 2), flow(3_000, 3)]);
      expect(await valuesOf()).toEqual([2, 3]);
      expect((await store.range({ series: [OTHER], ...all }))[0]?.[0]?.value).toBe('x');
      expect(await store.completeSince([PUMP])).toEqual([1_501]);
    });
  });
}
