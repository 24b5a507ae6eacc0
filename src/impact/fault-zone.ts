/** How far a fault spreads: over closed relationships of its networks, up to what isolates (IMPACT.md 6). */
import type { CompiledPlant } from './compiled-plant.ts';
import { sortIntoBuckets } from './shared-arrays.ts';
import type { Pace, Steps } from './steps.ts';

/** A way that a fault may spread, in memberships looked at (see Pace). */
const WAY_AS = 4;

/** What conducts at the time of the fault. */
export interface Switching {
  isClosed(twin: number): boolean;
  isRelationshipClosed(relationship: number): boolean;
}

export class FaultZones {
  readonly #plant: CompiledPlant;
  readonly #starts: Int32Array;
  /** 2 x joint for the way from its source, 2 x joint + 1 from its target; by the twin that it starts from. */
  readonly #ways: Int32Array;

  constructor(plant: CompiledPlant) {
    this.#plant = plant;
    const { source, target } = plant.joints;
    const from = new Int32Array(2 * source.length);
    for (let joint = 0; joint < source.length; joint += 1) {
      from[2 * joint] = source[joint] as number;
      from[2 * joint + 1] = target[joint] as number;
    }
    const { starts, items } = sortIntoBuckets(from, plant.twinCount);
    this.#starts = starts;
    this.#ways = items;
  }

  /**
   * The twin and all that is joined to it without a closed twin between that can isolate; those that are open bound it, too.
   * A fault stays in the media that it starts in. A CONSUMER passes nothing on, not even a fault, and is judged by its supply.
   */
  *zoneOf(origin: number, switching: Switching, pace: Pace): Steps<number[]> {
    const { source, target, medium, relationship, consumers } = this.#plant.joints;
    const { twinCount } = this.#plant;
    const zone = new Set([origin]);
    /** Twins with the medium by which they were reached. */
    const reached = new Set<number>();
    const queue: { twin: number; medium: number | null }[] = [{ twin: origin, medium: null }];
    for (const { twin, medium: within } of queue) {
      const end = this.#starts[twin + 1] as number;
      for (let at = this.#starts[twin] as number; at < end; at += 1) {
        if (pace.isDue(WAY_AS)) yield;
        const way = this.#ways[at] as number;
        const joint = way >> 1;
        const next = ((way & 1 ? source : target)[joint] as number) | 0;
        const isConsumer = ((consumers[joint] as number) & (way & 1 ? 1 : 2)) !== 0;
        if (within !== null && medium[joint] !== within) continue;
        if (isConsumer || this.#plant.isolates[next] === 1 || !switching.isClosed(next)) continue;
        if (!switching.isRelationshipClosed(relationship[joint] as number)) continue;
        const key = next + twinCount * (medium[joint] as number);
        if (reached.has(key)) continue;
        reached.add(key);
        zone.add(next);
        queue.push({ twin: next, medium: medium[joint] as number });
      }
    }
    return [...zone];
  }
}
