/**
 * A plant as it stands at one moment, in flat arrays, for analyses that try many outages on it.
 *
 * What switches, hold-ups and standbys do at that moment is in the shares and needs: a member that does not count has
 * share 0, a group that asks for nothing has need 0. So structure is shared with the compiled plant. Twins are numbered
 * so that those of one component follow each other, and components come after what they need.
 */

/** How a component is evaluated: no loop, a loop that must be fed from outside, a loop that keeps itself running. */
export const LOOP_NONE = 0;
export const LOOP_SUPPLY = 1;
export const LOOP_SUSTAIN = 2;

export interface LanePlant {
  readonly twinCount: number;
  /** Requirement groups of twin n: groupStart[n] up to groupStart[n + 1]. */
  readonly groupStart: Int32Array;
  readonly groupOwner: Int32Array;
  /** 1: SUSTAIN, 0: SUPPLY. */
  readonly groupSustain: Uint8Array;
  /** Shares that a group needs at the cut OPERATIONAL; 0: it always holds. */
  readonly needFull: Int32Array;
  /** The same at the cut DEGRADED. */
  readonly needMin: Int32Array;
  /** Members of group g: memberStart[g] up to memberStart[g + 1]. */
  readonly memberStart: Int32Array;
  readonly memberTwin: Int32Array;
  /** 0: it does not count now. */
  readonly memberShare: Int32Array;
  /** Groups that have twin n as member: userGroup[userStart[n]] up to userGroup[userStart[n + 1] - 1], each once per membership. */
  readonly userStart: Int32Array;
  readonly userGroup: Int32Array;
  readonly componentOf: Int32Array;
  /** Twins of component c: componentStart[c] up to componentStart[c + 1]. */
  readonly componentStart: Int32Array;
  /** LOOP_ flags of each component. Where both are set, SUSTAIN leans on the last result until that does not get smaller. */
  readonly loop: Uint8Array;
  /** Own condition: the planes of planes.ts in which it is good enough. */
  readonly reaches: Uint8Array;
}

/** The part of a plant that the given twins need, directly and through others, and their numbers there and back. */
export interface Cone {
  readonly plant: LanePlant;
  /** Number in the whole plant, by number in the cone. */
  readonly whole: Int32Array;
  /** Number in the cone, by number in the whole plant; -1: not in it. */
  readonly local: Int32Array;
}

/** Everything that can matter to the targets. The order of components carries over; members that do not count are left out. */
export function coneOf(plant: LanePlant, targets: Iterable<number>): Cone {
  const whole = upstreamOf(plant, targets);
  const local = new Int32Array(plant.twinCount).fill(-1);
  for (const [at, n] of whole.entries()) local[n] = at;
  const componentOf = new Int32Array(whole.length);
  const componentStart: number[] = [];
  const loop: number[] = [];
  let groupCount = 0;
  let memberCount = 0;
  for (const [at, n] of whole.entries()) {
    const [from, to] = [plant.groupStart[n]!, plant.groupStart[n + 1]!];
    groupCount += to - from;
    memberCount += plant.memberStart[to]! - plant.memberStart[from]!;
    const component = plant.componentOf[n]!;
    if (at === 0 || component !== plant.componentOf[whole[at - 1]!]) {
      componentStart.push(at);
      loop.push(plant.loop[component]!);
    }
    componentOf[at] = componentStart.length - 1;
  }
  const groups = {
    groupStart: new Int32Array(whole.length + 1),
    groupOwner: new Int32Array(groupCount),
    groupSustain: new Uint8Array(groupCount),
    needFull: new Int32Array(groupCount),
    needMin: new Int32Array(groupCount),
    memberStart: new Int32Array(groupCount + 1),
    memberTwin: new Int32Array(memberCount),
    memberShare: new Int32Array(memberCount),
  };
  let g = 0;
  let m = 0;
  for (const [at, n] of whole.entries()) {
    for (let from = plant.groupStart[n]!; from < plant.groupStart[n + 1]!; from += 1) {
      groups.groupOwner[g] = at;
      groups.groupSustain[g] = plant.groupSustain[from]!;
      groups.needFull[g] = plant.needFull[from]!;
      groups.needMin[g] = plant.needMin[from]!;
      if (isAsked(plant, from)) {
        for (let member = plant.memberStart[from]!; member < plant.memberStart[from + 1]!; member += 1) {
          if (plant.memberShare[member] === 0) continue;
          groups.memberTwin[m] = local[plant.memberTwin[member]!]!;
          groups.memberShare[m] = plant.memberShare[member]!;
          m += 1;
        }
      }
      g += 1;
      groups.memberStart[g] = m;
    }
    groups.groupStart[at + 1] = g;
  }
  const cone = {
    twinCount: whole.length,
    ...groups,
    memberTwin: groups.memberTwin.subarray(0, m),
    memberShare: groups.memberShare.subarray(0, m),
    componentOf,
    componentStart: Int32Array.from([...componentStart, whole.length]),
    loop: Uint8Array.from(loop),
    reaches: Uint8Array.from(whole, (n) => plant.reaches[n]!),
  };
  return { plant: { ...cone, ...usersOf(cone) }, whole, local };
}

function isAsked({ needFull, needMin }: LanePlant, group: number): boolean {
  return needFull[group]! > 0 || needMin[group]! > 0;
}

/** The targets and all that they need, in order of number. */
function upstreamOf(plant: LanePlant, targets: Iterable<number>): Int32Array {
  const seen = new Uint8Array(plant.twinCount);
  const found: number[] = [];
  const visit = (n: number) => {
    if (seen[n]) return;
    seen[n] = 1;
    found.push(n);
  };
  for (const n of targets) visit(n);
  for (let at = 0; at < found.length; at += 1) {
    const n = found[at]!;
    for (let g = plant.groupStart[n]!; g < plant.groupStart[n + 1]!; g += 1) {
      if (!isAsked(plant, g)) continue;
      for (let m = plant.memberStart[g]!; m < plant.memberStart[g + 1]!; m += 1) {
        if (plant.memberShare[m] !== 0) visit(plant.memberTwin[m]!);
      }
    }
  }
  return Int32Array.from(found).toSorted();
}

/** The memberships again, by member. */
export function usersOf({
  twinCount,
  memberStart,
  memberTwin,
}: Pick<LanePlant, 'twinCount' | 'memberStart' | 'memberTwin'>): Pick<LanePlant, 'userStart' | 'userGroup'> {
  const userStart = new Int32Array(twinCount + 1);
  const userGroup = new Int32Array(memberTwin.length);
  for (const member of memberTwin) userStart[member + 1]! += 1;
  for (let n = 0; n < twinCount; n += 1) userStart[n + 1]! += userStart[n]!;
  const next = userStart.slice();
  for (let g = 0; g < memberStart.length - 1; g += 1) {
    for (let m = memberStart[g]!; m < memberStart[g + 1]!; m += 1) {
      const member = memberTwin[m]!;
      userGroup[next[member]!] = g;
      next[member]! += 1;
    }
  }
  return { userStart, userGroup };
}
