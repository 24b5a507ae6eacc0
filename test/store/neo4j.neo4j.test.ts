import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import neo4j, { type Driver } from 'neo4j-driver';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { TwinStore } from '../../src/application/twin-store.ts';
import type { GraphPort } from '../../src/store/graph-port.ts';
import { openNeo4j } from '../../src/store/neo4j-graph.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import { describeSchema } from '../contract/schema.ts';
import { aReading, aTwin, commit, created, ingest, propertiesOf, recordNext } from '../contract/store-under-test.ts';
import { describeTransactions } from '../contract/transactions.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import type { Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const given = inject('neo4j');
const { log } = createRecordingLog();

describe.skipIf(!given)('Neo4j', () => {
  const address = given as Neo4jAddress;
  let driver: Driver;
  beforeAll(() => {
    driver = neo4j.driver(address.uri, neo4j.auth.basic(address.username, address.password));
  });
  afterAll(() => driver.close());
  beforeEach(() => emptyNeo4j(address));

  const withPort = async (work: (port: GraphPort) => Promise<void>): Promise<void> => {
    const port = openNeo4j({ ...address, log });
    await work(port);
    await port.close();
  };
  describeSchema(withPort);
  describeTransactions(withPort);

  describe('written to by two servers', () => {
    let one: TwinStore;
    let other: TwinStore;
    beforeEach(async () => {
      [one, other] = [await openNeo4jStore({ ...address, log }), await openNeo4jStore({ ...address, log })];
    });
    const closed = async (): Promise<void> => {
      await one.close();
      await other.close();
    };

    it('gives commits one order, without a gap', async () => {
      const heads: number[] = [];
      const bump = (store: TwinStore): Promise<number> =>
        store.transact(async (transaction) => {
          heads.push(transaction.head);
          return recordNext(transaction);
        });
      const sequences = await Promise.all(Array.from({ length: 40 }, (_, i) => bump(i % 2 ? one : other)));
      const all = Array.from({ length: 40 }, (_, i) => i + 1);
      expect(sequences.toSorted((a, b) => a - b)).toEqual(all);
      expect(heads.toSorted((a, b) => a - b)).toEqual(all.map((n) => n - 1));
      expect((await one.changesAfter(0, 100)).map((record) => record.sequence)).toEqual(all);
      await closed();
    });

    it('does not let one undo what the other was told later', async () => {
      await commit(one, { twins: [created(aTwin('a'))] });
      await ingest(one, aReading('a', 'x', 1, { observedAt: 100 }));
      await ingest(other, aReading('a', 'x', 2, { observedAt: 300 }));
      // The first server still holds what it wrote itself for the latest.
      expect(await ingest(one, aReading('a', 'x', 3, { observedAt: 200 }))).toEqual([]);
      const [applied] = await ingest(one, aReading('a', 'x', 4, { observedAt: 400 }));
      expect(applied?.before).toMatchObject({ value: 2, observedAt: 300 });
      expect((await propertiesOf(other, 'a'))?.get('x')).toMatchObject({ value: 4, observedAt: 400 });
      await closed();
    });
  });

  it('takes what somebody else put on a twin: dates, points and whole numbers', async () => {
    const store = await openNeo4jStore({ ...address, log });
    await commit(store, { twins: [created(aTwin('a'))] });
    await driver.executeQuery(
      "MATCH (t:Twin {id: 'a'}) SET t.built = date('2020-02-29'), t.place = point({x: 1, y: 2}), t.count = 12, t.took = duration('PT5M')",
    );
    const states = await propertiesOf(store, 'a');
    expect([...(states ?? [])].map(([name, { value }]) => [name, value])).toEqual(
      expect.arrayContaining([
        ['built', '2020-02-29'],
        ['count', 12],
        ['took', 'PT5M'],
        ['place', expect.stringContaining('Point')],
      ]),
    );
    await store.close();
  });

  it('ends a statement in the server when its caller has gone', async () => {
    const port = openNeo4j({ ...address, log });
    const abort = new AbortController();
    const endless = 'UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i, j WHERE i + j = -1 RETURN i';
    const reading = port.read(endless, {}, abort.signal);
    while ((await running('UNWIND range(1, 1000000)')) === 0);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'TIMEOUT' });
    while ((await running('UNWIND range(1, 1000000)')) > 0);
    await port.close();
  });

  /** Statements in the server that begin like this. */
  async function running(text: string): Promise<number> {
    const statement =
      'SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH $text RETURN count(*) AS count';
    const { records } = await driver.executeQuery(statement, { text });
    return Number(records[0]?.get('count'));
  }

  it('that is not there is unavailable', async () => {
    await expect(openNeo4jStore({ ...address, uri: 'bolt://127.0.0.1:1', log })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retriable: true,
    });
  });

  it('at an address that is none is a fault of the settings', async () => {
    await expect(openNeo4jStore({ ...address, uri: 'nowhere', log })).rejects.toMatchObject({ code: 'BAD_CONFIG' });
    await expect(openNeo4jStore({ ...address, database: 'nosuch', log })).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  it('that goes away and comes back: writes fail as unavailable, and then go on', async () => {
    const line = await cuttableLine(address.uri);
    const store = await openNeo4jStore({ ...address, uri: line.uri, log });
    expect(await commit(store, {})).toBe(1);
    line.cut();
    await expect(commit(store, {})).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    line.mend();
    expect(await commit(store, {})).toBe(2);
    await store.close();
    line.close();
  });
});

/** A way to the server that can be cut: what is open ends, and what comes is turned away. */
async function cuttableLine(uri: string): Promise<{ uri: string; cut(): void; mend(): void; close(): void }> {
  const { hostname, port } = new URL(uri);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [socket, peer] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.pipe(peer);
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        open.delete(socket);
        peer.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    uri: `bolt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      end();
    },
    mend() {
      isCut = false;
    },
    close() {
      end();
      server.close();
    },
  };
}
