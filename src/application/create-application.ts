/** Puts the verbs together over one store and one memory. */
import { badInput } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Log } from '../domain/log.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { adoptTwin } from './adopt-twin.ts';
import { createAnalyses } from './analyses.ts';
import { AnalysisRunner } from './analysis-runner.ts';
import type { Application } from './application.ts';
import { deleteRelationship, deleteTwin, patchTwin, setDesired, setMaintenance } from './change-twin.ts';
import { auditLog } from './audit-log.ts';
import { ClockWatch } from './watch-clock.ts';
import { ChangeFollower } from './follow-changes.ts';
import { noteSources, removeReported, takeDesired } from './follow-source.ts';
import { type HistoryCounters, HistoryRecorder } from './history-recorder.ts';
import type { HistoryStore } from './history-store.ts';
import { Hub } from './hub.ts';
import { ingestTelemetry, keepHistory, reportConnectivity } from './ingest-telemetry.ts';
import { Memory } from './memory.ts';
import { Quarantine } from './quarantine.ts';
import type { PropertySource } from './past-properties.ts';
import { Pasts } from './pasts.ts';
import { createHistoryReading } from './read-history.ts';
import { createReading } from './read-twins.ts';
import { Replays } from './replays.ts';
import { report } from './report.ts';
import { instantOf, refuseInstant, watchImpact } from './run-scenario.ts';
import { createSeenApplication } from './seen-application.ts';
import type { TwinStore } from './twin-store.ts';
import { Unreported } from './unreported.ts';
import { importGraph, upsertModels, upsertRelationships, upsertTwins } from './upsert.ts';
import { watchStates, watchTopology, watchTwins } from './watch.ts';

export interface ApplicationParts {
  readonly store: TwinStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Other servers may write the same graph: follow what they commit. */
  readonly isShared: boolean;
  /** Where past values are kept, and for how many milliseconds; absent: nowhere. The store is the caller's to close. */
  readonly history?: { readonly store: HistoryStore; readonly retentionMs: number };
}

export interface RunningApplication {
  readonly application: Application;
  /** Brings memory up to the end of the feed: another server has committed. */
  follow(): Promise<void>;
  /** Called with the sequence of each commit of this server, when memory holds it. */
  onCommit(listener: (sequence: number) => void): () => void;
  /** null: past values are not kept. */
  historyCounters(): HistoryCounters | null;
  /** Loads memory from the graph and begins to follow it. */
  start(): Promise<void>;
  /** Ends what runs by itself; the store is the caller's to close. */
  stop(): Promise<void>;
}

export function createApplication(parts: ApplicationParts): RunningApplication {
  const { store, clock, timers, log, isShared } = parts;
  const memory = new Memory(clock, timers);
  const hub = new Hub(memory);
  const history = parts.history && new HistoryRecorder({ ...parts.history, memory, clock, timers, log });
  const commitListeners = new Set<(sequence: number) => void>();
  const onCommitted = (sequence: number): void => {
    for (const listener of commitListeners) listener(sequence);
  };
  const replays = new Replays({ store, memory, clock, timers });
  const context = { store, memory, clock, hub, replays, history, onCommitted };
  const unreported = new Unreported(store, memory, log);
  const clockWatch = new ClockWatch(context, timers, log);
  const follower = new ChangeFollower(store, memory, timers, log);
  const analysisRunner = new AnalysisRunner({ clock, timers });
  const quarantine = new Quarantine();
  const pasts = new Pasts({ store, memory, clock, timers, follow: () => follower.follow() });
  const now: PropertySource = {
    known: (id, name) => memory.properties.known(id, name),
    properties: (ids, names, signal) => memory.properties.read(store, ids, names, signal),
    twinsWhere: (conditions, signal) =>
      memory.properties.where(store, () => memory.topology.sortedIds, conditions, signal),
  };
  const reading = createReading(memory, now, null);

  const application: Application = {
    ...reading,
    ...createAnalyses(memory, analysisRunner, { clock, timers }),
    seenBy: (scope) => createSeenApplication({ whole: application, memory, timers }, scope),
    async impact(scenario, signal) {
      const instant = instantOf(scenario);
      const then = instant === null ? reading : await application.asOf(instant, signal);
      return then.impact({ ...scenario, asOf: null }, signal);
    },
    async asOf(instant, signal) {
      refuseFuture(instant, 'asOf', clock());
      const past = await pasts.at(instant, signal);
      const then: Application = {
        ...application,
        ...createReading(past.memory, past.properties, instant),
        ...createAnalyses(past.memory, analysisRunner, { clock, timers }),
        ...createHistoryReading({
          history: parts.history?.store,
          memory: past.memory,
          source: past.properties,
          clock: () => instant,
        }),
        seenBy: (scope) => createSeenApplication({ whole: then, memory: past.memory, timers }, scope),
      };
      return then;
    },
    ...createHistoryReading({ history: parts.history?.store, memory, source: now, clock }),

    upsertTwins: (twins, caller) => upsertTwins(context, twins, caller),
    patchTwin: (id, patch, options) => patchTwin(context, id, patch, options),
    setDesired: (id, desired, options) => setDesired(context, id, desired, options),
    setMaintenance: (id, on, options) => setMaintenance(context, id, on, options),
    deleteTwin: (id, options) => deleteTwin(context, id, options),
    upsertRelationships: (relationships, caller) => upsertRelationships(context, relationships, caller),
    deleteRelationship: (id, caller) => deleteRelationship(context, id, caller),
    upsertModels: (models, caller) => upsertModels(context, models, caller),
    report: (input, caller) => report(context, input, caller),
    importGraph: (input, options) => importGraph(context, input, options),
    ingest: (readings) => ingestTelemetry(context, readings),
    reportConnectivity: (reports) => reportConnectivity(context, reports),
    removeReported: (removals) => removeReported(context, removals),
    takeDesired: (changes) => takeDesired(context, changes),
    noteSources: (sources) => noteSources(context, sources),
    auditLog: (question, signal) => auditLog(store, question, signal),
    quarantine,
    adoptTwin: (input, caller) => adoptTwin(context, quarantine, input, caller),
    keepHistory: (coalesced) => keepHistory(context, coalesced),

    watchTwins: (watch) => watchTwins(context, watch),
    watchStates(watch) {
      refuseFuture(watch.from, 'from', clock());
      return watchStates(context, watch);
    },
    watchTopology: (watch) => watchTopology(context, watch),
    watchImpact(scenario, kinds) {
      refuseInstant(scenario);
      return watchImpact(memory, timers, { scenario, kinds });
    },
    onDesired: (listener) => onDesired(memory, listener),
    unreported: () => unreported.twins(),
  };

  return {
    application,
    follow: () => follower.follow(),
    onCommit(listener) {
      commitListeners.add(listener);
      return () => commitListeners.delete(listener);
    },
    historyCounters: () => history?.counters ?? null,
    async start() {
      await memory.read(store);
      const desired = unreported.start();
      desired.catch(() => undefined); // Heard below, once states are derived.
      await memory.derive(store);
      await desired;
      history?.start();
      clockWatch.start();
      follower.start(isShared, clock);
    },
    async stop() {
      await clockWatch.stop();
      await follower.stop();
      await analysisRunner.stop();
      await history?.stop();
    },
  };
}

function onDesired(
  memory: Memory,
  listener: (change: { twin: string; property: string; desired: PropertyValue | undefined }) => void,
): () => void {
  return memory.listen({
    onRecord(record) {
      for (const { id, properties } of record.twins) {
        for (const { name, before, after } of properties) {
          if (before?.desired === after?.desired) continue;
          if (JSON.stringify(before?.desired) !== JSON.stringify(after?.desired))
            listener({ twin: id, property: name, desired: after?.desired });
        }
      }
    },
  });
}

/** @throws LinchpinError BAD_INPUT */
function refuseFuture(instant: number | null | undefined, at: string, now: number): void {
  if (instant != null && instant > now + LIMITS.aheadMs)
    throw badInput(at, 'an instant that has come', new Date(instant).toISOString());
}
