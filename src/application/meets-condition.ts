/** Whether a property's state passes a condition, as the graph judges it: by the value's own kind. */
import { isSameValue } from '../domain/property-value.ts';
import type { PropertyState } from '../domain/property.ts';
import type { PropertyCondition } from './twin-store.ts';

/** `state` undefined: the twin has no such property, which equals null and nothing else. */
export function meetsCondition(state: PropertyState | undefined, condition: PropertyCondition): boolean {
  const { eq, ne, gt, gte, lt, lte, in: oneOf, observedBefore, observedAfter } = condition;
  const value = state?.value ?? null;
  const observedAt = state?.observedAt ?? null;
  return (
    (eq === undefined || isSameValue(value, eq)) &&
    (ne === undefined || (value !== null && !isSameValue(value, ne))) &&
    (oneOf === undefined || oneOf.some((each) => isSameValue(value, each))) &&
    (gt === undefined || (typeof value === 'number' && value > gt)) &&
    (gte === undefined || (typeof value === 'number' && value >= gte)) &&
    (lt === undefined || (typeof value === 'number' && value < lt)) &&
    (lte === undefined || (typeof value === 'number' && value <= lte)) &&
    (observedBefore === undefined || (observedAt !== null && observedAt < observedBefore)) &&
    (observedAfter === undefined || (observedAt !== null && observedAt > observedAfter))
  );
}
