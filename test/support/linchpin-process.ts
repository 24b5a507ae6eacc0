/** `linchpin` as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('./run-typescript.js', import.meta.url));
const MAIN = fileURLToPath(new URL('./run-main.ts', import.meta.url));

export interface LinchpinProcess {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The first line on stdout; rejected when the process ends without one. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** From its sources. */
export function startLinchpin(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): LinchpinProcess {
  return startProcess([RUNNER, MAIN, ...argv], environment);
}

/** @param argv begins with the program's file */
export function startProcess(argv: readonly string[], environment: Readonly<Record<string, string>>): LinchpinProcess {
  const child = spawn(process.execPath, [...argv], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(out.slice(0, end));
    });
    void ended.then(() => reject(new Error(`it ended without a line:\n${err}`)));
  });
  firstLine.catch(() => undefined);
  return { child, out: () => out, err: () => err, firstLine, ended };
}
