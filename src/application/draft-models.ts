/** Drafts models: parents exist, inheritance has no loop, types agree; twins of changed models are judged again. */
import type { Faults } from '../domain/faults.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Model } from '../domain/model.ts';
import type { RelationshipType } from '../domain/relationship.ts';
import { lineage } from '../domain/resolve-model.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Draft } from './draft.ts';
import { isMonitored } from './monitor.ts';

export async function draftModels(
  draft: Draft,
  parsed: readonly (Model | undefined)[],
  at: (i: number) => string,
  faults: Faults,
): Promise<void> {
  const seen = new Set<string>();
  const changed = new Set<string>();
  for (const [i, model] of parsed.entries()) {
    if (!model || model.id === '') continue; // Told already.
    if (seen.has(model.id)) faults.say(at(i), `model ${JSON.stringify(model.id)} is given twice`);
    seen.add(model.id);
    const known = draft.modelById.get(model.id);
    if (known && isSameValue(known.definition, model.definition)) continue;
    if (known && known.kind !== model.kind && !faults.tells(`${at(i)}.kind`))
      faults.add(`${at(i)}.kind`, `${known.kind}, which the model is`, model.kind);
    changed.add(model.id);
    draft.putModel({ ...model, revision: (known?.revision ?? 0) + 1 });
  }
  for (const [i, model] of parsed.entries())
    if (model && model.id !== '') checkInheritance(draft, model, at(i), faults);
  checkTypes(draft, parsed, at, faults);
  if (changed.size > 0 && faults.list.length === 0) await judgeTwinsOf(draft, changed);
}

function checkInheritance(draft: Draft, model: Model, at: string, faults: Faults): void {
  for (const [i, parent] of model.extends.entries()) {
    const known = draft.modelById.get(parent);
    if (!known) faults.add(`${at}.extends[${i}]`, 'the id of a model', parent);
    else if (known.kind !== model.kind)
      faults.add(`${at}.extends[${i}]`, `a model of kind ${model.kind}`, `${parent}, which is of kind ${known.kind}`);
    else if (lineage(parent, draft.modelById).some((ancestor) => ancestor.id === model.id)) {
      faults.say(
        `${at}.extends[${i}]`,
        `${JSON.stringify(model.id)} would inherit from itself through ${JSON.stringify(parent)}`,
      );
    }
  }
  if (lineage(model.id, draft.modelById).length > LIMITS.modelParents * LIMITS.modelDepth) {
    faults.say(`${at}.extends`, `a model inherits from at most ${LIMITS.modelParents * LIMITS.modelDepth} others`);
  }
}

/** A type's name means one thing in the whole graph. */
function checkTypes(
  draft: Draft,
  parsed: readonly (Model | undefined)[],
  at: (i: number) => string,
  faults: Faults,
): void {
  const owners = new Map<string, { type: RelationshipType; model: string }>();
  for (const model of draft.modelById.values())
    for (const type of model.relationshipTypes) owners.set(type.name, { type, model: model.id });
  for (const [i, model] of parsed.entries()) {
    for (const [j, type] of (model?.relationshipTypes ?? []).entries()) {
      const owner = owners.get(type.name);
      if (
        owner &&
        (owner.type.impact !== type.impact || owner.type.mode !== type.mode || owner.type.soft !== type.soft)
      ) {
        faults.say(
          `${at(i)}.relationshipTypes[${j}]`,
          `${type.name} means something else in model ${JSON.stringify(owner.model)}`,
        );
      }
    }
  }
}

/** Also tells memory the states of properties that are monitored from now on: a change with the same state on both sides. */
async function judgeTwinsOf(draft: Draft, models: ReadonlySet<string>): Promise<void> {
  const touched = new Set(
    [...draft.modelById.keys()].filter((id) => lineage(id, draft.modelById).some((m) => models.has(m.id))),
  );
  const names = new Set<string>();
  for (const id of touched) {
    for (const property of draft.resolvedModel(id)?.propertyByName.values() ?? [])
      if (isMonitored(property)) names.add(property.name);
    for (const property of draft.memory.models.resolved(id)?.propertyByName.values() ?? [])
      if (isMonitored(property)) names.add(property.name);
  }
  const twins: string[] = [];
  for (const { twin } of draft.memory.topology.nodes())
    if (twin.model !== null && touched.has(twin.model)) twins.push(twin.id);
  if (names.size === 0 || twins.length === 0) return;
  await draft.loadProperties(twins, [...names]);
  for (const id of twins) {
    draft.tellMonitored(id);
    draft.judge(id);
  }
}
