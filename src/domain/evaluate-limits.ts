/** Limits in the sense of ISA-18.2: threshold, deadband, on-delay; and the health that they give a twin. */
import type { Limit, PropertyModel } from './model.ts';
import type { PropertyState, PropertyValue } from './property.ts';
import { type OperationalState, worseOf } from './state.ts';

/** A number as limits see it: true is 1, false is 0; other values have no limits. */
function toNumber(value: PropertyValue): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : null;
}

/** At or past the threshold. */
function isPast(limit: Limit, value: number): boolean {
  switch (limit.comparison) {
    case 'ABOVE':
      return value >= limit.threshold;
    case 'BELOW':
      return value <= limit.threshold;
    case 'EQUAL':
      return value === limit.threshold;
    case 'NOT_EQUAL':
      return value !== limit.threshold;
  }
}

/** Back by the deadband: an active limit ends. */
function isBack(limit: Limit, value: number): boolean {
  if (isPast(limit, value)) return false;
  switch (limit.comparison) {
    case 'ABOVE':
      return value <= limit.threshold - limit.deadband;
    case 'BELOW':
      return value >= limit.threshold + limit.deadband;
    case 'EQUAL':
      return Math.abs(value - limit.threshold) >= limit.deadband;
    case 'NOT_EQUAL':
      return true;
  }
}

export interface LimitJudgement {
  /** Indexes of the limits that are active now, ascending. */
  readonly active: readonly number[];
  /** Since when (epoch ms) each limit that waits for its delay is past the threshold, by index. */
  readonly pendingSince: ReadonlyMap<number, number>;
}

export const NO_JUDGEMENT: LimitJudgement = { active: [], pendingSince: new Map() };

/** Judges one value. `now` is when we know of it, epoch milliseconds. */
export function evaluateLimits(
  limits: readonly Limit[],
  value: PropertyValue,
  before: LimitJudgement,
  now: number,
): LimitJudgement {
  if (limits.length === 0) return NO_JUDGEMENT;
  const number = toNumber(value);
  if (number === null) return NO_JUDGEMENT;
  const active: number[] = [];
  const pendingSince = new Map<number, number>();
  for (const [i, limit] of limits.entries()) {
    if (before.active.includes(i)) {
      if (!isBack(limit, number)) active.push(i);
      continue;
    }
    if (!isPast(limit, number)) continue;
    const since = before.pendingSince.get(i) ?? now;
    if (now - since >= limit.delayMs) active.push(i);
    else pendingSince.set(i, since);
  }
  return { active, pendingSince };
}

/**
 * Health that a twin's properties give it: the worst of the active limits, and UNKNOWN where a property with limits
 * is not heard from (stale, or the twin is offline). Properties never reported say nothing.
 */
export function measureHealth(
  properties: Iterable<readonly [PropertyModel, PropertyState]>,
  isOffline: boolean,
): OperationalState {
  let health: OperationalState = 'OPERATIONAL';
  for (const [model, state] of properties) {
    if (model.limits.length === 0 || state.receivedAt === null) continue;
    if (state.stale || isOffline) health = worseOf(health, 'UNKNOWN');
    else for (const i of state.activeLimits) health = worseOf(health, model.limits[i]?.state ?? 'OPERATIONAL');
  }
  return health;
}
