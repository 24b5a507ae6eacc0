/** A real broker for tests: Mosquitto on a free port of this machine, where it is installed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const PLACES = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];

/** null: not on this machine, the tests are skipped. */
export const mosquittoPath: string | null = PLACES.find((path) => existsSync(path)) ?? null;
if (mosquittoPath === null) console.warn(`Tests on Mosquitto are skipped: it is in none of ${PLACES.join(', ')}`);

export interface Mosquitto {
  readonly url: string;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** From here on it answers nobody, and its connections stay open. */
  freeze(): void;
  /** Starts it again on the same port; its sessions are kept where `persistence` is on. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `settings` are lines of its configuration. */
export async function startMosquitto(settings: readonly string[] = []): Promise<Mosquitto> {
  if (mosquittoPath === null) throw new Error('mosquitto is not installed');
  const path = mosquittoPath;
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-mosquitto-'));
  const port = await freePort();
  const configuration = join(folder, 'mosquitto.conf');
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'user root', `persistence_location ${folder}/`];
  writeFileSync(configuration, [...lines, ...settings, ''].join('\n'));
  let child = await startProcess(path, configuration, port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    freeze() {
      child.kill('SIGSTOP');
    },
    async restart() {
      await end('SIGTERM');
      child = await startProcess(path, configuration, port);
    },
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(path: string, configuration: string, port: number): Promise<ChildProcess> {
  const child = spawn(path, ['-c', configuration], { stdio: 'ignore' });
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
  }
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => setTimeout(resolve, 10, false));
  });
}
