import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputFaults, LinchpinError } from '../../src/domain/errors.ts';
import { type ReadOptions, readGraph } from '../../src/exchange/read-graph.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;

function read(mapping: unknown, name: string, content: string, options: Partial<ReadOptions> = {}) {
  count++;
  const mappingFile = writeInto(folder, `mapping-${count}.json`, JSON.stringify(mapping));
  const file = writeInto(folder, `${count}-${name}`, content);
  return readGraph([file], { format: null, mapping: mappingFile, keepGoing: false, ...options });
}

async function faultsOf(mapping: unknown, name: string, content: string): Promise<string[]> {
  const error: unknown = await read(mapping, name, content).catch((thrown: unknown) => thrown);
  if (error instanceof InputFaults)
    return error.faults.map((fault) => fault.message.replace(fault.at, fault.at.split('-').at(-1) ?? ''));
  if (error instanceof LinchpinError) return error.message.split('\n');
  throw new Error('nothing was wrong');
}

const NODES = { id: 'id', kind: { constant: 'ASSET' } };
const ENDS = { type: { constant: 'FEEDS' }, source: 'from', target: 'to' };

describe('a mapping', () => {
  it('takes `__proto__` for a name like any other, in properties, lookups and conditions', async () => {
    const mapping = JSON.parse(`{"nodes": {"id": "id", "kind": {"from": "__proto__", "lookup": {"__proto__": "ASSET"}},
      "when": {"__proto__": {"not": "x"}}, "properties": {"__proto__": "id", "constructor": "id"}}}`) as unknown;
    const { input } = await read(mapping, 'proto.csv', 'id,__proto__\na,__proto__\nb,x\n');
    expect(JSON.stringify(input.twins)).toBe(
      '[{"id":"a","kind":"ASSET","properties":{"__proto__":"a","constructor":"a"}}]',
    );
    const faulty = JSON.parse('{"nodes": {"id": "id", "kind": "k", "properties": {"__proto__": 5}}}') as unknown;
    expect((await faultsOf(faulty, 'proto.csv', 'id,k\n')).join()).toContain('nodes[0].properties');
  });

  it('of docs/IMPORT.md reads the rows that stand beside it there', async () => {
    const doc = readFileSync(new URL('../../docs/IMPORT.md', import.meta.url), 'utf8');
    const blocks = [...doc.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
      kind: match[1],
      text: match[2] ?? '',
    }));
    const [power, plant] = blocks
      .filter((block) => block.kind === 'json')
      .map((block) => JSON.parse(block.text) as unknown);
    const [native = '', nodes = '', edges = ''] = blocks
      .filter((block) => block.kind === 'jsonl')
      .map((block) => block.text);
    const csv = blocks.find((block) => block.kind === 'csv')?.text ?? '';

    const own = await readGraph([writeInto(folder, 'own.jsonl', native)], {
      format: null,
      mapping: null,
      keepGoing: false,
    });
    expect(own.counts).toMatchObject({ models: 1, relationships: 1 });

    const mapping = writeInto(folder, 'power.json', JSON.stringify(power));
    const files = [writeInto(folder, 'nodes.jsonl', nodes), writeInto(folder, 'edges.jsonl', edges)];
    const network = await readGraph(files, { format: null, mapping, keepGoing: false });
    expect(network.input).toEqual({
      models: [],
      twins: [
        {
          id: 'bus:0',
          kind: 'ASSET',
          name: 'Bus 0',
          tags: ['Bus'],
          conduction: [{ medium: 'electricity', role: 'CONDUCTOR' }],
          properties: { in_service: true, vn_kv: 220 },
        },
        {
          id: 'load:7',
          kind: 'ASSET',
          name: 'Load 7',
          tags: ['Load'],
          health: 'DOWN',
          conduction: [{ medium: 'electricity', role: 'CONSUMER' }],
          properties: { in_service: false, p_mw: 1.2 },
        },
      ],
      relationships: [
        {
          id: 'e0',
          type: 'CONNECTED_TO',
          source: 'load:7',
          target: 'bus:0',
          medium: 'electricity',
          properties: { side: 'from' },
        },
      ],
    });

    const table = await read(plant, 'plant.csv', csv);
    expect(table.input.twins).toEqual([
      {
        id: 'M-1',
        kind: 'ASSET',
        name: 'Motor 1',
        tags: ['drive', '400V'],
        properties: { rating_kw: 75, article: '0042' },
      },
      { id: 'P-1', kind: 'ASSET', name: 'Pump 1; spare', properties: { rating_kw: 55, article: '0043' } },
      { id: 'P-2', kind: 'ASSET', name: 'Pump 2', properties: { rating_kw: 55, article: '0044' } },
    ]);
    expect(table.input.relationships).toEqual([
      { type: 'FEEDS', source: 'M-1', target: 'P-1' },
      { type: 'FEEDS', source: 'M-1', target: 'P-2' },
      { type: 'PART_OF', source: 'P-1', target: 'M-1' },
    ]);
  });

  it('makes twins and relationships of the rows that its rules choose, and counts those that none does', async () => {
    const mapping = {
      nodes: [
        { ...NODES, when: { type: ['pump', 'motor'] } },
        { ...NODES, kind: { constant: 'SYSTEM' }, when: { type: 'line' } },
      ],
    };
    const reading = await read(mapping, 'a.csv', 'id,type\n1,pump\n2,line\n3,door\n4,motor\n');
    expect(reading.input.twins).toEqual([
      { id: '1', kind: 'ASSET' },
      { id: '2', kind: 'SYSTEM' },
      { id: '4', kind: 'ASSET' },
    ]);
    expect(reading.unmatchedRows).toBe(1);
  });

  it('takes all columns that nothing else uses for properties, numbers and truth values as such', async () => {
    const mapping = { nodes: { ...NODES, name: { template: '{type} {id}' }, properties: '*' } };
    const csv = 'id,type,kw,article,spare,big,note\n1,pump,7.50,007,TRUE,12345678901234567890, x \n2,pump,,,,,\n';
    const reading = await read(mapping, 'a.csv', csv);
    expect(reading.input.twins).toEqual([
      {
        id: '1',
        kind: 'ASSET',
        name: 'pump 1',
        properties: { kw: 7.5, article: '007', spare: true, big: '12345678901234567890', note: ' x ' },
      },
      { id: '2', kind: 'ASSET', name: 'pump 2', properties: {} },
    ]);
  });

  it('turns the ends round where a type is told the other way, and names each of several relationships', async () => {
    const mapping = {
      relationships: {
        ...ENDS,
        id: 'id',
        target: { from: 'to', separator: '|' },
        swap: { from: 'type', lookup: { isFedBy: true }, otherwise: false },
      },
    };
    const reading = await read(mapping, 'a.csv', 'id,type,from,to\nr1,isFedBy,a,b| c\nr2,feeds,a,d\nr3,feeds,a,\n');
    expect(reading.input.relationships).toEqual([
      { id: 'r1/a/b', type: 'FEEDS', source: 'b', target: 'a' },
      { id: 'r1/a/c', type: 'FEEDS', source: 'c', target: 'a' },
      { id: 'r2/a/d', type: 'FEEDS', source: 'a', target: 'd' },
    ]);
    expect(reading.faults.list).toEqual([]);
  });

  it('brings the models that it needs', async () => {
    const mapping = { models: [{ id: 'Pump', kind: 'ASSET' }], nodes: { ...NODES, model: { constant: 'Pump' } } };
    expect((await read(mapping, 'a.csv', 'id\n1\n')).input).toMatchObject({
      models: [{ id: 'Pump' }],
      twins: [{ model: 'Pump' }],
    });
  });

  it('faults a row with its line: a text that the lookup does not know, a cell too many, a value of another form', async () => {
    const mapping = {
      nodes: {
        id: 'id',
        kind: { from: 'type', lookup: { pump: 'ASSET' } },
        properties: { kw: { from: 'kw', as: 'number' } },
      },
    };
    const csv = 'id,type,kw\n1,pump,5\n2,door,5\n"3\n",pump,5\n4,pump,5,6\n5,pump,many\n,pump,1\n';
    expect(await faultsOf(mapping, 'a.csv', csv)).toEqual([
      'a.csv:3: kind: the lookup has nothing for "door", and no otherwise',
      'a.csv:6: expected 3 cells, as in the first row, got 4',
      'a.csv:7: properties.kw: expected a number, got "many"',
      'a.csv:8: id: expected a value, got none from "id"',
    ]);
  });

  it('refuses a column that the file has not, and two of one name', async () => {
    expect((await faultsOf({ nodes: { ...NODES, name: 'nmae' } }, 'a.csv', 'id,name\n1,x\n')).join()).toContain(
      'there is no column "nmae"; its columns are id, name',
    );
    expect((await faultsOf({ nodes: NODES }, 'a.csv', 'id,id\n1,x\n')).join()).toContain('two columns are called "id"');
  });

  it('refuses a file that no rule is for, and CSV whose quotes do not match', async () => {
    expect((await faultsOf({ nodes: { ...NODES, file: 'nodes*' } }, 'a.csv', 'id\n1\n')).join()).toContain(
      'no rule of the mapping',
    );
    expect((await faultsOf({ nodes: NODES }, 'a.csv', 'id\n"1\n2\n')).join()).toContain('a.csv:2: not CSV');
  });

  it('is told wrong itself, all at once, by its own paths', async () => {
    const faults = await faultsOf(
      { nodes: { id: 'id', kind: { form: 'x' }, nmae: 1 }, relationships: [{ type: 'x' }] },
      'a.csv',
      '',
    );
    expect(faults.map((fault) => fault.slice(fault.indexOf('.json: ') + 7))).toEqual([
      expect.stringMatching(/^nodes\[0\]\.kind: expected a column or path, or/),
      'nodes[0]: Unrecognized key: "nmae"',
      expect.stringMatching(/^relationships\[0\]\.source: expected a column/),
      expect.stringMatching(/^relationships\[0\]\.target: expected a column/),
    ]);
    expect(await faultsOf({}, 'a.csv', '')).toEqual([expect.stringContaining('at least one rule')]);
  });

  it('is asked for where a format needs one', async () => {
    const csv = writeInto(folder, 'lonely.csv', 'id\n1\n');
    await expect(readGraph([csv], { format: null, mapping: null, keepGoing: false })).rejects.toThrow(
      'csv needs a mapping file',
    );
  });

  it('takes columns called like parts of JavaScript objects for columns', async () => {
    const reading = await read({ nodes: { ...NODES, properties: '*' } }, 'a.csv', 'id,__proto__,constructor\n1,2,3\n');
    expect(JSON.stringify(reading.input.twins[0]?.properties)).toBe('{"__proto__":2,"constructor":3}');
  });
});
