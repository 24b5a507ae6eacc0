/** The plant as it is switched and conditioned now, packed for analyses that try many outages. */
import { GROUP_CONDUCTION, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import type { CompiledPlant } from './compiled-plant.ts';
import { finishLanePlant, type LanePlant } from './lane-plant.ts';
import { ALL_PLANES } from './planes.ts';
import type { PlaneView } from './plant-state.ts';

/** The flat arrays that are read: those of a worker need not be more. */
export interface LaneSource extends Pick<PlaneView, 'own' | 'closed' | 'memberMask' | 'held'> {
  readonly plant: Pick<
    CompiledPlant,
    | 'twinCount'
    | 'groupCount'
    | 'memberCount'
    | 'groupStart'
    | 'groupOwner'
    | 'groupFlags'
    | 'groupMin'
    | 'groupFull'
    | 'memberStart'
    | 'memberTwin'
    | 'memberShare'
    | 'componentOf'
    | 'componentStart'
  >;
}

/**
 * Twins keep their numbers. What cannot conduct now is left out, and so is what an open switch does not ask for.
 * `plane`: whose hold-ups and waiting standbys are meant; without any of them it does not matter.
 */
export function stateToLanePlant({ plant, own, closed, memberMask, held }: LaneSource, plane = ALL_PLANES): LanePlant {
  const { twinCount, groupCount, memberCount, componentOf, componentStart } = plant;
  const groupStart = new Int32Array(twinCount + 1);
  const groupSustain = new Uint8Array(groupCount);
  const needFull = new Int32Array(groupCount);
  const needMin = new Int32Array(groupCount);
  const memberStart = new Int32Array(groupCount + 1);
  const memberTwin = new Int32Array(memberCount);
  const memberShare = new Int32Array(memberCount);
  let group = 0;
  let member = 0;
  for (let from = 0; from < groupCount; from += 1) {
    const flags = plant.groupFlags[from]!;
    const owner = plant.groupOwner[from]!;
    if ((flags & GROUP_CONDUCTION && closed[owner] === 0) || held[from]! & plane) continue;
    for (let at = plant.memberStart[from]!; at < plant.memberStart[from + 1]!; at += 1) {
      const twin = plant.memberTwin[at]!;
      if ((memberMask[at]! & plane) === 0 || (flags & GROUP_SUPPLY && closed[twin] === 0)) continue;
      memberTwin[member] = twin;
      memberShare[member] = plant.memberShare[at]!;
      member += 1;
    }
    groupSustain[group] = flags & GROUP_SUPPLY ? 0 : 1;
    needFull[group] = plant.groupFull[from]!;
    needMin[group] = flags & GROUP_SOFT ? 0 : plant.groupMin[from]!;
    groupStart[owner + 1]! += 1;
    group += 1;
    memberStart[group] = member;
  }
  for (let twin = 0; twin < twinCount; twin += 1) groupStart[twin + 1]! += groupStart[twin]!;
  return finishLanePlant({
    twinCount,
    groupStart,
    groupSustain: groupSustain.subarray(0, group),
    needFull: needFull.subarray(0, group),
    needMin: needMin.subarray(0, group),
    memberStart: memberStart.subarray(0, group + 1),
    memberTwin: memberTwin.subarray(0, member),
    memberShare: memberShare.subarray(0, member),
    componentOf,
    componentStart,
    // A copy: the state goes on, the analysis does not.
    reaches: own.slice(),
  });
}
