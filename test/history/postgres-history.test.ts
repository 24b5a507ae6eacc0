import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryStore } from '../../src/application/history-store.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { type Postgres, postgresPath, startPostgres } from '../support/postgres-server.ts';
import { describeHistory, flow } from './contract.ts';

describe.skipIf(postgresPath === null)('on a real Postgres', () => {
  let postgres: Postgres;
  let url = '';
  let databases = 0;
  const run = async (sql: string, connectionString = postgres.url): Promise<pg.QueryResult> => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const newDatabase = async (): Promise<void> => {
    const name = `history_${databases++}`;
    await run(`CREATE DATABASE ${name}`);
    url = postgres.url.replace(/[^/]+$/, name);
  };
  const open = (): Promise<HistoryStore> =>
    openHistory({ url, memoryValues: 1, memoryValuesPerProperty: 1, clock: () => 1_000 });
  const series = [{ twin: 'pump', property: 'flow' }];
  const valuesOf = async (store: HistoryStore) =>
    ((await store.range({ series, from: 0, to: 1e15, first: 100 }))[0] ?? []).map((each) => each.value);

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  describeHistory('history in Postgres', {
    async open() {
      await newDatabase();
      return open();
    },
    reopen: () => open(),
    cleanUp: async () => {},
  });

  it('is made by several servers that start together, and shared by them', async () => {
    await newDatabase();
    const servers = await Promise.all([open(), open(), open()]);
    await Promise.all(
      servers.map(async (server, i) => {
        await server.append([flow(2_000, 0), flow(3_000 + i, i + 1)]);
      }),
    );
    for (const server of servers) expect(await valuesOf(server)).toEqual([0, 1, 2, 3]);
    for (const server of servers) await server.close();
  });

  it('finds a range and the last value by the key, not by reading the table', async () => {
    await newDatabase();
    const store = await open();
    await store.append(Array.from({ length: 5_000 }, (_, i) => flow(2_000 + i, i, { twin: `t${i % 50}` })));
    await run('ANALYZE linchpin_history', url);
    const plan = await run(
      `EXPLAIN SELECT * FROM linchpin_history WHERE twin = 't7' AND property = 'flow'
       AND observed_at <= to_timestamp(4) ORDER BY observed_at DESC, ordinal DESC LIMIT 1`,
      url,
    );
    expect(JSON.stringify(plan.rows)).toContain('linchpin_history_pkey');
    await store.close();
  });

  it('says that it cannot be reached, and answers again when it can', async () => {
    await newDatabase();
    const store = await open();
    await store.append([flow(2_000, 2)]);
    await postgres.kill();
    const refused = { code: 'STORE_UNAVAILABLE', retriable: true };
    await expect(store.append([flow(3_000, 3)])).rejects.toMatchObject(refused);
    await expect(store.range({ series, from: 0, to: 1, first: 1 })).rejects.toMatchObject(refused);
    await expect(open()).rejects.toMatchObject(refused);
    await postgres.restart();
    await store.append([flow(3_000, 3)]);
    expect(await valuesOf(store)).toEqual([2, 3]);
    await store.close();
  });
});
