/**
 * Doubts about the model itself: what is probably not meant as it stands (IMPACT.md 1 and 2). They come from the structure
 * alone, and hold whatever the conditions are.
 */
import { TWIN_KINDS } from '../domain/state.ts';
import { GROUP_CONDUCTION, GROUP_DECLARED, GROUP_SOFT, GROUP_SUPPLY } from './collect-groups.ts';
import type { CompiledPlant } from './compiled-plant.ts';
import { CUT1, CUT2 } from './planes.ts';
import { PlantState } from './plant-state.ts';
import { Workspace } from './simulate.ts';
import { ITEMS_PER_STEP, type Steps } from './steps.ts';
import type { ModelIssue } from './types.ts';

/** Issues in order of the plant's twins, those of one kind together; at most `limit`. */
export function* modelIssues(plant: CompiledPlant, limit: number): Steps<ModelIssue[]> {
  const finders = [
    processesWithoutRequirement,
    ungroupedFeeds,
    undeclaredGroups,
    emptyRequirements,
    unreachableThresholds,
    selfRequirements,
    loopsWithoutSource,
  ];
  const issues: ModelIssue[] = [];
  for (const find of finders) {
    for (const issue of find(plant)) {
      if (issue === null) yield;
      else if (issues.length < limit) issues.push(issue);
      if (issues.length >= limit) return issues;
    }
  }
  return issues;
}

/** null: a step has come to its end. */
type Issues = Generator<ModelIssue | null, void, void>;

function* processesWithoutRequirement({ twinCount, kind, groupStart, ids }: CompiledPlant): Issues {
  const process = TWIN_KINDS.indexOf('PROCESS');
  for (let twin = 0; twin < twinCount; twin += 1) {
    if (twin % ITEMS_PER_STEP === 0) yield null;
    if (kind[twin] !== process || groupStart[twin] !== groupStart[twin + 1]) continue;
    const id = ids[twin] as string;
    yield {
      code: 'PROCESS_WITHOUT_REQUIREMENT',
      twin: id,
      message: `process ${id} needs nothing: no outage can affect it`,
    };
  }
}

/** Redundancy is never guessed: two feeds of one medium are both required. */
function* ungroupedFeeds(plant: CompiledPlant): Issues {
  const { twinCount, groupStart, groupFlags, groupMedium, memberStart, ids, names } = plant;
  for (let twin = 0; twin < twinCount; twin += 1) {
    if (twin % ITEMS_PER_STEP === 0) yield null;
    const feedsByMedium = new Map<number, number>();
    for (let group = groupStart[twin]!; group < groupStart[twin + 1]!; group += 1) {
      const isPlainFeed = (groupFlags[group]! & (GROUP_SUPPLY | GROUP_DECLARED | GROUP_CONDUCTION)) === GROUP_SUPPLY;
      if (!isPlainFeed || memberStart[group + 1]! - memberStart[group]! !== 1) continue;
      feedsByMedium.set(groupMedium[group]!, (feedsByMedium.get(groupMedium[group]!) ?? 0) + 1);
    }
    for (const [medium, count] of feedsByMedium) {
      if (count < 2) continue;
      const id = ids[twin] as string;
      const what = medium === -1 ? 'feeds' : `feeds of ${names[medium]}`;
      const message = `${id} has ${count} ${what} without a common group: each of them is required`;
      yield { code: 'UNGROUPED_REDUNDANCY', twin: id, message };
    }
  }
}

function* undeclaredGroups({
  groupCount,
  groupFlags,
  groupOwner,
  groupName,
  memberStart,
  ids,
  names,
}: CompiledPlant): Issues {
  for (let group = 0; group < groupCount; group += 1) {
    if (group % ITEMS_PER_STEP === 0) yield null;
    const members = memberStart[group + 1]! - memberStart[group]!;
    if (groupFlags[group]! & (GROUP_DECLARED | GROUP_CONDUCTION) || members < 2) continue;
    const id = ids[groupOwner[group]!] as string;
    const message = `${id} declares no requirement ${names[groupName[group]!]}: all ${members} members of that group are required`;
    yield { code: 'UNDECLARED_GROUP', twin: id, message };
  }
}

function* emptyRequirements({ dropped }: CompiledPlant): Issues {
  for (const { twin, group, medium } of dropped) {
    if (group !== null) {
      const message = `no relationship belongs to requirement ${group} of ${twin}: it is not judged`;
      yield { code: 'EMPTY_GROUP', twin, message };
    } else {
      const network = medium === null ? 'any network' : `a network of ${medium}`;
      yield { code: 'PART_WITHOUT_NETWORK', twin, message: `${twin} has a part in ${network}, and is joined to none` };
    }
  }
}

function* unreachableThresholds(plant: CompiledPlant): Issues {
  const { groupCount, groupFlags, groupOwner, groupName, groupMin, groupFull, ids, names } = plant;
  for (let group = 0; group < groupCount; group += 1) {
    if (group % ITEMS_PER_STEP === 0) yield null;
    const total = totalOf(plant, group);
    if ((groupFlags[group]! & GROUP_DECLARED) === 0 || total >= groupFull[group]!) continue;
    const id = ids[groupOwner[group]!] as string;
    const isHard = groupMin[group]! > total && (groupFlags[group]! & GROUP_SOFT) === 0;
    const worst = isHard ? 'DOWN' : 'never better than DEGRADED';
    const message = `requirement ${names[groupName[group]!]} of ${id} needs ${groupFull[group]} shares, and its members have ${total}: ${id} is ${worst}`;
    yield { code: 'UNREACHABLE_THRESHOLD', twin: id, message };
  }
}

function totalOf({ memberStart, memberShare }: CompiledPlant, group: number): number {
  let total = 0;
  for (let member = memberStart[group]!; member < memberStart[group + 1]!; member += 1) total += memberShare[member]!;
  return total;
}

function* selfRequirements({
  memberCount,
  memberGroup,
  memberTwin,
  groupOwner,
  groupFlags,
  groupName,
  ids,
  names,
}: CompiledPlant): Issues {
  for (let member = 0; member < memberCount; member += 1) {
    if (member % ITEMS_PER_STEP === 0) yield null;
    const group = memberGroup[member]!;
    if (groupOwner[group] !== memberTwin[member]) continue;
    const id = ids[memberTwin[member]!] as string;
    const effect = groupFlags[group]! & GROUP_SUPPLY ? 'cannot supply itself' : 'is always there for itself';
    const message = `${id} is a member of its own requirement ${names[groupName[group]!]}, and ${effect}`;
    yield { code: 'SELF_REQUIREMENT', twin: id, message };
  }
}

/** Components that stay without supply even if all is healthy and closed, and all that they need from outside is there. */
function* loopsWithoutSource(plant: CompiledPlant): Issues {
  const { componentCount, componentStart, groupStart, groupFlags, groupFull, memberStart, memberTwin, ids } = plant;
  const state = flawless(plant);
  const { propagation, pace } = new Workspace(plant);
  for (const _ of propagation.runAllInSteps(state, 'ALL', pace)) yield null;
  for (let component = 0; component < componentCount; component += 1) {
    if (component % ITEMS_PER_STEP === 0) yield null;
    const first = componentStart[component]!;
    const end = componentStart[component + 1]!;
    const lost: number[] = [];
    for (let twin = first; twin < end; twin += 1) if ((state.bits[twin]! & CUT2) !== CUT2) lost.push(twin);
    if (lost.length === 0) continue;
    const isOurs = (group: number): boolean => {
      if (groupFlags[group]! & GROUP_DECLARED && totalOf(plant, group) < groupFull[group]!) return false;
      for (let member = memberStart[group]!; member < memberStart[group + 1]!; member += 1) {
        const twin = memberTwin[member]!;
        if ((twin < first || twin >= end) && (state.bits[twin]! & CUT2) !== CUT2) return false;
      }
      return true;
    };
    let isLocal = true;
    for (let group = groupStart[first]!; group < groupStart[end]!; group += 1) isLocal &&= isOurs(group);
    if (!isLocal) continue;
    const [id] = lost.map((twin) => ids[twin] as string).toSorted() as [string];
    const others = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
    const effect = lost.some((twin) => (state.bits[twin]! & CUT1) === 0) ? 'without supply' : 'DEGRADED';
    const [verb, whom] = lost.length > 1 ? ['are', 'them'] : ['is', 'it'];
    const message = `${id}${others} ${verb} ${effect} even when all is well: no source reaches ${whom}`;
    yield { code: 'SUPPLY_WITHOUT_SOURCE', twin: id, message };
  }
}

/** All healthy, all closed. */
function flawless(plant: CompiledPlant): PlantState {
  return PlantState.create(plant, {
    health: new Uint8Array(plant.twinCount),
    planned: new Uint8Array(plant.twinCount),
    closed: new Uint8Array(plant.twinCount).fill(1),
    criticality: new Float64Array(plant.twinCount),
    relationshipClosed: new Uint8Array(plant.relationshipCount).fill(1),
  });
}
