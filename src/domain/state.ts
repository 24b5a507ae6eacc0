/** Health, state and the other closed sets of words, in the order that "worst of" needs. */

export const TWIN_KINDS = ['ASSET', 'PROCESS', 'SYSTEM'] as const;
export type TwinKind = (typeof TWIN_KINDS)[number];

/** From best to worst as a twin's own condition: UNKNOWN is worse than OPERATIONAL and better than DEGRADED (IMPACT.md 1). */
export const OPERATIONAL_STATES = ['OPERATIONAL', 'UNKNOWN', 'DEGRADED', 'DOWN'] as const;
export type OperationalState = (typeof OPERATIONAL_STATES)[number];

const RANK: Record<OperationalState, number> = { OPERATIONAL: 0, UNKNOWN: 1, DEGRADED: 2, DOWN: 3 };

/** The worse of two conditions, in the order OPERATIONAL, UNKNOWN, DEGRADED, DOWN. */
export function worseOf(a: OperationalState, b: OperationalState): OperationalState {
  return RANK[a] >= RANK[b] ? a : b;
}

export const CONNECTIVITIES = ['ONLINE', 'STALE', 'OFFLINE', 'NEVER_SEEN'] as const;
export type Connectivity = (typeof CONNECTIVITIES)[number];

export const QUALITIES = ['GOOD', 'UNCERTAIN', 'BAD'] as const;
export type Quality = (typeof QUALITIES)[number];

export const REQUIREMENT_MODES = ['SUPPLY', 'SUSTAIN'] as const;
export type RequirementMode = (typeof REQUIREMENT_MODES)[number];

export const CONDUCTION_ROLES = ['SOURCE', 'CONDUCTOR', 'CONSUMER'] as const;
export type ConductionRole = (typeof CONDUCTION_ROLES)[number];

export const IMPACT_DIRECTIONS = ['SOURCE_TO_TARGET', 'TARGET_TO_SOURCE', 'BOTH', 'NONE'] as const;
export type ImpactDirection = (typeof IMPACT_DIRECTIONS)[number];

export const COMPARISONS = ['ABOVE', 'BELOW', 'EQUAL', 'NOT_EQUAL'] as const;
export type Comparison = (typeof COMPARISONS)[number];
