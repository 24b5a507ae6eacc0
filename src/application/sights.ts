/** Who sees what: the twins of each scope that is in use, found when they are asked for, and again after the structure has changed. */
import type { Scope } from '../domain/principal.ts';
import { twinsInScope } from '../topology/seen-topology.ts';
import type { Topology } from '../topology/topology.ts';
import type { ModelRegistry } from './model-registry.ts';

/** Scopes whose twins are kept: more different ones ask anew each time. */
const KEPT_SIGHTS = 256;

export interface Sight {
  /** The twins that are seen now; another set after each change of it. */
  ids(): ReadonlySet<string>;
  sees(id: string): boolean;
}

export class Sights {
  readonly #topology: Topology;
  readonly #models: ModelRegistry;
  readonly #sightByScope = new Map<string, Sight>();
  #revision = 0;

  constructor(topology: Topology, models: ModelRegistry) {
    this.#topology = topology;
    this.#models = models;
    const forget = (): void => this.forget();
    topology.watch({
      onTwin: forget,
      onLink({ relationship: { type } }) {
        if (type === 'PART_OF' || type === 'LOCATED_IN') forget();
      },
      onRenumbered: forget,
    });
  }

  /** What models extend is not what it was. */
  forget(): void {
    this.#revision += 1;
  }

  of(scope: Scope): Sight {
    const key = scopeKey(scope);
    let sight = this.#sightByScope.get(key);
    if (!sight) {
      sight = this.#create(scope);
      if (this.#sightByScope.size >= KEPT_SIGHTS)
        this.#sightByScope.delete(this.#sightByScope.keys().next().value as string);
      this.#sightByScope.set(key, sight);
    }
    return sight;
  }

  #create(scope: Scope): Sight {
    let revision = -1;
    let ids: ReadonlySet<string> = new Set();
    const now = (): ReadonlySet<string> => {
      if (revision !== this.#revision) {
        ids = twinsInScope(this.#topology, scope, (model, other) => this.#models.isA(model, other));
        revision = this.#revision;
      }
      return ids;
    };
    return { ids: now, sees: (id) => now().has(id) };
  }
}

/** The same for the same scope. */
export function scopeKey({ within, models }: Scope): string {
  return JSON.stringify([within?.toSorted() ?? null, models?.toSorted() ?? null]);
}
