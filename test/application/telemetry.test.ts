import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Reading } from '../../src/domain/telemetry.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;
beforeEach(async () => {
  plant = await openApplication();
  const { application } = plant;
  await application.upsertModels(
    [
      {
        id: 'Pump',
        kind: 'ASSET',
        properties: [
          {
            name: 'temperature',
            schema: 'double',
            staleAfter: 'PT10M',
            limits: [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN', deadband: 2 }],
          },
          {
            name: 'vibration',
            schema: 'double',
            limits: [{ comparison: 'ABOVE', threshold: 5, state: 'DEGRADED', delay: 'PT10S' }],
          },
          { name: 'starts', schema: 'integer' },
        ],
      },
    ],
    NOBODY,
  );
  await application.upsertTwins(
    [
      { id: 'P', kind: 'ASSET', model: 'Pump' },
      { id: 'Q', kind: 'ASSET', model: 'Pump' },
    ],
    NOBODY,
  );
});
afterEach(() => plant.close());

const reading = (value: Reading['value'], fields: Partial<Reading> = {}): Reading => ({
  twin: 'P',
  property: 'temperature',
  value,
  receivedAt: plant.time.now,
  quality: 'GOOD',
  ...fields,
});
const outcomes = async (...readings: Reading[]): Promise<string[]> =>
  (await plant.application.ingest(readings)).map((each) => each.outcome);
const temperature = async (): Promise<unknown> =>
  (await plant.application.properties(['P'])).get('P')?.get('temperature');

describe('a reading', () => {
  test('that is late changes nothing', async () => {
    expect(await outcomes(reading(71, { observedAt: 2_000 }))).toEqual(['applied']);
    expect(await outcomes(reading(20, { observedAt: 1_000 }), reading(30, { observedAt: 2_000 }))).toEqual([
      'stale',
      'stale',
    ]);
    expect(await temperature()).toMatchObject({ value: 71, observedAt: 2_000, quality: 'GOOD' });
  });

  test('of a batch: the newest of one property counts, and the twin changes once', async () => {
    expect(
      await outcomes(
        reading(1, { observedAt: 1 }),
        reading(3, { observedAt: 3 }),
        reading(2, { observedAt: 2 }),
        reading(7, { property: 'vibration' }),
      ),
    ).toEqual(['stale', 'applied', 'stale', 'applied']);
    expect(plant.application.topology.twin('P')).toMatchObject({
      revision: 2,
      connectivity: 'ONLINE',
      lastSeen: plant.time.now,
    });
  });

  test('that does not fit the model is rejected with the reason, and the others are taken', async () => {
    const answer = await plant.application.ingest([
      reading('hot'),
      reading(4, { property: 'vibration' }),
      reading(1, { twin: 'nobody' }),
    ]);
    expect(answer.map((each) => each.outcome)).toEqual(['rejected', 'applied', 'unknown-twin']);
    expect(answer[0]?.reason).toBe('temperature: expected a value of schema double, got "hot"');
  });

  test('that is an integer has all its digits, or is rejected', async () => {
    const starts = (value: number): Reading => reading(value, { property: 'starts' });
    const most = Number.MAX_SAFE_INTEGER;
    expect(await outcomes(starts(most))).toEqual(['applied']);
    expect(await outcomes(starts(most + 1), starts(1.5))).toEqual(['rejected', 'rejected']);
  });

  test('of bad quality keeps the last good value', async () => {
    await outcomes(reading(71, { observedAt: 1_000 }));
    await outcomes(reading(-999, { observedAt: 2_000, quality: 'BAD' }));
    expect(await temperature()).toMatchObject({ value: 71, quality: 'BAD', observedAt: 2_000 });
  });
});

describe('health', () => {
  test('follows the limits of the model, with their deadband', async () => {
    const { application } = plant;
    for (const [i, [value, health]] of (
      [
        [95, 'DOWN'],
        [89, 'DOWN'],
        [88, 'OPERATIONAL'],
      ] as const
    ).entries()) {
      await outcomes(reading(value, { observedAt: i }));
      expect(application.status('P').health).toBe(health);
    }
  });

  test('keeps inside the deadband what it was, through a restart', async () => {
    await outcomes(reading(95, { observedAt: 1 }));
    await outcomes(reading(89, { observedAt: 2 }));
    plant = await plant.restart();
    expect(plant.application.status('P').health).toBe('DOWN');
    await outcomes(reading(89.5, { observedAt: 3 }));
    expect(plant.application.status('P').health).toBe('DOWN');
    await outcomes(reading(80, { observedAt: 4 }));
    expect(plant.application.status('P').health).toBe('OPERATIONAL');
  });

  test('waits for the delay of a limit', async () => {
    const { application, time, store } = plant;
    const settled = async (): Promise<unknown> => store.transact(async () => {});
    await outcomes(reading(6, { property: 'vibration' }));
    expect(application.status('P').health).toBe('OPERATIONAL');
    await time.advance(9_000, settled);
    expect(application.status('P').health).toBe('OPERATIONAL');
    await time.advance(2_000, settled);
    expect(application.status('P').health).toBe('DEGRADED');
  });

  test('waits for the delay of a limit from its begin on, also when the server is started again meanwhile', async () => {
    await outcomes(reading(6, { property: 'vibration' }));
    await plant.time.advance(6_000);
    await outcomes(reading(7, { property: 'vibration' }));
    await plant.time.advance(3_000);
    plant = await plant.restart();
    const { application, time, store } = plant;
    const settled = async (): Promise<unknown> => store.transact(async () => {});
    expect(application.status('P').health).toBe('OPERATIONAL');
    await time.advance(2_000, settled);
    expect(application.status('P').health).toBe('DEGRADED');
  });

  test('that went silent while no server ran is stale at the start', async () => {
    await outcomes(reading(20));
    plant.time.now += 11 * 60_000;
    plant = await plant.restart();
    await plant.time.advance(1_000, async () => plant.store.transact(async () => {}));
    expect(plant.application.topology.twin('P')?.connectivity).toBe('STALE');
    expect(plant.application.status('P').health).toBe('UNKNOWN');
  });

  test('is UNKNOWN when a property with limits goes silent, and known again with the next reading', async () => {
    const { application, time, store } = plant;
    const settled = async (): Promise<unknown> => store.transact(async () => {});
    await outcomes(reading(20));
    await time.advance(9 * 60_000, settled);
    await outcomes(reading(21));
    await time.advance(9 * 60_000, settled);
    expect(application.status('P').health).toBe('OPERATIONAL');
    await time.advance(2 * 60_000, settled);
    expect(application.status('P').health).toBe('UNKNOWN');
    expect(application.topology.twin('P')?.connectivity).toBe('STALE');
    expect(await temperature()).toMatchObject({ value: 21, stale: true });
    await outcomes(reading(22));
    expect(application.status('P').health).toBe('OPERATIONAL');
    expect(application.topology.twin('P')?.connectivity).toBe('ONLINE');
    expect(await temperature()).toMatchObject({ value: 22, stale: false });
  });

  test('is UNKNOWN while the device is offline, and its values stay', async () => {
    const { application, time } = plant;
    await outcomes(reading(20));
    await application.reportConnectivity([{ twin: 'P', connectivity: 'OFFLINE', at: time.now }]);
    expect([application.status('P').health, application.topology.twin('P')?.connectivity]).toEqual([
      'UNKNOWN',
      'OFFLINE',
    ]);
    expect(await temperature()).toMatchObject({ value: 20 });
    await application.reportConnectivity([{ twin: 'P', connectivity: 'ONLINE', at: time.now }]);
    expect(application.status('P').health).toBe('OPERATIONAL');
  });
});

test('maintenance puts a twin out of service until its time has passed', async () => {
  const { application, time, store } = plant;
  await application.setMaintenance('P', true, { ...NOBODY, until: time.now + 60_000, reason: 'bearing' });
  expect(application.status('P')).toMatchObject({ health: 'DOWN', state: 'DOWN', inMaintenance: true });
  await time.advance(62_000, async () => store.transact(async () => {}));
  expect(application.status('P')).toMatchObject({ health: 'OPERATIONAL', inMaintenance: false });
});
