/** Groups and memberships in order of their owners, with thresholds, rules and flags. */
import type { Relationship } from '../domain/relationship.ts';
import type { Requirement } from '../domain/twin.ts';
import {
  GROUP_CONDUCTION,
  GROUP_HOLD_UP,
  GROUP_REDUNDANT,
  GROUP_REPEATED,
  GROUP_STANDBY,
  type GroupCollector,
  MOST_SHARES,
} from './collect-groups.ts';
import { type CompiledPlant, RULE_ALL, RULE_ANY, RULE_COUNT } from './compiled-plant.ts';
import type { TwinOrder } from './order-twins.ts';
import { sharedInt32, sharedUint8, sortInSteps } from './shared-arrays.ts';
import { ITEMS_PER_STEP, NUMBERS_PER_STEP, type Steps } from './steps.ts';

export type PackedGroups = Pick<
  CompiledPlant,
  | 'groupStart'
  | 'groupOwner'
  | 'groupRule'
  | 'groupFlags'
  | 'groupMin'
  | 'groupFull'
  | 'groupName'
  | 'groupMedium'
  | 'names'
  | 'holdUpMsByGroup'
  | 'memberStart'
  | 'memberTwin'
  | 'memberShare'
  | 'memberGroup'
  | 'memberRelationship'
  | 'standbyMsByMember'
  | 'dependentStart'
  | 'dependentMember'
>;

export function* packGroups(draft: GroupCollector, { newTwin }: TwinOrder): Steps<PackedGroups> {
  const twinCount = draft.twins.length;
  const { groupCount } = draft;
  const owners = new Int32Array(groupCount);
  for (let group = 0; group < groupCount; group += 1) {
    if (group % NUMBERS_PER_STEP === 0) yield;
    owners[group] = newTwin[draft.groupOwner[group] as number] as number;
  }
  const { starts: groupStart, items: oldGroup } = yield* sortInSteps(owners, twinCount);
  const members = yield* packMembers(draft, oldGroup, newTwin);
  const sums = yield* sumShares(members, groupCount, twinCount);
  const arrays = {
    groupOwner: sharedInt32(groupCount),
    groupRule: sharedUint8(groupCount),
    groupFlags: sharedUint8(groupCount),
    groupMin: sharedInt32(groupCount),
    groupFull: sharedInt32(groupCount),
    groupName: sharedInt32(groupCount),
    groupMedium: sharedInt32(groupCount),
  };
  const holdUpMsByGroup = new Map<number, number>();
  for (let group = 0; group < groupCount; group += 1) {
    if (group % ITEMS_PER_STEP === 0) yield;
    const old = oldGroup[group] as number;
    const flags = draft.groupFlags[old] as number;
    const declared = draft.requirementOf(old);
    const total = sums.total[group] as number;
    const { min, full } = thresholds(declared, (flags & GROUP_CONDUCTION) !== 0, total);
    const holdUpMs = declared ? Math.round(declared.holdUpMs * declared.stateOfCharge) : 0;
    if (holdUpMs > 0) holdUpMsByGroup.set(group, holdUpMs);
    const isRedundant = declared && total - (sums.smallestTwin[group] as number) >= full;
    arrays.groupOwner[group] = owners[old] as number;
    arrays.groupMin[group] = min;
    arrays.groupFull[group] = full;
    arrays.groupName[group] = draft.groupName[old] as number;
    arrays.groupMedium[group] = draft.groupMedium[old] as number;
    arrays.groupRule[group] = ruleOf(min, full, total, sums.smallest[group] as number);
    arrays.groupFlags[group] =
      flags |
      (holdUpMs > 0 ? GROUP_HOLD_UP : 0) |
      (isRedundant ? GROUP_REDUNDANT : 0) |
      (sums.repeated[group] ? GROUP_REPEATED : 0);
  }
  for (const member of members.standbyMsByMember.keys()) {
    const group = members.memberGroup[member] as number;
    arrays.groupFlags[group] = (arrays.groupFlags[group] as number) | GROUP_STANDBY;
  }
  const { starts: dependentStart, items: dependentMember } = yield* sortInSteps(members.memberTwin, twinCount);
  return { groupStart, ...arrays, names: draft.names, holdUpMsByGroup, ...members, dependentStart, dependentMember };
}

type PackedMembers = Pick<
  CompiledPlant,
  'memberStart' | 'memberTwin' | 'memberShare' | 'memberGroup' | 'memberRelationship' | 'standbyMsByMember'
>;

function* packMembers(draft: GroupCollector, oldGroup: Int32Array, newTwin: Int32Array): Steps<PackedMembers> {
  const { memberCount } = draft;
  const groupCount = oldGroup.length;
  const newGroup = new Int32Array(groupCount);
  for (let group = 0; group < groupCount; group += 1) {
    if (group % NUMBERS_PER_STEP === 0) yield;
    newGroup[oldGroup[group] as number] = group;
  }
  const groups = new Int32Array(memberCount);
  for (let old = 0; old < memberCount; old += 1) {
    if (old % NUMBERS_PER_STEP === 0) yield;
    groups[old] = newGroup[draft.memberGroup[old] as number] as number;
  }
  const { starts, items } = yield* sortInSteps(groups, groupCount);
  yield;
  const members = {
    memberStart: starts,
    memberTwin: sharedInt32(memberCount),
    memberShare: sharedInt32(memberCount),
    memberGroup: sharedInt32(memberCount),
    memberRelationship: sharedInt32(memberCount),
    standbyMsByMember: new Map<number, number>(),
  };
  for (let member = 0; member < memberCount; member += 1) {
    if (member % ITEMS_PER_STEP === 0) yield;
    const old = items[member] as number;
    const relationship = draft.memberRelationship[old] as number;
    const { share, standbyDelayMs } = draft.relationships[relationship] as Relationship;
    members.memberTwin[member] = newTwin[draft.memberTwin[old] as number] as number;
    members.memberShare[member] = Math.min(share ?? 1, MOST_SHARES);
    members.memberGroup[member] = groups[old] as number;
    members.memberRelationship[member] = relationship;
    // Without a delay a standby is there like any other member.
    if (standbyDelayMs !== null && standbyDelayMs > 0) members.standbyMsByMember.set(member, standbyDelayMs);
  }
  return members;
}

interface ShareSums {
  /** Beyond 32 bits, so in doubles, which count whole numbers up to 2^53 exactly. */
  readonly total: Float64Array;
  /** Least share of one membership; 0 in a group without members. */
  readonly smallest: Int32Array;
  /** Least shares that one twin brings. */
  readonly smallestTwin: Float64Array;
  /** 1: a twin is in it by several relationships. */
  readonly repeated: Uint8Array;
}

function* sumShares(members: PackedMembers, groupCount: number, twinCount: number): Steps<ShareSums> {
  const { memberStart, memberTwin, memberShare } = members;
  const total = new Float64Array(groupCount);
  const smallest = new Int32Array(groupCount);
  const smallestTwin = new Float64Array(groupCount);
  const repeated = new Uint8Array(groupCount);
  const lastGroup = new Int32Array(twinCount).fill(-1);
  const shares = new Float64Array(twinCount);
  for (let group = 0; group < groupCount; group += 1) {
    if (group % ITEMS_PER_STEP === 0) yield;
    const start = memberStart[group] as number;
    const end = memberStart[group + 1] as number;
    for (let member = start; member < end; member += 1) {
      const twin = memberTwin[member] as number;
      const share = memberShare[member] as number;
      if (lastGroup[twin] === group) repeated[group] = 1;
      else shares[twin] = 0;
      lastGroup[twin] = group;
      shares[twin] = (shares[twin] as number) + share;
      total[group] = (total[group] as number) + share;
      if (member === start || share < (smallest[group] as number)) smallest[group] = share;
    }
    for (let member = start; member < end; member += 1) {
      const share = shares[memberTwin[member] as number] as number;
      if (member === start || share < (smallestTwin[group] as number)) smallestTwin[group] = share;
    }
  }
  return { total, smallest, smallestTwin, repeated };
}

function thresholds(
  declared: Requirement | undefined,
  isConduction: boolean,
  total: number,
): { min: number; full: number } {
  if (!declared) return isConduction ? { min: 1, full: 1 } : { min: bounded(total), full: bounded(total) };
  const full = bounded(declared.full ?? declared.min ?? total);
  const min = bounded(declared.min ?? declared.full ?? total);
  // Full service cannot need less than some service.
  return { min: Math.min(min, full), full };
}

function bounded(shares: number): number {
  return Math.max(1, Math.min(shares, MOST_SHARES));
}

function ruleOf(min: number, full: number, total: number, smallest: number): number {
  if (smallest > 0 && full <= smallest) return RULE_ANY;
  if (smallest > 0 && full <= total && min > total - smallest) return RULE_ALL;
  return RULE_COUNT;
}
