/**
 * Telemetry, application and embedded graph as a process of its own, for tests that kill it.
 * Arguments: the folder of the graph, the broker's URL, how many twins (T-0, T-1, …) there are to be. A line of counters goes to stdout whenever they change.
 */
import { createApplication } from '../../src/application/create-application.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import type { Counters } from '../../src/telemetry/counters.ts';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { createRecordingLog } from './recording-log.ts';

export type Progress = Pick<Counters, 'received' | 'acknowledged' | 'committed' | 'redelivered' | 'stale'>;

const [directory = '', mqttUrl = '', twinCount = '0'] = process.argv.slice(3);
const { log } = createRecordingLog();
const store = await openGrafeoStore({ directory, log });
const running = createApplication({ store, clock, timers, log, isShared: false });
await running.start();
const twins = Array.from({ length: Number(twinCount) }, (_, i) => ({ id: `T-${i}`, kind: 'ASSET', name: `Twin ${i}` }));
if (running.application.topology.twinCount === 0) await running.application.upsertTwins(twins, { actor: null });
const settings = { mqttUrl, host: '', mqttPort: 0, topicRoot: 'twins' };
const telemetry = await startTelemetry({ application: running.application, settings, clock, timers, log });

let told = '';
const tell = setInterval(() => {
  const { received, acknowledged, committed, redelivered, stale } = telemetry.counters;
  const progress: Progress = { received, acknowledged, committed, redelivered, stale };
  const line = JSON.stringify(progress);
  if (line !== told) process.stdout.write(`${line}\n`);
  told = line;
}, 5);

process.once('SIGTERM', () => {
  clearInterval(tell);
  void telemetry
    .stop()
    .then(() => running.stop())
    .then(() => store.close())
    .then(() => process.exit(0));
});
