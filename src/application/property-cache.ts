/**
 * Property states that were asked for lately, so that a page that is asked for again costs no statement. Answers are
 * never older than memory: an entry knows its twin's revision, and follows the feed from there.
 */
import type { ChangeRecord, TwinChange } from '../domain/change.ts';
import type { PropertyState } from '../domain/property.ts';
import { meetsCondition } from './meets-condition.ts';
import { PropertyColumns } from './property-columns.ts';
import type { PropertiesByTwin, PropertyCondition, TwinProperties, TwinStore } from './twin-store.ts';

interface Entry extends TwinProperties {
  /** Names that were read, there or not; null: all of them. Shared by the twins that were read together. */
  readonly names: ReadonlySet<string> | null;
}

/** Some 200 bytes each. */
const STATES_KEPT = 500_000;
/** A page of the API, which is one statement, is not larger. */
const TWINS_PER_STATEMENT = 10_000;
/** Part that is kept when there are too many, so that it is long until the next time. */
const KEPT_BY_SHRINKING = 0.9;

export class PropertyCache {
  /** Those read longest ago come first. */
  readonly #entries = new Map<string, Entry>();
  readonly #revisionOf: (id: string) => number | undefined;
  readonly #columns = new PropertyColumns(STATES_KEPT / 2);
  #stateCount = 0;
  /** Grows when a twin goes: what is being read then may be of one that came again under its id. */
  #epoch = 0;

  /** @param revisionOf of a twin in memory; undefined where there is none */
  constructor(revisionOf: (id: string) => number | undefined) {
    this.#revisionOf = revisionOf;
  }

  /** One property, where it is held: null where it is not there; undefined where it has to be read. */
  known(id: string, name: string): PropertyState | null | undefined {
    const entry = this.#entries.get(id);
    if (!entry || entry.names?.has(name) === false) return undefined;
    return entry.states.get(name) ?? null;
  }

  /** As TwinStore.properties, but there may be more than the names asked for. What is not known is one statement. */
  async read(
    store: TwinStore,
    ids: readonly string[],
    names?: readonly string[],
    signal?: AbortSignal,
  ): Promise<PropertiesByTwin> {
    const found = new Map<string, ReadonlyMap<string, PropertyState>>();
    const missing: string[] = [];
    for (const id of ids) {
      const entry = this.#known(id, names);
      if (entry) found.set(id, entry.states);
      else missing.push(id);
    }
    if (missing.length === 0) return found;
    const asked = names ? new Set(names) : null;
    for (let start = 0; start < missing.length; start += TWINS_PER_STATEMENT) {
      const epoch = this.#epoch;
      const page = missing.slice(start, start + TWINS_PER_STATEMENT);
      for (const [id, properties] of await store.revisedProperties(page, names, signal)) {
        found.set(id, properties.states);
        if (epoch === this.#epoch) this.#put(id, { ...properties, names: asked });
      }
    }
    if (this.#stateCount > STATES_KEPT) this.#shrink();
    return found;
  }

  /**
   * As TwinStore.twinsWhere, among `ids`, which are all there are. The first question about a property reads it of all
   * twins; those after that find it here, which no index in the graph would give for names that nobody knows beforehand.
   * Graphs too large for that are asked.
   */
  async where(
    store: TwinStore,
    ids: () => readonly string[],
    conditions: readonly PropertyCondition[],
    signal?: AbortSignal,
  ): Promise<string[]> {
    const selected = this.#columns.select(conditions, ids());
    if (selected) return selected;
    const asked = ids();
    const names = [...new Set(conditions.map(({ property }) => property))];
    if (asked.length * (names.length + 1) > STATES_KEPT / 2) return store.twinsWhere(conditions, signal);
    const missing = asked.filter((id) => !this.#known(id, names));
    const found = await this.read(store, missing, names, signal);
    // Not while something changed that was being read.
    const all = ids();
    if (all.every((id) => this.#known(id, names)))
      for (const name of names) this.#columns.fill(name, all, (id) => this.#entries.get(id)?.states.get(name));
    const statesOf = (id: string): TwinProperties['states'] | undefined =>
      this.#known(id, names)?.states ?? found.get(id);
    return asked.filter((id) => conditions.every((each) => meetsCondition(statesOf(id)?.get(each.property), each)));
  }

  #known(id: string, names: readonly string[] | undefined): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry && covers(entry.names, names) ? entry : undefined;
  }

  apply(record: ChangeRecord): void {
    this.#columns.apply(record);
    for (const change of record.twins) {
      const entry = this.#entries.get(change.id);
      if (change.after === null) {
        this.#epoch += 1;
        this.#forget(change.id);
      } else if (entry) {
        this.#follow(change, entry);
      }
    }
  }

  clear(): void {
    this.#epoch += 1;
    this.#entries.clear();
    this.#columns.clear();
    this.#stateCount = 0;
  }

  #put(id: string, entry: Entry): void {
    // Memory may have gone on while this was read.
    if (entry.revision < (this.#revisionOf(id) ?? Number.POSITIVE_INFINITY)) return;
    const known = this.#entries.get(id);
    const isOfOne = known?.revision === entry.revision && known.names !== null && entry.names !== null;
    this.#forget(id);
    this.#set(id, isOfOne ? join(known, entry) : entry);
  }

  /** A report of a twin changes few of its properties; whoever holds the states as they were keeps them. */
  #follow({ id, before, after, properties }: TwinChange, entry: Entry): void {
    const revision = after?.revision ?? 0;
    if (revision <= entry.revision) return; // Read from a graph that was ahead of memory.
    this.#forget(id);
    if (before?.revision !== entry.revision) return;
    const states = new Map(entry.states);
    for (const { name, after: state } of properties) {
      if (!covers(entry.names, [name])) continue;
      if (state === null) states.delete(name);
      else states.set(name, state);
    }
    this.#set(id, { revision, names: entry.names, states });
  }

  #set(id: string, entry: Entry): void {
    this.#entries.set(id, entry);
    this.#stateCount += sizeOf(entry);
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#stateCount -= sizeOf(entry);
    this.#entries.delete(id);
  }

  #shrink(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#stateCount <= STATES_KEPT * KEPT_BY_SHRINKING) return;
      this.#forget(oldest);
    }
  }
}

const sizeOf = ({ states }: Entry): number => states.size + 1;

function covers(read: ReadonlySet<string> | null, asked: readonly string[] | undefined): boolean {
  if (read === null || asked === undefined) return read === null;
  for (const name of asked) if (!read.has(name)) return false;
  return true;
}

/** Two readings of one revision, of some names each. */
function join(a: Entry, b: Entry): Entry {
  const names = new Set([...(a.names ?? []), ...(b.names ?? [])]);
  return { revision: a.revision, names, states: new Map([...a.states, ...b.states]) };
}
