/** A bar on a terminal; nothing elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { CommandIo } from './parts.ts';

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

export function createProgress(what: string, io: CommandIo): Progress {
  if (!io.isTerminal) return { update() {}, end() {} };
  const bar = new SingleBar({ format: `${what} {bar} {percentage}%`, hideCursor: true }, Presets.shades_classic);
  let isStarted = false;
  return {
    update(done, total) {
      if (!isStarted) bar.start(total, done);
      else bar.update(done);
      isStarted = true;
    },
    end() {
      if (isStarted) bar.stop();
    },
  };
}
