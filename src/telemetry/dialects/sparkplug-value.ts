/** Values of Sparkplug's datatypes as values that a property can hold, and back. Pure. */
import { formatInstant, parseInstant } from '../../domain/instant.ts';
import type { PropertyValue } from '../../domain/property.ts';
import { longToNumber, longToSigned, own, type RawLong, type RawMetric } from './sparkplug-message.ts';

const TYPES = [
  'Unknown',
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Float',
  'Double',
  'Boolean',
  'String',
  'DateTime',
  'Text',
  'UUID',
  'DataSet',
  'Bytes',
  'File',
  'Template',
  'PropertySet',
  'PropertySetList',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Int64Array',
  'UInt8Array',
  'UInt16Array',
  'UInt32Array',
  'UInt64Array',
  'FloatArray',
  'DoubleArray',
  'BooleanArray',
  'StringArray',
  'DateTimeArray',
] as const;

/** Where a value may stand: metrics and their properties have the same fields for plain values. */
export interface RawValue {
  readonly isNull?: boolean | null;
  readonly intValue?: number | null;
  readonly longValue?: RawLong;
  readonly floatValue?: number | null;
  readonly doubleValue?: number | null;
  readonly booleanValue?: boolean | null;
  readonly stringValue?: string | null;
}

export type ReadValue = { readonly value: PropertyValue } | { readonly reason: string };

export function nameOfType(datatype: number): string {
  return TYPES[datatype] ?? `number ${datatype}`;
}

/** null where the source says that there is no value. */
export function readValue(datatype: number, raw: RawValue): ReadValue {
  if (own(raw, 'isNull') && raw.isNull === true) return { value: null };
  const value = valueOf(datatype, raw);
  return typeof value === 'object' ? value : { value };
}

function valueOf(datatype: number, raw: RawValue): number | string | boolean | { readonly reason: string } {
  const type = nameOfType(datatype);
  switch (type) {
    case 'Int8':
    case 'Int16':
    case 'Int32': {
      const bits = wholeOf(raw);
      const unused = 32 - (BITS[type] as number);
      return bits === undefined ? missing(type) : (bits << unused) >> unused;
    }
    case 'UInt8':
    case 'UInt16':
    case 'UInt32':
      return wholeOf(raw) ?? missing(type);
    case 'Int64':
      return own(raw, 'intValue') ? (raw.intValue ?? 0) : exact(type, raw, longToSigned(raw.longValue));
    case 'UInt64':
      return own(raw, 'intValue') ? (raw.intValue ?? 0) : exact(type, raw, longToNumber(raw.longValue));
    case 'DateTime': {
      const at = own(raw, 'longValue') ? longToNumber(raw.longValue) : undefined;
      return at === undefined || at > LAST_INSTANT ? missing(type) : formatInstant(at);
    }
    case 'Float':
      return own(raw, 'floatValue') ? shortestFloat(raw.floatValue ?? 0) : missing(type);
    case 'Double':
      return own(raw, 'doubleValue') ? (raw.doubleValue ?? 0) : missing(type);
    case 'Boolean':
      return own(raw, 'booleanValue') ? raw.booleanValue === true : missing(type);
    case 'String':
    case 'Text':
    case 'UUID':
      return own(raw, 'stringValue') ? (raw.stringValue ?? '') : missing(type);
    default:
      return { reason: `values of the datatype ${type} are not taken` };
  }
}

/** Some encoders put 32 bit numbers where 64 bit ones belong, and the other way round. */
function wholeOf(raw: RawValue): number | undefined {
  if (own(raw, 'intValue')) return raw.intValue ?? 0;
  return own(raw, 'longValue') ? longToNumber(raw.longValue) : undefined;
}

/** Years of more than four digits have no RFC 3339. */
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

function exact(type: string, raw: RawValue, value: number | undefined): number | { readonly reason: string } {
  if (!own(raw, 'longValue')) return missing(type);
  return value ?? { reason: `a value of the datatype ${type} beyond 2^53 would lose digits` };
}

function missing(type: string): { readonly reason: string } {
  return { reason: `expected a value of the datatype ${type}` };
}

/** The shortest decimal number that is this one in 32 bits: what somebody wrote as 0.1 is 0.1 again. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

const BITS: Readonly<Record<string, number>> = { Int8: 8, Int16: 16, Int32: 32, UInt8: 8, UInt16: 16, UInt32: 32 };

/** The metric's fields that hold the value, or what was expected. */
export function writeValue(datatype: number, value: PropertyValue): RawMetric | { readonly reason: string } {
  const type = nameOfType(datatype);
  const expected = { reason: `expected a value that the datatype ${type} holds` };
  switch (type) {
    case 'Int8':
    case 'Int16':
    case 'Int32': {
      const half = 2 ** ((BITS[type] as number) - 1);
      return isWhole(value, -half, half - 1) ? { intValue: value >>> 0 } : expected;
    }
    case 'UInt8':
    case 'UInt16':
      return isWhole(value, 0, 2 ** (BITS[type] as number) - 1) ? { intValue: value } : expected;
    case 'UInt32':
      return isWhole(value, 0, 2 ** 32 - 1) ? { longValue: value } : expected;
    case 'Int64':
      return isWhole(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ? { longValue: value } : expected;
    case 'UInt64':
      return isWhole(value, 0, Number.MAX_SAFE_INTEGER) ? { longValue: value } : expected;
    case 'DateTime': {
      const at = instantOf(value);
      return at === undefined ? expected : { longValue: at };
    }
    case 'Float':
      return typeof value === 'number' && Number.isFinite(Math.fround(value)) ? { floatValue: value } : expected;
    case 'Double':
      return typeof value === 'number' ? { doubleValue: value } : expected;
    case 'Boolean':
      return typeof value === 'boolean' ? { booleanValue: value } : expected;
    case 'String':
    case 'Text':
    case 'UUID':
      return typeof value === 'string' ? { stringValue: value } : expected;
    default:
      return { reason: `values of the datatype ${type} cannot be told` };
  }
}

function isWhole(value: PropertyValue, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function instantOf(value: PropertyValue): number | undefined {
  try {
    const at = typeof value === 'number' ? value : parseInstant(value, 'value');
    return isWhole(at, 0, Number.MAX_SAFE_INTEGER) ? at : undefined;
  } catch {
    return undefined;
  }
}
