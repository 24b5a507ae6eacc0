/**
 * A change record as the text that its node keeps. Telemetry writes millions of property states, so a state is a short
 * list: what is usual is left out from its end.
 */
import { type ChangeRecord, isReport, type PropertyChange, type Report, type TwinChange } from '../domain/change.ts';
import { EMPTY_PROPERTY, type PropertyState, type PropertyValue } from '../domain/property.ts';
import type { Twin } from '../domain/twin.ts';
import type { GraphRow } from './graph-port.ts';
import { packText, unpackText } from './packed-text.ts';

/** [value, observedAt, receivedAt, order, quality, active limits, stale, unit, desired]; 0 stands for what is usual; active limits beside those that wait: [active, waiting]. */
type StateRow = readonly PropertyValue[];
/** [name, before, after]; 0: there is none. */
type PropertyRow = readonly [string, StateRow | 0, StateRow | 0];
type FullTwinRow = Omit<TwinChange, 'properties'> & { readonly properties: readonly PropertyRow[] };
/** [id, before, after, ...properties] of a twin that only reported; both sides as lastSeen, revision, updatedAt. */
type ReportRow = readonly [string, readonly (number | null)[], readonly (number | null)[], ...PropertyRow[]];
type TwinRow = FullTwinRow | ReportRow;

export function toChangeBody({ origin, actor, twins, relationships, models }: ChangeRecord): Promise<string> {
  const rows = twins.map(toTwinRow);
  return packText(JSON.stringify({ origin, actor, twins: rows, relationships, models }));
}

/** A row of changes/read.cypher. */
export async function toChangeRecord([sequence, at, body]: GraphRow): Promise<ChangeRecord> {
  const kept = JSON.parse(await unpackText(body as string)) as Omit<ChangeRecord, 'sequence' | 'at' | 'twins'> & {
    twins: TwinRow[];
  };
  const twins = kept.twins.map(toTwinChange);
  return { ...kept, twins, sequence: sequence as number, at: at as number };
}

function toTwinRow({ id, before, after, properties }: TwinChange): TwinRow {
  const rows = properties.map(toPropertyRow);
  if (!isReport(before) || !isReport(after)) return { id, before, after, properties: rows };
  return [id, reportRow(before), reportRow(after), ...rows];
}

function toTwinChange(row: TwinRow): TwinChange {
  if (!isShort(row)) return { ...row, properties: row.properties.map(toPropertyChange) };
  const [id, before, after, ...properties] = row;
  return { id, before: toReport(before), after: toReport(after), properties: properties.map(toPropertyChange) };
}

function isShort(row: TwinRow): row is ReportRow {
  return Array.isArray(row);
}

function reportRow({ lastSeen, revision, updatedAt }: Report): (number | null)[] {
  return [lastSeen, revision, updatedAt];
}

function toReport([lastSeen, revision, updatedAt]: readonly (number | null)[]): Partial<Twin> {
  return { lastSeen: lastSeen ?? null, revision: revision as number, updatedAt: updatedAt as number };
}

function toPropertyRow({ name, before, after }: PropertyChange): PropertyRow {
  return [name, before ? toStateRow(before) : 0, after ? toStateRow(after) : 0];
}

function toPropertyChange([name, before, after]: PropertyRow): PropertyChange {
  return { name, before: before === 0 ? null : toState(before), after: after === 0 ? null : toState(after) };
}

function toStateRow(state: PropertyState): StateRow {
  if (isUsual(state)) return [state.value, state.observedAt, state.receivedAt];
  const row: PropertyValue[] = [
    state.value,
    state.observedAt,
    state.receivedAt,
    state.order,
    state.quality === 'GOOD' ? 0 : state.quality,
    limitsRow(state),
    Number(state.stale),
    state.unit ?? 0,
  ];
  if (state.desired !== undefined) return [...row, state.desired];
  while (row.length > 3 && row.at(-1) === 0) row.pop();
  return row;
}

function limitsRow({ activeLimits, pendingLimits }: PropertyState): PropertyValue {
  if (pendingLimits !== undefined) return [activeLimits, pendingLimits];
  return activeLimits.length === 0 ? 0 : activeLimits;
}

function isUsual(state: PropertyState): boolean {
  const { order, quality, activeLimits, pendingLimits, stale, unit, desired } = state;
  const isPlain = order === 0 && quality === 'GOOD' && !stale && unit === null;
  return isPlain && activeLimits.length === 0 && pendingLimits === undefined && desired === undefined;
}

function toState([
  value,
  observedAt,
  receivedAt,
  order,
  quality,
  limits,
  stale,
  unit,
  ...desired
]: StateRow): PropertyState {
  const [activeLimits, pendingLimits] = toLimits(limits);
  const state: PropertyState = {
    ...EMPTY_PROPERTY,
    value: value ?? null,
    observedAt: observedAt as number | null,
    receivedAt: receivedAt as number | null,
    order: (order ?? 0) as number,
    quality: (quality || 'GOOD') as PropertyState['quality'],
    activeLimits,
    stale: stale === 1,
    unit: (unit || null) as string | null,
  };
  if (desired.length === 0 && pendingLimits === undefined) return state;
  return {
    ...state,
    ...(desired.length > 0 && { desired: desired[0] as PropertyValue }),
    ...(pendingLimits !== undefined && { pendingLimits }),
  };
}

function toLimits(row: PropertyValue | undefined): [active: readonly number[], pending?: readonly number[]] {
  if (!Array.isArray(row)) return [EMPTY_PROPERTY.activeLimits];
  return Array.isArray(row[0]) ? (row as [number[], number[]]) : [row as number[]];
}
