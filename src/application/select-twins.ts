/** Which twins pass a filter: memory decides all but conditions on property values, which their source answers. */
import { badInput, notFound } from '../domain/errors.ts';
import { whyNotPropertyName } from '../domain/check-text.ts';
import { passesFilter } from '../topology/filter.ts';
import { contentsOf } from '../topology/hierarchy.ts';
import { compareIds } from '../topology/order.ts';
import type { TwinFilter } from './inputs.ts';
import type { Memory } from './memory.ts';
import type { PropertySource } from './past-properties.ts';
import type { PropertyCondition } from './twin-store.ts';

/**
 * Ids in order of id, or in the candidates' own order.
 * @throws LinchpinError NOT_FOUND for a twin in `within` that is not there; BAD_INPUT for a model that is not there
 */
export async function selectTwins(
  { store, memory }: { store: PropertySource; memory: Memory },
  filter: TwinFilter,
  candidates?: Iterable<string>,
  signal?: AbortSignal,
): Promise<string[]> {
  checkModels(memory, filter.models ?? []);
  const allowed = await allowedBy(store, filter.where ?? [], signal);
  if (filter.states) await memory.settled();
  const inside = filter.within ? insideOf(memory, filter.within) : null;
  const states = filter.states ? memory.impact() : null;
  const context = {
    isModel: (model: string, wanted: string): boolean => memory.models.isA(model, wanted),
    stateOf: (id: string) => (states ?? memory.impact()).state(id).state,
  };
  const selected: string[] = [];
  const chosen = candidates ?? inside ?? allowed;
  for (const id of chosen ?? memory.topology.sortedIds) {
    const node = memory.topology.node(id);
    if (!node || (allowed && !allowed.has(id)) || (inside && !inside.has(id))) continue;
    if (passesFilter(node, filter, context)) selected.push(id);
  }
  return candidates || !chosen ? selected : selected.sort(compareIds);
}

/** Known models told with a fault: enough to see the spelling. */
const MODELS_TOLD = 10;

/** A model that nobody knows would select nothing, and look like an answer. */
function checkModels(memory: Memory, models: readonly string[]): void {
  const { modelById } = memory.models;
  const at = models.findIndex((id) => !modelById.has(id));
  if (at < 0) return;
  const known = [...modelById.keys()].sort(compareIds);
  const more = known.length > MODELS_TOLD ? ` and ${known.length - MODELS_TOLD} more` : '';
  const expected =
    known.length === 0
      ? 'no model, as there is none'
      : `the id of a model (${known.slice(0, MODELS_TOLD).join(', ')}${more})`;
  throw badInput(`filter.models[${at}]`, expected, models[at]);
}

function insideOf(memory: Memory, within: string): Set<string> {
  const node = memory.topology.node(within);
  if (!node) throw notFound('twin', within);
  return contentsOf(node);
}

async function allowedBy(
  store: PropertySource,
  where: readonly PropertyCondition[],
  signal?: AbortSignal,
): Promise<Set<string> | null> {
  if (where.length === 0) return null;
  for (const [i, { property }] of where.entries()) {
    const why = whyNotPropertyName(property);
    if (why !== null) throw badInput(`where[${i}].property`, why, property);
  }
  return new Set(await store.twinsWhere(where, signal));
}
