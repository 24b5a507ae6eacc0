/** The port to where past values are kept: in memory, in DuckDB, in Postgres. */
import type { PastValue, Sample, SeriesKey, SeriesValue } from '../domain/history.ts';

export interface RangeQuestion {
  readonly series: readonly SeriesKey[];
  /** Epoch milliseconds, included. */
  readonly from: number;
  /** Epoch milliseconds, excluded. */
  readonly to: number;
  /** Most samples of each series: the oldest. */
  readonly first: number;
}

/**
 * Series that nobody ever wrote are empty. Values are in order of (at, order); one that comes twice is there once.
 * Everything but `append` in memory may reject with STORE_UNAVAILABLE.
 */
export interface HistoryStore {
  /** Several servers write to it: what another one took is in it already. */
  readonly isShared: boolean;
  /** All or none of them; a promise where that takes time. */
  append(values: readonly SeriesValue[]): Promise<void> | void;
  /** In the order of the series asked for. */
  range(question: RangeQuestion): Promise<readonly (readonly PastValue[])[]>;
  /** Buckets without a value are left out. */
  buckets(question: RangeQuestion & { readonly everyMs: number }): Promise<readonly (readonly Sample[])[]>;
  /** The last value of each series at or before the instant; with `usableOnly` the last one that is not BAD. */
  asOf(
    series: readonly SeriesKey[],
    at: number,
    options: { readonly usableOnly: boolean },
  ): Promise<readonly (PastValue | undefined)[]>;
  /** Epoch milliseconds from which on every value that was appended is there. */
  completeSince(series: readonly SeriesKey[]): Promise<readonly number[]>;
  /** Values up to this instant, included, never got here: it is complete only behind it. */
  noteLost(through: number): Promise<void> | void;
  /** Lets go of what is older than this instant. */
  forget(before: number): Promise<void> | void;
  close(): Promise<void>;
}

export interface HistoryQuestion {
  readonly series: readonly SeriesKey[];
  /** Epoch milliseconds, included. */
  readonly from: number;
  /** Epoch milliseconds, excluded; null: up to now, which is included. */
  readonly to: number | null;
  /** Length of the buckets in milliseconds; null: each value. */
  readonly everyMs: number | null;
  /** Most samples of each series. */
  readonly first: number;
}

export interface HistoryAnswer {
  /** Oldest first. */
  readonly samples: readonly Sample[];
  /** Epoch milliseconds; null: nothing is kept. */
  readonly completeSince: number | null;
  readonly complete: boolean;
  /** What made it incomplete. */
  readonly limit: 'first' | 'completeSince' | null;
}
