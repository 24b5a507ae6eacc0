/** Root causes found by the pruned search are those found by trying every set. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { searchRootCauses } from '../../src/impact/root-causes.ts';
import { arbitraryPlant } from '../support/arbitrary-plant.ts';
import { rootCausesOf } from '../support/ask-analyses.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { lanePlantFrom } from '../support/lane-plant-from.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { type Observation, referenceRootCauses } from '../support/reference-analysis.ts';
import type { Plant } from '../support/reference-impact.ts';

const LEVEL = { OPERATIONAL: 2, DEGRADED: 1, DOWN: 0 } as const;

function rootCauses(plant: Plant, observed: readonly Observation[], maxOrder: number, first: number) {
  const { lanes, idByNumber, numberById } = lanePlantFrom(plant);
  const kindById = new Map(plant.twins.map((twin) => [twin.id, twin.kind]));
  const steps = searchRootCauses(lanes, {
    observations: observed
      .filter(({ state }) => state !== 'UNKNOWN')
      .map(({ id, state }) => ({ twin: numberById.get(id) as number, level: LEVEL[state as 'DOWN'] })),
    maxOrder,
    first,
    candidates: Uint8Array.from(idByNumber, (id) => (kindById.get(id) === 'ASSET' ? 1 : 0)),
    maxHypotheses: 100_000,
    rankOfId: Int32Array.from(idByNumber, (id) => idByNumber.toSorted().indexOf(id)),
  });
  for (;;) {
    const { done, value } = steps.next();
    if (done)
      return value.causes.map((cause) => ({ ...cause, twins: cause.twins.map((n) => idByNumber[n] as string) }));
  }
}

test('the causes, their counts and their order are those of an exhaustive search', () => {
  fc.assert(
    fc.property(
      arbitraryPlant({ maxTwins: 7, maxRelationships: 14, time: false }).chain((plant) =>
        fc.tuple(
          fc.constant(plant),
          fc.tuple(
            ...plant.twins.map(() =>
              fc.constantFrom(null, 'OPERATIONAL' as const, 'DEGRADED' as const, 'DOWN' as const, 'UNKNOWN' as const),
            ),
          ),
        ),
      ),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(1, 3, 1_000),
      ([plant, states], maxOrder, first) => {
        const observed = plant.twins.flatMap(({ id }, at) => {
          const state = states[at];
          return state ? [{ id, state }] : [];
        });
        const want = referenceRootCauses(plant, observed, { maxOrder, kinds: ['ASSET'] });
        expect(rootCauses(plant, observed, maxOrder, first)).toEqual(want.slice(0, first));
      },
    ),
    FUZZ,
  );
});

test('two failures are found together when only both explain what is seen', () => {
  const plant = plantFromLines(['P <- ANY(A,B)', 'Q <- A', 'R <- B']);
  const observed: Observation[] = [
    { id: 'P', state: 'DOWN' },
    { id: 'Q', state: 'DOWN' },
  ];
  expect(rootCauses(plant, observed, 2, 1)).toEqual([
    { twins: ['A', 'B'], explained: 2, unexplained: 0, contradicted: 0 },
  ]);
  const healthy = [...observed, { id: 'R', state: 'OPERATIONAL' } as const];
  expect(rootCauses(plant, healthy, 2, 10).map(({ twins }) => twins.join('+'))).not.toContain('A+B+P');
});

test('a twin that is observed in two states is refused, and one that is observed twice counts once', () => {
  const model = ImpactModel.compile(plantFromLines(['P <- A']));
  const down = { id: 'P', state: 'DOWN' } as const;
  expect(rootCausesOf(model, [down, down])).toEqual(rootCausesOf(model, [down]));
  expect(() => rootCausesOf(model, [down, { id: 'P', state: 'OPERATIONAL' }])).toThrow(
    'observations[1].state: expected DOWN, as observed of P before, got "OPERATIONAL"',
  );
});
