/**
 * Past values in Postgres, for several servers at a time; a hypertable where the extension timescaledb is installed.
 * The primary key keeps a value that comes twice from being stored twice.
 */
import pg from 'pg';
import type { HistoryStore, RangeQuestion } from '../application/history-store.ts';
import type { PastValue, Sample, SeriesKey, SeriesValue } from '../domain/history.ts';
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

const TABLES = `
CREATE TABLE IF NOT EXISTS linchpin_history (
  twin text COLLATE "C" NOT NULL, property text COLLATE "C" NOT NULL,
  observed_at timestamptz NOT NULL, ordinal bigint NOT NULL,
  num double precision, json text, quality smallint NOT NULL,
  PRIMARY KEY (twin, property, observed_at, ordinal)
);
CREATE TABLE IF NOT EXISTS linchpin_history_state (one boolean PRIMARY KEY CHECK (one), complete_since bigint NOT NULL);
`;
/** So that old rows are found without a second index of the size of the first. */
const INDEX_BY_TIME =
  'CREATE INDEX IF NOT EXISTS linchpin_history_by_time ON linchpin_history USING brin (observed_at)';
const HYPERTABLE =
  "SELECT create_hypertable('linchpin_history', 'observed_at', if_not_exists => true, migrate_data => true)";
/** Servers that start together make the tables one after the other. Any number that nobody else uses for a lock. */
const LOCK = 5_262_417_731;

const APPEND = `INSERT INTO linchpin_history (twin, property, observed_at, ordinal, num, json, quality)
SELECT twin, property, to_timestamp(at / 1000.0), ordinal, num, json, quality
FROM unnest($1::text[], $2::text[], $3::float8[], $4::bigint[], $5::float8[], $6::text[], $7::smallint[])
  AS r (twin, property, at, ordinal, num, json, quality)
ON CONFLICT DO NOTHING`;

const ASKED = 'unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (twin, property, place)';
const OF_SERIES = 'v.twin = asked.twin AND v.property = asked.property';
const MS = 'round(extract(epoch FROM v.observed_at) * 1000)::float8';
const IN_RANGE = `${OF_SERIES} AND v.observed_at >= to_timestamp($3::float8 / 1000.0) AND v.observed_at < to_timestamp($4::float8 / 1000.0)`;

const RANGE = `SELECT asked.place::int, v.* FROM ${ASKED} CROSS JOIN LATERAL (
  SELECT ${MS}, v.ordinal::float8, v.num, v.json, v.quality FROM linchpin_history v
  WHERE ${IN_RANGE} ORDER BY v.observed_at, v.ordinal LIMIT $5
) v`;

const BUCKETS = `SELECT asked.place::int, v.* FROM ${ASKED} CROSS JOIN LATERAL (
  SELECT floor(${MS} / $6::float8) * $6::float8 AS bucket, count(*)::float8, max(v.quality),
    (array_agg(v.num ORDER BY v.observed_at DESC, v.ordinal DESC))[1],
    (array_agg(v.json ORDER BY v.observed_at DESC, v.ordinal DESC))[1],
    min(v.num) FILTER (WHERE v.quality < 2), max(v.num) FILTER (WHERE v.quality < 2), avg(v.num) FILTER (WHERE v.quality < 2)
  FROM linchpin_history v WHERE ${IN_RANGE} GROUP BY bucket ORDER BY bucket LIMIT $5
) v`;

const AS_OF = `SELECT asked.place::int, v.* FROM ${ASKED} CROSS JOIN LATERAL (
  SELECT ${MS}, v.ordinal::float8, v.num, v.json, v.quality FROM linchpin_history v
  WHERE ${OF_SERIES} AND v.observed_at <= to_timestamp($3::float8 / 1000.0) AND (NOT $4::boolean OR v.quality < 2)
  ORDER BY v.observed_at DESC, v.ordinal DESC LIMIT 1
) v`;

/** @throws LinchpinError STORE_UNAVAILABLE when the database cannot be reached, or refuses the tables */
export async function openPostgresHistory({
  url,
  startedAt,
}: {
  url: string;
  startedAt: number;
}): Promise<HistoryStore> {
  const pool = new pg.Pool({
    connectionString: url,
    max: HISTORY_LIMITS.postgresConnections,
    connectionTimeoutMillis: HISTORY_LIMITS.postgresConnectMs,
    query_timeout: HISTORY_LIMITS.postgresStatementMs,
    application_name: 'linchpin',
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced at the next question, which then tells what is wrong.
  pool.on('error', () => {});
  try {
    const isHypertable = await createTables(pool, startedAt);
    return new PostgresHistory(pool, isHypertable);
  } catch (error) {
    await pool.end();
    throw unavailable("history's Postgres cannot be used", error);
  }
}

/** Answers whether the values are in a hypertable. */
async function createTables(pool: pg.Pool, startedAt: number): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(TABLES);
    const { rowCount } = await client.query("SELECT FROM pg_extension WHERE extname = 'timescaledb'");
    const hasTimescale = (rowCount ?? 0) > 0;
    await client.query(hasTimescale ? HYPERTABLE : INDEX_BY_TIME);
    await client.query('INSERT INTO linchpin_history_state VALUES (true, $1) ON CONFLICT DO NOTHING', [startedAt]);
    await client.query('COMMIT');
    return hasTimescale;
  } finally {
    // Not back into the pool: it may stand in the midst of the transaction.
    client.release(true);
  }
}

class PostgresHistory implements HistoryStore {
  readonly isShared = true;
  readonly #pool: pg.Pool;
  readonly #isHypertable: boolean;

  constructor(pool: pg.Pool, isHypertable: boolean) {
    this.#pool = pool;
    this.#isHypertable = isHypertable;
  }

  async append(values: readonly SeriesValue[]): Promise<void> {
    await this.#ask('linchpin-append', APPEND, [
      values.map((each) => each.twin),
      values.map((each) => each.property),
      listOf(values.map((each) => each.at)),
      listOf(values.map((each) => each.order)),
      listOf(values.map((each) => numberOf(each.value))),
      values.map((each) => jsonOf(each.value)),
      listOf(values.map(rankOf)),
    ]);
  }

  async range({ series, from, to, first }: RangeQuestion): Promise<PastValue[][]> {
    const rows = await this.#ask('linchpin-range', RANGE, [...keysOf(series), from, to, first]);
    return byPlace(series, rows, (columns) => toPastValue(columns as unknown as ValueColumns));
  }

  async buckets(question: RangeQuestion & { everyMs: number }): Promise<Sample[][]> {
    const { series, from, to, first, everyMs } = question;
    const rows = await this.#ask('linchpin-buckets', BUCKETS, [...keysOf(series), from, to, first, everyMs]);
    return byPlace(series, rows, (columns) => toBucket(columns as unknown as BucketColumns));
  }

  async asOf(
    series: readonly SeriesKey[],
    at: number,
    { usableOnly }: { usableOnly: boolean },
  ): Promise<(PastValue | undefined)[]> {
    const rows = await this.#ask('linchpin-as-of', AS_OF, [...keysOf(series), at, usableOnly]);
    return byPlace(series, rows, (columns) => toPastValue(columns as unknown as ValueColumns)).map(([value]) => value);
  }

  async completeSince(series: readonly SeriesKey[]): Promise<number[]> {
    const [row] = await this.#ask('linchpin-since', 'SELECT complete_since::float8 FROM linchpin_history_state', []);
    return series.map(() => Number(row?.[0]));
  }

  async noteLost(through: number): Promise<void> {
    const sql = 'UPDATE linchpin_history_state SET complete_since = $1 WHERE complete_since < $1';
    await this.#ask('linchpin-lost', sql, [through + 1]);
  }

  async forget(before: number): Promise<void> {
    await this.noteLost(before - 1);
    const instant = 'to_timestamp($1::float8 / 1000.0)';
    // Whole chunks go at no cost; what is left of the one in between is not worth its deletion.
    const sql = this.#isHypertable
      ? `SELECT drop_chunks('linchpin_history', older_than => ${instant})`
      : `DELETE FROM linchpin_history WHERE observed_at < ${instant}`;
    await this.#ask('linchpin-forget', sql, [before]);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #ask(name: string, text: string, values: unknown[]): Promise<unknown[][]> {
    try {
      return (await this.#pool.query({ name, text, values, rowMode: 'array' })).rows;
    } catch (error) {
      throw unavailable("history's Postgres does not answer", error);
    }
  }
}

/** A list of numbers as Postgres reads it: made at once, where the driver would look at each one's type. */
function listOf(numbers: readonly (number | null)[]): string {
  return `{${numbers.map((each) => each ?? 'NULL').join()}}`;
}

function keysOf(series: readonly SeriesKey[]): [string[], string[]] {
  return [series.map((each) => each.twin), series.map((each) => each.property)];
}

/** Rows begin with their series' place in the question, counted from 1. */
function byPlace<T>(
  series: readonly SeriesKey[],
  rows: readonly unknown[][],
  toAnswer: (columns: unknown[]) => T,
): T[][] {
  const answers = series.map((): T[] => []);
  for (const [place, ...columns] of rows) answers[Number(place) - 1]?.push(toAnswer(columns));
  return answers;
}
