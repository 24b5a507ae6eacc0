/** Sparkplug B against another implementation: an edge node of Eclipse Tahu's client, through real brokers into the server as a process. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askServer, type ServerAnswers } from '../../support/ask-server.ts';
import { type EdgeNode, startEdgeNode } from '../../support/edge-node.ts';
import { type LinchpinProcess, startLinchpin } from '../../support/linchpin-process.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../../support/mosquitto.ts';
import { closeDevices, connectDevice, listenTo } from '../../support/mqtt-device.ts';
import type { Metric } from '../../support/sparkplug.ts';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.ts';

// The process compiles the program for itself.
vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 });

const TWINS = ['plant:edge', 'plant:edge:pump', 'plant:late', 'plant:gappy'];
const CONFIG = {
  dialects: [{ dialect: 'sparkplug', options: { host: { id: 'linchpin', primary: true }, reorderMs: 200 } }],
};
const STATE = 'spBv1.0/STATE/linchpin';

const T: Metric = { name: 'Inputs/T', alias: 1, type: 'Double', value: 20.5 };
const SPEED: Metric = { name: 'Speed', alias: 2, type: 'Int32', value: -3 };
const REBIRTH: Metric = { name: 'Node Control/Rebirth', type: 'Boolean', value: false };

const folder = temporaryFolder();

function startServer(name: string, environment: Record<string, string>): LinchpinProcess {
  const config = writeInto(folder, 'telemetry.json', JSON.stringify(CONFIG));
  const argv = ['serve', '--port', '0', '--mqtt-port', '0', '--data-dir', `${folder}/${name}`];
  return startLinchpin([...argv, '--telemetry-config', config], { LOG_LEVEL: 'warn', ...environment });
}

describe.each(['embedded broker', 'Mosquitto'] as const)('through the %s', (kind) => {
  const isMissing = kind === 'Mosquitto' && mosquittoPath === null;
  const name = kind.replace(' ', '-');
  let mosquitto: Mosquitto | undefined;
  let environment: Record<string, string>;
  let server: LinchpinProcess;
  let broker: string;
  let asked: ServerAnswers;
  let edge: EdgeNode;

  async function start(): Promise<void> {
    server = startServer(name, environment);
    const ready = await server.firstLine;
    asked = askServer(ready);
    broker = mosquitto?.url ?? /mqtt=(\S+)/.exec(ready)?.[1] ?? '';
  }

  beforeAll(async () => {
    if (isMissing) return;
    if (kind === 'Mosquitto') mosquitto = await startMosquitto();
    environment = mosquitto ? { MQTT_URL: mosquitto.url } : {};
    const lines = TWINS.map((id) => JSON.stringify({ twin: { id, kind: 'ASSET' } }));
    const plant = writeInto(folder, 'plant.jsonl', `${lines.join('\n')}\n`);
    await startLinchpin(['import', plant, '--data-dir', `${folder}/${name}`]).ended;
    await start();
    edge = await startEdgeNode(broker, 'plant', 'edge');
  });
  afterAll(async () => {
    if (isMissing) return;
    edge.stop();
    await closeDevices();
    server.child.kill('SIGTERM');
    await server.ended;
    await mosquitto?.stop();
  });

  function bear(): void {
    edge.nodeBirth([T, REBIRTH]);
    edge.deviceBirth('pump', [SPEED]);
  }

  it.skipIf(isMissing)(
    'births bring the values of a node and its device, and data by alias their changes',
    async () => {
      bear();
      await asked.reads('plant:edge', { 'Inputs/T': 20.5 }, 'ONLINE');
      await asked.reads('plant:edge:pump', { Speed: -3 }, 'ONLINE');
      edge.nodeData([{ alias: 1, type: 'Double', value: 21.5 }]);
      edge.deviceData('pump', [{ alias: 2, type: 'Int32', value: -4 }]);
      await asked.reads('plant:edge', { 'Inputs/T': 21.5 }, 'ONLINE');
      await asked.reads('plant:edge:pump', { Speed: -4 }, 'ONLINE');
    },
  );

  it.skipIf(isMissing)(
    'a desired value comes to the device as a command, and is in sync once it is reported',
    async () => {
      await asked.setDesired('plant:edge:pump', { Speed: 7 });
      const command = await edge.nextCommand();
      expect(command).toMatchObject({ device: 'pump', metrics: [{ type: 'Int32', value: 7 }] });
      expect(Number(command.metrics[0]?.alias)).toBe(2);
      edge.deviceData('pump', [{ alias: 2, type: 'Int32', value: 7 }]);
      await asked.reads('plant:edge:pump', { Speed: 7 }, 'ONLINE');
      const text = '{ twin(id: "plant:edge:pump") { property(name: "Speed") { desired inSync } } }';
      expect(await asked.query(text)).toEqual({ twin: { property: { desired: 7, inSync: true } } });
    },
  );

  it.skipIf(isMissing)('a device that dies is OFFLINE, and its node is not', async () => {
    edge.deviceDeath('pump');
    await asked.reads('plant:edge:pump', { Speed: 7 }, 'OFFLINE');
    await asked.reads('plant:edge', { 'Inputs/T': 21.5 }, 'ONLINE');
    edge.deviceBirth('pump', [{ ...SPEED, value: 8 }]);
    await asked.reads('plant:edge:pump', { Speed: 8 }, 'ONLINE');
  });

  it.skipIf(isMissing)(
    'a node whose connection breaks off is OFFLINE with its devices, and its values stay',
    async () => {
      edge.breakOff();
      await asked.reads('plant:edge', { 'Inputs/T': 21.5 }, 'OFFLINE');
      await asked.reads('plant:edge:pump', { Speed: 8 }, 'OFFLINE');
      edge = await startEdgeNode(broker, 'plant', 'edge');
      bear();
      await asked.reads('plant:edge', { 'Inputs/T': 20.5 }, 'ONLINE');
      await asked.reads('plant:edge:pump', { Speed: -3 }, 'ONLINE');
    },
  );

  it.skipIf(isMissing)('a node whose data come before its birth is asked for it', async () => {
    const late = await startEdgeNode(broker, 'plant', 'late');
    late.nodeData([{ alias: 1, type: 'Double', value: 5 }]);
    expect(await late.nextCommand()).toMatchObject({ metrics: [{ name: 'Node Control/Rebirth', value: true }] });
    late.nodeBirth([{ ...T, value: 6 }, REBIRTH]);
    await asked.reads('plant:late', { 'Inputs/T': 6 }, 'ONLINE');
    late.stop();
    await asked.reads('plant:late', { 'Inputs/T': 6 }, 'OFFLINE');
  });

  it.skipIf(isMissing)('a node of which a message was lost is asked for its birth', async () => {
    const gappy = await startEdgeNode(broker, 'plant', 'gappy');
    gappy.nodeBirth([T, REBIRTH]);
    gappy.loseMessage();
    gappy.nodeData([{ alias: 1, type: 'Double', value: 9 }]);
    expect(await gappy.nextCommand()).toMatchObject({ metrics: [{ name: 'Node Control/Rebirth', value: true }] });
    await asked.reads('plant:gappy', { 'Inputs/T': 9 }, 'ONLINE');
    gappy.stop();
  });

  it.skipIf(isMissing)('the primary host says by STATE that it is there, and takes leave', async () => {
    const watcher = await listenTo(await connectDevice(broker), STATE);
    const there = await watcher.next();
    expect([JSON.parse(there.text), there.isRetained]).toEqual([{ online: true, timestamp: expect.any(Number) }, true]);
    server.child.kill('SIGTERM');
    const gone = await watcher.next();
    expect(JSON.parse(gone.text)).toEqual({ online: false, timestamp: expect.any(Number) });
    await server.ended;
    if (mosquitto === undefined) return;
    // Its last will, which carries the time of its birth, is not told behind it.
    const kept = await (await listenTo(await connectDevice(broker), STATE)).next();
    expect(kept).toMatchObject({ text: gone.text, isRetained: true });
  });
});

describe.skipIf(mosquittoPath === null)('a primary host on Mosquitto', () => {
  interface State {
    readonly online: boolean;
    readonly timestamp: number;
  }
  let mosquitto: Mosquitto;
  let server: LinchpinProcess;

  beforeAll(async () => {
    mosquitto = await startMosquitto();
    server = startServer('host', { MQTT_URL: mosquitto.url });
    await server.firstLine;
  });
  afterAll(async () => {
    await closeDevices();
    server.child.kill('SIGKILL');
    await server.ended;
    await mosquitto.stop();
  });

  async function watch(): Promise<{ next(): Promise<State> }> {
    const watcher = await listenTo(await connectDevice(mosquitto.url), STATE);
    return { next: async () => JSON.parse((await watcher.next()).text) as State };
  }

  it('says again that it is there after the broker was away', async () => {
    const before = await (await watch()).next();
    await mosquitto.restart();
    const watcher = await watch();
    let after = await watcher.next();
    // What was on its way when the broker went comes first.
    while (after.timestamp === before.timestamp) after = await watcher.next();
    expect(after).toEqual({ online: true, timestamp: expect.any(Number) });
    expect(after.timestamp).toBeGreaterThan(before.timestamp);
  });

  it('that crashes is told of by its last will, with the time of its birth', async () => {
    const watcher = await watch();
    const there = await watcher.next();
    server.child.kill('SIGKILL');
    expect(await watcher.next()).toEqual({ ...there, online: false });
  });
});
