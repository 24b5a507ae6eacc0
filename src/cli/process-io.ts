/** The process around a command, as it really is. */
import type { CommandIo } from './parts.ts';

/** Milliseconds of a stop, after which the process ends as it is: acknowledged telemetry is committed by then. */
const STOP_MS = 10_000;

/** @param stopMs default: 10 s */
export function createProcessIo(stopMs = STOP_MS): CommandIo {
  let broken: Error | null = null;
  process.stdout.on('error', (error) => {
    broken = error;
  });
  return {
    isTerminal: process.stderr.isTTY,
    err: (text) => void process.stderr.write(text),
    out: (text) =>
      new Promise((resolve, reject) => {
        if (broken) reject(broken);
        else process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    stopAsked: () =>
      new Promise((resolve) => {
        const stop = (): void => {
          // Asked again, the process ends at once, in the way that signals end processes.
          for (const signal of SIGNALS) process.off(signal, stop);
          setTimeout(() => {
            process.stderr.write(`not stopped within ${stopMs} ms: ended as it is\n`);
            process.exit(1);
          }, stopMs).unref();
          resolve();
        };
        for (const signal of SIGNALS) process.on(signal, stop);
      }),
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
