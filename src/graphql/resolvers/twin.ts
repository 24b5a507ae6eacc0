/** Twins and their status: structure and state from memory, property values from the graph by loader. */
import { LIMITS } from '../../domain/limits.ts';
import type { Application } from '../../application/application.ts';
import { twinToInput } from '../../application/to-input.ts';
import { notFound } from '../../domain/errors.ts';
import type { PropertyValue } from '../../domain/property.ts';
import type { Conduction, Twin } from '../../domain/twin.ts';
import { ancestorsOf, childrenOf, descendantsOf, parentOf } from '../../topology/hierarchy.ts';
import { compareIds } from '../../topology/order.ts';
import { type ReachDirection, type ReachEntry } from '../../topology/reach.ts';
import type { TwinNode } from '../../topology/topology.ts';
import { askedProperties } from '../asked-properties.ts';
import { pageOf, pageOfRanked, pageSize, type RowOrder, type Rows } from '../connections.ts';
import type { RequestContext } from '../context.ts';
import type { PropertyNames } from '../loaders.ts';
import type { ReachPage, RelationshipPage } from '../parents.ts';
import type { PropertyRow } from '../property-row.ts';
import type {
  AssetDependenciesArgs,
  AssetHistoryArgs,
  AssetRelationshipsArgs,
  AssetResolvers,
  Resolvers,
  TwinFilter,
} from '../schema-types.ts';
import { checkDepth } from './check-depth.ts';
import { checkTypes } from './check-types.ts';
import { toTwinFilter } from './filter.ts';
import { whenSettled } from './when-settled.ts';

const TYPE_BY_KIND = { ASSET: 'Asset', PROCESS: 'Process', SYSTEM: 'System' } as const;

export const TWINS_BY_ID: RowOrder<Twin> = { name: 'id', shape: ['string'], positionOf: (twin) => [twin.id] };

const RELATIONSHIPS_BY_ID: RowOrder<RelationshipPage['rows'][number]> = {
  name: 'relationship',
  shape: ['string'],
  positionOf: (relationship) => [relationship.id],
};
const BY_DISTANCE: RowOrder<ReachEntry> = {
  name: 'reach',
  shape: ['number', 'string'],
  positionOf: (entry) => [entry.distance, entry.node.twin.id],
};

const twinFields = {
  model: (twin, _, { application }) => (twin.model === null ? null : (application.model(twin.model) ?? null)),
  properties: (twin, { names }, { loaders }) => loaders.properties(twin, names ? new Set(names) : null),
  property: (twin, { name }, { loaders }) => loaders.property(twin, name),
  status: (twin, _, { application }) =>
    whenSettled(application, () => ({ ...application.status(twin.id), id: twin.id })),
  conduction: (twin, _, { application }) => conductionOf(application, twin),
  requirements: (twin, _, { application }) => whenSettled(application, () => application.requirements(twin.id)),
  parent: (twin, _, context) => parentOf(nodeOf(context, twin.id))?.twin ?? null,
  children: (twin, args, context) => {
    const page = (twins: readonly Twin[]) => pageOf(twins, args, TWINS_BY_ID);
    return passing(twinsOf(childrenOf(nodeOf(context, twin.id))), args.filter, context, (child) => child.id, page);
  },
  ancestors: (twin, _, context) => twinsOf(ancestorsOf(nodeOf(context, twin.id))),
  descendants: (twin, args, context) => {
    const page = (twins: readonly Twin[]) =>
      pageOfRanked(twins, args, { name: 'descendant', idAt: (index) => twins[index]?.id });
    const all = twinsOf(descendantsOf(nodeOf(context, twin.id), checkDepth(args.maxDepth)));
    return passing(all, args.filter, context, (descendant) => descendant.id, page);
  },
  relationships: (twin, args, context) => {
    checkTypes(context.application, args.types);
    return pageOf(relationshipsOf(nodeOf(context, twin.id), args), args, RELATIONSHIPS_BY_ID);
  },
  dependencies: (twin, args, context) => reachPage(twin, 'dependencies', args, context),
  dependents: (twin, args, context) => reachPage(twin, 'dependents', args, context),
  input: (twin, _, { loaders }) => {
    const toInput = (rows: readonly PropertyRow[]) => twinToInput(twin, rows) as unknown as PropertyValue;
    const rows = loaders.properties(twin, null);
    return 'then' in rows ? rows.then(toInput) : toInput(rows);
  },
  history: (twin, args, context) => pastOf(twin, args, context).then((answer) => answer.samples),
  historyRange: (twin, args, context) => pastOf(twin, args, context),
  valueAt: (twin, { property, at }, { loaders }) => loaders.valueAt({ twin: twin.id, property, at }),
} satisfies AssetResolvers;

export const twinResolvers: Resolvers = {
  Twin: { __resolveType: (twin) => TYPE_BY_KIND[twin.kind] },
  Asset: twinFields,
  Process: twinFields,
  System: twinFields,
  Status: {
    atRisk: (status, _, { application }) => whenSettled(application, () => application.atRisk(status.id)),
    causes: (status, { first }, context) =>
      whenSettled(context.application, () =>
        twinsById(context, context.application.causes(status.id, pageSize(first, 10))),
      ),
  },
  TwinConnection: {
    nodes: (page, _, context, info) => handOut(page.rows, context, askedProperties(info), () => page.rows),
    edges: (page, _, context, info) =>
      handOut(page.rows, context, askedProperties(info, ['node']), () =>
        page.rows.map((node, i) => ({ node, cursor: page.cursorAt(i) })),
      ),
    pageInfo,
  },
  ReachConnection: {
    nodes: (page, _, context, info) => {
      const twins = page.rows.map((entry) => entry.node.twin);
      return handOut(twins, context, askedProperties(info), () => twins);
    },
    edges: (page, _, context, info) => {
      const twins = page.rows.map((entry) => entry.node.twin);
      return handOut(twins, context, askedProperties(info, ['node']), () =>
        page.rows.map(({ node, distance }, i) => ({ node: node.twin, distance, cursor: page.cursorAt(i) })),
      );
    },
    pageInfo,
  },
};

/** Samples where the caller gives no number; the schema's default. */
const SAMPLES = 500;

function pastOf(twin: Twin, { property, from, to, every, first }: AssetHistoryArgs, { loaders }: RequestContext) {
  const size = pageSize(first, SAMPLES, LIMITS.pageSize, 'ask for a shorter time, or for buckets');
  return loaders.history({ twin: twin.id, property, from, to: to ?? null, everyMs: every ?? null, first: size });
}

/** Rows go out together with the properties that they are asked for; without any, at once. */
function handOut<Answer>(
  twins: readonly Twin[],
  { loaders }: RequestContext,
  names: PropertyNames | undefined,
  rows: () => Answer,
): Answer | Promise<Answer> {
  return names === undefined || twins.length === 0 ? rows() : loaders.prefetch(twins, names).then(rows);
}

export function pageInfo(page: { rows: readonly unknown[]; hasNextPage: boolean; cursorAt(index: number): string }) {
  const { rows, hasNextPage } = page;
  return { hasNextPage, endCursor: rows.length === 0 ? null : page.cursorAt(rows.length - 1) };
}

/** @throws LinchpinError NOT_FOUND */
export function nodeOf({ application }: RequestContext, id: string): TwinNode {
  const node = application.topology.node(id);
  if (!node) throw notFound('twin', id);
  return node;
}

/** @throws LinchpinError NOT_FOUND */
export function twinById(context: RequestContext, id: string): Twin {
  return nodeOf(context, id).twin;
}

/** Those that are gone meanwhile are left out. */
export function twinsById({ application }: RequestContext, ids: Iterable<string>): Twin[] {
  const twins: Twin[] = [];
  for (const id of ids) {
    const twin = application.topology.twin(id);
    if (twin) twins.push(twin);
  }
  return twins;
}

export function twinsOf(nodes: readonly TwinNode[]): Twin[] {
  return nodes.map((node) => node.twin);
}

/** Its own declaration, else its model's. */
function conductionOf(application: Application, twin: Twin): readonly Conduction[] {
  if (twin.conduction.length > 0 || twin.model === null) return twin.conduction;
  return application.resolvedModel(twin.model)?.conduction ?? [];
}

function relationshipsOf(node: TwinNode, { direction, types }: Pick<AssetRelationshipsArgs, 'direction' | 'types'>) {
  const wanted = types ? new Set(types) : null;
  const links = new Set([
    ...(direction === 'IN' ? [] : node.outgoing),
    ...(direction === 'OUT' ? [] : node.incoming), // one to itself is in both
  ]);
  return Array.from(links, (link) => link.relationship)
    .filter((relationship) => wanted === null || wanted.has(relationship.type))
    .toSorted((a, b) => compareIds(a.id, b.id));
}

function reachPage(twin: Twin, direction: ReachDirection, args: AssetDependenciesArgs, context: RequestContext) {
  const { application } = context;
  const reach = application.reach(twin.id, direction, { maxDepth: checkDepth(args.maxDepth) });
  const { complete, limit } = reach;
  const page = (rows: Rows<ReachEntry>): ReachPage => ({ ...pageOf(rows, args, BY_DISTANCE), complete, limit });
  // Without a filter, only the rows of the page come into being.
  return args.filter ? passing(reach.entries, args.filter, context, (entry) => entry.node.twin.id, page) : page(reach);
}

/** Goes on with the rows that pass the filter, in their order; without a filter at once, so that nothing waits. */
function passing<Row, Answer>(
  rows: readonly Row[],
  filter: TwinFilter | null | undefined,
  context: RequestContext,
  idOf: (row: Row) => string,
  goOn: (rows: readonly Row[]) => Answer,
): Answer | Promise<Answer> {
  if (!filter) return goOn(rows);
  return context.application.selectTwins(toTwinFilter(filter), rows.map(idOf), context.signal).then((ids) => {
    const passed = new Set(ids);
    return goOn(rows.filter((row) => passed.has(idOf(row))));
  });
}
