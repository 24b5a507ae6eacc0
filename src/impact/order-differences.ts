/** The order of an answer (IMPACT.md 6): the worst first. */
import type { Differences } from './differences.ts';
import type { PlantState } from './plant-state.ts';
import type { Pace, Steps } from './steps.ts';

/**
 * Positions of what is different, by criticality x loss, then the earliest, then id. `rankOfId`: [T] place of each twin
 * among all ids; `position`: [T] all -1, and so again afterwards. A collapse of a whole plant must be sorted in a few
 * milliseconds: so by counting, not by comparing. Weights and instants are few; twins come in order of id first.
 */
export function* orderDifferences(
  differences: Differences,
  { criticality }: PlantState,
  { rankOfId, position, pace }: { rankOfId: Int32Array; position: Int32Array; pace: Pace },
): Steps<Int32Array> {
  const { positions } = differences;
  const count = positions.length;
  const { twins, weights, instants } = keysOf(differences, criticality);
  if (pace.isDue(count)) yield;
  const order = orderOfId(twins, rankOfId, position);
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
  return byWeight.map((at) => positions[at] as number);
}

/** What it is ordered by. */
function keysOf(differences: Differences, criticality: Float64Array) {
  const { positions, history } = differences;
  const twins = new Int32Array(positions.length);
  const weights = new Float64Array(positions.length);
  const instants = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 1) {
    const each = positions[at] as number;
    const twin = history.twins[each] as number;
    twins[at] = twin;
    weights[at] = (criticality[twin] as number) * differences.loss(each);
    instants[at] = differences.impactAtMs(each);
  }
  return { twins, weights, instants };
}

/** Indexes of the twins in order of their ids. */
function orderOfId(twins: Int32Array, rankOfId: Int32Array, position: Int32Array): Int32Array {
  const count = twins.length;
  const ranks = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    const rank = rankOfId[twins[at] as number] as number;
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
