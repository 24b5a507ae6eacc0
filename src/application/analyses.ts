/** The long analyses as verbs: ids in, ids out, judged on the model as it is when they are asked for. */
import { notFound } from '../domain/errors.ts';
import {
  criticalityQuestion,
  cutSetQuestion,
  rootCauseQuestion,
  toCriticalityRows,
  toCutSetAnswer,
  toRootCauseRows,
} from '../impact/analyses.ts';
import { modelIssues } from '../impact/model-issues.ts';
import { contentsOf } from '../topology/hierarchy.ts';
import type { AnalysisRunner } from './analysis-runner.ts';
import type { Application } from './application.ts';
import type { Memory } from './memory.ts';
import { inSlices, type SliceOptions } from './in-slices.ts';

export function createAnalyses(
  memory: Memory,
  runner: AnalysisRunner,
  slices: SliceOptions,
): Pick<Application, 'criticality' | 'cutSets' | 'rootCauses' | 'modelIssues'> {
  return {
    async criticality({ kinds, within }, signal) {
      await memory.settled();
      const model = memory.impact();
      const question = criticalityQuestion(model, { kinds, within: within === null ? null : insideOf(memory, within) });
      const answer = await runner.run('criticality', model, question, signal);
      const isThere = (id: string): boolean => memory.topology.twin(id) !== undefined;
      return inSlices(toCriticalityRows(model, answer, isThere), { ...slices, signal });
    },
    async cutSets(of, { first, ...options }, signal) {
      await memory.settled();
      const model = memory.impact();
      const question = cutSetQuestion(model, of, options);
      return toCutSetAnswer(model, await runner.run('cutSets', model, question, signal), first);
    },
    async rootCauses(observations, options, signal) {
      await memory.settled();
      const model = memory.impact();
      const question = rootCauseQuestion(model, observations, options);
      return toRootCauseRows(model, await runner.run('rootCauses', model, question, signal));
    },
    async modelIssues(limit, signal) {
      await memory.settled();
      return inSlices(modelIssues(memory.impact().plant, limit), { ...slices, signal });
    },
  };
}

/** @throws LinchpinError NOT_FOUND */
function insideOf(memory: Memory, id: string): Iterable<string> {
  const node = memory.topology.node(id);
  if (!node) throw notFound('twin', id);
  return contentsOf(node);
}
