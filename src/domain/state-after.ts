/** What a reading makes of a property. */
import { EMPTY_PROPERTY, type PropertyState } from './property.ts';
import type { Reading } from './telemetry.ts';

/**
 * The state that a reading leaves behind. A BAD one keeps the last good value and its unit; where none was ever
 * received, its own is better than nothing.
 */
export function stateAfter(before: PropertyState | null, reading: Reading): PropertyState {
  const last = before ?? EMPTY_PROPERTY;
  const keepsValue = reading.quality === 'BAD' && last.receivedAt !== null;
  const after: PropertyState = {
    value: keepsValue ? last.value : reading.value,
    unit: keepsValue ? last.unit : (reading.unit ?? null),
    quality: reading.quality,
    observedAt: reading.observedAt ?? reading.receivedAt,
    receivedAt: reading.receivedAt,
    order: reading.sequence ?? 0,
    activeLimits: last.activeLimits,
    stale: false,
  };
  if (last.desired === undefined && last.pendingLimits === undefined) return after;
  return {
    ...after,
    ...(last.desired !== undefined && { desired: last.desired }),
    ...(last.pendingLimits !== undefined && { pendingLimits: last.pendingLimits }),
  };
}
