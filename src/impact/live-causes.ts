/** The failed twins behind a state that is not OPERATIONAL, nearest first, then by id. */
import { GROUP_SUPPLY } from './collect-groups.ts';
import { groupBits } from './evaluate-group.ts';
import { planeOf, worstRank } from './planes.ts';
import type { PlantState } from './plant-state.ts';

const OPERATIONAL_RANK = 2;

/**
 * Walks from the twin down through the groups that do not hold to the members that they lack, breadth first. A cause is a
 * twin whose own condition is short of the level that is lost, or a switch that would conduct if it were closed; at most `limit`.
 */
export function causesOf(state: PlantState, twin: number, limit: number): number[] {
  const rank = worstRank(state.bits[twin] as number);
  if (rank === OPERATIONAL_RANK) return [];
  const plane = planeOf(rank + 1, false);
  const { groupStart, groupFlags, ids } = state.plant;
  const causes: number[] = [];
  const seen = new Set([twin]);
  for (let level = [twin]; level.length > 0 && causes.length < limit; ) {
    const next = new Set<number>();
    for (const at of level) {
      if (causes.length >= limit) break;
      const isLost = ((state.bits[at] as number) & plane) === 0;
      if (!isLost || ((state.own[at] as number) & plane) === 0) causes.push(at);
      if (!isLost) continue;
      for (let group = groupStart[at] as number; group < (groupStart[at + 1] as number); group += 1) {
        if (groupBits(state, group) & plane) continue;
        const isSupply = ((groupFlags[group] as number) & GROUP_SUPPLY) !== 0;
        for (const member of lackedMembers(state, group, plane, isSupply)) if (!seen.has(member)) next.add(member);
      }
    }
    level = [...next].sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1));
    for (const at of level) seen.add(at);
  }
  return causes;
}

/** Twins that the group would count if they were available and closed. A relationship that is open lacks no twin. */
function* lackedMembers(state: PlantState, group: number, plane: number, isSupply: boolean): Generator<number> {
  const { memberStart, memberTwin } = state.plant;
  const over = isSupply ? state.conducting : state.bits;
  for (let member = memberStart[group] as number; member < (memberStart[group + 1] as number); member += 1) {
    const twin = memberTwin[member] as number;
    if ((state.memberMask[member] as number) & plane && ((over[twin] as number) & plane) === 0) yield twin;
  }
}
