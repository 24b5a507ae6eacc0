/** Properties that the meaning itself must have, tried on the reference interpreter. */
import * as fc from 'fast-check';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { expect, test } from 'vitest';
import { arbitraryPlant, arbitraryScenario } from '../support/arbitrary-plant.ts';
import {
  CUTS,
  LEVELS,
  PLANES,
  type Plant,
  available,
  referenceStates,
  withHealth,
} from '../support/reference-impact.ts';
import { referenceScenario, timelineOf } from '../support/reference-scenario.ts';
import { FUZZ } from '../support/fuzz-settings.ts';

const rank = (level: (typeof LEVELS)[number] | undefined) => LEVELS.indexOf(level as 'DOWN');

test('an empty scenario has an empty answer', () => {
  fc.assert(
    fc.property(arbitraryPlant(), fc.constantFrom('LIVE' as const, 'HEALTHY' as const), (plant, baseline) => {
      expect(referenceScenario(plant, { ...EMPTY_SCENARIO, baseline })).toEqual(new Map());
    }),
    FUZZ,
  );
});

test('before a timeline starts, standbys that are at work give what standbys that count at once give', () => {
  fc.assert(
    fc.property(arbitraryPlant(), (plant) => {
      for (const plane of PLANES) {
        const first = timelineOf(plant, plant, EMPTY_SCENARIO, plane)[0];
        for (const cut of CUTS) expect(first?.byCut[cut]).toEqual(available(plant, cut, plane));
      }
    }),
    FUZZ,
  );
});

test('more failures never help', () => {
  fc.assert(
    fc.property(arbitraryPlant(), fc.nat(), (plant, pick) => {
      const before = referenceStates(plant);
      const after = referenceStates(withHealth(plant, [plant.twins[pick % plant.twins.length]?.id as string], 'DOWN'));
      for (const [id, state] of before) {
        expect(rank(after.get(id)?.worst)).toBeLessThanOrEqual(rank(state.worst));
        expect(rank(after.get(id)?.best)).toBeLessThanOrEqual(rank(state.best));
        expect(rank(state.worst)).toBeLessThanOrEqual(rank(state.best));
      }
    }),
    FUZZ,
  );
});

test('worst and best are the range over everything that the unknown could be', () => {
  fc.assert(
    fc.property(arbitraryPlant({ maxTwins: 5, maxRelationships: 8 }), (plant) => {
      const seen = new Map<string, number[]>(plant.twins.map(({ id }) => [id, []]));
      for (const known of everyKnown(plant)) {
        for (const [id, { state }] of referenceStates(known)) seen.get(id)?.push(rank(state as 'DOWN'));
      }
      for (const [id, { worst, best }] of referenceStates(plant)) {
        expect([Math.min(...(seen.get(id) ?? [])), Math.max(...(seen.get(id) ?? []))]).toEqual([
          rank(worst),
          rank(best),
        ]);
      }
    }),
    FUZZ,
  );
});

function everyKnown(plant: Plant): Plant[] {
  const unknown = plant.twins.filter((twin) => twin.health === 'UNKNOWN').map((twin) => twin.id);
  return unknown.reduce(
    (plants, id) => plants.flatMap((p) => LEVELS.map((level) => withHealth(p, [id], level))),
    [plant],
  );
}

test('what a level of a scenario is at a higher cut, it is at a lower one too', () => {
  fc.assert(
    fc.property(
      arbitraryPlant().chain((plant) => fc.tuple(fc.constant(plant), arbitraryScenario(plant))),
      ([plant, scenario]) => {
        for (const plane of PLANES) {
          for (const step of timelineOf(plant, plant, scenario, plane)) {
            expect([...step.byCut[2]].filter((id) => !step.byCut[1].has(id))).toEqual([]);
          }
        }
      },
    ),
    FUZZ,
  );
});
