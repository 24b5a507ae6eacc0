/** A value as the databases hold it: numbers in a column of their own, everything else as JSON text. */
import { type PastValue, qualityOfRank, rankOfQuality, type Sample } from '../domain/history.ts';
import type { PropertyValue } from '../domain/property.ts';

/** JSON text; null for numbers, and where there is no value. */
export function jsonOf(value: PropertyValue): string | null {
  return typeof value === 'number' || value === null ? null : JSON.stringify(value);
}

export function numberOf(value: PropertyValue): number | null {
  return typeof value === 'number' ? value : null;
}

export const rankOf = ({ quality }: PastValue): number => rankOfQuality(quality);

/** observed_at, ordinal, num, json, quality. */
export type ValueColumns = readonly [number, number, number | null, string | null, number];

export function toPastValue([at, order, number, json, rank]: ValueColumns): PastValue {
  return { at, order, value: toValue(number, json), quality: qualityOfRank(rank) };
}

/** bucket, count, worst quality, last num, last json, min, max, mean. */
export type BucketColumns = readonly [
  number,
  number,
  number,
  number | null,
  string | null,
  number | null,
  number | null,
  number | null,
];

export function toBucket([at, count, rank, number, json, min, max, mean]: BucketColumns): Sample {
  return { at, value: toValue(number, json), quality: qualityOfRank(rank), count, min, max, mean };
}

function toValue(number: number | null, json: string | null): PropertyValue {
  return number ?? (json === null ? null : (JSON.parse(json) as PropertyValue));
}
