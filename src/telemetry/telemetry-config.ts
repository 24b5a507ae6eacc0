/**
 * The file that TELEMETRY_CONFIG names: which dialects are read, on which topics, how their names become twins and
 * properties, and what becomes of twins that nobody knows. Checked in one place, all faults at once. docs/MQTT.md has it.
 */
import * as z from 'zod';
import { describeValue, LinchpinError } from '../domain/errors.ts';
import { TWIN_KINDS } from '../domain/state.ts';
import type { DialectKind } from './dialects/dialect-kind.ts';
import { DIALECT_KINDS } from './dialects/dialect-kinds.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { MappingSettings } from './mapping.ts';
import { parseTemplate, type Template } from './template.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';
import { filtersOverlap, whyNotFilter } from './topic-filter.ts';

/** What becomes of readings of twins that do not exist. */
export type UnknownTwinPolicy =
  | { readonly kind: 'quarantine' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'provision'; readonly twinKind: (typeof TWIN_KINDS)[number]; readonly model: string | null };

export interface DialectSettings {
  /** For logs and the quarantine: the dialect's, or the one that the file gives. */
  readonly name: string;
  readonly filters: readonly string[];
  /** Stands for a topic where its messages come over HTTP; null: they cannot. */
  readonly httpTopic: string | null;
  readonly mapping: MappingSettings;
  readonly unknownTwins: UnknownTwinPolicy;
  readonly hasWill: boolean;
  /** A new one, that remembers nothing yet. */
  create(): Dialect;
}

export interface TelemetryConfig {
  readonly dialects: readonly DialectSettings[];
  /** For the native dialect, and where a dialect says nothing else. */
  readonly unknownTwins: UnknownTwinPolicy;
}

export const DEFAULT_TELEMETRY_CONFIG: TelemetryConfig = { dialects: [], unknownTwins: { kind: 'quarantine' } };

const text = z.string().min(1);

const unknownTwinsSchema = z
  .union(
    [
      z.enum(['quarantine', 'refuse']),
      z.strictObject({ provision: z.strictObject({ kind: z.enum(TWIN_KINDS), model: text.optional() }) }),
    ],
    'quarantine, refuse, or {"provision": {"kind": …, "model": …}}',
  )
  .transform((given): UnknownTwinPolicy => {
    if (typeof given === 'string') return { kind: given };
    return { kind: 'provision', twinKind: given.provision.kind, model: given.provision.model ?? null };
  });

const ruleSchema = z
  .strictObject({
    twin: text.optional(),
    model: text.optional(),
    property: text.optional(),
    ignore: z.boolean().optional(),
    as: text.optional(),
    unit: text.optional(),
  })
  .refine((rule) => rule.ignore === true || rule.as !== undefined || rule.unit !== undefined, 'ignore, as or unit');

const dialectSchema = z.strictObject({
  dialect: z.enum(DIALECT_KINDS.map((kind) => kind.name)),
  name: text.optional(),
  topics: z.array(z.string()).min(1).max(TELEMETRY_LIMITS.dialectTopics).optional(),
  twin: z.string().optional(),
  property: z.string().optional(),
  twins: z.record(text, text).optional(),
  rules: z.array(ruleSchema).max(TELEMETRY_LIMITS.mappingRules).optional(),
  unknownTwins: unknownTwinsSchema.optional(),
  options: z.unknown().optional(),
});

/** Dialects one by one: a slip in one must not hide what is wrong with the others. */
const configSchema = z.strictObject({
  dialects: z.array(z.unknown()).max(TELEMETRY_LIMITS.dialects).default([]),
  unknownTwins: unknownTwinsSchema.optional(),
});

type DialectInput = z.output<typeof dialectSchema>;
type Fault = (at: string, expected: string, got: unknown) => void;

/**
 * @param json content of the file
 * @param nativeFilters what is read anyway
 * @throws LinchpinError BAD_CONFIG with every fault, one a line
 */
export function parseTelemetryConfig(json: string, nativeFilters: readonly string[]): TelemetryConfig {
  const faults: string[] = [];
  const fault: Fault = (at, expected, got) => faults.push(`${at}: expected ${expected}, got ${describeValue(got)}`);
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (error) {
    throw badConfig([`not JSON: ${(error as Error).message}`]);
  }
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) tellIssues(parsed.error, given, '', fault);
  const unknownTwins = parsed.data?.unknownTwins ?? DEFAULT_TELEMETRY_CONFIG.unknownTwins;
  const dialects = (parsed.data?.dialects ?? givenDialects(given)).flatMap((each, i) => {
    const dialect = dialectSchema.safeParse(each);
    if (dialect.success) return [toSettings(dialect.data, `dialects[${i}]`, unknownTwins, fault)];
    tellIssues(dialect.error, each, `dialects[${i}]`, fault);
    return [];
  });
  if (faults.length === 0) tellOverlaps(dialects, nativeFilters, faults);
  if (dialects.filter(({ hasWill }) => hasWill).length > 1)
    faults.push('dialects: expected at most one with a last will (a primary host), as a connection has only one');
  if (faults.length > 0) throw badConfig(faults);
  return { dialects, unknownTwins };
}

/** Of a file that is wrong elsewhere. */
function givenDialects(given: unknown): readonly unknown[] {
  const dialects = typeof given === 'object' && given !== null ? (given as { dialects?: unknown }).dialects : undefined;
  return Array.isArray(dialects) ? dialects.slice(0, TELEMETRY_LIMITS.dialects) : [];
}

function badConfig(faults: readonly string[]): LinchpinError {
  const lines = faults.map((line) => `  ${line}`).join('\n');
  return new LinchpinError('BAD_CONFIG', `the file of TELEMETRY_CONFIG is not right:\n${lines}`, {
    at: 'TELEMETRY_CONFIG',
  });
}

function toSettings(input: DialectInput, at: string, fallback: UnknownTwinPolicy, fault: Fault): DialectSettings {
  const kind = DIALECT_KINDS.find(({ name }) => name === input.dialect) as DialectKind;
  const filters = input.topics ?? kind.topics;
  if (filters.length === 0) fault(`${at}.topics`, `topic filters, as ${kind.name} has none of its own`, undefined);
  for (const [i, filter] of filters.entries()) {
    const why = whyNotFilter(filter);
    if (why !== null) fault(`${at}.topics[${i}]`, why, filter);
  }
  const options = kind.options.safeParse(input.options ?? {});
  if (!options.success) tellIssues(options.error, input.options ?? {}, `${at}.options`, fault);
  return {
    name: input.name ?? kind.name,
    filters,
    httpTopic: kind.needsNoTopic === true ? httpTopicOf(input.name ?? kind.name) : null,
    mapping: {
      twin: templateOf(input.twin ?? kind.twin, kind.sourceNames, `${at}.twin`, fault),
      property: templateOf(input.property ?? kind.property, kind.propertyNames, `${at}.property`, fault),
      twins: new Map(Object.entries(input.twins ?? {})),
      rules: (input.rules ?? []) as MappingSettings['rules'],
    },
    unknownTwins: input.unknownTwins ?? fallback,
    hasWill: options.success && kind.hasWill?.(options.data) === true,
    create: () => kind.create(options.data as never, filters),
  };
}

/** No filter of a broker's takes it. */
export function httpTopicOf(name: string): string {
  return `$http/${name}`;
}

function templateOf(given: string, known: readonly string[], at: string, fault: Fault): Template {
  const template = parseTemplate(given);
  const names = known.map((name) => `{${name}}`).join(', ');
  if (template === null || template.names.length === 0 || template.names.some((name) => !known.includes(name))) {
    fault(at, `a template of ${names}, each at most once, with optional parts in brackets`, given);
  }
  return template ?? (parseTemplate('{none}') as Template);
}

/** A topic of two filters would be read by whoever comes first, and some brokers deliver it twice. */
function tellOverlaps(dialects: readonly DialectSettings[], nativeFilters: readonly string[], faults: string[]): void {
  const all = dialects.flatMap(({ filters }, i) => filters.map((filter) => ({ filter, at: `dialects[${i}]` })));
  for (const [i, { filter, at }] of all.entries()) {
    const other =
      all.slice(0, i).find((each) => filtersOverlap(each.filter, filter)) ??
      nativeFilters
        .map((each) => ({ filter: each, at: 'MQTT_TOPIC_ROOT' }))
        .find((each) => filtersOverlap(each.filter, filter));
    if (other)
      faults.push(
        `${at}.topics: expected topics of its own, but ${filter} and ${other.filter} (${other.at}) share some`,
      );
  }
}

function tellIssues(error: z.ZodError, given: unknown, prefix: string, fault: Fault): void {
  for (const issue of error.issues) {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    const at = `${prefix}${path}`.replace(/^\./, '') || 'the file';
    const got = issue.path.reduce<unknown>(
      (value, part) => (value as Record<PropertyKey, unknown> | null)?.[part],
      given,
    );
    if (issue.code === 'unrecognized_keys') fault(at, `none of the keys ${issue.keys.join(', ')}`, got);
    else fault(at, expectedBy(issue), got);
  }
}

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}
