/** Many twins that go silent at one moment, and several servers that see it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../src/application/application.ts';
import { createApplication, type RunningApplication } from '../../src/application/create-application.ts';
import type { ChangeRecord } from '../../src/domain/change.ts';
import type { Reading } from '../../src/domain/telemetry.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const NOBODY = { actor: null };
const TWINS = 2_500;
const MINUTE = 60_000;
let plant: TestApplication;
const servers: RunningApplication[] = [];

beforeEach(async () => {
  plant = await openApplication();
  const limits = [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN' }];
  const properties = [{ name: 'value', schema: 'double', staleAfter: 'PT10M', limits }];
  const models = [{ id: 'Sensor', kind: 'ASSET', properties }];
  const twins = Array.from({ length: TWINS }, (_, i) => ({ id: `T-${i}`, kind: 'ASSET', model: 'Sensor' }));
  await plant.application.importGraph({ models, twins, relationships: [] }, NOBODY);
  await plant.application.ingest(Array.from({ length: TWINS }, (_, i) => reading(`T-${i}`)));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await plant.close();
});

function reading(twin: string): Reading {
  return { twin, property: 'value', value: 1, receivedAt: plant.time.now, quality: 'GOOD' };
}

/** Another server on the same graph. */
async function startServer(): Promise<RunningApplication> {
  const { store, time } = plant;
  const { clock, timers } = time;
  const running = createApplication({ store, clock, timers, log: createRecordingLog().log, isShared: true });
  await running.start();
  servers.push(running);
  return running;
}

async function letTimePass(ms: number): Promise<ChangeRecord[]> {
  const before = await plant.store.head();
  // All commits, until none is behind the last.
  const settled = async (): Promise<void> => {
    for (let head = -1; head < (await plant.store.head()); ) {
      head = await plant.store.head();
      await plant.store.transact(async () => {});
      await plant.store.transact(async () => {});
    }
  };
  plant.time.now += ms - 2_000;
  await plant.time.advance(2_000, settled);
  return plant.store.changesAfter(before, 1_000);
}

function silentIn(application: Application): number {
  return [...application.topology.nodes()].filter(({ twin }) => twin.connectivity === 'STALE').length;
}

const byClock = (records: readonly ChangeRecord[]): ChangeRecord[] =>
  records.filter(({ origin }) => origin === 'clock');

describe('twins that go silent together', () => {
  test('are told in bounded commits, each twin once, with health UNKNOWN', async () => {
    const records = byClock(await letTimePass(10 * MINUTE + 1_000));
    expect(records.map(({ twins }) => twins.length)).toEqual([1_000, 1_000, 500]);
    expect(new Set(records.flatMap(({ twins }) => twins.map(({ id }) => id))).size).toBe(TWINS);
    expect(records[0]?.twins[0]?.after).toMatchObject({ connectivity: 'STALE', measuredHealth: 'UNKNOWN' });
    expect(records[0]?.twins[0]?.properties).toMatchObject([{ before: { stale: false }, after: { stale: true } }]);
    expect(silentIn(plant.application)).toBe(TWINS);
  });

  test('let readings in between, and one that reports before its turn is not silent', async () => {
    const last = `T-${TWINS - 1}`;
    const events = plant.application.watchTwins({ ids: ['T-0'] });
    const answered = events.next().then(() => plant.application.ingest([reading(last)]));
    const records = await letTimePass(10 * MINUTE + 1_000);
    await answered;
    await events.return?.();
    const origins = records.map(({ origin }) => origin);
    expect(origins.toSorted()).toEqual(['clock', 'clock', 'clock', 'telemetry']);
    expect(origins.at(-1)).toBe('clock');
    expect(plant.application.topology.twin(last)?.connectivity).toBe('ONLINE');
    expect(silentIn(plant.application)).toBe(TWINS - 1);
  });

  test('are told once by two servers on one graph, and both know it', async () => {
    const other = await startServer();
    const records = byClock(await letTimePass(10 * MINUTE + 1_000));
    expect(records.flatMap(({ twins }) => twins).length).toBe(TWINS);
    await other.follow();
    expect(silentIn(other.application)).toBe(TWINS);
    expect(silentIn(plant.application)).toBe(TWINS);
  });

  test('come back with their readings, and go silent again', async () => {
    await letTimePass(10 * MINUTE + 1_000);
    await plant.application.ingest(Array.from({ length: TWINS }, (_, i) => reading(`T-${i}`)));
    expect(silentIn(plant.application)).toBe(0);
    expect(plant.application.status('T-7').health).toBe('OPERATIONAL');
    expect(byClock(await letTimePass(9 * MINUTE))).toEqual([]);
    expect(byClock(await letTimePass(2 * MINUTE)).flatMap(({ twins }) => twins).length).toBe(TWINS);
  });
});
