/**
 * Requirement groups from relationships and declarations (IMPACT.md 2), in growing lists, numbered in order of arrival.
 *
 * What a relationship's type leaves open is settled here: which end needs which, in which group, with which thresholds.
 */
import { notFound } from '../domain/errors.ts';
import type { Relationship, RelationshipType } from '../domain/relationship.ts';
import type { ConductionRole } from '../domain/state.ts';
import type { Requirement } from '../domain/twin.ts';
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

/** A requirement, or a part in a network, that no relationship goes with: it is not judged. */
export interface DroppedRequirement {
  readonly twin: string;
  /** null: a part in a network of `medium`. */
  readonly group: string | null;
  readonly medium: string | null;
}

/** What a relationship says about the group that it belongs to. */
interface GroupPart {
  readonly owner: number;
  readonly name: string;
  readonly medium: string | null;
  readonly declared: Requirement | null;
  readonly isSupply: boolean;
  readonly isSoft: boolean;
  readonly isConduction: boolean;
}

interface DraftGroup extends GroupPart {
  isSupply: boolean;
  isSoft: boolean;
  isConduction: boolean;
  readonly index: number;
  /** Next group of the same owner that further relationships can join; null at the last. */
  readonly next: DraftGroup | null;
}

/** What needs what, before it is numbered and packed. */
export class GroupCollector {
  readonly twins: ImpactTwin[] = [];
  readonly indexById = new Map<string, number>();
  readonly groups: DraftGroup[] = [];
  readonly memberGroup: number[] = [];
  readonly memberTwin: number[] = [];
  readonly memberShare: number[] = [];
  readonly memberRelationship: number[] = [];
  readonly standbyMsByMember = new Map<number, number>();
  readonly relationships: Relationship[] = [];
  readonly relationshipIsSupply: boolean[] = [];
  /** Indexes into `relationships` of those that are part of a network. */
  readonly networkJoints: number[] = [];
  readonly #joinable: (DraftGroup | null)[] = [];

  constructor({ twins, relationships, typeByName }: ImpactInputs) {
    for (const twin of twins) {
      this.indexById.set(twin.id, this.twins.length);
      this.twins.push(twin);
      this.#joinable.push(null);
    }
    for (const relationship of relationships) {
      const type = typeByName.get(relationship.type);
      if (type) this.#add(relationship, type);
    }
  }

  #add(relationship: Relationship, type: RelationshipType): void {
    if (type.impact === 'NONE' || type.mode === null) return;
    const source = this.#indexOf(relationship.source);
    const target = this.#indexOf(relationship.target);
    const index = this.relationships.push(relationship) - 1;
    this.relationshipIsSupply.push(type.mode === 'SUPPLY');
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
    const { group: name, medium } = this.relationships[index] as Relationship;
    const declared = this.#declaration(owner, name, medium);
    if (type.name === 'PART_OF' && !declared) return;
    const part: GroupPart = {
      owner,
      name: name ?? type.name,
      medium,
      declared,
      isSupply: (declared?.mode ?? type.mode) === 'SUPPLY',
      isSoft: declared ? declared.soft : type.soft,
      isConduction: false,
    };
    this.#addMember(name === null ? this.#open(part, null) : this.#openOrJoin(part), member, index);
  }

  /** `owner` is in a network with `neighbour`, which can conduct to it if `isToOwner`. */
  #join(index: number, owner: number, neighbour: number, isToOwner: boolean): void {
    const { group: name, medium } = this.relationships[index] as Relationship;
    if (this.role(owner, medium) === 'SOURCE') return;
    const declared = this.#declaration(owner, name, medium);
    const group = this.#openOrJoin({
      owner,
      name: declared ? declared.group : CONDUCTION_GROUP,
      medium,
      declared,
      isSupply: true,
      isSoft: declared?.soft ?? false,
      isConduction: true,
    });
    if (isToOwner && this.role(neighbour, medium) !== 'CONSUMER') this.#addMember(group, neighbour, index);
  }

  #addMember(group: DraftGroup, member: number, relationship: number): void {
    const { share, standbyDelayMs } = this.relationships[relationship] as Relationship;
    const index = this.memberGroup.push(group.index) - 1;
    this.memberTwin.push(member);
    this.memberShare.push(Math.min(share ?? 1, MOST_SHARES));
    this.memberRelationship.push(relationship);
    // Without a delay a standby is there like any other member.
    if (standbyDelayMs !== null && standbyDelayMs > 0) this.standbyMsByMember.set(index, standbyDelayMs);
  }

  #openOrJoin(part: GroupPart): DraftGroup {
    const first = this.#joinable[part.owner] ?? null;
    for (let group = first; group !== null; group = group.next) {
      if (group.name !== part.name || group.medium !== part.medium || group.declared !== part.declared) continue;
      if (part.declared === null && group.isConduction !== part.isConduction) continue;
      // Members of both modes in one group: it must hold as supply, the stricter reading.
      group.isSupply ||= part.isSupply;
      group.isSoft &&= part.isSoft;
      group.isConduction &&= part.isConduction;
      return group;
    }
    const opened = this.#open(part, first);
    this.#joinable[part.owner] = opened;
    return opened;
  }

  #open(part: GroupPart, next: DraftGroup | null): DraftGroup {
    const opened: DraftGroup = { ...part, index: this.groups.length, next };
    this.groups.push(opened);
    return opened;
  }

  /** A requirement of that very medium wins over one of every medium. */
  #declaration(owner: number, group: string | null, medium: string | null): Requirement | null {
    if (group === null) return null;
    let ofEveryMedium: Requirement | null = null;
    for (const requirement of (this.twins[owner] as ImpactTwin).requirements) {
      if (requirement.group !== group) continue;
      if (requirement.medium === medium) return requirement;
      if (requirement.medium === null) ofEveryMedium ??= requirement;
    }
    return ofEveryMedium;
  }

  /** The part of a twin (by number of arrival) in the networks of a medium. */
  role(twin: number, medium: string | null): ConductionRole {
    let ofEveryMedium: ConductionRole | null = null;
    for (const part of (this.twins[twin] as ImpactTwin).conduction) {
      if (part.medium === medium) return part.role;
      if (part.medium === null) ofEveryMedium ??= part.role;
    }
    return ofEveryMedium ?? 'CONDUCTOR';
  }

  /** Requirements without any relationship, and parts in networks that the twin is not joined to. */
  dropped(): DroppedRequirement[] {
    const used = new Set<Requirement>();
    for (const { declared } of this.groups) if (declared) used.add(declared);
    const mediaByTwin = new Map<number, Set<string | null>>();
    for (const joint of this.networkJoints) {
      const { source, target, medium } = this.relationships[joint] as Relationship;
      for (const id of [source, target]) {
        const twin = this.#indexOf(id);
        const media = mediaByTwin.get(twin);
        if (media) media.add(medium);
        else mediaByTwin.set(twin, new Set([medium]));
      }
    }
    const dropped: DroppedRequirement[] = [];
    for (const [index, { id, requirements, conduction }] of this.twins.entries()) {
      for (const requirement of requirements)
        if (!used.has(requirement)) dropped.push({ twin: id, group: requirement.group, medium: requirement.medium });
      for (const { medium, role } of conduction) {
        const media = mediaByTwin.get(index);
        const isJoined = medium === null ? media !== undefined : media?.has(medium);
        if (role !== 'SOURCE' && !isJoined) dropped.push({ twin: id, group: null, medium });
      }
    }
    return dropped;
  }
}

/** Shares are kept in 32 bits. */
export const MOST_SHARES = 2_147_483_647;
