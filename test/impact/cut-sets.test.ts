/** Cut sets found by pruning are those found by trying every set. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchCutSets } from '../../src/impact/cut-sets.ts';
import { arbitraryPlant } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { lanePlantFrom } from '../support/lane-plant-from.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { referenceCutSets } from '../support/reference-analysis.ts';
import type { Plant } from '../support/reference-impact.ts';

function cutSets(plant: Plant, of: string, cut: 1 | 2, maxOrder: number, maxHypotheses = 1_000_000) {
  const { lanes, idByNumber, numberById } = lanePlantFrom(plant);
  const kindById = new Map(plant.twins.map((twin) => [twin.id, twin.kind]));
  const candidates = Uint8Array.from(idByNumber, (id) => (kindById.get(id) === 'ASSET' ? 1 : 0));
  const steps = searchCutSets(lanes, {
    target: numberById.get(of) as number,
    cut,
    maxOrder,
    candidates,
    maxHypotheses,
  });
  for (;;) {
    const { done, value } = steps.next();
    if (!done) continue;
    const sets = value.sets.map((set) =>
      set
        .map((n) => idByNumber[n] as string)
        .toSorted()
        .join('+'),
    );
    return { sets: sets.toSorted(), margin: value.margin, complete: value.complete };
  }
}

test('cut sets to order 5 are those of an exhaustive search, in loops, networks, shares and unknowns', () => {
  fc.assert(
    fc.property(
      arbitraryPlant({ maxTwins: 7, maxRelationships: 16, time: false }),
      fc.nat(),
      fc.constantFrom(1 as const, 2 as const),
      fc.integer({ min: 1, max: 5 }),
      (plant, pick, cut, maxOrder) => {
        const of = plant.twins[pick % plant.twins.length]?.id as string;
        const below = cut === 2 ? 'OPERATIONAL' : 'DEGRADED';
        const want = referenceCutSets(plant, of, { below, maxOrder, kinds: ['ASSET'] });
        const got = cutSets(plant, of, cut, maxOrder);
        expect(got.sets).toEqual(want.map((set) => set.join('+')).toSorted());
        expect(got.complete).toBe(true);
      },
    ),
    FUZZ,
  );
});

test('sets are as large as they must be, and no larger ones are looked for than there can be', () => {
  const plant = plantFromLines(['process P', 'P <- ANY(A,B,C,D,E)']);
  expect(cutSets(plant, 'P', 2, 4)).toEqual({ sets: [], margin: 2, complete: true });
  expect(cutSets(plant, 'P', 2, 1_000_000)).toEqual({ sets: ['A+B+C+D+E'], margin: 2, complete: true });
});

test('the margin is the same whatever order is listed', () => {
  const plant = plantFromLines(['process P', 'P <- ANY(A,B)']);
  expect([1, 2, 3].map((maxOrder) => cutSets(plant, 'P', 2, maxOrder).margin)).toEqual([1, 1, 1]);
  expect(cutSets(plantFromLines(['process P', 'P <- ANY(A,B,C)']), 'P', 2, 2).margin).toBe(2);
  expect(cutSets(plantFromLines(['process P', 'P <- A']), 'P', 2, 2).margin).toBe(0);
  // A search of larger sets that is cut short takes nothing back of what was found of smaller ones.
  const wide = plantFromLines([
    'process P',
    'P <- ANY(A,B,C)',
    'A <- ANY(D,E,F)',
    'B <- ANY(G,H,I)',
    'C <- ANY(D,H,J)',
  ]);
  const cutShort = cutSets(wide, 'P', 2, 9, 32 * 14);
  expect([cutShort.complete, cutShort.margin]).toEqual([false, 2]);
  expect(cutSets(wide, 'P', 2, 9, 0).margin).toBe(0);
});

test('a search that is cut short says so', () => {
  const members = Array.from({ length: 40 }, (_, at) => `A${at}`);
  const plant = plantFromLines(['process P', ...members.map((id) => `P <- ANY(${id},${id}B)`)]);
  expect(cutSets(plant, 'P', 2, 2).sets).toHaveLength(40);
  expect(cutSets(plant, 'P', 2, 2, 64)).toMatchObject({ complete: false });
});
