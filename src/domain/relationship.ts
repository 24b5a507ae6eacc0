/** A relationship between two twins, and the types with their meaning for impact (IMPACT.md 2). */
import type { PropertyValue } from './property.ts';
import type { ImpactDirection, RequirementMode } from './state.ts';

export interface Relationship {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly medium: string | null;
  readonly group: string | null;
  /** Whole number >= 1; null: 1. */
  readonly share: number | null;
  /** Milliseconds; null: counts at once. */
  readonly standbyDelayMs: number | null;
  /** CONNECTED_TO: whether it conducts. */
  readonly closed: boolean;
  /** CONNECTED_TO: conducts from source to target only. */
  readonly oneWay: boolean;
  readonly properties: { readonly [name: string]: PropertyValue };
  readonly revision: number;
}

export interface RelationshipType {
  readonly name: string;
  /** How outages travel over it. */
  readonly impact: ImpactDirection;
  /** null with impact NONE. */
  readonly mode: RequirementMode | null;
  /** Its default group can cost at most DEGRADED. */
  readonly soft: boolean;
  readonly description: string | null;
}

const type = (
  name: string,
  impact: ImpactDirection,
  mode: RequirementMode | null,
  description: string,
): RelationshipType => ({
  name,
  impact,
  mode,
  soft: false,
  description,
});

/** The types that every graph has; models can declare further ones. */
export const BUILT_IN_TYPES: readonly RelationshipType[] = [
  type('FEEDS', 'SOURCE_TO_TARGET', 'SUPPLY', 'The source supplies the target with a medium.'),
  type(
    'CONNECTED_TO',
    'BOTH',
    'SUPPLY',
    'The two are joined in the network of a medium; what reaches one can reach the other.',
  ),
  type('DEPENDS_ON', 'TARGET_TO_SOURCE', 'SUSTAIN', 'The source needs the target to run.'),
  type('SUPPORTS', 'SOURCE_TO_TARGET', 'SUSTAIN', 'The source keeps the target running.'),
  type('CONTROLS', 'SOURCE_TO_TARGET', 'SUSTAIN', 'The source controls the target.'),
  type(
    'PART_OF',
    'SOURCE_TO_TARGET',
    'SUSTAIN',
    'The source is a part of the target. Its outage counts only in a group that the target declares.',
  ),
  type('LOCATED_IN', 'TARGET_TO_SOURCE', 'SUSTAIN', 'The source is located in the target.'),
  type('MEASURES', 'NONE', null, 'The source measures the target.'),
];
