/** Telemetry: what is newer is taken, what is not changes nothing, and what stood there is told. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoreTransaction, TwinStore } from '../../src/application/twin-store.ts';
import {
  aReading,
  aState,
  allTwins,
  aTwin,
  commit,
  created,
  type EngineUnderTest,
  ingest,
  propertiesOf,
  recordNext,
} from './store-under-test.ts';

export function describeReadings(engine: EngineUnderTest): void {
  describe('readings', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
      await commit(store, { twins: ['a', 'b'].map((id) => created(aTwin(id))) });
    });

    const temperature = async (id = 'a') => (await propertiesOf(store, id))?.get('temperature');

    it('write value, unit, quality, order and times', async () => {
      const reading = aReading('a', 'temperature', 21.5, { unit: 'Cel', quality: 'UNCERTAIN', sequence: 4 });
      const after = {
        value: 21.5,
        unit: 'Cel',
        quality: 'UNCERTAIN',
        observedAt: 3_000,
        receivedAt: 3_001,
        order: 4,
        activeLimits: [],
        stale: false,
      };
      expect(await ingest(store, reading)).toEqual([{ reading, before: null, after }]);
      expect(await temperature()).toEqual(after);
    });

    it('without a time of their own count from when they were received', async () => {
      const { observedAt: _, ...reading } = aReading('a', 'temperature', 1);
      await ingest(store, reading);
      expect(await temperature()).toMatchObject({ observedAt: 3_001, receivedAt: 3_001 });
    });

    it('tell what stood there before and what stands there now, whole', async () => {
      const before = aState(5, {
        desired: { a: [1] },
        unit: 'K',
        quality: 'UNCERTAIN',
        order: 2,
        activeLimits: [1],
        stale: true,
      });
      await commit(store, { twins: [created(aTwin('c'), { temperature: before })] });
      const [applied] = await ingest(store, aReading('c', 'temperature', 6));
      expect(applied).toEqual({ reading: aReading('c', 'temperature', 6), before, after: await temperature('c') });
    });

    it('leave limits and what is desired as they stand, and end staleness', async () => {
      const before = aState(
        { deep: 1 },
        {
          desired: { a: [1] },
          activeLimits: [1],
          pendingLimits: [0, 5],
          stale: true,
          quality: 'UNCERTAIN',
          unit: 'K',
          order: 7,
        },
      );
      await commit(store, { twins: [created(aTwin('c'), { temperature: before })] });
      await ingest(store, aReading('c', 'temperature', 6));
      expect(await temperature('c')).toEqual(
        aState(6, {
          desired: { a: [1] },
          activeLimits: [1],
          pendingLimits: [0, 5],
          observedAt: 3_000,
          receivedAt: 3_001,
        }),
      );
    });

    it.each([
      ['older', { observedAt: 2_999 }],
      ['of the same time', {}],
      ['of the same time and an earlier place', { sequence: 4 }],
      ['of the same time and place', { sequence: 5 }],
    ])('that are %s do not change the reported value, nor the twin', async (_, fields) => {
      await ingest(store, aReading('a', 'temperature', 1, { sequence: 5 }));
      const twin = (await allTwins(store)).get('a');
      expect(await ingest(store, aReading('a', 'temperature', 2, { receivedAt: 9_000, ...fields }))).toEqual([]);
      expect(await temperature()).toMatchObject({ value: 1, order: 5, receivedAt: 3_001 });
      expect((await allTwins(store)).get('a')).toEqual(twin);
    });

    it('of the same time and a later place are newer', async () => {
      await ingest(store, aReading('a', 'temperature', 1, { sequence: 5 }));
      expect(await ingest(store, aReading('a', 'temperature', 2, { sequence: 6 }))).toHaveLength(1);
      expect(await temperature()).toMatchObject({ value: 2, order: 6 });
    });

    it('are judged each by its own property', async () => {
      await ingest(store, aReading('a', 'temperature', 1, { observedAt: 5_000 }));
      const readings = [aReading('a', 'temperature', 2), aReading('a', 'pressure', 3), aReading('b', 'temperature', 4)];
      expect((await ingest(store, ...readings)).map(({ reading }) => reading)).toEqual(readings.slice(1));
      expect([await temperature('a'), await temperature('b')].map((state) => state?.value)).toEqual([1, 4]);
    });

    it('come back in the order given, unknown twins left out', async () => {
      const readings = ['b', 'nobody', 'a', 'b', 'a'].map((id, i) => aReading(id, `p${i}`, i));
      expect((await ingest(store, ...readings)).map(({ reading }) => reading)).toEqual(
        readings.filter(({ twin }) => twin !== 'nobody'),
      );
    });

    it('raise the twin’s revision once a commit, and tell when it was last heard from', async () => {
      await ingest(
        store,
        aReading('a', 'x', 1, { receivedAt: 5_500 }),
        aReading('a', 'y', 1, { receivedAt: 5_400 }),
        aReading('a', 'z', 1),
      );
      expect((await allTwins(store)).get('a')).toEqual(aTwin('a', { revision: 2, lastSeen: 5_500, updatedAt: 6_000 }));
      await ingest(store, aReading('a', 'x', 2, { observedAt: 8_000, receivedAt: 5_300 }));
      expect((await allTwins(store)).get('a')).toMatchObject({ revision: 3, lastSeen: 5_500 });
    });

    it('of quality BAD keep the last good value and its unit', async () => {
      await ingest(store, aReading('a', 'temperature', 20, { unit: 'Cel' }));
      await ingest(
        store,
        aReading('a', 'temperature', -999, { quality: 'BAD', observedAt: 4_000, receivedAt: 4_001, unit: 'K' }),
      );
      expect(await temperature()).toMatchObject({
        value: 20,
        unit: 'Cel',
        quality: 'BAD',
        observedAt: 4_000,
        receivedAt: 4_001,
      });
      await ingest(store, aReading('a', 'temperature', 21, { observedAt: 5_000 }));
      expect(await temperature()).toMatchObject({ value: 21, unit: null, quality: 'GOOD' });
    });

    it('of quality BAD leave their value where none was ever received', async () => {
      await commit(store, {
        twins: [created(aTwin('c'), { temperature: aState(null, { desired: 5, observedAt: null, receivedAt: null }) })],
      });
      await ingest(store, aReading('c', 'temperature', -999, { quality: 'BAD', unit: 'K' }));
      expect(await temperature('c')).toMatchObject({ value: -999, unit: 'K', quality: 'BAD', desired: 5 });
    });

    it('of more than one batch are one commit', async () => {
      const readings = Array.from({ length: 2_500 }, (_, i) => aReading(i % 2 ? 'a' : 'b', `p${i}`, i));
      expect(await ingest(store, ...readings)).toHaveLength(2_500);
      expect((await propertiesOf(store, 'a'))?.size).toBe(1_250);
      expect((await propertiesOf(store, 'b'))?.get('p2498')?.value).toBe(2_498);
      expect(await store.head()).toBe(2);
      expect((await allTwins(store)).get('a')?.revision).toBe(2);
    });

    it('that are sent ahead rest on the commit before them', async () => {
      await ingest(store, aReading('a', 'temperature', 1, { sequence: 1 }));
      const sendAhead = (n: number): Promise<{ at: number | undefined; before: unknown }> => {
        const readings = [aReading('a', 'temperature', n, { sequence: n })];
        const work = async (transaction: StoreTransaction) => {
          const [applied] = await transaction.applyReadings(readings, 7_000 + n);
          await recordNext(transaction, undefined, 7_000 + n, 'telemetry');
          return { at: transaction.aheadAt, before: applied?.before?.value };
        };
        return store.transact(work, { readings, clock: () => 7_000 + n });
      };
      expect(await Promise.all([2, 3, 4].map(sendAhead))).toEqual([
        { at: 7_002, before: 1 },
        { at: 7_003, before: 2 },
        { at: 7_004, before: 3 },
      ]);
      expect(await temperature()).toMatchObject({ value: 4, order: 4 });
      expect((await allTwins(store)).get('a')).toMatchObject({ revision: 5, updatedAt: 7_004 });
    });

    it('that find nobody can be given up without a trace', async () => {
      const head = await store.head();
      await store.transact(async (transaction) =>
        expect(await transaction.applyReadings([aReading('nobody', 'x', 1)], 1)).toEqual([]),
      );
      expect(await store.head()).toBe(head);
    });
  });
}
