/** Property values come from the graph: whatever one level of a query asks for goes out as one statement. */
import DataLoader from 'dataloader';
import type { Application } from '../application/application.ts';
import type { Twin } from '../domain/twin.ts';
import { compareIds } from '../topology/order.ts';
import { type PropertyRow, toPropertyRow } from './property-row.ts';

export interface PropertyKey {
  readonly twin: Twin;
  /** null: all. */
  readonly names: readonly string[] | null;
}

export interface Loaders {
  /** Ordered by name. */
  readonly properties: DataLoader<PropertyKey, readonly PropertyRow[], string>;
}

export function createLoaders(application: Application, signal: AbortSignal): Loaders {
  return {
    properties: new DataLoader((keys) => loadProperties(application, keys, signal), {
      cacheKeyFn: ({ twin, names }) => (names === null ? twin.id : JSON.stringify([twin.id, names])),
    }),
  };
}

async function loadProperties(
  application: Application,
  keys: readonly PropertyKey[],
  signal: AbortSignal,
): Promise<(readonly PropertyRow[])[]> {
  const ids = new Set<string>();
  let names: Set<string> | null = new Set();
  for (const key of keys) {
    ids.add(key.twin.id);
    if (key.names === null) names = null;
    else if (names !== null) for (const name of key.names) names.add(name);
  }
  const found = await application.properties([...ids], names === null ? undefined : [...names], signal);
  return keys.map(({ twin, names: wanted }) => {
    const stateByName = found.get(twin.id);
    if (!stateByName) return [];
    const model = twin.model === null ? undefined : application.resolvedModel(twin.model);
    const rows: PropertyRow[] = [];
    for (const name of wanted === null ? stateByName.keys() : new Set(wanted)) {
      const state = stateByName.get(name);
      if (state) rows.push(toPropertyRow(name, state, model));
    }
    return rows.toSorted((a, b) => compareIds(a.name, b.name));
  });
}
