/** A server in Java, for tests; ends with the process that started it. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface JavaProcess {
  /** Ends it at once. */
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 110_000;

/** null: there is a Java that runs these servers. */
export function whyNoJava(): string | null {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = /version "(\d+)/.exec(java.stderr ?? '')?.[1];
  return Number(major) >= 17 ? null : `no Java 17 (${major === undefined ? 'no java at all' : `java ${major}`})`;
}

/** Answers when a line on stdout says that it is ready, or at once where none is looked for. */
export async function startJava(
  name: string,
  argv: readonly string[],
  isReady: ((line: string) => boolean) | null,
): Promise<JavaProcess> {
  const child = spawn('java', argv, { stdio: ['ignore', 'pipe', isReady === null ? 'ignore' : 'inherit'] });
  // Also when this process ends without stopping it.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const kill = async (): Promise<void> => {
    process.off('exit', end);
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  };
  const lines: string[] = [];
  if (isReady === null) {
    child.stdout?.resume();
    return { kill };
  }
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${name} did not start: ${why}\n${lines.join('\n')}`));
      const timer = setTimeout(() => fail(`not ready after ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code) => fail(`it ended with ${code}`));
      if (child.stdout)
        createInterface({ input: child.stdout }).on('line', (line) => {
          if (lines.push(line) > 1_000) lines.shift();
          if (!isReady(line)) return;
          clearTimeout(timer);
          resolve();
        });
    });
  } catch (error) {
    await kill();
    throw error;
  }
  return { kill };
}
