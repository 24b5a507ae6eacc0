/**
 * Telemetry for the graph. What stands there is known (latest-states.ts) or read, what is newer is written by one
 * statement a batch; the statement writes only to twins of the revision that was judged, so nobody's change is undone.
 */
import type { PropertyState } from '../domain/property.ts';
import { stateAfter } from '../domain/state-after.ts';
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import type { Read } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphRow } from './graph-port.ts';
import type { LatestStep, LatestTwin } from './latest-states.ts';
import { emptyKeyMap, type KeyMap, keysToRead, putPropertyChange, toNamedProperties } from './property-record.ts';

const STAND = statement('readings/stand');

/** Twins of one statement: half a batch of the intake, so that an engine writes one half while it is handed the other. */
const TWINS_PER_STATEMENT = 350;

export interface AppliedBatch {
  readonly applied: AppliedReading[];
  /** How twins go on once this is committed. */
  readonly steps: ReadonlyMap<string, LatestStep>;
}

/** Rows for one run of readings/write.cypher. */
export type WriteRows = readonly (readonly unknown[])[];
export interface JudgedBatch extends AppliedBatch {
  readonly writes: readonly WriteRows[];
}

/** Readings and when they are taken, epoch ms. */
export interface ReadingsAt {
  readonly readings: readonly Reading[];
  readonly at: number;
}

type Known = (id: string) => LatestTwin | undefined;

/** Which readings are taken and what is to be written, by what is known of their twins or else read. */
export async function judgeReadings(batch: ReadingsAt, read: Read, known: Known): Promise<JudgedBatch> {
  const byTwin = groupByTwin(batch.readings);
  return judgeBatch(batch, byTwin, await readStanding(byTwin, read, known));
}

/** The same without a read; null: not all that it takes is known. */
export function judgeKnownReadings(batch: ReadingsAt, known: Known): JudgedBatch | null {
  const byTwin = groupByTwin(batch.readings);
  const standing = new Map<string, LatestTwin>();
  for (const [id, own] of byTwin) {
    const twin = known(id);
    if (!isKnown(twin, own)) return null;
    standing.set(id, twin);
  }
  return judgeBatch(batch, byTwin, standing);
}

function isKnown(twin: LatestTwin | undefined, readings: readonly Reading[]): twin is LatestTwin {
  return twin !== undefined && readings.every(({ property }) => twin.states.has(property));
}

function judgeBatch(
  { readings, at }: ReadingsAt,
  byTwin: ReadonlyMap<string, readonly Reading[]>,
  standing: ReadonlyMap<string, LatestTwin>,
): JudgedBatch {
  const judged = new Map<Reading, AppliedReading>();
  const steps = new Map<string, LatestStep>();
  const writes: WriteRows[] = [];
  let rows: unknown[][] = [];
  for (const [id, own] of byTwin) {
    const before = standing.get(id);
    const taken = before ? judge(before, own) : [];
    if (!before || taken.length === 0) continue;
    for (const each of taken) judged.set(each.reading, each);
    const lastSeen = lastSeenAfter(before, taken);
    const keys = keysToWrite(taken);
    keys['revision'] = before.revision + 1;
    keys['lastSeen'] = lastSeen;
    keys['updatedAt'] = at;
    rows.push([id, before.revision, keys]);
    steps.set(id, { before, lastSeen, taken });
    if (rows.length < TWINS_PER_STATEMENT) continue;
    writes.push(rows);
    rows = [];
  }
  if (rows.length > 0) writes.push(rows);
  return { applied: inOrder(readings, judged), steps, writes };
}

function groupByTwin(readings: readonly Reading[]): Map<string, Reading[]> {
  const byTwin = new Map<string, Reading[]>();
  for (const reading of readings) {
    const own = byTwin.get(reading.twin);
    if (own) own.push(reading);
    else byTwin.set(reading.twin, [reading]);
  }
  return byTwin;
}

function inOrder(readings: readonly Reading[], judged: ReadonlyMap<Reading, AppliedReading>): AppliedReading[] {
  // Nearly always all were taken, one of each twin: then they are in order already.
  const applied = [...judged.values()];
  if (applied.every(({ reading }, i) => reading === readings[i])) return applied;
  return readings.flatMap((reading) => judged.get(reading) ?? []);
}

/** What is known of the twins, and of the others what the graph says; unknown twins are left out. */
async function readStanding(
  byTwin: ReadonlyMap<string, readonly Reading[]>,
  read: Read,
  known: Known,
): Promise<Map<string, LatestTwin>> {
  const standing = new Map<string, LatestTwin>();
  const asked: [string, string[]][] = [];
  for (const [id, own] of byTwin) {
    const twin = known(id);
    if (isKnown(twin, own)) standing.set(id, twin);
    else asked.push([id, own.map(({ property }) => property)]);
  }
  for (const page of pages(asked)) {
    const namesById = new Map(page);
    for (const row of await read(STAND, { rows: page.map(([id, names]) => [id, keysToRead(names)]) })) {
      const id = row[0] as string;
      standing.set(id, toLatestTwin(row, namesById.get(id) ?? [], known(id)));
    }
  }
  return standing;
}

/** A row of readings/stand.cypher, with what is known of the same revision. */
function toLatestTwin(
  [, revision, lastSeen, values]: GraphRow,
  names: readonly string[],
  known: LatestTwin | undefined,
): LatestTwin {
  const read = toNamedProperties(names, values as GraphRow);
  const states = new Map<string, PropertyState | null>(known?.revision === revision ? known?.states : []);
  for (const name of names) states.set(name, read.get(name) ?? null);
  return { revision: revision as number, lastSeen: (lastSeen ?? null) as number | null, states };
}

function judge(twin: LatestTwin, readings: readonly Reading[]): AppliedReading[] {
  const taken: AppliedReading[] = [];
  for (const reading of readings) {
    const before = twin.states.get(reading.property) ?? null;
    if (isNewer(reading, before)) taken.push({ reading, before, after: stateAfter(before, reading) });
  }
  return taken;
}

function isNewer(reading: Reading, before: PropertyState | null): boolean {
  if (before === null || before.observedAt === null) return true;
  const at = observedAt(reading);
  return at > before.observedAt || (at === before.observedAt && (reading.sequence ?? 0) > before.order);
}

const observedAt = (reading: Reading): number => reading.observedAt ?? reading.receivedAt;

function lastSeenAfter({ lastSeen }: LatestTwin, taken: readonly AppliedReading[]): number {
  let latest = lastSeen ?? 0;
  for (const { reading } of taken) latest = Math.max(latest, reading.receivedAt);
  return latest;
}

function keysToWrite(taken: readonly AppliedReading[]): KeyMap {
  const keys = emptyKeyMap();
  for (const { reading, before, after } of taken) putPropertyChange(keys, reading.property, before, after);
  return keys;
}

function* pages<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += TWINS_PER_STATEMENT)
    yield items.slice(start, start + TWINS_PER_STATEMENT);
}
