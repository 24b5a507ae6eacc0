/**
 * Who changed what: the records of the feed that somebody stands behind, read backwards. Telemetry and the clock fill most
 * of a feed, so that one answer looks at so many records at most, and says where the next one goes on.
 */
import type { ChangeRecord } from '../domain/change.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { TwinStore } from './twin-store.ts';

export interface AuditQuestion {
  /** Only changes of this twin, its properties and its relationships; null: of any. */
  readonly twin: string | null;
  /** null: by anybody. */
  readonly actor: string | null;
  /** Epoch milliseconds, included; null: as far back as the feed goes. */
  readonly from: number | null;
  /** Epoch milliseconds, excluded; null: up to now. */
  readonly to: number | null;
  readonly first: number;
  /** Only records before this sequence; null: from the newest on. */
  readonly before: number | null;
}

export interface AuditAnswer {
  /** Newest first; of each only what is asked for. */
  readonly records: readonly ChangeRecord[];
  /** Where to go on: what is not looked at yet lies before this sequence. null: everything is. */
  readonly next: number | null;
  /** Epoch milliseconds of the oldest record that is kept: the log is complete from there on. null: none is kept. */
  readonly completeSince: number | null;
}

/** Records looked at for one answer: a second or two. */
const LOOKED_AT = 5_000;
/** Records read at once: one of a large import is some megabytes. */
const READ_AT_ONCE = 25;

/** @throws LinchpinError STORE_UNAVAILABLE, TIMEOUT by the signal */
export async function auditLog(store: TwinStore, question: AuditQuestion, signal?: AbortSignal): Promise<AuditAnswer> {
  const oldest = await store.oldest();
  const completeSince = (await store.changesAfter(oldest - 1, 1))[0]?.at ?? null;
  const records: ChangeRecord[] = [];
  let end = Math.min(question.before ?? Number.POSITIVE_INFINITY, await endOf(store, question.to));
  for (let looked = 0; looked < LOOKED_AT && end > oldest; looked += READ_AT_ONCE) {
    signal?.throwIfAborted();
    const start = Math.max(oldest, end - READ_AT_ONCE);
    const page = (await store.changesAfter(start - 1, end - start)).filter(({ sequence }) => sequence < end);
    for (const whole of page.toReversed()) {
      if (question.from !== null && whole.at < question.from) return { records, next: null, completeSince };
      const record = askedOf(whole, question);
      if (record === null) continue;
      if (records.length === question.first) return { records, next: record.sequence + 1, completeSince };
      records.push(record);
    }
    end = start;
  }
  return { records, next: end > oldest ? end : null, completeSince };
}

/** The first sequence that is not before the instant. */
async function endOf(store: TwinStore, to: number | null): Promise<number> {
  if (to === null) return (await store.head()) + 1;
  try {
    return (await store.sequenceAt(to - 1)) + 1;
  } catch (error) {
    if (error instanceof LinchpinError && error.code === 'RETENTION_PASSED') return 0;
    throw error;
  }
}

/** What of a record is asked for; null: nothing. Of an import of a whole plant that is what it did to the one twin. */
function askedOf(record: ChangeRecord, { twin, actor }: AuditQuestion): ChangeRecord | null {
  if (record.origin !== 'mutation' && record.origin !== 'import' && record.actor === null) return null;
  if (actor !== null && record.actor !== actor) return null;
  if (twin === null) return record;
  const twins = record.twins.filter(({ id }) => id === twin);
  const relationships = record.relationships.filter(({ before, after }) => {
    const { source, target } = after ?? before ?? {};
    return source === twin || target === twin;
  });
  return twins.length + relationships.length === 0 ? null : { ...record, models: [], twins, relationships };
}
