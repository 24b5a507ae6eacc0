/** Commands as a user runs them, in this process: over real stores in folders of their own, and a real server. */
import { makeKey } from '../../src/access/api-key.ts';
import { createAuthenticator } from '../../src/access/create-authenticator.ts';
import { createApplication } from '../../src/application/create-application.ts';
import type { CommandIo, Parts } from '../../src/cli/parts.ts';
import { runCli } from '../../src/cli/run.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { importFiles } from '../../src/exchange/import-files.ts';
import { IMPORT_FORMATS } from '../../src/exchange/read-graph.ts';
import { writeNative } from '../../src/exchange/write-native.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { hasGrafeo } from '../../src/store/grafeo-graph.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';

const PARTS: Parts = {
  version: '0.0.0-test',
  openStore: (settings, log) => openGrafeoStore({ directory: settings.dataDir, log }),
  openScratch: (log) => openGrafeoStore({ directory: null, log }),
  hasGraph: (settings) => hasGrafeo(settings.dataDir),
  async startServer(settings, log) {
    const store = await openGrafeoStore({ directory: settings.dataDir, log });
    const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared: false });
    await running.start();
    const { host, port } = settings;
    const { application } = running;
    const server = await startGraphql({
      application,
      settings: { host, port, graphiql: false },
      log,
      authenticator: settings.access && createAuthenticator(settings.access, systemClock, log),
      readiness: () => [],
    });
    return {
      addresses: { graphql: `${server.address}/graphql` },
      async stop() {
        await server.stop();
        await running.stop();
        await store.close();
      },
    };
  },
  makeKey,
  exchange: { importFormats: IMPORT_FORMATS, importFiles, writeNative },
};

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function runCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const { io, result } = createIo(environment, Promise.resolve());
  const code = await runCli(argv, io, PARTS);
  return { code, ...result };
}

export interface ServeCommand {
  /** The line that it printed when it was ready. */
  readonly ready: string;
  readonly url: string;
  /** As a signal does. */
  stop(): Promise<CommandResult>;
}

/** `linchpin serve`, until it is stopped. */
export async function runServe(argv: readonly string[]): Promise<ServeCommand> {
  let signal: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    signal = resolve;
  });
  const { io, result, firstOut } = createIo({}, stopped);
  const ended = runCli(['serve', '--port', '0', '--log-level', 'warn', ...argv], io, PARTS);
  const ready = await Promise.race([
    firstOut,
    ended.then((code) => Promise.reject(new Error(`${code}: ${result.err}`))),
  ]);
  return {
    ready,
    url: /graphql=(\S+)/.exec(ready)?.[1] ?? '',
    async stop() {
      signal();
      return { code: await ended, ...result };
    },
  };
}

function createIo(environment: Readonly<Record<string, string>>, stopped: Promise<void>) {
  const result = { out: '', err: '' };
  let tellFirst: (text: string) => void = () => undefined;
  const firstOut = new Promise<string>((resolve) => {
    tellFirst = resolve;
  });
  const io: CommandIo = {
    environment,
    isTerminal: false,
    async out(text) {
      result.out += text;
      tellFirst(text);
    },
    err(text) {
      result.err += text;
    },
    stopAsked: () => stopped,
  };
  return { io, result, firstOut };
}
