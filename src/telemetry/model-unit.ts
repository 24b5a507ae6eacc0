/** A reading that says its unit, in the unit of its model: limits and queries compare numbers. */
import type { Reading } from '../domain/telemetry.ts';
import { convertUnit } from '../domain/units.ts';

/** Unit of a twin's property by its model; null: it has none. */
export type UnitOf = (twin: string, property: string) => string | null;

export type InModelUnit =
  | { readonly reading: Reading }
  /** Kept as it came, with its own unit: one of the two units is not known. */
  | { readonly reading: Reading; readonly unknownUnit: string }
  /** Its unit measures something else: the number would be taken for what it is not. */
  | { readonly reason: string };

export function inModelUnit(reading: Reading, unitOf: UnitOf): InModelUnit {
  const { unit, value } = reading;
  if (unit === undefined || typeof value !== 'number') return { reading };
  const modelUnit = unitOf(reading.twin, reading.property);
  if (modelUnit === null || modelUnit === unit) return { reading };
  const converted = convertUnit(value, unit, modelUnit);
  if ('mismatch' in converted)
    return { reason: `${reading.property}: expected ${modelUnit}, got ${unit}: ${converted.mismatch}` };
  if ('unknown' in converted) return { reading, unknownUnit: converted.unknown };
  const { unit: _, ...rest } = reading;
  return { reading: { ...rest, value: converted.value } };
}
