/** Numbers of ids: as a Map would tell them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdIndex } from '../../src/impact/id-index.ts';
import { FUZZ } from '../support/fuzz-settings.ts';

it('tells the number of each id, and that others are not there', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 300 }),
      fc.array(fc.string()),
      (ids, others) => {
        const index = IdIndex.of(ids);
        const numberById = new Map(ids.map((id, number) => [id, number]));
        for (const id of [...ids, ...others]) expect(index.get(id)).toBe(numberById.get(id));
      },
    ),
    FUZZ,
  );
});

it('holds ids by the hundred thousand that differ in a character or two', () => {
  const ids = Array.from({ length: 300_000 }, (_, n) => `relationship-${n}`);
  const index = IdIndex.of(ids);
  expect(ids.every((id, number) => index.get(id) === number)).toBe(true);
  expect(index.get('relationship-300000')).toBeUndefined();
});

it('ids that all fall on one place are told apart as well', () => {
  // Found by trying, for 65 ids or more, where the places are 4,096: the first twelve bits of the hash agree.
  const placeOf = (id: string): number => {
    let hash = id.length;
    for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x0100_0193) ^ (hash >>> 15);
    return Math.imul(hash, 0x9e37_79b1) >>> 20;
  };
  const ids: string[] = [];
  for (let n = 0; ids.length < 1_100; n += 1) if (placeOf(`r${n}`) === 7) ids.push(`r${n}`);
  const index = IdIndex.of(ids);
  expect(ids.every((id, number) => index.get(id) === number)).toBe(true);
  expect(index.get('r-1')).toBeUndefined();
});
