/** Writes the `after` side of changes, in batches of one shape, in an order in which each finds what it joins. */
import type { Changes, ModelChange, RelationshipChange, TwinChange } from '../domain/change.ts';
import type { Model } from '../domain/model.ts';
import type { Relationship } from '../domain/relationship.ts';
import { TWIN_KINDS } from '../domain/state.ts';
import type { Twin } from '../domain/twin.ts';
import { statement, withLabel, withType } from './cypher-statements.ts';
import type { GraphParameters } from './graph-port.ts';
import { modelColumns, propertyModelRows, relationshipTypeRows } from './model-record.ts';
import { emptyKeyMap, putProperty } from './property-record.ts';
import { relationshipColumns, relationshipEnds, relationshipUpdate } from './relationship-record.ts';
import { LABEL_BY_KIND, requirementColumns, twinColumns, twinKeys } from './twin-record.ts';

const CREATE_TWINS = statement('twins/create');
const UPDATE_TWINS = statement('twins/update');
const SET_KIND = statement('twins/set-kind');
const DELETE_TWINS = statement('twins/delete');
const CREATE_REQUIREMENTS = statement('requirements/create');
const DELETE_REQUIREMENTS = statement('requirements/delete');
const CREATE_RELATIONSHIPS = statement('relationships/create');
const UPDATE_RELATIONSHIPS = statement('relationships/update');
const DELETE_RELATIONSHIPS = statement('relationships/delete');
const CREATE_MODELS = statement('models/create');
const CREATE_MODEL_PROPERTIES = statement('models/create-properties');
const CREATE_MODEL_TYPES = statement('models/create-types');
const DELETE_MODEL_PARTS = statement('models/delete-parts');
const DELETE_MODELS = statement('models/delete');

/** Rows of one statement: fewer cost a round trip each, more hold both engines up without being faster. */
const ROWS_PER_STATEMENT = 1_000;

export type Run = (statement: string, parameters: GraphParameters) => Promise<unknown>;

export async function writeChanges(changes: Changes, run: Run): Promise<void> {
  const write = new BatchWriter(run);
  const relationships = sortRelationships(changes.relationships);
  await write.byType(DELETE_RELATIONSHIPS, relationships.deleted, relationshipEnds);
  await writeTwins(changes.twins, write);
  await write.byType(CREATE_RELATIONSHIPS, relationships.created, relationshipColumns);
  await write.changedByType(UPDATE_RELATIONSHIPS, relationships.changed);
  await writeModels(changes.models, write);
}

class BatchWriter {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  rows<T>(text: string, items: readonly T[], toRow: (item: T) => unknown): Promise<void> {
    return this.#pages(items, (page) => this.#run(text, { rows: page.map(toRow) }));
  }

  ids(text: string, ids: readonly string[]): Promise<void> {
    return this.#pages(ids, (page) => this.#run(text, { ids: page }));
  }

  async byType(
    text: string,
    relationships: readonly Relationship[],
    toRow: (relationship: Relationship) => unknown,
  ): Promise<void> {
    for (const [type, group] of groupBy(relationships, (each) => each.type))
      await this.rows(withType(text, type), group, toRow);
  }

  async changedByType(text: string, changes: readonly ChangedRelationship[]): Promise<void> {
    for (const [type, group] of groupBy(changes, ({ after }) => after.type)) {
      await this.rows(withType(text, type), group, ({ before, after }) => relationshipUpdate(before, after));
    }
  }

  async #pages<T>(items: readonly T[], run: (page: readonly T[]) => Promise<unknown>): Promise<void> {
    for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT)
      await run(items.slice(start, start + ROWS_PER_STATEMENT));
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

interface ChangedRelationship {
  readonly before: Relationship;
  readonly after: Relationship;
}

/** One that gets another type or other ends is deleted and created: neither can change in a graph. */
function sortRelationships(changes: readonly RelationshipChange[]) {
  const deleted: Relationship[] = [];
  const created: Relationship[] = [];
  const changed: ChangedRelationship[] = [];
  for (const { before, after } of changes) {
    if (
      before &&
      after &&
      before.type === after.type &&
      before.source === after.source &&
      before.target === after.target
    ) {
      changed.push({ before, after });
      continue;
    }
    if (before) deleted.push(before);
    if (after) created.push(after);
  }
  return { deleted, created, changed };
}

async function writeTwins(changes: readonly TwinChange[], write: BatchWriter): Promise<void> {
  const created = changes.filter((change) => change.before === null && change.after !== null);
  const changed = changes.filter((change) => change.before !== null && change.after !== null);
  const deleted = changes.filter((change) => change.after === null).map((change) => change.id);
  await write.ids(DELETE_REQUIREMENTS, [
    ...deleted,
    ...changed.filter(({ after }) => after?.requirements).map(({ id }) => id),
  ]);
  await write.ids(DELETE_TWINS, deleted);
  for (const kind of TWIN_KINDS) {
    const text = withLabel(CREATE_TWINS, LABEL_BY_KIND[kind]);
    await write.rows(
      text,
      created.filter(({ after }) => after?.kind === kind),
      createdRow,
    );
    const moved = changed
      .filter(({ before, after }) => after?.kind === kind && before?.kind !== kind)
      .map(({ id }) => id);
    await write.ids(withLabel(SET_KIND, LABEL_BY_KIND[kind]), moved);
  }
  await write.rows(UPDATE_TWINS, changed, changedRow);
  await write.rows(CREATE_REQUIREMENTS, [...created, ...changed].flatMap(requirementRows), (row) => row);
}

function createdRow({ after, properties }: TwinChange): unknown[] {
  const keys = emptyKeyMap();
  for (const property of properties) putProperty(keys, property.name, property.after);
  return [...twinColumns(after as Twin), keys];
}

function changedRow({ id, after, properties }: TwinChange): unknown[] {
  const keys = twinKeys(after ?? {});
  for (const property of properties) putProperty(keys, property.name, property.after);
  return [id, keys];
}

function requirementRows({ id, after }: TwinChange): unknown[][] {
  return (after?.requirements ?? []).map((requirement, position) => requirementColumns(id, requirement, position));
}

async function writeModels(changes: readonly ModelChange[], write: BatchWriter): Promise<void> {
  const gone = changes.filter(({ before }) => before !== null).map(({ id }) => id);
  await write.ids(DELETE_MODEL_PARTS, gone);
  await write.ids(DELETE_MODELS, gone);
  const models = changes.flatMap(({ after }): Model[] => (after ? [after] : []));
  await write.rows(CREATE_MODELS, models, modelColumns);
  await write.rows(CREATE_MODEL_PROPERTIES, models.flatMap(propertyModelRows), (row) => row);
  await write.rows(CREATE_MODEL_TYPES, models.flatMap(relationshipTypeRows), (row) => row);
}
