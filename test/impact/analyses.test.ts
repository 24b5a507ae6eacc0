/** The long analyses, asked of a live model, are what the rules say. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { arbitraryPlant } from '../support/arbitrary-plant.ts';
import { cutSetsOf, rankingOf, rootCausesOf } from '../support/ask-analyses.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import {
  type Observation,
  referenceCutSets,
  referenceRanking,
  referenceRootCauses,
} from '../support/reference-analysis.ts';
import { type Plant, withHealth } from '../support/reference-impact.ts';

const KINDS = ['ASSET', 'SYSTEM'] as const;

test('the ranking is what the scenario of each outage tells, with hold-ups, standbys and unknowns', () => {
  fc.assert(
    fc.property(arbitraryPlant({ maxTwins: 8, maxRelationships: 16 }), (plant) => {
      expect(rankingOf(ImpactModel.compile(plant), KINDS)).toEqual(referenceRanking(plant, KINDS));
    }),
    // The reference runs a scenario for every twin.
    { ...FUZZ, numRuns: Math.ceil(FUZZ.numRuns / 4) },
  );
});

test('analyses judge the live state, after changes too', () => {
  fc.assert(
    fc.property(arbitraryPlant({ maxTwins: 7, maxRelationships: 12 }), fc.nat(), fc.nat(), (plant, pick, other) => {
      const at = (n: number) => plant.twins[n % plant.twins.length]?.id as string;
      const model = ImpactModel.compile(plant);
      model.update([{ id: at(pick), health: 'DOWN' }]);
      const after: Plant = withHealth(plant, [at(pick)], 'DOWN');
      const options = { below: 'OPERATIONAL' as const, maxOrder: 2, kinds: KINDS };
      expect(cutSetsOf(model, at(other), options).cutSets).toEqual(referenceCutSets(after, at(other), options));
      const observed: Observation[] = [
        { id: at(other), state: 'DOWN' },
        ...(at(pick + 1) === at(other) ? [] : [{ id: at(pick + 1), state: 'OPERATIONAL' as const }]),
      ];
      const want = referenceRootCauses(after, observed, { maxOrder: 2, kinds: KINDS }).slice(0, 5);
      const whole = { complete: true, limit: null };
      const told = rootCausesOf(model, observed, { kinds: KINDS, first: 5 });
      expect(told).toEqual(want.map((cause) => ({ ...cause, ...whole })));
    }),
    FUZZ,
  );
});

test('a ranking can be limited to some twins', () => {
  const model = ImpactModel.compile(plantFromLines(['process P', 'P <= A', 'A <- B']));
  expect(rankingOf(model, KINDS, ['B']).map((row) => [row.id, row.score])).toEqual([['B', 1]]);
  expect(() => rankingOf(model, KINDS, ['X'])).toThrow('there is no twin "X"');
});

test('a buffer delays the first impact, and a standby leaves a gap that counts', () => {
  const model = ImpactModel.compile(
    plantFromLines([
      'process P',
      'MSB <- ANY(GRID,GEN) standby GEN=2',
      'UPS <- {MSB} holdUp 15',
      'P <= UPS',
      'process Q',
      'Q <= MSB',
    ]),
  );
  const rows = new Map(rankingOf(model, KINDS).map((row) => [row.id, row]));
  expect(rows.get('GRID')).toMatchObject({ score: 1, affected: 2, processesDown: 1, firstImpactAtMs: 0 });
  expect(rows.get('MSB')).toMatchObject({ score: 2, affected: 3, processesDown: 2, firstImpactAtMs: 0 });
  expect(rows.get('GEN')).toMatchObject({ score: 0, affected: 0, firstImpactAtMs: null });
});

test('a list of cut sets that is cut short says so', () => {
  const model = ImpactModel.compile(plantFromLines(['process P', 'P <= A', 'P <= B', 'P <= C']));
  expect(cutSetsOf(model, 'P', { first: 2 })).toEqual({
    cutSets: [['A'], ['B']],
    margin: 0,
    complete: false,
    limit: 'first: 2',
  });
  expect(cutSetsOf(model, 'P', { first: 3 })).toMatchObject({ complete: true, limit: null });
});
