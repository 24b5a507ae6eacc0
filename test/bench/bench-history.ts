/**
 * Readings to stored history, as telemetry brings them (batch by batch, each waited for), against the engine's own bulk
 * path with the same batches, made ready beforehand: DuckDB's data chunks, and COPY into a Postgres table with the
 * same key. In one run; each batch is committed. Arguments: rows of a batch, 1,000 by default.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOUBLE, DuckDBDataChunk, DuckDBInstance, INTEGER, UTINYINT, VARCHAR } from '@duckdb/node-api';
import pg from 'pg';
import { HistoryRecorder } from '../../src/application/history-recorder.ts';
import { Memory } from '../../src/application/memory.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { postgresPath, startPostgres } from '../support/postgres-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const SERIES = 10_000;
const ROWS = 200_000;
const ROUNDS = 5;
const BATCH = Number(process.argv[2] ?? 1_000);
const START = Date.now() - 86_400_000;

const { log } = createRecordingLog();
const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
const batchStarts = Array.from({ length: Math.ceil(ROWS / BATCH) }, (_, i) => i * BATCH);
const twinOf = (n: number): string => `plant/area-${n % 100}/pump-${n % SERIES}`;
const valueOf = (n: number): number => Math.sin(n) * 100;
const rowsFrom = <Row>(start: number, rowOf: (n: number) => Row): Row[] =>
  Array.from({ length: Math.min(BATCH, ROWS - start) }, (_, i) => rowOf(start + i));

try {
  await measureDuckdb();
  if (postgresPath !== null) await measurePostgres();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureDuckdb(): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'bare.duckdb'), { memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run(
    'CREATE TABLE v (series INTEGER, observed_at DOUBLE, ordinal DOUBLE, num DOUBLE, json VARCHAR, quality UTINYINT)',
  );
  const types = [INTEGER, DOUBLE, DOUBLE, DOUBLE, VARCHAR, UTINYINT];
  const CHUNK = 2_048;
  const bare = async (round: number): Promise<() => Promise<void>> => {
    const batches = batchStarts.map((start) => {
      const rows = rowsFrom(start, (n) => [n % SERIES, START + round * ROWS + n, 0, valueOf(n), null, 0] as const);
      return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => {
        const part = rows.slice(i * CHUNK, (i + 1) * CHUNK);
        return { count: part.length, columns: types.map((__, column) => part.map((row) => row[column] ?? null)) };
      });
    });
    return async () => {
      for (const chunks of batches) {
        await connection.run('BEGIN');
        const appender = await connection.createAppender('v');
        for (const { count, columns } of chunks) {
          const chunk = DuckDBDataChunk.create(types, count);
          chunk.setColumns(columns);
          appender.appendDataChunk(chunk);
        }
        appender.closeSync();
        await connection.run('COMMIT');
      }
    };
  };
  await compare('DuckDB', `duckdb://${join(folder, 'history.duckdb')}`, bare);
  connection.closeSync();
  instance.closeSync();
}

async function measurePostgres(): Promise<void> {
  const postgres = await startPostgres();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE TABLE v (twin text COLLATE "C" NOT NULL, property text COLLATE "C" NOT NULL,
    observed_at timestamptz NOT NULL, ordinal bigint NOT NULL, num double precision, json text, quality smallint NOT NULL,
    PRIMARY KEY (twin, property, observed_at, ordinal))`);
  await client.query('CREATE INDEX ON v USING brin (observed_at)');
  const bare = async (round: number): Promise<() => Promise<void>> => {
    const batches = batchStarts.map((start) => {
      const lines = rowsFrom(start, (n) => {
        const at = new Date(START + round * ROWS + n).toISOString();
        return `${twinOf(n)}\tflow\t${at}\t0\t${valueOf(n)}\t\\N\t0\n`;
      });
      return Buffer.from(lines.join(''));
    });
    return async () => {
      for (const batch of batches) await copy(client, 'COPY v FROM STDIN', batch);
    };
  };
  await compare('Postgres', postgres.url, bare);
  await client.end();
  await postgres.stop();
}

/** COPY, which the driver leaves to others. */
function copy(client: pg.Client, text: string, data: Buffer): Promise<void> {
  interface Wire {
    query(sql: string): void;
    sendCopyFromChunk(chunk: Buffer): void;
    endCopyFrom(): void;
  }
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const job = {
      submit: (wire: Wire) => wire.query(text),
      handleCopyInResponse(wire: Wire) {
        wire.sendCopyFromChunk(data);
        wire.endCopyFrom();
      },
      handleCommandComplete() {},
      handleError(error: Error) {
        failure = error;
      },
      handleReadyForQuery: () => (failure ? reject(failure) : resolve()),
    };
    client.query(job as unknown as pg.Submittable);
  });
}

async function compare(
  engine: string,
  url: string,
  bare: (round: number) => Promise<() => Promise<void>>,
): Promise<void> {
  const store = await openHistory({ url, memoryValues: 1, memoryValuesPerProperty: 1, clock });
  const memory = new Memory(clock, timers);
  const recorder = new HistoryRecorder({ store, memory, clock, timers, log, retentionMs: 1e12 });
  const rates = { bare: [] as number[], history: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const writeBare = await bare(round);
    const measured = { bare: await rateOf(writeBare), history: await rateOf(() => record(recorder, round)) };
    // The first round warms up.
    if (round > 0) for (const key of ['bare', 'history'] as const) rates[key].push(measured[key]);
  }
  const { appended, retries } = recorder.counters;
  if (appended !== ROWS * (ROUNDS + 1) || retries > 0) throw new Error(`${appended} rows appended, ${retries} retries`);
  await store.close();
  const [own, theirs] = [median(rates.history), median(rates.bare)];
  console.log(
    `${engine}, batches of ${BATCH}: history ${rate(own)}, bulk path ${rate(theirs)}, ratio ${(own / theirs).toFixed(2)}`,
  );
}

async function record(recorder: HistoryRecorder, round: number): Promise<void> {
  for (const start of batchStarts) {
    for (let n = start; n < Math.min(start + BATCH, ROWS); n++) {
      const observedAt = START + round * ROWS + n;
      recorder.take({
        twin: twinOf(n),
        property: 'flow',
        value: valueOf(n),
        observedAt,
        receivedAt: observedAt,
        quality: 'GOOD',
      });
    }
    await recorder.kept();
  }
}

async function rateOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return ROWS / ((performance.now() - startedAt) / 1000);
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en')}/s`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
