/** From a scenario's history to the difference that it makes to each twin, in the order of the answer (IMPACT.md 6). */
import { type History } from './history.ts';
import { bestRank, stateOf, worstRank } from './planes.ts';
import type { PlantState } from './plant-state.ts';
import type { Pace, Steps } from './steps.ts';
import type { AffectedTwin } from './types.ts';

/** One of these, in memberships looked at (see Pace). */
const DIFFERENCE_AS = 4;

/** What is known of an affected twin beyond the answer. */
export interface Difference {
  readonly twin: number;
  /** Position in the history. */
  readonly position: number;
  readonly bitsBefore: number;
  /** Bits of `after`. */
  readonly bitsAfter: number;
  /** Worse at some time; else better in the end. */
  readonly isWorse: boolean;
  readonly isCertain: boolean;
  readonly impactAtMs: number;
  readonly recoversAtMs: number | null;
}

/** Differences of the twins that are not the scenario's own, in order of their first change. */
export function* differencesOf(history: History, ownTwins: ReadonlySet<number>, pace: Pace): Steps<Difference[]> {
  const differences: Difference[] = [];
  for (let position = 0; position < history.twins.length; position += 1) {
    const twin = history.twins[position] as number;
    if (ownTwins.has(twin)) continue;
    const difference = differenceOf(history, position, twin);
    if (difference) differences.push(difference);
    if (pace.isDue(DIFFERENCE_AS)) yield;
  }
  return differences;
}

function differenceOf(history: History, position: number, twin: number): Difference | null {
  const bitsBefore = history.bitsBefore(position);
  const worst = worstRank(bitsBefore);
  const best = bestRank(bitsBefore);
  const count = history.changeCount(position);
  let isWorse = false;
  let isCertain = false;
  let impactAtMs = 0;
  let recoversAtMs: number | null = null;
  let betterAtMs: number | null = null;
  let bitsAfter = history.bitsAfter(position, count - 1);
  for (let n = 0; n < count; n += 1) {
    const bits = history.bitsAfter(position, n);
    if (worstRank(bits) >= worst && bestRank(bits) >= best) {
      if (isWorse) recoversAtMs ??= history.atMs(position, n);
      // Worst and best can trade places, by a standby that waits in one of them: that is no change yet.
      if (worstRank(bits) > worst || bestRank(bits) > best) betterAtMs ??= history.atMs(position, n);
      continue;
    }
    if (!isWorse) impactAtMs = history.atMs(position, n);
    if (!isWorse || isBelow(bits, bitsAfter)) bitsAfter = bits;
    isWorse = true;
    recoversAtMs = null;
    isCertain ||= bestRank(bits) < best;
  }
  if (!isWorse) {
    if (worstRank(bitsAfter) === worst && bestRank(bitsAfter) === best) return null;
    isCertain = worstRank(bitsAfter) > worst;
    impactAtMs = betterAtMs as number;
  }
  return { twin, position, bitsBefore, bitsAfter, isWorse, isCertain, impactAtMs, recoversAtMs };
}

function isBelow(bits: number, than: number): boolean {
  return heightOf(bits) < heightOf(than);
}

const heightOf = (bits: number): number => 3 * bestRank(bits) + worstRank(bits);

/** Levels lost at most; below 0 where the twin gets better. */
export function lossOf({ bitsBefore, bitsAfter, isWorse }: Difference): number {
  const worst = worstRank(bitsBefore) - worstRank(bitsAfter);
  const best = bestRank(bitsBefore) - bestRank(bitsAfter);
  return isWorse ? Math.max(worst, best) : Math.min(worst, best);
}

/**
 * By criticality x loss, then the earliest, then id. `rankOfId`: [T] place of each twin among all ids; `position`: [T]
 * all -1, and so again afterwards. A collapse of a whole plant must be sorted in a few milliseconds: so by counting, not
 * by comparing. Weights and instants are few; twins come in order of id first.
 */
export function* sortDifferences(
  differences: readonly Difference[],
  { criticality }: PlantState,
  { rankOfId, position, pace }: { rankOfId: Int32Array; position: Int32Array; pace: Pace },
): Steps<Difference[]> {
  const count = differences.length;
  const weights = new Float64Array(count);
  const instants = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const difference = differences[at] as Difference;
    weights[at] = (criticality[difference.twin] as number) * lossOf(difference);
    instants[at] = difference.impactAtMs;
  }
  if (pace.isDue(count)) yield;
  const order = orderOfId(differences, rankOfId, position);
  if (pace.isDue(count)) yield;
  const byInstant = sortByPlace(
    order,
    placesOf(instants, (a, b) => a - b),
  );
  if (pace.isDue(count)) yield;
  const byWeight = sortByPlace(
    byInstant,
    placesOf(weights, (a, b) => b - a),
  );
  if (pace.isDue(count)) yield;
  const sorted: Difference[] = [];
  for (let at = 0; at < count; at += 1) sorted.push(differences[byWeight[at] as number] as Difference);
  return sorted;
}

/** Indexes of the differences in order of their twins' ids. */
function orderOfId(differences: readonly Difference[], rankOfId: Int32Array, position: Int32Array): Int32Array {
  const count = differences.length;
  const ranks = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    const rank = rankOfId[(differences[at] as Difference).twin] as number;
    ranks[at] = rank;
    position[rank] = at;
  }
  const order = new Int32Array(count);
  if (count * SCAN_FROM < rankOfId.length) {
    ranks.sort();
    for (let at = 0; at < count; at += 1) order[at] = position[ranks[at] as number] as number;
  } else {
    let found = 0;
    for (let rank = 0; found < count; rank += 1) if (position[rank] !== -1) order[found++] = position[rank] as number;
  }
  for (let at = 0; at < count; at += 1) position[ranks[at] as number] = -1;
  return order;
}

/** Where one twin in so many is affected, going through all ids is quicker than sorting. */
const SCAN_FROM = 16;

/** A counting sort that keeps the order of equals. */
function sortByPlace(order: Int32Array, { places, distinct }: Places): Int32Array {
  if (distinct <= 1) return order;
  const next = new Int32Array(distinct + 1);
  for (let at = 0; at < places.length; at += 1) {
    const after = (places[at] as number) + 1;
    next[after] = (next[after] as number) + 1;
  }
  for (let place = 1; place <= distinct; place += 1)
    next[place] = (next[place] as number) + (next[place - 1] as number);
  const sorted = new Int32Array(order.length);
  for (let at = 0; at < order.length; at += 1) {
    const place = places[order[at] as number] as number;
    sorted[next[place] as number] = order[at] as number;
    next[place] = (next[place] as number) + 1;
  }
  return sorted;
}

interface Places {
  readonly places: Int32Array;
  readonly distinct: number;
}

/** The place of each value among the distinct ones. */
function placesOf(values: Float64Array, compare: (a: number, b: number) => number): Places {
  const placeByValue = new Map<number, number>();
  const places = new Int32Array(values.length);
  let last = Number.NaN;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    // Neighbours mostly have the same.
    if (value === last) continue;
    last = value;
    placeByValue.set(value, 0);
  }
  const distinct = [...placeByValue.keys()].toSorted(compare);
  for (const [place, value] of distinct.entries()) placeByValue.set(value, place);
  let place = 0;
  last = Number.NaN;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (value !== last) place = placeByValue.get(value) as number;
    last = value;
    places[at] = place;
  }
  return { places, distinct: distinct.length };
}

/** Answers; `isPlanned` says whose loss planned work alone explains. */
export function* toAffected(
  ids: readonly string[],
  history: History,
  differences: readonly Difference[],
  { isPlanned, pace }: { isPlanned: (difference: Difference) => boolean; pace: Pace },
): Steps<AffectedTwin[]> {
  const timelines = new Timelines(history);
  const affected: AffectedTwin[] = [];
  for (const difference of differences) {
    affected.push({
      id: ids[difference.twin] as string,
      before: stateOf(difference.bitsBefore),
      after: stateOf(difference.bitsAfter),
      isWorse: difference.isWorse,
      certainty: difference.isCertain ? 'CERTAIN' : 'POSSIBLE',
      impactAtMs: difference.impactAtMs,
      recoversAtMs: difference.recoversAtMs,
      planned: isPlanned(difference),
      timeline: timelines.of(difference),
    });
    if (pace.isDue(DIFFERENCE_AS)) yield;
  }
  return affected;
}

/** Most twins change once, and together: they share the list. */
class Timelines {
  readonly #history: History;
  readonly #shared = new Map<number, AffectedTwin['timeline']>();
  #sharedAtMs = 0;

  constructor(history: History) {
    this.#history = history;
  }

  of({ position, bitsBefore }: Difference): AffectedTwin['timeline'] {
    if (this.#history.changeCount(position) > 1) return this.#list(position, bitsBefore);
    const atMs = this.#history.atMs(position, 0);
    if (atMs !== this.#sharedAtMs) this.#shared.clear();
    this.#sharedAtMs = atMs;
    const key = 16 * bitsBefore + this.#history.bitsAfter(position, 0);
    let timeline = this.#shared.get(key);
    if (!timeline) {
      timeline = this.#list(position, bitsBefore);
      this.#shared.set(key, timeline);
    }
    return timeline;
  }

  #list(position: number, bitsBefore: number): AffectedTwin['timeline'] {
    const steps: { atMs: number; state: AffectedTwin['after'] }[] = [];
    const add = (atMs: number, bits: number): void => {
      const state = stateOf(bits);
      if (steps.at(-1)?.state !== state) steps.push({ atMs, state });
    };
    if (this.#history.atMs(position, 0) > 0) add(0, bitsBefore);
    for (let n = 0; n < this.#history.changeCount(position); n += 1)
      add(this.#history.atMs(position, n), this.#history.bitsAfter(position, n));
    return steps;
  }
}
