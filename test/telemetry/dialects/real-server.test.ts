/** Every dialect through a real broker into the server as a process: published here, read over GraphQL there. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MqttClient } from 'mqtt';
import { askServer, type ServerAnswers } from '../../support/ask-server.ts';
import { type LinchpinProcess, startLinchpin } from '../../support/linchpin-process.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../../support/mosquitto.ts';
import { closeDevices, connectDevice, listenTo } from '../../support/mqtt-device.ts';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.ts';

// The process compiles the program for itself.
vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 });

const TWINS = [
  'P-1',
  'org.acme:pump-1',
  'farm:soil-1',
  'thing-1',
  'Device A',
  'pump-1',
  'E-1',
  'floor1',
  'pump:p1',
  'valve-1',
  'acme:floor1/sensor-3',
  'urn:ngsi-ld:Pump:1',
];
const CONFIG = {
  dialects: [
    { dialect: 'ditto', topics: ['ditto/events/#'] },
    { dialect: 'things-stack' },
    { dialect: 'aws-shadow' },
    { dialect: 'thingsboard' },
    { dialect: 'homie' },
    { dialect: 'open-sensors' },
    { dialect: 'ngsi-ld' },
    { dialect: 'watson-iot' },
    { dialect: 'cloudevents', topics: ['events/#'] },
    { dialect: 'azure-digital-twins', topics: ['adt/#'] },
  ],
};

const folder = temporaryFolder();

async function startServer(name: string, environment: Record<string, string>): Promise<LinchpinProcess> {
  const lines = TWINS.map((id) => JSON.stringify({ twin: { id, kind: 'ASSET' } }));
  const plant = writeInto(folder, 'plant.jsonl', `${lines.join('\n')}\n`);
  const config = writeInto(folder, 'telemetry.json', JSON.stringify(CONFIG));
  const dataDir = `${folder}/${name}`;
  await startLinchpin(['import', plant, '--data-dir', dataDir]).ended;
  const argv = ['serve', '--port', '0', '--mqtt-port', '0', '--data-dir', dataDir, '--telemetry-config', config];
  return startLinchpin(argv, { LOG_LEVEL: 'warn', ...environment });
}

describe.each(['embedded broker', 'Mosquitto'] as const)('through the %s', (kind) => {
  const isMissing = kind === 'Mosquitto' && mosquittoPath === null;
  let mosquitto: Mosquitto | undefined;
  let server: LinchpinProcess;
  let device: MqttClient;
  let broker: string;
  let asked: ServerAnswers;

  beforeAll(async () => {
    if (isMissing) return;
    if (kind === 'Mosquitto') mosquitto = await startMosquitto();
    server = await startServer(kind.replace(' ', '-'), mosquitto ? { MQTT_URL: mosquitto.url } : {});
    const ready = await server.firstLine;
    asked = askServer(ready);
    broker = mosquitto?.url ?? /mqtt=(\S+)/.exec(ready)?.[1] ?? '';
    device = await connectDevice(broker);
  });
  afterAll(async () => {
    if (isMissing) return;
    await closeDevices();
    server.child.kill('SIGTERM');
    await server.ended;
    await mosquitto?.stop();
  });

  const publish = (topic: string, payload: unknown): Promise<unknown> =>
    device.publishAsync(topic, JSON.stringify(payload), { qos: 1 });

  /** What goes out on the topics of the filter, once the server has been asked for it. */
  async function told(filter: string, ask: () => Promise<unknown>): Promise<{ topic: string; payload: unknown }> {
    const watcher = await listenTo(await connectDevice(broker), filter);
    await ask();
    const { topic, text } = await watcher.next();
    return { topic, payload: JSON.parse(text) as unknown };
  }

  it.skipIf(isMissing)('Ditto: an event, and a desired value', async () => {
    const event = {
      topic: 'org.acme/pump-1/things/twin/events/modified',
      path: '/features/m/properties/x',
      value: 5,
      revision: 3,
    };
    await publish('ditto/events/a', event);
    await asked.reads('org.acme:pump-1', { 'm.x': 5 }, 'ONLINE');
    const out = await told('ditto/commands/#', () => asked.setDesired('org.acme:pump-1', { 'm.x': 6 }));
    expect(out).toMatchObject({ topic: 'ditto/commands/org.acme/pump-1', payload: { value: 6 } });
  });

  it.skipIf(isMissing)('The Things Stack: an uplink, and a downlink', async () => {
    const uplink = {
      end_device_ids: { device_id: 'soil-1', application_ids: { application_id: 'farm' } },
      uplink_message: { session_key_id: 'a', f_cnt: 1, decoded_payload: { moisture: 31 } },
    };
    await publish('v3/farm@ttn/devices/soil-1/up', uplink);
    await asked.reads('farm:soil-1', { moisture: 31 }, 'ONLINE');
    const out = await told('v3/+/devices/+/down/replace', () => asked.setDesired('farm:soil-1', { interval: 600 }));
    expect(out).toMatchObject({ payload: { downlinks: [{ decoded_payload: { interval: 600 } }] } });
  });

  it.skipIf(isMissing)('AWS: a shadow, its desired state, and presence', async () => {
    const current = {
      state: { reported: { speed: 7 } },
      metadata: { reported: { speed: { timestamp: 1_700_000_000 } } },
      version: 1,
    };
    await publish('$aws/things/thing-1/shadow/update/documents', { previous: {}, current, timestamp: 1_700_000_000 });
    await asked.reads('thing-1', { speed: 7 }, 'ONLINE');
    const out = await told('$aws/things/+/shadow/update', () => asked.setDesired('thing-1', { speed: 8 }));
    expect(out).toMatchObject({ payload: { state: { desired: { speed: 8 } } } });
    await publish('$aws/events/presence/disconnected/thing-1', {
      clientId: 'thing-1',
      versionNumber: 1,
      timestamp: 1_700_000_001_000,
    });
    await asked.reads('thing-1', { speed: 7 }, 'OFFLINE');
  });

  it.skipIf(isMissing)('ThingsBoard: a gateway and a device', async () => {
    await publish('v1/gateway/telemetry', { 'Device A': [{ ts: 1_700_000_000_000, values: { flow: 3 } }] });
    await asked.reads('Device A', { flow: 3 });
    const out = await told('v1/gateway/attributes', () => asked.setDesired('Device A', { limit: 4 }));
    expect(out).toMatchObject({ payload: { device: 'Device A', data: { limit: 4 } } });
    await publish('v1/gateway/disconnect', { device: 'Device A' });
    await asked.reads('Device A', { flow: 3 }, 'OFFLINE');
    await publish('pump-1/v1/devices/me/telemetry', { flow: 9 });
    await asked.reads('pump-1', { flow: 9 });
    const call = await told('pump-1/v1/devices/me/rpc/request/+', () => asked.setDesired('pump-1', { limit: 5 }));
    expect(call).toMatchObject({ payload: { method: 'setProperties', params: { limit: 5 } } });
  });

  it.skipIf(isMissing)('CloudEvents, and notifications of Azure Digital Twins', async () => {
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/plant',
      type: 'measured',
      subject: 'E-1',
      data: { flow: 2 },
    };
    await publish('events/a', event);
    await asked.reads('E-1', { flow: 2 }, 'ONLINE');
    const notification = { ...event, source: 'acme.digitaltwins.azure.net', subject: 'floor1' };
    const patch = [{ op: 'replace', path: '/Temperature', value: 21 }];
    await publish('adt/a', { ...notification, type: 'Microsoft.DigitalTwins.Twin.Update', data: { patch } });
    await asked.reads('floor1', { Temperature: 21 }, 'ONLINE');
    await publish('adt/a', { ...notification, id: '2', type: 'Microsoft.DigitalTwins.Twin.Delete' });
    await asked.reads('floor1', { Temperature: 21 }, 'OFFLINE');
  });

  it.skipIf(isMissing)('Watson IoT: an event, a command, and a connection that ends', async () => {
    await publish('iot-2/type/pump/id/p1/evt/status/fmt/json', { d: { speed: 7 }, ts: '2026-01-01T00:00:00Z' });
    await asked.reads('pump:p1', { speed: 7 }, 'ONLINE');
    const out = await told('iot-2/type/+/id/+/cmd/#', () => asked.setDesired('pump:p1', { speed: 8 }));
    expect(out).toMatchObject({ topic: 'iot-2/type/pump/id/p1/cmd/set/fmt/json', payload: { d: { speed: 8 } } });
    await publish('iot-2/type/pump/id/p1/mon', { Action: 'Disconnect', Time: '2026-01-01T00:00:01Z' });
    await asked.reads('pump:p1', { speed: 7 }, 'OFFLINE');
  });

  it.skipIf(isMissing)('Homie: a description, a value, a command, and a device that is lost', async () => {
    const leave = (path: string, payload: string): Promise<unknown> =>
      device.publishAsync(`homie/5/valve-1/${path}`, payload, { qos: 1, retain: true });
    const properties = { position: { datatype: 'float', settable: true, unit: '%' } };
    await leave('$description', JSON.stringify({ homie: '5.0', nodes: { valve: { properties } } }));
    await leave('valve/position', '12.5');
    await leave('$state', 'ready');
    await asked.reads('valve-1', { 'valve.position': 12.5 }, 'ONLINE');
    const out = await told('homie/5/+/+/+/set', () => asked.setDesired('valve-1', { 'valve.position': 50 }));
    expect(out).toEqual({ topic: 'homie/5/valve-1/valve/position/set', payload: 50 });
    await leave('$state', 'lost');
    await asked.reads('valve-1', { 'valve.position': 12.5 }, 'OFFLINE');
  });

  it.skipIf(isMissing)('NGSI-LD: a notification over MQTT, and one over HTTP', async () => {
    const id = 'urn:ngsi-ld:Pump:1';
    const notification = (speed: number): object => ({
      type: 'Notification',
      notifiedAt: `2026-01-01T00:00:0${speed}Z`,
      data: [{ id, type: 'Pump', speed: { type: 'Property', value: speed } }],
    });
    await publish('ngsi-ld/farm', { metadata: {}, body: notification(1) });
    await asked.reads(id, { speed: 1 }, 'ONLINE');
    const send = (body: object): Promise<Response> =>
      fetch(asked.url.replace('/graphql', '/telemetry/ngsi-ld'), {
        method: 'POST',
        headers: { 'content-type': 'application/ld+json' },
        body: JSON.stringify(body),
      });
    expect((await send(notification(2))).status).toBe(204);
    const { twin } = (await asked.query('query($id: ID!) { twin(id: $id) { properties { value } } }', {
      id,
    })) as never;
    expect(twin).toEqual({ properties: [{ value: 2 }] });
    expect((await send({ type: 'Other' })).status).toBe(400);
  });

  it.skipIf(isMissing)('OpenSensors: a payload on a topic of an organisation', async () => {
    await publish('/orgs/acme/floor1/sensor-3', { air: { co2: 410 } });
    await asked.reads('acme:floor1/sensor-3', { 'air.co2': 410 }, 'ONLINE');
  });

  it.skipIf(isMissing)('native goes on beside them', async () => {
    await publish('twins/P-1/telemetry', { t: 1 });
    await asked.reads('P-1', { t: 1 });
  });
});
