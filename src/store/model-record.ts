/** A model as nodes: (:Model) with a (:PropertyModel) per property and a (:RelationshipType) per type that it declares. */
import type { HistoryPolicy } from '../domain/history.ts';
import type { Limit, Model, PropertyModel, PropertySchema } from '../domain/model.ts';
import type { RelationshipType } from '../domain/relationship.ts';
import type {
  Comparison,
  ConductionRole,
  ImpactDirection,
  OperationalState,
  RequirementMode,
  TwinKind,
} from '../domain/state.ts';
import type { Conduction } from '../domain/twin.ts';
import type { GraphRow, GraphValue } from './graph-port.ts';

/** Lists in a graph hold no nulls: a limit at once has a delay of 0, conduction in every medium an empty one. */
const EVERY_MEDIUM = '';

/** Columns of a property that hold its limits. */
const LIMIT_COLUMNS = 5;

/** For models/create.cypher. */
export function modelColumns(model: Model): GraphValue[] {
  const { id, kind, name, revision, conduction } = model;
  return [
    id,
    kind,
    name,
    listOrNull(model.extends),
    listOrNull(conduction.map(({ medium }) => medium ?? EVERY_MEDIUM)),
    listOrNull(conduction.map(({ role }) => role)),
    JSON.stringify(model.definition),
    revision,
  ];
}

/** For models/create-properties.cypher. */
export function propertyModelRows(model: Model): GraphValue[][] {
  return model.properties.map(({ name, schema, unit, writable, staleAfterMs, limits, history }, position) => [
    model.id,
    position,
    name,
    schema,
    unit,
    writable,
    staleAfterMs,
    listOrNull(limits.map((limit) => limit.comparison)),
    listOrNull(limits.map((limit) => limit.threshold)),
    listOrNull(limits.map((limit) => limit.state)),
    listOrNull(limits.map((limit) => limit.deadband)),
    listOrNull(limits.map((limit) => limit.delayMs)),
    history?.deadband ?? null,
    history?.maxIntervalMs ?? null,
  ]);
}

/** For models/create-types.cypher. */
export function relationshipTypeRows(model: Model): GraphValue[][] {
  return model.relationshipTypes.map(({ name, impact, mode, soft, description }, position) => [
    model.id,
    position,
    name,
    impact,
    mode,
    soft,
    description,
  ]);
}

const listOrNull = <T extends GraphValue>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
const listOf = (value: GraphValue | undefined): readonly GraphValue[] => (Array.isArray(value) ? value : []);

/** Rows of models/read.cypher with those of models/read-properties.cypher and models/read-types.cypher. */
export function toModels(
  models: readonly GraphRow[],
  properties: readonly GraphRow[],
  types: readonly GraphRow[],
): Model[] {
  const propertiesByModel = groupByModel(properties, toPropertyModel);
  const typesByModel = groupByModel(types, toRelationshipType);
  return models.map(([id, kind, name, parents, media, roles, definition, revision]) => ({
    id: id as string,
    kind: kind as TwinKind,
    name: name as string,
    extends: listOf(parents) as readonly string[],
    properties: propertiesByModel.get(id as string) ?? [],
    relationshipTypes: typesByModel.get(id as string) ?? [],
    conduction: toConduction(listOf(media) as readonly string[], listOf(roles) as readonly ConductionRole[]),
    definition: JSON.parse(definition as string) as Model['definition'],
    revision: revision as number,
  }));
}

/** Rows begin with the model's id and the part's position. */
function groupByModel<T>(rows: readonly GraphRow[], toPart: (row: GraphRow) => T): Map<string, T[]> {
  const byModel = new Map<string, T[]>();
  for (const row of rows.toSorted((a, b) => Number(a[1]) - Number(b[1]))) {
    const parts = byModel.get(row[0] as string) ?? [];
    parts.push(toPart(row));
    byModel.set(row[0] as string, parts);
  }
  return byModel;
}

function toConduction(media: readonly string[], roles: readonly ConductionRole[]): Conduction[] {
  return media.map((medium, i) => ({
    medium: medium === EVERY_MEDIUM ? null : medium,
    role: roles[i] as ConductionRole,
  }));
}

function toPropertyModel([, , name, schema, unit, writable, staleAfter, ...rest]: GraphRow): PropertyModel {
  return {
    name: name as string,
    schema: schema as PropertySchema,
    unit: (unit ?? null) as string | null,
    writable: writable === true,
    staleAfterMs: (staleAfter ?? null) as number | null,
    limits: toLimits(rest),
    history: toHistoryPolicy(rest.slice(LIMIT_COLUMNS)),
  };
}

/** Every policy has a deadband. */
function toHistoryPolicy([deadband, maxInterval]: GraphRow): HistoryPolicy | null {
  return typeof deadband === 'number' ? { deadband, maxIntervalMs: (maxInterval ?? null) as number | null } : null;
}

function toLimits([comparisons, thresholds, states, deadbands, delays]: GraphRow): Limit[] {
  return (listOf(comparisons) as readonly Comparison[]).map((comparison, i) => ({
    comparison,
    threshold: (listOf(thresholds) as readonly number[])[i] as number,
    state: (listOf(states) as readonly OperationalState[])[i] as OperationalState,
    deadband: (listOf(deadbands) as readonly number[])[i] as number,
    delayMs: (listOf(delays) as readonly number[])[i] as number,
  }));
}

function toRelationshipType([, , name, impact, mode, soft, description]: GraphRow): RelationshipType {
  return {
    name: name as string,
    impact: impact as ImpactDirection,
    mode: (mode ?? null) as RequirementMode | null,
    soft: soft === true,
    description: (description ?? null) as string | null,
  };
}
