/**
 * Cost of a field, in fields that the answer may come to. What is below a list counts once for each row of a full page;
 * lists without a page count as long as they usually are. Work that is not in the number of fields is added.
 */
import { type GraphQLField, getNullableType, isListType } from 'graphql';
import type { ComplexityEstimator } from 'graphql-query-complexity';

/** Rows of a list that has no page: properties, members, steps of a witness. */
const USUAL_ROWS = 10;

/** Rows of a connection, and samples of a range, stand one level below the field that has the page. */
const CONNECTION_ROWS = new Set(['nodes', 'edges', 'samples']);

/** Evaluations of the whole graph, and searches, in fields that could be answered in the same time. */
const WORK: Record<string, number> = {
  'Query.impact': 2_000,
  'Query.criticality': 20_000,
  'Query.cutSets': 20_000,
  'Query.rootCauses': 50_000,
  'Query.modelIssues': 2_000,
  'Query.auditLog': 20_000,
  'Query.paths': 1_000,
  'Query.search': 1_000,
  'Twin.history': 10,
  'Asset.history': 10,
  'Process.history': 10,
  'System.history': 10,
  'Twin.historyRange': 10,
  'Asset.historyRange': 10,
  'Process.historyRange': 10,
  'System.historyRange': 10,
  'Affected.causes': 100,
  'Twin.input': 10,
  'Asset.input': 10,
  'Process.input': 10,
  'System.input': 10,
  'Subscription.impactChanged': 2_000,
};

/** Memory copied and walked back, for each field that asks for the past. */
const PAST_WORK = 20_000;

export const estimateCost: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  const isPast = args.asOf != null || args.scenario?.asOf != null;
  const work = (WORK[`${type.name}.${field.name}`] ?? 0) + (isPast ? PAST_WORK : 0);
  return 1 + work + rowsOf(field, args) * childComplexity;
};

function rowsOf(field: GraphQLField<unknown, unknown>, args: { [name: string]: unknown }): number {
  // A change answers as many rows as it was given.
  const given = args.twins ?? args.relationships ?? args.models;
  if (Array.isArray(given)) return given.length;
  const isPaged = field.args.some((arg) => arg.name === 'first');
  if (isPaged) return typeof args.first === 'number' ? Math.max(0, args.first) : USUAL_ROWS;
  return isListType(getNullableType(field.type)) && !CONNECTION_ROWS.has(field.name) ? USUAL_ROWS : 1;
}
