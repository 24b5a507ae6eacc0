/** The embedded broker with real clients on real sockets; the application is the boundary. */
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { type Telemetry, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { closeDevices, closeOf, connackOf, connectDevice, listenTo } from '../support/mqtt-device.ts';
import { type LogLine, createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

let application: ControlledApplication;
let telemetry: Telemetry;
let lines: LogLine[];
let address: string;

async function start(mqttPort = 0): Promise<Telemetry> {
  const recording = createRecordingLog();
  lines = recording.lines;
  return await startTelemetry({
    application,
    settings: { host: '127.0.0.1', mqttPort, topicRoot: 'twins' },
    clock: systemClock,
    timers: systemTimers,
    log: recording.log,
  });
}

beforeEach(async () => {
  application = new ControlledApplication();
  telemetry = await start();
  address = telemetry.addresses[0] as string;
});

afterEach(async () => {
  await closeDevices();
  await telemetry.stop();
});

/** Holds the next commit until `go` is called; `reached` says that it waits. */
function holdCommit(): { reached: Promise<void>; go: () => void } {
  let go = (): void => {};
  const released = new Promise<void>((resolve) => (go = resolve));
  const reached = new Promise<void>((resolve) => {
    application.beforeCommit = () => {
      resolve();
      return released;
    };
  });
  return { reached, go };
}

describe('a message to the embedded broker', () => {
  it.each([1, 2] as const)('with QoS %i is in the graph when its sender gets the answer', async (qos) => {
    const device = await connectDevice(address);
    await device.publishAsync('twins/P-1/telemetry', '{"temperature":71.5}', { qos });
    expect(application.value('P-1', 'temperature')).toBe(71.5);
  });

  it('is not acknowledged before the commit, and holds nobody else up', async () => {
    const { reached, go } = holdCommit();
    const device = await connectDevice(address);
    let isAcknowledged = false;
    const acknowledged = device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 }).finally(() => {
      isAcknowledged = true;
    });
    await reached;
    const other = await connectDevice(address);
    await other.publishAsync('elsewhere', 'x', { qos: 1 });
    expect(isAcknowledged).toBe(false);
    go();
    await acknowledged;
    expect(application.value('P-1', 'a')).toBe(1);
  });

  it('reaches ordinary subscribers too', async () => {
    const device = await connectDevice(address);
    const messages = await listenTo(device, 'twins/+/telemetry');
    await device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 });
    expect(await messages.next()).toMatchObject({ topic: 'twins/P-1/telemetry', text: '{"a":1}' });
  });

  it.each(['site/area 1/P-1', 'насос №1', 'ポンプ', 'x'.repeat(512)])('may be of twin %s', async (twin) => {
    const device = await connectDevice(address);
    await device.publishAsync(`twins/${twin}/telemetry`, '{"plain":1}', { qos: 1 });
    await device.publishAsync(`twins/${encodeURIComponent(twin)}/telemetry`, '{"encoded":2}', { qos: 1 });
    expect([application.value(twin, 'plain'), application.value(twin, 'encoded')]).toEqual([1, 2]);
  });

  it('that is bad is acknowledged, told as a dead letter, and changes nothing', async () => {
    const device = await connectDevice(address);
    const deadLetters = await listenTo(device, 'twins/$dead');
    for (const bad of ['not json', '{"temperature":1e999}', '[]']) {
      await device.publishAsync('twins/P-1/telemetry', bad, { qos: 1 });
      const letter = JSON.parse((await deadLetters.next()).text) as Record<string, unknown>;
      expect(letter).toMatchObject({ topic: 'twins/P-1/telemetry', reason: expect.any(String) });
      expect(Buffer.from(String(letter['payload']), 'base64').toString()).toBe(bad);
    }
    expect(application.values.size).toBe(0);
  });

  it('is taken after thousands of bad ones', async () => {
    const device = await connectDevice(address);
    const bad = Array.from({ length: 3_000 }, (_, i) =>
      device.publishAsync('twins/P-1/telemetry', i % 2 ? 'not json' : '[]', { qos: 1 }),
    );
    await device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 });
    await Promise.all(bad);
    expect(application.value('P-1', 'a')).toBe(1);
    expect(telemetry.counters).toMatchObject({ deadLettered: 3_000, committed: 1, acknowledged: 3_001 });
  });

  it('of an unknown twin is acknowledged and shown in the quarantine', async () => {
    application.known = new Set();
    const device = await connectDevice(address);
    await device.publishAsync('twins/ghost/telemetry', '{"a":1}', { qos: 1 });
    expect(application.quarantine.list()).toMatchObject([{ id: 'ghost', count: 1, sample: '{"a":1}' }]);
  });
});

describe('an outage of the graph', () => {
  it('of a long topic, or kept by the broker, takes the ordinary way to the same end', async () => {
    const id = 'x/'.repeat(60);
    const device = await connectDevice(address);
    await device.publishAsync(`twins/${encodeURIComponent(id)}/telemetry`, '{"n":1}', { qos: 1 });
    await device.publishAsync('twins/P-1/telemetry', '{"n":2}', { qos: 1, retain: true });
    expect([application.value(id, 'n'), application.value('P-1', 'n')]).toEqual([1, 2]);
    const later = await connectDevice(address);
    const heard = await listenTo(later, 'twins/+/telemetry');
    expect((await heard.next()).text).toBe('{"n":2}');
  });

  it('is a sign of life: a device that only publishes is not taken for silent', async () => {
    const device = await connectDevice(address, { keepalive: 1 });
    let isClosed = false;
    device.on('close', () => (isClosed = true));
    const startedAt = performance.now();
    // A broker waits for one and a half times the keepalive.
    while (performance.now() - startedAt < 2_000) {
      await device.publishAsync('twins/P-1/telemetry', '{"n":1}', { qos: 1 });
    }
    expect(isClosed).toBe(false);
  });

  it('loses nothing that was sent meanwhile', async () => {
    application.isDown = true;
    const device = await connectDevice(address);
    const acknowledged = Array.from({ length: 500 }, (_, i) =>
      device.publishAsync(`twins/T-${i % 50}/telemetry`, `{"n":${i}}`, { qos: 1 }),
    );
    await until(() => telemetry.counters.retries >= 2);
    expect(telemetry.counters.acknowledged).toBe(0);
    application.isDown = false;
    await Promise.all(acknowledged);
    expect(Array.from({ length: 50 }, (_, i) => application.value(`T-${i}`, 'n'))).toEqual(
      Array.from({ length: 50 }, (_, i) => 450 + i),
    );
  });
});

describe('a device that dies', () => {
  it('is offline by its last will', async () => {
    const will = { topic: 'twins/P-1/connectivity', payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    const device = await connectDevice(address, { will });
    const watcher = await connectDevice(address);
    const told = await listenTo(watcher, 'twins/P-1/connectivity');
    device.stream.destroy();
    await told.next();
    expect(application.reports).toMatchObject([{ twin: 'P-1', connectivity: 'OFFLINE' }]);
  });

  it('is not taken for dead when the server stops', async () => {
    const will = { topic: 'twins/P-1/connectivity', payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    await connectDevice(address, { will });
    await telemetry.stop();
    expect(application.reports).toEqual([]);
  });
});

describe('desired values', () => {
  it('go out together, kept for devices that come later', async () => {
    application.setDesired('site/P+1', 'setpoint', 5);
    application.setDesired('site/P+1', 'mode', 'auto');
    const early = await listenTo(await connectDevice(address), 'twins/site/P%2B1/desired');
    let message = await early.next();
    while (!message.text.includes('mode')) message = await early.next();
    expect(JSON.parse(message.text)).toEqual({ setpoint: 5, mode: 'auto' });
    const late = await listenTo(await connectDevice(address), 'twins/#');
    expect(await late.next()).toMatchObject({ topic: 'twins/site/P%2B1/desired', isRetained: true });
  });

  it('that are withdrawn are no longer kept', async () => {
    const device = await connectDevice(address);
    const messages = await listenTo(device, 'twins/P-1/desired');
    application.setDesired('P-1', 'setpoint', 5);
    expect((await messages.next()).text).toBe('{"setpoint":5}');
    application.setDesired('P-1', 'setpoint', undefined);
    expect((await messages.next()).text).toBe('');
    const late = await listenTo(await connectDevice(address), '#');
    await device.publishAsync('marker', 'x', { qos: 1 });
    expect((await late.next()).topic).toBe('marker');
  });
});

describe('publishing from inside', () => {
  it('goes the way of a device: it answers after the commit, and subscribers get it', async () => {
    const messages = await listenTo(await connectDevice(address), 'twins/P-1/telemetry');
    await telemetry.publish('twins/P-1/telemetry', '{"a":1}');
    expect(application.value('P-1', 'a')).toBe(1);
    expect((await messages.next()).text).toBe('{"a":1}');
  });
});

describe('the embedded broker', () => {
  it('tells a client of MQTT 5 which version it speaks', async () => {
    const connack = await connackOf(address, { protocolVersion: 5 });
    expect(connack.reasonCode).toBe(0x84);
    expect(connack.properties?.reasonString).toMatch(/speaks MQTT 3\.1\.1/);
  });

  it('ends a connection whose packet is too large, after having read little of it', async () => {
    const device = await connectDevice(address);
    const closed = closeOf(device);
    device.publish('twins/P-1/telemetry', Buffer.alloc(TELEMETRY_LIMITS.packetBytes + 1), { qos: 1 });
    await closed;
    const socket = connectSocket(Number(new URL(address).port), '127.0.0.1');
    socket.on('error', () => {});
    // CONNECT with a remaining length of 256 MB, and not a byte of it.
    socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0]));
    await once(socket, 'close');
    expect(telemetry.counters.received).toBe(0);
  });

  it('says which setting is at fault when it cannot have its port', async () => {
    const port = Number(new URL(address).port);
    await expect(start(port)).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('MQTT_PORT'),
    });
  });

  it('keeps no session, and says so', async () => {
    const device = await connectDevice(address, { clientId: 'P-1', clean: false });
    await listenTo(device, 'twins/#');
    device.stream.destroy();
    const { sessionPresent } = await connackOf(address, { clientId: 'P-1', clean: false });
    expect(sessionPresent).toBe(false);
  });

  it('keeps topics that begin with $ for itself', async () => {
    const device = await connectDevice(address);
    const closed = closeOf(device);
    device.publish('$SYS/x', 'x');
    await closed;
    expect(lines.some(({ fields }) => JSON.stringify(fields).includes('belong to the broker'))).toBe(true);
  });

  it('commits and acknowledges what it has before it stops', async () => {
    const { reached, go } = holdCommit();
    const device = await connectDevice(address);
    const acknowledged = device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 });
    await reached;
    const stopped = telemetry.stop();
    go();
    await Promise.all([acknowledged, stopped]);
    expect(application.value('P-1', 'a')).toBe(1);
  });
});

describe('a subscriber that reads nothing', () => {
  it('is disconnected, for what it does not read piles up', async () => {
    const stalled = connectSocket(Number(new URL(address).port), '127.0.0.1');
    // CONNECT, clean, as client x; SUBSCRIBE to #. After the first answer it reads no more.
    stalled.write(Buffer.from('100d00044d5154540402003c0001788206000100012300', 'hex'));
    await once(stalled, 'data');
    stalled.pause();
    const device = await connectDevice(address);
    const large = Buffer.alloc(100_000);
    await Promise.all(Array.from({ length: 300 }, () => device.publishAsync('noise', large, { qos: 1 })));
    await until(() => lines.some(({ fields }) => JSON.stringify(fields).includes('drain timeout')));
    await device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1 });
    expect(application.value('P-1', 'a')).toBe(1);
  });
});

describe('a burst', () => {
  /** `count` messages of QoS 1 in one write; answers when they are on their way, with the connection. */
  async function sendBurst(count: number, message: (n: number) => { topic: string; payload: string; retain: boolean }) {
    const socket = connectSocket({ port: Number(new URL(address).port), host: '127.0.0.1' });
    socket.write(mqttPacket.generate({ cmd: 'connect', clientId: 'burst', protocolVersion: 4, clean: true }));
    await once(socket, 'data');
    const packets = Array.from({ length: count }, (_, n) =>
      mqttPacket.generate({ cmd: 'publish', qos: 1, dup: false, messageId: n + 1, ...message(n) }),
    );
    socket.write(Buffer.concat(packets));
    return socket;
  }
  const payload = `{"text":"${'x'.repeat(60)}"}`;

  it('of one device is taken over many turns of the event loop, so that others have theirs', async () => {
    const { go } = holdCommit();
    let most = 0;
    let before = 0;
    const watch = (): void => {
      const { received } = telemetry.counters;
      most = Math.max(most, received - before);
      before = received;
      if (received < 4_000) setImmediate(watch);
    };
    setImmediate(watch);
    const socket = await sendBurst(4_000, (n) => ({ topic: `twins/T-${n}/telemetry`, payload, retain: false }));
    await until(() => telemetry.counters.received === 4_000);
    socket.destroy();
    go();
    const shortest = payload.length + 'twins/T-0/telemetry'.length;
    expect(most).toBeLessThanOrEqual(TELEMETRY_LIMITS.turnBytes / shortest);
    expect(most).toBeGreaterThan(1);
  });

  it('of telemetry and all else together is taken whole', async () => {
    const topics = ['twins/T-1/telemetry', 'elsewhere', 'twins/T-2/telemetry'];
    const socket = await sendBurst(6_000, (n) => ({ topic: topics[n % 3] ?? '', payload, retain: n % 5 === 0 }));
    let answered = 0;
    socket.on('data', (bytes) => (answered += bytes.length));
    await until(() => answered === 6_000 * 4);
    socket.destroy();
    expect(telemetry.counters.received).toBe(4_000);
  });
});

describe('while the graph takes nothing', () => {
  it('few messages of a client wait here, however many it sends', async () => {
    const { reached, go } = holdCommit();
    const device = await connectDevice(address);
    const all = Array.from({ length: 10_000 }, (_, n) =>
      device.publishAsync(`twins/T-${n % 100}/telemetry`, `{"n":${n}}`, { qos: 1 }),
    );
    await reached;
    // Other clients are served while this one is not read.
    await (await connectDevice(address)).publishAsync('elsewhere', 'x', { qos: 1 });
    expect(telemetry.counters.received).toBeLessThan(6_000);
    go();
    await Promise.all(all);
    expect(application.value('T-99', 'n')).toBe(9_999);
  });

  it('a client is read on until four batches of its messages wait', async () => {
    const { reached, go } = holdCommit();
    const device = await connectDevice(address);
    const all = Array.from({ length: 4_000 }, (_, n) =>
      device.publishAsync(`twins/T-${n}/telemetry`, `{"n":${n}}`, { qos: 1 }),
    );
    await reached;
    await until(() => telemetry.counters.received === 4_000);
    go();
    await Promise.all(all);
  });

  it('what is too much together is turned away, so that its sender keeps it', async () => {
    const { go } = holdCommit();
    const payload = JSON.stringify({ text: 'x'.repeat(60_000) });
    const count = Math.ceil(TELEMETRY_LIMITS.embeddedBytes / payload.length) + 10;
    const all = Array.from({ length: count }, () => telemetry.publish('twins/P-1/telemetry', payload));
    const settled = Promise.allSettled(all);
    expect(telemetry.counters.turnedAway).toBe(10);
    go();
    expect((await settled).filter(({ status }) => status === 'rejected')).toHaveLength(10);
  });
});
