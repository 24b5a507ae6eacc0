/** Loops that supply makes inside a component as it is switched: an open tie makes a chain of a loop. */
import { GROUP_SUPPLY } from './collect-groups.ts';
import { findComponents } from './components.ts';
import type { PlantState } from './plant-state.ts';
import { sortIntoBuckets } from './shared-arrays.ts';

/** Numbers of the loops that feed the twins of the component round, from its first twin on; -1: in none. */
export function supplyLoopsIn(state: PlantState, component: number): Int32Array {
  const { componentStart, groupStart, groupOwner } = state.plant;
  const first = componentStart[component] as number;
  const count = (componentStart[component + 1] as number) - first;
  const owners: number[] = [];
  const members: number[] = [];
  const endGroup = groupStart[first + count] as number;
  for (let group = groupStart[first] as number; group < endGroup; group += 1) {
    for (const twin of feedersInside(state, group, first, first + count)) {
      owners.push((groupOwner[group] as number) - first);
      members.push(twin - first);
    }
  }
  const { starts, items } = sortIntoBuckets(Int32Array.from(owners), count);
  const { componentOf } = findComponents({ starts, needs: items.map((at) => members[at] as number) });
  const loops = new Int32Array(count).fill(-1);
  for (const [at, owner] of owners.entries()) {
    const member = members[at] as number;
    if (componentOf[owner] !== componentOf[member]) continue;
    loops[owner] = componentOf[owner] as number;
    loops[member] = componentOf[owner] as number;
  }
  return loops;
}

/** Twins from `first` on and before `end` that conduct to a group of supply when they are available. */
export function* feedersInside(state: PlantState, group: number, first: number, end: number): Generator<number> {
  const { groupFlags, memberStart, memberTwin, memberRelationship, relationshipIsSupply } = state.plant;
  if (((groupFlags[group] as number) & GROUP_SUPPLY) === 0) return;
  for (let member = memberStart[group] as number; member < (memberStart[group + 1] as number); member += 1) {
    const twin = memberTwin[member] as number;
    if (twin < first || twin >= end || state.closed[twin] === 0) continue;
    const relationship = memberRelationship[member] as number;
    const isOpen = state.relationshipClosed[relationship] === 0 && relationshipIsSupply[relationship] === 1;
    if (!isOpen) yield twin;
  }
}
