/**
 * A change record as the text that its node keeps. Telemetry writes millions of property states, so a state is a short
 * list: what is usual is left out from its end.
 */
import type { ChangeRecord, PropertyChange, TwinChange } from '../domain/change.ts';
import { EMPTY_PROPERTY, type PropertyState, type PropertyValue } from '../domain/property.ts';
import type { GraphRow } from './graph-port.ts';

/** [value, observedAt, receivedAt, order, quality, active limits, stale, unit, desired]; 0 stands for what is usual. */
type StateRow = readonly PropertyValue[];
/** [name, before, after]; 0: there is none. */
type PropertyRow = readonly [string, StateRow | 0, StateRow | 0];
type TwinRow = Omit<TwinChange, 'properties'> & { readonly properties: readonly PropertyRow[] };

export function toChangeBody({ origin, actor, twins, relationships, models }: ChangeRecord): string {
  const rows: TwinRow[] = twins.map((change) => ({ ...change, properties: change.properties.map(toPropertyRow) }));
  return JSON.stringify({ origin, actor, twins: rows, relationships, models });
}

/** A row of changes/read.cypher. */
export function toChangeRecord([sequence, at, body]: GraphRow): ChangeRecord {
  const kept = JSON.parse(body as string) as Omit<ChangeRecord, 'sequence' | 'at' | 'twins'> & { twins: TwinRow[] };
  const twins = kept.twins.map((row) => ({ ...row, properties: row.properties.map(toPropertyChange) }));
  return { ...kept, twins, sequence: sequence as number, at: at as number };
}

function toPropertyRow({ name, before, after }: PropertyChange): PropertyRow {
  return [name, before ? toStateRow(before) : 0, after ? toStateRow(after) : 0];
}

function toPropertyChange([name, before, after]: PropertyRow): PropertyChange {
  return { name, before: before === 0 ? null : toState(before), after: after === 0 ? null : toState(after) };
}

function toStateRow(state: PropertyState): StateRow {
  const row: PropertyValue[] = [
    state.value,
    state.observedAt,
    state.receivedAt,
    state.order,
    state.quality === 'GOOD' ? 0 : state.quality,
    state.activeLimits.length === 0 ? 0 : state.activeLimits,
    Number(state.stale),
    state.unit ?? 0,
  ];
  if (state.desired !== undefined) return [...row, state.desired];
  while (row.length > 3 && row.at(-1) === 0) row.pop();
  return row;
}

function toState([
  value,
  observedAt,
  receivedAt,
  order,
  quality,
  activeLimits,
  stale,
  unit,
  ...desired
]: StateRow): PropertyState {
  const state: PropertyState = {
    ...EMPTY_PROPERTY,
    value: value ?? null,
    observedAt: observedAt as number | null,
    receivedAt: receivedAt as number | null,
    order: (order ?? 0) as number,
    quality: (quality || 'GOOD') as PropertyState['quality'],
    activeLimits: (activeLimits || []) as readonly number[],
    stale: stale === 1,
    unit: (unit || null) as string | null,
  };
  return desired.length > 0 ? { ...state, desired: desired[0] as PropertyValue } : state;
}
