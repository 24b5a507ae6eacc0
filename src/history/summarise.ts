/** Values in order to buckets. */
import { bucketStart, type PastValue, qualityOfRank, rankOfQuality, type Sample } from '../domain/history.ts';
import type { PropertyValue } from '../domain/property.ts';

/** At most `first` buckets, the oldest; those without a value are left out. */
export function summarise(values: Iterable<PastValue>, everyMs: number, first: number): Sample[] {
  const samples: Sample[] = [];
  let bucket: Bucket | undefined;
  for (const each of values) {
    const at = bucketStart(each.at, everyMs);
    if (bucket?.at !== at) {
      if (bucket) samples.push(bucket.toSample());
      if (samples.length >= first) return samples;
      bucket = new Bucket(at);
    }
    bucket.add(each);
  }
  if (bucket && samples.length < first) samples.push(bucket.toSample());
  return samples;
}

class Bucket {
  readonly at: number;
  #count = 0;
  #value: PropertyValue = null;
  #worst = 0;
  #numbers = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(at: number) {
    this.at = at;
  }

  add({ value, quality }: PastValue): void {
    this.#count += 1;
    this.#value = value;
    this.#worst = Math.max(this.#worst, rankOfQuality(quality));
    if (typeof value !== 'number' || quality === 'BAD') return;
    this.#numbers += 1;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  toSample(): Sample {
    const isNumeric = this.#numbers > 0;
    return {
      at: this.at,
      value: this.#value,
      quality: qualityOfRank(this.#worst),
      count: this.#count,
      min: isNumeric ? this.#min : null,
      max: isNumeric ? this.#max : null,
      mean: isNumeric ? this.#sum / this.#numbers : null,
    };
  }
}
