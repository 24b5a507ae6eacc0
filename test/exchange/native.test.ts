import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputFaults, LinchpinError } from '../../src/domain/errors.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { type ReadOptions, readGraph } from '../../src/exchange/read-graph.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;

function file(content: string | Uint8Array, extension = '.jsonl'): string {
  return writeInto(folder, `plant-${++count}${extension}`, content);
}

function read(files: readonly string[], options: Partial<ReadOptions> = {}) {
  return readGraph(files, { format: null, mapping: null, keepGoing: false, ...options });
}

async function faultsOf(files: readonly string[]): Promise<string[]> {
  const error: unknown = await read(files).catch((thrown: unknown) => thrown);
  if (error instanceof InputFaults) return error.faults.map((fault) => fault.message);
  if (error instanceof LinchpinError) return [error.message];
  throw new Error('nothing was wrong');
}

const P1 = { id: 'P-1', kind: 'ASSET' };
const FEEDS = { type: 'FEEDS', source: 'P-1', target: 'P-2' };

describe('the native format', () => {
  it('is read in any order, over several files', async () => {
    const first = file(`${JSON.stringify({ relationship: FEEDS })}\n\n  ${JSON.stringify({ twin: P1 })}  \r\n`);
    const second = file(
      `${JSON.stringify({ model: { id: 'Pump' } })}\n${JSON.stringify({ twin: { ...P1, id: 'P-2' } })}`,
    );
    const reading = await read([first, second]);
    expect(reading.input).toEqual({
      models: [{ id: 'Pump' }],
      twins: [P1, { ...P1, id: 'P-2' }],
      relationships: [FEEDS],
    });
    expect(reading.counts).toEqual({ models: 1, twins: 2, relationships: 1 });
  });

  it('tells every fault with file, line and reason', async () => {
    const path = file('{"twin":{}}\nnot json\n[1]\n{"twin":{},"model":{}}\n\n{"thing":{}}\n{"model":5}\n{}');
    expect(await faultsOf([path])).toEqual([
      expect.stringMatching(/:2: not JSON: /),
      `${path}:3: expected a JSON object, got [1]`,
      `${path}:4: expected one key, which is model, twin or relationship, got "twin", "model"`,
      `${path}:6: expected one key, which is model, twin or relationship, got "thing"`,
      `${path}:7: model: expected an object, got 5`,
      `${path}:8: expected one key, which is model, twin or relationship, got none`,
    ]);
  });

  it('reads on past faults when told to keep going', async () => {
    const reading = await read([file(`no\n${JSON.stringify({ twin: P1 })}`)], { keepGoing: true });
    expect(reading.input.twins).toEqual([P1]);
    expect(reading.faults.list).toHaveLength(1);
  });

  it('tells a fault that is found later by the line that it came from', async () => {
    const first = file(`${JSON.stringify({ twin: P1 })}\n`);
    const second = file(`\n\n${JSON.stringify({ twin: { id: 'x' } })}\n${JSON.stringify({ relationship: FEEDS })}`);
    const reading = await read([first, second]);
    expect(reading.locate({ at: 'twins[1].kind', message: 'twins[1].kind: expected a kind, got nothing' })).toEqual({
      at: `${second}:3`,
      message: `${second}:3: kind: expected a kind, got nothing`,
    });
    expect(reading.locate({ at: 'relationships[0]', message: 'relationships[0]: is given twice' }).message).toBe(
      `${second}:4: is given twice`,
    );
    expect(reading.locate({ at: 'somewhere', message: 'somewhere: else' }).message).toBe('somewhere: else');
  });

  it('reads gzipped files, a byte order mark, and characters that two chunks share', async () => {
    const name = 'ä'.repeat(700_000);
    const text = `\uFEFF${JSON.stringify({ twin: { ...P1, name } })}\n`;
    for (const path of [file(text), file(gzipSync(text), '.jsonl.gz')]) {
      expect((await read([path])).input.twins[0]?.name).toBe(name);
    }
  });

  it('refuses what is no text, what is not there, and what has no known name', async () => {
    const bytes = file(Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]));
    expect(await faultsOf([bytes])).toEqual([`${bytes} cannot be read: it is not UTF-8 text`]);
    expect(await faultsOf([`${folder}/nothing.jsonl`])).toEqual([`there is no file ${folder}/nothing.jsonl`]);
    expect(await faultsOf([file('x', '.gz')])).toEqual([expect.stringContaining('its name does not tell its format')]);
    expect((await faultsOf([file('no gzip', '.jsonl.gz')])).join()).toContain('cannot be read');
  });

  it('refuses a line that would fill the memory', async () => {
    const path = file(`{"twin":{}}\n${'x'.repeat(LIMITS.importLineLength + 1)}`);
    expect(await faultsOf([path])).toEqual([
      `${path}:2: expected a line of at most ${LIMITS.importLineLength} characters`,
    ]);
  });

  it('refuses a number that would lose digits, outside of texts', async () => {
    const line = (value: string): string => `{"twin":{"id":"x","kind":"ASSET","properties":{"n":${value}}}}`;
    const lost = file([line('9007199254740993'), line('-18014398509481985'), line('[1,12345678901234567]')].join('\n'));
    expect(await faultsOf([lost])).toEqual([
      expect.stringContaining(':1: the number 9007199254740993 has more digits than can be kept'),
      expect.stringContaining(':2: the number -18014398509481985'),
      expect.stringContaining(':3: the number 12345678901234567'),
    ]);
    const kept = ['9007199254740992', '1e300', '0.1234567890123456789', '"9007199254740993"', '"\\"12345678901234567"'];
    expect((await read([file(kept.map(line).join('\n'))])).counts.twins).toBe(kept.length);
  });

  it('takes names of JavaScript objects for names like any other', async () => {
    const path = file(
      '{"twin":{"id":"__proto__","kind":"ASSET","properties":{"__proto__":1,"constructor":2}}}\n{"__proto__":{}}',
    );
    const reading = await read([path], { keepGoing: true });
    expect(JSON.stringify(reading.input.twins[0]?.properties)).toBe('{"__proto__":1,"constructor":2}');
    expect(reading.faults.list).toHaveLength(1);
  });
});
