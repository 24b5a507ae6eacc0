/** Inputs of the verbs, as they come from GraphQL, files or code: plain values, checked by the verbs themselves. */
import type { PropertyValue } from '../domain/property.ts';
import type { Connectivity, OperationalState, Quality, TwinKind } from '../domain/state.ts';
import type { PropertyCondition } from './twin-store.ts';

/** undefined or null: not given. Durations are ISO 8601 text or milliseconds; instants RFC 3339 text or epoch milliseconds. */
export type Maybe<T> = T | null | undefined;

export interface ConductionInput {
  readonly medium?: Maybe<string>;
  readonly role: string;
}

export interface RequirementInput {
  readonly group: string;
  readonly mode?: Maybe<string>;
  readonly medium?: Maybe<string>;
  readonly any?: Maybe<boolean>;
  readonly min?: Maybe<number>;
  readonly full?: Maybe<number>;
  readonly soft?: Maybe<boolean>;
  readonly holdUp?: Maybe<string | number>;
  readonly stateOfCharge?: Maybe<number>;
}

export interface TwinPatchInput {
  readonly name?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly model?: Maybe<string>;
  readonly tags?: Maybe<readonly string[]>;
  readonly criticality?: Maybe<number>;
  readonly properties?: Maybe<PropertyValue>;
  readonly health?: Maybe<string>;
  readonly closed?: Maybe<boolean>;
  readonly conduction?: Maybe<readonly ConductionInput[]>;
  readonly requirements?: Maybe<readonly RequirementInput[]>;
}

export interface TwinInput extends TwinPatchInput {
  readonly id: string;
  readonly kind: string;
  readonly desired?: Maybe<PropertyValue>;
}

export interface RelationshipInput {
  readonly id?: Maybe<string>;
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly medium?: Maybe<string>;
  readonly group?: Maybe<string>;
  readonly share?: Maybe<number>;
  readonly standbyDelay?: Maybe<string | number>;
  readonly closed?: Maybe<boolean>;
  readonly oneWay?: Maybe<boolean>;
  readonly properties?: Maybe<PropertyValue>;
}

/** One batch of an import; models come first, then twins, then relationships, whatever the order in the file. */
export interface ImportInput {
  readonly models: readonly unknown[];
  readonly twins: readonly TwinInput[];
  readonly relationships: readonly RelationshipInput[];
}

export interface TwinFilter {
  readonly kinds?: Maybe<readonly TwinKind[]>;
  readonly models?: Maybe<readonly string[]>;
  readonly tags?: Maybe<readonly string[]>;
  readonly states?: Maybe<readonly OperationalState[]>;
  readonly connectivity?: Maybe<readonly Connectivity[]>;
  /** Inside this twin: part of it, or located in it, at any depth. */
  readonly within?: Maybe<string>;
  readonly text?: Maybe<string>;
  readonly where?: Maybe<readonly PropertyCondition[]>;
}

export interface ScenarioInput {
  readonly outage?: Maybe<readonly string[]>;
  readonly outageWithin?: Maybe<readonly string[]>;
  readonly degrade?: Maybe<readonly string[]>;
  readonly repair?: Maybe<readonly string[]>;
  readonly maintain?: Maybe<readonly string[]>;
  readonly fault?: Maybe<readonly string[]>;
  readonly open?: Maybe<readonly string[]>;
  readonly close?: Maybe<readonly string[]>;
  readonly baseline?: Maybe<'LIVE' | 'HEALTHY'>;
  readonly coldStart?: Maybe<boolean>;
  readonly horizon?: Maybe<string | number>;
  readonly asOf?: Maybe<string | number>;
}

export interface ReportInput {
  readonly id: string;
  readonly properties: PropertyValue;
  readonly observedAt?: Maybe<number>;
  readonly quality?: Maybe<Quality>;
}
