import { expect, it } from 'vitest';
import { summarizeImpact } from '../../src/application/summarize-impact.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { finish } from '../../src/impact/steps.ts';
import type { TopologyView } from '../../src/topology/topology.ts';
import { scenarioOf } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';

const topology = { twin: (id: string) => ({ kind: id === 'P' ? 'PROCESS' : 'ASSET' }) } as unknown as TopologyView;

function summaryOf(scenario: Parameters<typeof scenarioOf>[0], ...lines: string[]) {
  const answer = ImpactModel.compile(plantFromLines(lines)).runScenario(scenarioOf(scenario));
  return finish(summarizeImpact({ sequence: 1, answer, scenarioTwins: answer.scenarioTwins }, topology));
}

it('a loss that ends a doubt is a loss, though the names of its states go the other way', () => {
  const summary = summaryOf({ outage: ['A'] }, 'X <- ANY(A,U)', 'health X=DEGRADED U=UNKNOWN');
  expect(summary).toMatchObject({ affected: 1, restored: 0, firstImpactAt: 0 });
  expect(summaryOf({ degrade: ['A'] }, 'X <- ALL(A,B)', 'health B=UNKNOWN')).toMatchObject({
    affected: 1,
    possible: 0,
    restored: 0,
    firstImpactAt: 0,
  });
});

it('a gain that ends a doubt is a gain', () => {
  const summary = summaryOf({ repair: ['B'] }, 'P <- ALL(A,B)', 'health A=DEGRADED B=UNKNOWN');
  expect(summary).toMatchObject({ affected: 1, restored: 1, degraded: 0, processesDegraded: 0, firstImpactAt: null });
});
