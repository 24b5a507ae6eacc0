/** What kind of loop each component is, and which loops supply alone makes. */
import { GROUP_HOLD_UP, GROUP_SOFT, GROUP_STANDBY, GROUP_SUPPLY } from './collect-groups.ts';
import {
  type CompiledPlant,
  SHAPE_GRADED,
  SHAPE_LOOP,
  SHAPE_SUPPLY_LOOP,
  SHAPE_SUSTAIN,
  SHAPE_TIMED,
} from './compiled-plant.ts';
import { componentsInSteps } from './components.ts';
import type { TwinOrder } from './order-twins.ts';
import type { PackedGroups } from './pack-groups.ts';
import { sharedUint8, sortInSteps, toSharedInt32 } from './shared-arrays.ts';
import { NUMBERS_PER_STEP, type Steps } from './steps.ts';

type Needs = PackedGroups & Pick<TwinOrder, 'componentOf' | 'componentCount'> & { readonly twinCount: number };

export function* shapeComponents(
  needs: Needs,
): Steps<Pick<CompiledPlant, 'componentShape' | 'sustainLoops' | 'timedComponents'>> {
  const { componentOf, componentCount, groupOwner, groupFlags, groupMin, groupFull } = needs;
  const componentShape = sharedUint8(componentCount);
  const mark = (component: number, shape: number): void => {
    componentShape[component] = (componentShape[component] as number) | shape;
  };
  for (let group = 0; group < groupOwner.length; group += 1) {
    if (group % NUMBERS_PER_STEP === 0) yield;
    const component = componentOf[groupOwner[group] as number] as number;
    const flags = groupFlags[group] as number;
    if (flags & GROUP_SOFT || groupMin[group] !== groupFull[group]) mark(component, SHAPE_GRADED);
    if (flags & (GROUP_HOLD_UP | GROUP_STANDBY)) mark(component, SHAPE_TIMED);
  }
  yield;
  const inside = yield* insideMembers(needs);
  yield;
  for (const [at, member] of inside.entries()) {
    if (at % NUMBERS_PER_STEP === 0) yield;
    const group = needs.memberGroup[member] as number;
    const component = componentOf[groupOwner[group] as number] as number;
    mark(component, (groupFlags[group] as number) & GROUP_SUPPLY ? SHAPE_LOOP : SHAPE_LOOP | SHAPE_SUSTAIN);
  }
  yield;
  for (const twin of yield* twinsInSupplyLoops(needs, inside)) mark(componentOf[twin] as number, SHAPE_SUPPLY_LOOP);
  yield;
  return {
    componentShape,
    sustainLoops: yield* withShape(componentShape, SHAPE_SUSTAIN),
    timedComponents: yield* withShape(componentShape, SHAPE_TIMED),
  };
}

function* withShape(componentShape: Uint8Array, shape: number): Steps<Int32Array> {
  const components: number[] = [];
  for (let component = 0; component < componentShape.length; component += 1) {
    if (component % NUMBERS_PER_STEP === 0) yield;
    if ((componentShape[component] as number) & shape) components.push(component);
  }
  return toSharedInt32(components);
}

/** Memberships whose twin is in the component of their owner. */
function* insideMembers({ componentOf, groupOwner, memberGroup, memberTwin }: Needs): Steps<number[]> {
  const inside: number[] = [];
  for (let member = 0; member < memberTwin.length; member += 1) {
    if (member % NUMBERS_PER_STEP === 0) yield;
    const owner = groupOwner[memberGroup[member] as number] as number;
    if (componentOf[owner] === componentOf[memberTwin[member] as number]) inside.push(member);
  }
  return inside;
}

/** Twins that SUPPLY memberships alone lead back to; some twice. */
function* twinsInSupplyLoops(needs: Needs, inside: readonly number[]): Steps<number[]> {
  const { twinCount, groupOwner, groupFlags, memberGroup, memberTwin } = needs;
  const supplies = inside.filter((m) => (groupFlags[memberGroup[m] as number] as number) & GROUP_SUPPLY);
  const found: number[] = [];
  if (supplies.length === 0) return found;
  yield;
  const owners = Int32Array.from(supplies, (m) => groupOwner[memberGroup[m] as number] as number);
  yield;
  const { starts, items } = yield* sortInSteps(owners, twinCount);
  yield;
  const members = items.map((at) => memberTwin[supplies[at] as number] as number);
  const { componentOf: loopOf } = yield* componentsInSteps({ starts, needs: members });
  for (const [at, owner] of owners.entries()) {
    if (at % NUMBERS_PER_STEP === 0) yield;
    if (loopOf[owner] === loopOf[memberTwin[supplies[at] as number] as number]) found.push(owner);
  }
  return found;
}
