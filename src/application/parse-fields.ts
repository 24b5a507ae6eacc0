/** Reads single fields of an input object; what is wrong goes to the faults, with its path. */
import { parseDuration } from '../domain/duration.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { Faults } from '../domain/faults.ts';

/** An input object of unknown content, safe from inherited keys. */
export type Fields = { readonly [key: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field's value, or undefined where it is absent or null. */
export function given(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? (fields[key] ?? undefined) : undefined;
}

/** Faults keys that nobody would read: they are typing errors more often than not. */
export function refuseOtherKeys(fields: Fields, known: readonly string[], at: string, faults: Faults): void {
  for (const key of Object.keys(fields)) {
    if (!known.includes(key)) faults.add(at, `only the fields ${known.join(', ')}`, key);
  }
}

export class FieldReader {
  readonly #fields: Fields;
  readonly #at: string;
  readonly #faults: Faults;

  constructor(fields: Fields, at: string, faults: Faults) {
    this.#fields = fields;
    this.#at = at;
    this.#faults = faults;
  }

  has(key: string): boolean {
    return given(this.#fields, key) !== undefined;
  }

  path(key: string): string {
    return this.#at === '' ? key : `${this.#at}.${key}`;
  }

  /** Text that `whyNot` accepts; `fallback` where it is not given or wrong. */
  text<T>(key: string, whyNot: (value: unknown) => string | null, fallback: T): string | T {
    const value = given(this.#fields, key);
    if (value === undefined) return fallback;
    const why = whyNot(value);
    if (why === null) return value as string;
    this.#faults.add(this.path(key), why, value);
    return fallback;
  }

  /** Text that must be there. */
  required(key: string, whyNot: (value: unknown) => string | null): string {
    if (this.has(key)) return this.text(key, whyNot, '');
    this.#faults.add(this.path(key), whyNot(undefined) ?? 'a value', this.#fields[key]);
    return '';
  }

  oneOf<const W extends string, T>(key: string, words: readonly W[], fallback: T): W | T {
    const value = given(this.#fields, key);
    if (value === undefined) return fallback;
    if (words.includes(value as W)) return value as W;
    this.#faults.add(this.path(key), `one of ${words.join(', ')}`, value);
    return fallback;
  }

  boolean<T>(key: string, fallback: T): boolean | T {
    const value = given(this.#fields, key);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.#faults.add(this.path(key), 'true or false', value);
    return fallback;
  }

  number<T>(key: string, least: number, most: number, fallback: T): number | T {
    const value = given(this.#fields, key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return value;
    this.#faults.add(this.path(key), `a number from ${least} to ${most}`, value);
    return fallback;
  }

  wholeNumber<T>(key: string, least: number, most: number, fallback: T): number | T {
    const value = given(this.#fields, key);
    if (value === undefined) return fallback;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    this.#faults.add(this.path(key), `a whole number from ${least} to ${most}`, value);
    return fallback;
  }

  /** Milliseconds, from ISO 8601 text or from milliseconds. */
  duration<T>(key: string, fallback: T): number | T {
    const value = given(this.#fields, key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return Math.round(value);
    try {
      return parseDuration(value, this.path(key));
    } catch (error) {
      if (!(error instanceof LinchpinError)) throw error;
      this.#faults.list.push({ at: this.path(key), message: error.message });
      return fallback;
    }
  }

  /** Each element with its path; anything but a list of at most `most` is a fault. */
  list(key: string, most: number): { value: unknown; at: string }[] | undefined {
    const value = given(this.#fields, key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > most) {
      this.#faults.add(this.path(key), `a list of at most ${most}`, value);
      return [];
    }
    return value.map((element: unknown, i) => ({ value: element, at: `${this.path(key)}[${i}]` }));
  }

  /** A list of texts, without repeats. */
  texts(key: string, most: number, whyNot: (value: unknown) => string | null): string[] | undefined {
    const list = this.list(key, most);
    if (!list) return undefined;
    const texts = new Set<string>();
    for (const { value, at } of list) {
      const why = whyNot(value);
      if (why === null) texts.add(value as string);
      else this.#faults.add(at, why, value);
    }
    return [...texts];
  }
}
