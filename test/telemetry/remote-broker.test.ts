/** A broker that is reached over the network: Mosquitto, for real. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { type Telemetry, type TelemetrySettings, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { freePort } from '../support/free-port.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../support/mosquitto.ts';
import { closeDevices, connectDevice, listenTo } from '../support/mqtt-device.ts';
import { type LogLine, createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

const ROOM = ['max_queued_messages 100000', 'max_inflight_messages 0'];

let application: ControlledApplication;
let broker: Mosquitto;
let lines: LogLine[];
let started: Telemetry[];

beforeEach(() => {
  application = new ControlledApplication();
  started = [];
  lines = [];
});

afterEach(async () => {
  await closeDevices();
  await Promise.all(started.map((telemetry) => telemetry.stop()));
  await broker?.stop();
});

async function start(url: string, more: Partial<TelemetrySettings> = {}, to = application): Promise<Telemetry> {
  const { log, lines: recorded } = createRecordingLog();
  lines = recorded;
  const telemetry = await startTelemetry({
    application: to,
    settings: { mqttUrl: url, host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins', ...more },
    clock: systemClock,
    timers: systemTimers,
    log,
  });
  started.push(telemetry);
  return telemetry;
}

/** Publishes n = 0, 1, 2 … over 100 twins; answers when the broker has them all. */
async function publishMany(url: string, count: number): Promise<void> {
  const device = await connectDevice(url);
  const all = Array.from({ length: count }, (_, n) =>
    device.publishAsync(`twins/T-${n % 100}/telemetry`, `{"n":{"value":${n},"observedAt":${1_700_000_000_000 + n}}}`, {
      qos: 1,
    }),
  );
  await Promise.all(all);
}

/** Waits until the last published value of each of the 100 twins is there; messages may come twice before that. */
async function untilLastValues(count: number, to = application): Promise<void> {
  const ids = Array.from({ length: 100 }, (_, i) => i);
  await until(() => ids.every((i) => to.value(`T-${i}`, 'n') === count - 100 + i));
}

describe.skipIf(mosquittoPath === null)('telemetry by way of Mosquitto', () => {
  it('reaches the graph, whatever script a twin is named in', async () => {
    broker = await startMosquitto();
    const telemetry = await start(broker.url);
    const device = await connectDevice(broker.url);
    const twins = ['P-1', 'site/area 1/P-1', 'насос №1', 'ポンプ', 'a+b#c%'];
    for (const twin of twins) {
      await device.publishAsync(`twins/${encodeURIComponent(twin)}/telemetry`, '{"encoded":1}', { qos: 1 });
      const { topic } = { topic: `twins/${twin.replaceAll(/[%+#]/g, encodeURIComponent)}/telemetry` };
      await device.publishAsync(topic, '{"plain":2}', { qos: 0 });
    }
    await until(() => telemetry.counters.committed === twins.length * 2);
    for (const twin of twins) {
      expect([twin, application.value(twin, 'encoded'), application.value(twin, 'plain')]).toEqual([twin, 1, 2]);
    }
  });

  it('is not acknowledged before the commit: what was not committed comes again after a crash of the connection', async () => {
    broker = await startMosquitto(ROOM);
    application.isDown = true;
    const first = await start(broker.url);
    await publishMany(broker.url, 500);
    await until(() => first.counters.received === 500);
    expect(first.counters.acknowledged).toBe(0);
    // A second server takes the session over: all 500 are there still.
    const other = new ControlledApplication();
    const second = await start(broker.url, {}, other);
    const stopped = first.stop();
    await until(() => second.counters.acknowledged >= 500);
    expect(second.counters.redelivered).toBeGreaterThanOrEqual(500);
    await untilLastValues(500, other);
    application.isDown = false;
    await stopped;
  });

  it('that was acknowledged does not come again', async () => {
    broker = await startMosquitto(ROOM);
    const first = await start(broker.url);
    await publishMany(broker.url, 500);
    await until(() => first.counters.acknowledged === 500);
    await first.stop();
    const second = await start(broker.url);
    await publishMany(broker.url, 100);
    await until(() => second.counters.acknowledged >= 100);
    expect(second.counters).toMatchObject({ received: 100, redelivered: 0 });
  });

  it('that came while no server was there is taken when one is', async () => {
    broker = await startMosquitto(ROOM);
    await (await start(broker.url)).stop();
    await publishMany(broker.url, 2_000);
    const telemetry = await start(broker.url);
    await until(() => telemetry.counters.acknowledged === 2_000);
    expect(telemetry.counters.committed + telemetry.counters.coalesced).toBe(2_000);
    await untilLastValues(2_000);
  });

  it('fills no more than the window while the graph is away, and is all there when it is back', async () => {
    broker = await startMosquitto(ROOM);
    application.isDown = true;
    const telemetry = await start(broker.url);
    await publishMany(broker.url, 10_000);
    await until(() => telemetry.counters.received >= TELEMETRY_LIMITS.windowMessages);
    await until(() => telemetry.counters.retries >= 3);
    expect(telemetry.counters.received).toBe(TELEMETRY_LIMITS.windowMessages);
    application.isDown = false;
    await until(() => telemetry.counters.acknowledged === 10_000);
    await untilLastValues(10_000);
    expect(telemetry.counters).toMatchObject({ disconnected: 0, redelivered: 0 });
  });

  it('goes on after bad messages by the thousand', async () => {
    broker = await startMosquitto(ROOM);
    const telemetry = await start(broker.url);
    const device = await connectDevice(broker.url);
    const bad = ['not json', '[]', '{"a":1e999}', Buffer.from([0xff, 0xfe])];
    await Promise.all(
      Array.from({ length: 6_000 }, (_, i) =>
        device.publishAsync('twins/P/telemetry', bad[i % 4] as string, { qos: 1 }),
      ),
    );
    await device.publishAsync('twins/P/telemetry', '{"a":1}', { qos: 1 });
    await until(() => application.value('P', 'a') === 1);
    expect(telemetry.counters).toMatchObject({ deadLettered: 6_000, committed: 1 });
  });

  it('kept by the broker from before is uncertain, for nobody knows its age', async () => {
    broker = await startMosquitto();
    const device = await connectDevice(broker.url);
    await device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1, retain: true });
    await start(broker.url);
    await until(() => application.value('P-1', 'a') === 1);
    expect(application.values.get('P-1')?.get('a')?.quality).toBe('UNCERTAIN');
  });

  it('tells of a device that dies by its last will', async () => {
    broker = await startMosquitto();
    await start(broker.url);
    const will = { topic: 'twins/P-1/connectivity', payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    const device = await connectDevice(broker.url, { will });
    device.stream.destroy();
    await until(() => application.reports.length > 0);
    expect(application.reports).toMatchObject([{ twin: 'P-1', connectivity: 'OFFLINE' }]);
  });
});

describe.skipIf(mosquittoPath === null)('messages that the broker dropped because a queue was full', () => {
  it('are counted and told, as far as the broker tells of them', async () => {
    broker = await startMosquitto(['max_queued_messages 10', 'sys_interval 1']);
    const telemetry = await start(broker.url);
    // A session that nobody reads, as ours is while no server is there.
    const away = await connectDevice(broker.url, { clientId: 'away', clean: false });
    await away.subscribeAsync('away/#', { qos: 1 });
    away.stream.destroy();
    // The broker has told its first count: what comes now is added to it.
    const watcher = await connectDevice(broker.url);
    await (await listenTo(watcher, '$SYS/broker/publish/messages/dropped')).next();
    const device = await connectDevice(broker.url);
    const lost = async (): Promise<boolean> => {
      await device.publishAsync('away/x', '1', { qos: 1 });
      return telemetry.counters.brokerDropped > 0;
    };
    while (!(await lost()));
    expect(lines.some(({ level, message }) => level === 'warn' && message.includes('dropped messages'))).toBe(true);
  });
});

describe.skipIf(mosquittoPath === null)('when the broker goes away', () => {
  it('and comes back with our session, nothing is lost', async () => {
    broker = await startMosquitto([...ROOM, 'persistence true']);
    const telemetry = await start(broker.url);
    await publishMany(broker.url, 1_000);
    await until(() => telemetry.counters.acknowledged === 1_000);
    await broker.restart();
    await until(() => telemetry.isConnected);
    await publishMany(broker.url, 2_000);
    await untilLastValues(2_000);
    expect(telemetry.counters).toMatchObject({ disconnected: 1, sessionsLost: 0 });
  });

  it('and comes back without our session, the possible loss is told and counted, and telemetry goes on', async () => {
    broker = await startMosquitto();
    const telemetry = await start(broker.url);
    await broker.restart();
    await until(() => telemetry.isConnected);
    expect(telemetry.counters.sessionsLost).toBe(1);
    expect(lines.filter(({ level, message }) => level === 'warn' && message.includes('lost'))).toHaveLength(1);
    const device = await connectDevice(broker.url);
    await until(() => lines.some(({ message }) => message.includes('lost')));
    await device.publishAsync('twins/P-1/telemetry', '{"a":1}', { qos: 1, retain: true });
    await until(() => application.value('P-1', 'a') === 1);
  });

  it('without closing its connections, the server stops nevertheless, in time', async () => {
    broker = await startMosquitto();
    const telemetry = await start(broker.url);
    broker.freeze();
    const began = performance.now();
    await telemetry.stop();
    expect(performance.now() - began).toBeLessThan(TELEMETRY_LIMITS.stopMs + 3 * TELEMETRY_LIMITS.goodbyeMs);
    await broker.kill();
  });

  it('while a commit runs, its acknowledgements are not given to the next connection', async () => {
    broker = await startMosquitto([...ROOM, 'persistence true']);
    let commit = (): void => {};
    const released = new Promise<void>((resolve) => (commit = resolve));
    application.beforeCommit = () => released;
    const telemetry = await start(broker.url);
    await publishMany(broker.url, 600);
    await until(() => telemetry.counters.received === 600);
    await broker.restart();
    await until(() => telemetry.isConnected);
    commit();
    // The 600 come once more, because their acknowledgements went nowhere; they change nothing.
    await until(() => telemetry.counters.acknowledged === 1_200);
    expect(telemetry.counters).toMatchObject({ redelivered: 600 });
    await untilLastValues(600);
  });

  it('before the first connection, the start does not wait for it; telemetry begins when it comes', async () => {
    broker = await startMosquitto();
    await broker.kill();
    const telemetry = await start(broker.url);
    expect(telemetry.isConnected).toBe(false);
    await expect(telemetry.publish('twins/P-1/telemetry', '{"a":1}')).rejects.toThrow(/cannot be reached/);
    await broker.restart();
    await until(() => telemetry.isConnected);
    await telemetry.publish('twins/P-1/telemetry', '{"a":1}');
    await until(() => application.value('P-1', 'a') === 1);
  });
});

describe.skipIf(mosquittoPath === null)('a second server with our name', () => {
  it('stands by while the first one lives, and takes over where that one stopped', async () => {
    broker = await startMosquitto(ROOM);
    const first = await start(broker.url);
    const second = await start(broker.url);
    expect([first.isStandingBy, second.isStandingBy, second.isConnected]).toEqual([false, true, true]);
    await publishMany(broker.url, 1_000);
    await until(() => first.counters.acknowledged === 1_000);
    await first.stop();
    await until(() => !second.isStandingBy && second.isConnected);
    await publishMany(broker.url, 2_000);
    await untilLastValues(2_000);
    expect(second.counters).toMatchObject({ received: 2_000, redelivered: 0, disconnected: 0, sessionsLost: 0 });
  });

  it('has one of the two taking telemetry in after the broker was away', async () => {
    broker = await startMosquitto(ROOM);
    const both = [await start(broker.url), await start(broker.url)];
    await broker.restart();
    // The broker has forgotten all: what comes before one of them has subscribed again is nobody's.
    const device = await connectDevice(broker.url);
    while (application.value('first', 'a') === undefined)
      await device.publishAsync('twins/first/telemetry', '{"a":1}', { qos: 1 });
    await until(() => both.every(({ isConnected }) => isConnected));
    await until(() => both.filter(({ isStandingBy }) => isStandingBy).length === 1);
    await publishMany(broker.url, 1_000);
    await untilLastValues(1_000);
  });

  it('and another session is no standby: both take in what is theirs', async () => {
    broker = await startMosquitto(ROOM);
    const both = [
      await start(broker.url, { clientId: 'north', filters: ['twins/north/+/telemetry'] }),
      await start(broker.url, { clientId: 'south', filters: ['twins/south/#'] }),
    ];
    const device = await connectDevice(broker.url);
    for (const twin of ['north/P', 'south/P', 'south/area/P']) {
      await device.publishAsync(`twins/${twin}/telemetry`, '{"a":1}', { qos: 1 });
    }
    await until(() => both.reduce((sum, { counters }) => sum + counters.committed, 0) === 3);
    expect(both.map(({ counters, isStandingBy }) => [counters.committed, isStandingBy])).toEqual([
      [1, false],
      [2, false],
    ]);
  });

  it('with filters of which nothing is read does not start', async () => {
    const filters = ['twins/north/#', 'twin/south/#'];
    await expect(start('mqtt://127.0.0.1:1', { clientId: 'north', filters })).rejects.toThrow(
      'MQTT_FILTERS: expected topic filters of which something is read, got "twin/south/#"',
    );
  });

  it('of a shared group gets its part, and the log warns of what that costs', async () => {
    broker = await startMosquitto(ROOM);
    const first = await start(broker.url, { clientId: 'a', sharedGroup: 'plant' });
    const second = await start(broker.url, { clientId: 'b', sharedGroup: 'plant' });
    expect(lines.filter(({ level, message }) => level === 'warn' && message.includes('shared'))).toHaveLength(1);
    await publishMany(broker.url, 1_000);
    await until(() => first.counters.received + second.counters.received === 1_000);
    await untilLastValues(1_000);
    expect(Math.min(first.counters.received, second.counters.received)).toBeGreaterThan(0);
  });
});

describe.skipIf(mosquittoPath === null)('what goes out', () => {
  it('are desired values, kept by the broker, also those set while it was away', async () => {
    broker = await startMosquitto();
    const telemetry = await start(broker.url);
    await broker.restart();
    application.setDesired('ポンプ/1', 'setpoint', { low: 1, high: 2 });
    await until(() => telemetry.isConnected);
    const device = await connectDevice(broker.url);
    const message = await (await listenTo(device, 'twins/ポンプ/1/desired')).next();
    expect(JSON.parse(message.text)).toEqual({ setpoint: { low: 1, high: 2 } });
  });

  it('are dead letters', async () => {
    broker = await startMosquitto();
    await start(broker.url);
    const device = await connectDevice(broker.url);
    const deadLetters = await listenTo(device, 'twins/$dead');
    await device.publishAsync('twins/P-1/telemetry', 'not json', { qos: 1 });
    expect(JSON.parse((await deadLetters.next()).text)).toMatchObject({ topic: 'twins/P-1/telemetry' });
  });
});

describe('a broker that speaks MQTT 3.1.1 only', () => {
  let old: Telemetry;

  beforeEach(async () => {
    old = await startTelemetry({
      application: new ControlledApplication(),
      settings: { host: '127.0.0.1', mqttPort: 0, topicRoot: 'elsewhere' },
      clock: systemClock,
      timers: systemTimers,
      log: createRecordingLog().log,
    });
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((telemetry) => telemetry.stop()));
    await old.stop();
  });

  it('is spoken to in 3.1.1', async () => {
    const telemetry = await start(old.addresses[0] as string);
    await until(() => telemetry.isConnected);
    await old.publish('twins/P-1/telemetry', '{"a":1}');
    await until(() => application.value('P-1', 'a') === 1);
    expect(lines.some(({ fields }) => fields['mqtt'] === '3.1.1')).toBe(true);
  });

  it('and so knows no window, is read no further while the graph is away', async () => {
    const url = old.addresses[0] as string;
    application.isDown = true;
    const telemetry = await start(url);
    await until(() => telemetry.isConnected);
    const { disconnected } = telemetry.counters;
    const published = publishMany(url, 20_000);
    await until(() => telemetry.counters.retries >= 4);
    // What one read of the socket brings is taken whole.
    const inOneRead = 65_536 / 60;
    expect(telemetry.counters.received).toBeGreaterThanOrEqual(TELEMETRY_LIMITS.windowMessages);
    expect(telemetry.counters.received).toBeLessThan(TELEMETRY_LIMITS.windowMessages + inOneRead);
    application.isDown = false;
    await published;
    await until(() => telemetry.counters.acknowledged === 20_000);
    await untilLastValues(20_000);
    expect(telemetry.counters).toMatchObject({ disconnected, redelivered: 0 });
  });
});

describe('MQTT_URL', () => {
  it.each(['nonsense', 'http://127.0.0.1:1883'])('that is no broker (%s) stops the start', async (url) => {
    await expect(start(url)).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('MQTT_URL'),
    });
  });

  it('that leads nowhere is told once at the start, with the reason', async () => {
    await start(`mqtt://user:secret@127.0.0.1:${await freePort()}`);
    const told = lines.filter(({ level }) => level === 'warn');
    expect(told).toHaveLength(1);
    expect(told[0]?.fields).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('is shown without the password in it', async () => {
    const telemetry = await start('mqtt://user:secret@127.0.0.1:1');
    expect(telemetry.addresses).toEqual(['mqtt://127.0.0.1:1']);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});
