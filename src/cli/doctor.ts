/** `linchpin doctor`: looks whether everything that a server needs is there. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { arch, platform, release } from 'node:os';
import { dirname, resolve as toAbsolute } from 'node:path';
import { readSettings, type Settings } from '../config.ts';
import { type Command, type CommandCall, DONE, FAILED, textOption, tokenOf } from './command.ts';
import { countOf } from './count-of.ts';
import { createAsk } from './graphql-client.ts';
import { toTable } from './table.ts';
import { commandLog } from './with-application.ts';

interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  readonly detail: string;
}

/** Milliseconds for a broker to take a connection. */
const CONNECT_MS = 5_000;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look whether everything needed is there',
  help: `Usage: linchpin doctor [--json] [--url URL [--token TOKEN]]

Looks at versions, settings, the graph, the broker and the ports, and says what is wrong. Ends with 1 when anything is.

  --json         JSON lines instead of a table
  --url URL      looks at a running server instead
  --token TOKEN  a token or API key for that server; better in AUTH_TOKEN, where nobody else sees it
`,
  options: { json: { type: 'boolean' }, url: { type: 'string' }, token: { type: 'string' } },
  takes: '',
  async run(call) {
    const { io } = call;
    const url = textOption(call, 'url');
    const findings = [
      versions(call),
      ...(url === null ? await examineHere(call) : [await examineServer(url, tokenOf(call))]),
    ];
    if (call.values['json'] === true) {
      await io.out(findings.map((finding) => `${JSON.stringify(finding)}\n`).join(''));
    } else {
      const rows = findings.map(({ what, isGood, detail }) => [what, isGood ? 'ok' : 'NOT OK', detail]);
      await io.out(toTable(['WHAT', '', 'DETAIL'], rows));
    }
    return findings.every((finding) => finding.isGood) ? DONE : FAILED;
  },
};

function versions({ parts }: CommandCall): Finding {
  // Too old a Node does not come here.
  const detail = `linchpin ${parts.version}, Node ${process.versions.node}, ${platform()} ${release()} ${arch()}`;
  return { what: 'versions', isGood: true, detail };
}

async function examineHere(call: CommandCall): Promise<Finding[]> {
  const settings = readSettings(call.settings, call.io.environment);
  const wellFormed = { what: 'settings', isGood: true, detail: 'well formed' };
  // A server that runs on these settings has the graph and the ports, so it is what there is to look at.
  if (await isAlive(settings)) {
    return [wellFormed, await examineServer(`http://${settings.host}:${settings.port}/graphql`, tokenOf(call))];
  }
  return [
    wellFormed,
    await examineGraph(call, settings),
    settings.mqttUrl === null
      ? await examinePort('broker', settings.host, settings.mqttPort, 'MQTT_PORT')
      : await examineBroker(settings.mqttUrl),
    await examinePort('API', settings.host, settings.port, 'PORT'),
  ];
}

/** Milliseconds for a server on this machine to say that it lives. */
const ALIVE_MS = 2_000;

/** Whether a server of ours listens where one would by these settings. */
async function isAlive({ host, port }: Settings): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host}:${port}/livez`, { signal: AbortSignal.timeout(ALIVE_MS) });
    return ((await answer.json()) as { alive?: unknown }).alive === true;
  } catch {
    return false; // Whoever has the port, it is not a server of ours.
  }
}

/** Opening a store prepares its constraints and indexes, so an open one has them. */
async function examineGraph({ parts, io }: CommandCall, settings: Settings): Promise<Finding> {
  const where = settings.neo4j ? `Neo4j at ${settings.neo4j.uri}` : `embedded, in ${settings.dataDir}`;
  if (!parts.hasGraph(settings)) {
    const obstacle = obstacleTo(settings.dataDir);
    const outlook = obstacle === null ? 'the first start makes it' : `and cannot be made: ${obstacle}`;
    return { what: 'graph', isGood: obstacle === null, detail: `${where}; not there yet, ${outlook}` };
  }
  try {
    const store = await parts.openStore(settings, commandLog(settings, io));
    try {
      await store.ping();
      const [head, models] = [await store.head(), await store.models()];
      const detail = `${where}; constraints and indexes are there; ${countOf(models.length, 'model')}, ${countOf(head, 'change')} so far`;
      return { what: 'graph', isGood: true, detail };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { what: 'graph', isGood: false, detail: `${where}; ${reasonOf(error)}` };
  }
}

/** What keeps a folder from being made; null: nothing. */
function obstacleTo(folder: string): string | null {
  let nearest = toAbsolute(folder);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) return `${nearest} is not a folder`;
  try {
    accessSync(nearest, constants.W_OK);
    return null;
  } catch {
    return `${nearest} cannot be written`;
  }
}

function examinePort(what: string, host: string, port: number, setting: string): Promise<Finding> {
  const where = `${host}:${port}`;
  if (port === 0) return Promise.resolve({ what, isGood: true, detail: `${host}, any free port` });
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve({ what, isGood: false, detail: `${where} cannot be listened on: ${error.message}; see ${setting}` });
    });
    server.listen(port, host, () => {
      server.close(() => resolve({ what, isGood: true, detail: `${where} is free` }));
    });
  });
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };

function examineBroker(mqttUrl: string): Promise<Finding> {
  const { protocol, hostname, port } = new URL(mqttUrl);
  const where = `${protocol}//${hostname}:${port || DEFAULT_PORTS[protocol]}`;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (DEFAULT_PORTS[protocol] ?? 1883) });
    const end = (isGood: boolean, detail: string): void => {
      socket.destroy();
      resolve({ what: 'broker', isGood, detail: `${where} ${detail}` });
    };
    socket.setTimeout(CONNECT_MS, () => end(false, `takes no connection within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error) => end(false, `takes no connection: ${error.message}`));
    socket.once('connect', () => end(true, 'takes connections'));
  });
}

async function examineServer(url: string, token: string | null): Promise<Finding> {
  try {
    const { twins } = await createAsk(
      url,
      token,
    )<{ twins: { totalCount: number } }>('{ twins(first: 0) { totalCount } }');
    return { what: 'server', isGood: true, detail: `${url} answers; ${countOf(twins.totalCount, 'twin')}` };
  } catch (error) {
    return { what: 'server', isGood: false, detail: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
