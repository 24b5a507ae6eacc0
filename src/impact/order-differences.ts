/** The order of an answer (IMPACT.md 6): the worst first. */
import type { Differences } from './differences.ts';
import type { PlantState } from './plant-state.ts';
import type { Pace, Steps } from './steps.ts';

/** Memory to order in: [T] each. */
export class OrderingMemory {
  /** All -1 between uses. */
  readonly position: Int32Array;
  readonly order: Int32Array;
  readonly sorted: Int32Array;
  readonly places: Int32Array;

  constructor(twinCount: number) {
    this.position = new Int32Array(twinCount).fill(-1);
    this.order = new Int32Array(twinCount);
    this.sorted = new Int32Array(twinCount);
    this.places = new Int32Array(twinCount);
  }
}

/**
 * Positions of what is different, by criticality x loss, then the earliest, then id. `rankOfId`: [T] place of each twin
 * among all ids. A collapse of a whole plant must be sorted in a few milliseconds: so by counting, not by comparing.
 * Weights and instants are few; twins come in order of id first.
 */
export function* orderDifferences(
  differences: Differences,
  { criticality }: PlantState,
  { rankOfId, memory, pace }: { rankOfId: Int32Array; memory: OrderingMemory; pace: Pace },
): Steps<Int32Array> {
  const { positions, history } = differences;
  const count = positions.length;
  const twinOf = (at: number): number => history.twins[positions[at] as number] as number;
  const instantOf = (at: number): number => differences.impactAtMs(positions[at] as number);
  const weightOf = (at: number): number =>
    (criticality[twinOf(at)] as number) * differences.loss(positions[at] as number);
  orderOfId(count, (at) => rankOfId[twinOf(at)] as number, memory);
  if (pace.isDue(count)) yield;
  sortByPlace(count, memory, instantOf, (a, b) => a - b);
  if (pace.isDue(count)) yield;
  sortByPlace(count, memory, weightOf, (a, b) => b - a);
  if (pace.isDue(count)) yield;
  return memory.order.subarray(0, count).map((at) => positions[at] as number);
}

/** Indexes in order of their ranks. */
function orderOfId(count: number, rankOf: (at: number) => number, { order, position }: OrderingMemory): void {
  for (let at = 0; at < count; at += 1) position[rankOf(at)] = at;
  if (count * SCAN_FROM < position.length) {
    const ranks = Int32Array.from({ length: count }, (_, at) => rankOf(at)).sort();
    for (let at = 0; at < count; at += 1) order[at] = position[ranks[at] as number] as number;
  } else {
    let found = 0;
    for (let rank = 0; found < count; rank += 1) if (position[rank] !== -1) order[found++] = position[rank] as number;
  }
  for (let at = 0; at < count; at += 1) position[rankOf(at)] = -1;
}

/** Where one twin in so many is affected, going through all ids is quicker than sorting. */
const SCAN_FROM = 16;

/** A counting sort of the order by a value of each, which keeps the order of equals. */
function sortByPlace(
  count: number,
  { order, sorted, places }: OrderingMemory,
  valueOf: (at: number) => number,
  compare: (a: number, b: number) => number,
): void {
  const distinct = findPlaces(count, places, valueOf, compare);
  if (distinct <= 1) return;
  const next = new Int32Array(distinct + 1);
  for (let at = 0; at < count; at += 1) {
    const after = (places[at] as number) + 1;
    next[after] = (next[after] as number) + 1;
  }
  for (let place = 1; place <= distinct; place += 1)
    next[place] = (next[place] as number) + (next[place - 1] as number);
  for (let at = 0; at < count; at += 1) {
    const place = places[order[at] as number] as number;
    sorted[next[place] as number] = order[at] as number;
    next[place] = (next[place] as number) + 1;
  }
  order.set(sorted.subarray(0, count));
}

/** Writes the place of each value among the distinct ones; answers how many these are. */
function findPlaces(
  count: number,
  places: Int32Array,
  valueOf: (at: number) => number,
  compare: (a: number, b: number) => number,
): number {
  const placeByValue = new Map<number, number>();
  let last = Number.NaN;
  for (let at = 0; at < count; at += 1) {
    const value = valueOf(at);
    // Neighbours mostly have the same.
    if (value === last) continue;
    last = value;
    placeByValue.set(value, 0);
  }
  const distinct = [...placeByValue.keys()].toSorted(compare);
  for (const [place, value] of distinct.entries()) placeByValue.set(value, place);
  if (distinct.length <= 1) return distinct.length;
  let place = 0;
  last = Number.NaN;
  for (let at = 0; at < count; at += 1) {
    const value = valueOf(at);
    if (value !== last) place = placeByValue.get(value) as number;
    last = value;
    places[at] = place;
  }
  return distinct.length;
}
