/**
 * The settings: read once, from the environment and from flags (flags win), strictly, with all faults told at once.
 *
 * A setting of ours that is misspelt stops the start instead of being overlooked: an overlooked NEO4J_URL would mean
 * a server that writes into the embedded graph while everybody believes it writes into Neo4j.
 * `docs/CONFIG.md` lists the same settings; a test compares the two.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type KafkaSettings, type ShareSettings, kafkaOf, sharesOf } from './broker-settings.ts';
import type { AccessSettings, TokenSettings } from './domain/access-settings.ts';
import { describeValue, LinchpinError } from './domain/errors.ts';
import { misspeltSettings } from './misspelt-settings.ts';
import {
  algorithmsSchema,
  clockSkewSchema,
  countSchema,
  durationSchema,
  filtersSchema,
  flagSchema,
  HISTORY_MEMORY_VALUES,
  HISTORY_RETENTION_MS,
  isHistoryUrl,
  isHost,
  isLoopback,
  jwksUrlSchema,
  pathSchema,
  portSchema,
  TOPIC,
  urlSchema,
} from './setting-schemas.ts';

export interface Settings extends ShareSettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** null: the embedded graph in `dataDir`. */
  readonly neo4j: Neo4jSettings | null;
  /** null: the embedded broker. */
  readonly mqttUrl: string | null;
  /** Port of the embedded broker; 0: any free port. */
  readonly mqttPort: number;
  readonly mqttTopicRoot: string;
  /** File that chooses dialects and their mapping; null: the native dialect alone. */
  readonly telemetryConfig: string | null;
  /** null: Kafka is not read. */
  readonly kafka: KafkaSettings | null;
  readonly history: HistorySettings;
  readonly logLevel: LogLevel;
  readonly metrics: boolean;
  /** Nothing of the schema is told: no GraphiQL, no introspection, no suggestions in errors. */
  readonly production: boolean;
  /** Content of the file of trusted documents; null: any query is run. */
  readonly trustedDocuments: string | null;
  /** How callers prove who they are; null: nobody is asked. */
  readonly access: AccessSettings | null;
  /** What the commands show to a running server: a token or an API key. */
  readonly token: string | null;
  /** Texts that no log may show. */
  readonly secrets: readonly string[];
}

export interface Neo4jSettings {
  readonly uri: string;
  /** null with `password` null: the database asks for no credentials. */
  readonly username: string | null;
  readonly password: string | null;
  /** null: the server's own default. */
  readonly database: string | null;
}

export interface HistorySettings {
  /** null: in memory. */
  readonly url: string | null;
  /** Milliseconds. */
  readonly retentionMs: number;
  /** Values kept in memory, in all and of one property. */
  readonly memoryValues: number;
  readonly memoryValuesPerProperty: number;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface Setting {
  /** The form that it has, and its text turned into a value. The message says what was expected. */
  readonly schema: z.ZodType;
  /** As it would be written; absent: not set. */
  readonly fallback?: string;
  /** Holds a secret: no flag, as other users of the machine see those; may come from the file that NAME_FILE names. */
  readonly secret?: true;
}

/** Every setting, by its name in the environment. The flag is the same name in small letters with hyphens. */
export const SETTINGS = {
  HOST: { schema: z.string().refine(isHost, 'a host name or an IP address'), fallback: '127.0.0.1' },
  PORT: { schema: portSchema(), fallback: '4000' },
  DATA_DIR: { schema: pathSchema('a folder'), fallback: './data' },
  ALLOW_ANONYMOUS: { schema: flagSchema, fallback: 'false' },
  AUTH_JWKS_URL: { schema: jwksUrlSchema() },
  AUTH_ISSUER: { schema: z.string() },
  AUTH_AUDIENCE: { schema: z.string() },
  AUTH_ALGORITHMS: { schema: algorithmsSchema(), fallback: 'RS256 PS256 ES256 EdDSA' },
  AUTH_CLOCK_SKEW: { schema: clockSkewSchema(), fallback: 'PT30S' },
  AUTH_ROLE_CLAIM: { schema: z.string(), fallback: 'role' },
  AUTH_ROLE_PREFIX: { schema: z.string() },
  AUTH_WITHIN_CLAIM: { schema: z.string(), fallback: 'linchpin_within' },
  AUTH_MODELS_CLAIM: { schema: z.string(), fallback: 'linchpin_models' },
  AUTH_TOKEN: { schema: z.string(), secret: true },
  AUTH_KEYS_FILE: { schema: pathSchema('a file') },
  NEO4J_URI: {
    schema: urlSchema('a URI such as neo4j://host:7687 or bolt+s://host:7687', [
      'neo4j:',
      'neo4j+s:',
      'neo4j+ssc:',
      'bolt:',
      'bolt+s:',
      'bolt+ssc:',
    ]),
  },
  NEO4J_USERNAME: { schema: z.string() },
  NEO4J_PASSWORD: { schema: z.string(), secret: true },
  NEO4J_DATABASE: {
    schema: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9.-]{2,62}$/, 'a database name of 3 to 63 letters, digits, dots and hyphens'),
  },
  MQTT_URL: {
    schema: urlSchema('a URL such as mqtt://host:1883 or mqtts://user:password@host:8883', [
      'mqtt:',
      'mqtts:',
      'ws:',
      'wss:',
    ]),
    secret: true,
  },
  MQTT_PORT: { schema: portSchema(), fallback: '1883' },
  MQTT_TOPIC_ROOT: {
    schema: z.string().regex(TOPIC, 'topic levels such as twins or plant/twins, without wildcards'),
    fallback: 'twins',
  },
  TELEMETRY_CONFIG: { schema: pathSchema('a file') },
  MQTT_CLIENT_ID: { schema: z.string().regex(/^[\w.:-]{1,64}$/, 'letters, digits and . : - _, at most 64') },
  MQTT_FILTERS: { schema: filtersSchema() },
  MQTT_SHARED_GROUP: { schema: z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dots, hyphens and underscores') },
  KAFKA_URL: {
    schema: z
      .string()
      .regex(/^kafkas?:\/\/./, 'brokers such as kafka://host:9092,other:9092 or kafkas://user:password@host:9093'),
    secret: true,
  },
  KAFKA_TOPICS: { schema: z.string() },
  KAFKA_GROUP: { schema: z.string().regex(/^[\w.-]{1,249}$/, 'letters, digits, dots, hyphens and underscores') },
  HISTORY_URL: {
    schema: z
      .string()
      .refine(
        isHistoryUrl,
        'a URL such as duckdb:///var/lib/linchpin/history.duckdb or postgres://user:password@host/db',
      ),
    secret: true,
  },
  HISTORY_RETENTION: { schema: durationSchema(HISTORY_RETENTION_MS), fallback: 'P30D' },
  HISTORY_MEMORY_VALUES: { schema: countSchema(HISTORY_MEMORY_VALUES), fallback: '1000000' },
  HISTORY_MEMORY_VALUES_PER_PROPERTY: { schema: countSchema(HISTORY_MEMORY_VALUES), fallback: '10000' },
  LOG_LEVEL: { schema: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`), fallback: 'info' },
  METRICS: { schema: flagSchema, fallback: 'true' },
  PRODUCTION: { schema: flagSchema, fallback: 'false' },
  TRUSTED_DOCUMENTS: { schema: pathSchema('a file') },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = Object.keys(SETTINGS) as SettingName[];
const settingOf = (name: SettingName): Setting => SETTINGS[name];
/** All names that the environment may hold. */
const KNOWN = new Set<string>(NAMES.flatMap((name) => (settingOf(name).secret ? [name, `${name}_FILE`] : [name])));

/** `--port` for PORT; none for secrets. */
export function flagOf(name: SettingName): string | null {
  return settingOf(name).secret ? null : name.toLowerCase().replaceAll('_', '-');
}

/**
 * @param flags values of flags by the name of their setting
 * @throws LinchpinError BAD_CONFIG with every fault, one a line
 */
export function readSettings(
  flags: Partial<Record<SettingName, string>> = {},
  environment: Environment = process.env,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Settings {
  const faults: string[] = misspeltSettings(environment, NAMES, KNOWN);
  const texts: Partial<Record<SettingName, string>> = {};
  const isGiven = new Set<SettingName>();
  for (const name of NAMES) {
    const given = flags[name] ?? fromEnvironment(name, environment, readFile, faults);
    if (given !== undefined) isGiven.add(name);
    const text = given ?? settingOf(name).fallback;
    if (text !== undefined) texts[name] = text;
  }
  const value: ReadValue = (name) => {
    const text = texts[name];
    if (text === undefined) return null;
    const result = settingOf(name).schema.safeParse(text);
    if (result.success) return result.data as never;
    const received = settingOf(name).secret ? 'something else' : describeValue(text);
    faults.push(`${name}: expected ${result.error.issues[0]?.message ?? 'another value'}, got ${received}`);
    return null;
  };

  const settings: Settings = {
    host: value('HOST') ?? '',
    port: value('PORT') ?? 0,
    dataDir: value('DATA_DIR') ?? '',
    neo4j: neo4jOf(value, faults),
    mqttUrl: value('MQTT_URL'),
    mqttPort: value('MQTT_PORT') ?? 0,
    mqttTopicRoot: value('MQTT_TOPIC_ROOT') ?? '',
    telemetryConfig: value('TELEMETRY_CONFIG'),
    ...sharesOf(
      isGiven.has('MQTT_URL'),
      value('MQTT_CLIENT_ID'),
      value('MQTT_FILTERS'),
      value('MQTT_SHARED_GROUP'),
      faults,
    ),
    kafka: kafkaOf(isGiven.has('KAFKA_URL'), value('KAFKA_URL'), value('KAFKA_TOPICS'), value('KAFKA_GROUP'), faults),
    history: {
      url: value('HISTORY_URL'),
      retentionMs: value('HISTORY_RETENTION') ?? 0,
      memoryValues: value('HISTORY_MEMORY_VALUES') ?? 0,
      memoryValuesPerProperty: value('HISTORY_MEMORY_VALUES_PER_PROPERTY') ?? 0,
    },
    logLevel: value('LOG_LEVEL') ?? 'info',
    metrics: value('METRICS') ?? false,
    production: value('PRODUCTION') ?? false,
    trustedDocuments: contentOf('TRUSTED_DOCUMENTS', value('TRUSTED_DOCUMENTS'), readFile, faults),
    access: accessOf(value, isGiven, faults),
    token: value('AUTH_TOKEN'),
    secrets: NAMES.filter((name) => settingOf(name).secret).flatMap((name) => secretsOf(texts[name])),
  };
  const isAnybodyAllowed = value('ALLOW_ANONYMOUS') === true;
  const asksNobody = ![...isGiven].some((name) => name.startsWith('AUTH_') && name !== 'AUTH_TOKEN');
  if (isAnybodyAllowed && !asksNobody) {
    faults.push('ALLOW_ANONYMOUS: expected false, as settings of AUTH_ say how callers prove who they are, got true');
  }
  if (!isAnybodyAllowed && asksNobody && settings.host !== '' && !isLoopback(settings.host)) {
    faults.push(
      `HOST: ${settings.host} is reachable from elsewhere, and nobody is asked who they are; ` +
        'set AUTH_KEYS_FILE or AUTH_JWKS_URL (docs/SECURITY.md), or listen on 127.0.0.1; ' +
        'where something before it asks, set ALLOW_ANONYMOUS to true',
    );
  }
  if (faults.length > 0) {
    throw new LinchpinError(
      'BAD_CONFIG',
      `the settings are not right:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  return settings;
}

type ReadValue = <N extends SettingName>(name: N) => z.output<(typeof SETTINGS)[N]['schema']> | null;

function neo4jOf(value: ReadValue, faults: string[]): Neo4jSettings | null {
  const uri = value('NEO4J_URI');
  const username = value('NEO4J_USERNAME');
  const password = value('NEO4J_PASSWORD');
  const database = value('NEO4J_DATABASE');
  if (uri !== null) {
    if (username !== null && password === null)
      faults.push('NEO4J_PASSWORD: expected one for NEO4J_USERNAME, got nothing');
    return { uri, username: username ?? (password === null ? null : 'neo4j'), password, database };
  }
  if (username !== null || password !== null || database !== null) {
    faults.push('NEO4J_URI: expected one, as other settings of Neo4j are given, got nothing');
  }
  return null;
}

function accessOf(value: ReadValue, isGiven: ReadonlySet<SettingName>, faults: string[]): AccessSettings | null {
  const tokens = tokensOf(value, isGiven, faults);
  const keysFile = value('AUTH_KEYS_FILE');
  return tokens === null && keysFile === null ? null : { tokens, keysFile };
}

const OTHER_AUTH: ReadonlySet<SettingName> = new Set(['AUTH_KEYS_FILE', 'AUTH_TOKEN']);

/** The issuer's keys, its name and our own belong together: a token of another issuer, or for another server, is no good. */
const TOKEN_SETTINGS = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;

function tokensOf(value: ReadValue, isGiven: ReadonlySet<SettingName>, faults: string[]): TokenSettings | null {
  const jwksUrl = value('AUTH_JWKS_URL');
  const issuer = value('AUTH_ISSUER');
  const audience = value('AUTH_AUDIENCE');
  const rest = {
    algorithms: value('AUTH_ALGORITHMS') ?? [],
    clockSkewMs: value('AUTH_CLOCK_SKEW') ?? 0,
    roleClaim: value('AUTH_ROLE_CLAIM') ?? '',
    rolePrefix: value('AUTH_ROLE_PREFIX') ?? '',
    withinClaim: value('AUTH_WITHIN_CLAIM') ?? '',
    modelsClaim: value('AUTH_MODELS_CLAIM') ?? '',
  };
  if (jwksUrl !== null && issuer !== null && audience !== null) return { jwksUrl, issuer, audience, ...rest };
  const others = [...isGiven].filter((name) => name.startsWith('AUTH_') && !OTHER_AUTH.has(name));
  for (const name of others.length === 0 ? [] : TOKEN_SETTINGS) {
    if (!isGiven.has(name)) faults.push(`${name}: expected one, as ${others.join(' and ')} is given, got nothing`);
  }
  return null;
}

/** An empty variable counts as not set: that is how compose files pass on what their user left out. */
function fromEnvironment(
  name: SettingName,
  environment: Environment,
  readFile: (path: string) => string,
  faults: string[],
): string | undefined {
  const text = environment[name] || undefined;
  const path = (settingOf(name).secret && environment[`${name}_FILE`]) || undefined;
  if (path === undefined) return text;
  if (text !== undefined) {
    faults.push(`${name}: expected ${name} or ${name}_FILE, got both`);
    return undefined;
  }
  try {
    const content = readFile(path).replace(/\r?\n$/, '');
    if (content !== '') return content;
    faults.push(`${name}_FILE: expected a file that holds the secret, got an empty one`);
  } catch (error) {
    faults.push(`${name}_FILE: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** The content of the file that a setting names. */
function contentOf(
  name: SettingName,
  path: string | null,
  readFile: (path: string) => string,
  faults: string[],
): string | null {
  if (path === null) return null;
  try {
    return readFile(path);
  } catch (error) {
    faults.push(`${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** A secret as given; of a URL, its password. */
function secretsOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  if (!URL.canParse(text) || !text.includes('://')) return [text];
  const { password } = new URL(text);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
