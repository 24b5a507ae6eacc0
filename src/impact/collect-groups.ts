/**
 * Requirement groups from relationships and declarations (IMPACT.md 2), numbered in order of arrival.
 *
 * What a relationship's type leaves open is settled here: which end needs which, in which group, with which thresholds.
 * Groups and memberships are rows over several lists: as objects, half a million of them would keep the collector of
 * garbage busy for longer than all the rest takes.
 */
import { notFound } from '../domain/errors.ts';
import type { Relationship, RelationshipType } from '../domain/relationship.ts';
import type { ConductionRole } from '../domain/state.ts';
import type { Requirement } from '../domain/twin.ts';
import { gather, ITEMS_PER_STEP, type Steps } from './steps.ts';
import type { ImpactInputs, ImpactTwin } from './types.ts';

/** Bits of a group's flags. */
export const GROUP_SUPPLY = 1;
/** Can cost at most DEGRADED. */
export const GROUP_SOFT = 2;
/** Formed by a network of CONNECTED_TO: asks for nothing while its owner is open. */
export const GROUP_CONDUCTION = 4;
export const GROUP_HOLD_UP = 8;
export const GROUP_STANDBY = 16;
/** Declared, and some member can be lost while all others are there. */
export const GROUP_REDUNDANT = 32;
/** The owner declares a requirement of this name. */
export const GROUP_DECLARED = 64;
/** A twin is in it by several relationships. */
export const GROUP_REPEATED = 128;

/** Name of the group that a network forms where none is declared. */
export const CONDUCTION_GROUP = 'CONNECTED_TO';

/** Shares are kept in 32 bits. */
export const MOST_SHARES = 2_147_483_647;

/** What needs what, before it is sorted and packed. */
export class GroupCollector {
  readonly twins: readonly ImpactTwin[];
  readonly relationships: readonly Relationship[];
  readonly indexById = new Map<string, number>();
  /** Names of groups and media. */
  readonly names: string[] = [];

  groupCount = 0;
  readonly groupOwner: Int32Array;
  /** Index into names. */
  readonly groupName: Int32Array;
  /** Index into names; -1: none. */
  readonly groupMedium: Int32Array;
  /** GROUP_SUPPLY, GROUP_SOFT, GROUP_CONDUCTION and GROUP_DECLARED. */
  readonly groupFlags: Uint8Array;
  /** Position among the owner's requirements; -1: not declared. */
  readonly groupRequirement: Int32Array;

  memberCount = 0;
  readonly memberGroup: Int32Array;
  readonly memberTwin: Int32Array;
  readonly memberRelationship: Int32Array;
  readonly relationshipIsSupply: Uint8Array;
  /** Indexes of the relationships that are part of a network. */
  readonly networkJoints: number[] = [];

  readonly #nameIndex = new Map<string, number>();
  /** By owner: the last group that further relationships can join; -1: none. */
  readonly #joinable: Int32Array;
  /** By group: the one that was joinable before it. */
  readonly #nextJoinable: Int32Array;

  private constructor(twins: readonly ImpactTwin[], relationships: readonly Relationship[], columns: Columns) {
    this.twins = twins;
    this.relationships = relationships;
    this.groupOwner = columns.groupOwner;
    this.groupName = columns.groupName;
    this.groupMedium = columns.groupMedium;
    this.groupRequirement = columns.groupRequirement;
    this.memberGroup = columns.memberGroup;
    this.memberTwin = columns.memberTwin;
    this.memberRelationship = columns.memberRelationship;
    this.#nextJoinable = columns.nextJoinable;
    this.groupFlags = new Uint8Array(2 * relationships.length);
    this.relationshipIsSupply = new Uint8Array(relationships.length);
    this.#joinable = new Int32Array(twins.length).fill(-1);
  }

  /** @throws LinchpinError NOT_FOUND for a relationship whose twin is not among the twins. */
  static *collect(inputs: ImpactInputs): Steps<GroupCollector> {
    const twins = yield* gather(inputs.twins);
    const relationships = yield* impactRelationships(inputs);
    const collector = new GroupCollector(twins, relationships, yield* columnsOf(2 * relationships.length));
    for (let index = 0; index < twins.length; index += 1) {
      collector.indexById.set((twins[index] as ImpactTwin).id, index);
      if (index % ITEMS_PER_STEP === 0) yield;
    }
    for (let index = 0; index < relationships.length; index += 1) {
      const { type } = relationships[index] as Relationship;
      collector.#add(index, inputs.typeByName.get(type) as RelationshipType);
      if (index % ITEMS_PER_STEP === 0) yield;
    }
    return collector;
  }

  #add(index: number, type: RelationshipType): void {
    const relationship = this.relationships[index] as Relationship;
    const source = this.#indexOf(relationship.source);
    const target = this.#indexOf(relationship.target);
    this.relationshipIsSupply[index] = type.mode === 'SUPPLY' ? 1 : 0;
    if (type.impact === 'BOTH' && type.mode === 'SUPPLY') {
      this.networkJoints.push(index);
      this.#join(index, target, source, true);
      if (source !== target) this.#join(index, source, target, !relationship.oneWay);
      return;
    }
    if (type.impact !== 'TARGET_TO_SOURCE') this.#need(index, type, target, source);
    if (type.impact !== 'SOURCE_TO_TARGET' && (type.impact !== 'BOTH' || source !== target))
      this.#need(index, type, source, target);
  }

  #indexOf(id: string): number {
    const index = this.indexById.get(id);
    if (index === undefined) throw notFound('twin', id);
    return index;
  }

  /** `owner` needs `member`. */
  #need(index: number, type: RelationshipType, owner: number, member: number): void {
    const { group, medium } = this.relationships[index] as Relationship;
    const requirement = this.#requirement(owner, group, medium);
    if (type.name === 'PART_OF' && requirement === -1) return;
    const declared = this.#declared(owner, requirement);
    const flags =
      ((declared?.mode ?? type.mode) === 'SUPPLY' ? GROUP_SUPPLY : 0) |
      ((declared ? declared.soft : type.soft) ? GROUP_SOFT : 0) |
      (declared ? GROUP_DECLARED : 0);
    const name = this.#indexOfName(group ?? type.name);
    const joined =
      group === null
        ? this.#open(owner, name, this.#indexOfMedium(medium), flags, -1)
        : this.#openOrJoin(owner, name, this.#indexOfMedium(medium), flags, requirement);
    this.#addMember(joined, member, index);
  }

  /** `owner` is in a network with `neighbour`, which can conduct to it if `isToOwner`. */
  #join(index: number, owner: number, neighbour: number, isToOwner: boolean): void {
    const { group, medium } = this.relationships[index] as Relationship;
    if (this.role(owner, medium) === 'SOURCE') return;
    const requirement = this.#requirement(owner, group, medium);
    const declared = this.#declared(owner, requirement);
    const flags = GROUP_SUPPLY | GROUP_CONDUCTION | (declared?.soft ? GROUP_SOFT : 0) | (declared ? GROUP_DECLARED : 0);
    const name = this.#indexOfName(declared ? declared.group : CONDUCTION_GROUP);
    const joined = this.#openOrJoin(owner, name, this.#indexOfMedium(medium), flags, requirement);
    if (isToOwner && this.role(neighbour, medium) !== 'CONSUMER') this.#addMember(joined, neighbour, index);
  }

  #addMember(group: number, member: number, relationship: number): void {
    this.memberGroup[this.memberCount] = group;
    this.memberTwin[this.memberCount] = member;
    this.memberRelationship[this.memberCount] = relationship;
    this.memberCount += 1;
  }

  #openOrJoin(owner: number, name: number, medium: number, flags: number, requirement: number): number {
    const first = this.#joinable[owner] as number;
    for (let group = first; group !== -1; group = this.#nextJoinable[group] as number) {
      if (this.groupName[group] !== name || this.groupMedium[group] !== medium) continue;
      if (this.groupRequirement[group] !== requirement) continue;
      const known = this.groupFlags[group] as number;
      // What nobody declares, a network does not share with other relationships that happen to name it.
      if (requirement === -1 && (known ^ flags) & GROUP_CONDUCTION) continue;
      // Members of both modes in one group: it must hold as supply, the stricter reading.
      this.groupFlags[group] = (known & flags) | ((known | flags) & GROUP_SUPPLY);
      return group;
    }
    const opened = this.#open(owner, name, medium, flags, requirement);
    this.#nextJoinable[opened] = first;
    this.#joinable[owner] = opened;
    return opened;
  }

  #open(owner: number, name: number, medium: number, flags: number, requirement: number): number {
    const group = this.groupCount;
    this.groupOwner[group] = owner;
    this.groupName[group] = name;
    this.groupMedium[group] = medium;
    this.groupFlags[group] = flags;
    this.groupRequirement[group] = requirement;
    this.groupCount += 1;
    return group;
  }

  #indexOfMedium(medium: string | null): number {
    return medium === null ? -1 : this.#indexOfName(medium);
  }

  #indexOfName(name: string): number {
    const known = this.#nameIndex.get(name);
    if (known !== undefined) return known;
    const index = this.names.push(name) - 1;
    this.#nameIndex.set(name, index);
    return index;
  }

  /** Position of the owner's requirement that the group goes by; -1: none. One of that very medium wins over one of every medium. */
  #requirement(owner: number, group: string | null, medium: string | null): number {
    if (group === null) return -1;
    const { requirements } = this.twins[owner] as ImpactTwin;
    let ofEveryMedium = -1;
    for (let at = 0; at < requirements.length; at += 1) {
      const requirement = requirements[at] as Requirement;
      if (requirement.group !== group) continue;
      if (requirement.medium === medium) return at;
      if (requirement.medium === null && ofEveryMedium === -1) ofEveryMedium = at;
    }
    return ofEveryMedium;
  }

  #declared(owner: number, requirement: number): Requirement | undefined {
    return requirement === -1 ? undefined : (this.twins[owner] as ImpactTwin).requirements[requirement];
  }

  /** The requirement that the group goes by; undefined: it is not declared. */
  requirementOf(group: number): Requirement | undefined {
    return this.#declared(this.groupOwner[group] as number, this.groupRequirement[group] as number);
  }

  /** The part of a twin in the networks of a medium. */
  role(twin: number, medium: string | null): ConductionRole {
    let ofEveryMedium: ConductionRole | null = null;
    for (const part of (this.twins[twin] as ImpactTwin).conduction) {
      if (part.medium === medium) return part.role;
      if (part.medium === null) ofEveryMedium ??= part.role;
    }
    return ofEveryMedium ?? 'CONDUCTOR';
  }
}

interface Columns
  extends Pick<
    GroupCollector,
    | 'groupOwner'
    | 'groupName'
    | 'groupMedium'
    | 'groupRequirement'
    | 'memberGroup'
    | 'memberTwin'
    | 'memberRelationship'
  > {
  readonly nextJoinable: Int32Array;
}

/** Each is some megabytes of zeros, and a step. */
function* columnsOf(rows: number): Steps<Columns> {
  function* column(): Steps<Int32Array> {
    yield;
    return new Int32Array(rows);
  }
  return {
    groupOwner: yield* column(),
    groupName: yield* column(),
    groupMedium: yield* column(),
    groupRequirement: yield* column(),
    memberGroup: yield* column(),
    memberTwin: yield* column(),
    memberRelationship: yield* column(),
    nextJoinable: yield* column(),
  };
}

/** Those of types that outages travel over. */
function* impactRelationships({ relationships, typeByName }: ImpactInputs): Steps<Relationship[]> {
  const kept: Relationship[] = [];
  let seen = 0;
  for (const relationship of relationships) {
    seen += 1;
    if (seen % ITEMS_PER_STEP === 0) yield;
    const type = typeByName.get(relationship.type);
    if (type && type.impact !== 'NONE' && type.mode !== null) kept.push(relationship);
  }
  return kept;
}
