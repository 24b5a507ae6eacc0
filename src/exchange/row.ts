/** One row of a file that a mapping reads, and the values that the mapping takes from it. */
import { describeValue, LinchpinError } from '../domain/errors.ts';
import { losesDigits } from './lost-digits.ts';
import type { RowCondition, ValueSource } from './mapping.ts';

export interface Row {
  readonly line: number;
  /** CSV: every value is text, and what it stands for has to be guessed or told. */
  readonly isText: boolean;
  /** Columns, or keys of the object. */
  readonly keys: readonly string[];
  /** By column or path; undefined where there is nothing. */
  get(path: string): unknown;
}

/** Asked for a column that is not there, it throws BAD_INPUT: a misspelt one would leave values out of every row. */
export function createCsvRow(
  file: string,
  line: number,
  indexByColumn: ReadonlyMap<string, number>,
  cells: readonly string[],
): Row {
  return {
    line,
    isText: true,
    keys: [...indexByColumn.keys()],
    get(path) {
      const index = indexByColumn.get(path);
      if (index !== undefined) return given(cells[index]);
      const columns = [...indexByColumn.keys()].join(', ');
      throw new LinchpinError(
        'BAD_INPUT',
        `${file}: there is no column ${describeValue(path)}; its columns are ${columns}`,
        { at: file },
      );
    },
  };
}

/** A path is a key, or keys joined by dots: `props.rating`. A key that itself has dots is found first. */
export function createJsonRow(line: number, object: Readonly<Record<string, unknown>>): Row {
  return {
    line,
    isText: false,
    keys: Object.keys(object),
    get(path) {
      if (Object.hasOwn(object, path)) return given(object[path]);
      let value: unknown = object;
      for (const key of path.split('.')) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
        value = (value as Record<string, unknown>)[key];
      }
      return given(value);
    },
  };
}

/** Empty cells and null are nothing. */
function given(value: unknown): unknown {
  return value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value;
}

/** Whether the row is one that a rule's `when` chooses. Values are compared as text. */
export function fitsConditions(row: Row, conditions: Readonly<Record<string, RowCondition>> | undefined): boolean {
  return Object.entries(conditions ?? {}).every(([path, condition]) => {
    const value = toText(row.get(path) ?? '');
    const isNot = typeof condition === 'object' && !Array.isArray(condition);
    const wanted = isNot ? condition.not : condition;
    const isIn = (Array.isArray(wanted) ? wanted : [wanted]).some((one) => String(one) === value);
    return isIn !== isNot;
  });
}

/** Takes values from a row; what is wrong goes to `fault`, and the value is undefined then. */
export class RowValues {
  readonly row: Row;
  readonly #tell: (message: string) => void;
  #told = 0;

  constructor(row: Row, tell: (message: string) => void) {
    this.row = row;
    this.#tell = tell;
  }

  fault(message: string): void {
    this.#told += 1;
    this.#tell(message);
  }

  get isFaulty(): boolean {
    return this.#told > 0;
  }

  /** A number, truth value, text or other JSON value. */
  value(name: string, source: ValueSource | undefined): unknown {
    return source === undefined ? undefined : this.#take(name, source, this.row.isText ? 'guess' : undefined);
  }

  /** An id, name or other text; numbers become text. */
  text(name: string, source: ValueSource | undefined): string | undefined {
    const value = source === undefined ? undefined : this.#take(name, source, undefined);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.fault(`${name}: expected a text, got ${describeValue(value)}`);
    return undefined;
  }

  /** Text that has to be there. */
  required(name: string, source: ValueSource): string | undefined {
    return this.texts(name, source, true)?.[0];
  }

  /** One text, or as many as the cell or list holds. */
  texts(name: string, source: ValueSource | undefined, isRequired: boolean): string[] | undefined {
    const told = this.#told;
    const value = source === undefined ? undefined : this.#take(name, source, undefined);
    if (this.#told > told) return undefined;
    const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
    if (list.length === 0) {
      if (isRequired)
        this.fault(
          `${name}: expected a value, got none${source === undefined ? '' : ` from ${describeSource(source)}`}`,
        );
      return undefined;
    }
    if (list.every((one) => ['string', 'number', 'boolean'].includes(typeof one))) return list.map(String);
    this.fault(`${name}: expected a text or texts, got ${describeValue(value)}`);
    return undefined;
  }

  #take(name: string, source: ValueSource, byDefault: Conversion | undefined): unknown {
    if (typeof source === 'string') return this.#convert(name, this.row.get(source), byDefault);
    if ('constant' in source) return source.constant ?? undefined;
    if ('template' in source) return this.#fill(source.template);
    const found = this.row.get(source.from);
    if (found === undefined) return source.otherwise ?? undefined;
    const one = (value: unknown): unknown => {
      if (!source.lookup) return this.#convert(name, value, source.as ?? byDefault);
      const key = toText(value);
      if (Object.hasOwn(source.lookup, key)) return source.lookup[key] ?? undefined;
      if (source.otherwise !== undefined) return source.otherwise ?? undefined;
      this.fault(`${name}: the lookup has nothing for ${describeValue(value)}, and no otherwise`);
      return undefined;
    };
    if (source.separator === undefined || typeof found !== 'string')
      return Array.isArray(found) ? found.map(one) : one(found);
    const parts = found.split(source.separator).map((part) => part.trim());
    return parts.filter((part) => part !== '').map(one);
  }

  /** undefined when one of the template's values is not there. */
  #fill(template: string): string | undefined {
    let isWhole = true;
    const text = template.replaceAll(/\{([^{}]+)\}/g, (_, path: string) => {
      const value = this.row.get(path);
      isWhole &&= value !== undefined;
      return toText(value);
    });
    return isWhole ? text : undefined;
  }

  #convert(name: string, value: unknown, conversion: Conversion | undefined): unknown {
    if (value === undefined || conversion === undefined) return value;
    const converted = CONVERSIONS[conversion](value);
    if (converted === undefined) {
      const isLost = conversion === 'number' && typeof value === 'string' && losesDigits(value.trim());
      const expected = isLost ? 'a number that loses no digits' : EXPECTED[conversion];
      this.fault(`${name}: expected ${expected}, got ${describeValue(value)}`);
    }
    return converted;
  }
}

type Conversion = 'guess' | 'text' | 'number' | 'boolean' | 'json';

const EXPECTED: Record<Conversion, string> = {
  guess: 'a value',
  text: 'a text',
  number: 'a number',
  boolean: 'true or false, yes or no, 1 or 0',
  json: 'JSON',
};

// Leading zeros and signs make article numbers and telephone numbers, not numbers.
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const TRUTH = new Map<string, boolean>([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** undefined: it cannot be converted. */
const CONVERSIONS: Record<Conversion, (value: unknown) => unknown> = {
  guess: (value) => (typeof value === 'string' ? guess(value) : value),
  text: toText,
  number: (value) => (typeof value === 'object' ? undefined : toNumber(value)),
  boolean: (value) => TRUTH.get(toText(value).trim().toLowerCase()),
  json: (value) => (typeof value === 'string' ? parseJson(value) : value),
};

function guess(text: string): unknown {
  const trimmed = text.trim();
  if (/^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  if (!NUMBER.test(trimmed)) return text;
  const number = Number(trimmed);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : text;
}

/** undefined where it is none, or a whole number with more digits than a number keeps. */
function toNumber(value: unknown): number | undefined {
  const number = Number(value);
  if (!Number.isFinite(number)) return undefined;
  return typeof value === 'string' && losesDigits(value.trim()) ? undefined : number;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeSource(source: ValueSource): string {
  if (typeof source === 'string') return describeValue(source);
  if ('template' in source) return describeValue(source.template);
  return 'from' in source ? describeValue(source.from) : 'a constant';
}
