/** A model: the type of twins, with inheritance. Inputs become this by parse-model.ts; inheritance is resolved by resolve-model.ts. */
import type { HistoryPolicy } from './history.ts';
import type { PropertyValue } from './property.ts';
import type { RelationshipType } from './relationship.ts';
import type { Comparison, OperationalState, TwinKind } from './state.ts';
import type { Conduction } from './twin.ts';

export interface Limit {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** Health of the twin while the limit is active. */
  readonly state: OperationalState;
  /** How far back past the threshold the value must come; in the property's unit, >= 0. */
  readonly deadband: number;
  /** Milliseconds that the value must stay past the threshold before the limit is active; 0: at once. */
  readonly delayMs: number;
}

/** Schemas of property values; the second form is a list of one. */
export type ScalarSchema = 'double' | 'integer' | 'boolean' | 'string' | 'dateTime' | 'json';
export type PropertySchema = ScalarSchema | `list<${ScalarSchema}>`;

export interface PropertyModel {
  readonly name: string;
  readonly schema: PropertySchema;
  readonly unit: string | null;
  readonly writable: boolean;
  /** Milliseconds; null: never stale. */
  readonly staleAfterMs: number | null;
  readonly limits: readonly Limit[];
  /** null: every value goes into history. */
  readonly history: HistoryPolicy | null;
}

export interface Model {
  readonly id: string;
  readonly kind: TwinKind;
  readonly name: string;
  readonly extends: readonly string[];
  /** Own properties only; inherited ones come with resolveModel. */
  readonly properties: readonly PropertyModel[];
  readonly relationshipTypes: readonly RelationshipType[];
  readonly conduction: readonly Conduction[];
  /** What was given, whole, as JSON: the export writes it back. */
  readonly definition: PropertyValue;
  readonly revision: number;
}

/** A model with what it inherits: own declarations win over inherited ones, earlier parents over later ones. */
export interface ResolvedModel {
  readonly id: string;
  readonly kind: TwinKind;
  readonly name: string;
  readonly propertyByName: ReadonlyMap<string, PropertyModel>;
  readonly conduction: readonly Conduction[];
}
