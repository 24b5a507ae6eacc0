/** Verbs on one twin, and the deletion of a relationship. */
import { LinchpinError, notFound } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Twin } from '../domain/twin.ts';
import { whyNotDescription } from '../domain/check-text.ts';
import type { Caller } from './application.ts';
import { type CommitContext, commit } from './commit.ts';
import type { Draft } from './draft.ts';
import { draftDesired, draftFields } from './draft-twins.ts';
import type { TwinPatchInput } from './inputs.ts';
import { type Fields, refuseOtherKeys } from './parse-fields.ts';
import { PATCH_KEYS, parseProperties, parseTwinFields } from './parse-twin.ts';

type RevisionOptions = Caller & { ifRevision?: number | null };

/** The twin, when it is there and at the revision that the caller has seen. */
function expectTwin(draft: Draft, id: string, ifRevision: number | null | undefined): Twin {
  const twin = draft.twin(id);
  if (!twin) throw notFound('twin', id);
  if (ifRevision !== undefined && ifRevision !== null && twin.revision !== ifRevision) {
    throw new LinchpinError(
      'CONFLICT',
      `twin ${JSON.stringify(id)} is at revision ${twin.revision}, not at ${ifRevision}: it was changed meanwhile`,
      {
        at: 'ifRevision',
        expected: String(twin.revision),
        received: String(ifRevision),
        revision: twin.revision,
      },
    );
  }
  return twin;
}

/** What memory holds after the commit; a twin that somebody deleted since is NOT_FOUND. */
function held(context: CommitContext, id: string): Twin {
  const twin = context.memory.topology.twin(id);
  if (!twin) throw notFound('twin', id);
  return twin;
}

/** @throws LinchpinError NOT_FOUND, CONFLICT, BAD_INPUT */
export async function patchTwin(
  context: CommitContext,
  id: string,
  patch: TwinPatchInput,
  { actor, scope, ifRevision }: RevisionOptions,
): Promise<Twin> {
  const faults = new Faults();
  refuseOtherKeys(patch as Fields, PATCH_KEYS, 'patch', faults);
  const fields = parseTwinFields(patch as Fields, 'patch', faults);
  faults.throwIfAny();
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    expectTwin(draft, id, ifRevision);
    if (fields.properties || fields.model !== undefined) await draft.loadProperties([id]);
    const found = new Faults();
    draftFields(draft, id, fields, 'patch', found);
    found.throwIfAny();
  });
  return held(context, id);
}

/** @throws LinchpinError NOT_FOUND, CONFLICT, BAD_INPUT */
export async function setDesired(
  context: CommitContext,
  id: string,
  desired: PropertyValue,
  { actor, scope, ifRevision }: RevisionOptions,
): Promise<Twin> {
  const faults = new Faults();
  const values = parseProperties({ properties: desired }, 'properties', '', faults);
  if (!values && faults.list.length === 0) faults.add('properties', 'an object of property values', desired);
  faults.throwIfAny();
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    expectTwin(draft, id, ifRevision);
    await draft.loadProperties([id]);
    const found = new Faults();
    draftDesired(draft, id, values ?? new Map(), 'properties', found);
    found.throwIfAny();
  });
  return held(context, id);
}

/** Out of service as planned work, until it is taken back or `until` passes. */
export async function setMaintenance(
  context: CommitContext,
  id: string,
  on: boolean,
  { actor, scope, until, reason }: Caller & { until?: number | null; reason?: string | null },
): Promise<Twin> {
  const faults = new Faults();
  const why = reason === undefined || reason === null ? null : whyNotDescription(reason);
  if (why !== null) faults.add('reason', why, reason);
  if (on && typeof until === 'number' && until <= context.clock())
    faults.add('until', 'an instant in the future', new Date(until).toISOString());
  faults.throwIfAny();
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    expectTwin(draft, id, null);
    draft.changeTwin(id, { maintenance: on ? { until: until ?? null, reason: reason ?? null } : null });
  });
  return held(context, id);
}

/** With its relationships. */
export async function deleteTwin(
  context: CommitContext,
  id: string,
  { actor, scope, ifRevision }: RevisionOptions,
): Promise<string> {
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    expectTwin(draft, id, ifRevision);
    await draft.loadProperties([id]);
    draft.deleteTwin(id);
  });
  return id;
}

export async function deleteRelationship(
  context: CommitContext,
  id: string,
  { actor, scope }: Caller,
): Promise<string> {
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    if (!draft.relationship(id)) throw notFound('relationship', id);
    draft.deleteRelationship(id);
  });
  return id;
}
