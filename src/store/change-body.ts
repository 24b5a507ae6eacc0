/**
 * A change record as the text that its node keeps. Telemetry writes millions of property states, so a state is a short
 * list: what is usual is left out from its end, and times are told as milliseconds before the record's own: small
 * numbers, which are written sooner.
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
type Body = Omit<ChangeRecord, 'sequence' | 'at' | 'twins'> & {
  readonly twins: readonly TwinRow[];
  /** Absent in records of older versions, whose times are epoch milliseconds. */
  readonly timesBefore?: number;
};

export function toChangeBody({ at, origin, actor, twins, relationships, models }: ChangeRecord): Promise<string> {
  const rows = twins.map((change) => toTwinRow(change, at));
  return packText(JSON.stringify({ origin, actor, timesBefore: at, twins: rows, relationships, models }));
}

/** A row of changes/read.cypher. */
export async function toChangeRecord([sequence, at, body]: GraphRow): Promise<ChangeRecord> {
  const { timesBefore, ...kept } = JSON.parse(await unpackText(body as string)) as Body;
  const twins = kept.twins.map((row) => toTwinChange(row, timesBefore));
  return { ...kept, twins, sequence: sequence as number, at: at as number };
}

function toTwinRow({ id, before, after, properties }: TwinChange, at: number): TwinRow {
  const rows = properties.map((change) => toPropertyRow(change, at));
  if (!isReport(before) || !isReport(after)) return { id, before, after, properties: rows };
  return [id, reportRow(before, at), reportRow(after, at), ...rows];
}

function toTwinChange(row: TwinRow, base: number | undefined): TwinChange {
  const toChange = (property: PropertyRow): PropertyChange => toPropertyChange(property, base);
  if (!isShort(row)) return { ...row, properties: row.properties.map(toChange) };
  const [id, before, after, ...properties] = row;
  return { id, before: toReport(before, base), after: toReport(after, base), properties: properties.map(toChange) };
}

/** Whole milliseconds, so that nothing is lost on the way there and back. */
function toStored(time: number | null, at: number): number | null {
  return time === null ? null : at - time;
}

function toTime(stored: number | null | undefined, base: number | undefined): number | null {
  if (stored === null || stored === undefined) return null;
  return base === undefined ? stored : base - stored;
}

function isShort(row: TwinRow): row is ReportRow {
  return Array.isArray(row);
}

function reportRow({ lastSeen, revision, updatedAt }: Report, at: number): (number | null)[] {
  return [toStored(lastSeen, at), revision, toStored(updatedAt, at)];
}

function toReport([seen, revision, updated]: readonly (number | null)[], base: number | undefined): Partial<Twin> {
  return { lastSeen: toTime(seen, base), revision: revision as number, updatedAt: toTime(updated, base) as number };
}

function toPropertyRow({ name, before, after }: PropertyChange, at: number): PropertyRow {
  return [name, before ? toStateRow(before, at) : 0, after ? toStateRow(after, at) : 0];
}

function toPropertyChange([name, before, after]: PropertyRow, base: number | undefined): PropertyChange {
  return {
    name,
    before: before === 0 ? null : toState(before, base),
    after: after === 0 ? null : toState(after, base),
  };
}

function toStateRow(state: PropertyState, at: number): StateRow {
  const observedAt = toStored(state.observedAt, at);
  const receivedAt = toStored(state.receivedAt, at);
  if (isUsual(state)) return [state.value, observedAt, receivedAt];
  const row: PropertyValue[] = [
    state.value,
    observedAt,
    receivedAt,
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

function toState(row: StateRow, base: number | undefined): PropertyState {
  const [value, observedAt, receivedAt, order, quality, limits, stale, unit, ...desired] = row;
  const [activeLimits, pendingLimits] = toLimits(limits);
  const state: PropertyState = {
    ...EMPTY_PROPERTY,
    value: value ?? null,
    observedAt: toTime(observedAt as number | null, base),
    receivedAt: toTime(receivedAt as number | null, base),
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
