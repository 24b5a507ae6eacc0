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
import type { HistoryAnswer, HistoryQuestion } from '../application/history-store.ts';
import type { Sample, SeriesKey } from '../domain/history.ts';
import type { Twin } from '../domain/twin.ts';
import { compareIds } from '../topology/order.ts';
import type { Cancellation } from './cancellation.ts';
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
  history(question: HistoryKey): Promise<HistoryAnswer>;
  valueAt(key: ValueKey): Promise<Sample | null>;
  /** Forgets what was read: a mutation has changed it. */
  clear(): void;
}

/** A range of one property. */
export interface HistoryKey extends SeriesKey, Omit<HistoryQuestion, 'series'> {}

/** A property at an instant, in epoch milliseconds. */
interface ValueKey extends SeriesKey {
  readonly at: number;
}

interface PropertyKey {
  readonly twin: Twin;
  readonly names: PropertyNames;
}

export function createLoaders(application: Application, cancellation: Cancellation): Loaders {
  const read = (twins: Iterable<Twin>, names: PropertyNames): Promise<PropertiesByTwin> => {
    const ids = new Set(Array.from(twins, (twin) => twin.id));
    return application.properties([...ids], names === null ? undefined : [...names], cancellation.signal);
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
  const createLoader = () =>
    new DataLoader<PropertyKey, readonly PropertyRow[], string>(
      async (keys) => {
        const names = unionOf(keys.map((key) => key.names));
        const twins = keys.map((key) => key.twin);
        const found = await read(twins, names);
        return keys.map((key) => toRows(key, found));
      },
      { cacheKeyFn: ({ twin, names }) => JSON.stringify(names === null ? [twin.id] : [twin.id, ...names]) },
    );
  // Made when first asked: there is a set of loaders for every request and every event, and most ask for nothing.
  let loader: ReturnType<typeof createLoader> | undefined;
  let past: ReturnType<typeof createPastLoaders> | undefined;
  const load = (key: PropertyKey) => (loader ??= createLoader()).load(key);
  const pastLoaders = () => (past ??= createPastLoaders(application));
  let prefetched: { names: PropertyNames; ids: ReadonlySet<string>; found: PropertiesByTwin }[] = [];

  return {
    properties(twin, names) {
      const there = prefetched.find((each) => each.ids.has(twin.id) && covers(each.names, names));
      return there ? toRows({ twin, names }, there.found) : load({ twin, names });
    },
    // A list of 10,000 comes through here once a row: nothing is made but the answer.
    property(twin, name) {
      for (const { names, ids, found } of prefetched) {
        if (names?.has(name) === false || !ids.has(twin.id)) continue;
        const state = found.get(twin.id)?.get(name);
        return state ? toPropertyRow(name, state, modelOf(twin)) : null;
      }
      const known = application.knownProperty(twin.id, name);
      if (known !== undefined) return known && toPropertyRow(name, known, modelOf(twin));
      return load({ twin, names: new Set([name]) }).then((rows) => rows[0] ?? null);
    },
    async prefetch(twins, names) {
      const ids = new Set(twins.map((twin) => twin.id));
      const found = await read(twins, names);
      prefetched.push({ names, ids, found });
    },
    history: (question) => pastLoaders().history.load(question),
    valueAt: (key) => pastLoaders().valueAt.load(key),
    clear() {
      loader = undefined;
      past = undefined;
      prefetched = [];
    },
  };
}

/** Ranges of one form, and values of one instant, are one question each, however many properties it is of. */
function createPastLoaders(application: Application) {
  const history = new DataLoader<HistoryKey, HistoryAnswer, string>(
    (keys) =>
      byForm(
        keys,
        ({ from, to, everyMs, first }) => JSON.stringify([from, to, everyMs, first]),
        (series, { from, to, everyMs, first }) => application.history({ series, from, to, everyMs, first }),
      ),
    {
      cacheKeyFn: ({ twin, property, from, to, everyMs, first }) =>
        JSON.stringify([twin, property, from, to, everyMs, first]),
    },
  );
  const valueAt = new DataLoader<ValueKey, Sample | null, string>(
    (keys) =>
      byForm(
        keys,
        ({ at }) => String(at),
        async (series, { at }) => (await application.valuesAt(series, at)).map((sample) => sample ?? null),
      ),
    { cacheKeyFn: ({ twin, property, at }) => JSON.stringify([twin, property, at]) },
  );
  return { history, valueAt };
}

/** Answers in the order of the keys; a form that fails fails alone. */
async function byForm<Key extends SeriesKey, Answer>(
  keys: readonly Key[],
  formOf: (key: Key) => string,
  ask: (series: readonly SeriesKey[], form: Key) => Promise<readonly Answer[]>,
): Promise<(Answer | Error)[]> {
  const indexesByForm = new Map<string, number[]>();
  for (const [i, key] of keys.entries()) {
    const form = formOf(key);
    const indexes = indexesByForm.get(form);
    if (indexes) indexes.push(i);
    else indexesByForm.set(form, [i]);
  }
  const answers: (Answer | Error)[] = [];
  await Promise.all(
    Array.from(indexesByForm.values(), async (indexes) => {
      const own = indexes.map((i) => keys[i] as Key);
      const found = await ask(own, own[0] as Key).catch((error: unknown) => error as Error);
      for (const [n, i] of indexes.entries()) answers[i] = found instanceof Error ? found : (found[n] as Answer);
    }),
  );
  return answers;
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
