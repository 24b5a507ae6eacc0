import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { allTwins } from '../contract/store-under-test.ts';
import { bundle } from '../support/bundle.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KILLS = 20;
const { log } = createRecordingLog();
const program = await bundle(fileURLToPath(new URL('../support/crash-writer.ts', import.meta.url)));

describe('A graph on Grafeo', () => {
  const killed = temporaryFolder();
  const shared = temporaryFolder();

  const startWriter = (folder: string): ChildProcess =>
    spawn(process.execPath, [program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  /** Kills a writer once it has acknowledged so many commits; answers the last one that it acknowledged. */
  async function killAfter(folder: string, commits: number): Promise<number> {
    const child = startWriter(folder);
    const exited = once(child, 'exit');
    let last = 0;
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      last = Number(line);
      seen += 1;
      if (seen === commits) child.kill('SIGKILL');
    }
    await exited;
    return last;
  }

  it(`loses nothing that was acknowledged through ${KILLS} kills, and has no gap and no half of a commit`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await killAfter(killed, 1 + ((kill * 17) % 60));
      const store = await openGrafeoStore({ directory: killed, log });
      expect(await store.head()).toBeGreaterThanOrEqual(acknowledged);
      await expectWhole(store);
      await store.close();
    }
  }, 180_000);

  it('is refused to a second process, with the reason', async () => {
    const child = startWriter(shared);
    const exited = once(child, 'exit');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    await expect(openGrafeoStore({ directory: shared, log })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/another process has it open/) as string,
    });
    child.kill('SIGKILL');
    await exited;
    await (await openGrafeoStore({ directory: shared, log })).close();
  });
});

/** The graph holds what commits 1 to its head made of it, and nothing else. */
async function expectWhole(store: TwinStore): Promise<void> {
  const head = await store.head();
  const sequences = (await store.changesAfter(0, head + 10)).map((record) => record.sequence);
  expect(sequences).toEqual(Array.from({ length: head }, (_, i) => i + 1));
  const made = sequences.filter((n) => n % 10 === 0).map((n) => `made by ${n}`);
  const fifty = Array.from({ length: 50 }, (_, i) => `t${i}`);
  expect([...(await allTwins(store)).keys()].toSorted()).toEqual([...fifty, ...made].toSorted());
  const values = new Map(
    [...(await store.properties(fifty, ['n']))].map(([id, states]) => [id, states.get('n')?.value]),
  );
  expect(values).toEqual(new Map(fifty.map((id, i) => [id, sequences.findLast((n) => n % 50 === i)])));
}
