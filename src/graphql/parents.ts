/** What resolvers hand to the resolvers below them, where that is neither a domain type nor an answer of a verb. */
import type { QuarantinedTwin } from '../application/quarantine.ts';
import type { ScenarioResult, TwinStatus } from '../application/application.ts';
import type { ImpactCounts } from '../application/summarize-impact.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';
import type { AffectedTwin, CriticalityRow, RequirementStatus, ScenarioAnswer } from '../impact/types.ts';
import type { Reach, ReachEntry } from '../topology/reach.ts';
import type { Page } from './connections.ts';

export interface StatusParent extends TwinStatus {
  readonly id: string;
}

export type RequirementMemberParent = RequirementStatus['members'][number];

export type TwinPage = Page<Twin>;
export type RelationshipPage = Page<Relationship>;
export type CriticalityPage = Page<CriticalityRow>;
/** What a commit did to one model, twin or relationship. */
export interface AuditChangeParent {
  readonly kind: 'MODEL' | 'TWIN' | 'RELATIONSHIP';
  readonly id: string;
  readonly before: PropertyValue;
  readonly after: PropertyValue;
}

export type QuarantinePage = Page<QuarantinedTwin>;
export type AffectedPage = Page<AffectedParent>;

/** Complete and limit are those of the whole walk. */
export type ReachPage = Page<ReachEntry> & Pick<Reach, 'complete' | 'limit'>;

export type ImpactSummaryParent = ImpactCounts & Pick<ScenarioResult, 'answer'>;

/** An affected twin with the answer that explains it. */
export interface AffectedParent {
  readonly affected: AffectedTwin;
  readonly answer: ScenarioAnswer;
}

export type CutSetParent = readonly string[];
