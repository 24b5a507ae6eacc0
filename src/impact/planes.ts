/**
 * The four planes of IMPACT.md 3, as bits of one number: two cuts, each judged in the worst and in the best case.
 *
 * A twin's bits say in which planes it is available. All rules are monotone, so bitwise AND and OR evaluate the planes at once.
 */
import type { OperationalState } from '../domain/state.ts';
import type { DerivedState, Level } from './types.ts';

/** At least DEGRADED, in the worst case. */
export const WORST_CUT1 = 1;
/** OPERATIONAL, in the worst case. */
export const WORST_CUT2 = 2;
/** At least DEGRADED, in the best case. */
export const BEST_CUT1 = 4;
/** OPERATIONAL, in the best case. */
export const BEST_CUT2 = 8;

export const CUT1 = WORST_CUT1 | BEST_CUT1;
export const CUT2 = WORST_CUT2 | BEST_CUT2;
export const WORST = WORST_CUT1 | WORST_CUT2;
export const BEST = BEST_CUT1 | BEST_CUT2;
export const ALL_PLANES = WORST | BEST;

export const PLANES = [WORST_CUT1, WORST_CUT2, BEST_CUT1, BEST_CUT2] as const;

/** Index into OPERATIONAL_STATES is how health is stored; this is its bits. UNKNOWN is DOWN in the worst, OPERATIONAL in the best case. */
export const BITS_BY_HEALTH: readonly number[] = [ALL_PLANES, BEST, CUT1, 0];

export const LEVELS: readonly Level[] = ['DOWN', 'DEGRADED', 'OPERATIONAL'];

/** 0 DOWN, 1 DEGRADED, 2 OPERATIONAL; by bits. */
export function worstRank(bits: number): number {
  return LOW_RANK[bits] as number;
}

export function bestRank(bits: number): number {
  return HIGH_RANK[bits] as number;
}

const rankOf = (half: number): number => (half & 1) + ((half >> 1) & 1);

// A standby that starts earlier in the worst case can put the worst half above the best for a while: the range is what lies between.
const LOW_RANK: readonly number[] = Array.from({ length: 16 }, (_, bits) => Math.min(rankOf(bits), rankOf(bits >> 2)));
const HIGH_RANK: readonly number[] = Array.from({ length: 16 }, (_, bits) => Math.max(rankOf(bits), rankOf(bits >> 2)));

const DERIVED_BY_BITS: readonly DerivedState[] = Array.from({ length: 16 }, (_, bits) => {
  const worst = LEVELS[LOW_RANK[bits] as number] as Level;
  const best = LEVELS[HIGH_RANK[bits] as number] as Level;
  return Object.freeze({ state: worst === best ? worst : 'UNKNOWN', worst, best });
});

/** One shared, frozen object per state. */
export function derivedState(bits: number): DerivedState {
  return DERIVED_BY_BITS[bits] as DerivedState;
}

export function stateOf(bits: number): OperationalState {
  return derivedState(bits).state;
}

/** The plane of a cut (1 or 2) in the worst or best case. */
export function planeOf(cut: number, isBest: boolean): number {
  return (isBest ? BEST_CUT1 : WORST_CUT1) << (cut - 1);
}

/** The worst and the best case differ. */
export function isUncertain(bits: number): boolean {
  return bits >> 2 !== (bits & WORST);
}
