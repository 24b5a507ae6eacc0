/**
 * One way to change the graph: lock the feed, bring memory up to its end, decide on a draft, write, record, commit;
 * then memory takes the records, and the verb answers. Whoever reads after that reads what was written.
 */
import type { ChangeOrigin, ChangeRecord, Changes } from '../domain/change.ts';
import type { Scope } from '../domain/principal.ts';
import type { Clock } from '../domain/timers.ts';
import { Draft } from './draft.ts';
import type { HistoryRecorder } from './history-recorder.ts';
import type { Memory } from './memory.ts';
import type { StoreTransaction, TwinStore } from './twin-store.ts';

export interface CommitContext {
  readonly store: TwinStore;
  readonly memory: Memory;
  readonly clock: Clock;
  /** Absent: past values are not kept. */
  readonly history?: HistoryRecorder | undefined;
  /** Told the sequence of each commit of this server, when memory holds it. */
  readonly onCommitted?: (sequence: number) => void;
}

export interface CommitOptions {
  readonly origin: ChangeOrigin;
  readonly actor: string | null;
  /** Of who decides; see Caller. */
  readonly scope?: Scope | null | undefined;
}

/** Changes in one record: a reader of the feed holds one record at a time. */
const CHANGES_PER_RECORD = 5_000;

/** Runs `decide` on a draft and commits what it drafted; nothing drafted, nothing committed. It may run again after a lost race. */
export async function commit<T>(
  context: CommitContext,
  options: CommitOptions,
  decide: (draft: Draft) => Promise<T>,
): Promise<T> {
  const { answer, records } = await context.store.transact(async (transaction) => {
    await catchUp(context.memory, transaction);
    const draft = new Draft(context.memory, transaction, context.clock(), options.scope ?? null);
    const decided = await decide(draft);
    const changes = draft.changes();
    await transaction.write(changes);
    const appended = await record(changes, draft, options);
    context.history?.own(appended);
    return { answer: decided, records: appended };
  });
  take(context, records);
  await context.history?.kept();
  return answer;
}

/** Memory takes what was committed here. */
export function take({ memory, onCommitted }: CommitContext, records: readonly ChangeRecord[]): void {
  for (const each of records) memory.apply(each);
  const last = records.at(-1);
  if (last) onCommitted?.(last.sequence);
}

/** Brings memory to the end of the feed, which the lock holds still. */
export async function catchUp(memory: Memory, transaction: StoreTransaction): Promise<void> {
  if (memory.sequence >= transaction.head) return;
  for (const missed of await transaction.changesAfter(memory.sequence)) memory.apply(missed);
}

/** Appends the records of a draft; answers them for memory. */
export async function record(
  changes: Changes,
  draft: Draft,
  { origin, actor }: CommitOptions,
): Promise<ChangeRecord[]> {
  const records: ChangeRecord[] = [];
  for (const part of split(changes)) {
    const next: ChangeRecord = {
      sequence: draft.transaction.head + records.length + 1,
      at: draft.at,
      origin,
      actor,
      ...part,
    };
    await draft.transaction.record(next);
    records.push(next);
  }
  return records;
}

/** In an order that can be followed: models, twins that appear or change, relationships, twins that go. */
function* split({ models, twins, relationships }: Changes): Generator<Changes> {
  const total = models.length + twins.length + relationships.length;
  if (total === 0) return;
  if (total <= CHANGES_PER_RECORD) {
    yield { models, twins, relationships };
    return;
  }
  const none: Changes = { models: [], twins: [], relationships: [] };
  for (const part of pages(models)) yield { ...none, models: part };
  for (const part of pages(twins.filter((change) => change.after !== null))) yield { ...none, twins: part };
  for (const part of pages(relationships)) yield { ...none, relationships: part };
  for (const part of pages(twins.filter((change) => change.after === null))) yield { ...none, twins: part };
}

function* pages<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += CHANGES_PER_RECORD)
    yield list.slice(start, start + CHANGES_PER_RECORD);
}
