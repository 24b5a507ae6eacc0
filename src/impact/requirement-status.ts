/** A twin's requirement groups as they stand: what they need, what they have, what they can lose. */
import { availableShares } from './at-risk.ts';
import { GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import { WORST_CUT2 } from './planes.ts';
import type { PlantState } from './plant-state.ts';
import type { RequirementStatus } from './types.ts';

export function requirementStatuses(state: PlantState, twin: number): RequirementStatus[] {
  const { groupStart } = state.plant;
  const statuses: RequirementStatus[] = [];
  for (let group = groupStart[twin] as number; group < (groupStart[twin + 1] as number); group += 1)
    statuses.push(statusOf(state, group));
  return statuses.toSorted(
    (a, b) => inOrder(a.group, b.group) || inOrder(a.mode, b.mode) || inOrder(a.medium ?? '', b.medium ?? ''),
  );
}

function statusOf(state: PlantState, group: number): RequirementStatus {
  const { plant } = state;
  const flags = plant.groupFlags[group] as number;
  const members = membersOf(state, group);
  const shares = availableShares(state, group);
  const full = plant.groupFull[group] as number;
  return {
    group: plant.names[plant.groupName[group] as number] as string,
    mode: flags & GROUP_SUPPLY ? 'SUPPLY' : 'SUSTAIN',
    medium: plant.names[plant.groupMedium[group] as number] ?? null,
    min: plant.groupMin[group] as number,
    full,
    total: sum(members.map(({ share }) => share)),
    soft: (flags & GROUP_SOFT) !== 0,
    holdUpMs: plant.holdUpMsByGroup.get(group) ?? 0,
    have: sum(shares),
    margin: marginOf(shares, full),
    members,
  };
}

function membersOf({ plant, bits, conducting, memberMask }: PlantState, group: number): RequirementStatus['members'] {
  const over = (plant.groupFlags[group] as number) & GROUP_SUPPLY ? conducting : bits;
  const members: RequirementStatus['members'][number][] = [];
  for (let m = plant.memberStart[group] as number; m < (plant.memberStart[group + 1] as number); m += 1) {
    const twin = plant.memberTwin[m] as number;
    members.push({
      twin: plant.ids[twin] as string,
      relationship: plant.relationshipIds[plant.memberRelationship[m] as number] as string,
      share: plant.memberShare[m] as number,
      standbyDelayMs: plant.standbyMsByMember.get(m) ?? null,
      available: ((over[twin] as number) & (memberMask[m] as number) & WORST_CUT2) !== 0,
    });
  }
  return members.toSorted((a, b) => inOrder(a.twin, b.twin) || inOrder(a.relationship, b.relationship));
}

/** The order of ids: that of arrival is not the same on every server, nor for a moment of the past. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);

/** Most members that can be lost while `full` is still reached: those with the smallest shares go first. */
function marginOf(shares: readonly number[], full: number): number {
  let have = sum(shares);
  let margin = 0;
  for (const share of shares.toSorted((a, b) => a - b)) {
    have -= share;
    if (have < full) break;
    margin += 1;
  }
  return margin;
}
