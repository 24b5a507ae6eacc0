/** What a work sees of its transaction. */
import type { PropertiesByTwin, StoreTransaction } from '../application/twin-store.ts';
import type { ChangeRecord, Changes } from '../domain/change.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import { applyReadings } from './apply-readings.ts';
import { toChangeBody } from './change-body.ts';
import { type Read, readChanges } from './change-feed.ts';
import { statement } from './cypher-statements.ts';
import type { GraphTransaction } from './graph-port.ts';
import { readProperties } from './read-properties.ts';
import { writeChanges } from './write-changes.ts';

const RECORD = statement('changes/record');

export class OpenTransaction implements StoreTransaction {
  readonly head: number;
  readonly #transaction: GraphTransaction;
  readonly #read: Read;
  #recorded = 0;

  constructor(transaction: GraphTransaction, head: number) {
    this.#transaction = transaction;
    this.#read = (text, parameters) => transaction.run(text, parameters);
    this.head = head;
  }

  /** Nothing recorded, nothing to commit. */
  get hasRecorded(): boolean {
    return this.#recorded > 0;
  }

  changesAfter(sequence: number): Promise<ChangeRecord[]> {
    return readChanges(this.#read, sequence + 1, this.head);
  }

  properties(ids: readonly string[], names?: readonly string[]): Promise<PropertiesByTwin> {
    return readProperties(this.#read, ids, names);
  }

  applyReadings(readings: readonly Reading[], at: number): Promise<AppliedReading[]> {
    return applyReadings(this.#transaction, readings, at);
  }

  write(changes: Changes): Promise<void> {
    return writeChanges(changes, this.#read);
  }

  async record(record: ChangeRecord): Promise<void> {
    const next = this.head + this.#recorded + 1;
    if (record.sequence !== next) {
      throw new LinchpinError('INTERNAL', `the feed's next sequence is ${next}, not ${record.sequence}`);
    }
    this.#recorded += 1;
    await this.#transaction.run(RECORD, { sequence: record.sequence, at: record.at, body: toChangeBody(record) });
  }
}
