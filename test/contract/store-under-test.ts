/** What the contract suite needs of an engine, and short ways to say what happens to a graph. */
import type { StoreTransaction, TwinStore } from '../../src/application/twin-store.ts';
import {
  type ChangeOrigin,
  type ChangeRecord,
  type Changes,
  NO_CHANGES,
  type PropertyChange,
  type TwinChange,
} from '../../src/domain/change.ts';
import type { Model } from '../../src/domain/model.ts';
import { EMPTY_PROPERTY, type PropertyState, type PropertyValue } from '../../src/domain/property.ts';
import type { Relationship } from '../../src/domain/relationship.ts';
import type { AppliedReading, Reading } from '../../src/domain/telemetry.ts';
import type { Twin } from '../../src/domain/twin.ts';

export interface EngineUnderTest {
  /** A store on an empty graph; the one before is closed. */
  open(): Promise<TwinStore>;
  /** Closes it and opens the same graph again. */
  reopen(): Promise<TwinStore>;
  close(): Promise<void>;
}

export function aTwin(id: string, fields: Partial<Twin> = {}): Twin {
  return {
    id,
    kind: 'ASSET',
    name: `name of ${id}`,
    description: null,
    model: null,
    tags: [],
    criticality: 0,
    closed: true,
    switches: false,
    conduction: [],
    requirements: [],
    reportedHealth: 'OPERATIONAL',
    measuredHealth: 'OPERATIONAL',
    maintenance: null,
    connectivity: 'NEVER_SEEN',
    lastSeen: null,
    revision: 1,
    createdAt: 1_000,
    updatedAt: 1_000,
    ...fields,
  };
}

export function aRelationship(
  id: string,
  source: string,
  target: string,
  fields: Partial<Relationship> = {},
): Relationship {
  return {
    id,
    type: 'FEEDS',
    source,
    target,
    medium: null,
    group: null,
    share: null,
    standbyDelayMs: null,
    closed: true,
    oneWay: false,
    properties: {},
    revision: 1,
    ...fields,
  };
}

export const aState = (value: PropertyValue, fields: Partial<PropertyState> = {}): PropertyState => ({
  ...EMPTY_PROPERTY,
  value,
  observedAt: 2_000,
  receivedAt: 2_001,
  ...fields,
});

export const aReading = (
  twin: string,
  property: string,
  value: PropertyValue,
  fields: Partial<Reading> = {},
): Reading => ({
  twin,
  property,
  value,
  observedAt: 3_000,
  receivedAt: 3_001,
  quality: 'GOOD',
  ...fields,
});

export function created(twin: Twin, properties: { readonly [name: string]: PropertyState } = {}): TwinChange {
  return {
    id: twin.id,
    before: null,
    after: twin,
    properties: Object.entries(properties).map(([name, after]) => ({ name, before: null, after })),
  };
}

export function changed(
  id: string,
  before: Partial<Twin>,
  after: Partial<Twin>,
  properties: readonly PropertyChange[] = [],
): TwinChange {
  return { id, before, after, properties };
}

export const deleted = (twin: Twin): TwinChange => ({ id: twin.id, before: twin, after: null, properties: [] });

export const relationshipCreated = (after: Relationship) => ({ id: after.id, before: null, after });

export const modelCreated = (after: Model) => ({ id: after.id, before: null, after });

/** Writes and records changes in one commit; answers its sequence. */
export function commit(
  store: TwinStore,
  changes: Partial<Changes>,
  { at = 5_000, origin = 'mutation' }: { at?: number; origin?: ChangeOrigin } = {},
): Promise<number> {
  return store.transact(async (transaction) => {
    const all = { ...NO_CHANGES, ...changes };
    await transaction.write(all);
    return recordNext(transaction, all, at, origin);
  });
}

export async function recordNext(
  transaction: StoreTransaction,
  changes: Changes = NO_CHANGES,
  at = 5_000,
  origin: ChangeOrigin = 'mutation',
): Promise<number> {
  const record: ChangeRecord = { sequence: transaction.head + 1, at, origin, actor: null, ...changes };
  await transaction.record(record);
  return record.sequence;
}

/** Applies readings in one commit at 6,000. */
export function ingest(store: TwinStore, ...readings: Reading[]): Promise<AppliedReading[]> {
  return store.transact(async (transaction) => {
    const applied = await transaction.applyReadings(readings, 6_000);
    await recordNext(transaction, NO_CHANGES, 6_000, 'telemetry');
    return applied;
  });
}

export async function allTwins(store: TwinStore): Promise<Map<string, Twin>> {
  const twins = new Map<string, Twin>();
  for await (const page of store.scanTwins()) for (const twin of page) twins.set(twin.id, twin);
  return twins;
}

export async function allRelationships(store: TwinStore): Promise<Map<string, Relationship>> {
  const relationships = new Map<string, Relationship>();
  for await (const page of store.scanRelationships()) for (const each of page) relationships.set(each.id, each);
  return relationships;
}

export async function propertiesOf(
  store: TwinStore,
  id: string,
): Promise<ReadonlyMap<string, PropertyState> | undefined> {
  return (await store.properties([id])).get(id);
}
