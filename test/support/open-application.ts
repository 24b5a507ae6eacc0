import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application } from '../../src/application/application.ts';
import { createApplication } from '../../src/application/create-application.ts';
import type { HistoryCounters } from '../../src/application/history-recorder.ts';
import type { HistoryStore } from '../../src/application/history-store.ts';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { RingHistory } from '../../src/history/ring-history.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { ManualTime } from './manual-time.ts';
import { createRecordingLog, type LogLine } from './recording-log.ts';

export interface TestApplication {
  readonly application: Application;
  readonly time: ManualTime;
  readonly store: TwinStore;
  readonly history: HistoryStore;
  readonly lines: readonly LogLine[];
  readonly directory: string;
  counters(): HistoryCounters | null;
  /** Stops it and starts another on the same graph. */
  restart(): Promise<TestApplication>;
  close(): Promise<void>;
}

/** The application on an embedded graph of its own, with a clock that stands still. */
export async function openApplication(
  directory = mkdtempSync(join(tmpdir(), 'linchpin-test-')),
  time = new ManualTime(),
  history: HistoryStore = new RingHistory({ values: 10_000, valuesPerProperty: 1_000, startedAt: time.now }),
): Promise<TestApplication> {
  const { log, lines } = createRecordingLog();
  const store = await openGrafeoStore({ directory, clock: time.clock, log });
  const running = createApplication({
    store,
    clock: time.clock,
    timers: time.timers,
    log,
    isShared: false,
    history: { store: history, retentionMs: 86_400_000 },
  });
  await running.start();
  const stop = async (): Promise<void> => {
    await running.stop();
    await store.close();
  };
  return {
    application: running.application,
    time,
    store,
    history,
    lines,
    counters: () => running.historyCounters(),
    directory,
    async restart() {
      await stop();
      return openApplication(directory, time, history);
    },
    async close() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
