/** What the impact engine is told and what it answers, in ids and plain values. Times are milliseconds. */
import type { Relationship, RelationshipType } from '../domain/relationship.ts';
import type { OperationalState, RequirementMode, TwinKind } from '../domain/state.ts';
import type { Conduction, Requirement } from '../domain/twin.ts';
import type { Steps } from './steps.ts';

/** A twin as the engine sees it. */
export interface ImpactTwin {
  readonly id: string;
  readonly kind: TwinKind;
  readonly criticality: number;
  /** Own condition, without maintenance. */
  readonly health: OperationalState;
  /** In maintenance: out of service as planned work. */
  readonly planned: boolean;
  readonly closed: boolean;
  /** Can isolate a fault: a breaker, a valve, a switch. Absent: it cannot. */
  readonly isolates?: boolean;
  /** With the model's part in it; empty: CONDUCTOR of every medium. */
  readonly conduction: readonly Conduction[];
  readonly requirements: readonly Requirement[];
}

export interface ImpactInputs {
  readonly twins: Iterable<ImpactTwin>;
  readonly relationships: Iterable<Relationship>;
  readonly typeByName: ReadonlyMap<string, RelationshipType>;
}

/** A change of a twin that leaves the structure as it is. Absent fields stay. */
export interface ConditionChange {
  readonly id: string;
  readonly health?: OperationalState;
  readonly planned?: boolean;
  readonly closed?: boolean;
  readonly criticality?: number;
}

/** A relationship of supply that is opened or closed. */
export interface RelationshipSwitch {
  readonly id: string;
  readonly closed: boolean;
}

export interface DerivedState {
  /** UNKNOWN where worst and best differ. */
  readonly state: OperationalState;
  readonly worst: Level;
  readonly best: Level;
}
export type Level = 'OPERATIONAL' | 'DEGRADED' | 'DOWN';

export interface StateDifference {
  readonly id: string;
  readonly before: DerivedState;
  readonly after: DerivedState;
}

export interface RequirementStatus {
  readonly group: string;
  readonly mode: RequirementMode;
  readonly medium: string | null;
  readonly min: number;
  readonly full: number;
  /** Sum of the shares of its members. */
  readonly total: number;
  readonly soft: boolean;
  readonly holdUpMs: number;
  /** Sum of the shares of members that give full service now (in the worst case). */
  readonly have: number;
  /** Most members that can be lost while it still reaches full; 0 too where it does not reach it now. */
  readonly margin: number;
  readonly members: readonly {
    readonly twin: string;
    readonly relationship: string;
    readonly share: number;
    readonly standbyDelayMs: number | null;
    readonly available: boolean;
  }[];
}

export interface Scenario {
  readonly outage: readonly string[];
  /** Twins that outageWithin expands to are added to outage by the caller. */
  readonly degrade: readonly string[];
  readonly repair: readonly string[];
  readonly maintain: readonly string[];
  readonly fault: readonly string[];
  /** Twins or relationships. */
  readonly open: readonly string[];
  readonly close: readonly string[];
  readonly baseline: 'LIVE' | 'HEALTHY';
  readonly coldStart: boolean;
  /** null: until nothing more happens. */
  readonly horizonMs: number | null;
}

/** Nothing happens; for others to be told by what they have besides. */
export const EMPTY_SCENARIO: Scenario = {
  outage: [],
  degrade: [],
  repair: [],
  maintain: [],
  fault: [],
  open: [],
  close: [],
  baseline: 'LIVE',
  coldStart: false,
  horizonMs: null,
};

export interface AffectedTwin {
  readonly id: string;
  readonly before: OperationalState;
  readonly after: OperationalState;
  /** Worse at some time; else better in the end. Names of states do not tell it: UNKNOWN stands for a range. */
  readonly isWorse: boolean;
  readonly certainty: 'CERTAIN' | 'POSSIBLE';
  readonly impactAtMs: number;
  readonly recoversAtMs: number | null;
  readonly planned: boolean;
  /** State from time 0 on; the first step is at 0. */
  readonly timeline: readonly { readonly atMs: number; readonly state: OperationalState }[];
}

/**
 * The affected twins of an answer, the worst first (IMPACT.md 6). A row comes into being when it is looked at; whoever
 * goes through all of them asks for its values alone, which leaves no garbage.
 */
export interface AffectedRows extends AffectedValues, Iterable<AffectedTwin> {
  readonly length: number;
  at(index: number): AffectedTwin | undefined;
  slice(from: number, to: number): AffectedTwin[];
  /** undefined: the twin is not among them. */
  indexOf(id: string): number | undefined;
  /** Those for which it holds, in the same order. */
  where(holds: (index: number) => boolean): Steps<AffectedRows>;
}

/** One value of the row at an index. */
type AffectedValues = { readonly [Name in keyof AffectedTwin]: (index: number) => AffectedTwin[Name] };

export interface WitnessStep {
  readonly twin: string;
  /** Relationship by which the loss came; null at the first step. */
  readonly relationship: string | null;
  readonly group: string | null;
  /** Shares needed and had for the level that was lost. */
  readonly need: number | null;
  readonly have: number | null;
  /** Members of the group that were lost. */
  readonly lost: readonly string[];
}

/** The whole answer; paging and filters come after. */
export interface ScenarioAnswer {
  readonly affected: AffectedRows;
  /** How many twins have a state that is not certain in the scenario. */
  readonly staleInputs: number;
  /** The scenario's own twins, fault zones included. */
  readonly scenarioTwins: readonly string[];
  /** OPERATIONAL before and after, at risk only after; computed when asked. */
  newlyAtRisk(): Steps<readonly string[]>;
  /** A shortest chain of cause from a twin of the scenario; computed when asked. Of more steps than `most`, the middle is left out. */
  witness(id: string, most?: number): readonly WitnessStep[];
  /** Steps of the whole chain. */
  witnessLength(id: string): number;
  /** Minimal parts of the scenario that suffice for this twin's loss, to `maxOrder` (1 or 2). */
  causes(id: string, maxOrder: number): Steps<readonly (readonly string[])[]>;
  /** Whether all parts were tried for that. */
  causesComplete(id: string, maxOrder: number): Steps<boolean>;
}

export interface CutSetAnswer {
  readonly cutSets: readonly (readonly string[])[];
  /** Smallest order - 1, told as 0, 1 or 2 for "2 or more". */
  readonly margin: number;
  readonly complete: boolean;
  /** What cut the search short; null when complete. */
  readonly limit: string | null;
}

export interface CriticalityRow {
  readonly id: string;
  readonly score: number;
  readonly affected: number;
  readonly processesDown: number;
  readonly processesDegraded: number;
  readonly firstImpactAtMs: number | null;
}

export interface RootCauseRow {
  readonly twins: readonly string[];
  readonly explained: number;
  readonly unexplained: number;
  readonly contradicted: number;
  /** false: the search was cut short, and there may be better ones. */
  readonly complete: boolean;
  readonly limit: string | null;
}

/** `code` in capitals, e.g. PROCESS_WITHOUT_REQUIREMENT, UNGROUPED_REDUNDANCY, EMPTY_GROUP. */
export interface ModelIssue {
  readonly code: string;
  readonly twin: string | null;
  readonly message: string;
}
