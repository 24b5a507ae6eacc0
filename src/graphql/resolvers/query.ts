/** Questions about twins, structure and models. Impact and analysis have files of their own. */
import { LIMITS } from '../../domain/limits.ts';
import { rootsOf } from '../../topology/hierarchy.ts';
import { compareIds } from '../../topology/order.ts';
import { searchTwins } from '../../topology/search.ts';
import { pageOf, pageSize, type RowOrder } from '../connections.ts';
import { encodeFeedCursor } from '../cursors.ts';
import type { Resolvers } from '../schema-types.ts';
import { checkDepth } from './check-depth.ts';
import { checkTypes } from './check-types.ts';
import { toTwinFilter } from './filter.ts';
import { TWINS_BY_ID, twinsById, twinsOf } from './twin.ts';

/** Longest path where the caller gives none; the schema's default. */
const PATH_DEPTH = 50;

/** As TWINS_BY_ID, so that only the twins of one page are looked up. */
const IDS: RowOrder<string> = { ...TWINS_BY_ID, positionOf: (id) => [id] };

export const queryResolvers: Resolvers = {
  Query: {
    twin: (_, { id }, { application }) => application.topology.twin(id) ?? null,
    twins: async (_, args, context) => {
      const ids = await context.application.selectTwins(toTwinFilter(args.filter ?? {}), undefined, context.signal);
      const page = pageOf(ids, args, IDS);
      const rows = twinsById(context, page.rows);
      return rows.length === page.rows.length ? { ...page, rows } : pageOf(twinsById(context, ids), args, TWINS_BY_ID);
    },
    search: (_, { text, first, kinds }, { application }) =>
      twinsOf(searchTwins(application.topology, text, { kinds: kinds ?? null, first: pageSize(first, 20) })),
    roots: (_, args, { application }) => pageOf(twinsOf(rootsOf(application.topology)), args, TWINS_BY_ID),
    paths: (_, args, { application }) => {
      checkTypes(application, args.types);
      return application.paths({
        from: args.from,
        to: args.to,
        types: args.types ?? null,
        direction: args.direction ?? 'OUT',
        maxDepth: checkDepth(args.maxDepth) ?? PATH_DEPTH,
        first: pageSize(args.first, 1, LIMITS.paths),
        along: args.along ?? 'RELATIONSHIPS',
      });
    },
    model: (_, { id }, { application }) => application.model(id) ?? null,
    models: (_, { first, after }, { application }) =>
      application
        .models()
        .filter((model) => after == null || compareIds(model.id, after) > 0)
        .toSorted((a, b) => compareIds(a.id, b.id))
        .slice(0, pageSize(first)),
    relationshipTypes: (_, __, { application }) =>
      application.relationshipTypes().toSorted((a, b) => compareIds(a.name, b.name)),
    cursor: (_, __, { application }) => encodeFeedCursor(application.sequence()),
  },
};
