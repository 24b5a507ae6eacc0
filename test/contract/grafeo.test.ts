import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import type { EngineUnderTest } from './store-under-test.ts';
import { describeTwinStore } from './twin-store.ts';

/** Each open has a folder of its own. */
function grafeo(): EngineUnderTest {
  const { log } = createRecordingLog();
  let directory: string | undefined;
  let store: TwinStore | undefined;
  const close = async (): Promise<void> => {
    await store?.close();
    store = undefined;
  };
  const engine: EngineUnderTest = {
    async open() {
      await engine.close();
      directory = mkdtempSync(join(tmpdir(), 'linchpin-grafeo-'));
      return engine.reopen();
    },
    async reopen() {
      await close();
      store = await openGrafeoStore({ directory: directory as string, log });
      return store;
    },
    async close() {
      await close();
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
  return engine;
}

describeTwinStore('Grafeo', grafeo());
