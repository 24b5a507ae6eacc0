/** A real Neo4j from the jars that scripts/fetch-neo4j.sh fetched, on a free port of this machine. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type JavaProcess, startJava, whyNoJava } from './java-process.ts';

export interface Neo4jProcess {
  readonly uri: string;
  /** Ends it at once; its data stay. */
  kill(): Promise<void>;
  /** Again, on the same port and data. */
  start(): Promise<void>;
  /** Ends it and throws its data away. */
  stop(): Promise<void>;
}

const VERSION = '5.26.30';
/** Enough for tests; LINCHPIN_NEO4J_HEAP gives more for large transactions. */
const HEAP = '1g';
const JARS = join(process.env['LINCHPIN_NEO4J_HOME'] ?? join(homedir(), '.cache', 'linchpin-neo4j'), `lib-${VERSION}`);

/** null: one can be started. */
export function whyNoNeo4j(): string | null {
  return existsSync(JARS) ? whyNoJava() : `no jars in ${JARS} (scripts/fetch-neo4j.sh fetches them)`;
}

/** Answers when it takes connections. */
export async function startNeo4j(): Promise<Neo4jProcess> {
  const home = mkdtempSync(join(tmpdir(), 'linchpin-neo4j-'));
  const config = join(home, 'conf');
  mkdirSync(config);
  const port = await freePort();
  writeFileSync(join(config, 'neo4j.conf'), settings(port));
  let java = await startServer(home, config).catch((error: unknown) => {
    rmSync(home, { recursive: true, force: true });
    throw error;
  });
  return {
    uri: `bolt://127.0.0.1:${port}`,
    kill: () => java.kill(),
    async start() {
      java = await startServer(home, config);
    },
    async stop() {
      await java.kill(); // Its data are thrown away: there is nothing to shut down in order.
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function startServer(home: string, config: string): Promise<JavaProcess> {
  const opens = ['java.base/java.nio', 'java.base/java.io', 'java.base/sun.nio.ch', 'java.base/java.lang'];
  return startJava(
    'Neo4j',
    [
      `-Xmx${process.env['LINCHPIN_NEO4J_HEAP'] ?? HEAP}`,
      ...opens.map((each) => `--add-opens=${each}=ALL-UNNAMED`),
      '-cp',
      join(JARS, '*'),
      'org.neo4j.server.CommunityEntryPoint',
      `--home-dir=${home}`,
      `--config-dir=${config}`,
      '--console-mode',
    ],
    (line) => line.endsWith('Started.'),
  );
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
