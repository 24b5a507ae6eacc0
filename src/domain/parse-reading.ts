/** A reading in our own form: a plain value, or `{value, observedAt, quality, unit, sequence}`. */
import { badInput } from './errors.ts';
import { LIMITS } from './limits.ts';
import { isAhead, parseObservedAt } from './parse-observed-at.ts';
import type { PropertyValue } from './property.ts';
import { QUALITIES, type Quality } from './state.ts';
import type { Reading } from './telemetry.ts';

/** What holds for a reading that does not say it itself. */
export interface ReadingDefaults {
  readonly twin: string;
  readonly receivedAt: number;
  /** Of a reading without a time of its own; absent: when it was received. */
  readonly observedAt?: number;
  /** Order among readings with that time; default 0. */
  readonly sequence?: number;
  readonly quality: Quality;
  /** Order among readings without times of their own. */
  readonly arrival: number;
  /** Kept somewhere for nobody knows how long: without a time of its own it is not certain. */
  readonly isReplay?: boolean;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @throws LinchpinError BAD_INPUT for a part of the form; the value itself is judged by the model, later */
export function parseReading(property: string, given: unknown, defaults: ReadingDefaults): Reading {
  const { twin, receivedAt, arrival } = defaults;
  const form = isForm(given) ? given : { value: given };
  const quality = parseQuality(form['quality']) ?? defaults.quality;
  const value = (form['value'] ?? null) as PropertyValue;
  const reading: Writable<Reading> = {
    twin,
    property,
    value,
    receivedAt,
    quality,
    sequence: parseSequence(form['sequence']),
  };
  const unit = parseUnit(form['unit']);
  if (unit !== undefined) reading.unit = unit;
  const hasOwnTime = isGiven(form['observedAt']);
  const observedAt = hasOwnTime ? parseObservedAt(form['observedAt']) : defaults.observedAt;
  if (!hasOwnTime && !isGiven(form['sequence'])) reading.sequence = defaults.sequence ?? 0;
  let isCertain = true;
  if (observedAt === undefined) {
    reading.sequence = arrival;
    isCertain = defaults.isReplay !== true;
  } else {
    isCertain = !isAhead(observedAt, receivedAt);
    reading.observedAt = isCertain ? observedAt : receivedAt;
  }
  if (!isCertain && quality === 'GOOD') reading.quality = 'UNCERTAIN';
  return reading;
}

function isForm(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'value');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function parseQuality(value: unknown): Quality | undefined {
  if (!isGiven(value)) return undefined;
  const quality = typeof value === 'string' ? QUALITIES.find((one) => one === value.toUpperCase()) : undefined;
  if (quality === undefined) throw badInput('quality', QUALITIES.join(', '), value);
  return quality;
}

function parseUnit(value: unknown): string | undefined {
  if (!isGiven(value)) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= LIMITS.unitLength) return value;
  throw badInput('unit', `a text of 1 to ${LIMITS.unitLength} characters`, value);
}

function parseSequence(value: unknown): number {
  if (!isGiven(value)) return 0;
  if (Number.isSafeInteger(value)) return value as number;
  throw badInput('sequence', 'a whole number', value);
}
