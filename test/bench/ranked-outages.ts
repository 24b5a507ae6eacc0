/** The ranking of all single outages of a plant, as benchmarks run and time it. */
import { criticalityQuestion, runAnalysis } from '../../src/impact/analyses.ts';
import { AnalysisPlant, analysisInputs } from '../../src/impact/analysis-plant.ts';
import type { ImpactModel } from '../../src/impact/impact-model.ts';
import type { SeededPlant } from './seeded-plant.ts';

const KINDS = ['ASSET', 'SYSTEM'] as const;

export interface Timed<T> {
  /** Of processor time: others may be at work on the machine. */
  readonly ms: number;
  /** By the clock. */
  readonly wallMs: number;
  readonly result: T;
}

export function timed<T>(work: () => T): Timed<T> {
  const [start, startedAt] = [process.cpuUsage(), performance.now()];
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1_000, wallMs: performance.now() - startedAt, result };
}

export function finish<T>(steps: Generator<void, T, boolean | undefined>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

export const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** The same plant without hold-ups and standbys: what happens then happens at once. */
export function withoutTime(plant: SeededPlant): SeededPlant {
  return {
    ...plant,
    twins: plant.twins.map((twin) => ({
      ...twin,
      requirements: twin.requirements.map((requirement) => ({ ...requirement, holdUpMs: 0 })),
    })),
    relationships: plant.relationships.map((relationship) => ({ ...relationship, standbyDelayMs: null })),
  };
}

/** Answers how many outages were ranked. */
export function rankAll(model: ImpactModel): number {
  const question = criticalityQuestion(model, { kinds: KINDS, within: null });
  return finish(runAnalysis('criticality', new AnalysisPlant(analysisInputs(model)), question)).twins.length;
}
