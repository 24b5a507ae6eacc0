import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isTooOld, OLDEST_NODE } from '../../src/oldest-node.ts';
import { type LinchpinProcess, startLinchpin } from '../support/linchpin-process.ts';
import { readProjectFile } from '../support/project-files.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

// Each process compiles the program for itself.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();
const started: LinchpinProcess[] = [];
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

let count = 0;
function start(...argv: string[]): LinchpinProcess {
  const one = startLinchpin(argv, { LOG_LEVEL: 'warn' });
  started.push(one);
  return one;
}

function serve(dataDir = join(folder, `data-${++count}`)): LinchpinProcess {
  return start('serve', '--port', '0', '--mqtt-port', '0', '--data-dir', dataDir);
}

const addressOf = (ready: string, name: string): string => new RegExp(`${name}=(\\S+)`).exec(ready)?.[1] ?? '';

describe('linchpin on a Node that is too old', () => {
  it('says which one it needs and which one came, before it loads anything that such a Node cannot read', async () => {
    const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.3" } });';
    const one = startLinchpin(['help'], { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(old)}` });
    started.push(one);
    expect(await one.ended).toMatchObject({ code: 2 });
    expect(one.err()).toBe('linchpin: expected Node 20.19 or newer, got 20.18.3\n');
    const loadedFirst = readProjectFile('src/main.ts').match(/^import .*$/gm);
    expect(loadedFirst).toEqual(["import { isTooOld, OLDEST_NODE } from './oldest-node.ts';"]);
  });

  it('needs the one that package.json tells', () => {
    const { engines } = JSON.parse(readProjectFile('package.json')) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${OLDEST_NODE}`);
    const versions = ['16.20.2', '18.20.8', '20.18.3', '20.19.0', '21.0.0', '22.4.1'];
    expect(versions.map(isTooOld)).toEqual([true, true, true, false, false, false]);
  });
});

describe('linchpin serve, as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one line ready when /readyz answers, and ends with 0 on %s',
    async (signal) => {
      const server = serve();
      const ready = await server.firstLine;
      expect(ready).toMatch(
        /^ready graphql=http:\/\/127\.0\.0\.1:\d+\/graphql graphiql=\S+ mqtt=mqtt:\/\/127\.0\.0\.1:\d+$/,
      );
      const readyz = new URL('/readyz', addressOf(ready, 'graphql'));
      expect((await fetch(readyz)).status).toBe(200);
      server.child.kill(signal);
      expect(await server.ended).toEqual({ code: 0, signal: null });
      expect(server.out()).toBe(`${ready}\n`);
    },
  );

  it('ends with 2 and all faults of its settings, before it opens anything', async () => {
    const server = start('serve', '--port', 'many', '--mqtt-topic-root', 'a/#');
    expect(await server.ended).toEqual({ code: 2, signal: null });
    expect(server.out()).toBe('');
    expect(server.err()).toMatch(/ {2}PORT: [^\n]+\n {2}MQTT_TOPIC_ROOT: /);
  });

  it('ends with an error, not with half a server, when its port is taken', async () => {
    const first = serve();
    const url = new URL(addressOf(await first.firstLine, 'graphql'));
    const second = start('serve', '--port', url.port, '--mqtt-port', '0', '--data-dir', join(folder, 'taken'));
    const { code } = await second.ended;
    expect(code).not.toBe(0);
    expect(second.out()).toBe('');
    expect(second.err()).toContain(url.port);
  });

  it('ends, too, when the port of its broker is taken', async () => {
    const first = serve();
    const { port } = new URL(addressOf(await first.firstLine, 'mqtt'));
    const second = start('serve', '--port', '0', '--mqtt-port', port, '--data-dir', join(folder, 'taken-by-mqtt'));
    expect(await second.ended).toEqual({ code: 2, signal: null });
    expect(second.err()).toContain('MQTT_PORT');
  });
});

describe('a command on its own store, as a process', () => {
  it('lives until it has answered, also where it waits for nothing but its own turn', async () => {
    const dataDir = join(folder, `data-${++count}`);
    const items = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ twin: { id: `P-${i}`, kind: 'ASSET' } }));
    const plant = writeInto(folder, 'many.jsonl', `${items.join('\n')}\n`);
    expect((await start('import', plant, '--data-dir', dataDir).ended).code).toBe(0);
    const impact = start('impact', 'P-1', '--as-of', '2026-01-01T00:00:00Z', '--data-dir', dataDir);
    expect(await impact.ended).toEqual({ code: 1, signal: null });
    expect(impact.out()).toBe('');
    expect(impact.err()).toMatch(/^scenario\.outage\[0\]: expected the id of a twin, got "P-1"$/m);
  });
});

describe('a second process on the same embedded graph', () => {
  it('is told to go through the running server, and can', async () => {
    const dataDir = join(folder, `data-${++count}`);
    const server = serve(dataDir);
    const url = addressOf(await server.firstLine, 'graphql');
    const plant = writeInto(folder, 'plant.jsonl', '{"twin":{"id":"P-1","kind":"ASSET"}}\n');
    const refused = start('import', plant, '--data-dir', dataDir, '--port', new URL(url).port);
    expect(await refused.ended).toMatchObject({ code: 1 });
    expect(refused.err()).toContain(`--url ${url}`);

    const taken = start('import', plant, '--url', url);
    expect(await taken.ended).toMatchObject({ code: 0 });
    const exported = start('export', '--url', url);
    expect(await exported.ended).toMatchObject({ code: 0 });
    expect(exported.out()).toBe('{"twin":{"id":"P-1","kind":"ASSET"}}\n');
  });
});
