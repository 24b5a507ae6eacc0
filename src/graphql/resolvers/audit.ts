/** The audit log: who changed what, when, from what to what. */
import type { AuditAnswer } from '../../application/audit-log.ts';
import { conductionToInput, requirementToInput } from '../../application/to-input.ts';
import type { ChangeRecord, PropertyChange, TwinChange } from '../../domain/change.ts';
import { formatDuration } from '../../domain/duration.ts';
import { badInput, LinchpinError } from '../../domain/errors.ts';
import { formatInstant } from '../../domain/instant.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { PropertyState, PropertyValue } from '../../domain/property.ts';
import type { Relationship } from '../../domain/relationship.ts';
import type { Conduction, Maintenance, Requirement } from '../../domain/twin.ts';
import { pageSize, READ_ON } from '../connections.ts';
import { decodeCursor, encodeCursor } from '../cursors.ts';
import type { AuditChangeParent } from '../parents.ts';
import type { Resolvers } from '../schema-types.ts';

const CURSOR = 'audit';
/** Changes of one entry; the schema's default. */
const CHANGES = 100;
const ORIGIN = { mutation: 'MUTATION', import: 'IMPORT', telemetry: 'TELEMETRY', clock: 'CLOCK' } as const;

export const auditResolvers: Resolvers = {
  Query: {
    auditLog(_, { twin, actor, from, to, first, after }, { application, principal, signal }) {
      if (principal.scope !== null)
        throw new LinchpinError('FORBIDDEN', 'auditLog tells of everything: it takes a caller without a scope', {
          expected: 'a caller without a scope',
        });
      if (from != null && to != null && to < from)
        throw badInput('to', `an instant that is not before from (${formatInstant(from)})`, formatInstant(to));
      const before = after == null ? null : Number(decodeCursor(CURSOR, ['number'], after)[0]);
      const question = { twin: twin ?? null, actor: actor ?? null, from: from ?? null, to: to ?? null };
      return application.auditLog(
        { ...question, first: pageSize(first, 50, LIMITS.pageSize, READ_ON), before },
        signal,
      );
    },
  },
  AuditLog: {
    entries: ({ records }) => records,
    pageInfo: ({ next }: AuditAnswer) => ({
      hasNextPage: next !== null,
      endCursor: next === null ? null : encodeCursor(CURSOR, [next]),
    }),
  },
  AuditEntry: {
    cursor: ({ sequence }) => encodeCursor(CURSOR, [sequence]),
    origin: ({ origin }) => ORIGIN[origin],
    changeCount: ({ twins, relationships, models }) => twins.length + relationships.length + models.length,
    changes: (record, { first }) => changesOf(record).slice(0, pageSize(first, CHANGES)),
  },
  AuditChange: {
    before: ({ before }) => before,
    after: ({ after }) => after,
  },
};

function changesOf({ twins, relationships, models }: ChangeRecord): AuditChangeParent[] {
  return [
    ...models.map(({ id, before, after }) => ({
      kind: 'MODEL' as const,
      id,
      before: before?.definition ?? null,
      after: after?.definition ?? null,
    })),
    ...twins.map((change) => ({
      kind: 'TWIN' as const,
      id: change.id,
      before: sideOf(change, 'before'),
      after: sideOf(change, 'after'),
    })),
    ...relationships.map(({ id, before, after }) => ({
      kind: 'RELATIONSHIP' as const,
      id,
      before: relationshipSide(before),
      after: relationshipSide(after),
    })),
  ];
}

const instantOrNull = (at: number | null): string | null => (at === null ? null : formatInstant(at));

/** Fields of a twin that the API calls otherwise, or shows in another form; null: not told. */
const TWIN_FIELDS: Readonly<
  Record<string, { readonly name?: string; readonly show?: (value: never) => unknown } | null>
> = {
  // When it was is told once, by the entry.
  updatedAt: null,
  // Nobody sets it: it follows from `closed`.
  switches: null,
  createdAt: { show: instantOrNull },
  lastSeen: { show: instantOrNull },
  reportedHealth: { name: 'health' },
  requirements: { show: (list: readonly Requirement[]) => list.map(requirementToInput) },
  conduction: { show: (list: readonly Conduction[]) => list.map(conductionToInput) },
  maintenance: {
    show: (maintenance: Maintenance | null) =>
      maintenance && { until: instantOrNull(maintenance.until), reason: maintenance.reason },
  },
};

function relationshipSide(relationship: Relationship | null): PropertyValue {
  if (relationship === null) return null;
  const { standbyDelayMs, ...others } = relationship;
  const standbyDelay = standbyDelayMs === null ? null : formatDuration(standbyDelayMs);
  return { ...others, standbyDelay };
}

/** The fields that differ, and under `properties` those of its properties. Instants as text. */
function sideOf({ properties, ...change }: TwinChange, side: 'before' | 'after'): PropertyValue {
  const fields = change[side];
  if (fields === null) return null;
  const told: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const field = TWIN_FIELDS[name];
    if (field === null) continue;
    told[field?.name ?? name] = (field?.show ? field.show(value as never) : value) as PropertyValue;
  }
  if (properties.length > 0)
    told['properties'] = Object.fromEntries(properties.map((each) => propertySide(each, side)));
  return told;
}

function propertySide(change: PropertyChange, side: 'before' | 'after'): [string, PropertyValue] {
  const state: PropertyState | null = change[side];
  if (state === null) return [change.name, null];
  const { value, desired, unit, quality, observedAt, stale } = state;
  const at = observedAt === null ? null : formatInstant(observedAt);
  return [change.name, { value, desired: desired ?? null, unit, quality, observedAt: at, stale }];
}
