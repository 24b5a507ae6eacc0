/** Impact: pages and filters over one ordered answer; the summary counts over all of it. */
import type { ScenarioResult } from '../../application/application.ts';
import { summarizeImpact } from '../../application/summarize-impact.ts';
import { badInput } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { TwinKind } from '../../domain/state.ts';
import type { AffectedTwin } from '../../impact/types.ts';
import { contentsOf } from '../../topology/hierarchy.ts';
import { pageOfRanked } from '../connections.ts';
import type { RequestContext } from '../context.ts';
import { encodeFeedCursor } from '../cursors.ts';
import type { AffectedParent } from '../parents.ts';
import type { ImpactAffectedArgs, Resolvers } from '../schema-types.ts';
import { nodeOf, pageInfo, twinById, twinsById } from './twin.ts';

const BY_RANK = { name: 'affected', idOf: (row: AffectedParent) => row.affected.id };

export const impactResolvers: Resolvers = {
  Query: {
    impact: (_, { scenario }, { application }) => application.impact(scenario),
  },
  Impact: {
    summary: (result, _, { application }) => summarizeImpact(result, application.topology),
    affected: (result, args, context) => pageOfRanked(filterAffected(result, args, context), args, BY_RANK),
    cursor: (result) => encodeFeedCursor(result.sequence),
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
    causes: ({ affected, answer }, { maxOrder }, context) =>
      answer.causes(affected.id, checkOrder(maxOrder)).map((ids) => twinsById(context, ids)),
    causesComplete: ({ affected, answer }, { maxOrder }) => answer.causesComplete(affected.id, checkOrder(maxOrder)),
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

function filterAffected(result: ScenarioResult, args: Partial<ImpactAffectedArgs>, context: RequestContext) {
  const { certainty } = args;
  const kinds = args.kinds ? new Set<TwinKind>(args.kinds) : null;
  const within = args.within == null ? null : contentsOf(nodeOf(context, args.within));
  const { topology } = context.application;
  const rows = result.answer.affected.filter((affected) => {
    const twin = topology.twin(affected.id);
    return (
      twin !== undefined && // deleted since the answer was made
      (kinds === null || kinds.has(twin.kind)) &&
      (certainty == null || certainty === affected.certainty) &&
      (within === null || within.has(affected.id))
    );
  });
  return toAffectedParents(result, rows);
}
