/** From twins and relationships to the arrays of CompiledPlant. */
import type { Relationship } from '../domain/relationship.ts';
import { OPERATIONAL_STATES, TWIN_KINDS } from '../domain/state.ts';
import { GroupCollector } from './collect-groups.ts';
import type { CompiledPlant, PlantCondition } from './compiled-plant.ts';
import { droppedRequirements } from './dropped-requirements.ts';
import { IdIndex } from './id-index.ts';
import { orderTwins, type TwinOrder } from './order-twins.ts';
import { packGroups } from './pack-groups.ts';
import { shapeComponents } from './shape-components.ts';
import { sharedFloat64, sharedInt32, sharedUint8, toSharedInt32, toSharedUint8 } from './shared-arrays.ts';
import { finish, ITEMS_PER_STEP, NUMBERS_PER_STEP, type Steps } from './steps.ts';
import type { ImpactInputs, ImpactTwin } from './types.ts';

export interface Compilation {
  readonly plant: CompiledPlant;
  readonly condition: PlantCondition;
}

/** @throws LinchpinError NOT_FOUND for a relationship whose twin is not among the twins. */
export function compilePlant(inputs: ImpactInputs): Compilation {
  return finish(compileInSteps(inputs));
}

/** The inputs are gone through as the steps go: their structure must stay as it is meanwhile. */
export function* compileInSteps(inputs: ImpactInputs): Steps<Compilation> {
  const draft = yield* GroupCollector.collect(inputs);
  const order = yield* orderTwins(draft);
  const packed = yield* packGroups(draft, order);
  const { twins, ids, kind, isolates } = yield* twinsInOrder(draft, order);
  const shapes = yield* shapeComponents({ ...packed, ...order, twinCount: twins.length });
  yield;
  const relationshipMembers = yield* membersByRelationship(draft.relationships.length, packed.memberRelationship);
  yield;
  const joints = packJoints(draft, order);
  yield;
  const relationshipIds: string[] = [];
  for (const { id } of draft.relationships) {
    relationshipIds.push(id);
    if (relationshipIds.length % ITEMS_PER_STEP === 0) yield;
  }
  const relationshipIndexById = yield* IdIndex.inSteps(relationshipIds);
  const relationshipIsSupply = toSharedUint8(draft.relationshipIsSupply);
  const dropped = yield* droppedRequirements(draft);
  // The map by number of arrival becomes the one by new number: another of that size would grow, each time in one turn.
  const { indexById } = draft;
  for (let index = 0; index < ids.length; index += 1) {
    indexById.set(ids[index] as string, index);
    if (index % ITEMS_PER_STEP === 0) yield;
  }
  const plant: CompiledPlant = {
    twinCount: twins.length,
    groupCount: draft.groupCount,
    memberCount: draft.memberCount,
    relationshipCount: draft.relationships.length,
    componentCount: order.componentCount,
    ids,
    indexById,
    kind,
    isolates,
    ...packed,
    relationshipIds,
    relationshipIndexById,
    relationshipIsSupply,
    relationshipMembers,
    componentOf: order.componentOf,
    componentStart: order.componentStart,
    ...shapes,
    joints,
    dropped,
  };
  return { plant, condition: yield* conditionOf(twins, draft.relationships) };
}

interface OrderedTwins extends Pick<CompiledPlant, 'ids' | 'kind' | 'isolates'> {
  readonly twins: readonly ImpactTwin[];
}

function* twinsInOrder(draft: GroupCollector, { oldTwin }: TwinOrder): Steps<OrderedTwins> {
  const twins: ImpactTwin[] = [];
  const ids: string[] = [];
  const kind = sharedUint8(oldTwin.length);
  const isolates = sharedUint8(oldTwin.length);
  for (let index = 0; index < oldTwin.length; index += 1) {
    if (index % ITEMS_PER_STEP === 0) yield;
    const twin = draft.twins[oldTwin[index] as number] as ImpactTwin;
    twins.push(twin);
    ids.push(twin.id);
    kind[index] = TWIN_KINDS.indexOf(twin.kind);
    isolates[index] = twin.isolates ? 1 : 0;
  }
  return { twins, ids, kind, isolates };
}

function* membersByRelationship(relationshipCount: number, memberRelationship: Int32Array): Steps<Int32Array> {
  const members = sharedInt32(2 * relationshipCount).fill(-1);
  for (let member = 0; member < memberRelationship.length; member += 1) {
    if (member % NUMBERS_PER_STEP === 0) yield;
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

function* conditionOf(twins: readonly ImpactTwin[], relationships: readonly Relationship[]): Steps<PlantCondition> {
  const condition = {
    health: sharedUint8(twins.length),
    planned: sharedUint8(twins.length),
    closed: sharedUint8(twins.length),
    criticality: sharedFloat64(twins.length),
    relationshipClosed: sharedUint8(relationships.length),
  };
  for (let index = 0; index < twins.length; index += 1) {
    if (index % ITEMS_PER_STEP === 0) yield;
    const twin = twins[index] as ImpactTwin;
    condition.health[index] = OPERATIONAL_STATES.indexOf(twin.health);
    condition.planned[index] = twin.planned ? 1 : 0;
    condition.closed[index] = twin.closed ? 1 : 0;
    condition.criticality[index] = twin.criticality;
  }
  for (let index = 0; index < relationships.length; index += 1) {
    if (index % ITEMS_PER_STEP === 0) yield;
    condition.relationshipClosed[index] = (relationships[index] as Relationship).closed ? 1 : 0;
  }
  return condition;
}
