/** The order of statements in a transaction. */
import { describe, expect, it } from 'vitest';
import type { GraphPort } from '../../src/store/graph-port.ts';

/** `withPort` lends a port to an empty graph. */
export function describeTransactions(withPort: (work: (port: GraphPort) => Promise<void>) => Promise<void>): void {
  describe('a transaction', () => {
    const SET = 'UNWIND range(1, 500) AS i MATCH (t:Thing {id: $id}) SET t += $keys RETURN count(t)';
    const READ = 'MATCH (t:Thing {id: $id}) RETURN t.a, t.b, t.c';

    it('runs statements without an order behind those with one before, and those with one behind all', async () => {
      await withPort(async (port) => {
        const transaction = port.begin();
        const made = transaction.run('CREATE (:Thing {id: $id}) RETURN 1', { id: 'x' });
        const set = ['a', 'b', 'c'].map((key) => transaction.runUnordered(SET, { id: 'x', keys: { [key]: 1 } }));
        const seen = transaction.run(READ, { id: 'x' });
        expect(await Promise.all([made, ...set, seen])).toEqual([[[1]], [[500]], [[500]], [[500]], [[1, 1, 1]]]);
        await transaction.commit();
        expect(await port.read(READ, { id: 'x' })).toEqual([[1, 1, 1]]);
      });
    });

    it('is not committed before those without an order have ended, and not at all when one fails', async () => {
      await withPort(async (port) => {
        const whole = port.begin();
        void whole.run('CREATE (:Thing {id: $id}) RETURN 1', { id: 'y' });
        for (const key of ['a', 'b']) void whole.runUnordered(SET, { id: 'y', keys: { [key]: 2 } });
        await whole.commit();
        expect(await port.read(READ, { id: 'y' })).toEqual([[2, 2, null]]);

        const failing = port.begin();
        void failing.runUnordered(SET, { id: 'y', keys: { c: 3 } });
        const refused = failing.runUnordered('THIS IS NO CYPHER', {});
        await expect(refused).rejects.toMatchObject({ code: 'INTERNAL' });
        await expect(failing.commit()).rejects.toMatchObject({ code: 'INTERNAL' });
        await failing.rollback();
        expect(await port.read(READ, { id: 'y' })).toEqual([[2, 2, null]]);
      });
    });
  });
}
