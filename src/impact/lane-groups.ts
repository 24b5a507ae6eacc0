/** Whether a requirement group holds, in 32 lanes at once. Most groups are "all" or "any": one AND or OR a member. */
import type { LanePlant } from './lane-plant.ts';

const HOLDS = 0;
const ALL = 1;
const ANY = 2;
const COUNT = 3;
const NEVER = 4;

/** How each group is judged at one cut. */
export interface Judgements {
  readonly plant: LanePlant;
  readonly need: Int32Array;
  readonly kind: Uint8Array;
  /** Binary digits that its counted shares can take. */
  readonly digits: Uint8Array;
  /** Scratch: digit i of the count, a bit for each lane. */
  readonly counter: Int32Array;
}

/** Digits of the largest count: shares are below 2^31, and a group has fewer than 2^22 members. */
const MOST_DIGITS = 54;

export function judgeGroups(plant: LanePlant, need: Int32Array): Judgements {
  const kind = new Uint8Array(need.length);
  const digits = new Uint8Array(need.length);
  const judgements = { plant, need, kind, digits, counter: new Int32Array(MOST_DIGITS) };
  for (let g = 0; g < need.length; g += 1) judgeGroup(judgements, g);
  return judgements;
}

/** Judges a group anew, whose members may count with other shares than before. */
export function judgeGroup({ plant, need, kind, digits }: Judgements, g: number): void {
  const { memberStart, memberShare } = plant;
  const needed = need[g]!;
  if (needed <= 0) {
    kind[g] = HOLDS;
    return;
  }
  let total = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let m = memberStart[g]!; m < memberStart[g + 1]!; m += 1) {
    total += memberShare[m]!;
    if (memberShare[m]! < least) least = memberShare[m]!;
  }
  // With a member that does not count, `least` is 0: then shares are counted.
  if (total < needed) kind[g] = NEVER;
  else if (least > 0 && total - least < needed) kind[g] = ALL;
  else if (least >= needed) kind[g] = ANY;
  else {
    kind[g] = COUNT;
    digits[g] = Math.floor(Math.log2(total)) + 1;
  }
}

/** Lets a group hold whatever its members say, until it is judged anew. */
export function letHold({ kind }: Judgements, g: number): void {
  kind[g] = HOLDS;
}

/** Those of the given lanes in which the group's members, available as `source` says, reach what it needs. */
export function sharesReach(judgements: Judgements, g: number, source: Int32Array, lanes: number): number {
  const { memberStart, memberTwin } = judgements.plant;
  const end = memberStart[g + 1]!;
  let word = lanes;
  switch (judgements.kind[g] as number) {
    case HOLDS:
      return lanes;
    case ALL:
      for (let m = memberStart[g]!; word !== 0 && m < end; m += 1) word &= source[memberTwin[m]!]!;
      return word;
    case ANY: {
      let any = 0;
      for (let m = memberStart[g]!; m < end; m += 1) any |= source[memberTwin[m]!]!;
      return any & lanes;
    }
    case COUNT:
      return countReaches(judgements, g, source, lanes);
    default:
      return 0;
  }
}

/** Adds the shares up digit by digit, all lanes side by side, then compares with what is needed. */
function countReaches(
  { plant, need, digits, counter }: Judgements,
  g: number,
  source: Int32Array,
  lanes: number,
): number {
  const { memberStart, memberTwin, memberShare } = plant;
  const width = digits[g]!;
  counter.fill(0, 0, width + 1);
  for (let m = memberStart[g]!; m < memberStart[g + 1]!; m += 1) {
    const present = source[memberTwin[m]!]! & lanes;
    if (present === 0) continue;
    for (let share = memberShare[m]!, digit = 0; share !== 0; share >>>= 1, digit += 1) {
      if ((share & 1) === 0) continue;
      for (let carry = present, at = digit; carry !== 0; at += 1) {
        const next = counter[at]! & carry;
        counter[at]! ^= carry;
        carry = next;
      }
    }
  }
  let more = 0;
  let equal = -1;
  for (let at = width - 1; at >= 0; at -= 1) {
    if ((need[g]! / 2 ** at) & 1) equal &= counter[at]!;
    else {
      more |= equal & counter[at]!;
      equal &= ~counter[at]!;
    }
  }
  return (more | equal) & lanes;
}
