/** From twins and relationships to the arrays of CompiledPlant. */
import type { Relationship } from '../domain/relationship.ts';
import { OPERATIONAL_STATES, TWIN_KINDS } from '../domain/state.ts';
import { GroupCollector } from './collect-groups.ts';
import type { CompiledPlant, PlantCondition } from './compiled-plant.ts';
import { orderTwins, type TwinOrder } from './order-twins.ts';
import { packGroups } from './pack-groups.ts';
import { shapeComponents } from './shape-components.ts';
import { sharedFloat64, sharedInt32, sharedUint8, toSharedInt32, toSharedUint8 } from './shared-arrays.ts';
import type { ImpactInputs, ImpactTwin } from './types.ts';

/** @throws LinchpinError NOT_FOUND for a relationship whose twin is not among the twins. */
export function compilePlant(inputs: ImpactInputs): { plant: CompiledPlant; condition: PlantCondition } {
  const draft = new GroupCollector(inputs);
  const order = orderTwins(draft);
  const packed = packGroups(draft, order);
  const twins = twinsInOrder(draft, order);
  const ids = twins.map(({ id }) => id);
  const indexById = new Map<string, number>();
  for (let index = 0; index < ids.length; index += 1) indexById.set(ids[index] as string, index);
  const needs = { ...packed, ...order, twinCount: twins.length };
  const plant: CompiledPlant = {
    twinCount: twins.length,
    groupCount: draft.groupCount,
    memberCount: draft.memberCount,
    relationshipCount: draft.relationships.length,
    componentCount: order.componentCount,
    ids,
    indexById,
    kind: toSharedUint8(twins.map(({ kind }) => TWIN_KINDS.indexOf(kind))),
    isolates: toSharedUint8(twins.map(({ isolates }) => (isolates ? 1 : 0))),
    ...packed,
    relationshipIds: draft.relationships.map(({ id }) => id),
    relationshipIsSupply: toSharedUint8(draft.relationshipIsSupply),
    relationshipMembers: membersByRelationship(draft.relationships.length, packed.memberRelationship),
    componentOf: order.componentOf,
    componentStart: order.componentStart,
    ...shapeComponents(needs),
    joints: packJoints(draft, order),
    dropped: draft.dropped(),
  };
  return { plant, condition: conditionOf(twins, draft.relationships) };
}

function twinsInOrder(draft: GroupCollector, { oldTwin }: TwinOrder): ImpactTwin[] {
  const twins: ImpactTwin[] = [];
  for (let index = 0; index < oldTwin.length; index += 1)
    twins.push(draft.twins[oldTwin[index] as number] as ImpactTwin);
  return twins;
}

function membersByRelationship(relationshipCount: number, memberRelationship: Int32Array): Int32Array {
  const members = sharedInt32(2 * relationshipCount).fill(-1);
  for (let member = 0; member < memberRelationship.length; member += 1) {
    const first = 2 * (memberRelationship[member] as number);
    members[members[first] === -1 ? first : first + 1] = member;
  }
  return members;
}

function packJoints(draft: GroupCollector, { newTwin }: TwinOrder): CompiledPlant['joints'] {
  const of = (value: (relationship: Relationship) => number): Int32Array =>
    toSharedInt32(draft.networkJoints.map((joint) => value(draft.relationships[joint] as Relationship)));
  const twin = (id: string): number => newTwin[draft.indexById.get(id) as number] as number;
  const media: (string | null)[] = [];
  const medium = of((relationship) => {
    const known = media.indexOf(relationship.medium);
    return known >= 0 ? known : media.push(relationship.medium) - 1;
  });
  return {
    source: of(({ source }) => twin(source)),
    target: of(({ target }) => twin(target)),
    medium,
    relationship: toSharedInt32(draft.networkJoints),
    consumers: toSharedUint8(
      draft.networkJoints.map((joint) => {
        const { source, target, medium: name } = draft.relationships[joint] as Relationship;
        const isConsumer = (id: string): boolean => draft.role(draft.indexById.get(id) as number, name) === 'CONSUMER';
        return (isConsumer(source) ? 1 : 0) | (isConsumer(target) ? 2 : 0);
      }),
    ),
  };
}

function conditionOf(twins: readonly ImpactTwin[], relationships: readonly Relationship[]): PlantCondition {
  const condition = {
    health: sharedUint8(twins.length),
    planned: sharedUint8(twins.length),
    closed: sharedUint8(twins.length),
    criticality: sharedFloat64(twins.length),
    relationshipClosed: sharedUint8(relationships.length),
  };
  for (let index = 0; index < twins.length; index += 1) {
    const twin = twins[index] as ImpactTwin;
    condition.health[index] = OPERATIONAL_STATES.indexOf(twin.health);
    condition.planned[index] = twin.planned ? 1 : 0;
    condition.closed[index] = twin.closed ? 1 : 0;
    condition.criticality[index] = twin.criticality;
  }
  for (let index = 0; index < relationships.length; index += 1)
    condition.relationshipClosed[index] = (relationships[index] as Relationship).closed ? 1 : 0;
  return condition;
}
