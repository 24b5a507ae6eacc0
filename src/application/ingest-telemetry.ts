/**
 * One batch of telemetry, one commit. The guard against late values stands in the statement that writes them;
 * what follows from those that were taken (limits, health, connectivity) is decided here and written in the same transaction.
 */
import { whyNotPropertyName } from '../domain/check-text.ts';
import type { Changes, TwinChange } from '../domain/change.ts';
import { describeValue } from '../domain/errors.ts';
import { isSameList } from '../domain/same-list.ts';
import { whyNotSchema, whyNotValue } from '../domain/property-value.ts';
import type { AppliedReading, ConnectivityReport, Reading, ReadingOutcome } from '../domain/telemetry.ts';
import type { Twin } from '../domain/twin.ts';
import { catchUp, type CommitContext, commit, record, take } from './commit.ts';
import { Draft } from './draft.ts';
import type { HistoryRecorder } from './history-recorder.ts';
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
  told: readonly Reading[],
  actor: string | null = null,
): Promise<IngestOutcome[]> {
  const { readings, settled } = underModels(context.memory, told);
  const outcomes = readings.map((reading) => settled.get(reading) ?? precheck(context.memory, reading));
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
  if (context.history) takeAccepted(context.history, readings, outcomes);
  return outcomes.map((outcome) => outcome ?? { outcome: 'stale' });
}

/** Of twins that nobody knew when they were told, and that are there by now: as the mapping has it for their models. */
function underModels(
  memory: Memory,
  told: readonly Reading[],
): { readonly readings: readonly Reading[]; readonly settled: ReadonlyMap<Reading, IngestOutcome> } {
  const settled = new Map<Reading, IngestOutcome>();
  if (told.every(({ underModel }) => underModel === undefined)) return { readings: told, settled };
  const readings = told.map((reading) => {
    const twin = memory.topology.twin(reading.twin);
    if (!twin || !reading.underModel) return reading;
    const mapped = reading.underModel(twin.model);
    if (mapped !== null && !('reason' in mapped)) return mapped;
    settled.set(reading, mapped === null ? { outcome: 'ignored' } : { outcome: 'rejected', reason: mapped.reason });
    return reading;
  });
  return { readings, settled };
}

/** Also what is older than the property's value has its place in history. */
function takeAccepted(
  history: HistoryRecorder,
  readings: readonly Reading[],
  outcomes: readonly (IngestOutcome | undefined)[],
): void {
  for (const [i, reading] of readings.entries()) {
    const outcome = outcomes[i]?.outcome ?? 'stale';
    if (outcome === 'applied' || outcome === 'stale') history.take(reading);
  }
}

/**
 * Into history what was not ingested because a newer reading of its property came before the commit.
 * Answers when history has these and all that was ingested before; undefined: it has them already.
 */
export function keepHistory(
  { memory, history }: CommitContext,
  coalesced: readonly Reading[],
): Promise<void> | undefined {
  if (!history) return undefined;
  const { readings, settled } = underModels(memory, coalesced);
  for (const reading of readings)
    if (!settled.has(reading) && precheck(memory, reading) === undefined) history.take(reading);
  return history.kept();
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
  const newestByProperty = new Map<string, Map<string, number>>();
  const replaced = new Set<number>();
  for (const i of indexes) {
    const reading = readings[i] as Reading;
    let newestByTwin = newestByProperty.get(reading.property);
    if (!newestByTwin) {
      newestByTwin = new Map();
      newestByProperty.set(reading.property, newestByTwin);
    }
    const other = newestByTwin.get(reading.twin);
    const isNewest = other === undefined || isNotOlder(reading, readings[other] as Reading);
    if (isNewest) newestByTwin.set(reading.twin, i);
    if (other !== undefined) replaced.add(isNewest ? other : i);
  }
  return replaced.size === 0 ? [...indexes] : indexes.filter((i) => !replaced.has(i));
}

function isNotOlder(a: Reading, b: Reading): boolean {
  const at = a.observedAt ?? a.receivedAt;
  const other = b.observedAt ?? b.receivedAt;
  return at > other || (at === other && (a.sequence ?? 0) >= (b.sequence ?? 0));
}

async function write(context: CommitContext, readings: readonly Reading[], actor: string | null): Promise<Reading[]> {
  const ahead = { readings, clock: context.clock };
  const { applied, records } = await context.store.transact(async (transaction) => {
    await catchUp(context.memory, transaction);
    const draft = new Draft(context.memory, transaction, transaction.aheadAt ?? context.clock());
    // The very objects come back, so that outcomes need no search.
    const taken = await transaction.applyReadings(readings, draft.at);
    const plain = draftTaken(draft, taken);
    const derived = draft.changes();
    await transaction.write(derivedOnly(derived));
    const changes = { ...derived, twins: [...plain, ...derived.twins] };
    const appended = await record(changes, draft, { origin: 'telemetry', actor });
    context.history?.own(appended);
    return { applied: taken.map((each) => each.reading), records: appended };
  }, ahead);
  take(context, records);
  return applied;
}

/**
 * Most readings change nothing but their property: their twins' changes are answered as they are, all in the graph
 * already. Where limits judge, or a twin comes back, the twin is drafted.
 */
function draftTaken(draft: Draft, taken: readonly AppliedReading[]): TwinChange[] {
  const plain: TwinChange[] = [];
  for (const [id, own] of groupByTwin(taken)) {
    const twin = draft.memory.topology.twin(id);
    if (!twin) continue;
    let lastSeen = twin.lastSeen ?? 0;
    for (const { reading } of own) lastSeen = Math.max(lastSeen, reading.receivedAt);
    const isJudged = own.some(({ reading }) => isJudgedBy(draft, twin, reading.property));
    if (!isJudged && twin.connectivity === 'ONLINE') {
      plain.push({
        id,
        before: { lastSeen: twin.lastSeen, revision: twin.revision, updatedAt: twin.updatedAt },
        after: { lastSeen, revision: twin.revision + 1, updatedAt: draft.at },
        properties: own.map(({ reading, before, after }) => ({ name: reading.property, before, after })),
      });
      continue;
    }
    for (const { reading, before, after } of own) draft.noteApplied(id, reading.property, before, after);
    draft.changeTwin(id, { connectivity: 'ONLINE', lastSeen });
    if (isJudged) draft.judge(id);
  }
  return plain;
}

function groupByTwin(taken: readonly AppliedReading[]): Map<string, AppliedReading[]> {
  const byTwin = new Map<string, AppliedReading[]>();
  for (const each of taken) {
    const own = byTwin.get(each.reading.twin);
    if (own) own.push(each);
    else byTwin.set(each.reading.twin, [each]);
  }
  return byTwin;
}

function isJudgedBy(draft: Draft, twin: Twin, property: string): boolean {
  return isMonitored(draft.resolvedModel(twin.model)?.propertyByName.get(property));
}

/** Fields of a twin that applyReadings writes itself. */
const WRITTEN_FIELDS: ReadonlySet<string> = new Set(['lastSeen', 'revision', 'updatedAt']);

/** What is left to write once the readings stand in the graph. */
function derivedOnly(changes: Changes): Changes {
  const twins: TwinChange[] = [];
  for (const change of changes.twins) {
    const properties = change.properties.filter(
      ({ before, after }) =>
        !isSameList(before?.activeLimits, after?.activeLimits) ||
        !isSameList(before?.pendingLimits, after?.pendingLimits),
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
