/** A property as the API answers it: plain values, so that a list of them needs no work per field. */
import { isSameValue } from '../domain/property-value.ts';
import type { PropertyState, PropertyValue } from '../domain/property.ts';
import type { ResolvedModel } from '../domain/model.ts';
import type { Quality } from '../domain/state.ts';

export interface PropertyRow {
  readonly name: string;
  readonly value: PropertyValue;
  readonly desired: PropertyValue;
  readonly inSync: boolean;
  readonly unit: string | null;
  readonly quality: Quality;
  readonly observedAt: number | null;
  readonly receivedAt: number | null;
  readonly stale: boolean;
}

export function toPropertyRow(name: string, state: PropertyState, model: ResolvedModel | undefined): PropertyRow {
  const desired = state.desired ?? null;
  return {
    name,
    value: state.value,
    desired,
    inSync: desired === null || isSameValue(desired, state.value),
    unit: state.unit ?? model?.propertyByName.get(name)?.unit ?? null,
    quality: state.quality,
    observedAt: state.observedAt,
    receivedAt: state.receivedAt,
    stale: state.stale,
  };
}
