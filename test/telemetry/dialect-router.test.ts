/** Dialects beside one another in the pipeline, with time held by the test. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import { type Counters, createCounters } from '../../src/telemetry/counters.ts';
import { DeadLetters } from '../../src/telemetry/dead-letters.ts';
import { DesiredOut } from '../../src/telemetry/desired-out.ts';
import { DialectRouter } from '../../src/telemetry/dialect-router.ts';
import { createNativeDialect } from '../../src/telemetry/dialects/native.ts';
import type { Outgoing } from '../../src/telemetry/dialects/dialect.ts';
import { IngestPipeline } from '../../src/telemetry/ingest-pipeline.ts';
import { LoggedCauses } from '../../src/telemetry/logged-causes.ts';
import { parseTelemetryConfig } from '../../src/telemetry/telemetry-config.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { UnknownTwins } from '../../src/telemetry/unknown-twins.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { ManualTime } from '../support/manual-time.ts';
import { createRecordingLog, type LogLine } from '../support/recording-log.ts';

const CONFIG = {
  dialects: [
    { dialect: 'ditto', topics: ['ditto/#'] },
    { dialect: 'things-stack' },
    { dialect: 'aws-shadow', options: { things: ['t-1'] } },
    {
      dialect: 'ditto',
      name: 'made',
      topics: ['made/#'],
      unknownTwins: { provision: { kind: 'ASSET', model: 'Pump' } },
    },
    { dialect: 'thingsboard', topics: ['open/#'] },
    { dialect: 'thingsboard', name: 'any', topics: ['+/v1/devices/me/telemetry'] },
  ],
};

let application: ControlledApplication;
let time: ManualTime;
let counters: Counters;
let lines: LogLine[];
let sent: Outgoing[];
let router: DialectRouter;
let pipeline: IngestPipeline;
let acknowledged: number;

beforeEach(() => {
  application = new ControlledApplication();
  time = new ManualTime();
  counters = createCounters();
  sent = [];
  acknowledged = 0;
  const { clock, timers } = time;
  const recording = createRecordingLog();
  const { log } = recording;
  lines = recording.lines;
  const causes = new LoggedCauses(log);
  const native = createNativeDialect('twins');
  const publish = async (outgoing: Outgoing): Promise<void> => {
    sent.push(outgoing);
  };
  router = new DialectRouter({
    native,
    config: parseTelemetryConfig(JSON.stringify(CONFIG), native.filters),
    modelOf: () => 'Heater',
    declaredOf: (_, property) => (property === 'heat' ? { unit: 'degC', writable: true } : undefined),
    clock,
    timers,
    counters,
    causes,
    send: (outgoing) => void publish(outgoing),
    sourceOf: (twin) => application.sources.get(twin),
    onNewSource: (twin, source) => application.sources.set(twin, source),
    onSource: (twin) => desiredOut.came(twin),
  });
  const desiredOut = new DesiredOut({
    application,
    native,
    routes: router,
    timers,
    log,
    isStandingBy: () => false,
    publish,
  });
  application.onDesired(({ twin, property, desired }) => desiredOut.changed(twin, property, desired));
  const deadLetters = new DeadLetters({ publish: async () => {}, clock, counters, causes });
  const unknownTwins = new UnknownTwins({
    application,
    quarantine: application.quarantine,
    policyOf: (topic) => router.policyOf(topic),
    counters,
    deadLetters,
    causes,
  });
  pipeline = new IngestPipeline({
    application,
    dialect: router,
    clock,
    timers,
    log,
    counters,
    causes,
    deadLetters,
    unknownTwins,
  });
  router.start((decoded, message) => pipeline.inject(decoded, message));
});

async function send(topic: string, payload: object): Promise<void> {
  const delivery = { topic, payload: Buffer.from(JSON.stringify(payload)), isRedelivery: false, isReplay: false };
  pipeline.take(delivery, (isStored) => {
    if (isStored) acknowledged += 1;
  });
  await time.advance(TELEMETRY_LIMITS.flushIntervalMs);
}

const event = (thing: string, path: string, value: unknown): object => ({
  topic: `org.acme/${thing}/things/twin/events/modified`,
  path,
  value,
});
const uplink = (count: number, value: number): object => ({
  end_device_ids: { device_id: 'd', application_ids: { application_id: 'a' } },
  uplink_message: { session_key_id: 's', f_cnt: count, decoded_payload: { value } },
});

describe('a desired value', () => {
  it('is told in the unit that its device said last, which stands at the twin', async () => {
    const heat = async (count: number, value: number, unit: string) => {
      const decoded = { heat: { value, unit } };
      const { uplink_message: told, ...ids } = uplink(count, 0) as { uplink_message: object };
      await send('v3/a@t/devices/d/up', { ...ids, uplink_message: { ...told, decoded_payload: decoded } });
    };
    const toldHeat = (): unknown => {
      const [outgoing] = router.encodeDesired('a:d', [{ property: 'heat', value: 55, isInSync: false }]);
      return JSON.parse(String(outgoing?.payload)).downlinks[0].decoded_payload.heat;
    };
    await heat(1, 131, 'degF');
    expect(application.value('a:d', 'heat')).toBe(55);
    expect(toldHeat()).toBe(131);
    expect(application.sources.get('a:d')?.units).toEqual({ heat: 'degF' });
    await heat(2, 328.15, 'K');
    expect(toldHeat()).toBe(328.15);
    await heat(3, 55, 'degC');
    expect(toldHeat()).toBe(55);
    expect(application.sources.get('a:d')?.units).toEqual({});
  });
});

describe('a message', () => {
  it('is read by the dialect whose topics it is on, the native one first', async () => {
    await send('twins/P-1/telemetry', { a: 1 });
    await send('ditto/x', event('p', '/features/f/properties/x', 2));
    await send('pump/v1/devices/me/telemetry', { y: 3 });
    await send('open/v1/devices/me/telemetry', { y: 4 });
    await send('elsewhere', {});
    expect([
      application.value('P-1', 'a'),
      application.value('org.acme:p', 'f.x'),
      application.value('pump', 'y'),
    ]).toEqual([1, 2, 3]);
    expect(application.value('open', 'y')).toBe(4);
    expect(router.policyOf('open/v1/devices/me/telemetry').dialect).toBe('thingsboard');
    expect(router.policyOf('pump/v1/devices/me/telemetry').dialect).toBe('any');
    expect(router.policyOf('twins/P-1/telemetry').dialect).toBe('native');
    expect(counters).toMatchObject({ received: 5, ignored: 1, decoded: 4, acknowledged: 5 });
  });

  it('that its dialect knows for a duplicate is counted, acknowledged, and left', async () => {
    await send('v3/a@t/devices/d/up', uplink(1, 5));
    await send('v3/a@t/devices/d/up', uplink(1, 6));
    expect(application.value('a:d', 'value')).toBe(5);
    expect(counters).toMatchObject({ duplicates: 1, readings: 1, committed: 1 });
    expect(acknowledged).toBe(2);
  });

  it('tells readings of several twins, removals, desired values and reports in that order', async () => {
    await send('ditto/x', event('p', '/features/f', { properties: { x: 1 }, desiredProperties: { x: 2 } }));
    expect(application.value('org.acme:p', 'f.x')).toBe(1);
    expect(application.removals).toMatchObject([{ twin: 'org.acme:p', property: 'f.', reach: 'PREFIX' }]);
    expect(application.desiredBySources).toEqual([{ twin: 'org.acme:p', property: 'f.x', value: 2 }]);
    expect(counters).toMatchObject({ readings: 1, removals: 1, desired: 1, batches: 1 });
  });

  it('is acknowledged only when all that it tells is stored', async () => {
    application.isDown = true;
    await send('ditto/x', { topic: 'org.acme/p/things/twin/events/deleted', path: '/features/f' });
    expect(acknowledged).toBe(0);
    application.isDown = false;
    await time.advance(TELEMETRY_LIMITS.longestRetryMs);
    expect(acknowledged).toBe(1);
    expect(application.removals).toHaveLength(1);
  });
});

describe('a dialect', () => {
  it('is called when the time has come that it waits for', async () => {
    const readyUntil = new Date(time.now + 10_000).toISOString();
    await send('ditto/x', event('p', '/features/ConnectionStatus/properties/status', { readyUntil }));
    expect(application.reports.map(({ connectivity }) => connectivity)).toEqual(['ONLINE']);
    await time.advance(10_000);
    await time.advance(TELEMETRY_LIMITS.flushIntervalMs);
    expect(application.reports.map(({ connectivity }) => connectivity)).toEqual(['ONLINE', 'OFFLINE']);
  });

  it('is not called any more once it is stopped', async () => {
    const readyUntil = new Date(time.now + 10_000).toISOString();
    await send('ditto/x', event('p', '/features/ConnectionStatus/properties/status', { readyUntil }));
    router.stop();
    await time.advance(20_000);
    expect(application.reports).toHaveLength(1);
  });

  it('says what it has to say at a connection', () => {
    router.connected();
    expect(sent.map(({ topic }) => topic)).toEqual(['$aws/things/t-1/shadow/get']);
  });
});

describe('desired values', () => {
  const told = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  const topics = (): string[] => sent.map(({ topic }) => topic);

  it('go out natively for a twin that was heard in no other dialect', async () => {
    application.setDesired('P-1', 'x', 5);
    await told();
    expect(topics()).toEqual(['twins/P-1/desired']);
  });

  it('go out again whenever the device comes, until it has reported them', async () => {
    const desiredOf = (): unknown[] =>
      sent.map(({ payload }) => (JSON.parse(String(payload)) as { downlinks: unknown[] }).downlinks[0]);
    const join = { end_device_ids: { device_id: 'd', application_ids: { application_id: 'a' } }, join_accept: {} };
    await send('v3/a@t/devices/d/up', uplink(1, 5));
    application.setDesired('a:d', 'value', 9);
    await told();
    await send('v3/a@t/devices/d/join', join);
    expect(desiredOf()).toMatchObject([{ decoded_payload: { value: 9 } }, { decoded_payload: { value: 9 } }]);
    await application.report('a:d', 'value', 9);
    await send('v3/a@t/devices/d/join', join);
    // Nothing is left to be told; and what others have in its queue is theirs.
    expect(sent).toHaveLength(2);
  });

  it('whose names the dialect cannot have are said once', async () => {
    await send('ditto/x', event('p', '/features/f/properties/x', 1));
    application.setDesired('org.acme:p', 'nofeature', 1);
    application.setDesired('org.acme:p', 'nofeature', 2);
    await told();
    expect(lines.filter(({ fields }) => fields['property'] === 'nofeature')).toHaveLength(1);
  });
});

describe('unknown twins that are to be made', () => {
  beforeEach(() => {
    application.known = new Set();
  });

  it('are made, and their readings taken in the same go', async () => {
    await send('made/x', event('p', '/features/f/properties', { x: 1, y: 2 }));
    expect(application.value('org.acme:p', 'f.y')).toBe(2);
    expect(counters).toMatchObject({ provisioned: 1, unknownTwin: 0, committed: 2 });
  });

  it('are quarantined when they cannot be made, and that is said', async () => {
    application.upsertTwins = async () => {
      throw new LinchpinError('BAD_INPUT', 'there is no model Pump');
    };
    await send('made/x', event('p', '/features/f/properties/x', 1));
    expect(application.quarantine.list()).toMatchObject([{ id: 'org.acme:p', dialect: 'made' }]);
    expect(lines.some(({ message }) => message.includes('could not be made'))).toBe(true);
    expect(acknowledged).toBe(1);
  });

  it('are made once the graph can be reached again', async () => {
    let isReachable = false;
    const upsert = application.upsertTwins.bind(application);
    application.upsertTwins = async (twins) => {
      if (!isReachable) throw new LinchpinError('STORE_UNAVAILABLE', 'not now');
      return await upsert(twins);
    };
    await send('made/x', event('p', '/features/f/properties/x', 1));
    expect([acknowledged, counters.provisioned]).toEqual([0, 0]);
    isReachable = true;
    await time.advance(TELEMETRY_LIMITS.longestRetryMs);
    expect([acknowledged, counters.provisioned]).toEqual([1, 1]);
    expect(application.value('org.acme:p', 'f.x')).toBe(1);
  });

  it('are so many in a second and no more', async () => {
    const most = TELEMETRY_LIMITS.newTwinsPerSecond;
    for (let i = 0; i < most + 5; i++) {
      const delivery = {
        topic: 'made/x',
        payload: Buffer.from(JSON.stringify(event(`p${i}`, '/features/f/properties/x', 1))),
        isRedelivery: false,
        isReplay: false,
      };
      pipeline.take(delivery, () => {});
    }
    await time.advance(TELEMETRY_LIMITS.flushIntervalMs);
    expect(counters).toMatchObject({ provisioned: most, unremembered: 5 });
  });
});
