/**
 * What the doors (GraphQL, MQTT, the command line, files) may ask for: one list of verbs, each in a file of its own.
 * Reads of structure and state come from memory; property values come from the graph, a batch in one statement.
 */
import type { PropertyChange } from '../domain/change.ts';
import type { Sample, SeriesKey } from '../domain/history.ts';
import type { Model, ResolvedModel } from '../domain/model.ts';
import type { Scope } from '../domain/principal.ts';
import type { PropertyState, PropertyValue } from '../domain/property.ts';
import type { Relationship, RelationshipType } from '../domain/relationship.ts';
import type { OperationalState } from '../domain/state.ts';
import type { ConnectivityReport, Reading, ReadingOutcome, Removal } from '../domain/telemetry.ts';
import type { Twin, TwinSource } from '../domain/twin.ts';
import type {
  CriticalityRow,
  CutSetAnswer,
  Level,
  ModelIssue,
  RequirementStatus,
  RootCauseRow,
  ScenarioAnswer,
} from '../impact/types.ts';
import type { Steps } from '../impact/steps.ts';
import type { PathAnswer, PathQuery } from '../topology/paths.ts';
import type { Reach, ReachDirection, ReachOptions } from '../topology/reach.ts';
import type { TopologyView } from '../topology/topology.ts';
import type { AuditAnswer, AuditQuestion } from './audit-log.ts';
import type {
  ImportInput,
  RelationshipInput,
  ReportInput,
  ScenarioInput,
  TwinFilter,
  TwinInput,
  TwinPatchInput,
} from './inputs.ts';
import type { DesiredBySource } from './follow-source.ts';
import type { Quarantine } from './quarantine.ts';
import type { HistoryAnswer, HistoryQuestion } from './history-store.ts';
import type { PropertiesByTwin } from './twin-store.ts';

export interface TwinStatus {
  readonly health: OperationalState;
  readonly state: OperationalState;
  readonly best: Level;
  readonly worst: Level;
  /** Epoch milliseconds since when `state` holds. */
  readonly since: number;
  readonly inMaintenance: boolean;
}

/** An impact answer with the position of the feed that it judged. */
export interface ScenarioResult {
  readonly sequence: number;
  readonly answer: ScenarioAnswer;
  /** The scenario's own twins, fault zones and contents included. */
  readonly scenarioTwins: readonly string[];
  /** Affected twins that the caller does not see and `answer` does not name; absent: none. */
  readonly hidden?: number;
}

/** Who asks. */
export interface Caller {
  /** Goes into the change record. */
  readonly actor: string | null;
  /** Changes only what it sees; absent or null: everything. */
  readonly scope?: Scope | null;
}

export interface ImportReport {
  readonly models: number;
  readonly twins: number;
  readonly relationships: number;
  /** Sequence of the last record written; the head where nothing changed. */
  readonly sequence: number;
}

/**
 * Where a live query stands. The events of one commit are told in order of id, so that it can go on in the midst of one:
 * told is everything up to `since`, and of the commits behind it up to `sequence` what concerns ids up to `id`.
 */
export interface FeedPosition {
  readonly since: number;
  readonly sequence: number;
  /** null: the commit is told whole. */
  readonly id: string | null;
  /** In the midst of a snapshot taken at `sequence`. */
  readonly isSnapshot: boolean;
}

/** One event of a live query. */
export interface GapEvent {
  readonly kind: 'gap';
  readonly sequence: number;
  /** First sequence that is missing. */
  readonly missedFrom: number;
}
export interface TwinEvent {
  readonly kind: 'twin';
  /** Sequence before the commit. */
  readonly since: number;
  readonly sequence: number;
  readonly at: number;
  readonly id: string;
  readonly deleted: boolean;
  readonly changed: readonly PropertyChange[];
  /** Earlier events that this one stands for, because the subscriber was slow; absent: none. */
  readonly skipped?: number;
}
export interface StateEvent {
  readonly kind: 'state';
  /** Sequence before the commits that it comes from; `sequence` is the last of them. */
  readonly since: number;
  readonly sequence: number;
  readonly at: number;
  readonly id: string;
  readonly before: OperationalState;
  readonly after: OperationalState;
  readonly causes: readonly string[];
  /** Of one that LEFT the sight of who watches: the twin as it was seen last. */
  readonly lastSeen?: Twin;
  /** As it was then, where the event is told again later: it may be gone by now. */
  readonly twin?: Twin;
  /** JOINED and LEFT: the twin came into, or went out of, what is watched; the state need not have changed. */
  readonly membership: 'STAYED' | 'JOINED' | 'LEFT';
  /** Told what holds, not what changed. */
  readonly isSnapshot: boolean;
  /** As of TwinEvent. */
  readonly skipped?: number;
}
export interface TopologyEvent {
  readonly kind: 'topology';
  readonly sequence: number;
  readonly at: number;
  readonly addedTwins: readonly string[];
  readonly removedTwins: readonly string[];
  readonly addedRelationships: readonly Relationship[];
  readonly removedRelationships: readonly string[];
}
export interface ImpactEvent {
  readonly kind: 'impact';
  readonly sequence: number;
  readonly result: ScenarioResult;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface TwinWatch {
  /** Only what is seen in it; absent or null: everything. */
  readonly scope?: Scope | null;
  readonly ids?: readonly string[] | null;
  readonly within?: string | null;
  /** Only changes of these properties. */
  readonly properties?: readonly string[] | null;
  /** Go on behind this; null: from now on. */
  readonly after?: FeedPosition | null;
}
export interface StateWatch {
  /** Only what is seen in it; absent or null: everything. */
  readonly scope?: Scope | null;
  readonly ids?: readonly string[] | null;
  readonly within?: string | null;
  readonly kinds?: readonly Twin['kind'][] | null;
  readonly snapshot?: boolean;
  readonly after?: FeedPosition | null;
  /** Epoch milliseconds: go on behind the last commit at or before it. */
  readonly from?: number | null;
}
export interface TopologyWatch {
  /** Only what is seen in it; absent or null: everything. */
  readonly scope?: Scope | null;
  readonly within?: string | null;
  readonly after?: FeedPosition | null;
}

/** Page of an ordered list of ids; `after` is the last id of the page before. */
export interface Application {
  /** The same for somebody who sees the twins of a scope alone: what it does not see is not there, wherever it is asked for. */
  seenBy(scope: Scope): Application;
  readonly topology: TopologyView;
  /** Sequence that memory has reached. */
  sequence(): number;

  // --- reading, from memory
  model(id: string): Model | undefined;
  models(): readonly Model[];
  resolvedModel(id: string): ResolvedModel | undefined;
  relationshipTypes(): readonly RelationshipType[];
  /**
   * A change of structure is worked into the states a moment later, on a large graph between other work: whoever waits
   * for this does not hold up others. null: nothing waits. States that are asked for before that are made at once.
   */
  settled(): Promise<void> | null;
  /** @throws LinchpinError NOT_FOUND */
  status(id: string): TwinStatus;
  atRisk(id: string): boolean;
  /** The failed twins behind a state that is not OPERATIONAL, nearest first. */
  causes(id: string, limit: number): readonly string[];
  requirements(id: string): readonly RequirementStatus[];
  /**
   * What a twin needs, or what needs it, nearest first, then by id.
   * @throws LinchpinError NOT_FOUND
   */
  reach(id: string, direction: ReachDirection, options?: ReachOptions): Reach;
  /**
   * `along` DEPENDENCE: as outages travel, instead of as relationships are drawn.
   * @throws LinchpinError NOT_FOUND
   */
  paths(query: Omit<PathQuery, 'needs'> & { readonly along: 'RELATIONSHIPS' | 'DEPENDENCE' }): PathAnswer;
  /** Ids of the twins that pass the filter, in order of id. Conditions on properties are one statement. */
  selectTwins(filter: TwinFilter, candidates?: Iterable<string>, signal?: AbortSignal): Promise<readonly string[]>;

  // --- reading the past
  /**
   * All that reads, as of an instant in epoch milliseconds: after the last commit at or before it.
   * @throws LinchpinError RETENTION_PASSED; LIMIT_EXCEEDED where too much has changed since; TIMEOUT by the signal
   */
  asOf(instant: number, signal?: AbortSignal): Promise<Application>;

  // --- reading, from the graph
  /** All, or at least those named. What memory does not hold from the last time is one statement. */
  properties(ids: readonly string[], names?: readonly string[], signal?: AbortSignal): Promise<PropertiesByTwin>;
  /** One, where memory holds it from the last time: null where it is not there. undefined: properties() tells. */
  knownProperty(id: string, name: string): PropertyState | null | undefined;

  // --- the past
  /** In the order of the series asked for. @throws LinchpinError NOT_FOUND, BAD_INPUT, STORE_UNAVAILABLE */
  history(question: HistoryQuestion): Promise<readonly HistoryAnswer[]>;
  /** What each property was at an instant (epoch milliseconds); undefined: not known. */
  valuesAt(series: readonly SeriesKey[], at: number): Promise<readonly (Sample | undefined)[]>;

  // --- the audit
  /** Who changed what, the newest first. @throws LinchpinError STORE_UNAVAILABLE, TIMEOUT by the signal */
  auditLog(question: AuditQuestion, signal?: AbortSignal): Promise<AuditAnswer>;

  // --- impact
  /** Long work in steps (what answers have to compute when asked), in slices between other work. @throws LinchpinError TIMEOUT by the signal */
  inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T>;
  impact(scenario: ScenarioInput, signal?: AbortSignal): Promise<ScenarioResult>;
  cutSets(
    of: string,
    options: { below: 'OPERATIONAL' | 'DEGRADED'; maxOrder: number; kinds: readonly Twin['kind'][]; first: number },
    signal?: AbortSignal,
  ): Promise<CutSetAnswer>;
  criticality(
    options: { kinds: readonly Twin['kind'][]; within: string | null },
    signal?: AbortSignal,
  ): Promise<readonly CriticalityRow[]>;
  rootCauses(
    observations: readonly { id: string; state: OperationalState }[],
    options: { maxOrder: number; kinds: readonly Twin['kind'][]; first: number },
    signal?: AbortSignal,
  ): Promise<readonly RootCauseRow[]>;
  modelIssues(limit: number, signal?: AbortSignal): Promise<readonly ModelIssue[]>;

  // --- changing. Each answers when memory holds the change.
  upsertTwins(twins: readonly TwinInput[], caller: Caller): Promise<readonly Twin[]>;
  patchTwin(id: string, patch: TwinPatchInput, options: Caller & { ifRevision?: number | null }): Promise<Twin>;
  setDesired(id: string, desired: PropertyValue, options: Caller & { ifRevision?: number | null }): Promise<Twin>;
  setMaintenance(
    id: string,
    on: boolean,
    options: Caller & { until?: number | null; reason?: string | null },
  ): Promise<Twin>;
  deleteTwin(id: string, options: Caller & { ifRevision?: number | null }): Promise<string>;
  upsertRelationships(relationships: readonly RelationshipInput[], caller: Caller): Promise<readonly Relationship[]>;
  deleteRelationship(id: string, caller: Caller): Promise<string>;
  upsertModels(models: readonly unknown[], caller: Caller): Promise<readonly Model[]>;
  report(input: ReportInput, caller: Caller): Promise<Twin>;
  /** All or nothing: every fault is collected and thrown at once, with `at` = `twins[3].kind` and so on. */
  importGraph(
    input: ImportInput,
    options: Caller & { dryRun?: boolean; onProgress?: (done: number, total: number) => void },
  ): Promise<ImportReport>;
  /**
   * One batch of telemetry, one commit; answers when it is committed and memory holds it.
   * Outcomes in the order given; nothing is thrown for a single reading.
   * @throws LinchpinError STORE_UNAVAILABLE when the graph cannot be reached: nothing was taken, try the batch again.
   */
  ingest(readings: readonly Reading[]): Promise<readonly { outcome: ReadingOutcome; reason?: string }[]>;
  reportConnectivity(reports: readonly ConnectivityReport[]): Promise<void>;
  /** Takes away what sources say is gone, unless it is newer. @throws LinchpinError STORE_UNAVAILABLE */
  removeReported(removals: readonly Removal[]): Promise<void>;
  /** What sources' own twins desire; answers why a change was not taken, by its place. @throws LinchpinError STORE_UNAVAILABLE */
  takeDesired(changes: readonly DesiredBySource[]): Promise<readonly (string | null)[]>;
  /** Keeps in which dialect and how called twins are heard; unknown twins are left out. @throws LinchpinError STORE_UNAVAILABLE */
  noteSources(sources: ReadonlyMap<string, TwinSource>): Promise<void>;
  /** Twins that telemetry names and nobody knows. */
  readonly quarantine: Quarantine;
  /** Makes a twin of one of those, with what it has reported. @throws LinchpinError NOT_FOUND, CONFLICT, BAD_INPUT */
  adoptTwin(input: TwinInput, caller: Caller): Promise<Twin>;
  /**
   * Into history what was coalesced away before `ingest`. Answers when history has these and all ingested before, or
   * does not answer itself for too long; undefined: nobody has to wait.
   */
  keepHistory(coalesced: readonly Reading[]): Promise<void> | undefined;

  // --- live
  watchTwins(watch: TwinWatch): AsyncIterableIterator<TwinEvent | GapEvent>;
  watchStates(watch: StateWatch): AsyncIterableIterator<StateEvent | GapEvent>;
  watchTopology(watch: TopologyWatch): AsyncIterableIterator<TopologyEvent | GapEvent>;
  watchImpact(scenario: ScenarioInput, kinds: readonly Twin['kind'][] | null): AsyncIterableIterator<ImpactEvent>;
  /** Called with each desired value that should go out to a device. */
  onDesired(
    listener: (change: { twin: string; property: string; desired: PropertyValue | undefined }) => void,
  ): () => void;
  /** Twins of which a value is desired that they do not report. */
  unreported(): readonly string[];
}
