import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGrafeo } from '../../src/store/grafeo-graph.ts';
import type { GraphPort } from '../../src/store/graph-port.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { describeSchema } from '../contract/schema.ts';
import { describeTransactions } from '../contract/transactions.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const { log } = createRecordingLog();
let count = 0;
const newDirectory = (): string => join(folder, `graph-${(count += 1)}`);

describe('Grafeo', () => {
  const withPort = async (work: (port: GraphPort) => Promise<void>): Promise<void> => {
    const port = openGrafeo({ directory: newDirectory(), log });
    await work(port);
    await port.close();
  };
  describeSchema(withPort);
  describeTransactions(withPort);

  it('makes the folder that it is given, however deep', async () => {
    const directory = join(newDirectory(), 'a', 'b');
    await (await openGrafeoStore({ directory, log })).close();
    await (await openGrafeoStore({ directory, log })).close();
  });

  it('refuses a file that is not a graph, and says which', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    const path = writeInto(directory, 'graph.grafeo', 'not a graph'.repeat(1_000));
    await expect(openGrafeoStore({ directory, log })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(path) as string,
    });
  });

  it('refuses a folder that is a file', async () => {
    const directory = newDirectory();
    writeFileSync(directory, '');
    await expect(openGrafeoStore({ directory, log })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('runs a transaction again that lost a race', async () => {
    const port = openGrafeo({ directory: newDirectory(), log });
    await port.define('CREATE (:Thing {n: 0})');
    const [one, other] = [port.begin(), port.begin()];
    await one.run('MATCH (t:Thing) SET t.n = 1', {});
    const failure = await other.run('MATCH (t:Thing) SET t.n = 2', {}).catch((error: unknown) => error);
    expect(port.mayRunAgain(failure)).toBe(true);
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await other.rollback();
    await one.commit();
    const syntax = await port.read('MATCH', {}).catch((error: unknown) => error);
    expect(port.mayRunAgain(syntax)).toBe(false);
    expect(syntax).toMatchObject({ code: 'INTERNAL' });
    await port.close();
  });

  it('answers whole numbers beyond 2^53 as numbers', async () => {
    const port = openGrafeo({ directory: newDirectory(), log });
    await port.define('CREATE (:Thing {n: 9223372036854775807})');
    expect(await port.read('MATCH (t:Thing) RETURN t.n, [t.n] AS list', {})).toEqual([[2 ** 63, [2 ** 63]]]);
    await port.close();
  });
});
