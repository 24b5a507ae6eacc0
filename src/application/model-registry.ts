/** The models in memory, with inheritance resolved and the relationship types that they declare. Follows the feed. */
import type { Changes } from '../domain/change.ts';
import type { Model, ResolvedModel } from '../domain/model.ts';
import { BUILT_IN_TYPES, type RelationshipType } from '../domain/relationship.ts';
import { lineage, resolveModel } from '../domain/resolve-model.ts';
import type { Conduction, Twin } from '../domain/twin.ts';

export class ModelRegistry {
  readonly modelById = new Map<string, Model>();
  #resolvedById = new Map<string, ResolvedModel | undefined>();
  readonly #namesById = new Map<string, readonly string[]>();
  #typeByName: ReadonlyMap<string, RelationshipType> = typesOf([]);

  /** Built-in and declared types, by name. */
  get typeByName(): ReadonlyMap<string, RelationshipType> {
    return this.#typeByName;
  }

  apply(changes: Changes): void {
    this.#move(changes, 'after');
  }

  revert(changes: Changes): void {
    this.#move(changes, 'before');
  }

  /** Instead of what is there. */
  load(models: Iterable<Model>): void {
    this.modelById.clear();
    for (const model of models) this.modelById.set(model.id, model);
    this.#refresh();
  }

  #move(changes: Changes, to: 'before' | 'after'): void {
    if (changes.models.length === 0) return;
    for (const change of changes.models) {
      const model = change[to];
      if (model === null) this.modelById.delete(change.id);
      else this.modelById.set(change.id, model);
    }
    this.#refresh();
  }

  #refresh(): void {
    this.#resolvedById = new Map();
    this.#namesById.clear();
    this.#typeByName = typesOf(this.modelById.values());
  }

  /** With what it inherits; undefined where there is no such model. */
  resolved(id: string | null): ResolvedModel | undefined {
    if (id === null) return undefined;
    if (!this.#resolvedById.has(id)) this.#resolvedById.set(id, resolveModel(id, this.modelById));
    return this.#resolvedById.get(id);
  }

  /** A twin's part in networks: its own declaration, else its model's. */
  conductionOf(twin: Pick<Twin, 'conduction' | 'model'>): readonly Conduction[] {
    if (twin.conduction.length > 0) return twin.conduction;
    return this.resolved(twin.model)?.conduction ?? [];
  }

  /** Ids and names of a model and all that it inherits from. */
  names(id: string | null): readonly string[] {
    if (id === null) return [];
    let names = this.#namesById.get(id);
    if (!names) {
      names = lineage(id, this.modelById).flatMap((model) => [model.id, model.name]);
      this.#namesById.set(id, names);
    }
    return names;
  }

  /** Whether a model is, or inherits from, another. */
  isA(id: string | null, ancestor: string): boolean {
    return id !== null && (id === ancestor || lineage(id, this.modelById).some((model) => model.id === ancestor));
  }
}

/** Where several models declare a type, they agree on it (checked when they are written). */
export function typesOf(models: Iterable<Model>): Map<string, RelationshipType> {
  const types = new Map(BUILT_IN_TYPES.map((type) => [type.name, type]));
  for (const model of models)
    for (const type of model.relationshipTypes) if (!types.has(type.name)) types.set(type.name, type);
  return types;
}
