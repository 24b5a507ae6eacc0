/**
 * One batch into the graph. While the graph cannot be reached it is tried again, for as long as it takes;
 * what fails for good is halved until the faulty reading stands alone, and that one is set aside.
 */
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { ConnectivityReport, Reading, ReadingOutcome, Removal } from '../domain/telemetry.ts';
import type { Timers } from '../domain/timers.ts';
import type { Batch, Entry } from './batch.ts';
import type { Counters } from './counters.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { DesiredChange } from './decoder.ts';
import type { Message } from './dialects/dialect.ts';
import type { LoggedCauses } from './logged-causes.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';
import type { UnknownTwins } from './unknown-twins.ts';

/** What telemetry needs from the application to commit. */
export interface Ingest {
  ingest(readings: readonly Reading[]): Promise<readonly { outcome: ReadingOutcome; reason?: string }[]>;
  reportConnectivity(reports: readonly ConnectivityReport[]): Promise<void>;
  removeReported(removals: readonly Removal[]): Promise<void>;
  takeDesired(changes: readonly DesiredChange[]): Promise<readonly (string | null)[]>;
  /** See Application. */
  keepHistory(coalesced: readonly Reading[]): Promise<void> | undefined;
}

export interface CommitOptions {
  readonly application: Ingest;
  readonly timers: Timers;
  readonly log: Log;
  readonly counters: Counters;
  readonly deadLetters: DeadLetters;
  readonly unknownTwins: UnknownTwins;
  readonly causes: LoggedCauses;
  /** Ends waiting for a graph that cannot be reached; the batch is then given up. */
  readonly signal: AbortSignal;
}

/**
 * Answers when everything of the batch is stored or set aside; throws only when the signal ended it. Its readings are
 * given to the application at once; all else waits for `before`, the batch before it.
 */
export async function commitBatch(batch: Batch, before: Promise<void>, options: CommitOptions): Promise<void> {
  if (batch.size > 0) {
    await commitEntries(batch.entries(), { ...options, before });
    await before;
    await commitRemovals(batch.removals, options);
    await commitDesired(batch.desired, options);
    await commitReports(batch.reports(), options);
    await options.application.keepHistory(batch.coalesced);
    options.counters.batches += 1;
  }
}

async function commitEntries(
  entries: readonly Entry[],
  options: CommitOptions & { readonly before: Promise<void> },
  mayMakeTwins = true,
): Promise<void> {
  if (entries.length === 0) return;
  const readings = entries.map((entry) => entry.reading);
  const tried = await tryUntilReached(() => options.application.ingest(readings), options);
  await options.before;
  if ('outcomes' in tried) {
    const unknown: Entry[] = [];
    for (const [at, entry] of entries.entries()) {
      if (tried.outcomes[at]?.outcome === 'unknown-twin') unknown.push(entry);
      else countOutcome(entry, tried.outcomes[at], options);
    }
    if (unknown.length > 0) await commitUnknown(unknown, options, mayMakeTwins);
  } else if (entries.length === 1) {
    for (const { message, reading } of entries) options.deadLetters.add(message, tried.reason, reading.property);
  } else {
    const middle = entries.length >> 1;
    await commitEntries(entries.slice(0, middle), options, mayMakeTwins);
    await commitEntries(entries.slice(middle), options, mayMakeTwins);
  }
}

/** Set aside, or taken after their twins have been made. */
async function commitUnknown(
  entries: readonly Entry[],
  options: CommitOptions & { readonly before: Promise<void> },
  mayMakeTwins: boolean,
): Promise<void> {
  const tried = await tryUntilReached(() => options.unknownTwins.take(entries, mayMakeTwins), options);
  if ('outcomes' in tried) await commitEntries(tried.outcomes, options, false);
}

async function commitRemovals(
  removals: readonly { removal: Removal; message: Message }[],
  options: CommitOptions,
): Promise<void> {
  if (removals.length === 0) return;
  const tried = await tryUntilReached(
    () => options.application.removeReported(removals.map(({ removal }) => removal)),
    options,
  );
  if ('outcomes' in tried) options.counters.removals += removals.length;
  else for (const { message, removal } of removals) options.deadLetters.add(message, tried.reason, removal.property);
}

async function commitDesired(
  desired: readonly { change: DesiredChange; message: Message }[],
  options: CommitOptions,
): Promise<void> {
  if (desired.length === 0) return;
  const tried = await tryUntilReached(
    () => options.application.takeDesired(desired.map(({ change }) => change)),
    options,
  );
  for (const [at, { change, message }] of desired.entries()) {
    const reason = 'outcomes' in tried ? tried.outcomes[at] : tried.reason;
    if (reason === null || reason === undefined) options.counters.desired += 1;
    else options.deadLetters.add(message, reason, change.property);
  }
}

async function commitReports(
  reports: readonly { report: ConnectivityReport; message: Message }[],
  options: CommitOptions,
): Promise<void> {
  if (reports.length === 0) return;
  const tried = await tryUntilReached(
    () => options.application.reportConnectivity(reports.map(({ report }) => report)),
    options,
  );
  if ('outcomes' in tried) {
    options.counters.connectivity += reports.length;
  } else if (reports.length === 1) {
    for (const { message } of reports) options.deadLetters.add(message, tried.reason);
  } else {
    const middle = reports.length >> 1;
    await commitReports(reports.slice(0, middle), options);
    await commitReports(reports.slice(middle), options);
  }
}

function countOutcome(
  { reading, message }: Entry,
  result: { outcome: ReadingOutcome; reason?: string } | undefined,
  { counters, deadLetters }: CommitOptions,
): void {
  switch (result?.outcome) {
    case 'applied':
      counters.committed += 1;
      return;
    case 'stale':
      counters.stale += 1;
      return;
    case 'ignored':
      return;
    default:
      counters.rejected += 1;
      deadLetters.add(message, result?.reason ?? 'rejected', reading.property);
  }
}

type Tried<T> = { readonly outcomes: T } | { readonly reason: string };

/** Outcomes, or why this can never succeed. */
async function tryUntilReached<T>(work: () => Promise<T>, options: CommitOptions): Promise<Tried<T>> {
  const { timers, log, counters, causes, signal } = options;
  let waitMs: number = TELEMETRY_LIMITS.retryMs;
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    try {
      const outcomes = await work();
      if (tries > 1) log.info({ tries }, 'the graph takes telemetry again');
      return { outcomes };
    } catch (error) {
      if (!(error instanceof LinchpinError && error.retriable)) {
        const reason = error instanceof Error ? error.message : String(error);
        causes.warnOnce(`failed ${reason}`, { error }, 'a commit of telemetry failed; what is at fault is set aside');
        return { reason };
      }
      counters.retries += 1;
      if (tries === 1) log.warn({ reason: error.message }, 'the graph takes no telemetry; intake waits');
      await wait(waitMs, timers, signal);
      waitMs = Math.min(waitMs * 2, TELEMETRY_LIMITS.longestRetryMs);
    }
  }
}

function wait(delayMs: number, timers: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
