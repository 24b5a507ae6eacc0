/**
 * What this process knows of the properties that report: their states as of a twin's revision, so that a reading need
 * not be read for before it is written. Reading one key by a name that is a parameter costs Grafeo the whole node, and
 * Neo4j half of the write. The statement that writes asks for the revision, so that what is out of date here cannot pass.
 */
import type { PropertyState } from '../domain/property.ts';
import type { AppliedReading } from '../domain/telemetry.ts';

export interface LatestTwin {
  readonly revision: number;
  readonly lastSeen: number | null;
  /** By name; null: the twin does not have the property. Names that are not there are not known. */
  readonly states: ReadonlyMap<string, PropertyState | null>;
}

/** A twin that readings move on from what is known of it. */
export interface LatestStep {
  readonly before: LatestTwin;
  readonly lastSeen: number;
  readonly taken: readonly AppliedReading[];
}

interface KeptTwin {
  revision: number;
  lastSeen: number | null;
  readonly states: Map<string, PropertyState | null>;
  /** Written again since room was looked for. */
  isUsed: boolean;
}

/** Some 150 bytes each, as much again for the first of a twin: a hundred thousand twins with three properties and more. */
const STATES_KEPT = 400_000;
/** Part that is kept when there are too many, so that it is long until the next time. */
const KEPT_BY_SHRINKING = 0.9;

export class LatestStates {
  /** In order of arrival; what is in use moves to the end when room is looked for. */
  readonly #twins = new Map<string, KeptTwin>();
  #stateCount = 0;

  get(id: string): LatestTwin | undefined {
    return this.#twins.get(id);
  }

  put(id: string, { revision, lastSeen, states }: LatestTwin): void {
    this.forget(id);
    this.#twins.set(id, { revision, lastSeen, states: new Map(states), isUsed: false });
    this.#stateCount += states.size;
    this.#makeRoom();
  }

  /** What was known changes in place: nobody may hold it over a commit. */
  advance(id: string, { before, lastSeen, taken }: LatestStep): void {
    const kept = this.#twins.get(id);
    if (kept === undefined || kept !== before) {
      const states = new Map(before.states);
      for (const { reading, after } of taken) states.set(reading.property, after);
      this.put(id, { revision: before.revision + 1, lastSeen, states });
      return;
    }
    this.#stateCount -= kept.states.size;
    for (const { reading, after } of taken) kept.states.set(reading.property, after);
    this.#stateCount += kept.states.size;
    kept.revision += 1;
    kept.lastSeen = lastSeen;
    kept.isUsed = true;
  }

  forget(id: string): void {
    this.#stateCount -= this.#twins.get(id)?.states.size ?? 0;
    this.#twins.delete(id);
  }

  /** The second chance: moving a twin with each write would cost more than the write. */
  #makeRoom(): void {
    if (this.#stateCount <= STATES_KEPT) return;
    for (const [id, twin] of this.#twins) {
      if (this.#stateCount <= STATES_KEPT * KEPT_BY_SHRINKING) return;
      this.#twins.delete(id);
      if (twin.isUsed) {
        twin.isUsed = false;
        this.#twins.set(id, twin);
      } else this.#stateCount -= twin.states.size;
    }
  }
}
