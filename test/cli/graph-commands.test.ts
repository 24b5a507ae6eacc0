import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeKey } from '../../src/access/api-key.ts';
import { type CommandResult, runCommand, runServe } from '../support/command-line.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;

function dataDir(): string {
  return join(folder, `data-${++count}`);
}

function run(directory: string, ...argv: string[]): Promise<CommandResult> {
  return runCommand([...argv, '--data-dir', directory]);
}

const PLANT = [
  { model: { id: 'Pump', kind: 'ASSET', name: 'Pump', properties: [{ name: 'temperature', schema: 'double' }] } },
  { twin: { id: 'MCC1', kind: 'ASSET', name: 'Motor control centre' } },
  { twin: { id: 'P-101', kind: 'ASSET', name: 'Feed pump', model: 'Pump', properties: { temperature: 20 } } },
  { twin: { id: 'COOL', kind: 'PROCESS', name: 'Cooling' } },
  { twin: { id: 'PR2', kind: 'PROCESS', name: 'Alone' } },
  { relationship: { type: 'FEEDS', source: 'MCC1', target: 'P-101', medium: 'power' } },
  { relationship: { type: 'DEPENDS_ON', source: 'COOL', target: 'P-101' } },
];
const plantText = `${PLANT.map((line) => JSON.stringify(line)).join('\n')}\n`;
const plant = writeInto(folder, 'plant.jsonl', plantText);

describe('import and export', () => {
  it('straight into the store and out again give the same graph', async () => {
    const [first, second] = [dataDir(), dataDir()];
    expect(await run(first, 'import', plant)).toEqual({
      code: 0,
      out: '',
      err: '1 model, 4 twins and 2 relationships imported\n',
    });
    const exported = await run(first, 'export');
    expect(exported).toMatchObject({ code: 0, err: '' });
    expect(exported.out.trim().split('\n')).toHaveLength(PLANT.length);

    await run(second, 'import', writeInto(folder, 'exported.jsonl', exported.out));
    expect((await run(second, 'export')).out).toBe(exported.out);
  });

  it('tells every fault by file and line, ends with 1 and imports nothing', async () => {
    const directory = dataDir();
    const faulty = writeInto(folder, 'faulty.jsonl', `${plantText}{"twin":{"id":"x","kind":"THING"}}\n`);
    const { code, err } = await run(directory, 'import', faulty);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${faulty}:8: kind: expected one of ASSET, PROCESS, SYSTEM, got "THING"\n`,
    });
    expect((await run(directory, 'export')).out).toBe('');

    const kept = await run(directory, 'import', faulty, '--keep-going');
    expect(kept.code).toBe(1);
    expect(kept.err).toContain('1 model, 4 twins and 2 relationships imported');
    expect(kept.err).toContain(`left out, and why:\n  ${faulty}:8: kind: expected one of`);
    expect(kept.err).toContain('0 models, 1 twin and 0 relationships left out');
    expect((await run(directory, 'export')).out).not.toBe('');
  });

  it('tells faults in the order of lines, each row for itself, and counts what fell out', async () => {
    const number = { from: 'kw', as: 'number' };
    const mapping = { nodes: { id: 'id', kind: 'kind', properties: { kw: number } } };
    const rules = writeInto(folder, 'rules.json', JSON.stringify(mapping));
    const rows = ['id,kind,kw', 'P-1,THING,1', 'P-2,ASSET,seventy', 'P-2,ASSET,70', 'P-3,THING,3', 'P-4,ASSET,4'];
    const csv = writeInto(folder, 'pumps.csv', `${rows.join('\n')}\n`);
    const directory = dataDir();
    const { err } = await run(directory, 'import', csv, '--mapping', rules);
    expect(err.split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(/pumps\.csv:2: kind: expected one of/),
      expect.stringMatching(/pumps\.csv:3: properties\.kw: expected a number, got "seventy"$/),
      expect.stringMatching(/pumps\.csv:5: kind: expected one of/),
    ]);
    const kept = await run(directory, 'import', csv, '--mapping', rules, '--keep-going');
    expect(kept.err).toContain('0 models, 2 twins and 0 relationships imported');
    expect(kept.err).toContain('0 models, 3 twins and 0 relationships left out');
  });

  it('tells faults of lines, of form and of references in one round', async () => {
    const lines = ['not json', '{"twin":{"id":"x","kind":"THING"}}', '{"relationship":{"type":"FEEDS","source":"x"}}'];
    const end = '{"relationship":{"type":"FEEDS","source":"x","target":"nobody"}}';
    const faulty = writeInto(folder, 'all.jsonl', [...lines, end].join('\n'));
    const { err } = await run(dataDir(), 'import', faulty);
    const told = err
      .trim()
      .split('\n')
      .map((line) => line.slice(faulty.length + 1));
    expect(told).toEqual([
      expect.stringMatching(/^1: not JSON/),
      expect.stringMatching(/^2: kind: expected one of/),
      expect.stringMatching(/^3: target: expected an id/),
      '4: target: expected the id of a twin, got "nobody"',
    ]);
  });

  it.each([['check'], ['export'], ['impact', 'P-101']])(
    '%s says that there is no graph, and makes none',
    async (...argv) => {
      const directory = dataDir();
      const { code, out, err } = await run(directory, ...argv);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(`there is no graph in ${directory}`);
      expect(existsSync(directory)).toBe(false);
    },
  );

  it('as a dry run writes nothing', async () => {
    const directory = dataDir();
    const { code, err } = await run(directory, 'import', plant, '--dry-run');
    expect({ code, err }).toEqual({
      code: 0,
      err: `there is no graph in ${directory} yet: checked against an empty one\n1 model, 4 twins and 2 relationships could be imported; nothing was written\n`,
    });
    expect(existsSync(directory)).toBe(false);
    await run(directory, 'import', plant);
    const before = (await run(directory, 'export')).out;
    const again = await run(directory, 'import', plant, '--dry-run');
    expect(again.err).toBe('1 model, 4 twins and 2 relationships could be imported; nothing was written\n');
    expect((await run(directory, 'export')).out).toBe(before);
  });

  it('reads CSV by a mapping, and tells how many rows fitted no rule', async () => {
    const directory = dataDir();
    const csv = writeInto(folder, 'pumps.csv', 'id,kind,feeds\na,pump,b|c\nb,pump,\nc,pump,\nd,door,\n');
    const mapping = writeInto(
      folder,
      'mapping.json',
      JSON.stringify({
        nodes: { id: 'id', kind: { constant: 'ASSET' }, when: { kind: 'pump' } },
        relationships: {
          type: { constant: 'FEEDS' },
          source: 'id',
          target: { from: 'feeds', separator: '|' },
          when: { kind: 'pump' },
        },
      }),
    );
    const { code, err } = await run(directory, 'import', csv, '--mapping', mapping);
    expect(err).toBe('0 models, 3 twins and 2 relationships imported\n1 row fitted no rule of the mapping\n');
    expect(code).toBe(0);
  });
});

describe('impact', () => {
  it('tells what fails, the worst first, and why, as a table and as JSON', async () => {
    const directory = dataDir();
    await run(directory, 'import', plant);
    const table = await run(directory, 'impact', 'MCC1');
    expect(table.code).toBe(0);
    const [heads, ...rows] = table.out.trim().split('\n');
    expect(heads).toMatch(/^TWIN +NAME +KIND +BEFORE +AFTER +CERTAINTY +AT +BACK +BECAUSE$/);
    expect(rows).toEqual([
      expect.stringMatching(/^COOL +Cooling +PROCESS +OPERATIONAL +DOWN +CERTAIN +PT0S +MCC1 > P-101 > COOL$/),
      expect.stringMatching(/^P-101 +Feed pump +ASSET +OPERATIONAL +DOWN +CERTAIN +PT0S +MCC1 > P-101$/),
    ]);
    expect(table.err).toBe('2 affected, 1 of them processes: 2 down, 0 degraded\n');

    const json = JSON.parse((await run(directory, 'impact', 'MCC1', '--json')).out) as { id: string }[];
    expect(json.map((row) => row.id)).toEqual(['COOL', 'P-101']);
    expect(await run(directory, 'impact', 'PR2')).toMatchObject({
      code: 0,
      out: '',
      err: 'nothing else is affected\n',
    });
  });

  it('judges the graph as it was, and refuses what the feed does not reach back to', async () => {
    const directory = dataDir();
    await run(directory, 'import', plant);
    const imported = new Date().toISOString();
    const more = writeInto(folder, 'more.jsonl', '{"twin": {"id": "P-101", "kind": "ASSET", "health": "DOWN"}}\n');
    await run(directory, 'import', more);
    const then = await run(directory, 'impact', 'MCC1', '--as-of', imported);
    expect(then.err).toBe('2 affected, 1 of them processes: 2 down, 0 degraded\n');
    expect((await run(directory, 'impact', 'MCC1')).err).toBe('nothing else is affected\n');
    expect(await run(directory, 'impact', 'MCC1', '--as-of', 'yesterday')).toMatchObject({ code: 1, out: '' });
  });

  it('refuses a twin that is not there', async () => {
    const directory = dataDir();
    await run(directory, 'import', plant);
    expect(await run(directory, 'impact', 'nobody')).toMatchObject({ code: 1, out: '' });
  });
});

describe('check', () => {
  it('ends with 1 when the model leaves doubts, and lists them', async () => {
    const directory = dataDir();
    await run(directory, 'import', plant);
    const { code, out } = await run(directory, 'check', '--json');
    const issues = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { code: string; twin: string });
    expect(code).toBe(1);
    expect(issues).toContainEqual(expect.objectContaining({ twin: 'PR2' }));
  });
});

describe('serve', () => {
  it('says ready in one line with its addresses, serves, and stops when told', async () => {
    const server = await runServe(['--data-dir', dataDir()]);
    expect(server.ready).toMatch(/^ready graphql=http:\/\/127\.0\.0\.1:\d+\/graphql\n$/);
    expect((await runCommand(['doctor', '--url', server.url])).code).toBe(0);
    const { code, out } = await server.stop();
    expect({ code, lines: out.trim().split('\n').length }).toEqual({ code: 0, lines: 1 });
  });

  it('holds the embedded graph: another process is told to use --url', async () => {
    const directory = dataDir();
    const server = await runServe(['--data-dir', directory]);
    const { port } = new URL(server.url);
    const second = await run(directory, 'export', '--port', port);
    await server.stop();
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err).toContain(`--url http://127.0.0.1:${port}/graphql`);
  });
});

describe('a running server', () => {
  it('takes imports and answers exports, checks and impact as the store itself does', async () => {
    const [local, remote] = [dataDir(), dataDir()];
    await run(local, 'import', plant);
    const server = await runServe(['--data-dir', remote]);
    try {
      const imported = await runCommand(['import', plant, '--url', server.url]);
      expect(imported).toEqual({ code: 0, out: '', err: '1 model, 4 twins and 2 relationships imported\n' });
      for (const argv of [
        ['export'],
        ['check'],
        ['check', '--json'],
        ['impact', 'MCC1'],
        ['impact', 'MCC1', '--json'],
        ['impact', 'MCC1', '--as-of', new Date().toISOString()],
      ]) {
        expect(await runCommand([...argv, '--url', server.url])).toEqual(await run(local, ...argv));
      }
    } finally {
      await server.stop();
    }
  });

  it('tells the faults of an import by file and line, before anything is sent', async () => {
    const server = await runServe(['--data-dir', dataDir()]);
    const lines = `${plantText}{"twin":{"id":"x","kind":"THING"}}\n{"relationship":{"type":"NEEDS","source":"a","target":"b"}}\n`;
    const faulty = writeInto(folder, 'remote-faulty.jsonl', lines);
    const missing = writeInto(
      folder,
      'missing.jsonl',
      '\n{"relationship":{"type":"FEEDS","source":"MCC1","target":"b"}}',
    );
    try {
      const { code, err } = await runCommand(['import', faulty, '--url', server.url]);
      expect(code).toBe(1);
      expect(err).toContain(`${faulty}:8: kind: expected one of ASSET, PROCESS, SYSTEM, got "THING"`);
      expect(err).toContain(`${faulty}:9: type: expected one of the relationship types`);
      expect((await runCommand(['export', '--url', server.url])).out).toBe('');
      expect((await runCommand(['import', missing, '--url', server.url])).err).toContain(
        `${missing}:2: source: expected the id of a twin, got "MCC1"`,
      );
    } finally {
      await server.stop();
    }
  });

  it('that is not there, or is none, is told in one line', async () => {
    const nowhere = await runCommand(['export', '--url', 'http://127.0.0.1:9/graphql']);
    expect(nowhere).toMatchObject({ code: 1, out: '' });
    expect(nowhere.err).toMatch(/^linchpin export: no answer from http:\/\/127\.0\.0\.1:9\/graphql: .+\n$/);
    expect((await runCommand(['export', '--url', 'ftp://x'])).err).toContain('--url: expected such as http://');
  });
});

describe('import of files that are not there', () => {
  it('names them all, and makes no graph', async () => {
    const directory = dataDir();
    const { code, err } = await run(directory, 'import', plant, 'none.jsonl', '--mapping', 'none.json');
    expect(code).toBe(1);
    expect(err).toBe('linchpin import: there is no file none.jsonl, none.json\n');
    expect(existsSync(directory)).toBe(false);
  });
});

describe('a server that asks who is there', () => {
  it('is told of with the way to show a key', async () => {
    const { key, line } = makeKey({ actor: 'me', role: 'reader' });
    const keys = writeInto(folder, 'keys.jsonl', `${line}\n`);
    const server = await runServe(['--data-dir', dataDir(), '--auth-keys-file', keys]);
    const { code, err } = await runCommand(['check', '--url', server.url]);
    const shown = await runCommand(['check', '--url', server.url], { AUTH_TOKEN: key });
    await server.stop();
    expect(code).toBe(1);
    expect(err).toContain('Show a token or API key of the server by AUTH_TOKEN, or --token');
    expect(shown.code).toBe(0);
  });
});

describe('doctor', () => {
  it('finds everything well on a machine with Node alone, and makes nothing', async () => {
    const directory = dataDir();
    const ports = ['--port', '0', '--mqtt-port', '0'];
    const { code, out } = await run(directory, 'doctor', ...ports);
    expect(code).toBe(0);
    expect(out).toContain('not there yet, the first start makes it');

    await run(directory, 'import', plant);
    expect((await run(directory, 'doctor', ...ports)).out).toContain('constraints and indexes are there; 1 model,');
  });

  it('says so where the folder of the graph cannot be made', async () => {
    const file = writeInto(folder, 'no-folder', '');
    const { code, out } = await run(join(file, 'data'), 'doctor', '--port', '0', '--mqtt-port', '0');
    expect(code).toBe(1);
    expect(out).toContain(`not there yet, and cannot be made: ${file} is not a folder`);
  });

  it('looks at the server that runs on these settings, and finds it well', async () => {
    const directory = dataDir();
    const server = await runServe(['--data-dir', directory]);
    const { code, out } = await run(directory, 'doctor', '--port', new URL(server.url).port, '--mqtt-port', '0');
    await server.stop();
    expect(out).toContain('answers; 0 twins');
    expect(code).toBe(0);
  });

  it('ends with 1 and says what is wrong: a port in use, a graph that cannot be opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const directory = join(folder, 'not-a-graph');
    mkdirSync(directory);
    writeInto(directory, 'graph.grafeo', 'something else');
    const { code, out } = await run(
      directory,
      'doctor',
      '--port',
      String((other.address() as AddressInfo).port),
      '--mqtt-port',
      '0',
      '--json',
    );
    other.close();
    expect(code).toBe(1);
    const findings = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; isGood: boolean });
    expect(findings.filter((finding) => !finding.isGood).map((finding) => finding.what)).toEqual(['graph', 'API']);
  });
});
