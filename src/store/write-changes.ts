/** Writes the `after` side of changes, in batches of one shape, in an order in which each finds what it joins. */
import type { Changes, ModelChange, RelationshipChange, TwinChange } from '../domain/change.ts';
import { LinchpinError } from '../domain/errors.ts';
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

const COUNT_EXISTING = statement('twins/count-existing');
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

/**
 * Sends a statement. With `count`, its answer must be that number: a graph that does not hold what memory holds is told
 * before the commit, instead of drifting further.
 */
export type Send = (statement: string, parameters: GraphParameters, count?: number) => Promise<void>;

export async function writeChanges(changes: Changes, send: Send): Promise<void> {
  const write = new BatchWriter(send);
  const relationships = sortRelationships(changes.relationships);
  for (const [type, deleted] of groupBy(relationships.deleted, (each) => each.type)) {
    await write.rows(withType(DELETE_RELATIONSHIPS, type), deleted, relationshipEnds);
  }
  await writeTwins(changes.twins, write);
  for (const [type, created] of groupBy(relationships.created, (each) => each.type)) {
    await write.everyRow(withType(CREATE_RELATIONSHIPS, type), created, relationshipColumns);
  }
  for (const [type, changed] of groupBy(relationships.changed, ({ after }) => after.type)) {
    await write.everyRow(withType(UPDATE_RELATIONSHIPS, type), changed, ({ before, after }) =>
      relationshipUpdate(before, after),
    );
  }
  await writeModels(changes.models, write);
}

class BatchWriter {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  rows<T>(text: string, items: readonly T[], toRow: (item: T) => unknown): Promise<void> {
    return this.#pages(items, (page) => this.#send(text, { rows: page.map(toRow) }));
  }

  /** Every row must find what it is for. */
  everyRow<T>(text: string, items: readonly T[], toRow: (item: T) => unknown): Promise<void> {
    return this.#pages(items, (page) => this.#send(text, { rows: page.map(toRow) }, page.length));
  }

  ids(text: string, ids: readonly string[]): Promise<void> {
    return this.#pages(ids, (page) => this.#send(text, { ids: page }));
  }

  /** None of the ids may be found. */
  noneOf(text: string, ids: readonly string[]): Promise<void> {
    return this.#pages(ids, (page) => this.#send(text, { ids: page }, 0));
  }

  async #pages<T>(items: readonly T[], run: (page: readonly T[]) => Promise<void>): Promise<void> {
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
  await write.noneOf(COUNT_EXISTING, uniqueIds(created));
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
  await write.everyRow(UPDATE_TWINS, changed, changedRow);
  await write.rows(CREATE_REQUIREMENTS, [...created, ...changed].flatMap(requirementRows), (row) => row);
}

function uniqueIds(created: readonly TwinChange[]): string[] {
  const ids = new Set(created.map(({ id }) => id));
  if (ids.size < created.length) throw new LinchpinError('INTERNAL', 'a twin cannot be created twice in one commit');
  return [...ids];
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
