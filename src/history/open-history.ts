/** Opens the store that HISTORY_URL names; without one, memory. The drivers are loaded only where they are used. */
import type { HistoryStore } from '../application/history-store.ts';
import type { Clock } from '../domain/timers.ts';
import { RingHistory } from './ring-history.ts';

export interface HistoryOptions {
  /** `duckdb:///path`, `duckdb:path`, or `postgres://…`; null: in memory. */
  readonly url: string | null;
  readonly memoryValues: number;
  readonly memoryValuesPerProperty: number;
  readonly clock: Clock;
}

/** @throws LinchpinError STORE_UNAVAILABLE or BAD_CONFIG, with what stands in the way */
export async function openHistory({ url, clock, ...options }: HistoryOptions): Promise<HistoryStore> {
  const startedAt = clock();
  const { memoryValues: values, memoryValuesPerProperty: valuesPerProperty } = options;
  if (url === null) return new RingHistory({ values, valuesPerProperty, startedAt });
  if (url.startsWith('duckdb:')) {
    const { openDuckdbHistory } = await import('./duckdb-history.ts');
    return openDuckdbHistory({ path: decodeURIComponent(url.replace(/^duckdb:(\/\/)?/, '')), startedAt });
  }
  const { openPostgresHistory } = await import('./postgres-history.ts');
  return openPostgresHistory({ url, startedAt });
}
