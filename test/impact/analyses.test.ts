/** The long analyses, asked of a live model, are what the rules say. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AnalysisKind,
  type Answer,
  criticalityQuestion,
  cutSetQuestion,
  type Question,
  rootCauseQuestion,
  runAnalysis,
  toCriticalityRows,
  toCutSetAnswer,
  toRootCauseRows,
} from '../../src/impact/analyses.ts';
import { AnalysisPlant, analysisInputs } from '../../src/impact/analysis-plant.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { arbitraryPlant } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import {
  type Observation,
  referenceCutSets,
  referenceRanking,
  referenceRootCauses,
} from '../support/reference-analysis.ts';
import { type Plant, withHealth } from '../support/reference-impact.ts';

function run<K extends AnalysisKind>(model: ImpactModel, kind: K, question: Question<K>): Answer<K> {
  const steps = runAnalysis(kind, new AnalysisPlant(analysisInputs(model)), question);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const KINDS = ['ASSET', 'SYSTEM'] as const;

function ranking(model: ImpactModel, within: readonly string[] | null = null) {
  return toCriticalityRows(model, run(model, 'criticality', criticalityQuestion(model, { kinds: KINDS, within })));
}

test('the ranking is what the scenario of each outage tells, with hold-ups, standbys and unknowns', () => {
  fc.assert(
    fc.property(arbitraryPlant({ maxTwins: 8, maxRelationships: 16 }), (plant) => {
      expect(ranking(ImpactModel.compile(plant))).toEqual(referenceRanking(plant, KINDS));
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
      const cutSets = run(model, 'cutSets', cutSetQuestion(model, at(other), options));
      expect(toCutSetAnswer(model, cutSets, 1_000).cutSets).toEqual(referenceCutSets(after, at(other), options));
      const observed: Observation[] = [
        { id: at(other), state: 'DOWN' },
        { id: at(pick + 1), state: 'OPERATIONAL' },
      ];
      const causes = run(
        model,
        'rootCauses',
        rootCauseQuestion(model, observed, { maxOrder: 2, kinds: KINDS, first: 5 }),
      );
      expect(toRootCauseRows(model, causes)).toEqual(
        referenceRootCauses(after, observed, { maxOrder: 2, kinds: KINDS }).slice(0, 5),
      );
    }),
    FUZZ,
  );
});

test('a ranking can be limited to some twins', () => {
  const model = ImpactModel.compile(plantFromLines(['process P', 'P <= A', 'A <- B']));
  expect(ranking(model, ['B']).map((row) => [row.id, row.score])).toEqual([['B', 1]]);
  expect(() => ranking(model, ['X'])).toThrow('there is no twin "X"');
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
  const rows = new Map(ranking(model).map((row) => [row.id, row]));
  expect(rows.get('GRID')).toMatchObject({ score: 1, affected: 2, processesDown: 1, firstImpactAtMs: 0 });
  expect(rows.get('MSB')).toMatchObject({ score: 2, affected: 3, processesDown: 2, firstImpactAtMs: 0 });
  expect(rows.get('GEN')).toMatchObject({ score: 0, affected: 0, firstImpactAtMs: null });
});

test('a list of cut sets that is cut short says so', () => {
  const model = ImpactModel.compile(plantFromLines(['process P', 'P <= A', 'P <= B', 'P <= C']));
  const found = run(
    model,
    'cutSets',
    cutSetQuestion(model, 'P', { below: 'OPERATIONAL', maxOrder: 2, kinds: ['ASSET'] }),
  );
  expect(toCutSetAnswer(model, found, 2)).toEqual({
    cutSets: [['A'], ['B']],
    margin: 0,
    complete: false,
    limit: 'first: 2',
  });
  expect(toCutSetAnswer(model, found, 3)).toMatchObject({ complete: true, limit: null });
});
