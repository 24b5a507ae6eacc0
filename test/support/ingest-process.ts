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

export type Progress = Pick<
  Counters,
  'received' | 'acknowledged' | 'committed' | 'redelivered' | 'stale' | 'disconnected'
> & {
  readonly isStandingBy: boolean;
  /** Value of the property `mark` of T-0; 0: none yet. What was published before it is there too. */
  readonly mark: number;
};

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
let isTelling = true;
async function tell(): Promise<void> {
  const { received, acknowledged, committed, redelivered, stale, disconnected } = telemetry.counters;
  const { isStandingBy } = telemetry;
  const properties = await running.application.properties(['T-0']);
  const mark = Number(properties.get('T-0')?.get('mark')?.value ?? 0);
  const progress: Progress = {
    received,
    acknowledged,
    committed,
    redelivered,
    stale,
    disconnected,
    isStandingBy,
    mark,
  };
  const line = JSON.stringify(progress);
  if (line !== told) process.stdout.write(`${line}\n`);
  told = line;
  if (isTelling) setTimeout(() => void tell(), 5);
}
void tell();

process.once('SIGTERM', () => {
  isTelling = false;
  void telemetry
    .stop()
    .then(() => running.stop())
    .then(() => store.close())
    .then(() => process.exit(0));
});
