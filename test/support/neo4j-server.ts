/**
 * A real Neo4j for a whole run of Vitest (globalSetup of the project `neo4j`).
 * NEO4J_URI (with NEO4J_USERNAME, NEO4J_PASSWORD) names a running one, whose data the tests delete;
 * else one is started from the jars that scripts/fetch-neo4j.sh fetched; else the tests are skipped, and a line says why.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

export interface Neo4jAddress {
  readonly uri: string;
  readonly username: string;
  readonly password: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** null: there is none, the tests are skipped. */
    neo4j: Neo4jAddress | null;
  }
}

const VERSION = '5.26.30';
/** Enough for tests; LINCHPIN_NEO4J_HEAP gives more for large transactions. */
const HEAP = '1g';
const START_TIMEOUT_MS = 110_000;

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { NEO4J_URI: uri, NEO4J_USERNAME: username = 'neo4j', NEO4J_PASSWORD: password = '' } = process.env;
  if (uri) {
    project.provide('neo4j', { uri, username, password });
    return undefined;
  }
  const jars = join(
    process.env['LINCHPIN_NEO4J_HOME'] ?? join(homedir(), '.cache', 'linchpin-neo4j'),
    `lib-${VERSION}`,
  );
  const missing = whatIsMissing(jars);
  if (missing !== null) {
    console.warn(`Tests on Neo4j are skipped: ${missing}`);
    project.provide('neo4j', null);
    return undefined;
  }
  const server = await startNeo4j(jars);
  project.provide('neo4j', { uri: server.uri, username: 'neo4j', password: 'none' });
  return server.stop;
}

function whatIsMissing(jars: string): string | null {
  if (!existsSync(jars)) return `no NEO4J_URI, and no jars in ${jars} (scripts/fetch-neo4j.sh fetches them)`;
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = /version "(\d+)/.exec(java.stderr ?? '')?.[1];
  return Number(major) >= 17
    ? null
    : `no NEO4J_URI, and no Java 17 (${major === undefined ? 'no java at all' : `java ${major}`})`;
}

async function startNeo4j(jars: string): Promise<{ uri: string; stop: () => Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'linchpin-neo4j-'));
  const config = join(home, 'conf');
  mkdirSync(config);
  const port = await freePort();
  writeFileSync(join(config, 'neo4j.conf'), settings(port));
  const opens = ['java.base/java.nio', 'java.base/java.io', 'java.base/sun.nio.ch', 'java.base/java.lang'];
  const child = spawn(
    'java',
    [
      `-Xmx${process.env['LINCHPIN_NEO4J_HEAP'] ?? HEAP}`,
      ...opens.map((each) => `--add-opens=${each}=ALL-UNNAMED`),
      '-cp',
      join(jars, '*'),
      'org.neo4j.server.CommunityEntryPoint',
      `--home-dir=${home}`,
      `--config-dir=${config}`,
      '--console-mode',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  // Also when this process ends without stopping it.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    await ended(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await started(child);
    return { uri: `bolt://127.0.0.1:${port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const settings = (port: number): string => `
server.bolt.listen_address=127.0.0.1:${port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=256m
db.tx_log.rotation.retention_policy=false
`;

/** The server cannot tell which port it took when it is given 0. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function started(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`Neo4j did not start: ${why}\n${lines.join('\n')}`));
    const timer = setTimeout(() => fail(`not ready after ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with ${code}`));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (!line.endsWith('Started.')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL'); // Its data are thrown away: there is nothing to shut down in order.
  });
}
