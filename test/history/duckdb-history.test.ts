import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryStore } from '../../src/application/history-store.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';
import { describeHistory, flow } from './contract.ts';

const folder = temporaryFolder();
let files = 0;
let path = '';
const open = (url = `duckdb://${path}`): Promise<HistoryStore> =>
  openHistory({ url, memoryValues: 1, memoryValuesPerProperty: 1, clock: () => 1_000 });

describeHistory('history in DuckDB', {
  open() {
    path = join(folder, 'a folder', `${files++}.duckdb`);
    return open();
  },
  reopen: () => open(),
  cleanUp: async () => {},
});

describe("DuckDB's file", () => {
  it('has what was appended when the process ends without closing it', async () => {
    path = join(folder, 'crash.duckdb');
    const store = await open();
    await store.append([flow(2_000, 2)]);
    const copy = join(folder, 'crashed.duckdb');
    copyFileSync(path, copy);
    copyFileSync(`${path}.wal`, `${copy}.wal`);
    await store.close();
    const crashed = await open(`duckdb://${copy}`);
    const [values] = await crashed.range({
      series: [{ twin: 'pump', property: 'flow' }],
      from: 0,
      to: 9_000,
      first: 9,
    });
    expect(values?.map((each) => each.value)).toEqual([2]);
    await crashed.close();
  });

  it('is refused with its reason when it is something else', async () => {
    const other = writeInto(folder, 'other.duckdb', 'this is no database\n'.repeat(1_000));
    await expect(open(`duckdb://${other}`)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(open(`duckdb://${other}`)).rejects.toThrow(/other\.duckdb cannot be opened: .*not a valid/i);
  });

  it('answers questions while it is appended to', async () => {
    path = join(folder, 'both.duckdb');
    const store = await open();
    const series = [{ twin: 'pump', property: 'flow' }];
    const appends: Promise<void>[] = [];
    const counts: Promise<number>[] = [];
    for (let n = 0; n < 20; n++) {
      const values = Array.from({ length: 500 }, (_, i) => flow(2_000 + n * 500 + i, i));
      appends.push(Promise.resolve(store.append(values)));
      counts.push(store.range({ series, from: 0, to: 1e9, first: 100_000 }).then(([found]) => found?.length ?? 0));
    }
    for (const count of await Promise.all(counts)) expect(count % 500).toBe(0);
    await Promise.all(appends);
    expect((await store.range({ series, from: 0, to: 1e9, first: 100_000 }))[0]).toHaveLength(10_000);
    await store.close();
  });
});
