/** The server's process is killed under load: what it had acknowledged is in the graph, the rest comes again. */
import { afterEach, describe, expect, it } from 'vitest';
import { type IngestServer, startIngestServer } from '../support/ingest-server.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { closeDevices, connectDevice } from '../support/mqtt-device.ts';
import { openApplication } from '../support/open-application.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TWINS = 100;
const MESSAGES = 12_000;
const KILLS = 3;

let broker: Mosquitto | undefined;
let server: IngestServer | undefined;

afterEach(async () => {
  await closeDevices();
  await server?.end('SIGKILL');
  await broker?.stop();
});

describe.skipIf(mosquittoPath === null)('a server that is killed under load', () => {
  it('has lost nothing when it is back, and no older value stands over a newer one', { timeout: 120_000 }, async () => {
    broker = await startMosquitto(['max_queued_messages 100000', 'max_inflight_messages 0']);
    const directory = temporaryFolder();
    let running = (server = startIngestServer(directory, broker.url, TWINS));
    await running.until(({ received }) => received === 0);
    const device = await connectDevice(broker.url);
    // The session must be there before the first message, and the first message tells that it is.
    while (running.progress.received === 0) {
      await device.publishAsync('twins/T-0/telemetry', '{"hello":1}', { qos: 1 });
    }
    let published = 0;
    const publishSome = async (count: number): Promise<void> => {
      const messages = Array.from({ length: count }, () => {
        const n = published++;
        const payload = `{"n":{"value":${n},"observedAt":${1_700_000_000_000 + n}}}`;
        return device.publishAsync(`twins/T-${n % TWINS}/telemetry`, payload, { qos: 1 });
      });
      await Promise.all(messages);
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const seen = running.progress.committed;
      const half = publishSome(MESSAGES / KILLS / 2);
      await running.until(({ committed }) => committed > seen + 100);
      await running.end('SIGKILL');
      await half;
      await publishSome(MESSAGES / KILLS / 2);
      running = server = startIngestServer(directory, broker.url, TWINS);
    }
    await device.publishAsync('twins/T-0/telemetry', '{"mark":1}', { qos: 1 });
    await running.until(({ mark }) => mark === 1);
    await running.end('SIGTERM');

    const after = await openApplication(directory);
    const ids = Array.from({ length: TWINS }, (_, i) => `T-${i}`);
    const properties = await after.application.properties(ids);
    await after.close();
    expect(ids.map((id) => properties.get(id)?.get('n')?.value)).toEqual(ids.map((_, i) => published - TWINS + i));
  });
});
