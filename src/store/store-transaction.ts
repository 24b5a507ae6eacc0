/**
 * What a work sees of its transaction. Writes are sent without waiting for their answers, a few at a time;
 * the commit waits for all of them, and for what they must have found.
 */
import type { PropertiesByTwin, StoreTransaction } from '../application/twin-store.ts';
import type { ChangeRecord, Changes } from '../domain/change.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import { applyReadings } from './apply-readings.ts';
import { toChangeBody } from './change-body.ts';
import { type Read, readChanges } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphParameters, GraphTransaction } from './graph-port.ts';
import type { LatestStates, LatestStep } from './latest-states.ts';
import { readProperties } from './read-properties.ts';
import { LostRace } from './transaction-queue.ts';
import { writeChanges } from './write-changes.ts';

const RECORD = statement('changes/record');
const WRITE_READINGS = statement('readings/write');

/** Statements on their way at once: enough to keep an engine busy, few enough that their rows do not pile up. */
const SENT_AT_ONCE = 4;

export class OpenTransaction implements StoreTransaction {
  readonly head: number;
  readonly #transaction: GraphTransaction;
  readonly #latest: LatestStates;
  readonly #read: Read;
  /** How twins that reported go on once this is committed; null: what they are then is not known. */
  readonly #touched = new Map<string, LatestStep | null>();
  readonly #sent: Promise<unknown>[] = [];
  #recorded = 0;

  constructor(transaction: GraphTransaction, head: number, latest: LatestStates) {
    this.#transaction = transaction;
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
    const { applied, steps } = await applyReadings(readings, {
      read: this.#read,
      send: (rows) => this.#keep(this.#writeReadings(rows, at)),
      known: (id) => (this.#touched.has(id) ? undefined : this.#latest.get(id)),
    });
    for (const [id, step] of steps) this.#touched.set(id, step);
    return applied;
  }

  async write(changes: Changes): Promise<void> {
    for (const { id } of changes.twins) this.#touched.set(id, null);
    await writeChanges(changes, (text, parameters, count) => this.#send(text, parameters, count));
  }

  async record(record: ChangeRecord): Promise<void> {
    const next = this.head + this.#recorded + 1;
    if (record.sequence !== next) {
      throw new LinchpinError('INTERNAL', `the feed's next sequence is ${next}, not ${record.sequence}`);
    }
    this.#recorded += 1;
    const body = await toChangeBody(record);
    await this.#send(RECORD, { sequence: record.sequence, at: record.at, size: body.length, body });
  }

  /** Waits for all that was sent; answers whether there is something to commit. */
  async finish(): Promise<boolean> {
    await Promise.all(this.#sent);
    return this.#recorded > 0;
  }

  /** What this process knows of twins follows the commit. Until then, and if it fails, what was known holds. */
  committed(): void {
    for (const [id, step] of this.#touched) {
      if (step) this.#latest.advance(id, step);
      else this.#latest.forget(id);
    }
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

  async #writeReadings(rows: readonly (readonly unknown[])[], at: number): Promise<void> {
    const [row] = await this.#transaction.run(WRITE_READINGS, { rows, at });
    if (row?.[0] === rows.length) return;
    for (const [id] of rows) this.#latest.forget(id as string);
    throw new LostRace('twins changed since their readings were judged');
  }

  #keep(sent: Promise<unknown>): void {
    sent.catch(() => undefined); // Whoever waits for it hears of it; nobody may be waiting yet.
    this.#sent.push(sent);
  }
}
