/** Two server processes that share one session at Mosquitto; whichever takes telemetry in is killed. */
import type { MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { type IngestServer, startIngestServer } from '../support/ingest-server.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { closeDevices, connectDevice } from '../support/mqtt-device.ts';
import { openApplication } from '../support/open-application.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TWINS = 100;
const PART = 3_000;

let broker: Mosquitto | undefined;
const servers: IngestServer[] = [];

afterEach(async () => {
  await closeDevices();
  await Promise.all(servers.splice(0).map((server) => server.end('SIGKILL')));
  await broker?.stop();
});

function start(directory: string): IngestServer {
  const server = startIngestServer(directory, broker?.url ?? '', TWINS);
  servers.push(server);
  return server;
}

/** n = from, from + 1 …; answers when the broker has them all. */
async function publish(device: MqttClient, from: number): Promise<void> {
  await Promise.all(
    Array.from({ length: PART }, (_, i) => {
      const payload = `{"n":{"value":${from + i},"observedAt":${1_700_000_000_000 + from + i}}}`;
      return device.publishAsync(`twins/T-${(from + i) % TWINS}/telemetry`, payload, { qos: 1 });
    }),
  );
}

/** Comes behind everything that was published before. */
async function mark(device: MqttClient, value: number): Promise<void> {
  await device.publishAsync('twins/T-0/telemetry', `{"mark":${value}}`, { qos: 1 });
}

/** The last value of each twin in one of the graphs: where it went, none is missing. */
async function lastValues(directories: readonly string[]): Promise<number[]> {
  const ids = Array.from({ length: TWINS }, (_, i) => `T-${i}`);
  const last = ids.map(() => -1);
  for (const directory of directories) {
    const graph = await openApplication(directory);
    const properties = await graph.application.properties(ids);
    await graph.close();
    for (const [i, id] of ids.entries())
      last[i] = Math.max(last[i] ?? -1, Number(properties.get(id)?.get('n')?.value ?? -1));
  }
  return last;
}

describe.skipIf(mosquittoPath === null)('a standby', () => {
  it('takes over from a killed server without loss; the one that comes back stands by', {
    timeout: 120_000,
  }, async () => {
    broker = await startMosquitto(['max_queued_messages 0', 'max_inflight_messages 0']);
    const directories = [temporaryFolder(), temporaryFolder()] as const;
    const first = start(directories[0]);
    const device = await connectDevice(broker.url);
    // The first message that arrives tells that the session is there.
    while (first.progress.received === 0) await device.publishAsync('twins/T-0/telemetry', '{"hello":1}', { qos: 1 });
    const second = start(directories[1]);
    await second.until(({ isStandingBy }) => isStandingBy);

    const some = publish(device, 0);
    await first.until(({ committed }) => committed > 100);
    await first.end('SIGKILL');
    await some;
    await mark(device, 1);
    await second.until(({ mark: seen }) => seen === 1);
    const back = start(directories[0]);
    await back.until(({ isStandingBy }) => isStandingBy);
    await publish(device, PART);
    // The session stayed where it was.
    expect(back.progress).toMatchObject({ received: 0, isStandingBy: true });
    expect(second.progress.disconnected).toBe(0);

    const more = publish(device, 2 * PART);
    await second.end('SIGKILL');
    await more;
    await mark(device, 2);
    await back.until(({ mark: seen }) => seen === 2);
    expect(back.progress.disconnected).toBe(0);
    await back.end('SIGTERM');
    expect(await lastValues(directories)).toEqual(Array.from({ length: TWINS }, (_, i) => 3 * PART - TWINS + i));
  });
});
