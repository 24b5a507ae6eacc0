/** What a birth defines of one node or device, and how its metrics become readings. Pure. */
import type { Names, Refusal, SourceReading } from './dialect.ts';
import { SPARKPLUG_LIMITS } from './sparkplug-limits.ts';
import {
  longKey,
  longToNumber,
  own,
  type RawLong,
  type RawMetric,
  type RawProperties,
  type SparkplugMessage,
} from './sparkplug-message.ts';
import { readValue } from './sparkplug-value.ts';

export interface Definition {
  readonly name: string;
  readonly datatype: number;
  readonly alias?: RawLong;
  readonly unit?: string;
}

/** Of the protocol's own; they say nothing of a twin. */
export const REBIRTH = 'Node Control/Rebirth';
export const BD_SEQ = 'bdSeq';

const TEMPLATE = 19;

export class MetricTable {
  readonly #definitionByName = new Map<string, Definition>();
  readonly #definitionByAlias = new Map<string | number, Definition>();

  get size(): number {
    return this.#definitionByName.size;
  }

  named(name: string): Definition | undefined {
    return this.#definitionByName.get(name);
  }

  /** By the name in the metric, else by its alias. */
  of(metric: RawMetric): Definition | undefined {
    if (hasName(metric)) return this.#definitionByName.get(metric.name);
    const key = own(metric, 'alias') ? longKey(metric.alias) : undefined;
    return key === undefined ? undefined : this.#definitionByAlias.get(key);
  }

  /** Takes a metric of a birth; answers why it defines nothing. */
  define(metric: RawMetric): string | null {
    if (!hasName(metric)) return 'a metric of a birth has no name';
    const { name } = metric;
    if (!metric.datatype) return `${name}: a metric of a birth has no datatype`;
    if (this.size >= SPARKPLUG_LIMITS.definitions && !this.#definitionByName.has(name))
      return `${name}: the source has more than ${SPARKPLUG_LIMITS.definitions} metrics`;
    const unit = unitOf(metric.properties);
    const alias = own(metric, 'alias') ? metric.alias : undefined;
    const definition = {
      name,
      datatype: metric.datatype,
      ...(unit !== undefined && { unit }),
      ...(alias !== undefined && { alias }),
    };
    const key = longKey(alias);
    if (key !== undefined) {
      const other = this.#definitionByAlias.get(key);
      if (other !== undefined && other.name !== name) return `${name}: its alias is that of ${other.name}`;
      this.#definitionByAlias.set(key, definition);
    }
    this.#definitionByName.set(name, definition);
    return null;
  }
}

function hasName(metric: RawMetric): metric is RawMetric & { readonly name: string } {
  return own(metric, 'name') && typeof metric.name === 'string' && metric.name !== '';
}

export interface ReadMetrics {
  readonly readings: readonly SourceReading[];
  readonly refusals: readonly Refusal[];
  /** A metric came that no birth has defined. */
  readonly isUndefined: boolean;
}

/** `sequence` counts the readings of all messages: it orders those of one time. */
export function readMetrics(
  source: Names,
  table: MetricTable,
  message: SparkplugMessage,
  sequence: () => number,
): ReadMetrics {
  const readings: SourceReading[] = [];
  const refusals: Refusal[] = [];
  let isUndefined = false;
  for (const metric of message.metrics) {
    const definition = table.of(metric);
    if (definition === undefined) {
      isUndefined = true;
      const property = hasName(metric) ? metric.name : `alias ${longToNumber(metric.alias) ?? 'of none'}`;
      refusals.push({ property, reason: 'no birth has defined this metric; one is asked for' });
      continue;
    }
    const { name } = definition;
    if (name === REBIRTH || name === BD_SEQ) continue;
    const datatype = metric.datatype || definition.datatype;
    // Types of templates: instances of them are told of by themselves.
    if (datatype === TEMPLATE && metric.templateValue?.isDefinition === true) continue;
    const read = readValue(datatype, metric);
    if ('reason' in read) {
      refusals.push({ property: name, reason: read.reason });
      continue;
    }
    const time = timeOf(metric, message);
    const unit = unitOf(metric.properties) ?? definition.unit;
    // A source that has no value knows that it has none.
    const quality = read.value === null ? 'BAD' : qualityOf(metric.properties);
    readings.push({
      source,
      property: { metric: name },
      value: read.value,
      quality,
      ...(time !== undefined && { observedAt: time, sequence: sequence() }),
      ...(unit !== undefined && { unit }),
      ...(metric.isHistorical === true && { isHistorical: true }),
    });
  }
  return { readings, refusals, isUndefined };
}

/** The value of bdSeq; undefined: there is none. */
export function bdSeqOf({ metrics }: SparkplugMessage): number | undefined {
  const metric = metrics.find(({ name }) => name === BD_SEQ);
  if (metric === undefined) return undefined;
  return own(metric, 'intValue') ? (metric.intValue ?? undefined) : longToNumber(metric.longValue);
}

/** Below, numbers would be taken for seconds. */
const FIRST_PLAIN_MS = 1e11;

/** Of the metric, else of the payload; always milliseconds. */
function timeOf(metric: RawMetric, message: SparkplugMessage): string | number | undefined {
  const ms = own(metric, 'timestamp')
    ? // One that no number holds is no time either, and is refused as such.
      (longToNumber(metric.timestamp) ?? Number.MAX_SAFE_INTEGER)
    : message.timestamp;
  return ms === undefined || ms >= FIRST_PLAIN_MS ? ms : new Date(ms).toISOString();
}

/** As edge nodes name it; the specification names none. */
const UNIT_KEYS: readonly string[] = ['engunit', 'engunits', 'engineeringunit', 'engineeringunits', 'unit', 'units'];

function unitOf(properties: RawProperties | null | undefined): string | undefined {
  const value = propertyOf(properties, (key) => UNIT_KEYS.includes(key));
  return value?.stringValue || undefined;
}

const STALE_QUALITY = 500;

/** 0 BAD, 192 GOOD, 500 STALE (payloads-propertyset-quality-value-value); others by the two bits that OPC gives the word. */
function qualityOf(properties: RawProperties | null | undefined): 'GOOD' | 'UNCERTAIN' | 'BAD' {
  const value = propertyOf(properties, (key) => key === 'quality');
  const code = value === undefined ? undefined : (value.intValue ?? longToNumber(value.longValue));
  if (code === undefined) return 'GOOD';
  if (code === STALE_QUALITY) return 'UNCERTAIN';
  const bits = code & 0xc0;
  if (bits === 0xc0) return 'GOOD';
  return bits === 0 ? 'BAD' : 'UNCERTAIN';
}

type RawProperty = NonNullable<RawProperties['values']>[number];

function propertyOf(
  properties: RawProperties | null | undefined,
  isWanted: (key: string) => boolean,
): RawProperty | undefined {
  const i = properties?.keys?.findIndex((key) => isWanted(key.toLowerCase().replaceAll(/[\s_-]/g, ''))) ?? -1;
  return i < 0 ? undefined : properties?.values?.[i];
}
