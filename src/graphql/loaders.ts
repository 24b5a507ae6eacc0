/**
 * Property values come from the graph: whatever one level of a query asks for goes out as one statement.
 *
 * Two ways to it. A list of twins loads what its rows ask for before it hands them out, so that no row waits for itself:
 * a promise per row takes twice as long. Any other twin asks by DataLoader, which gathers what is asked in one tick.
 */
import DataLoader from 'dataloader';
import type { Application } from '../application/application.ts';
import type { PropertiesByTwin } from '../application/twin-store.ts';
import type { ResolvedModel } from '../domain/model.ts';
import type { Twin } from '../domain/twin.ts';
import { compareIds } from '../topology/order.ts';
import { type PropertyRow, toPropertyRow } from './property-row.ts';

/** null: all. */
export type PropertyNames = ReadonlySet<string> | null;

export interface Loaders {
  /** Ordered by name; those that are not there are left out. */
  properties(twin: Twin, names: PropertyNames): readonly PropertyRow[] | Promise<readonly PropertyRow[]>;
  /** One by its name; null where it is not there. */
  property(twin: Twin, name: string): PropertyRow | null | Promise<PropertyRow | null>;
  /** Reads these of all the twins, so that `properties` answers them at once. */
  prefetch(twins: readonly Twin[], names: PropertyNames): Promise<void>;
  /** Forgets what was read: a mutation has changed it. */
  clear(): void;
}

interface PropertyKey {
  readonly twin: Twin;
  readonly names: PropertyNames;
}

export function createLoaders(application: Application, signal: AbortSignal): Loaders {
  const read = (twins: Iterable<Twin>, names: PropertyNames): Promise<PropertiesByTwin> => {
    const ids = new Set(Array.from(twins, (twin) => twin.id));
    return application.properties([...ids], names === null ? undefined : [...names], signal);
  };
  const modelOf = (twin: Twin): ResolvedModel | undefined =>
    twin.model === null ? undefined : application.resolvedModel(twin.model);
  const toRows = ({ twin, names }: PropertyKey, found: PropertiesByTwin): readonly PropertyRow[] => {
    const stateByName = found.get(twin.id);
    if (!stateByName) return [];
    const model = modelOf(twin);
    const rows: PropertyRow[] = [];
    for (const name of names ?? stateByName.keys()) {
      const state = stateByName.get(name);
      if (state) rows.push(toPropertyRow(name, state, model));
    }
    return rows.length < 2 ? rows : rows.toSorted((a, b) => compareIds(a.name, b.name));
  };
  const loader = new DataLoader<PropertyKey, readonly PropertyRow[], string>(
    async (keys) => {
      const names = unionOf(keys.map((key) => key.names));
      const twins = keys.map((key) => key.twin);
      const found = await read(twins, names);
      return keys.map((key) => toRows(key, found));
    },
    { cacheKeyFn: ({ twin, names }) => JSON.stringify(names === null ? [twin.id] : [twin.id, ...names]) },
  );
  let prefetched: { names: PropertyNames; ids: ReadonlySet<string>; found: PropertiesByTwin }[] = [];

  return {
    properties(twin, names) {
      const there = prefetched.find((each) => each.ids.has(twin.id) && covers(each.names, names));
      return there ? toRows({ twin, names }, there.found) : loader.load({ twin, names });
    },
    // A list of 10,000 comes through here once a row: nothing is made but the answer.
    property(twin, name) {
      for (const { names, ids, found } of prefetched) {
        if (names?.has(name) === false || !ids.has(twin.id)) continue;
        const state = found.get(twin.id)?.get(name);
        return state ? toPropertyRow(name, state, modelOf(twin)) : null;
      }
      return loader.load({ twin, names: new Set([name]) }).then((rows) => rows[0] ?? null);
    },
    async prefetch(twins, names) {
      const ids = new Set(twins.map((twin) => twin.id));
      const found = await read(twins, names);
      prefetched.push({ names, ids, found });
    },
    clear() {
      loader.clearAll();
      prefetched = [];
    },
  };
}

function unionOf(all: readonly PropertyNames[]): PropertyNames {
  const union = new Set<string>();
  for (const names of all) {
    if (names === null) return null;
    for (const name of names) union.add(name);
  }
  return union;
}

function covers(read: PropertyNames, asked: PropertyNames): boolean {
  if (read === null) return true;
  if (asked === null) return false;
  for (const name of asked) if (!read.has(name)) return false;
  return true;
}
