/**
 * What a work sees of its transaction. Writes are sent without waiting for their answers, a few at a time;
 * the commit waits for all of them, and for what they must have found.
 */
import type { PropertiesByTwin, ReadingsAhead, StoreTransaction } from '../application/twin-store.ts';
import type { ChangeRecord, Changes } from '../domain/change.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import { type JudgedBatch, judgeKnownReadings, judgeReadings, type WriteRows } from './apply-readings.ts';
import { toChangeBody } from './change-body.ts';
import { type Read, readChanges } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphParameters, GraphTransaction } from './graph-port.ts';
import type { LatestStates, LatestStep, LatestTwin } from './latest-states.ts';
import { readProperties } from './read-properties.ts';
import { LostRace, type PrepareEarly } from './transaction-queue.ts';
import { writeChanges } from './write-changes.ts';

const RECORD = statement('changes/record');
const WRITE_READINGS = statement('readings/write');

/** Statements on their way at once: enough to keep an engine busy, few enough that their rows do not pile up. */
const SENT_AT_ONCE = 4;

/** Readings on their way behind the lock, judged by what was known before it was had. */
export interface SentReadings {
  readonly readings: readonly Reading[];
  readonly at: number;
  readonly judged: JudgedBatch;
  readonly writes: readonly Promise<void>[];
}

/** What of readings can be sent before the lock is had; the statement's guard finds out whether it holds. */
export function prepareReadings(
  { readings, clock }: ReadingsAhead,
  latest: LatestStates,
): ReturnType<PrepareEarly<SentReadings>> {
  const at = clock();
  const judged = judgeKnownReadings({ readings, at }, (id) => latest.get(id));
  if (judged === null) return null;
  return (transaction) => {
    const writes = judged.writes.map((rows) => writeReadings(transaction, rows, latest));
    for (const each of writes) each.catch(() => undefined); // As in #keep.
    return { readings, at, judged, writes };
  };
}

async function writeReadings(transaction: GraphTransaction, rows: WriteRows, latest: LatestStates): Promise<void> {
  const [row] = await transaction.runUnordered(WRITE_READINGS, { rows });
  if (row?.[0] === rows.length) return;
  for (const [id] of rows) latest.forget(id as string);
  throw new LostRace('twins changed since their readings were judged');
}

export class OpenTransaction implements StoreTransaction {
  readonly head: number;
  readonly aheadAt: number | undefined;
  readonly #transaction: GraphTransaction;
  readonly #latest: LatestStates;
  readonly #read: Read;
  /** How twins that reported go on once this is committed; null: what they are then is not known. */
  readonly #touched = new Map<string, LatestStep | null>();
  readonly #sent: Promise<unknown>[] = [];
  /** Until it is asked for. */
  #ahead: SentReadings | undefined;
  #recorded = 0;

  constructor(
    transaction: GraphTransaction,
    {
      head,
      latest,
      ahead,
    }: { readonly head: number; readonly latest: LatestStates; readonly ahead?: SentReadings | undefined },
  ) {
    this.#transaction = transaction;
    this.#ahead = ahead;
    this.aheadAt = ahead?.at;
    this.#sent.push(...(ahead?.writes ?? []));
    this.#latest = latest;
    this.#read = (text, parameters) => transaction.run(text, parameters);
    this.head = head;
  }

  changesAfter(sequence: number): Promise<ChangeRecord[]> {
    return readChanges(this.#read, sequence + 1, this.head);
  }

  properties(ids: readonly string[], names?: readonly string[]): Promise<PropertiesByTwin> {
    return readProperties(this.#read, ids, names);
  }

  async applyReadings(readings: readonly Reading[], at: number): Promise<AppliedReading[]> {
    const { applied, steps } = this.#sentAhead(readings, at) ?? (await this.#judgeAndSend(readings, at));
    for (const [id, step] of steps) this.#touched.set(id, step);
    return applied;
  }

  #sentAhead(readings: readonly Reading[], at: number): JudgedBatch | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead === undefined) return undefined;
    if (ahead.readings === readings && ahead.at === at) return ahead.judged;
    throw new LinchpinError('INTERNAL', 'other readings were sent ahead of these');
  }

  async #judgeAndSend(readings: readonly Reading[], at: number): Promise<JudgedBatch> {
    const known = (id: string): LatestTwin | undefined => (this.#touched.has(id) ? undefined : this.#latest.get(id));
    const judged = await judgeReadings({ readings, at }, this.#read, known);
    for (const rows of judged.writes) this.#keep(writeReadings(this.#transaction, rows, this.#latest));
    return judged;
  }

  async write(changes: Changes): Promise<void> {
    for (const { id } of changes.twins) this.#touched.set(id, null);
    await writeChanges(changes, (text, parameters, count) => this.#send(text, parameters, count));
  }

  async record(record: ChangeRecord): Promise<void> {
    const next = this.lastSequence + 1;
    if (record.sequence !== next) {
      throw new LinchpinError('INTERNAL', `the feed's next sequence is ${next}, not ${record.sequence}`);
    }
    this.#recorded += 1;
    const body = await toChangeBody(record);
    const parameters = { sequence: record.sequence, at: record.at, size: body.length, body };
    // Each record moves the counter on from the one before; to all else it is nothing.
    if (this.#recorded === 1) this.#keep(this.#transaction.runUnordered(RECORD, parameters));
    else await this.#send(RECORD, parameters);
  }

  /** Of the last record, committed or appended here. */
  get lastSequence(): number {
    return this.head + this.#recorded;
  }

  /** Waits for all that was sent; answers whether there is something to commit. */
  async finish(): Promise<boolean> {
    await Promise.all(this.#sent);
    return this.#recorded > 0;
  }

  /** What this process knows of twins goes ahead with the commit: what is sent behind it rests on it. */
  commitSent(): void {
    for (const [id, step] of this.#touched) {
      if (step) this.#latest.advance(id, step);
      else this.#latest.forget(id);
    }
  }

  commitFailed(): void {
    for (const id of this.#touched.keys()) this.#latest.forget(id);
  }

  async #send(text: string, parameters: GraphParameters, count?: number): Promise<void> {
    this.#keep(this.#run(text, parameters, count));
    if (this.#sent.length >= SENT_AT_ONCE) await this.#sent.shift();
  }

  async #run(text: string, parameters: GraphParameters, count?: number): Promise<void> {
    const [row] = await this.#transaction.run(text, parameters);
    if (count === undefined || row?.[0] === count) return;
    const found = `the graph holds ${Number(row?.[0])} of what should have been ${count}`;
    throw new LinchpinError('INTERNAL', `${found}: somebody changed it by hand, or memory is out of step`);
  }

  #keep(sent: Promise<unknown>): void {
    sent.catch(() => undefined); // Whoever waits for it hears of it; nobody may be waiting yet.
    this.#sent.push(sent);
  }
}
