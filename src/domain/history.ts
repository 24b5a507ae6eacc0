/** Past values of properties, and what a range of them comes to. */
import type { PropertyValue } from './property.ts';
import type { Quality } from './state.ts';

/** One property of one twin, over time. */
export interface SeriesKey {
  readonly twin: string;
  readonly property: string;
}

export interface PastValue {
  /** Epoch milliseconds: observedAt, or receivedAt where the source gives none. */
  readonly at: number;
  /** Order among values of one instant; with `at` it names the value within its series. */
  readonly order: number;
  /** null: the source sent none, because it knows it to be BAD. */
  readonly value: PropertyValue;
  readonly quality: Quality;
}

export interface SeriesValue extends SeriesKey, PastValue {}

/** A past value, or a bucket of them. */
export interface Sample {
  /** Epoch milliseconds; of a bucket its start. */
  readonly at: number;
  /** The last one. */
  readonly value: PropertyValue;
  /** The worst one. */
  readonly quality: Quality;
  readonly count: number;
  /** Of the numbers that are not BAD; null where there are none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** Which values of a property are kept; without one, all are. */
export interface HistoryPolicy {
  /** A number no further than this from the last one kept is left out, as is any other value equal to it; >= 0. */
  readonly deadband: number;
  /** Milliseconds after which a value is kept whatever it is; null: never for its age. */
  readonly maxIntervalMs: number | null;
}

/** From best to worst. */
const RANK: Record<Quality, number> = { GOOD: 0, UNCERTAIN: 1, BAD: 2 };

export function rankOfQuality(quality: Quality): number {
  return RANK[quality];
}

export function qualityOfRank(rank: number): Quality {
  return rank >= RANK.BAD ? 'BAD' : rank === RANK.UNCERTAIN ? 'UNCERTAIN' : 'GOOD';
}

export function toSample({ at, value, quality }: PastValue): Sample {
  const number = typeof value === 'number' && quality !== 'BAD' ? value : null;
  return { at, value, quality, count: 1, min: number, max: number, mean: number };
}

/** Start of the bucket that an instant is in: buckets begin at whole multiples of their length since 1970 in UTC. */
export function bucketStart(at: number, everyMs: number): number {
  return Math.floor(at / everyMs) * everyMs;
}
