/**
 * Past values in a DuckDB file of this process. Rows are appended without an index, which would have to fit in memory:
 * a value that comes twice lies there twice, and every question leaves the second one out.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  DOUBLE,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { HistoryStore, RangeQuestion } from '../application/history-store.ts';
import type { PastValue, Sample, SeriesKey, SeriesValue } from '../domain/history.ts';
import { DuckdbSeries } from './duckdb-series.ts';
import { HISTORY_LIMITS } from './history-limits.ts';
import { unavailable } from './unavailable.ts';
import {
  type BucketColumns,
  jsonOf,
  numberOf,
  rankOf,
  toBucket,
  toPastValue,
  type ValueColumns,
} from './value-columns.ts';

/** observed_at and ordinal are whole numbers, which a DOUBLE holds exactly: the API has no cheaper 64 bits. */
const TABLES = `
CREATE TABLE IF NOT EXISTS history_series (series INTEGER NOT NULL, twin VARCHAR NOT NULL, property VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS history_values (
  series INTEGER NOT NULL, observed_at DOUBLE NOT NULL, ordinal DOUBLE NOT NULL,
  num DOUBLE, json VARCHAR, quality UTINYINT NOT NULL
);
CREATE TABLE IF NOT EXISTS history_state (complete_since DOUBLE NOT NULL);
CREATE OR REPLACE VIEW history AS
  SELECT twin, property, epoch_ms(observed_at::BIGINT) AS observed_at, num, json,
    ['GOOD', 'UNCERTAIN', 'BAD'][quality + 1] AS quality
  FROM (SELECT DISTINCT * FROM history_values) JOIN history_series USING (series);
`;
const VALUE_TYPES = [INTEGER, DOUBLE, DOUBLE, DOUBLE, VARCHAR, UTINYINT];
const SERIES_TYPES = [INTEGER, VARCHAR, VARCHAR];

/** @throws LinchpinError STORE_UNAVAILABLE when the file cannot be opened, as when another process has it */
export async function openDuckdbHistory(options: { path: string; startedAt: number }): Promise<HistoryStore> {
  const { path, startedAt } = options;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const instance = await DuckDBInstance.create(path, { memory_limit: HISTORY_LIMITS.duckdbMemory });
    const [writing, reading] = [await instance.connect(), await instance.connect()];
    await writing.run(TABLES);
    await writing.run('INSERT INTO history_state SELECT $at WHERE NOT EXISTS (FROM history_state)', { at: startedAt });
    const series = new DuckdbSeries();
    await series.load(writing);
    return new DuckdbHistory({ instance, writing, reading, series });
  } catch (error) {
    throw unavailable(`history's file ${path} cannot be opened`, error);
  }
}

interface DuckdbParts {
  readonly instance: DuckDBInstance;
  readonly writing: DuckDBConnection;
  /** Its own, so that a question does not wait for an append. */
  readonly reading: DuckDBConnection;
  readonly series: DuckdbSeries;
}

class DuckdbHistory implements HistoryStore {
  readonly isShared = false;
  readonly #parts: DuckdbParts;
  /** Writes go one after the other: a connection has one transaction. */
  #writes: Promise<void> = Promise.resolve();
  #reads = new Set<Promise<unknown>>();

  constructor(parts: DuckdbParts) {
    this.#parts = parts;
  }

  append(values: readonly SeriesValue[]): Promise<void> {
    return this.#write(async (connection) => {
      const added: [number, SeriesKey][] = [];
      const numbers = values.map((value) => this.#numberOf(value, added));
      // The appender only fills memory; it is the commit that waits for the disk, and it does not hold up this thread.
      if (added.length > 0) {
        await append(connection, 'history_series', SERIES_TYPES, added.length, (from, to) => {
          const part = added.slice(from, to);
          return [part.map(([number]) => number), part.map(([, key]) => key.twin), part.map(([, key]) => key.property)];
        });
      }
      await append(connection, 'history_values', VALUE_TYPES, values.length, (from, to) => {
        const part = values.slice(from, to);
        return [
          numbers.slice(from, to),
          part.map((each) => each.at),
          part.map((each) => each.order),
          part.map((each) => numberOf(each.value)),
          part.map((each) => jsonOf(each.value)),
          part.map(rankOf),
        ];
      });
    });
  }

  async range({ series, from, to, first }: RangeQuestion): Promise<PastValue[][]> {
    const rows = await this.#read(
      series,
      (numbers) => `SELECT series, observed_at, ordinal, num, json, quality
      FROM ${inRange(numbers)}
      QUALIFY row_number() OVER (PARTITION BY series ORDER BY observed_at, ordinal) <= $first
      ORDER BY observed_at, ordinal`,
      { from, to, first },
    );
    return rows.map((own) => own.map((columns) => toPastValue(columns as unknown as ValueColumns)));
  }

  async buckets(question: RangeQuestion & { everyMs: number }): Promise<Sample[][]> {
    const { series, from, to, first, everyMs } = question;
    const rows = await this.#read(
      series,
      (numbers) => `SELECT series, floor(observed_at / $every) * $every AS bucket, count(*)::DOUBLE, max(quality),
        last(num ORDER BY observed_at, ordinal), last(json ORDER BY observed_at, ordinal),
        min(num) FILTER (quality < 2), max(num) FILTER (quality < 2), avg(num) FILTER (quality < 2)
      FROM ${inRange(numbers)}
      GROUP BY series, bucket
      QUALIFY row_number() OVER (PARTITION BY series ORDER BY bucket) <= $first
      ORDER BY bucket`,
      { from, to, first, every: everyMs },
    );
    return rows.map((own) => own.map((columns) => toBucket(columns as unknown as BucketColumns)));
  }

  async asOf(
    series: readonly SeriesKey[],
    at: number,
    { usableOnly }: { usableOnly: boolean },
  ): Promise<(PastValue | undefined)[]> {
    const rows = await this.#read(
      series,
      (numbers) => `SELECT series, observed_at, ordinal, num, json, quality FROM history_values
      WHERE series IN (${numbers}) AND observed_at <= $at ${usableOnly ? 'AND quality < 2' : ''}
      QUALIFY row_number() OVER (PARTITION BY series ORDER BY observed_at DESC, ordinal DESC, rowid) = 1`,
      { at },
    );
    return rows.map(([columns]) => columns && toPastValue(columns as unknown as ValueColumns));
  }

  async completeSince(series: readonly SeriesKey[]): Promise<number[]> {
    const reader = await this.#ask('SELECT complete_since FROM history_state');
    const since = Number(reader[0]?.[0]);
    return series.map(() => since);
  }

  noteLost(through: number): Promise<void> {
    return this.#write(async (connection) => {
      await connection.run('UPDATE history_state SET complete_since = greatest(complete_since, $since)', {
        since: through + 1,
      });
    });
  }

  async forget(before: number): Promise<void> {
    await this.noteLost(before - 1);
    await this.#write(async (connection) => {
      await connection.run('DELETE FROM history_values WHERE observed_at < $before', { before });
    });
  }

  async close(): Promise<void> {
    await this.#writes;
    await Promise.allSettled(this.#reads);
    const { instance, writing, reading } = this.#parts;
    writing.closeSync();
    reading.closeSync();
    instance.closeSync();
  }

  #numberOf(key: SeriesKey, added: [number, SeriesKey][]): number {
    const known = this.#parts.series.find(key);
    if (known !== undefined) return known;
    const number = this.#parts.series.add(key);
    added.push([number, key]);
    return number;
  }

  #write(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    const done = this.#writes.then(() => this.#transact(work));
    this.#writes = done.catch(() => {});
    return done;
  }

  async #transact(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    const { writing, series } = this.#parts;
    try {
      await writing.run('BEGIN');
      await work(writing);
      await writing.run('COMMIT');
    } catch (error) {
      await writing.run('ROLLBACK').catch(() => {}); // the transaction may have ended by itself
      await series.load(writing).catch(() => {}); // what was added is not there; told by the next write
      throw unavailable("history's file takes no values", error);
    }
  }

  /** Rows of each series, in its place, without the series. */
  async #read(
    series: readonly SeriesKey[],
    sql: (numbers: string) => string,
    parameters: Record<string, number>,
  ): Promise<DuckDBValue[][][]> {
    const rowsByNumber = new Map<number, DuckDBValue[][]>();
    const numbers = series.map((key) => this.#parts.series.find(key));
    for (const number of numbers) if (number !== undefined) rowsByNumber.set(number, []);
    if (rowsByNumber.size > 0) {
      for (const [number, ...columns] of await this.#ask(sql([...rowsByNumber.keys()].join()), parameters))
        rowsByNumber.get(Number(number))?.push(columns);
    }
    return numbers.map((number) => (number === undefined ? [] : (rowsByNumber.get(number) ?? [])));
  }

  async #ask(sql: string, parameters: Record<string, number> = {}): Promise<DuckDBValue[][]> {
    // Bound as DOUBLE, like the columns: whole numbers past 32 bits would be refused as INTEGER.
    const types = Object.fromEntries(Object.keys(parameters).map((name) => [name, DOUBLE]));
    const reading = this.#parts.reading.runAndReadAll(sql, parameters, types);
    this.#reads.add(reading);
    try {
      return (await reading).getRows();
    } catch (error) {
      throw unavailable('history cannot be read', error);
    } finally {
      this.#reads.delete(reading);
    }
  }
}

/** Of a value that came twice the first, as everywhere else. */
function inRange(numbers: string): string {
  return `(SELECT DISTINCT ON (series, observed_at, ordinal) * FROM history_values
    WHERE series IN (${numbers}) AND observed_at >= $from AND observed_at < $to
    ORDER BY series, observed_at, ordinal, rowid)`;
}

/** Appends in chunks of as many rows as the engine takes at once. */
async function append(
  connection: DuckDBConnection,
  table: string,
  types: readonly DuckDBType[],
  count: number,
  columns: (from: number, to: number) => DuckDBValue[][],
): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    for (let from = 0; from < count; from += HISTORY_LIMITS.duckdbChunkRows) {
      const to = Math.min(count, from + HISTORY_LIMITS.duckdbChunkRows);
      const chunk = DuckDBDataChunk.create(types, to - from);
      chunk.setColumns(columns(from, to));
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}
