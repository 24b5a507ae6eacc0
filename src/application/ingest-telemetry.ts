/**
 * One batch of telemetry, one commit. The guard against late values stands in the statement that writes them;
 * what follows from those that were taken (limits, health, connectivity) is decided here and written in the same transaction.
 */
import { whyNotPropertyName } from '../domain/check-text.ts';
import type { Changes, TwinChange } from '../domain/change.ts';
import { describeValue } from '../domain/errors.ts';
import { EMPTY_PROPERTY, type PropertyState } from '../domain/property.ts';
import { whyNotSchema, whyNotValue } from '../domain/property-value.ts';
import type { AppliedReading, ConnectivityReport, Reading, ReadingOutcome } from '../domain/telemetry.ts';
import { catchUp, type CommitContext, commit, record } from './commit.ts';
import { Draft } from './draft.ts';
import type { Memory } from './memory.ts';
import { isMonitored } from './monitor.ts';

export interface IngestOutcome {
  readonly outcome: ReadingOutcome;
  /** With rejected: what was expected and what came. */
  readonly reason?: string;
}

/** Outcomes in the order given. @throws LinchpinError STORE_UNAVAILABLE: nothing was taken. */
export async function ingestTelemetry(
  context: CommitContext,
  readings: readonly Reading[],
  actor: string | null = null,
): Promise<IngestOutcome[]> {
  const outcomes = readings.map((reading) => precheck(context.memory, reading));
  const indexes = outcomes.flatMap((outcome, i) => (outcome === undefined ? [i] : []));
  const newest = newestPerProperty(readings, indexes);
  if (newest.length > 0) {
    const applied = new Set(
      await write(
        context,
        newest.map((i) => readings[i] as Reading),
        actor,
      ),
    );
    for (const i of newest) if (applied.has(readings[i] as Reading)) outcomes[i] = { outcome: 'applied' };
  }
  return outcomes.map((outcome) => outcome ?? { outcome: 'stale' });
}

/** The outcome where memory alone decides it. */
function precheck(memory: Memory, reading: Reading): IngestOutcome | undefined {
  const twin = memory.topology.twin(reading.twin);
  if (!twin) return { outcome: 'unknown-twin' };
  const schema = memory.models.resolved(twin.model)?.propertyByName.get(reading.property)?.schema;
  // A device that knows its reading to be bad need not send one.
  const isVoid = reading.value === null && reading.quality === 'BAD';
  const why =
    whyNotPropertyName(reading.property) ??
    (reading.value === null && !isVoid ? 'a value' : whyNotValue(reading.value)) ??
    (schema && !isVoid ? whyNotSchema(reading.value, schema) : null);
  return why === null
    ? undefined
    : { outcome: 'rejected', reason: `${reading.property}: expected ${why}, got ${describeValue(reading.value)}` };
}

/** Indexes of the last reading of each twin and property; the others are stale before they are written. */
function newestPerProperty(readings: readonly Reading[], indexes: readonly number[]): number[] {
  const newest = new Map<string, Map<string, number>>();
  for (const i of indexes) {
    const reading = readings[i] as Reading;
    const byProperty = newest.get(reading.twin) ?? new Map<string, number>();
    newest.set(reading.twin, byProperty);
    const other = byProperty.get(reading.property);
    if (other === undefined || isNotOlder(reading, readings[other] as Reading)) byProperty.set(reading.property, i);
  }
  return [...newest.values()].flatMap((byProperty) => [...byProperty.values()]).sort((a, b) => a - b);
}

function isNotOlder(a: Reading, b: Reading): boolean {
  const [at, other] = [a.observedAt ?? a.receivedAt, b.observedAt ?? b.receivedAt];
  return at > other || (at === other && (a.sequence ?? 0) >= (b.sequence ?? 0));
}

async function write(context: CommitContext, readings: readonly Reading[], actor: string | null): Promise<Reading[]> {
  const { applied, records } = await context.store.transact(async (transaction) => {
    await catchUp(context.memory, transaction);
    const draft = new Draft(context.memory, transaction, context.clock());
    // The very objects come back, so that outcomes need no search.
    const taken = await transaction.applyReadings(readings, draft.at);
    for (const each of taken) note(draft, each);
    for (const id of new Set(taken.filter((each) => isJudged(draft, each)).map((each) => each.reading.twin)))
      draft.judge(id);
    const changes = draft.changes();
    await transaction.write(derivedOnly(changes));
    return {
      applied: taken.map((each) => each.reading),
      records: await record(changes, draft, { origin: 'telemetry', actor }),
    };
  });
  for (const each of records) context.memory.apply(each);
  return applied;
}

/** The state that a reading leaves behind. A BAD one keeps the last good value. */
export function stateAfter(before: PropertyState | null, reading: Reading): PropertyState {
  const last = before ?? EMPTY_PROPERTY;
  const isBad = reading.quality === 'BAD';
  return {
    ...last,
    value: isBad && last.receivedAt !== null ? last.value : reading.value,
    unit: isBad && last.receivedAt !== null ? last.unit : (reading.unit ?? null),
    quality: reading.quality,
    observedAt: reading.observedAt ?? reading.receivedAt,
    receivedAt: reading.receivedAt,
    order: reading.sequence ?? 0,
    stale: false,
  };
}

function note(draft: Draft, { reading, before }: AppliedReading): void {
  draft.noteApplied(reading.twin, reading.property, before, stateAfter(before, reading));
  const twin = draft.twin(reading.twin);
  if (!twin) return;
  draft.changeTwin(reading.twin, {
    connectivity: 'ONLINE',
    lastSeen: Math.max(twin.lastSeen ?? 0, reading.receivedAt),
  });
}

function isJudged(draft: Draft, { reading }: AppliedReading): boolean {
  const twin = draft.twin(reading.twin);
  return isMonitored(draft.resolvedModel(twin?.model ?? null)?.propertyByName.get(reading.property));
}

/** Fields of a twin that applyReadings writes itself. */
const WRITTEN_FIELDS: ReadonlySet<string> = new Set(['lastSeen', 'revision', 'updatedAt']);

/** What is left to write once the readings stand in the graph. */
function derivedOnly(changes: Changes): Changes {
  const twins: TwinChange[] = [];
  for (const change of changes.twins) {
    const properties = change.properties.filter(
      ({ before, after }) => String(before?.activeLimits ?? []) !== String(after?.activeLimits ?? []),
    );
    const isDerived = Object.keys(change.after ?? {}).some((key) => !WRITTEN_FIELDS.has(key));
    if (isDerived || properties.length > 0) twins.push({ ...change, properties });
  }
  return { ...changes, twins };
}

/** A birth, a death or a last will. Unknown twins are left out. */
export async function reportConnectivity(
  context: CommitContext,
  reports: readonly ConnectivityReport[],
): Promise<void> {
  const known = reports.filter((each) => context.memory.topology.twin(each.twin)?.connectivity !== each.connectivity);
  if (known.length === 0) return;
  await commit(context, { origin: 'telemetry', actor: null }, async (draft) => {
    await draft.loadProperties(known.map((each) => each.twin));
    for (const { twin, connectivity, at } of known) {
      if (!draft.twin(twin)) continue;
      draft.changeTwin(twin, connectivity === 'ONLINE' ? { connectivity, lastSeen: at } : { connectivity });
      draft.judge(twin);
    }
  });
}
