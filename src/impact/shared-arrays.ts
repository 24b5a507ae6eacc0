/** Typed arrays on shared memory: a worker reads the same plant without a copy. */
import { finish, NUMBERS_PER_STEP, type Steps } from './steps.ts';

export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

export function sharedUint8(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

export function toSharedInt32(values: ArrayLike<number>): Int32Array {
  const array = sharedInt32(values.length);
  array.set(values);
  return array;
}

export function toSharedUint8(values: ArrayLike<number>): Uint8Array {
  const array = sharedUint8(values.length);
  array.set(values);
  return array;
}

/** Starts of the buckets of a counting sort: `counts[i]` items in bucket i become [starts[i], starts[i + 1]). */
export function startsOf(counts: Int32Array): Int32Array {
  const starts = sharedInt32(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) starts[i + 1] = (starts[i] as number) + (counts[i] as number);
  return starts;
}

/** Items 0 … buckets.length - 1 in the order of their buckets; those of one bucket keep their order. */
export function sortIntoBuckets(buckets: Int32Array, bucketCount: number): Buckets {
  return finish(sortInSteps(buckets, bucketCount));
}

export interface Buckets {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** The same in steps. */
export function* sortInSteps(buckets: Int32Array, bucketCount: number): Steps<Buckets> {
  const counts = new Int32Array(bucketCount);
  for (let i = 0; i < buckets.length; i += 1) {
    if (i % NUMBERS_PER_STEP === 0) yield;
    counts[buckets[i] as number] = (counts[buckets[i] as number] as number) + 1;
  }
  yield;
  const starts = startsOf(counts);
  const next = starts.slice(0, bucketCount);
  const items = sharedInt32(buckets.length);
  for (let i = 0; i < buckets.length; i += 1) {
    if (i % NUMBERS_PER_STEP === 0) yield;
    const bucket = buckets[i] as number;
    const at = next[bucket] as number;
    items[at] = i;
    next[bucket] = at + 1;
  }
  return { starts, items };
}
