/** The plant as it is switched and conditioned now, for analyses that try many outages. */
import { GROUP_CONDUCTION, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import { type CompiledPlant, SHAPE_LOOP, SHAPE_SUPPLY_LOOP, SHAPE_SUSTAIN } from './compiled-plant.ts';
import { LOOP_NONE, LOOP_SUPPLY, LOOP_SUSTAIN, type LanePlant } from './lane-plant.ts';
import type { PlaneView } from './plant-state.ts';

/** What does not depend on the moment; made once for many moments. */
export type LaneStructure = Omit<LanePlant, 'needFull' | 'needMin' | 'memberShare' | 'reaches'>;

export function laneStructure(plant: CompiledPlant): LaneStructure {
  const { twinCount, groupStart, groupOwner, memberStart, memberTwin, componentOf, componentStart } = plant;
  return {
    twinCount,
    groupStart,
    groupOwner,
    groupSustain: plant.groupFlags.map((flags) => (flags & GROUP_SUPPLY ? 0 : 1)),
    memberStart,
    memberTwin,
    userStart: plant.dependentStart,
    userGroup: plant.dependentMember.map((member) => plant.memberGroup[member]!),
    componentOf,
    componentStart,
    loop: plant.componentShape.map(loopOf),
  };
}

/** Where SUPPLY alone makes no loop, what runs keeps running is all there is to it (IMPACT.md 4). */
function loopOf(shape: number): number {
  if ((shape & SHAPE_LOOP) === 0) return LOOP_NONE;
  if ((shape & SHAPE_SUPPLY_LOOP) === 0) return LOOP_SUSTAIN;
  return shape & SHAPE_SUSTAIN ? LOOP_SUPPLY | LOOP_SUSTAIN : LOOP_SUPPLY;
}

/** `plane`: whose hold-ups and waiting standbys are meant; where a view has none it does not matter. */
export function viewToLanePlant(
  structure: LaneStructure,
  { plant, own, closed, memberMask, held }: Pick<PlaneView, 'plant' | 'own' | 'closed' | 'memberMask' | 'held'>,
  plane: number,
): LanePlant {
  const { groupCount, groupFlags, groupOwner, memberStart, memberTwin } = plant;
  const needFull = plant.groupFull.slice();
  const needMin = plant.groupMin.slice();
  const memberShare = plant.memberShare.slice();
  for (let group = 0; group < groupCount; group += 1) {
    const flags = groupFlags[group]!;
    if ((flags & GROUP_CONDUCTION && closed[groupOwner[group]!] === 0) || held[group]! & plane) {
      needFull[group] = 0;
      needMin[group] = 0;
    } else if (flags & GROUP_SOFT) needMin[group] = 0;
    const isSupply = flags & GROUP_SUPPLY;
    for (let member = memberStart[group]!; member < memberStart[group + 1]!; member += 1) {
      if ((memberMask[member]! & plane) === 0 || (isSupply && closed[memberTwin[member]!] === 0))
        memberShare[member] = 0;
    }
  }
  // A copy: the state goes on, the analysis does not.
  return { ...structure, needFull, needMin, memberShare, reaches: own.slice() };
}
