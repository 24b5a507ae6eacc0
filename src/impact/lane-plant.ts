/**
 * A plant as it stands at one moment, in flat arrays, for analyses that try many outages on it.
 *
 * Switch positions are already applied: only members that conduct are in it. Twins are numbered so that those of one
 * component (twins that need each other, round in a loop) follow each other, and components come after what they need.
 */

/** How a component must be evaluated. */
export const LOOP_NONE = 0;
export const LOOP_SUPPLY = 1;
export const LOOP_SUSTAIN = 2;

export interface LanePlant {
  readonly twinCount: number;
  /** Requirement groups of twin n: groupStart[n] up to groupStart[n + 1]. */
  readonly groupStart: Int32Array;
  /** 1: SUSTAIN, 0: SUPPLY. */
  readonly groupSustain: Uint8Array;
  /** Shares that a group needs at the cut OPERATIONAL; 0: it always holds. */
  readonly needFull: Int32Array;
  /** The same at the cut DEGRADED. */
  readonly needMin: Int32Array;
  /** Members of group g: memberStart[g] up to memberStart[g + 1]. */
  readonly memberStart: Int32Array;
  readonly memberTwin: Int32Array;
  readonly memberShare: Int32Array;
  readonly groupOwner: Int32Array;
  /** Groups that have twin n as member: userStart[n] up to userStart[n + 1], each once per membership. */
  readonly userStart: Int32Array;
  readonly userGroup: Int32Array;
  readonly componentOf: Int32Array;
  /** Twins of component c: componentStart[c] up to componentStart[c + 1]. */
  readonly componentStart: Int32Array;
  /** LOOP_ flags of each component. */
  readonly loop: Uint8Array;
  /** Own condition: the planes of planes.ts in which it is good enough. */
  readonly reaches: Uint8Array;
}

/** Fills in what follows from groups and components: users and loops. */
export function finishLanePlant(base: Omit<LanePlant, 'groupOwner' | 'userStart' | 'userGroup' | 'loop'>): LanePlant {
  return { ...base, ...usersOf(base), loop: loopsOf(base) };
}

type Structure = Omit<LanePlant, 'groupOwner' | 'userStart' | 'userGroup' | 'loop'>;

function usersOf({
  twinCount,
  groupStart,
  memberStart,
  memberTwin,
}: Structure): Pick<LanePlant, 'groupOwner' | 'userStart' | 'userGroup'> {
  const groupCount = memberStart.length - 1;
  const groupOwner = new Int32Array(groupCount);
  for (let n = 0; n < twinCount; n += 1) groupOwner.fill(n, groupStart[n], groupStart[n + 1]);
  const userStart = new Int32Array(twinCount + 1);
  const userGroup = new Int32Array(memberTwin.length);
  for (const member of memberTwin) userStart[member + 1]! += 1;
  for (let n = 0; n < twinCount; n += 1) userStart[n + 1]! += userStart[n]!;
  const next = userStart.slice();
  for (let g = 0; g < groupCount; g += 1) {
    for (let m = memberStart[g]!; m < memberStart[g + 1]!; m += 1) {
      const member = memberTwin[m]!;
      userGroup[next[member]!] = g;
      next[member]! += 1;
    }
  }
  return { groupOwner, userStart, userGroup };
}

function loopsOf({
  twinCount,
  groupStart,
  groupSustain,
  memberStart,
  memberTwin,
  componentOf,
  componentStart,
}: Structure): Uint8Array {
  const loop = new Uint8Array(componentStart.length - 1);
  for (let owner = 0; owner < twinCount; owner += 1) {
    const component = componentOf[owner]!;
    for (let g = groupStart[owner]!; g < groupStart[owner + 1]!; g += 1) {
      for (let m = memberStart[g]!; m < memberStart[g + 1]!; m += 1) {
        if (componentOf[memberTwin[m]!] === component) loop[component]! |= groupSustain[g] ? LOOP_SUSTAIN : LOOP_SUPPLY;
      }
    }
  }
  return loop;
}

/** The part of a plant that the given twins need, directly and through others, and their numbers there and back. */
export interface Cone {
  readonly plant: LanePlant;
  /** Number in the whole plant, by number in the cone. */
  readonly whole: Int32Array;
  /** Number in the cone, by number in the whole plant; -1: not in it. */
  readonly local: Int32Array;
}

/** Everything that can matter to the targets. Components stay whole, so order and loops carry over. */
export function coneOf(plant: LanePlant, targets: Iterable<number>): Cone {
  const whole = upstreamOf(plant, targets);
  const local = new Int32Array(plant.twinCount).fill(-1);
  for (const [at, n] of whole.entries()) local[n] = at;
  const groupStart = new Int32Array(whole.length + 1);
  const componentOf = new Int32Array(whole.length);
  const componentStart: number[] = [];
  let groups = 0;
  let members = 0;
  for (const [at, n] of whole.entries()) {
    const [from, to] = [plant.groupStart[n]!, plant.groupStart[n + 1]!];
    groups += to - from;
    members += plant.memberStart[to]! - plant.memberStart[from]!;
    groupStart[at + 1] = groups;
    if (at === 0 || plant.componentOf[n] !== plant.componentOf[whole[at - 1]!]) componentStart.push(at);
    componentOf[at] = componentStart.length - 1;
  }
  const groupSustain = new Uint8Array(groups);
  const needFull = new Int32Array(groups);
  const needMin = new Int32Array(groups);
  const memberStart = new Int32Array(groups + 1);
  const memberTwin = new Int32Array(members);
  const memberShare = new Int32Array(members);
  let g = 0;
  let m = 0;
  for (const n of whole) {
    for (let from = plant.groupStart[n]!; from < plant.groupStart[n + 1]!; from += 1) {
      groupSustain[g] = plant.groupSustain[from]!;
      needFull[g] = plant.needFull[from]!;
      needMin[g] = plant.needMin[from]!;
      for (let at = plant.memberStart[from]!; at < plant.memberStart[from + 1]!; at += 1) {
        memberTwin[m] = local[plant.memberTwin[at]!]!;
        memberShare[m] = plant.memberShare[at]!;
        m += 1;
      }
      g += 1;
      memberStart[g] = m;
    }
  }
  const reaches = Uint8Array.from(whole, (n) => plant.reaches[n]!);
  const parts = {
    groupStart,
    groupSustain,
    needFull,
    needMin,
    memberStart,
    memberTwin,
    memberShare,
    componentOf,
    reaches,
  };
  const starts = Int32Array.from([...componentStart, whole.length]);
  return { plant: finishLanePlant({ twinCount: whole.length, componentStart: starts, ...parts }), whole, local };
}

/** The targets and all that they need, in order of number. */
function upstreamOf(plant: LanePlant, targets: Iterable<number>): Int32Array {
  const seen = new Uint8Array(plant.twinCount);
  const stack: number[] = [];
  const visit = (n: number) => {
    if (seen[n]) return;
    seen[n] = 1;
    stack.push(n);
  };
  for (const n of targets) visit(n);
  let count = 0;
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    count += 1;
    const end = plant.memberStart[plant.groupStart[n + 1]!]!;
    for (let m = plant.memberStart[plant.groupStart[n]!]!; m < end; m += 1) visit(plant.memberTwin[m]!);
  }
  const whole = new Int32Array(count);
  let at = 0;
  for (let n = 0; n < plant.twinCount; n += 1) if (seen[n]) whole[at++] = n;
  return whole;
}
