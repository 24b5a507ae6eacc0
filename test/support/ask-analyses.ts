/** The long analyses, run to their end at once. */
import type { OperationalState, TwinKind } from '../../src/domain/state.ts';
import {
  type AnalysisKind,
  type Answer,
  criticalityQuestion,
  cutSetQuestion,
  type CutSetOptions,
  type Question,
  type RootCauseOptions,
  rootCauseQuestion,
  runAnalysis,
  toCriticalityRows,
  toCutSetAnswer,
  toRootCauseRows,
} from '../../src/impact/analyses.ts';
import { AnalysisPlant, analysisInputs } from '../../src/impact/analysis-plant.ts';
import type { ImpactModel } from '../../src/impact/impact-model.ts';
import { finish as finishSteps } from '../../src/impact/steps.ts';
import type { CriticalityRow, CutSetAnswer, RootCauseRow } from '../../src/impact/types.ts';

const MANY = 1_000_000;

export function finish<T>(steps: Generator<void, T, boolean | undefined>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function ask<K extends AnalysisKind>(model: ImpactModel, kind: K, question: Question<K>): Answer<K> {
  return finish(runAnalysis(kind, new AnalysisPlant(analysisInputs(model)), question));
}

export function rankingOf(
  model: ImpactModel,
  kinds: readonly TwinKind[],
  within: readonly string[] | null = null,
): CriticalityRow[] {
  const answer = ask(model, 'criticality', criticalityQuestion(model, { kinds, within }));
  return finishSteps(toCriticalityRows(model, answer, () => true));
}

export function cutSetsOf(
  model: ImpactModel,
  of: string,
  options: Partial<CutSetOptions & { first: number }> = {},
): CutSetAnswer {
  const question = cutSetQuestion(model, of, { below: 'OPERATIONAL', maxOrder: 2, kinds: ['ASSET'], ...options });
  return toCutSetAnswer(model, ask(model, 'cutSets', question), options.first ?? MANY);
}

export function rootCausesOf(
  model: ImpactModel,
  observations: readonly { readonly id: string; readonly state: OperationalState }[],
  options: Partial<RootCauseOptions> = {},
): RootCauseRow[] {
  const question = rootCauseQuestion(model, observations, { maxOrder: 2, kinds: ['ASSET'], first: 10, ...options });
  return toRootCauseRows(model, ask(model, 'rootCauses', question));
}
