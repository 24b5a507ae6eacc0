/** The feed in the graph: one node per record, found by its sequence; a counter node knows the first and the last. */
import type { Retention } from '../application/twin-store.ts';
import type { ChangeRecord } from '../domain/change.ts';
import { retentionPassed } from '../domain/errors.ts';
import { toChangeRecord } from './change-body.ts';
import { statement } from './cypher-statements.ts';
import type { GraphParameters, GraphRow } from './graph-port.ts';
import type { TransactionQueue } from './transaction-queue.ts';

const SPAN = statement('changes/span');
const READ_CHANGES = statement('changes/read');
const READ_TIMES = statement('changes/times');
const FORGET = statement('changes/forget');
const SET_OLDEST = statement('changes/set-oldest');

/** Records that one statement reads: one of a large import is some megabytes. */
const RECORDS_PER_READ = 25;
/** Records that one transaction forgets: writers wait meanwhile. */
const RECORDS_PER_FORGETTING = 1_000;

export type Read = (statement: string, parameters: GraphParameters) => Promise<GraphRow[]>;

export interface FeedSpan {
  readonly head: number;
  /** head + 1 when the feed is empty. */
  readonly oldest: number;
  /** Characters of all records that were ever written. */
  readonly written: number;
}

export async function readSpan(read: Read): Promise<FeedSpan> {
  const [row] = await read(SPAN, {});
  return { head: Number(row?.[0] ?? 0), oldest: Number(row?.[1] ?? 1), written: Number(row?.[2] ?? 0) };
}

/** Records `from` to `to`, both included, in order. */
export async function readChanges(read: Read, from: number, to: number): Promise<ChangeRecord[]> {
  const records: ChangeRecord[] = [];
  for (let start = from; start <= to; start += RECORDS_PER_READ) {
    const rows = await read(READ_CHANGES, { sequences: range(start, Math.min(to, start + RECORDS_PER_READ - 1)) });
    const page = await Promise.all(rows.map(toChangeRecord));
    records.push(...page.toSorted((a, b) => a.sequence - b.sequence));
  }
  return records;
}

/** See TwinStore.sequenceAt. */
export async function sequenceAt(read: Read, at: number): Promise<number> {
  const { head, oldest } = await readSpan(read);
  const timeOf = async (sequence: number): Promise<number | null> => {
    const [row] = await read(READ_TIMES, { sequences: [sequence] });
    return row ? Number(row[1]) : null;
  };
  // The first record after the instant. One that was forgotten meanwhile came before it, or the answer is refused.
  let low = oldest;
  let high = head + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const time = await timeOf(middle);
    if (time !== null && time > at) high = middle;
    else low = middle + 1;
  }
  if (low > oldest || oldest === 1) return low - 1;
  throw retentionPassed(`the instant ${new Date(at).toISOString()}`, await timeOf(oldest));
}

/** See TwinStore.prune. */
export async function pruneChanges(read: Read, queue: TransactionQueue, keep: Retention): Promise<number> {
  const span = await readSpan(read);
  let { oldest } = span;
  for (;;) {
    const until = await firstToKeep(read, { ...span, oldest }, keep);
    if (until === oldest) return oldest - span.oldest;
    await forget(queue, range(oldest, until - 1));
    oldest = until;
  }
}

/** The first sequence from `oldest` on that stays, looking one page ahead. */
async function firstToKeep(read: Read, { head, oldest, written }: FeedSpan, keep: Retention): Promise<number> {
  // The last one tells since when the present holds.
  const sequences = range(oldest, Math.min(head - 1, oldest + RECORDS_PER_FORGETTING - 1));
  if (sequences.length === 0) return oldest;
  const rows = await read(READ_TIMES, { sequences });
  const rowBySequence = new Map(rows.map(([sequence, ...row]) => [Number(sequence), row]));
  const stays = (sequence: number): boolean => {
    const [at, upTo] = rowBySequence.get(sequence) ?? [];
    return sequence > head - keep.records && Number(at ?? 0) >= keep.since && written - Number(upTo ?? 0) < keep.size;
  };
  return sequences.find(stays) ?? oldest + sequences.length;
}

function forget(queue: TransactionQueue, sequences: readonly number[]): Promise<void> {
  return queue.add(async (transaction) => {
    await transaction.run(FORGET, { sequences });
    await transaction.run(SET_OLDEST, { oldest: (sequences.at(-1) as number) + 1 });
    return { result: undefined, commit: true };
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
