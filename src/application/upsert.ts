/** Upserts of twins, relationships and models, and imports of all three: checked whole, written whole. */
import { LinchpinError } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Model } from '../domain/model.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';
import type { Caller, ImportReport } from './application.ts';
import { type CommitContext, commit } from './commit.ts';
import { draftModels } from './draft-models.ts';
import { draftRelationships } from './draft-relationships.ts';
import { draftTwins } from './draft-twins.ts';
import type { ImportInput, RelationshipInput, TwinInput } from './inputs.ts';
import { parseModel } from './parse-model.ts';
import { parseRelationship } from './parse-relationship.ts';
import { parseTwin } from './parse-twin.ts';

function refuseTooMany(count: number, what: string): void {
  if (count <= LIMITS.inputsPerMutation) return;
  throw new LinchpinError(
    'LIMIT_EXCEEDED',
    `at most ${LIMITS.inputsPerMutation} ${what} in one mutation, got ${count}; larger graphs come in by import`,
    {
      expected: `at most ${LIMITS.inputsPerMutation} ${what}`,
      received: String(count),
    },
  );
}

/** @throws InputFaults with the path of everything that is wrong; then nothing is written. */
export async function upsertTwins(
  context: CommitContext,
  twins: readonly TwinInput[],
  { actor, scope }: Caller,
): Promise<Twin[]> {
  refuseTooMany(twins.length, 'twins');
  const faults = new Faults();
  const at = (i: number): string => `twins[${i}]`;
  const parsed = twins.map((twin, i) => parseTwin(twin, at(i), faults));
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    const found = new Faults();
    found.list.push(...faults.list);
    await draftTwins(draft, parsed, at, found);
    found.throwIfAny();
  });
  return twins.flatMap((twin) => context.memory.topology.twin(twin.id) ?? []);
}

export async function upsertRelationships(
  context: CommitContext,
  relationships: readonly RelationshipInput[],
  { actor, scope }: Caller,
): Promise<Relationship[]> {
  refuseTooMany(relationships.length, 'relationships');
  const at = (i: number): string => `relationships[${i}]`;
  const ids = await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    const faults = new Faults();
    const parsed = relationships.map((relationship, i) =>
      parseRelationship(relationship, at(i), draft.typeByName(), faults),
    );
    draftRelationships(draft, parsed, at, faults);
    faults.throwIfAny();
    return parsed.flatMap((relationship) => relationship?.id ?? []);
  });
  return ids.flatMap((id) => context.memory.topology.relationship(id) ?? []);
}

export async function upsertModels(
  context: CommitContext,
  models: readonly unknown[],
  { actor, scope }: Caller,
): Promise<Model[]> {
  refuseTooMany(models.length, 'models');
  const faults = new Faults();
  const at = (i: number): string => `models[${i}]`;
  const parsed = models.map((model, i) => parseModel(model, at(i), faults));
  await commit(context, { origin: 'mutation', actor, scope }, async (draft) => {
    const found = new Faults();
    found.list.push(...faults.list);
    await draftModels(draft, parsed, at, found);
    found.throwIfAny();
  });
  return parsed.flatMap((model) => (model && context.memory.models.modelById.get(model.id)) || []);
}

class DryRun extends Error {}

/**
 * All three at once, in one transaction; forward references among them are fine.
 * @throws InputFaults with paths `models[i]…`, `twins[i]…`, `relationships[i]…`
 */
export async function importGraph(
  context: CommitContext,
  input: ImportInput,
  options: Caller & { dryRun?: boolean; onProgress?: (done: number, total: number) => void },
): Promise<ImportReport> {
  const total = input.models.length + input.twins.length + input.relationships.length;
  const faults = new Faults();
  const models = input.models.map((model, i) => parseModel(model, `models[${i}]`, faults));
  const twins = input.twins.map((twin, i) => parseTwin(twin, `twins[${i}]`, faults));
  const report = { models: models.length, twins: twins.length, relationships: input.relationships.length };
  try {
    await commit(context, { origin: 'import', actor: options.actor, scope: options.scope }, async (draft) => {
      const found = new Faults();
      found.list.push(...faults.list);
      await draftModels(draft, models, (i) => `models[${i}]`, found);
      options.onProgress?.(models.length, total);
      await draftTwins(draft, twins, (i) => `twins[${i}]`, found);
      options.onProgress?.(models.length + twins.length, total);
      const parsed = input.relationships.map((relationship, i) =>
        parseRelationship(relationship, `relationships[${i}]`, draft.typeByName(), found),
      );
      draftRelationships(draft, parsed, (i) => `relationships[${i}]`, found);
      found.throwIfAny();
      if (options.dryRun) throw new DryRun();
    });
  } catch (error) {
    if (!(error instanceof DryRun)) throw error;
  }
  options.onProgress?.(total, total);
  return { ...report, sequence: context.memory.sequence };
}
