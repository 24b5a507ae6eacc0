/** Chance that comes out the same every time: a number that only the seed and the names given decide. */

/** From -1 to 1. No state, so that neither the order of calls nor a restart changes what comes out. */
export function seededNoise(seed: number, name: string, step: number): number {
  let hash = seed ^ Math.imul(step + 1, 0x9e3779b1);
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  // The last bits of a product say little of its first factors; mixing them down spreads every bit over all.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x7fff_ffff - 1;
}
