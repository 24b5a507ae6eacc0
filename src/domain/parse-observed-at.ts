/** A source's own time of a reading. */
import { parseInstant } from './instant.ts';
import { LIMITS } from './limits.ts';

/** Below: seconds (until the year 5138); from here on: milliseconds (since 1973). */
const FIRST_MILLISECONDS = 1e11;
/** Largest instant that a Date can hold, in epoch milliseconds. */
const LAST_INSTANT = 8.64e15;

/**
 * Epoch milliseconds of RFC 3339 text, or of epoch seconds or milliseconds, told apart by their size.
 * @throws LinchpinError BAD_INPUT
 */
export function parseObservedAt(value: unknown): number {
  if (typeof value !== 'number') return parseInstant(value, 'observedAt');
  const ms = Math.round(Math.abs(value) < FIRST_MILLISECONDS ? value * 1000 : value);
  return Math.abs(ms) <= LAST_INSTANT ? ms : parseInstant(value, 'observedAt');
}

/** A source whose clock is ahead would shut out all later readings: its time is not to be believed. */
export function isAhead(observedAt: number, receivedAt: number): boolean {
  return observedAt > receivedAt + LIMITS.aheadMs;
}
