/** The change feed: one order of commits, without gaps, readable from any place, forgotten from the front. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { NO_CHANGES } from '../../src/domain/change.ts';
import {
  aReading,
  aRelationship,
  aState,
  allTwins,
  aTwin,
  changed,
  commit,
  created,
  deleted,
  type EngineUnderTest,
  recordNext,
  relationshipCreated,
} from './store-under-test.ts';

/** Retention that forgets nothing. */
const ALL = { since: 0, records: 1e9, size: 1e12 };

export function describeFeed(engine: EngineUnderTest): void {
  describe('transactions', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
    });

    it('begin at 0 on an empty graph', async () => {
      expect([await store.head(), await store.oldest(), await store.changesAfter(0, 10)]).toEqual([0, 1, []]);
    });

    it('know the last commit’s sequence, and see what they wrote', async () => {
      await commit(store, { twins: [created(aTwin('a'))] });
      await store.transact(async (transaction) => {
        expect(transaction.head).toBe(1);
        await transaction.write({ ...NO_CHANGES, twins: [created(aTwin('b'), { x: aState(1) })] });
        expect((await transaction.properties(['b'])).get('b')).toEqual(new Map([['x', aState(1)]]));
        await transaction.applyReadings([aReading('b', 'x', 2)], 1);
        expect((await transaction.properties(['b'], ['x'])).get('b')?.get('x')?.value).toBe(2);
        expect(await transaction.changesAfter(0)).toHaveLength(1);
        await recordNext(transaction);
      });
    });

    it('that throw leave nothing behind', async () => {
      const failure = new Error('no');
      const failing = store.transact(async (transaction) => {
        await transaction.write({ ...NO_CHANGES, twins: [created(aTwin('a'))] });
        await recordNext(transaction);
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
      expect([await store.head(), (await allTwins(store)).size]).toEqual([0, 0]);
      expect(await commit(store, {})).toBe(1);
    });

    it('that record nothing leave nothing behind, and answer', async () => {
      const answer = await store.transact(async (transaction) => {
        await transaction.write({ ...NO_CHANGES, twins: [created(aTwin('a'))] });
        return 'answer';
      });
      expect([answer, await store.head(), (await allTwins(store)).size]).toEqual(['answer', 0, 0]);
    });

    it('are not seen by others before they are committed', async () => {
      await store.transact(async (transaction) => {
        await transaction.write({ ...NO_CHANGES, twins: [created(aTwin('a'))] });
        await recordNext(transaction);
        expect([await store.head(), (await allTwins(store)).size]).toEqual([0, 0]);
      });
      expect([await store.head(), (await allTwins(store)).size]).toEqual([1, 1]);
    });

    it('run one behind the other, in the order of the calls', async () => {
      const order: string[] = [];
      const run = (name: string) =>
        store.transact(async (transaction) => {
          order.push(`${name} begins at ${transaction.head}`);
          await recordNext(transaction);
          order.push(`${name} ends`);
        });
      await Promise.all([run('a'), run('b'), run('c')]);
      expect(order).toEqual(['a begins at 0', 'a ends', 'b begins at 1', 'b ends', 'c begins at 2', 'c ends']);
    });

    it('do not hold up those behind them when they fail', async () => {
      const first = store.transact(async () => {
        throw new Error('no');
      });
      const second = commit(store, {});
      await expect(first).rejects.toThrow('no');
      expect(await second).toBe(1);
    });

    it('refuse a sequence that is not the next', async () => {
      for (const sequence of [0, 2, 1.5]) {
        const record = { ...NO_CHANGES, sequence, at: 1, origin: 'mutation' as const, actor: null };
        await expect(store.transact((transaction) => transaction.record(record))).rejects.toMatchObject({
          code: 'INTERNAL',
        });
      }
      expect(await store.head()).toBe(0);
    });
  });

  describe('the change feed', () => {
    let store: TwinStore;
    beforeEach(async () => {
      store = await engine.open();
    });

    const sequences = async (after: number, limit = 100) =>
      (await store.changesAfter(after, limit)).map((record) => record.sequence);

    it('answers records whole', async () => {
      const twin = aTwin('a', { tags: ['x'] });
      const state = aState({ deep: [1, null] }, { desired: null });
      const changes = {
        twins: [
          created(twin, { constructor: state }),
          changed('b', { name: 'x' }, { name: 'y' }, [{ name: '__proto__', before: state, after: null }]),
          deleted(aTwin('c')),
        ],
        relationships: [relationshipCreated(aRelationship('r', 'a', 'a', { properties: { length: 5 } }))],
        models: [],
      };
      const record = { sequence: 1, at: 12_345, origin: 'import' as const, actor: 'käthe', ...changes };
      await store.transact((transaction) => transaction.record(record));
      expect(await store.changesAfter(0, 10)).toEqual([record]);
      expect(await (await engine.reopen()).changesAfter(0, 10)).toEqual([record]);
    });

    it('takes several records of one commit', async () => {
      await store.transact(async (transaction) => {
        for (const sequence of [1, 2, 3])
          await transaction.record({ ...NO_CHANGES, sequence, at: 1, origin: 'import', actor: null });
      });
      expect([await store.head(), await sequences(0), await sequences(1)]).toEqual([3, [1, 2, 3], [2, 3]]);
    });

    it('goes on behind any sequence, in order, as far as asked', async () => {
      for (let i = 0; i < 60; i++) await commit(store, {});
      expect(await sequences(0, 1_000)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
      expect(await sequences(10, 3)).toEqual([11, 12, 13]);
      expect(await sequences(58, 30)).toEqual([59, 60]);
      expect(await sequences(60)).toEqual([]);
      expect(await sequences(99)).toEqual([]);
    });

    it('forgets what is older than an instant', async () => {
      for (const at of [100, 200, 300, 400]) await commit(store, {}, { at });
      expect(await store.prune({ ...ALL, since: 250 })).toBe(2);
      expect([await store.oldest(), await store.head(), await sequences(0)]).toEqual([3, 4, [3, 4]]);
      expect(await store.prune({ ...ALL, since: 250 })).toBe(0);
    });

    it('forgets all but the newest', async () => {
      for (const at of [100, 200, 300, 400]) await commit(store, {}, { at });
      expect(await store.prune({ ...ALL, records: 1 })).toBe(3);
      expect([await store.oldest(), await sequences(0)]).toEqual([4, [4]]);
    });

    it('forgets the oldest where the records take more room than they may', async () => {
      for (let i = 10; i < 20; i++) await commit(store, { twins: [created(aTwin(`t${i}`))] });
      expect(await store.prune({ ...ALL, size: 1 })).toBe(9);
      expect(await sequences(0)).toEqual([10]);
    });

    it('never forgets the last record, which tells since when the present holds', async () => {
      for (let i = 0; i < 3; i++) await commit(store, {});
      expect(await store.prune({ ...ALL, since: 1e15 })).toBe(2);
      expect([await store.oldest(), await store.head(), await sequences(0)]).toEqual([3, 3, [3]]);
      store = await engine.reopen();
      expect(await commit(store, {})).toBe(4);
      expect([await store.oldest(), await sequences(0)]).toEqual([3, [3, 4]]);
    });

    it('tells where it stood at an instant, and since when it can tell', async () => {
      expect(await store.sequenceAt(1)).toBe(0);
      for (const at of [100, 200, 200, 400]) await commit(store, {}, { at });
      const standsAt = (instants: number[]) => Promise.all(instants.map((at) => store.sequenceAt(at)));
      expect(await standsAt([0, 99, 100, 199, 200, 399, 400, 1e12])).toEqual([0, 0, 1, 1, 3, 3, 4, 4]);
      await store.prune({ ...ALL, since: 150 });
      expect(await standsAt([200, 300, 1e12])).toEqual([3, 3, 4]);
      await expect(store.sequenceAt(199)).rejects.toMatchObject({ code: 'RETENTION_PASSED', details: { since: 200 } });
    });

    it('forgets thousands, a piece at a time', async () => {
      await store.transact(async (transaction) => {
        for (let sequence = 1; sequence <= 2_500; sequence++)
          await transaction.record({ ...NO_CHANGES, sequence, at: 1, origin: 'import', actor: null });
      });
      expect(await store.prune({ ...ALL, records: 10 })).toBe(2_490);
      expect(await sequences(0)).toHaveLength(10);
    });
  });

  describe('a store', () => {
    it('answers a ping, and says so when it is closed', async () => {
      const store = await engine.open();
      await store.ping();
      await store.close();
      await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(store.transact(async () => 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });

    it('closes behind what is still being written', async () => {
      const store = await engine.open();
      const writing = commit(store, { twins: [created(aTwin('a'))] });
      await store.close();
      expect(await writing).toBe(1);
    });

    it('gives up a read whose caller has gone', async () => {
      const store = await engine.open();
      await expect(store.twinsWhere([], AbortSignal.abort())).rejects.toMatchObject({ code: 'TIMEOUT' });
      await expect(store.properties(['a'], undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'TIMEOUT' });
    });
  });
}
