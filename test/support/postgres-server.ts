/**
 * A real Postgres for tests: a cluster of its own on a free port of this machine, where the Debian package postgresql
 * is installed. It refuses to run as root, so a test that does runs it as the user `nobody`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';
const places = [
  ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []),
  '/usr/local/bin',
  '/opt/homebrew/bin',
];
/** Folder of the programs; null: not on this machine, the tests are skipped. */
export const postgresPath: string | null = places.find((path) => existsSync(join(path, 'initdb'))) ?? null;
if (postgresPath === null) console.warn(`Tests on Postgres are skipped: it is in none of ${places.join(', ')}`);

export interface Postgres {
  readonly url: string;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  if (postgresPath === null) throw new Error('postgres is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-postgres-'));
  const as = unprivileged();
  if (as) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  const options = ['--auth=trust', '--username=linchpin', '--encoding=UTF8', '--no-sync', '--no-instructions'];
  execFileSync(join(postgresPath, 'initdb'), [...options, '-D', data], { ...as, stdio: 'ignore', cwd: folder });
  const port = await freePort();
  const url = `postgres://linchpin@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<ChildProcess> => {
    // A process that is killed loses nothing without fsync; only a machine would.
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off'];
    const child = spawn(join(postgresPath, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
      ...as,
      stdio: 'ignore',
      cwd: folder,
    });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    while (!(await answers(url))) if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
    return child;
  };
  let child = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    url,
    // SIGQUIT is its way to stop at once and leave recovery to the next start, with all its processes.
    kill: () => end('SIGQUIT'),
    async restart() {
      child = await start();
    },
    async stop() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ids of the user `nobody` where this process is root. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (option: string): number => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return new Promise((resolve) => setTimeout(resolve, 50, false));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
