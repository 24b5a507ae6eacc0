/**
 * Properties that filters ask about, each with the states of all twins that have it: a filter looks at those alone, and
 * not at every twin. They are made when all states are known, and follow the feed from there.
 */
import type { ChangeRecord } from '../domain/change.ts';
import type { PropertyState } from '../domain/property.ts';
import { meetsCondition } from './meets-condition.ts';
import type { PropertyCondition } from './twin-store.ts';

type Column = Map<string, PropertyState>;

export class PropertyColumns {
  /** By property; those filled longest ago come first. */
  readonly #columns = new Map<string, Column>();
  readonly #statesKept: number;

  /** @param statesKept some 50 bytes each: the states themselves are shared with the cache */
  constructor(statesKept: number) {
    this.#statesKept = statesKept;
  }

  /** Begins to keep a property of all the twins; `stateOf` tells what each of them has. */
  fill(property: string, ids: readonly string[], stateOf: (id: string) => PropertyState | undefined): void {
    const column: Column = new Map();
    for (const id of ids) {
      const state = stateOf(id);
      if (state) column.set(id, state);
    }
    this.#columns.delete(property);
    this.#columns.set(property, column);
    let count = 0;
    for (const { size } of this.#columns.values()) count += size;
    for (const [oldest, { size }] of this.#columns) {
      if (count <= this.#statesKept || oldest === property) return;
      this.#columns.delete(oldest);
      count -= size;
    }
  }

  /** Ids of the twins that pass, in no order; null: one of the properties is not kept. `ids`: of all twins. */
  select(conditions: readonly PropertyCondition[], ids: readonly string[]): string[] | null {
    const terms: { condition: PropertyCondition; column: Column }[] = [];
    for (const condition of conditions) {
      const column = this.#columns.get(condition.property);
      if (!column) return null;
      terms.push({ condition, column });
    }
    // Whoever is to pass has the property of each of these.
    const [least] = terms
      .filter(({ condition }) => !meetsCondition(undefined, condition))
      .sort((a, b) => a.column.size - b.column.size);
    const others = terms.filter((term) => term !== least);
    const passesOthers = (id: string): boolean =>
      others.every(({ condition, column }) => meetsCondition(column.get(id), condition));
    if (!least) return ids.filter(passesOthers);
    const passing: string[] = [];
    for (const [id, state] of least.column)
      if (meetsCondition(state, least.condition) && passesOthers(id)) passing.push(id);
    return passing;
  }

  apply(record: ChangeRecord): void {
    if (this.#columns.size === 0) return;
    for (const { id, after, properties } of record.twins) {
      if (after === null) for (const column of this.#columns.values()) column.delete(id);
      else
        for (const { name, after: state } of properties) {
          if (state) this.#columns.get(name)?.set(id, state);
          else this.#columns.get(name)?.delete(id);
        }
    }
  }

  clear(): void {
    this.#columns.clear();
  }
}
