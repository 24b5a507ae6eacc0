/** ISO 8601 durations of fixed length (weeks, days, hours, minutes, seconds) and milliseconds. */
import { badInput } from './errors.ts';

const DURATION =
  /^P(?!$)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?!$)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNIT_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/** A hundred years: longer ones are mistakes, and sums of them stay exact. */
const LONGEST_MS = 100 * 365 * 86_400_000;

/**
 * Milliseconds of a duration such as PT15M, rounded to whole ones.
 * Years and months are refused: their length depends on when they start.
 * @throws LinchpinError BAD_INPUT
 */
export function parseDuration(text: unknown, at = 'duration'): number {
  const expected = 'an ISO 8601 duration such as PT15M or P1DT12H, without years and months';
  const match = typeof text === 'string' ? DURATION.exec(text) : null;
  if (!match) throw badInput(at, expected, text);
  let ms = 0;
  for (const [i, unitMs] of UNIT_MS.entries()) ms += Number(match[i + 1] ?? 0) * unitMs;
  if (ms > LONGEST_MS) throw badInput(at, 'a duration of at most 100 years', text);
  return Math.round(ms);
}

/** Milliseconds as ISO 8601: PT0S, PT15M, P1DT2H0.5S. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  const take = (unitMs: number): number => {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    return count;
  };
  const days = take(86_400_000);
  const hours = take(3_600_000);
  const minutes = take(60_000);
  const seconds = rest / 1_000;
  const date = days > 0 ? `${days}D` : '';
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  if (date === '' && time === '') return 'PT0S';
  return `P${date}${time === '' ? '' : `T${time}`}`;
}
