/** Commands that work straight in the store, with an application of their own over it. */
import type { Application } from '../application/application.ts';
import { createApplication } from '../application/create-application.ts';
import { readSettings, type Settings } from '../config.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import { systemClock, systemTimers } from '../domain/timers.ts';
import { createLog } from '../log.ts';
import type { CommandCall } from './command.ts';

/**
 * Opens the store, runs the work, and closes it again, whatever comes. Where there is no graph it refuses, makes
 * one, or works on an empty one in memory and says so, as `whereNone` has it.
 * @throws LinchpinError NOT_FOUND; STORE_UNAVAILABLE, where another process has the graph, with a way to go on
 */
export async function withApplication<T>(
  { settings: flags, io, parts }: CommandCall,
  work: (application: Application) => Promise<T>,
  { whereNone = 'refuse' }: { readonly whereNone?: 'refuse' | 'make' | 'work in memory' } = {},
): Promise<T> {
  const settings = readSettings(flags, io.environment);
  const isThere = parts.hasGraph(settings);
  if (!isThere && whereNone === 'refuse') throw noGraph(settings);
  const log = commandLog(settings, io);
  const isScratch = !isThere && whereNone === 'work in memory';
  if (isScratch) io.err(`there is no graph in ${settings.dataDir} yet: checked against an empty one\n`);
  const store = await (isScratch ? parts.openScratch(log) : parts.openStore(settings, log)).catch((error: unknown) => {
    throw withWayOut(error, settings);
  });
  try {
    const isShared = settings.neo4j !== null;
    const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared });
    await running.start();
    try {
      return await work(running.application);
    } finally {
      await running.stop();
    }
  } finally {
    await store.close();
  }
}

/** What a server tells of its course is of no use beside a command's own words. */
export function commandLog(settings: Settings, io: CommandCall['io']): Log {
  return createLog({
    level: settings.logLevel === 'info' ? 'warn' : settings.logLevel,
    secrets: settings.secrets,
    isTerminal: io.isTerminal,
    write: (line) => io.err(line),
  });
}

function noGraph({ dataDir }: Settings): LinchpinError {
  const ways = 'name the folder with DATA_DIR or --data-dir; linchpin import and linchpin serve make one';
  return new LinchpinError('NOT_FOUND', `there is no graph in ${dataDir}: ${ways}`, { received: dataDir });
}

/** The embedded graph is open to one process: most often to a server that can do the work itself. */
function withWayOut(error: unknown, settings: Settings): unknown {
  if (!(error instanceof LinchpinError) || error.code !== 'STORE_UNAVAILABLE' || settings.neo4j) return error;
  const url = `http://${settings.host}:${settings.port}/graphql`;
  const hint = `If a server is running on it, let that do the work: --url ${url}`;
  return new LinchpinError(error.code, `${error.message}\n${hint}`, { cause: error });
}
