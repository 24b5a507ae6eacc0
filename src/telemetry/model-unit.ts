/** Values that say their unit, in the unit of their model and back: limits and queries compare numbers. */
import type { PropertyValue } from '../domain/property.ts';
import type { Reading } from '../domain/telemetry.ts';
import { convertUnit } from '../domain/units.ts';

/** What a model says of a property; undefined: nothing. */
export type DeclaredOf = (
  model: string,
  property: string,
) => { readonly unit: string | null; readonly writable: boolean } | undefined;

export type InModelUnit =
  | { readonly reading: Reading }
  /** Kept as it came, with its own unit: one of the two units is not known. */
  | { readonly reading: Reading; readonly unknownUnit: string }
  /** Its unit measures something else: the number would be taken for what it is not. */
  | { readonly reason: string };

/** `modelUnit` null: the model says none. */
export function inModelUnit(reading: Reading, modelUnit: string | null): InModelUnit {
  const { unit, value } = reading;
  if (unit === undefined || typeof value !== 'number') return { reading };
  if (modelUnit === null || modelUnit === unit) return { reading };
  const converted = convertUnit(value, unit, modelUnit);
  if ('mismatch' in converted)
    return { reason: `${reading.property}: expected ${modelUnit}, got ${unit}: ${converted.mismatch}` };
  if ('unknown' in converted) return { reading, unknownUnit: converted.unknown };
  const { unit: _, ...rest } = reading;
  return { reading: { ...rest, value: converted.value } };
}

/** Two more than a reading keeps: what a device reports of it is the number that is desired again. */
const DESIRED_DIGITS = 14;

/** A desired value in another unit, or why it cannot be: a device would set a number that nobody means. */
export function inOtherUnit(
  value: PropertyValue,
  from: string | null,
  to: string | null,
): { readonly value: PropertyValue } | { readonly reason: string } {
  if (typeof value !== 'number' || from === null || to === null || from === to) return { value };
  const converted = convertUnit(value, from, to, DESIRED_DIGITS);
  if ('value' in converted) return converted;
  const why = 'mismatch' in converted ? converted.mismatch : `the unit ${converted.unknown} is not known`;
  return { reason: `${from} cannot be turned into ${to}: ${why}` };
}
