/** Credentials at the embedded broker, with real clients on real sockets. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { type Telemetry, startTelemetry } from '../../src/telemetry/telemetry.ts';
import { ControlledApplication } from '../support/controlled-application.ts';
import { ManualTime } from '../support/manual-time.ts';
import { closeDevices, closeOf, connackOf, connectDevice, listenTo } from '../support/mqtt-device.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

const principals = new Map<string, Principal>();
const SCOPE = { within: ['pump'], models: null };
const inScope = new Set(['pump']);
let application: ControlledApplication;
let telemetry: Telemetry;
let address: string;
let time: ManualTime;

beforeEach(async () => {
  principals.clear();
  for (const role of ['reader', 'operator'] as const)
    principals.set(role, { actor: role, role, scope: null, expiresAt: null });
  principals.set('device', { actor: 'device', role: 'operator', scope: SCOPE, expiresAt: null });
  application = new ControlledApplication();
  time = new ManualTime(systemClock());
  telemetry = await startTelemetry({
    application,
    settings: { host: '127.0.0.1', mqttPort: 0, topicRoot: 'twins' },
    access: {
      authenticator: {
        async authenticate(credentials) {
          const principal = principals.get(credentials);
          if (!principal) throw new LinchpinError('UNAUTHENTICATED', 'not known');
          return principal;
        },
      },
      sightOf: () => (twin) => inScope.has(twin),
    },
    clock: systemClock,
    // Credentials are looked at by a clock that a test moves; all else goes by the real one.
    timers: {
      after: (ms, run) => (ms === TELEMETRY_LIMITS.credentialsAgeMs ? time.timers : systemTimers).after(ms, run),
    },
    log: createRecordingLog().log,
  });
  address = telemetry.addresses[0] as string;
});
afterEach(async () => {
  await closeDevices();
  await telemetry.stop();
});

const as = (password: string) => ({ username: 'anybody', password });

it('a client without good credentials is refused', async () => {
  expect((await connackOf(address, {})).returnCode).toBe(4);
  expect((await connackOf(address, as('stranger'))).returnCode).toBe(4);
});

it('an operator publishes telemetry; a reader hears, and is cut off when it publishes', async () => {
  const reader = await connectDevice(address, as('reader'));
  const heard = await listenTo(reader, 'twins/#');
  const operator = await connectDevice(address, as('operator'));
  await operator.publishAsync('twins/valve/telemetry', '{"x":1}', { qos: 1 });
  expect(application.order).toEqual(['valve x']);
  expect((await heard.next()).topic).toBe('twins/valve/telemetry');
  const closed = closeOf(reader);
  reader.publish('twins/valve/telemetry', '{"x":2}', { qos: 1 });
  await closed;
  expect(application.order).toEqual(['valve x']);
});

it('a device with a scope tells of its twins alone', async () => {
  const watcher = await connectDevice(address, as('reader'));
  const dead = await listenTo(watcher, 'twins/$dead');
  const device = await connectDevice(address, as('device'));
  await device.publishAsync('twins/pump/telemetry', '{"x":1}', { qos: 1 });
  await device.publishAsync('twins/valve/telemetry', '{"x":1}', { qos: 1 });
  expect(application.order).toEqual(['pump x']);
  expect((await dead.next()).text).toContain('not in the scope of its sender');
  const closed = closeOf(device);
  device.publish('elsewhere', 'x', { qos: 1 });
  await closed;
});

it('a device with a scope hears the desired values of its twins alone', async () => {
  const device = await connectDevice(address, as('device'));
  const grants = async (filter: string) => {
    const granted = await device.subscribeAsync(filter, { qos: 1 }).catch((error: unknown) => error);
    return granted instanceof Error ? 128 : (granted as { qos: number }[])[0]?.qos;
  };
  for (const filter of ['twins/#', 'twins/+/desired', 'twins/valve/desired', 'twins/pump/telemetry', 'twins/$dead'])
    expect(await grants(filter), filter).toBe(128);
  const heard = await listenTo(device, 'twins/pump/desired');
  application.setDesired('pump', 'speed', 3);
  expect(await heard.next()).toMatchObject({ topic: 'twins/pump/desired', text: '{"speed":3}' });
});

it('a client whose credentials are taken back is cut off', async () => {
  const device = await connectDevice(address, as('device'));
  const other = await connectDevice(address, as('operator'));
  const closed = closeOf(device);
  principals.delete('device');
  await time.advance(TELEMETRY_LIMITS.credentialsAgeMs);
  await closed;
  await until(() => !device.connected);
  expect(other.connected).toBe(true);
});
