import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { afterAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startLinchpin } from '../support/linchpin-process.ts';
import { closeDevices, closeOf, connectDevice } from '../support/mqtt-device.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

// Each process compiles the program for itself.
vi.setConfig({ testTimeout: 120_000 });
const folder = temporaryFolder();
afterAll(closeDevices);

const addressOf = (ready: string, name: string): string => new RegExp(`${name}=(\\S+)`).exec(ready)?.[1] ?? '';

it('a stopping server tells its subscribers of the last telemetry that it acknowledged, then closes with 1001', async () => {
  const dataDir = join(folder, 'data');
  const options = ['--port', '0', '--mqtt-port', '0', '--data-dir', dataDir];
  const plant = writeInto(folder, 'plant.jsonl', '{"twin":{"id":"P-1","kind":"ASSET"}}\n');
  await startLinchpin(['import', plant, '--data-dir', dataDir]).ended;
  const server = startLinchpin(['serve', ...options], { LOG_LEVEL: 'warn' });
  try {
    const ready = await server.firstLine;
    const values: number[] = [];
    const client = createClient({
      url: addressOf(ready, 'graphql').replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const closed = new Promise<number>((resolve) => {
      client.on('closed', (event) => resolve((event as { code: number }).code));
    });
    const events = client.iterate<{ twinChanged: { changed?: { value: number }[] } }>({
      query: 'subscription { twinChanged(ids: ["P-1"]) { ... on TwinChange { changed { value } } } }',
    });
    const read = (async () => {
      for await (const { data } of events) values.push(data?.twinChanged.changed?.[0]?.value ?? Number.NaN);
    })().catch(() => undefined);
    const device = await connectDevice(addressOf(ready, 'mqtt'));
    await vi.waitUntil(
      async () => {
        await device.publishAsync('twins/P-1/telemetry', '{"level":0}', { qos: 1 });
        return values.length > 0;
      },
      { timeout: 60_000 },
    );

    let acknowledged = 0;
    const publishing = (async () => {
      for (let level = 1; device.connected; level++) {
        await device.publishAsync('twins/P-1/telemetry', JSON.stringify({ level }), { qos: 1 });
        acknowledged = level;
        if (level === 20) server.child.kill('SIGTERM');
      }
    })().catch(() => undefined);
    expect(await closed).toBe(1001);
    await Promise.all([read, server.ended]);
    // A publish without its answer waits for ever.
    const gone = closeOf(device);
    device.end(true);
    await Promise.race([publishing, gone]);
    expect(acknowledged).toBeGreaterThanOrEqual(20);
    expect(values.at(-1)).toBeGreaterThanOrEqual(acknowledged);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  } finally {
    server.child.kill('SIGKILL');
  }
});

it('a process that cannot stop ends all the same, with an error, when its time is up', async () => {
  const runner = fileURLToPath(new URL('../support/run-typescript.js', import.meta.url));
  const stuck = fileURLToPath(new URL('../support/run-stuck.ts', import.meta.url));
  const child = spawn(process.execPath, [runner, stuck, '200'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(told).toBe('not stopped within 200 ms: ended as it is\n');
});
