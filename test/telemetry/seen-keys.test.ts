import { expect, it } from 'vitest';
import { RecentMap } from '../../src/telemetry/dialects/recent-map.ts';
import { SeenKeys } from '../../src/telemetry/seen-keys.ts';

it('a key that came lately is known, one of long ago is not', () => {
  const seen = new SeenKeys(8);
  expect(seen.add('first')).toBe(false);
  expect(seen.add('first')).toBe(true);
  for (const key of ['a', 'b', 'c', 'd']) expect(seen.add(key)).toBe(false);
  // Once more among the old ones, it counts as new from here on.
  expect(seen.add('first')).toBe(true);
  for (const key of ['e', 'f', 'g']) seen.add(key);
  expect(seen.add('first')).toBe(true);
  for (const key of ['h', 'i', 'j', 'k', 'l', 'm', 'n', 'o']) seen.add(key);
  expect(seen.add('first')).toBe(false);
});

it('a bounded map lets go of what was set longest ago', () => {
  const map = new RecentMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect([...map.entries()]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});
