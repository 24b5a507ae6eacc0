/**
 * The plant in flat arrays, as everything in src/impact reads it (IMPACT.md 2 and 9).
 *
 * Twins, groups, memberships and relationships have numbers; ids appear only at the borders. Twins are numbered so that
 * what a twin needs has a smaller number than itself, or is in the same component: whoever goes through the twins in
 * order meets every need before its dependents, except inside loops. Nothing here changes after compilation: conditions
 * are in PlantCondition, results in PlantState. All numbers are on shared memory: a worker reads them without a copy.
 */
import type { DroppedRequirement } from './dropped-requirements.ts';
import type { IdIndex } from './id-index.ts';

/** How a group's members add up; all three mean the thresholds, the first two say it shorter. */
export const RULE_ALL = 0;
/** Any one member reaches full. */
export const RULE_ANY = 1;
/** Shares must be counted against groupMin and groupFull. */
export const RULE_COUNT = 2;

/** Bits of a component's shape. */
/** More than one twin, or a twin that needs itself. */
export const SHAPE_LOOP = 1;
/** A SUSTAIN membership joins two twins of it. */
export const SHAPE_SUSTAIN = 2;
/** Its SUPPLY memberships alone form a loop. */
export const SHAPE_SUPPLY_LOOP = 4;
/** Some group tells the two cuts apart: soft, or min below full. */
export const SHAPE_GRADED = 8;
/** Some group has a hold-up or standby members. */
export const SHAPE_TIMED = 16;

/**
 * Sizes: T twins, G groups, M memberships, R relationships that matter to impact, C components, N media.
 * A range `starts[i] … starts[i + 1] - 1` belongs to item i.
 */
export interface CompiledPlant {
  readonly twinCount: number;
  readonly groupCount: number;
  readonly memberCount: number;
  readonly relationshipCount: number;
  readonly componentCount: number;

  /** [T] */
  readonly ids: readonly string[];
  readonly indexById: ReadonlyMap<string, number>;
  /** [T] index into TWIN_KINDS. */
  readonly kind: Uint8Array;
  /** [T] 1: can isolate a fault (breaker, valve, switch). */
  readonly isolates: Uint8Array;

  /** [T + 1] The groups of twin t, all of which must hold, are groupStart[t] … groupStart[t + 1] - 1. */
  readonly groupStart: Int32Array;
  /** [G] */
  readonly groupOwner: Int32Array;
  /** [G] RULE_ALL, RULE_ANY or RULE_COUNT. */
  readonly groupRule: Uint8Array;
  /** [G] GROUP_… bits. */
  readonly groupFlags: Uint8Array;
  /** [G] Shares that cut 1 needs; soft groups hold at cut 1 whatever this says. */
  readonly groupMin: Int32Array;
  /** [G] Shares that cut 2 needs; never less than groupMin, and above the sum where it cannot be reached. */
  readonly groupFull: Int32Array;
  /** [G] index into names: the declared name; for a relationship without a group, its type. */
  readonly groupName: Int32Array;
  /** [G] index into names; -1: no medium. */
  readonly groupMedium: Int32Array;
  readonly names: readonly string[];
  /** Hold-up times charge, in milliseconds, of the groups with GROUP_HOLD_UP. */
  readonly holdUpMsByGroup: ReadonlyMap<number, number>;

  /** [G + 1] The memberships of group g are memberStart[g] … memberStart[g + 1] - 1; so, those of twin t are one range, too. */
  readonly memberStart: Int32Array;
  /** [M] */
  readonly memberTwin: Int32Array;
  /** [M] at least 1. */
  readonly memberShare: Int32Array;
  /** [M] */
  readonly memberGroup: Int32Array;
  /** [M] */
  readonly memberRelationship: Int32Array;
  /** Delay in milliseconds (above 0) of the memberships that are standbys. */
  readonly standbyMsByMember: ReadonlyMap<number, number>;

  /** [T + 1] The memberships of twin t in others' groups are dependentMember[dependentStart[t]] …; the owner: groupOwner[memberGroup[m]]. */
  readonly dependentStart: Int32Array;
  /** [M] membership numbers. */
  readonly dependentMember: Int32Array;

  /** [R] Relationships of types that outages travel over. */
  readonly relationshipIds: readonly string[];
  readonly relationshipIndexById: IdIndex;
  /** [R] 1: mode SUPPLY; it can be opened and closed. */
  readonly relationshipIsSupply: Uint8Array;
  /** [2 R] The memberships that relationship r makes are at 2 r and 2 r + 1; -1: none. */
  readonly relationshipMembers: Int32Array;

  /** [T] */
  readonly componentOf: Int32Array;
  /** [C + 1] The twins of component c are componentStart[c] … componentStart[c + 1] - 1. */
  readonly componentStart: Int32Array;
  /** [C] SHAPE_… bits. */
  readonly componentShape: Uint8Array;
  /** Components with SHAPE_SUSTAIN, ascending. */
  readonly sustainLoops: Int32Array;
  /** Components with SHAPE_TIMED, ascending. */
  readonly timedComponents: Int32Array;

  /** Relationships of networks of CONNECTED_TO (and types that behave like it): ends, medium (some number for each), number. */
  readonly joints: {
    readonly source: Int32Array;
    readonly target: Int32Array;
    readonly medium: Int32Array;
    readonly relationship: Int32Array;
    /** Bit 1: the source is a CONSUMER of the medium; bit 2: the target. */
    readonly consumers: Uint8Array;
  };

  readonly dropped: readonly DroppedRequirement[];
}

/** What changes without a change of structure. */
export interface PlantCondition {
  /** [T] index into OPERATIONAL_STATES: own health, without maintenance. */
  readonly health: Uint8Array;
  /** [T] 1: in maintenance. */
  readonly planned: Uint8Array;
  /** [T] 0: open, does not conduct. */
  readonly closed: Uint8Array;
  /** [T] */
  readonly criticality: Float64Array;
  /** [R] 0: open; means something where relationshipIsSupply. */
  readonly relationshipClosed: Uint8Array;
}

/** Twins that need another over the relationship: one, both its ends, or none. */
export function* ownersOver(plant: CompiledPlant, relationship: number): Generator<number> {
  for (let at = 2 * relationship; at < 2 * relationship + 2; at += 1) {
    const member = plant.relationshipMembers[at] as number;
    if (member !== -1) yield plant.groupOwner[plant.memberGroup[member] as number] as number;
  }
}

/** Memberships that the twins of the component have and are in. */
export function membershipsOf(plant: CompiledPlant, component: number): number {
  const { componentStart, groupStart, memberStart, dependentStart } = plant;
  const first = componentStart[component] as number;
  const end = componentStart[component + 1] as number;
  const has = (memberStart[groupStart[end] as number] as number) - (memberStart[groupStart[first] as number] as number);
  return has + (dependentStart[end] as number) - (dependentStart[first] as number);
}
