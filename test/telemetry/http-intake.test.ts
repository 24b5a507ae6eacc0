/** Messages over HTTP in the pipeline: stored, refused, unknown, or not now. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { ManualTime } from '../support/manual-time.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const NOTIFICATION = Buffer.from(
  JSON.stringify({ type: 'Notification', data: [{ id: 'P-1', type: 'Pump', speed: { type: 'Property', value: 7 } }] }),
);
let application: ControlledApplication;
let telemetry: Telemetry;
let time: ManualTime;

beforeEach(async () => {
  application = new ControlledApplication();
  time = new ManualTime();
  telemetry = await startTelemetry({
    application,
    settings: {
      host: '127.0.0.1',
      mqttPort: 0,
      topicRoot: 'twins',
      telemetryConfig: JSON.stringify({
        dialects: [
          { dialect: 'ngsi-ld', name: 'city' },
          { dialect: 'homie' },
          { dialect: 'ditto', topics: ['ditto/#'] },
        ],
      }),
    },
    clock: time.clock,
    timers: time.timers,
    log: createRecordingLog().log,
  });
});

afterEach(async () => {
  application.isDown = false;
  const stopped = telemetry.stop();
  await time.advance(60_000);
  await stopped;
});

/** Time goes on until it is answered. */
async function receive(dialect: string, payload: Uint8Array, mayTell?: (twin: string) => boolean): Promise<unknown> {
  const answer: { receipt?: unknown } = {};
  void telemetry.receive(dialect, payload, mayTell).then((receipt) => (answer.receipt = receipt));
  while (answer.receipt === undefined) {
    await time.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer.receipt;
}

describe('a message over HTTP', () => {
  it('is answered when it is stored', async () => {
    expect(await receive('city', NOTIFICATION)).toEqual({ outcome: 'STORED' });
    expect(application.value('P-1', 'speed')).toBe(7);
  });

  it('that cannot be read is refused, and counted as a dead letter', async () => {
    expect(await receive('city', Buffer.from('{}'))).toMatchObject({ outcome: 'REFUSED' });
    expect(telemetry.counters.deadLettered).toBe(1);
  });

  it('that tells of what its sender may not is refused', async () => {
    expect(await receive('city', NOTIFICATION, (twin) => twin !== 'P-1')).toMatchObject({ outcome: 'REFUSED' });
    expect(application.value('P-1', 'speed')).toBeUndefined();
  });

  it('that is refused so does not pass for the first of two, when another sender tells the same', async () => {
    const named = Buffer.from(JSON.stringify({ ...JSON.parse(NOTIFICATION.toString()), id: 'n-1' }));
    expect(await receive('city', named, (twin) => twin !== 'P-1')).toMatchObject({ outcome: 'REFUSED' });
    // Nor by a value that is at fault.
    const faulty = Buffer.from(NOTIFICATION.toString().replace('"value":7', '"value":7,"observedAt":"soon"'));
    expect(await receive('city', faulty, (twin) => twin !== 'P-1')).toMatchObject({ outcome: 'REFUSED' });
    expect(application.sources.get('P-1')).toBeUndefined();
    expect(await receive('city', named)).toEqual({ outcome: 'STORED' });
    expect(application.value('P-1', 'speed')).toBe(7);
    expect(telemetry.counters.duplicates).toBe(0);
  });

  it('that is refused so says nothing later on either', async () => {
    const status = (seconds: number): Buffer => {
      const value = { readyUntil: new Date(time.clock() + seconds * 1_000).toISOString() };
      const path = '/features/ConnectionStatus/properties/status';
      return Buffer.from(JSON.stringify({ topic: 'a/P-1/things/twin/events/modified', path, value }));
    };
    expect(await receive('ditto', status(1), (twin) => twin !== 'a:P-1')).toMatchObject({ outcome: 'REFUSED' });
    await time.advance(5_000);
    expect(application.reports).toEqual([]);
    expect(await receive('ditto', status(1))).toEqual({ outcome: 'STORED' });
    await time.advance(5_000);
    expect(application.reports.map(({ connectivity }) => connectivity)).toEqual(['ONLINE', 'OFFLINE']);
  });

  it.each(['ngsi-ld', 'homie', 'native', '../city'])(
    'for %s, which is not configured or needs a topic, goes nowhere',
    async (dialect) => {
      expect(await receive(dialect, NOTIFICATION)).toEqual({ outcome: 'UNKNOWN_DIALECT' });
    },
  );

  it('is to come again while the graph is away, and at once when too many wait', async () => {
    application.isDown = true;
    const before = time.clock();
    expect(await receive('city', NOTIFICATION)).toMatchObject({ outcome: 'UNAVAILABLE' });
    expect(time.clock() - before).toBeGreaterThanOrEqual(TELEMETRY_LIMITS.httpWaitMs);
    for (let i = 1; i < TELEMETRY_LIMITS.windowMessages; i += 1) void telemetry.receive('city', NOTIFICATION);
    expect(await telemetry.receive('city', NOTIFICATION)).toMatchObject({ outcome: 'UNAVAILABLE' });
  });
});
