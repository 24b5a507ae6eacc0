/** Wires the parts: settings choose the graph and the broker, the application stands between them and the API. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { makeKey } from './access/api-key.ts';
import { createAuthenticator } from './access/create-authenticator.ts';
import type { Application } from './application/application.ts';
import { inSlices } from './application/in-slices.ts';
import { rehearse } from './impact/rehearse.ts';
import { createApplication } from './application/create-application.ts';
import type { TwinStore } from './application/twin-store.ts';
import type { Parts, RunningServer } from './cli/parts.ts';
import { createProcessIo } from './cli/process-io.ts';
import { runCli } from './cli/run.ts';
import type { Settings } from './config.ts';
import { LinchpinError } from './domain/errors.ts';
import { LONGEST_TIMEOUT_MS, systemClock, systemTimers } from './domain/timers.ts';
import type { Authenticator } from './domain/principal.ts';
import type { Log } from './domain/log.ts';
import { importFiles } from './exchange/import-files.ts';
import { IMPORT_FORMATS } from './exchange/read-graph.ts';
import { writeNative } from './exchange/write-native.ts';
import { startGraphql } from './graphql/server.ts';
import { addHistoryMetrics } from './history/history-metrics.ts';
import { openHistory } from './history/open-history.ts';
import { simulatePlant } from './simulation/simulate-plant.ts';
import { hasGrafeo } from './store/grafeo-graph.ts';
import { openGrafeoStore, openNeo4jStore } from './store/open-store.ts';
import { startTelemetry, type Telemetry } from './telemetry/telemetry.ts';
import { startChangeNudge } from './telemetry/change-nudge.ts';
import { addTelemetryMetrics } from './telemetry/telemetry-metrics.ts';
import { watchHealth } from './watch-health.ts';

const packageFile = new URL('../package.json', import.meta.url);
const exampleFile = new URL('../examples/water-supply/plant.jsonl', import.meta.url);
/** Makes the simulated telemetry the same each time. */
const EXAMPLE_SEED = 1;

function openStore(settings: Settings, log: Log): Promise<TwinStore> {
  if (settings.neo4j) return openNeo4jStore({ ...settings.neo4j, log });
  return openGrafeoStore({ directory: settings.dataDir, log });
}

function openScratch(log: Log): Promise<TwinStore> {
  return openGrafeoStore({ directory: null, log });
}

function hasGraph(settings: Settings): boolean {
  return settings.neo4j !== null || hasGrafeo(settings.dataDir);
}

async function loadExample(application: Application, log: Log): Promise<void> {
  if (application.topology.twinCount > 0) {
    log.info({ twins: application.topology.twinCount }, 'the graph is not empty: the example plant is not loaded');
    return;
  }
  const { twins, relationships } = await importFiles(application, [fileURLToPath(exampleFile)], {
    format: 'native',
    mapping: null,
    keepGoing: false,
    dryRun: false,
    actor: 'example',
  });
  log.info({ twins, relationships }, 'loaded the example plant');
}

function readTelemetryConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `TELEMETRY_CONFIG: expected a file that can be read: ${(cause as Error).message}`;
    throw new LinchpinError('BAD_CONFIG', message, { at: 'TELEMETRY_CONFIG', cause });
  }
}

function startServerTelemetry(
  application: Application,
  authenticator: Authenticator | null,
  settings: Settings,
  log: Log,
): Promise<Telemetry> {
  const { host, mqttPort, mqttUrl, mqttTopicRoot: topicRoot, kafka } = settings;
  return startTelemetry({
    application,
    access: authenticator && {
      authenticator,
      sightOf(scope) {
        const { topology } = application.seenBy(scope);
        return (twin) => topology.twin(twin) !== undefined;
      },
    },
    settings: {
      host,
      mqttPort,
      topicRoot,
      ...(mqttUrl !== null && { mqttUrl }),
      ...(settings.mqttClientId !== null && { clientId: settings.mqttClientId }),
      ...(settings.mqttFilters !== null && { filters: settings.mqttFilters }),
      ...(settings.mqttSharedGroup !== null && { sharedGroup: settings.mqttSharedGroup }),
      ...(kafka !== null && { kafka }),
      ...(settings.telemetryConfig !== null && { telemetryConfig: readTelemetryConfig(settings.telemetryConfig) }),
    },
    clock: systemClock,
    timers: systemTimers,
    log,
  });
}

/** What-ifs become quick in the background, before somebody asks. The answer ends it. */
function startRehearsal(log: Log): () => void {
  const rehearsal = new AbortController();
  const { signal } = rehearsal;
  inSlices(rehearse(), { clock: systemClock, timers: systemTimers, signal }).catch((error: unknown) => {
    if (!signal.aborted) log.warn({ error }, 'what-ifs could not be rehearsed: the first of them are slow');
  });
  return () => rehearsal.abort();
}

/** Starts in order, and stops in the reverse one; what has started is stopped too when a later part cannot. */
async function startServer(
  settings: Settings,
  log: Log,
  options: { readonly example: boolean },
): Promise<RunningServer> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const authenticator = settings.access && createAuthenticator(settings.access, systemClock, log);
    const store = await openStore(settings, log);
    stops.push(() => store.close());
    const health = watchHealth(store, systemTimers, log);
    stops.push(() => health.stop());
    const history = await openHistory({ ...settings.history, clock: systemClock });
    stops.push(() => history.close());
    const running = createApplication({
      store,
      history: { store: history, retentionMs: settings.history.retentionMs },
      clock: systemClock,
      timers: systemTimers,
      log,
      isShared: settings.neo4j !== null,
    });
    await running.start();
    stops.push(() => running.stop());
    const { application } = running;
    if (options.example) await loadExample(application, log);
    const { neo4j, mqttUrl: url, mqttTopicRoot } = settings;
    if (neo4j !== null && url !== null)
      stops.push(
        startChangeNudge({
          url,
          topicRoot: mqttTopicRoot,
          application: { ...running, sequence: () => application.sequence() },
          timers: systemTimers,
          log,
        }),
      );

    const telemetry = await startServerTelemetry(application, authenticator, settings, log);
    const stopTelemetry = (): Promise<void> => telemetry.stop();
    stops.push(stopTelemetry);
    const registry = new Registry();
    if (settings.metrics) {
      collectDefaultMetrics({ register: registry });
      addTelemetryMetrics(registry, telemetry);
      addHistoryMetrics(registry, () => running.historyCounters());
    }
    let isStopping = false;
    // Its questions are not among the trusted ones.
    const hasGraphiql = !settings.production && settings.trustedDocuments === null;
    const api = await startGraphql({
      application,
      settings: {
        host: settings.host,
        port: settings.port,
        graphiql: hasGraphiql,
        hidesSchema: settings.production,
        trustedDocuments: settings.trustedDocuments,
      },
      log,
      telemetry,
      authenticator,
      readiness: () => [...(isStopping ? ['the server is stopping'] : []), ...health.reasons(), ...telemetry.reasons()],
      ...(settings.metrics && { metrics: registry }),
    });
    // Readiness goes first, then the intake; what the last batch changes is told before the sockets close.
    stops.splice(stops.indexOf(stopTelemetry), 0, () => api.stop());
    stops.push(() => {
      isStopping = true;
    });
    if (options.example) {
      const { mqttTopicRoot: topicRoot } = settings;
      const stopSimulation = simulatePlant({
        publish: (topic, payload) => telemetry.publish(topic, payload),
        clock: systemClock,
        timers: systemTimers,
        log,
        topicRoot,
        seed: EXAMPLE_SEED,
      });
      stops.push(stopSimulation);
    }
    stops.push(startRehearsal(log));
    return {
      addresses: {
        graphql: `${api.address}/graphql`,
        ...(hasGraphiql && { graphiql: `${api.address}/graphiql/` }),
        mqtt: telemetry.addresses.join(','),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const parts: Parts = {
  version: (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version,
  openStore,
  openScratch,
  hasGraph,
  startServer,
  makeKey,
  exchange: { importFormats: IMPORT_FORMATS, importFiles, writeNative },
};

/**
 * The whole program.
 * @param argv arguments behind the name of the program
 * @returns the exit code
 */
export async function runLinchpin(argv: readonly string[]): Promise<number> {
  // No timer of ours keeps the process alive: it would end in the midst of a command that waits for nothing else.
  const alive = setInterval(() => {}, LONGEST_TIMEOUT_MS);
  try {
    return await runCli(argv, createProcessIo(), parts);
  } finally {
    clearInterval(alive);
  }
}
