/** Resolves inheritance: what a model declares and what it takes over from those it extends. */
import type { Model, PropertyModel, ResolvedModel } from './model.ts';

/** The model itself, then its ancestors: breadth first, in the order they are named, each once. */
export function lineage(id: string, modelById: ReadonlyMap<string, Model>): Model[] {
  const seen = new Set([id]);
  const order: Model[] = [];
  const queue = [id];
  for (const next of queue) {
    const model = modelById.get(next);
    if (!model) continue;
    order.push(model);
    for (const parent of model.extends) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      queue.push(parent);
    }
  }
  return order;
}

/** undefined where there is no such model. */
export function resolveModel(id: string, modelById: ReadonlyMap<string, Model>): ResolvedModel | undefined {
  const own = modelById.get(id);
  if (!own) return undefined;
  const propertyByName = new Map<string, PropertyModel>();
  let { conduction } = own;
  for (const model of lineage(id, modelById)) {
    for (const property of model.properties)
      if (!propertyByName.has(property.name)) propertyByName.set(property.name, property);
    if (conduction.length === 0) conduction = model.conduction;
  }
  return { id, kind: own.kind, name: own.name, propertyByName, conduction };
}
