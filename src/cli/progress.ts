/** A bar on a terminal; nothing elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { CommandIo } from './parts.ts';

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

export function createProgress(what: string, io: CommandIo): Progress {
  if (!io.isTerminal) return { update() {}, end() {} };
  // Cursor and line wrap stay as they are: whoever ends the command with Ctrl-C has the terminal as it was.
  const options = { format: `${what} {bar} {percentage}%`, hideCursor: false, linewrap: true };
  const bar = new SingleBar(options, Presets.shades_classic);
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
