/** docker-compose.yml, Dockerfile and the broker's settings against the files, settings and commands that they name. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSettings, SETTINGS } from '../../src/config.ts';
import { PROJECT_ROOT, readProjectFile } from '../support/project-files.ts';

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const compose = parse(readProjectFile('docker-compose.yml')) as Compose;
const services = Object.values(compose.services);
const server = compose.services['linchpin'] as Service;
const dockerfile = readProjectFile('Dockerfile');
const settingNames = Object.keys(SETTINGS);

/** NAME or NAME=value of every ENV line, and what they are set to. */
const imageEnvironment = Object.fromEntries(
  [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap((line) =>
    [...(line[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map((pair) => [pair[1], pair[2]]),
  ),
) as Record<string, string>;

describe('docker-compose.yml', () => {
  it('gives the server only settings that exist, and ones that it starts with', () => {
    const given = Object.fromEntries(
      Object.entries(server.environment ?? {}).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.+)\}$/, '$1')]),
    );
    expect(Object.keys(given).filter((name) => !settingNames.includes(name))).toEqual([]);
    const settings = readSettings({}, { ...imageEnvironment, ...given });
    expect(settings.neo4j?.uri).toBe('neo4j://neo4j:7687');
    expect(settings.host).toBe('0.0.0.0');
  });

  it('reaches Neo4j and the broker under the names of their services', () => {
    const hosts = ['NEO4J_URI', 'MQTT_URL'].map((name) => new URL(server.environment?.[name] ?? '').hostname);
    expect(hosts).toEqual(['neo4j', 'mosquitto']);
    expect(server.environment?.['NEO4J_PASSWORD']).toBe(
      compose.services['neo4j']?.environment?.['NEO4J_AUTH']?.replace('neo4j/', ''),
    );
  });

  it('publishes ports on this machine alone, as there is no authentication', () => {
    const ports = services.flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('waits for services that say when they are healthy', () => {
    const awaited = Object.entries(server.depends_on ?? {});
    expect(awaited.map(([name]) => name).toSorted()).toEqual(['mosquitto', 'neo4j']);
    expect(
      awaited.filter(
        ([name, { condition }]) => condition !== 'service_healthy' || !compose.services[name]?.healthcheck,
      ),
    ).toEqual([]);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('mounts files that are there and volumes that are declared', () => {
    const sources = services.flatMap((service) => service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
    const isThere = (source: string): boolean =>
      source.startsWith('.') ? existsSync(join(PROJECT_ROOT, source)) : Object.hasOwn(compose.volumes, source);
    expect(sources.filter((source) => !isThere(source))).toEqual([]);
  });

  it('gives every image a version', () => {
    const images = services.flatMap((service) => service.image ?? []);
    expect(images.filter((image) => !/:\d/.test(image))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  it('takes along everything that the package needs to run', () => {
    const { files } = JSON.parse(readProjectFile('package.json')) as { files: string[] };
    const copied = [...dockerfile.matchAll(/^COPY --from=build (.+)$/gm)].flatMap(
      (line) => (line[1] ?? '').match(/\/app\/\S+/g) ?? [],
    );
    const needed = files.filter((file) => !file.includes('docs') && !file.endsWith('.md'));
    expect(copied.toSorted()).toEqual(
      [...needed, 'package.json', 'LICENSE', 'node_modules'].map((file) => `/app/${file}`).toSorted(),
    );
  });

  it('builds on a Node that the package allows, without install scripts, and does not run as root', () => {
    const { engines } = JSON.parse(readProjectFile('package.json')) as { engines: { node: string } };
    const least = Number(/\d+/.exec(engines.node)?.[0]);
    const versions = [...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map((match) => Number(match[1]));
    expect(versions.filter((version) => version < least)).toEqual([]);
    expect(versions).toHaveLength(2);
    expect(dockerfile).toContain('npm ci --ignore-scripts');
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('sets only settings that exist', () => {
    expect(Object.keys(imageEnvironment).filter((name) => name !== 'NODE_ENV' && !settingNames.includes(name))).toEqual(
      [],
    );
  });
});

describe('the broker of docker-compose.yml', () => {
  it('keeps messages for an absent server, and survives its own restart', () => {
    const settings = new Map(
      readProjectFile('docker/mosquitto.conf')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
    );
    expect(Number(settings.get('max_queued_messages'))).toBeGreaterThanOrEqual(100_000);
    expect(settings.get('persistence')).toBe('true');
    expect(settings.get('listener')).toBe('1883');
  });
});
