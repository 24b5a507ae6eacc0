/** Criticality, cut sets, root causes, and doubts about the model. */
import { badInput } from '../../domain/errors.ts';
import { pageOfRanked, pageSize } from '../connections.ts';
import type { OperationalState, Resolvers, TwinKind } from '../schema-types.ts';
import { pageInfo, twinById, twinsById } from './twin.ts';

export const analysisResolvers: Resolvers = {
  Query: {
    criticality: async (_, args, { application, signal }) => {
      const options = { kinds: checkKinds(args.kinds ?? ['ASSET', 'SYSTEM']), within: args.within ?? null } as const;
      const rows = await application.criticality(options, signal);
      return pageOfRanked(rows, args, { name: 'criticality', idAt: (index) => rows[index]?.id });
    },
    cutSets: async (_, args, { application, signal }) =>
      application.cutSets(
        args.of,
        {
          below: checkLevel(args.below),
          maxOrder: checkOrder(args.maxOrder),
          kinds: checkKinds(args.kinds ?? ['ASSET']),
          first: pageSize(args.first, 100),
        },
        signal,
      ),
    rootCauses: async (_, args, { application, signal }) =>
      application.rootCauses(
        args.observations,
        {
          maxOrder: checkOrder(args.maxOrder),
          kinds: checkKinds(args.kinds ?? ['ASSET']),
          first: pageSize(args.first, 10),
        },
        signal,
      ),
    modelIssues: async (_, { first }, { application, signal }) => application.modelIssues(pageSize(first, 100), signal),
  },
  CriticalityConnection: { nodes: (page) => page.rows, pageInfo },
  Criticality: {
    twin: (row, _, context) => twinById(context, row.id),
    firstImpactAt: (row) => row.firstImpactAtMs,
  },
  CutSet: {
    twins: (ids, _, context) => twinsById(context, ids),
    order: (ids) => ids.length,
  },
  RootCause: {
    twins: (cause, _, context) => twinsById(context, cause.twins),
  },
  ModelIssue: {
    twin: ({ twin }, _, { application }) => (twin === null ? null : (application.topology.twin(twin) ?? null)),
  },
};

/**
 * Where nothing may fail, everything survives: that would look like an answer.
 * @throws LinchpinError BAD_INPUT
 */
function checkKinds(kinds: readonly TwinKind[]): readonly TwinKind[] {
  if (kinds.length === 0) throw badInput('kinds', 'at least one kind of twin', kinds);
  return kinds;
}

/** @throws LinchpinError BAD_INPUT */
function checkLevel(below: OperationalState | null | undefined): 'OPERATIONAL' | 'DEGRADED' {
  const level = below ?? 'OPERATIONAL';
  if (level !== 'OPERATIONAL' && level !== 'DEGRADED') throw badInput('below', 'OPERATIONAL or DEGRADED', level);
  return level;
}

/**
 * How large the sets may be at most is for the analysis to say.
 * @throws LinchpinError BAD_INPUT
 */
function checkOrder(maxOrder: number | null | undefined): number {
  const order = maxOrder ?? 2;
  if (order < 1) throw badInput('maxOrder', 'a number of at least 1', order);
  return order;
}
