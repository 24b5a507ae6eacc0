import { afterAll, describe, expect, it } from 'vitest';
import type { Application } from '../../src/application/application.ts';
import { exportItems } from '../../src/application/export-items.ts';
import { InputFaults } from '../../src/domain/errors.ts';
import { importGraph } from '../../src/exchange/import-graph.ts';
import { readGraph } from '../../src/exchange/read-graph.ts';
import { writeNative } from '../../src/exchange/write-native.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const opened: TestApplication[] = [];
afterAll(() => Promise.all(opened.map((one) => one.close())));

async function open(): Promise<Application> {
  const test = await openApplication();
  opened.push(test);
  return test.application;
}

let count = 0;
async function bringIn(
  application: Application,
  text: string,
  options: { keepGoing?: boolean; dryRun?: boolean } = {},
) {
  const file = writeInto(folder, `in-${++count}.jsonl`, text);
  const keepGoing = options.keepGoing ?? false;
  const reading = await readGraph([file], { format: null, mapping: null, keepGoing });
  return importGraph(application, reading, { actor: 'test', dryRun: options.dryRun ?? false, keepGoing });
}

async function takeOut(application: Application): Promise<string> {
  let text = '';
  for await (const piece of writeNative(exportItems(application))) text += piece;
  return text;
}

const ODD_ID = `Robert'); DROP (n) "/\\ ${'语'.repeat(50)}`;
const PLANT = [
  {
    relationship: {
      type: 'FEEDS',
      source: ODD_ID,
      target: 'P-1',
      medium: 'power',
      group: 'supply',
      share: 2,
      standbyDelay: 'PT2M',
    },
  },
  {
    twin: {
      id: 'P-1',
      kind: 'ASSET',
      name: 'Pump',
      model: 'SmallPump',
      properties: { temperature: 20.5, label: 'a', list: [1, 2] },
    },
  },
  { model: { id: 'SmallPump', kind: 'ASSET', name: 'Small', extends: ['Pump'] } },
  {
    model: {
      id: 'Pump',
      kind: 'ASSET',
      name: 'Pump',
      properties: [
        {
          name: 'temperature',
          schema: 'double',
          unit: 'degC',
          writable: true,
          limits: [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN' }],
        },
      ],
      relationshipTypes: [{ name: 'COOLED_BY', impact: 'TARGET_TO_SOURCE', mode: 'SUPPLY' }],
    },
  },
  {
    twin: {
      id: ODD_ID,
      kind: 'SYSTEM',
      description: 'two\nlines',
      tags: ['a b', 'ü'],
      criticality: 2.5,
      health: 'DEGRADED',
      closed: false,
      conduction: [{ medium: 'power', role: 'SOURCE' }, { role: 'CONSUMER' }],
    },
  },
  {
    twin: {
      id: 'cooling',
      kind: 'PROCESS',
      desired: { setpoint: 4 },
      requirements: [
        { group: 'pumps', mode: 'SUSTAIN', min: 1, full: 2, soft: true, holdUp: 'PT15M', stateOfCharge: 0.4 },
        { group: 'all' },
      ],
      properties: { constructor: 'x', id: 'y', deep: { a: [{ b: null }] } },
    },
  },
  {
    relationship: {
      id: 'tie',
      type: 'CONNECTED_TO',
      source: 'P-1',
      target: 'cooling',
      closed: false,
      oneWay: true,
      properties: { length: 5 },
    },
  },
  { relationship: { type: 'COOLED_BY', source: 'P-1', target: 'cooling' } },
]
  .map((line) => JSON.stringify(line))
  .join('\n');

describe('export', () => {
  it('imported into an empty graph gives the same graph: exported again it is the same text', async () => {
    const first = await open();
    expect(await bringIn(first, PLANT)).toMatchObject({ models: 2, twins: 3, relationships: 3, faults: [] });
    const text = await takeOut(first);
    expect(text.trim().split('\n')).toHaveLength(8);

    const second = await open();
    await bringIn(second, text);
    expect(await takeOut(second)).toBe(text);
    expect(second.topology.twin(ODD_ID)).toMatchObject({ criticality: 2.5, closed: false, reportedHealth: 'DEGRADED' });
    expect(second.topology.twin('cooling')?.requirements).toEqual(first.topology.twin('cooling')?.requirements);
    expect(second.status('cooling')).toMatchObject({ state: first.status('cooling').state });
  });

  it('imported again over itself changes nothing', async () => {
    const application = await open();
    await bringIn(application, PLANT);
    const text = await takeOut(application);
    const before = application.sequence();
    await bringIn(application, text);
    expect(application.sequence()).toBe(before);
  });
});

const FAULTY = [
  '{"twin":{"id":"a","kind":"ASSET"}}',
  '{"twin":{"id":"b","kind":"THING"}}',
  '{"relationship":{"type":"FEEDS","source":"a","target":"b"}}',
  '{"relationship":{"type":"FEEDS","source":"a","target":"nobody"}}',
  '{"twin":{"id":"c","kind":"ASSET"}}',
  '{"relationship":{"type":"FEEDS","source":"a","target":"c"}}',
].join('\n');

describe('import', () => {
  it('brings in all or nothing, and tells what is wrong by line', async () => {
    const application = await open();
    const error: unknown = await bringIn(application, FAULTY).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputFaults);
    const messages = (error as InputFaults).faults.map((fault) =>
      fault.message.slice(fault.message.indexOf('.jsonl') + 6),
    );
    expect(messages).toContain(':2: kind: expected one of ASSET, PROCESS, SYSTEM, got "THING"');
    expect(messages).toContain(':4: target: expected the id of a twin, got "nobody"');
    expect(application.topology.twinCount).toBe(0);
  });

  it('told to keep going leaves out what is wrong and what needs it, and says what', async () => {
    const application = await open();
    const outcome = await bringIn(application, `${FAULTY}\nnot json`, { keepGoing: true });
    expect(outcome).toMatchObject({ twins: 2, relationships: 1 });
    const lines = outcome.faults.map((fault) => fault.at.slice(fault.at.lastIndexOf(':') + 1));
    expect(new Set(lines)).toEqual(new Set(['7', '2', '3', '4']));
    expect(application.topology.relationshipCount).toBe(1);
  });

  it('as a dry run checks everything and writes nothing', async () => {
    const application = await open();
    expect(await bringIn(application, PLANT, { dryRun: true })).toMatchObject({ twins: 3 });
    expect(application.topology.twinCount).toBe(0);
    await expect(bringIn(application, FAULTY, { dryRun: true })).rejects.toThrow('kind: expected one of');
  });
});
