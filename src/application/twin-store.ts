/**
 * What the application needs from the graph. `src/store` implements it once, over a port with two engines.
 *
 * All writing happens in `transact`: it takes the feed's lock first, so that commits have one order,
 * and nobody else's change can come between what the work reads and what it writes.
 */
import type { ChangeRecord, Changes } from '../domain/change.ts';
import type { Model } from '../domain/model.ts';
import type { PropertyState, PropertyValue } from '../domain/property.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { AppliedReading, Reading } from '../domain/telemetry.ts';
import type { Clock } from '../domain/timers.ts';
import type { Twin } from '../domain/twin.ts';

export type PropertiesByTwin = ReadonlyMap<string, ReadonlyMap<string, PropertyState>>;

/** Property states of a twin, by name, as they stand at a revision of it. */
export interface TwinProperties {
  readonly revision: number;
  readonly states: ReadonlyMap<string, PropertyState>;
}

/** One condition on a property; all that are given must hold. Instants are epoch milliseconds. */
export interface PropertyCondition {
  readonly property: string;
  readonly eq?: PropertyValue;
  readonly ne?: PropertyValue;
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
  readonly in?: readonly PropertyValue[];
  readonly observedBefore?: number;
  readonly observedAfter?: number;
}

export interface ReadingsAhead {
  readonly readings: readonly Reading[];
  /** Tells the time of the commit; asked when they are sent, so that commits are in the order of their times. */
  readonly clock: Clock;
}

export interface StoreTransaction {
  /** Sequence of the last commit before this one; the first record of this transaction is head + 1. */
  readonly head: number;
  /** The time of the readings that were sent ahead: the work's own, if there is one. */
  readonly aheadAt: number | undefined;
  /** Committed records behind `sequence`, in order. */
  changesAfter(sequence: number): Promise<ChangeRecord[]>;
  /** All properties of these twins, or just those named. Unknown ids are left out. */
  properties(ids: readonly string[], names?: readonly string[]): Promise<PropertiesByTwin>;
  /**
   * Writes the readings that are newer than what stands there, by (observedAt, sequence) per property, guarded in
   * the statement; sets lastSeen, updatedAt, and revision once per twin. At most one reading per twin and property.
   * A BAD reading keeps the last good value and changes quality and times.
   * Returns those applied, in the given order; stale ones and unknown twins are left out.
   */
  applyReadings(readings: readonly Reading[], at: number): Promise<AppliedReading[]>;
  /** Writes the `after` side of changes: creates, changes and deletes twins, properties, relationships and models. */
  write(changes: Changes): Promise<void>;
  /** Appends to the feed; sequence must be the next one. */
  record(record: ChangeRecord): Promise<void>;
}

/** What the feed keeps: the newest records, as far as all three allow. */
export interface Retention {
  /** Not older than this, epoch milliseconds. */
  readonly since: number;
  /** At most so many. */
  readonly records: number;
  /** At most about so many characters. */
  readonly size: number;
}

export interface TwinStore {
  /**
   * Runs work in one transaction under the feed's lock, one at a time; commits what it wrote, unless it throws or recorded nothing.
   * On a lost race the work runs again, so it must not change memory.
   * Readings that it will surely apply, first of all that it writes, may be sent ahead while the transaction before
   * is being committed.
   * @throws LinchpinError STORE_UNAVAILABLE when the graph cannot be reached.
   */
  transact<T>(work: (transaction: StoreTransaction) => Promise<T>, ahead?: ReadingsAhead): Promise<T>;

  /** Sequence of the last commit; 0 on an empty graph. */
  head(): Promise<number>;
  /** The oldest sequence that the feed still holds; head + 1 when it holds none. */
  oldest(): Promise<number>;
  /** At most `limit` records behind `sequence`, in order. */
  changesAfter(sequence: number, limit: number): Promise<ChangeRecord[]>;
  /**
   * Sequence of the last commit at or before an instant, by the writers' clocks; 0 before the first.
   * @throws LinchpinError RETENTION_PASSED where the feed no longer tells
   */
  sequenceAt(at: number): Promise<number>;
  /** Forgets the records that are not to be kept, but never the last one; returns how many went. */
  prune(keep: Retention): Promise<number>;

  /** Everything that memory holds, in pages; what is committed meanwhile may or may not be in it. */
  scanTwins(): AsyncIterable<Twin[]>;
  /** `sources`: ids of the twins that they may begin at, where these are known already; default: of all. */
  scanRelationships(sources?: readonly string[]): AsyncIterable<Relationship[]>;
  models(): Promise<Model[]>;

  /** One statement for all of them. Unknown ids are left out. */
  properties(ids: readonly string[], names?: readonly string[], signal?: AbortSignal): Promise<PropertiesByTwin>;
  /** The same with each twin's revision. */
  revisedProperties(
    ids: readonly string[],
    names?: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, TwinProperties>>;
  /** Those named of the twins that have some of them; the others are left out. */
  presentProperties(ids: readonly string[], names: readonly string[]): Promise<PropertiesByTwin>;
  /** Ids of the twins for which all conditions hold. */
  twinsWhere(conditions: readonly PropertyCondition[], signal?: AbortSignal): Promise<string[]>;

  /** Ids of the twins of which something is desired, reported or not. */
  twinsWithDesired(): Promise<string[]>;

  /** @throws LinchpinError STORE_UNAVAILABLE */
  ping(): Promise<void>;
  close(): Promise<void>;
}
