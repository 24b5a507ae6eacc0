/** The forms that settings have: each takes the text, and its message says what was expected. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { formatDuration, parseDuration } from './domain/duration.ts';

const DIGITS = /^\d+$/;
export const TOPIC = /^(?![$/])[^+#\p{Cc}]+(?<!\/)$/u;

export function portSchema() {
  return z
    .string()
    .refine((text) => DIGITS.test(text) && Number(text) <= 65_535, 'a port, 0 to 65535')
    .transform(Number);
}

/** A flag can be given with nothing behind it, which would mean the working folder. */
export function pathSchema(expected: string) {
  return z.string().refine((text) => text !== '' && !text.includes('\0'), expected);
}

export function urlSchema(expected: string, protocols: readonly string[]) {
  return z.string().refine((text) => protocols.includes(protocolOf(text)), expected);
}

function protocolOf(text: string): string {
  return URL.canParse(text) && new URL(text).hostname !== '' ? new URL(text).protocol : '';
}

/** Tokens are checked by what comes from there: nobody on the way may change it. */
export function jwksUrlSchema() {
  const isTrusted = (text: string): boolean =>
    protocolOf(text) === 'https:' || (protocolOf(text) === 'http:' && isLoopback(new URL(text).hostname));
  return z.string().refine(isTrusted, 'an https URL such as https://issuer.example/.well-known/jwks.json');
}

/** Those with a private key at the issuer: with a shared secret, whoever can check a token could make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

export function algorithmsSchema() {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/))
    .pipe(z.array(z.enum(ALGORITHMS, `a list of ${ALGORITHMS.join(', ')}`)));
}

const MOST_CLOCK_SKEW_MS = 300_000;

export function clockSkewSchema() {
  const expected = 'a duration such as PT30S, at most PT5M';
  return z.string().transform((text, context) => {
    try {
      const ms = parseDuration(text);
      if (ms <= MOST_CLOCK_SKEW_MS) return ms;
    } catch {
      // Told below, like one that is too long.
    }
    context.addIssue(expected);
    return z.NEVER;
  });
}

/** Least and most: an hour is looked for once an hour; a hundred years are for ever. */
export const HISTORY_RETENTION_MS = [3_600_000, 100 * 365 * 86_400_000] as const;
/** A hundred million numbers in memory are over 3 GB. */
export const HISTORY_MEMORY_VALUES = [1, 100_000_000] as const;

export function durationSchema([least, most]: readonly [number, number]) {
  return z
    .string()
    .refine(
      (text) => msOf(text) >= least && msOf(text) <= most,
      `an ISO 8601 duration from ${formatDuration(least)} to ${formatDuration(most)}`,
    )
    .transform(msOf);
}

function msOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Number.NaN;
  }
}

export function countSchema([least, most]: readonly [number, number]) {
  return z
    .string()
    .refine(
      (text) => DIGITS.test(text) && Number(text) >= least && Number(text) <= most,
      `a number from ${least} to ${most}`,
    )
    .transform(Number);
}

/** A file has no host. */
export function isHistoryUrl(text: string): boolean {
  return ['postgres:', 'postgresql:'].includes(protocolOf(text)) || /^duckdb:(\/\/\/)?[^/?#\0][^?#\0]*$/.test(text);
}

export const flagSchema = z.enum(['true', 'false'], 'true or false').transform((text) => text === 'true');

export function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const FILTER = /^(?=.)(?!\$share\/)(?:\+|[^+#/\p{Cc}]*)(?:\/(?:\+|[^+#/\p{Cc}]*))*(?:(?:^|\/)#)?$/u;

export function filtersSchema() {
  return z
    .string()
    .transform((text) => text.split(',').map((filter) => filter.trim()))
    .refine((filters) => filters.every((filter) => FILTER.test(filter)), 'MQTT topic filters separated by commas');
}
