/** Twins in the order of their components, so that what a twin needs comes before it. */
import type { GroupCollector } from './collect-groups.ts';
import { componentsInSteps } from './components.ts';
import { sharedInt32, sortInSteps } from './shared-arrays.ts';
import { NUMBERS_PER_STEP, type Steps } from './steps.ts';

/** The order of twins by components, and the twins' numbers in it. */
export interface TwinOrder {
  /** [T] New number by number of arrival. */
  readonly newTwin: Int32Array;
  /** [T] Number of arrival by new number. */
  readonly oldTwin: Int32Array;
  /** [T] By new number. */
  readonly componentOf: Int32Array;
  readonly componentStart: Int32Array;
  readonly componentCount: number;
}

export function* orderTwins(draft: GroupCollector): Steps<TwinOrder> {
  const twinCount = draft.twins.length;
  const owners = new Int32Array(draft.memberCount);
  for (let member = 0; member < owners.length; member += 1) {
    if (member % NUMBERS_PER_STEP === 0) yield;
    owners[member] = draft.groupOwner[draft.memberGroup[member] as number] as number;
  }
  const { starts, items } = yield* sortInSteps(owners, twinCount);
  const needs = new Int32Array(draft.memberCount);
  for (let at = 0; at < needs.length; at += 1) {
    if (at % NUMBERS_PER_STEP === 0) yield;
    needs[at] = draft.memberTwin[items[at] as number] as number;
  }
  const found = yield* componentsInSteps({ starts, needs });
  const newTwin = new Int32Array(twinCount);
  const componentOf = sharedInt32(twinCount);
  const componentStart = sharedInt32(found.count + 1);
  for (let at = 0; at < twinCount; at += 1) {
    if (at % NUMBERS_PER_STEP === 0) yield;
    const old = found.order[at] as number;
    newTwin[old] = at;
    componentOf[at] = found.componentOf[old] as number;
    componentStart[(componentOf[at] as number) + 1] = at + 1;
  }
  return { newTwin, oldTwin: found.order, componentOf, componentStart, componentCount: found.count };
}
