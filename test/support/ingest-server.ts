/** The process of ingest-process.ts, as a test sees it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Progress } from './ingest-process.ts';

export interface IngestServer {
  readonly progress: Progress;
  /** Answers when the counters are as wanted. */
  until(wanted: (progress: Progress) => boolean): Promise<void>;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export function startIngestServer(directory: string, url: string, twins: number): IngestServer {
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(
    process.execPath,
    [file('run-typescript.js'), file('ingest-process.ts'), directory, url, `${twins}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let progress: Progress = {
    received: 0,
    acknowledged: 0,
    committed: 0,
    redelivered: 0,
    stale: 0,
    disconnected: 0,
    isStandingBy: false,
    mark: 0,
  };
  let look = (): void => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    progress = JSON.parse(line) as Progress;
    look();
  });
  return {
    get progress() {
      return progress;
    },
    until: (wanted) =>
      new Promise((resolve, reject) => {
        look = () => wanted(progress) && resolve();
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
        look();
      }),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}
