/** Instants: RFC 3339 text outside, epoch milliseconds inside. */
import { badInput } from './errors.ts';

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Epoch milliseconds of an RFC 3339 instant; digits past the millisecond are cut off.
 * @throws LinchpinError BAD_INPUT
 */
export function parseInstant(text: unknown, at = 'instant'): number {
  const match = typeof text === 'string' ? RFC_3339.exec(text) : null;
  const ms = match ? Date.parse(shortenFraction(text as string, match[7])) : Number.NaN;
  if (!match || Number.isNaN(ms) || !isRealDay(Number(match[1]), Number(match[2]), Number(match[3]))) {
    throw badInput(at, 'an RFC 3339 instant such as 2026-01-31T12:00:00Z', text);
  }
  return ms;
}

/** What was formatted last, and before it: events of one commit tell its instant again and again, among others. */
let last = { ms: Number.NaN, text: '' };
let beforeLast = last;

/** Epoch milliseconds as RFC 3339 in UTC with a Z. */
export function formatInstant(ms: number): string {
  if (ms === last.ms) return last.text;
  const found = ms === beforeLast.ms ? beforeLast : { ms, text: new Date(ms).toISOString() };
  beforeLast = last;
  last = found;
  return found.text;
}

/** Engines differ on fractions of more than three digits. */
function shortenFraction(text: string, fraction: string | undefined): string {
  return fraction === undefined || fraction.length <= 4 ? text : text.replace(fraction, fraction.slice(0, 4));
}

/** Date.parse takes 31 February for 3 March. */
function isRealDay(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
