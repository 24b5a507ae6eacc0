/** The affected twins of an answer that a test makes up. */
import type { AffectedRows, AffectedTwin } from '../../src/impact/types.ts';

export function affectedRows(rows: readonly AffectedTwin[]): AffectedRows {
  const row = (index: number): AffectedTwin => rows[index] as AffectedTwin;
  return {
    length: rows.length,
    at: (index) => rows[index],
    slice: (from, to) => rows.slice(from, to),
    [Symbol.iterator]: () => rows[Symbol.iterator](),
    indexOf(id) {
      const index = rows.findIndex((each) => each.id === id);
      return index === -1 ? undefined : index;
    },
    *where(holds) {
      yield;
      return affectedRows(rows.filter((_, index) => holds(index)));
    },
    id: (index) => row(index).id,
    before: (index) => row(index).before,
    after: (index) => row(index).after,
    isWorse: (index) => row(index).isWorse,
    certainty: (index) => row(index).certainty,
    impactAtMs: (index) => row(index).impactAtMs,
    recoversAtMs: (index) => row(index).recoversAtMs,
    planned: (index) => row(index).planned,
    timeline: (index) => row(index).timeline,
  };
}
