/** A twin: the replica of an asset, a process or a system. Its property values live in the graph, the rest also in memory. */
import type { ConductionRole, Connectivity, OperationalState, RequirementMode, TwinKind } from './state.ts';

/** Part that a twin plays in networks of CONNECTED_TO. `medium` null: in every medium. */
export interface Conduction {
  readonly medium: string | null;
  readonly role: ConductionRole;
}

/**
 * Thresholds that a twin declares for one of its requirement groups.
 * `min` and `full` both null: all shares are needed. One given: it stands for both (k of n).
 */
export interface Requirement {
  readonly group: string;
  /** null: taken from the relationships' type. */
  readonly mode: RequirementMode | null;
  /** null: for the group's relationships of any medium. */
  readonly medium: string | null;
  /** Shares; at least 1. */
  readonly min: number | null;
  /** Shares; at least `min`. */
  readonly full: number | null;
  /** Can cost at most DEGRADED. */
  readonly soft: boolean;
  /** Milliseconds that the group goes on holding after it was lost; 0 for none. */
  readonly holdUpMs: number;
  /** Part of the hold-up that is there now, 0 to 1. */
  readonly stateOfCharge: number;
}

export interface Maintenance {
  /** Epoch milliseconds; null: until further notice. */
  readonly until: number | null;
  readonly reason: string | null;
}

/** What a twin's source calls it, and the dialect in which it was heard last: that is how it is told what is desired. */
export interface TwinSource {
  /** Name of the dialect in the telemetry configuration. */
  readonly dialect: string;
  readonly names: Readonly<Record<string, string>>;
  /** Units that the source said last, by property; absent: the mapping's, else the model's. */
  readonly units?: Readonly<Record<string, string>>;
}

/** Everything of a twin but its properties. Times are epoch milliseconds. */
export interface Twin {
  readonly id: string;
  readonly kind: TwinKind;
  readonly name: string;
  readonly description: string | null;
  /** Id of its model. */
  readonly model: string | null;
  readonly tags: readonly string[];
  /** >= 0. */
  readonly criticality: number;
  /** false: does not conduct (an open breaker, a shut valve). */
  readonly closed: boolean;
  /** It was said once whether it is closed: something that switches (a breaker, a valve), and so can isolate a fault. */
  readonly switches: boolean;
  /** Own declaration; empty: the model's, else CONDUCTOR. */
  readonly conduction: readonly Conduction[];
  readonly requirements: readonly Requirement[];
  /** The operator's word, or a condition reported as such. */
  readonly reportedHealth: OperationalState;
  /** Worst of the property limits that are active now, and UNKNOWN where a property with limits is silent. */
  readonly measuredHealth: OperationalState;
  readonly maintenance: Maintenance | null;
  readonly connectivity: Connectivity;
  readonly lastSeen: number | null;
  /** Absent: heard natively, or never. */
  readonly source?: TwinSource;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Criticality of a twin that declares none. */
export const DEFAULT_CRITICALITY: Record<TwinKind, number> = { ASSET: 0, PROCESS: 1, SYSTEM: 0 };
