/** Chance that comes out the same for the same seed. */
export interface Random {
  /** A whole number from 0 to n - 1. */
  below(n: number): number;
  /** undefined only of an empty list. */
  pick<T>(list: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
  return { below, pick: (list) => list[below(Math.max(1, list.length))] as (typeof list)[number] };
}
