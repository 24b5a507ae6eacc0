import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Environment, flagOf, readSettings, SETTINGS, type SettingName } from '../../src/config.ts';
import { LinchpinError } from '../../src/domain/errors.ts';

const NAMES = Object.keys(SETTINGS) as SettingName[];

function read(environment: Environment, flags: Partial<Record<SettingName, string>> = {}) {
  return readSettings(flags, environment, (path) => {
    if (path === 'there') return 'from a file\n';
    throw new Error(`no such file: ${path}`);
  });
}

function faultsOf(environment: Environment): string[] {
  try {
    read(environment);
  } catch (error) {
    if (!(error instanceof LinchpinError) || error.code !== 'BAD_CONFIG') throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe('settings', () => {
  it('have defaults that need nothing but Node', () => {
    expect(read({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      production: false,
      trustedDocuments: null,
      dataDir: './data',
      neo4j: null,
      mqttUrl: null,
      mqttPort: 1883,
      mqttTopicRoot: 'twins',
      telemetryConfig: null,
      mqttClientId: null,
      mqttFilters: null,
      mqttSharedGroup: null,
      kafka: null,
      history: { url: null, retentionMs: 2_592_000_000, memoryValues: 1_000_000, memoryValuesPerProperty: 10_000 },
      logLevel: 'info',
      metrics: true,
      access: null,
      token: null,
      secrets: [],
    });
  });

  it('that name a folder or a file must name one: nothing is not the working folder', () => {
    for (const name of ['DATA_DIR', 'AUTH_KEYS_FILE', 'TELEMETRY_CONFIG', 'TRUSTED_DOCUMENTS'] as const)
      expect(() => read({}, { [name]: '' })).toThrow(new RegExp(`${name}: expected a (folder|file), got ""`));
  });

  it('come from the environment, and flags win', () => {
    const settings = read(
      { PORT: '0', MQTT_PORT: '2883', LOG_LEVEL: 'warn', METRICS: 'false', MQTT_TOPIC_ROOT: 'plant/twins' },
      { PORT: '8080' },
    );
    expect(settings).toMatchObject({
      port: 8080,
      mqttPort: 2883,
      logLevel: 'warn',
      metrics: false,
      mqttTopicRoot: 'plant/twins',
    });
  });

  it('are told wrong all at once, each with what was expected and what came', () => {
    const faults = faultsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      METRICS: 'maybe',
      MQTT_PORT: '18x',
      NEO4J_URI: 'localhost',
    });
    expect(faults).toEqual([
      'PORT: expected a port, 0 to 65535, got "70000"',
      'NEO4J_URI: expected a URI such as neo4j://host:7687 or bolt+s://host:7687, got "localhost"',
      'MQTT_PORT: expected a port, 0 to 65535, got "18x"',
      'LOG_LEVEL: expected one of debug, info, warn, error, silent, got "loud"',
      'METRICS: expected true or false, got "maybe"',
    ]);
  });

  it.each([
    'NEO4J_URL',
    'MQTT_HOST',
    'LOGLEVEL',
    'AUTH_KEYS',
    'AUTH_JWKS',
    'LOG_LEVLE',
    'DATA_DIRS',
    'DATADIR',
    'LINCHPIN_PORT',
    'METRIC',
    'HISTORY_DB',
  ])('stop the start when misspelt as %s', (name) => {
    expect(faultsOf({ [name]: 'something' })).toEqual([expect.stringContaining(`${name}: there is no such setting`)]);
  });

  it("leave other programs' variables alone", () => {
    const theirs = {
      PATH: '/bin',
      NEO4J_HOME: '/opt/neo4j',
      SPORT: 'x',
      host: 'x',
      HOSTNAME: 'x',
      LOG: 'x',
      DATABASE_URL: 'x',
    };
    expect(faultsOf({ ...theirs, LINCHPIN_URL: 'http://127.0.0.1:4000/graphql' })).toEqual([]);
  });

  it('count an empty variable as not set', () => {
    expect(read({ PORT: '', NEO4J_URI: '', NEO4J_PASSWORD: '', NEO4J_URL: '' })).toMatchObject({
      port: 4000,
      neo4j: null,
    });
  });

  it('choose Neo4j by its address, with or without credentials', () => {
    expect(read({ NEO4J_URI: 'neo4j://db:7687' }).neo4j).toEqual({
      uri: 'neo4j://db:7687',
      username: null,
      password: null,
      database: null,
    });
    expect(read({ NEO4J_URI: 'bolt+s://db', NEO4J_PASSWORD: 'sesame', NEO4J_DATABASE: 'twins' }).neo4j).toEqual({
      uri: 'bolt+s://db',
      username: 'neo4j',
      password: 'sesame',
      database: 'twins',
    });
    expect(faultsOf({ NEO4J_PASSWORD: 'sesame' })).toEqual([expect.stringContaining('NEO4J_URI: expected one')]);
    expect(faultsOf({ NEO4J_URI: 'neo4j://db', NEO4J_USERNAME: 'me' })).toEqual([
      expect.stringContaining('NEO4J_PASSWORD: expected one'),
    ]);
  });

  it('take a secret from a file, or from a variable, not from both', () => {
    expect(read({ NEO4J_URI: 'neo4j://db', NEO4J_PASSWORD_FILE: 'there' }).neo4j?.password).toBe('from a file');
    expect(faultsOf({ NEO4J_URI: 'neo4j://db', NEO4J_PASSWORD_FILE: 'gone' })).toEqual([
      'NEO4J_PASSWORD_FILE: cannot be read: no such file: gone',
    ]);
    expect(faultsOf({ NEO4J_URI: 'neo4j://db', NEO4J_PASSWORD: 'x', NEO4J_PASSWORD_FILE: 'there' })).toEqual([
      'NEO4J_PASSWORD: expected NEO4J_PASSWORD or NEO4J_PASSWORD_FILE, got both',
    ]);
  });

  it('never show a secret, in a message or as a flag', () => {
    expect(faultsOf({ MQTT_URL: 'sesame@broker' }).join()).not.toContain('sesame');
    expect(read({ MQTT_URL: 'mqtt://me:open%20sesame@broker' }).secrets).toEqual(['open%20sesame', 'open sesame']);
    expect(NAMES.filter((name) => flagOf(name) === null)).toEqual([
      'AUTH_TOKEN',
      'NEO4J_PASSWORD',
      'MQTT_URL',
      'KAFKA_URL',
      'HISTORY_URL',
    ]);
  });

  it('of a shard need a broker, and a name of their own session there', () => {
    const MQTT_URL = 'mqtt://broker';
    const MQTT_FILTERS = 'twins/north/#, twins/+/south/telemetry';
    const { mqttClientId, mqttFilters } = read({ MQTT_URL, MQTT_CLIENT_ID: 'north', MQTT_FILTERS });
    expect([mqttClientId, mqttFilters]).toEqual(['north', ['twins/north/#', 'twins/+/south/telemetry']]);
    expect(faultsOf({ MQTT_URL, MQTT_FILTERS })).toMatchObject([expect.stringContaining('MQTT_CLIENT_ID')]);
    expect(faultsOf({ MQTT_URL, MQTT_SHARED_GROUP: 'a' })).toMatchObject([
      expect.stringContaining('MQTT_SHARED_GROUP'),
    ]);
    expect(faultsOf({ MQTT_CLIENT_ID: 'north', MQTT_FILTERS })).toMatchObject([expect.stringContaining('MQTT_URL')]);
    for (const bad of ['a#', 'a/#/b', 'a+/b', '$share/g/a', 'a,']) {
      expect(faultsOf({ MQTT_CLIENT_ID: 'a', MQTT_FILTERS: bad }).join()).toContain('topic filters');
    }
  });

  it('of Kafka go together: brokers and topics, or neither', () => {
    const KAFKA_URL = 'kafka://a:9092,b:9092';
    expect(read({ KAFKA_URL, KAFKA_TOPICS: 'plant.*' }).kafka).toEqual({
      url: KAFKA_URL,
      topics: 'plant.*',
      group: null,
    });
    expect(faultsOf({ KAFKA_URL })).toMatchObject([expect.stringContaining('KAFKA_TOPICS')]);
    expect(faultsOf({ KAFKA_GROUP: 'a' })).toMatchObject([expect.stringContaining('KAFKA_URL')]);
    expect(faultsOf({ KAFKA_URL: 'http://a', KAFKA_TOPICS: 'a' })).toMatchObject([
      expect.stringContaining('kafka://host:9092'),
    ]);
    expect(read({ KAFKA_OPTS: '-Xmx1g', KAFKA_HEAP_OPTS: '-Xmx1g' }).kafka).toBeNull();
  });

  it('refuse an address that others can reach, unless told otherwise', () => {
    expect(faultsOf({ HOST: '0.0.0.0' })).toEqual([
      expect.stringContaining('HOST: 0.0.0.0 is reachable from elsewhere'),
    ]);
    expect(read({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true' }).host).toBe('0.0.0.0');
    for (const host of ['localhost', '::1', '127.0.0.2']) expect(read({ HOST: host }).host).toBe(host);
  });
});

describe('settings of access', () => {
  const tokens = { AUTH_JWKS_URL: 'https://issuer.test/jwks', AUTH_ISSUER: 'https://issuer.test', AUTH_AUDIENCE: 'me' };

  it('let the server listen where others reach it', () => {
    expect(read({ HOST: '0.0.0.0', AUTH_KEYS_FILE: 'keys' }).access).toEqual({ tokens: null, keysFile: 'keys' });
    expect(
      read({ HOST: '0.0.0.0', ...tokens, AUTH_ALGORITHMS: 'ES256, EdDSA', AUTH_CLOCK_SKEW: 'PT1M' }),
    ).toMatchObject({
      access: { tokens: { issuer: 'https://issuer.test', algorithms: ['ES256', 'EdDSA'], clockSkewMs: 60_000 } },
    });
  });

  it('are complete, or stop the start', () => {
    for (const [name, value] of Object.entries(tokens)) {
      const others = Object.keys(tokens).filter((other) => other !== name);
      expect(faultsOf({ [name]: value })).toEqual(
        others.map((other) => `${other}: expected one, as ${name} is given, got nothing`),
      );
    }
    expect(faultsOf({ AUTH_KEYS_FILE: 'keys', AUTH_ROLE_CLAIM: 'roles' })).toHaveLength(3);
  });

  it('take no shared secrets, no keys over a line that others can change, and no anonymous callers besides', () => {
    expect(faultsOf({ ...tokens, AUTH_ALGORITHMS: 'HS256' })).toEqual([
      expect.stringContaining('AUTH_ALGORITHMS: expected a list of'),
    ]);
    expect(faultsOf({ ...tokens, AUTH_JWKS_URL: 'http://issuer.test/jwks' })[0]).toContain(
      'AUTH_JWKS_URL: expected an https URL',
    );
    expect(read({ ...tokens, AUTH_JWKS_URL: 'http://127.0.0.1:8080/jwks' }).access?.tokens).not.toBeNull();
    expect(faultsOf({ AUTH_KEYS_FILE: 'keys', ALLOW_ANONYMOUS: 'true' })).toHaveLength(1);
    expect(faultsOf({ ...tokens, AUTH_CLOCK_SKEW: 'PT1H' })).toHaveLength(1);
  });

  it('of the commands do not make a server ask', () => {
    expect(read({ AUTH_TOKEN: 'open sesame' })).toMatchObject({
      access: null,
      token: 'open sesame',
      secrets: ['open sesame'],
    });
    expect(faultsOf({ HOST: '0.0.0.0', AUTH_TOKEN: 'open sesame' })).toHaveLength(1);
  });
});

describe('docs/CONFIG.md', () => {
  const rows = readFileSync(new URL('../../docs/CONFIG.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

  it('lists every setting with its flag and default, and no other', () => {
    const settings = NAMES.map((name) => {
      const setting = SETTINGS[name];
      const flag = flagOf(name);
      return [name, flag === null ? '' : `--${flag}`, 'fallback' in setting ? setting.fallback : ''];
    });
    expect(rows).toEqual(settings);
  });
});
