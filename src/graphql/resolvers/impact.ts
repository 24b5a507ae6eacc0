/** Impact: pages and filters over one ordered answer; the summary counts over all of it. */
import type { ScenarioResult } from '../../application/application.ts';
import { summarizeImpact } from '../../application/summarize-impact.ts';
import { badInput } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { TwinKind } from '../../domain/state.ts';
import type { Steps } from '../../impact/steps.ts';
import type { AffectedRows, AffectedTwin } from '../../impact/types.ts';
import { contentsOf } from '../../topology/hierarchy.ts';
import { pageOfRanked } from '../connections.ts';
import type { RequestContext } from '../context.ts';
import { encodeFeedCursor } from '../cursors.ts';
import type { AffectedParent, ImpactSummaryParent } from '../parents.ts';
import type { ImpactAffectedArgs, Resolvers } from '../schema-types.ts';
import { nodeOf, pageInfo, twinById, twinsById } from './twin.ts';

export const impactResolvers: Resolvers = {
  Query: {
    impact: (_, { scenario }, { application, signal }) => application.impact(scenario, signal),
  },
  Impact: {
    summary: (result, _, context) => summaryOf(result, context),
    affected: async (result, args, context) => {
      const rows = await context.application.inSlices(filterAffected(result, args, context), context.signal);
      const page = pageOfRanked(rows, args, { name: 'affected', idAt: (index) => rows.id(index) });
      return { ...page, rows: toAffectedParents(result, page.rows) };
    },
    cursor: (result) => encodeFeedCursor(result.sequence),
  },
  ImpactSummary: {
    // The scenario once more: only for those who ask.
    newlyAtRisk: async ({ answer }, _, { application, signal }) =>
      (await application.inSlices(answer.newlyAtRisk(), signal)).length,
  },
  AffectedConnection: { nodes: (page) => page.rows, pageInfo },
  Affected: {
    twin: ({ affected }, _, context) => twinById(context, affected.id),
    before: ({ affected }) => affected.before,
    after: ({ affected }) => affected.after,
    certainty: ({ affected }) => affected.certainty,
    impactAt: ({ affected }) => affected.impactAtMs,
    recoversAt: ({ affected }) => affected.recoversAtMs,
    planned: ({ affected }) => affected.planned,
    witness: ({ affected, answer }) => answer.witness(affected.id, LIMITS.witnessSteps),
    witnessLength: ({ affected, answer }) => answer.witnessLength(affected.id),
    causes: async ({ affected, answer }, { maxOrder }, context) => {
      const { application, signal } = context;
      const causes = await application.inSlices(answer.causes(affected.id, checkOrder(maxOrder)), signal);
      return causes.map((ids) => twinsById(context, ids));
    },
    causesComplete: ({ affected, answer }, { maxOrder }, { application, signal }) =>
      application.inSlices(answer.causesComplete(affected.id, checkOrder(maxOrder)), signal),
    timeline: ({ affected }) =>
      affected.timeline.slice(0, LIMITS.timelineSteps).map(({ atMs, state }) => ({ at: atMs, state })),
    timelineLength: ({ affected }) => affected.timeline.length,
  },
  WitnessStep: {
    twin: (step, _, context) => twinById(context, step.twin),
    relationship: ({ relationship }, _, { application }) =>
      relationship === null ? null : (application.topology.relationship(relationship) ?? null),
    lost: (step, _, context) => twinsById(context, step.lost.slice(0, LIMITS.witnessLost)),
    lostCount: (step) => step.lost.length,
  },
};

export function toAffectedParents({ answer }: ScenarioResult, rows: Iterable<AffectedTwin>): AffectedParent[] {
  return Array.from(rows, (affected) => ({ affected, answer }));
}

/** @throws LinchpinError BAD_INPUT */
function checkOrder(maxOrder: number | null | undefined): number {
  const order = maxOrder ?? 2;
  if (order !== 1 && order !== 2) throw badInput('maxOrder', '1 or 2', order);
  return order;
}

export async function summaryOf(
  result: ScenarioResult,
  { application, signal }: RequestContext,
): Promise<ImpactSummaryParent> {
  const counts = await application.inSlices(summarizeImpact(result, application.topology), signal);
  return { ...counts, answer: result.answer };
}

function filterAffected(
  result: ScenarioResult,
  args: Partial<ImpactAffectedArgs>,
  context: RequestContext,
): Steps<AffectedRows> {
  const { certainty } = args;
  const kinds = args.kinds ? new Set<TwinKind>(args.kinds) : null;
  const within = args.within == null ? null : contentsOf(nodeOf(context, args.within));
  const { topology } = context.application;
  const { affected } = result.answer;
  return affected.where((index) => {
    const id = affected.id(index);
    const twin = topology.twin(id);
    return (
      twin !== undefined && // deleted since the answer was made
      (kinds === null || kinds.has(twin.kind)) &&
      (certainty == null || certainty === affected.certainty(index)) &&
      (within === null || within.has(id))
    );
  });
}
