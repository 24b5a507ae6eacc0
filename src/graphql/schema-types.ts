// Generated from schema.graphql by scripts/generate-graphql-types.ts; do not edit.
// biome-ignore-all format: generated
/* oxlint-disable */
import type { PropertyValue } from '../domain/property.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Twin as TwinParent } from '../domain/twin.ts';
import type { Relationship as RelationshipParent, RelationshipType as RelationshipTypeParent } from '../domain/relationship.ts';
import type { Model as ModelParent, PropertyModel as PropertyModelParent, Limit as LimitParent } from '../domain/model.ts';
import type { HistoryPolicy as HistoryPolicyParent, Sample as SampleParent } from '../domain/history.ts';
import type { HistoryAnswer } from '../application/history-store.ts';
import type { PropertyRow } from './property-row.ts';
import type { StatusParent, RequirementMemberParent, TwinPage, RelationshipPage, ReachPage, AffectedPage, CriticalityPage, AffectedParent, ImpactSummaryParent, AuditChangeParent, QuarantinePage, CutSetParent } from './parents.ts';
import type { RequirementStatus, WitnessStep as WitnessStepParent, CriticalityRow, CutSetAnswer, RootCauseRow, ModelIssue as ModelIssueParent } from '../impact/types.ts';
import type { TwinPath, PathAnswer } from '../topology/paths.ts';
import type { ScenarioResult, TwinEvent as TwinChangeParent, StateEvent as StateChangeParent, TopologyEvent as TopologyChangeParent, ImpactEvent as ImpactEventParent, GapEvent as GapParent } from '../application/application.ts';
import type { AuditAnswer } from '../application/audit-log.ts';
import type { ChangeRecord } from '../domain/change.ts';
import type { QuarantinedTwin as QuarantinedTwinParent } from '../application/quarantine.ts';
import type { Reading } from '../domain/telemetry.ts';
import type { RequestContext } from './context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  DateTime: { input: number; output: number; }
  Duration: { input: number; output: number; }
  JSON: { input: PropertyValue; output: PropertyValue; }
};

export type TwinKind =
  | 'ASSET'
  | 'PROCESS'
  | 'SYSTEM';

export type OperationalState =
  | 'OPERATIONAL'
  | 'DEGRADED'
  | 'DOWN'
  | 'UNKNOWN';

export type Connectivity =
  | 'ONLINE'
  | 'STALE'
  | 'OFFLINE'
  | 'NEVER_SEEN';

export type Quality =
  | 'GOOD'
  | 'UNCERTAIN'
  | 'BAD';

export type Direction =
  | 'IN'
  | 'OUT'
  | 'BOTH';

export type Certainty =
  | 'CERTAIN'
  | 'POSSIBLE';

export type Twin = {
  readonly id: Scalars['ID']['output'];
  readonly kind: TwinKind;
  readonly name: Scalars['String']['output'];
  readonly description?: Maybe<Scalars['String']['output']>;
  readonly model?: Maybe<Model>;
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  readonly revision: Scalars['Int']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  readonly properties: ReadonlyArray<Property>;
  readonly property?: Maybe<Property>;
  readonly connectivity: Connectivity;
  readonly lastSeen?: Maybe<Scalars['DateTime']['output']>;
  readonly status: Status;
  readonly criticality: Scalars['Float']['output'];
  readonly conduction: ReadonlyArray<Conduction>;
  readonly closed: Scalars['Boolean']['output'];
  readonly requirements: ReadonlyArray<Requirement>;
  readonly parent?: Maybe<Twin>;
  readonly children: TwinConnection;
  readonly ancestors: ReadonlyArray<Twin>;
  readonly descendants: TwinConnection;
  readonly relationships: RelationshipConnection;
  readonly dependencies: ReachConnection;
  readonly dependents: ReachConnection;
  readonly input: Scalars['JSON']['output'];
  readonly history: ReadonlyArray<Sample>;
  readonly historyRange: HistoryRange;
  readonly valueAt?: Maybe<Sample>;
};


export type TwinPropertiesArgs = {
  names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};


export type TwinPropertyArgs = {
  name: Scalars['String']['input'];
};


export type TwinChildrenArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type TwinDescendantsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type TwinRelationshipsArgs = {
  direction?: InputMaybe<Direction>;
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type TwinDependenciesArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type TwinDependentsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type TwinHistoryArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type TwinHistoryRangeArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type TwinValueAtArgs = {
  property: Scalars['String']['input'];
  at: Scalars['DateTime']['input'];
};

export type Asset = Twin & {
  readonly id: Scalars['ID']['output'];
  readonly kind: TwinKind;
  readonly name: Scalars['String']['output'];
  readonly description?: Maybe<Scalars['String']['output']>;
  readonly model?: Maybe<Model>;
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  readonly revision: Scalars['Int']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  readonly properties: ReadonlyArray<Property>;
  readonly property?: Maybe<Property>;
  readonly connectivity: Connectivity;
  readonly lastSeen?: Maybe<Scalars['DateTime']['output']>;
  readonly status: Status;
  readonly criticality: Scalars['Float']['output'];
  readonly conduction: ReadonlyArray<Conduction>;
  readonly closed: Scalars['Boolean']['output'];
  readonly requirements: ReadonlyArray<Requirement>;
  readonly parent?: Maybe<Twin>;
  readonly children: TwinConnection;
  readonly ancestors: ReadonlyArray<Twin>;
  readonly descendants: TwinConnection;
  readonly relationships: RelationshipConnection;
  readonly dependencies: ReachConnection;
  readonly dependents: ReachConnection;
  readonly input: Scalars['JSON']['output'];
  readonly history: ReadonlyArray<Sample>;
  readonly historyRange: HistoryRange;
  readonly valueAt?: Maybe<Sample>;
};


export type AssetPropertiesArgs = {
  names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};


export type AssetPropertyArgs = {
  name: Scalars['String']['input'];
};


export type AssetChildrenArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type AssetDescendantsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type AssetRelationshipsArgs = {
  direction?: InputMaybe<Direction>;
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type AssetDependenciesArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type AssetDependentsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type AssetHistoryArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type AssetHistoryRangeArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type AssetValueAtArgs = {
  property: Scalars['String']['input'];
  at: Scalars['DateTime']['input'];
};

export type Process = Twin & {
  readonly id: Scalars['ID']['output'];
  readonly kind: TwinKind;
  readonly name: Scalars['String']['output'];
  readonly description?: Maybe<Scalars['String']['output']>;
  readonly model?: Maybe<Model>;
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  readonly revision: Scalars['Int']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  readonly properties: ReadonlyArray<Property>;
  readonly property?: Maybe<Property>;
  readonly connectivity: Connectivity;
  readonly lastSeen?: Maybe<Scalars['DateTime']['output']>;
  readonly status: Status;
  readonly criticality: Scalars['Float']['output'];
  readonly conduction: ReadonlyArray<Conduction>;
  readonly closed: Scalars['Boolean']['output'];
  readonly requirements: ReadonlyArray<Requirement>;
  readonly parent?: Maybe<Twin>;
  readonly children: TwinConnection;
  readonly ancestors: ReadonlyArray<Twin>;
  readonly descendants: TwinConnection;
  readonly relationships: RelationshipConnection;
  readonly dependencies: ReachConnection;
  readonly dependents: ReachConnection;
  readonly input: Scalars['JSON']['output'];
  readonly history: ReadonlyArray<Sample>;
  readonly historyRange: HistoryRange;
  readonly valueAt?: Maybe<Sample>;
};


export type ProcessPropertiesArgs = {
  names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};


export type ProcessPropertyArgs = {
  name: Scalars['String']['input'];
};


export type ProcessChildrenArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type ProcessDescendantsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type ProcessRelationshipsArgs = {
  direction?: InputMaybe<Direction>;
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type ProcessDependenciesArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type ProcessDependentsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type ProcessHistoryArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type ProcessHistoryRangeArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type ProcessValueAtArgs = {
  property: Scalars['String']['input'];
  at: Scalars['DateTime']['input'];
};

export type System = Twin & {
  readonly id: Scalars['ID']['output'];
  readonly kind: TwinKind;
  readonly name: Scalars['String']['output'];
  readonly description?: Maybe<Scalars['String']['output']>;
  readonly model?: Maybe<Model>;
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  readonly revision: Scalars['Int']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  readonly properties: ReadonlyArray<Property>;
  readonly property?: Maybe<Property>;
  readonly connectivity: Connectivity;
  readonly lastSeen?: Maybe<Scalars['DateTime']['output']>;
  readonly status: Status;
  readonly criticality: Scalars['Float']['output'];
  readonly conduction: ReadonlyArray<Conduction>;
  readonly closed: Scalars['Boolean']['output'];
  readonly requirements: ReadonlyArray<Requirement>;
  readonly parent?: Maybe<Twin>;
  readonly children: TwinConnection;
  readonly ancestors: ReadonlyArray<Twin>;
  readonly descendants: TwinConnection;
  readonly relationships: RelationshipConnection;
  readonly dependencies: ReachConnection;
  readonly dependents: ReachConnection;
  readonly input: Scalars['JSON']['output'];
  readonly history: ReadonlyArray<Sample>;
  readonly historyRange: HistoryRange;
  readonly valueAt?: Maybe<Sample>;
};


export type SystemPropertiesArgs = {
  names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};


export type SystemPropertyArgs = {
  name: Scalars['String']['input'];
};


export type SystemChildrenArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type SystemDescendantsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type SystemRelationshipsArgs = {
  direction?: InputMaybe<Direction>;
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type SystemDependenciesArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type SystemDependentsArgs = {
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TwinFilter>;
};


export type SystemHistoryArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type SystemHistoryRangeArgs = {
  property: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
  to?: InputMaybe<Scalars['DateTime']['input']>;
  every?: InputMaybe<Scalars['Duration']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type SystemValueAtArgs = {
  property: Scalars['String']['input'];
  at: Scalars['DateTime']['input'];
};

export type Property = {
  readonly name: Scalars['String']['output'];
  readonly value?: Maybe<Scalars['JSON']['output']>;
  readonly desired?: Maybe<Scalars['JSON']['output']>;
  readonly inSync: Scalars['Boolean']['output'];
  readonly unit?: Maybe<Scalars['String']['output']>;
  readonly quality: Quality;
  readonly observedAt?: Maybe<Scalars['DateTime']['output']>;
  readonly receivedAt?: Maybe<Scalars['DateTime']['output']>;
  readonly stale: Scalars['Boolean']['output'];
};

export type Status = {
  readonly health: OperationalState;
  readonly state: OperationalState;
  readonly best: OperationalState;
  readonly worst: OperationalState;
  readonly since: Scalars['DateTime']['output'];
  readonly atRisk: Scalars['Boolean']['output'];
  readonly inMaintenance: Scalars['Boolean']['output'];
  readonly causes: ReadonlyArray<Twin>;
};


export type StatusCausesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type ConductionRole =
  | 'SOURCE'
  | 'CONDUCTOR'
  | 'CONSUMER';

export type Conduction = {
  readonly medium?: Maybe<Scalars['String']['output']>;
  readonly role: ConductionRole;
};

export type Requirement = {
  readonly group: Scalars['String']['output'];
  readonly mode: RequirementMode;
  readonly medium?: Maybe<Scalars['String']['output']>;
  readonly min: Scalars['Int']['output'];
  readonly full: Scalars['Int']['output'];
  readonly total: Scalars['Int']['output'];
  readonly soft: Scalars['Boolean']['output'];
  readonly holdUp?: Maybe<Scalars['Duration']['output']>;
  readonly have: Scalars['Int']['output'];
  readonly margin: Scalars['Int']['output'];
  readonly members: ReadonlyArray<RequirementMember>;
};

export type RequirementMember = {
  readonly twin: Twin;
  readonly relationship: Relationship;
  readonly share: Scalars['Int']['output'];
  readonly standbyDelay?: Maybe<Scalars['Duration']['output']>;
  readonly available: Scalars['Boolean']['output'];
};

export type RequirementMode =
  | 'SUPPLY'
  | 'SUSTAIN';

export type Relationship = {
  readonly id: Scalars['ID']['output'];
  readonly type: Scalars['String']['output'];
  readonly source: Twin;
  readonly target: Twin;
  readonly medium?: Maybe<Scalars['String']['output']>;
  readonly group?: Maybe<Scalars['String']['output']>;
  readonly share?: Maybe<Scalars['Int']['output']>;
  readonly standbyDelay?: Maybe<Scalars['Duration']['output']>;
  readonly closed: Scalars['Boolean']['output'];
  readonly oneWay: Scalars['Boolean']['output'];
  readonly properties: Scalars['JSON']['output'];
  readonly input: Scalars['JSON']['output'];
  readonly revision: Scalars['Int']['output'];
};

export type Model = {
  readonly id: Scalars['ID']['output'];
  readonly kind: TwinKind;
  readonly name: Scalars['String']['output'];
  readonly extends: ReadonlyArray<Model>;
  readonly properties: ReadonlyArray<PropertyModel>;
  readonly definition: Scalars['JSON']['output'];
};

export type PropertyModel = {
  readonly name: Scalars['String']['output'];
  readonly schema: Scalars['String']['output'];
  readonly unit?: Maybe<Scalars['String']['output']>;
  readonly writable: Scalars['Boolean']['output'];
  readonly staleAfter?: Maybe<Scalars['Duration']['output']>;
  readonly limits: ReadonlyArray<Limit>;
  readonly history?: Maybe<HistoryPolicy>;
};

export type HistoryPolicy = {
  readonly deadband: Scalars['Float']['output'];
  readonly maxInterval?: Maybe<Scalars['Duration']['output']>;
};

export type Limit = {
  readonly comparison: Comparison;
  readonly threshold: Scalars['Float']['output'];
  readonly state: OperationalState;
  readonly deadband: Scalars['Float']['output'];
  readonly delay?: Maybe<Scalars['Duration']['output']>;
};

export type Comparison =
  | 'ABOVE'
  | 'BELOW'
  | 'EQUAL'
  | 'NOT_EQUAL';

export type HistoryRange = {
  readonly samples: ReadonlyArray<Sample>;
  readonly completeSince?: Maybe<Scalars['DateTime']['output']>;
  readonly complete: Scalars['Boolean']['output'];
  readonly limit?: Maybe<Scalars['String']['output']>;
};

export type Sample = {
  readonly at: Scalars['DateTime']['output'];
  readonly value?: Maybe<Scalars['JSON']['output']>;
  readonly quality: Quality;
  readonly count: Scalars['Int']['output'];
  readonly min?: Maybe<Scalars['Float']['output']>;
  readonly max?: Maybe<Scalars['Float']['output']>;
  readonly mean?: Maybe<Scalars['Float']['output']>;
};

export type PageInfo = {
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

export type TwinConnection = {
  readonly nodes: ReadonlyArray<Twin>;
  readonly edges: ReadonlyArray<TwinEdge>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type TwinEdge = {
  readonly node: Twin;
  readonly cursor: Scalars['String']['output'];
};

export type RelationshipConnection = {
  readonly nodes: ReadonlyArray<Relationship>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type ReachConnection = {
  readonly nodes: ReadonlyArray<Twin>;
  readonly edges: ReadonlyArray<ReachEdge>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
  readonly complete: Scalars['Boolean']['output'];
  readonly limit?: Maybe<Scalars['String']['output']>;
};

export type ReachEdge = {
  readonly node: Twin;
  readonly distance: Scalars['Int']['output'];
  readonly cursor: Scalars['String']['output'];
};

export type TwinFilter = {
  readonly kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
  readonly models?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly states?: InputMaybe<ReadonlyArray<OperationalState>>;
  readonly connectivity?: InputMaybe<ReadonlyArray<Connectivity>>;
  readonly within?: InputMaybe<Scalars['ID']['input']>;
  readonly text?: InputMaybe<Scalars['String']['input']>;
  readonly where?: InputMaybe<ReadonlyArray<PropertyCondition>>;
};

export type PropertyCondition = {
  readonly property: Scalars['String']['input'];
  readonly eq?: InputMaybe<Scalars['JSON']['input']>;
  readonly ne?: InputMaybe<Scalars['JSON']['input']>;
  readonly gt?: InputMaybe<Scalars['Float']['input']>;
  readonly gte?: InputMaybe<Scalars['Float']['input']>;
  readonly lt?: InputMaybe<Scalars['Float']['input']>;
  readonly lte?: InputMaybe<Scalars['Float']['input']>;
  readonly in?: InputMaybe<ReadonlyArray<Scalars['JSON']['input']>>;
  readonly observedBefore?: InputMaybe<Scalars['DateTime']['input']>;
  readonly observedAfter?: InputMaybe<Scalars['DateTime']['input']>;
};

export type Query = {
  readonly twin?: Maybe<Twin>;
  readonly twins: TwinConnection;
  readonly search: ReadonlyArray<Twin>;
  readonly roots: TwinConnection;
  readonly paths: PathResult;
  readonly model?: Maybe<Model>;
  readonly models: ReadonlyArray<Model>;
  readonly relationshipTypes: ReadonlyArray<RelationshipType>;
  readonly cursor: Scalars['String']['output'];
  readonly impact: Impact;
  readonly criticality: CriticalityConnection;
  readonly cutSets: CutSetResult;
  readonly rootCauses: ReadonlyArray<RootCause>;
  readonly modelIssues: ReadonlyArray<ModelIssue>;
  readonly quarantine: QuarantineConnection;
  readonly auditLog: AuditLog;
};


export type QueryTwinArgs = {
  id: Scalars['ID']['input'];
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryTwinsArgs = {
  filter?: InputMaybe<TwinFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QuerySearchArgs = {
  text: Scalars['String']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
};


export type QueryRootsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPathsArgs = {
  from: Scalars['ID']['input'];
  to: Scalars['ID']['input'];
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  direction?: InputMaybe<Direction>;
  along?: InputMaybe<PathCourse>;
  maxDepth?: InputMaybe<Scalars['Int']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryModelArgs = {
  id: Scalars['ID']['input'];
};


export type QueryModelsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryImpactArgs = {
  scenario: ScenarioInput;
};


export type QueryCriticalityArgs = {
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
  within?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryCutSetsArgs = {
  of: Scalars['ID']['input'];
  below?: InputMaybe<OperationalState>;
  maxOrder?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryRootCausesArgs = {
  observations: ReadonlyArray<ObservationInput>;
  maxOrder?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryModelIssuesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryQuarantineArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryAuditLogArgs = {
  twin?: InputMaybe<Scalars['ID']['input']>;
  actor?: InputMaybe<Scalars['String']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type AuditLog = {
  readonly entries: ReadonlyArray<AuditEntry>;
  readonly pageInfo: PageInfo;
  readonly completeSince?: Maybe<Scalars['DateTime']['output']>;
};

export type AuditEntry = {
  readonly cursor: Scalars['String']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly actor?: Maybe<Scalars['String']['output']>;
  readonly origin: ChangeOrigin;
  readonly changeCount: Scalars['Int']['output'];
  readonly changes: ReadonlyArray<AuditChange>;
};


export type AuditEntryChangesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type AuditChange = {
  readonly kind: AuditKind;
  readonly id: Scalars['ID']['output'];
  readonly before?: Maybe<Scalars['JSON']['output']>;
  readonly after?: Maybe<Scalars['JSON']['output']>;
};

export type AuditKind =
  | 'MODEL'
  | 'TWIN'
  | 'RELATIONSHIP';

export type ChangeOrigin =
  | 'MUTATION'
  | 'IMPORT'
  | 'TELEMETRY'
  | 'CLOCK';

export type QuarantineConnection = {
  readonly nodes: ReadonlyArray<QuarantinedTwin>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type QuarantinedTwin = {
  readonly id: Scalars['ID']['output'];
  readonly topic: Scalars['String']['output'];
  readonly dialect: Scalars['String']['output'];
  readonly firstSeen: Scalars['DateTime']['output'];
  readonly lastSeen: Scalars['DateTime']['output'];
  readonly count: Scalars['Int']['output'];
  readonly sample: Scalars['String']['output'];
  readonly properties: ReadonlyArray<QuarantinedReading>;
};

export type QuarantinedReading = {
  readonly name: Scalars['String']['output'];
  readonly value?: Maybe<Scalars['JSON']['output']>;
  readonly unit?: Maybe<Scalars['String']['output']>;
  readonly observedAt: Scalars['DateTime']['output'];
};

export type Path = {
  readonly nodes: ReadonlyArray<Twin>;
  readonly relationships: ReadonlyArray<Relationship>;
  readonly length: Scalars['Int']['output'];
};

export type PathCourse =
  | 'RELATIONSHIPS'
  | 'DEPENDENCE';

export type PathResult = {
  readonly paths: ReadonlyArray<Path>;
  readonly complete: Scalars['Boolean']['output'];
  readonly limit?: Maybe<Scalars['String']['output']>;
};

export type RelationshipType = {
  readonly name: Scalars['String']['output'];
  readonly impact: ImpactDirection;
  readonly mode?: Maybe<RequirementMode>;
  readonly soft: Scalars['Boolean']['output'];
  readonly description?: Maybe<Scalars['String']['output']>;
};

export type ImpactDirection =
  | 'SOURCE_TO_TARGET'
  | 'TARGET_TO_SOURCE'
  | 'BOTH'
  | 'NONE';

export type ScenarioInput = {
  readonly outage?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly outageWithin?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly degrade?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly repair?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly maintain?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly fault?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly open?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly close?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly baseline?: InputMaybe<Baseline>;
  readonly coldStart?: InputMaybe<Scalars['Boolean']['input']>;
  readonly horizon?: InputMaybe<Scalars['Duration']['input']>;
  readonly asOf?: InputMaybe<Scalars['DateTime']['input']>;
};

export type Baseline =
  | 'LIVE'
  | 'HEALTHY';

export type Impact = {
  readonly summary: ImpactSummary;
  readonly affected: AffectedConnection;
  readonly cursor: Scalars['String']['output'];
};


export type ImpactAffectedArgs = {
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
  certainty?: InputMaybe<Certainty>;
  within?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type ImpactSummary = {
  readonly affected: Scalars['Int']['output'];
  readonly down: Scalars['Int']['output'];
  readonly degraded: Scalars['Int']['output'];
  readonly restored: Scalars['Int']['output'];
  readonly possible: Scalars['Int']['output'];
  readonly byKind: ReadonlyArray<KindCount>;
  readonly processesDown: Scalars['Int']['output'];
  readonly processesDegraded: Scalars['Int']['output'];
  readonly firstImpactAt?: Maybe<Scalars['Duration']['output']>;
  readonly newlyAtRisk: Scalars['Int']['output'];
  readonly hidden: Scalars['Int']['output'];
  readonly staleInputs: Scalars['Int']['output'];
};

export type KindCount = {
  readonly kind: TwinKind;
  readonly count: Scalars['Int']['output'];
};

export type AffectedConnection = {
  readonly nodes: ReadonlyArray<Affected>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type Affected = {
  readonly twin: Twin;
  readonly before: OperationalState;
  readonly after: OperationalState;
  readonly certainty: Certainty;
  readonly impactAt: Scalars['Duration']['output'];
  readonly recoversAt?: Maybe<Scalars['Duration']['output']>;
  readonly planned: Scalars['Boolean']['output'];
  readonly witness: ReadonlyArray<WitnessStep>;
  readonly witnessLength: Scalars['Int']['output'];
  readonly causes: ReadonlyArray<ReadonlyArray<Twin>>;
  readonly causesComplete: Scalars['Boolean']['output'];
  readonly timeline: ReadonlyArray<TimelineStep>;
  readonly timelineLength: Scalars['Int']['output'];
};


export type AffectedCausesArgs = {
  maxOrder?: InputMaybe<Scalars['Int']['input']>;
};


export type AffectedCausesCompleteArgs = {
  maxOrder?: InputMaybe<Scalars['Int']['input']>;
};

export type WitnessStep = {
  readonly twin: Twin;
  readonly relationship?: Maybe<Relationship>;
  readonly group?: Maybe<Scalars['String']['output']>;
  readonly need?: Maybe<Scalars['Int']['output']>;
  readonly have?: Maybe<Scalars['Int']['output']>;
  readonly lost: ReadonlyArray<Twin>;
  readonly lostCount: Scalars['Int']['output'];
};

export type TimelineStep = {
  readonly at: Scalars['Duration']['output'];
  readonly state: OperationalState;
};

export type CriticalityConnection = {
  readonly nodes: ReadonlyArray<Criticality>;
  readonly pageInfo: PageInfo;
  readonly totalCount: Scalars['Int']['output'];
};

export type Criticality = {
  readonly twin: Twin;
  readonly score: Scalars['Float']['output'];
  readonly affected: Scalars['Int']['output'];
  readonly processesDown: Scalars['Int']['output'];
  readonly processesDegraded: Scalars['Int']['output'];
  readonly firstImpactAt?: Maybe<Scalars['Duration']['output']>;
};

export type CutSetResult = {
  readonly cutSets: ReadonlyArray<CutSet>;
  readonly margin: Scalars['Int']['output'];
  readonly complete: Scalars['Boolean']['output'];
  readonly limit?: Maybe<Scalars['String']['output']>;
};

export type CutSet = {
  readonly twins: ReadonlyArray<Twin>;
  readonly order: Scalars['Int']['output'];
};

export type ObservationInput = {
  readonly id: Scalars['ID']['input'];
  readonly state: OperationalState;
};

export type RootCause = {
  readonly twins: ReadonlyArray<Twin>;
  readonly explained: Scalars['Int']['output'];
  readonly unexplained: Scalars['Int']['output'];
  readonly contradicted: Scalars['Int']['output'];
  readonly complete: Scalars['Boolean']['output'];
  readonly limit?: Maybe<Scalars['String']['output']>;
};

export type ModelIssue = {
  readonly code: Scalars['String']['output'];
  readonly twin?: Maybe<Twin>;
  readonly message: Scalars['String']['output'];
};

export type TwinInput = {
  readonly id: Scalars['ID']['input'];
  readonly kind: TwinKind;
  readonly name?: InputMaybe<Scalars['String']['input']>;
  readonly description?: InputMaybe<Scalars['String']['input']>;
  readonly model?: InputMaybe<Scalars['ID']['input']>;
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly criticality?: InputMaybe<Scalars['Float']['input']>;
  readonly properties?: InputMaybe<Scalars['JSON']['input']>;
  readonly desired?: InputMaybe<Scalars['JSON']['input']>;
  readonly health?: InputMaybe<OperationalState>;
  readonly closed?: InputMaybe<Scalars['Boolean']['input']>;
  readonly conduction?: InputMaybe<ReadonlyArray<ConductionInput>>;
  readonly requirements?: InputMaybe<ReadonlyArray<RequirementInput>>;
};

export type ConductionInput = {
  readonly medium?: InputMaybe<Scalars['String']['input']>;
  readonly role: ConductionRole;
};

export type RequirementInput = {
  readonly group: Scalars['String']['input'];
  readonly mode?: InputMaybe<RequirementMode>;
  readonly medium?: InputMaybe<Scalars['String']['input']>;
  readonly any?: InputMaybe<Scalars['Boolean']['input']>;
  readonly min?: InputMaybe<Scalars['Int']['input']>;
  readonly full?: InputMaybe<Scalars['Int']['input']>;
  readonly soft?: InputMaybe<Scalars['Boolean']['input']>;
  readonly holdUp?: InputMaybe<Scalars['Duration']['input']>;
  readonly stateOfCharge?: InputMaybe<Scalars['Float']['input']>;
};

export type RelationshipInput = {
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  readonly type: Scalars['String']['input'];
  readonly source: Scalars['ID']['input'];
  readonly target: Scalars['ID']['input'];
  readonly medium?: InputMaybe<Scalars['String']['input']>;
  readonly group?: InputMaybe<Scalars['String']['input']>;
  readonly share?: InputMaybe<Scalars['Int']['input']>;
  readonly standbyDelay?: InputMaybe<Scalars['Duration']['input']>;
  readonly closed?: InputMaybe<Scalars['Boolean']['input']>;
  readonly oneWay?: InputMaybe<Scalars['Boolean']['input']>;
  readonly properties?: InputMaybe<Scalars['JSON']['input']>;
};

export type TwinPatch = {
  readonly name?: InputMaybe<Scalars['String']['input']>;
  readonly description?: InputMaybe<Scalars['String']['input']>;
  readonly model?: InputMaybe<Scalars['ID']['input']>;
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly criticality?: InputMaybe<Scalars['Float']['input']>;
  readonly properties?: InputMaybe<Scalars['JSON']['input']>;
  readonly health?: InputMaybe<OperationalState>;
  readonly closed?: InputMaybe<Scalars['Boolean']['input']>;
  readonly conduction?: InputMaybe<ReadonlyArray<ConductionInput>>;
  readonly requirements?: InputMaybe<ReadonlyArray<RequirementInput>>;
};

export type Mutation = {
  readonly upsertTwins: ReadonlyArray<Twin>;
  readonly patchTwin: Twin;
  readonly setDesired: Twin;
  readonly setMaintenance: Twin;
  readonly deleteTwin: Scalars['ID']['output'];
  readonly upsertRelationships: ReadonlyArray<Relationship>;
  readonly deleteRelationship: Scalars['ID']['output'];
  readonly upsertModels: ReadonlyArray<Model>;
  readonly report: Twin;
  readonly adopt: Twin;
};


export type MutationUpsertTwinsArgs = {
  twins: ReadonlyArray<TwinInput>;
};


export type MutationPatchTwinArgs = {
  id: Scalars['ID']['input'];
  patch: TwinPatch;
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationSetDesiredArgs = {
  id: Scalars['ID']['input'];
  properties: Scalars['JSON']['input'];
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationSetMaintenanceArgs = {
  id: Scalars['ID']['input'];
  on: Scalars['Boolean']['input'];
  until?: InputMaybe<Scalars['DateTime']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
};


export type MutationDeleteTwinArgs = {
  id: Scalars['ID']['input'];
  ifRevision?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationUpsertRelationshipsArgs = {
  relationships: ReadonlyArray<RelationshipInput>;
};


export type MutationDeleteRelationshipArgs = {
  id: Scalars['ID']['input'];
};


export type MutationUpsertModelsArgs = {
  models: ReadonlyArray<Scalars['JSON']['input']>;
};


export type MutationReportArgs = {
  id: Scalars['ID']['input'];
  properties: Scalars['JSON']['input'];
  observedAt?: InputMaybe<Scalars['DateTime']['input']>;
  quality?: InputMaybe<Quality>;
};


export type MutationAdoptArgs = {
  twin: TwinInput;
};

export type Subscription = {
  readonly twinChanged: TwinEvent;
  readonly stateChanged: StateEvent;
  readonly topologyChanged: TopologyEvent;
  readonly impactChanged: ImpactEvent;
};


export type SubscriptionTwinChangedArgs = {
  ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  within?: InputMaybe<Scalars['ID']['input']>;
  properties?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionStateChangedArgs = {
  within?: InputMaybe<Scalars['ID']['input']>;
  ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
  snapshot?: InputMaybe<Scalars['Boolean']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
};


export type SubscriptionTopologyChangedArgs = {
  within?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionImpactChangedArgs = {
  scenario: ScenarioInput;
  kinds?: InputMaybe<ReadonlyArray<TwinKind>>;
};

export type TwinEvent = TwinChange | Gap;

export type StateEvent = StateChange | Gap;

export type TopologyEvent = TopologyChange | Gap;

export type TwinChange = {
  readonly cursor: Scalars['String']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly id: Scalars['ID']['output'];
  readonly twin?: Maybe<Twin>;
  readonly deleted: Scalars['Boolean']['output'];
  readonly changed: ReadonlyArray<Property>;
  readonly skipped: Scalars['Int']['output'];
};

export type Membership =
  | 'STAYED'
  | 'JOINED'
  | 'LEFT';

export type StateChange = {
  readonly cursor: Scalars['String']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly twin: Twin;
  readonly before: OperationalState;
  readonly after: OperationalState;
  readonly causes: ReadonlyArray<Twin>;
  readonly membership: Membership;
  readonly skipped: Scalars['Int']['output'];
};

export type TopologyChange = {
  readonly cursor: Scalars['String']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly addedTwins: ReadonlyArray<Twin>;
  readonly removedTwins: ReadonlyArray<Scalars['ID']['output']>;
  readonly addedRelationships: ReadonlyArray<Relationship>;
  readonly removedRelationships: ReadonlyArray<Scalars['ID']['output']>;
};

export type ImpactEvent = {
  readonly cursor: Scalars['String']['output'];
  readonly summary: ImpactSummary;
  readonly added: ReadonlyArray<Affected>;
  readonly changed: ReadonlyArray<Affected>;
  readonly removed: ReadonlyArray<Scalars['ID']['output']>;
};

export type Gap = {
  readonly cursor: Scalars['String']['output'];
  readonly missedFrom: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  TwinEvent:
    | ( TwinChangeParent )
    | ( GapParent )
  ;
  StateEvent:
    | ( StateChangeParent )
    | ( GapParent )
  ;
  TopologyEvent:
    | ( TopologyChangeParent )
    | ( GapParent )
  ;
};


/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  TwinKind: TwinKind;
  OperationalState: OperationalState;
  Connectivity: Connectivity;
  Quality: Quality;
  Direction: Direction;
  Certainty: Certainty;
  Twin: ResolverTypeWrapper<TwinParent>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Asset: ResolverTypeWrapper<TwinParent>;
  Process: ResolverTypeWrapper<TwinParent>;
  System: ResolverTypeWrapper<TwinParent>;
  Property: ResolverTypeWrapper<PropertyRow>;
  Status: ResolverTypeWrapper<StatusParent>;
  ConductionRole: ConductionRole;
  Conduction: ResolverTypeWrapper<Conduction>;
  Requirement: ResolverTypeWrapper<RequirementStatus>;
  RequirementMember: ResolverTypeWrapper<RequirementMemberParent>;
  RequirementMode: RequirementMode;
  Relationship: ResolverTypeWrapper<RelationshipParent>;
  Model: ResolverTypeWrapper<ModelParent>;
  PropertyModel: ResolverTypeWrapper<PropertyModelParent>;
  HistoryPolicy: ResolverTypeWrapper<HistoryPolicyParent>;
  Limit: ResolverTypeWrapper<LimitParent>;
  Comparison: Comparison;
  HistoryRange: ResolverTypeWrapper<HistoryAnswer>;
  Sample: ResolverTypeWrapper<SampleParent>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  TwinConnection: ResolverTypeWrapper<TwinPage>;
  TwinEdge: ResolverTypeWrapper<Omit<TwinEdge, 'node'> & { node: ResolversTypes['Twin'] }>;
  RelationshipConnection: ResolverTypeWrapper<RelationshipPage>;
  ReachConnection: ResolverTypeWrapper<ReachPage>;
  ReachEdge: ResolverTypeWrapper<Omit<ReachEdge, 'node'> & { node: ResolversTypes['Twin'] }>;
  TwinFilter: TwinFilter;
  PropertyCondition: PropertyCondition;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  AuditLog: ResolverTypeWrapper<AuditAnswer>;
  AuditEntry: ResolverTypeWrapper<ChangeRecord>;
  AuditChange: ResolverTypeWrapper<AuditChangeParent>;
  AuditKind: AuditKind;
  ChangeOrigin: ChangeOrigin;
  QuarantineConnection: ResolverTypeWrapper<QuarantinePage>;
  QuarantinedTwin: ResolverTypeWrapper<QuarantinedTwinParent>;
  QuarantinedReading: ResolverTypeWrapper<Reading>;
  Path: ResolverTypeWrapper<TwinPath>;
  PathCourse: PathCourse;
  PathResult: ResolverTypeWrapper<PathAnswer>;
  RelationshipType: ResolverTypeWrapper<RelationshipTypeParent>;
  ImpactDirection: ImpactDirection;
  ScenarioInput: ScenarioInput;
  Baseline: Baseline;
  Impact: ResolverTypeWrapper<ScenarioResult>;
  ImpactSummary: ResolverTypeWrapper<ImpactSummaryParent>;
  KindCount: ResolverTypeWrapper<KindCount>;
  AffectedConnection: ResolverTypeWrapper<AffectedPage>;
  Affected: ResolverTypeWrapper<AffectedParent>;
  WitnessStep: ResolverTypeWrapper<WitnessStepParent>;
  TimelineStep: ResolverTypeWrapper<TimelineStep>;
  CriticalityConnection: ResolverTypeWrapper<CriticalityPage>;
  Criticality: ResolverTypeWrapper<CriticalityRow>;
  CutSetResult: ResolverTypeWrapper<CutSetAnswer>;
  CutSet: ResolverTypeWrapper<CutSetParent>;
  ObservationInput: ObservationInput;
  RootCause: ResolverTypeWrapper<RootCauseRow>;
  ModelIssue: ResolverTypeWrapper<ModelIssueParent>;
  TwinInput: TwinInput;
  ConductionInput: ConductionInput;
  RequirementInput: RequirementInput;
  RelationshipInput: RelationshipInput;
  TwinPatch: TwinPatch;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TwinEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['TwinEvent']>;
  StateEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['StateEvent']>;
  TopologyEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['TopologyEvent']>;
  TwinChange: ResolverTypeWrapper<TwinChangeParent>;
  Membership: Membership;
  StateChange: ResolverTypeWrapper<StateChangeParent>;
  TopologyChange: ResolverTypeWrapper<TopologyChangeParent>;
  ImpactEvent: ResolverTypeWrapper<ImpactEventParent>;
  Gap: ResolverTypeWrapper<GapParent>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Duration: Scalars['Duration']['output'];
  JSON: Scalars['JSON']['output'];
  Twin: TwinParent;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Float: Scalars['Float']['output'];
  Boolean: Scalars['Boolean']['output'];
  Asset: TwinParent;
  Process: TwinParent;
  System: TwinParent;
  Property: PropertyRow;
  Status: StatusParent;
  Conduction: Conduction;
  Requirement: RequirementStatus;
  RequirementMember: RequirementMemberParent;
  Relationship: RelationshipParent;
  Model: ModelParent;
  PropertyModel: PropertyModelParent;
  HistoryPolicy: HistoryPolicyParent;
  Limit: LimitParent;
  HistoryRange: HistoryAnswer;
  Sample: SampleParent;
  PageInfo: PageInfo;
  TwinConnection: TwinPage;
  TwinEdge: Omit<TwinEdge, 'node'> & { node: ResolversParentTypes['Twin'] };
  RelationshipConnection: RelationshipPage;
  ReachConnection: ReachPage;
  ReachEdge: Omit<ReachEdge, 'node'> & { node: ResolversParentTypes['Twin'] };
  TwinFilter: TwinFilter;
  PropertyCondition: PropertyCondition;
  Query: Record<PropertyKey, never>;
  AuditLog: AuditAnswer;
  AuditEntry: ChangeRecord;
  AuditChange: AuditChangeParent;
  QuarantineConnection: QuarantinePage;
  QuarantinedTwin: QuarantinedTwinParent;
  QuarantinedReading: Reading;
  Path: TwinPath;
  PathResult: PathAnswer;
  RelationshipType: RelationshipTypeParent;
  ScenarioInput: ScenarioInput;
  Impact: ScenarioResult;
  ImpactSummary: ImpactSummaryParent;
  KindCount: KindCount;
  AffectedConnection: AffectedPage;
  Affected: AffectedParent;
  WitnessStep: WitnessStepParent;
  TimelineStep: TimelineStep;
  CriticalityConnection: CriticalityPage;
  Criticality: CriticalityRow;
  CutSetResult: CutSetAnswer;
  CutSet: CutSetParent;
  ObservationInput: ObservationInput;
  RootCause: RootCauseRow;
  ModelIssue: ModelIssueParent;
  TwinInput: TwinInput;
  ConductionInput: ConductionInput;
  RequirementInput: RequirementInput;
  RelationshipInput: RelationshipInput;
  TwinPatch: TwinPatch;
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  TwinEvent: ResolversUnionTypes<ResolversParentTypes>['TwinEvent'];
  StateEvent: ResolversUnionTypes<ResolversParentTypes>['StateEvent'];
  TopologyEvent: ResolversUnionTypes<ResolversParentTypes>['TopologyEvent'];
  TwinChange: TwinChangeParent;
  StateChange: StateChangeParent;
  TopologyChange: TopologyChangeParent;
  ImpactEvent: ImpactEventParent;
  Gap: GapParent;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Duration'], any> {
  name: 'Duration';
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type TwinResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Twin'] = ResolversParentTypes['Twin']> = {
  __resolveType: TypeResolveFn<'Asset' | 'Process' | 'System', ParentType, ContextType>;
};

export type AssetResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Asset'] = ResolversParentTypes['Asset']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TwinKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  model?: Resolver<Maybe<ResolversTypes['Model']>, ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  properties?: Resolver<ReadonlyArray<ResolversTypes['Property']>, ParentType, ContextType, Partial<AssetPropertiesArgs>>;
  property?: Resolver<Maybe<ResolversTypes['Property']>, ParentType, ContextType, RequireFields<AssetPropertyArgs, 'name'>>;
  connectivity?: Resolver<ResolversTypes['Connectivity'], ParentType, ContextType>;
  lastSeen?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['Status'], ParentType, ContextType>;
  criticality?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  conduction?: Resolver<ReadonlyArray<ResolversTypes['Conduction']>, ParentType, ContextType>;
  closed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  requirements?: Resolver<ReadonlyArray<ResolversTypes['Requirement']>, ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Twin']>, ParentType, ContextType>;
  children?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<AssetChildrenArgs, 'first'>>;
  ancestors?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  descendants?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<AssetDescendantsArgs, 'first'>>;
  relationships?: Resolver<ResolversTypes['RelationshipConnection'], ParentType, ContextType, RequireFields<AssetRelationshipsArgs, 'direction' | 'first'>>;
  dependencies?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<AssetDependenciesArgs, 'first'>>;
  dependents?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<AssetDependentsArgs, 'first'>>;
  input?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['Sample']>, ParentType, ContextType, RequireFields<AssetHistoryArgs, 'property' | 'from' | 'first'>>;
  historyRange?: Resolver<ResolversTypes['HistoryRange'], ParentType, ContextType, RequireFields<AssetHistoryRangeArgs, 'property' | 'from' | 'first'>>;
  valueAt?: Resolver<Maybe<ResolversTypes['Sample']>, ParentType, ContextType, RequireFields<AssetValueAtArgs, 'property' | 'at'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProcessResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Process'] = ResolversParentTypes['Process']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TwinKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  model?: Resolver<Maybe<ResolversTypes['Model']>, ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  properties?: Resolver<ReadonlyArray<ResolversTypes['Property']>, ParentType, ContextType, Partial<ProcessPropertiesArgs>>;
  property?: Resolver<Maybe<ResolversTypes['Property']>, ParentType, ContextType, RequireFields<ProcessPropertyArgs, 'name'>>;
  connectivity?: Resolver<ResolversTypes['Connectivity'], ParentType, ContextType>;
  lastSeen?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['Status'], ParentType, ContextType>;
  criticality?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  conduction?: Resolver<ReadonlyArray<ResolversTypes['Conduction']>, ParentType, ContextType>;
  closed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  requirements?: Resolver<ReadonlyArray<ResolversTypes['Requirement']>, ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Twin']>, ParentType, ContextType>;
  children?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<ProcessChildrenArgs, 'first'>>;
  ancestors?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  descendants?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<ProcessDescendantsArgs, 'first'>>;
  relationships?: Resolver<ResolversTypes['RelationshipConnection'], ParentType, ContextType, RequireFields<ProcessRelationshipsArgs, 'direction' | 'first'>>;
  dependencies?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<ProcessDependenciesArgs, 'first'>>;
  dependents?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<ProcessDependentsArgs, 'first'>>;
  input?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['Sample']>, ParentType, ContextType, RequireFields<ProcessHistoryArgs, 'property' | 'from' | 'first'>>;
  historyRange?: Resolver<ResolversTypes['HistoryRange'], ParentType, ContextType, RequireFields<ProcessHistoryRangeArgs, 'property' | 'from' | 'first'>>;
  valueAt?: Resolver<Maybe<ResolversTypes['Sample']>, ParentType, ContextType, RequireFields<ProcessValueAtArgs, 'property' | 'at'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SystemResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['System'] = ResolversParentTypes['System']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TwinKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  model?: Resolver<Maybe<ResolversTypes['Model']>, ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  properties?: Resolver<ReadonlyArray<ResolversTypes['Property']>, ParentType, ContextType, Partial<SystemPropertiesArgs>>;
  property?: Resolver<Maybe<ResolversTypes['Property']>, ParentType, ContextType, RequireFields<SystemPropertyArgs, 'name'>>;
  connectivity?: Resolver<ResolversTypes['Connectivity'], ParentType, ContextType>;
  lastSeen?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['Status'], ParentType, ContextType>;
  criticality?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  conduction?: Resolver<ReadonlyArray<ResolversTypes['Conduction']>, ParentType, ContextType>;
  closed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  requirements?: Resolver<ReadonlyArray<ResolversTypes['Requirement']>, ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Twin']>, ParentType, ContextType>;
  children?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<SystemChildrenArgs, 'first'>>;
  ancestors?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  descendants?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<SystemDescendantsArgs, 'first'>>;
  relationships?: Resolver<ResolversTypes['RelationshipConnection'], ParentType, ContextType, RequireFields<SystemRelationshipsArgs, 'direction' | 'first'>>;
  dependencies?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<SystemDependenciesArgs, 'first'>>;
  dependents?: Resolver<ResolversTypes['ReachConnection'], ParentType, ContextType, RequireFields<SystemDependentsArgs, 'first'>>;
  input?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['Sample']>, ParentType, ContextType, RequireFields<SystemHistoryArgs, 'property' | 'from' | 'first'>>;
  historyRange?: Resolver<ResolversTypes['HistoryRange'], ParentType, ContextType, RequireFields<SystemHistoryRangeArgs, 'property' | 'from' | 'first'>>;
  valueAt?: Resolver<Maybe<ResolversTypes['Sample']>, ParentType, ContextType, RequireFields<SystemValueAtArgs, 'property' | 'at'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PropertyResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Property'] = ResolversParentTypes['Property']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  desired?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  inSync?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  quality?: Resolver<ResolversTypes['Quality'], ParentType, ContextType>;
  observedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  receivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type StatusResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Status'] = ResolversParentTypes['Status']> = {
  health?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  best?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  worst?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  atRisk?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inMaintenance?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  causes?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType, RequireFields<StatusCausesArgs, 'first'>>;
};

export type ConductionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Conduction'] = ResolversParentTypes['Conduction']> = {
  medium?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['ConductionRole'], ParentType, ContextType>;
};

export type RequirementResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Requirement'] = ResolversParentTypes['Requirement']> = {
  group?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mode?: Resolver<ResolversTypes['RequirementMode'], ParentType, ContextType>;
  medium?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  min?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  full?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  soft?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  holdUp?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  have?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  margin?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  members?: Resolver<ReadonlyArray<ResolversTypes['RequirementMember']>, ParentType, ContextType>;
};

export type RequirementMemberResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RequirementMember'] = ResolversParentTypes['RequirementMember']> = {
  twin?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  relationship?: Resolver<ResolversTypes['Relationship'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  standbyDelay?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type RelationshipResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Relationship'] = ResolversParentTypes['Relationship']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  medium?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  group?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  share?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  standbyDelay?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  closed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  oneWay?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  properties?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  input?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ModelResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Model'] = ResolversParentTypes['Model']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TwinKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  extends?: Resolver<ReadonlyArray<ResolversTypes['Model']>, ParentType, ContextType>;
  properties?: Resolver<ReadonlyArray<ResolversTypes['PropertyModel']>, ParentType, ContextType>;
  definition?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type PropertyModelResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PropertyModel'] = ResolversParentTypes['PropertyModel']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  schema?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  writable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  staleAfter?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  limits?: Resolver<ReadonlyArray<ResolversTypes['Limit']>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['HistoryPolicy']>, ParentType, ContextType>;
};

export type HistoryPolicyResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['HistoryPolicy'] = ResolversParentTypes['HistoryPolicy']> = {
  deadband?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  maxInterval?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
};

export type LimitResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Limit'] = ResolversParentTypes['Limit']> = {
  comparison?: Resolver<ResolversTypes['Comparison'], ParentType, ContextType>;
  threshold?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  deadband?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  delay?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
};

export type HistoryRangeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['HistoryRange'] = ResolversParentTypes['HistoryRange']> = {
  samples?: Resolver<ReadonlyArray<ResolversTypes['Sample']>, ParentType, ContextType>;
  completeSince?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SampleResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Sample'] = ResolversParentTypes['Sample']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  quality?: Resolver<ResolversTypes['Quality'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  min?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  max?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  mean?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TwinConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TwinConnection'] = ResolversParentTypes['TwinConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['TwinEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TwinEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TwinEdge'] = ResolversParentTypes['TwinEdge']> = {
  node?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RelationshipConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RelationshipConnection'] = ResolversParentTypes['RelationshipConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Relationship']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ReachConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReachConnection'] = ResolversParentTypes['ReachConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['ReachEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ReachEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ReachEdge'] = ResolversParentTypes['ReachEdge']> = {
  node?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  distance?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  twin?: Resolver<Maybe<ResolversTypes['Twin']>, ParentType, ContextType, RequireFields<QueryTwinArgs, 'id'>>;
  twins?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<QueryTwinsArgs, 'first'>>;
  search?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType, RequireFields<QuerySearchArgs, 'text' | 'first'>>;
  roots?: Resolver<ResolversTypes['TwinConnection'], ParentType, ContextType, RequireFields<QueryRootsArgs, 'first'>>;
  paths?: Resolver<ResolversTypes['PathResult'], ParentType, ContextType, RequireFields<QueryPathsArgs, 'from' | 'to' | 'direction' | 'along' | 'maxDepth' | 'first'>>;
  model?: Resolver<Maybe<ResolversTypes['Model']>, ParentType, ContextType, RequireFields<QueryModelArgs, 'id'>>;
  models?: Resolver<ReadonlyArray<ResolversTypes['Model']>, ParentType, ContextType, RequireFields<QueryModelsArgs, 'first'>>;
  relationshipTypes?: Resolver<ReadonlyArray<ResolversTypes['RelationshipType']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  impact?: Resolver<ResolversTypes['Impact'], ParentType, ContextType, RequireFields<QueryImpactArgs, 'scenario'>>;
  criticality?: Resolver<ResolversTypes['CriticalityConnection'], ParentType, ContextType, RequireFields<QueryCriticalityArgs, 'kinds' | 'first'>>;
  cutSets?: Resolver<ResolversTypes['CutSetResult'], ParentType, ContextType, RequireFields<QueryCutSetsArgs, 'of' | 'below' | 'maxOrder' | 'kinds' | 'first'>>;
  rootCauses?: Resolver<ReadonlyArray<ResolversTypes['RootCause']>, ParentType, ContextType, RequireFields<QueryRootCausesArgs, 'observations' | 'maxOrder' | 'kinds' | 'first'>>;
  modelIssues?: Resolver<ReadonlyArray<ResolversTypes['ModelIssue']>, ParentType, ContextType, RequireFields<QueryModelIssuesArgs, 'first'>>;
  quarantine?: Resolver<ResolversTypes['QuarantineConnection'], ParentType, ContextType, RequireFields<QueryQuarantineArgs, 'first'>>;
  auditLog?: Resolver<ResolversTypes['AuditLog'], ParentType, ContextType, RequireFields<QueryAuditLogArgs, 'first'>>;
};

export type AuditLogResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditLog'] = ResolversParentTypes['AuditLog']> = {
  entries?: Resolver<ReadonlyArray<ResolversTypes['AuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  completeSince?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type AuditEntryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  origin?: Resolver<ResolversTypes['ChangeOrigin'], ParentType, ContextType>;
  changeCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  changes?: Resolver<ReadonlyArray<ResolversTypes['AuditChange']>, ParentType, ContextType, RequireFields<AuditEntryChangesArgs, 'first'>>;
};

export type AuditChangeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AuditChange'] = ResolversParentTypes['AuditChange']> = {
  kind?: Resolver<ResolversTypes['AuditKind'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  before?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  after?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type QuarantineConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['QuarantineConnection'] = ResolversParentTypes['QuarantineConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['QuarantinedTwin']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type QuarantinedTwinResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['QuarantinedTwin'] = ResolversParentTypes['QuarantinedTwin']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  topic?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dialect?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  firstSeen?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastSeen?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sample?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  properties?: Resolver<ReadonlyArray<ResolversTypes['QuarantinedReading']>, ParentType, ContextType>;
};

export type QuarantinedReadingResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['QuarantinedReading'] = ResolversParentTypes['QuarantinedReading']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PathResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Path'] = ResolversParentTypes['Path']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  relationships?: Resolver<ReadonlyArray<ResolversTypes['Relationship']>, ParentType, ContextType>;
  length?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PathResultResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PathResult'] = ResolversParentTypes['PathResult']> = {
  paths?: Resolver<ReadonlyArray<ResolversTypes['Path']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RelationshipTypeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RelationshipType'] = ResolversParentTypes['RelationshipType']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  impact?: Resolver<ResolversTypes['ImpactDirection'], ParentType, ContextType>;
  mode?: Resolver<Maybe<ResolversTypes['RequirementMode']>, ParentType, ContextType>;
  soft?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ImpactResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Impact'] = ResolversParentTypes['Impact']> = {
  summary?: Resolver<ResolversTypes['ImpactSummary'], ParentType, ContextType>;
  affected?: Resolver<ResolversTypes['AffectedConnection'], ParentType, ContextType, RequireFields<ImpactAffectedArgs, 'first'>>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ImpactSummaryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImpactSummary'] = ResolversParentTypes['ImpactSummary']> = {
  affected?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  down?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  degraded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  restored?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  possible?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byKind?: Resolver<ReadonlyArray<ResolversTypes['KindCount']>, ParentType, ContextType>;
  processesDown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  processesDegraded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  firstImpactAt?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  newlyAtRisk?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hidden?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  staleInputs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type KindCountResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['KindCount'] = ResolversParentTypes['KindCount']> = {
  kind?: Resolver<ResolversTypes['TwinKind'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AffectedConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['AffectedConnection'] = ResolversParentTypes['AffectedConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Affected']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AffectedResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Affected'] = ResolversParentTypes['Affected']> = {
  twin?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  before?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  after?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  certainty?: Resolver<ResolversTypes['Certainty'], ParentType, ContextType>;
  impactAt?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  recoversAt?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  planned?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  witness?: Resolver<ReadonlyArray<ResolversTypes['WitnessStep']>, ParentType, ContextType>;
  witnessLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  causes?: Resolver<ReadonlyArray<ReadonlyArray<ResolversTypes['Twin']>>, ParentType, ContextType, RequireFields<AffectedCausesArgs, 'maxOrder'>>;
  causesComplete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<AffectedCausesCompleteArgs, 'maxOrder'>>;
  timeline?: Resolver<ReadonlyArray<ResolversTypes['TimelineStep']>, ParentType, ContextType>;
  timelineLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WitnessStepResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['WitnessStep'] = ResolversParentTypes['WitnessStep']> = {
  twin?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  relationship?: Resolver<Maybe<ResolversTypes['Relationship']>, ParentType, ContextType>;
  group?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  need?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  have?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  lost?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  lostCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TimelineStepResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TimelineStep'] = ResolversParentTypes['TimelineStep']> = {
  at?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
};

export type CriticalityConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CriticalityConnection'] = ResolversParentTypes['CriticalityConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Criticality']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CriticalityResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Criticality'] = ResolversParentTypes['Criticality']> = {
  twin?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  affected?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  processesDown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  processesDegraded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  firstImpactAt?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
};

export type CutSetResultResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CutSetResult'] = ResolversParentTypes['CutSetResult']> = {
  cutSets?: Resolver<ReadonlyArray<ResolversTypes['CutSet']>, ParentType, ContextType>;
  margin?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CutSetResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CutSet'] = ResolversParentTypes['CutSet']> = {
  twins?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  order?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RootCauseResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RootCause'] = ResolversParentTypes['RootCause']> = {
  twins?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  explained?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unexplained?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  contradicted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  limit?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ModelIssueResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ModelIssue'] = ResolversParentTypes['ModelIssue']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  twin?: Resolver<Maybe<ResolversTypes['Twin']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  upsertTwins?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType, RequireFields<MutationUpsertTwinsArgs, 'twins'>>;
  patchTwin?: Resolver<ResolversTypes['Twin'], ParentType, ContextType, RequireFields<MutationPatchTwinArgs, 'id' | 'patch'>>;
  setDesired?: Resolver<ResolversTypes['Twin'], ParentType, ContextType, RequireFields<MutationSetDesiredArgs, 'id' | 'properties'>>;
  setMaintenance?: Resolver<ResolversTypes['Twin'], ParentType, ContextType, RequireFields<MutationSetMaintenanceArgs, 'id' | 'on'>>;
  deleteTwin?: Resolver<ResolversTypes['ID'], ParentType, ContextType, RequireFields<MutationDeleteTwinArgs, 'id'>>;
  upsertRelationships?: Resolver<ReadonlyArray<ResolversTypes['Relationship']>, ParentType, ContextType, RequireFields<MutationUpsertRelationshipsArgs, 'relationships'>>;
  deleteRelationship?: Resolver<ResolversTypes['ID'], ParentType, ContextType, RequireFields<MutationDeleteRelationshipArgs, 'id'>>;
  upsertModels?: Resolver<ReadonlyArray<ResolversTypes['Model']>, ParentType, ContextType, RequireFields<MutationUpsertModelsArgs, 'models'>>;
  report?: Resolver<ResolversTypes['Twin'], ParentType, ContextType, RequireFields<MutationReportArgs, 'id' | 'properties'>>;
  adopt?: Resolver<ResolversTypes['Twin'], ParentType, ContextType, RequireFields<MutationAdoptArgs, 'twin'>>;
};

export type SubscriptionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  twinChanged?: SubscriptionResolver<ResolversTypes['TwinEvent'], "twinChanged", ParentType, ContextType, Partial<SubscriptionTwinChangedArgs>>;
  stateChanged?: SubscriptionResolver<ResolversTypes['StateEvent'], "stateChanged", ParentType, ContextType, RequireFields<SubscriptionStateChangedArgs, 'snapshot'>>;
  topologyChanged?: SubscriptionResolver<ResolversTypes['TopologyEvent'], "topologyChanged", ParentType, ContextType, Partial<SubscriptionTopologyChangedArgs>>;
  impactChanged?: SubscriptionResolver<ResolversTypes['ImpactEvent'], "impactChanged", ParentType, ContextType, RequireFields<SubscriptionImpactChangedArgs, 'scenario'>>;
};

export type TwinEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TwinEvent'] = ResolversParentTypes['TwinEvent']> = {
  __resolveType: TypeResolveFn<'TwinChange' | 'Gap', ParentType, ContextType>;
};

export type StateEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['StateEvent'] = ResolversParentTypes['StateEvent']> = {
  __resolveType: TypeResolveFn<'StateChange' | 'Gap', ParentType, ContextType>;
};

export type TopologyEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TopologyEvent'] = ResolversParentTypes['TopologyEvent']> = {
  __resolveType: TypeResolveFn<'TopologyChange' | 'Gap', ParentType, ContextType>;
};

export type TwinChangeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TwinChange'] = ResolversParentTypes['TwinChange']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  twin?: Resolver<Maybe<ResolversTypes['Twin']>, ParentType, ContextType>;
  deleted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  changed?: Resolver<ReadonlyArray<ResolversTypes['Property']>, ParentType, ContextType>;
  skipped?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StateChangeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['StateChange'] = ResolversParentTypes['StateChange']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  twin?: Resolver<ResolversTypes['Twin'], ParentType, ContextType>;
  before?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  after?: Resolver<ResolversTypes['OperationalState'], ParentType, ContextType>;
  causes?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  membership?: Resolver<ResolversTypes['Membership'], ParentType, ContextType>;
  skipped?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TopologyChangeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['TopologyChange'] = ResolversParentTypes['TopologyChange']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  addedTwins?: Resolver<ReadonlyArray<ResolversTypes['Twin']>, ParentType, ContextType>;
  removedTwins?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  addedRelationships?: Resolver<ReadonlyArray<ResolversTypes['Relationship']>, ParentType, ContextType>;
  removedRelationships?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ImpactEventResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImpactEvent'] = ResolversParentTypes['ImpactEvent']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['ImpactSummary'], ParentType, ContextType>;
  added?: Resolver<ReadonlyArray<ResolversTypes['Affected']>, ParentType, ContextType>;
  changed?: Resolver<ReadonlyArray<ResolversTypes['Affected']>, ParentType, ContextType>;
  removed?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type GapResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Gap'] = ResolversParentTypes['Gap']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  missedFrom?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = RequestContext> = {
  DateTime?: GraphQLScalarType;
  Duration?: GraphQLScalarType;
  JSON?: GraphQLScalarType;
  Twin?: TwinResolvers<ContextType>;
  Asset?: AssetResolvers<ContextType>;
  Process?: ProcessResolvers<ContextType>;
  System?: SystemResolvers<ContextType>;
  Property?: PropertyResolvers<ContextType>;
  Status?: StatusResolvers<ContextType>;
  Conduction?: ConductionResolvers<ContextType>;
  Requirement?: RequirementResolvers<ContextType>;
  RequirementMember?: RequirementMemberResolvers<ContextType>;
  Relationship?: RelationshipResolvers<ContextType>;
  Model?: ModelResolvers<ContextType>;
  PropertyModel?: PropertyModelResolvers<ContextType>;
  HistoryPolicy?: HistoryPolicyResolvers<ContextType>;
  Limit?: LimitResolvers<ContextType>;
  HistoryRange?: HistoryRangeResolvers<ContextType>;
  Sample?: SampleResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  TwinConnection?: TwinConnectionResolvers<ContextType>;
  TwinEdge?: TwinEdgeResolvers<ContextType>;
  RelationshipConnection?: RelationshipConnectionResolvers<ContextType>;
  ReachConnection?: ReachConnectionResolvers<ContextType>;
  ReachEdge?: ReachEdgeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  AuditLog?: AuditLogResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  AuditChange?: AuditChangeResolvers<ContextType>;
  QuarantineConnection?: QuarantineConnectionResolvers<ContextType>;
  QuarantinedTwin?: QuarantinedTwinResolvers<ContextType>;
  QuarantinedReading?: QuarantinedReadingResolvers<ContextType>;
  Path?: PathResolvers<ContextType>;
  PathResult?: PathResultResolvers<ContextType>;
  RelationshipType?: RelationshipTypeResolvers<ContextType>;
  Impact?: ImpactResolvers<ContextType>;
  ImpactSummary?: ImpactSummaryResolvers<ContextType>;
  KindCount?: KindCountResolvers<ContextType>;
  AffectedConnection?: AffectedConnectionResolvers<ContextType>;
  Affected?: AffectedResolvers<ContextType>;
  WitnessStep?: WitnessStepResolvers<ContextType>;
  TimelineStep?: TimelineStepResolvers<ContextType>;
  CriticalityConnection?: CriticalityConnectionResolvers<ContextType>;
  Criticality?: CriticalityResolvers<ContextType>;
  CutSetResult?: CutSetResultResolvers<ContextType>;
  CutSet?: CutSetResolvers<ContextType>;
  RootCause?: RootCauseResolvers<ContextType>;
  ModelIssue?: ModelIssueResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  TwinEvent?: TwinEventResolvers<ContextType>;
  StateEvent?: StateEventResolvers<ContextType>;
  TopologyEvent?: TopologyEventResolvers<ContextType>;
  TwinChange?: TwinChangeResolvers<ContextType>;
  StateChange?: StateChangeResolvers<ContextType>;
  TopologyChange?: TopologyChangeResolvers<ContextType>;
  ImpactEvent?: ImpactEventResolvers<ContextType>;
  Gap?: GapResolvers<ContextType>;
};

