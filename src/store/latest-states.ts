/**
 * What this process knows of the properties that report: their states as of a twin's revision, so that a reading need
 * not be read for before it is written. Reading one key by a name that is a parameter costs Grafeo the whole node, and
 * Neo4j half of the write. The statement that writes asks for the revision, so that what is out of date here cannot pass.
 */
import type { PropertyState } from '../domain/property.ts';

export interface LatestTwin {
  readonly revision: number;
  readonly lastSeen: number | null;
  /** By name; null: the twin does not have the property. Names that are not there are not known. */
  readonly states: ReadonlyMap<string, PropertyState | null>;
}

/** Some 200 bytes each. */
const STATES_KEPT = 200_000;
/** Part that is kept when there are too many, so that it is long until the next time. */
const KEPT_BY_SHRINKING = 0.9;

export class LatestStates {
  /** Those asked for longest ago come first. */
  readonly #twins = new Map<string, LatestTwin>();
  #stateCount = 0;

  get(id: string): LatestTwin | undefined {
    return this.#twins.get(id);
  }

  put(id: string, twin: LatestTwin): void {
    this.forget(id);
    this.#twins.set(id, twin);
    this.#stateCount += twin.states.size;
    // Looking for the first key walks over all that were deleted before it.
    if (this.#stateCount > STATES_KEPT) this.#shrink();
  }

  #shrink(): void {
    for (const oldest of this.#twins.keys()) {
      if (this.#stateCount <= STATES_KEPT * KEPT_BY_SHRINKING) return;
      this.forget(oldest);
    }
  }

  forget(id: string): void {
    this.#stateCount -= this.#twins.get(id)?.states.size ?? 0;
    this.#twins.delete(id);
  }
}
