/** One group over the bits of its members, in all planes at once (IMPACT.md 3). */
import { GROUP_CONDUCTION, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import { RULE_ALL, RULE_ANY } from './compiled-plant.ts';
import { ALL_PLANES, BEST_CUT1, BEST_CUT2, CUT1, WORST_CUT1, WORST_CUT2 } from './planes.ts';
import type { PlaneView } from './plant-state.ts';

/** Planes in which the group holds: by its members, by a hold-up, or because its owner asks for nothing. */
export function groupBits(view: PlaneView, group: number): number {
  const bits = rawGroupBits(view, group) | (view.held[group] as number);
  return view.denied === null ? bits : bits & ~(view.denied[group] as number);
}

/** Planes in which the group holds by its members alone. */
export function rawGroupBits(view: PlaneView, group: number): number {
  const { plant, memberMask } = view;
  const { memberTwin } = plant;
  const flags = plant.groupFlags[group] as number;
  // An open switch asks for no supply from its network.
  if (flags & GROUP_CONDUCTION && view.closed[plant.groupOwner[group] as number] === 0) return ALL_PLANES;
  const over = flags & GROUP_SUPPLY ? view.conducting : view.bits;
  const start = plant.memberStart[group] as number;
  const end = plant.memberStart[group + 1] as number;
  const rule = plant.groupRule[group] as number;
  let bits: number;
  if (rule === RULE_ALL) {
    bits = ALL_PLANES;
    for (let member = start; member < end && bits !== 0; member += 1)
      bits &= (over[memberTwin[member] as number] as number) & (memberMask[member] as number);
  } else if (rule === RULE_ANY) {
    bits = 0;
    for (let member = start; member < end && bits !== ALL_PLANES; member += 1)
      bits |= (over[memberTwin[member] as number] as number) & (memberMask[member] as number);
  } else bits = countShares(view, group, over);
  return flags & GROUP_SOFT ? bits | CUT1 : bits;
}

/** Sums stay exact: whole numbers, at most 2^31 each, in doubles. */
function countShares(view: PlaneView, group: number, over: Uint8Array): number {
  const { plant, memberMask } = view;
  let all = 0;
  let worst1 = 0;
  let worst2 = 0;
  let best1 = 0;
  let best2 = 0;
  const end = plant.memberStart[group + 1] as number;
  for (let member = plant.memberStart[group] as number; member < end; member += 1) {
    const bits = (over[plant.memberTwin[member] as number] as number) & (memberMask[member] as number);
    const share = plant.memberShare[member] as number;
    if (bits === ALL_PLANES) all += share;
    else if (bits !== 0) {
      if (bits & WORST_CUT1) worst1 += share;
      if (bits & WORST_CUT2) worst2 += share;
      if (bits & BEST_CUT1) best1 += share;
      if (bits & BEST_CUT2) best2 += share;
    }
  }
  const min = plant.groupMin[group] as number;
  const full = plant.groupFull[group] as number;
  return (
    (all + worst1 >= min ? WORST_CUT1 : 0) |
    (all + worst2 >= full ? WORST_CUT2 : 0) |
    (all + best1 >= min ? BEST_CUT1 : 0) |
    (all + best2 >= full ? BEST_CUT2 : 0)
  );
}

/** Planes in which a twin outside of loops is available. */
export function twinBits(view: PlaneView, twin: number): number {
  const { groupStart } = view.plant;
  let bits = view.own[twin] as number;
  const end = groupStart[twin + 1] as number;
  for (let group = groupStart[twin] as number; group < end && bits !== 0; group += 1) bits &= groupBits(view, group);
  return bits;
}
