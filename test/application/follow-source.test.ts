/** What sources tell besides readings, on the embedded graph. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reading } from '../../src/domain/telemetry.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

let plant: TestApplication;
const AT = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  plant = await openApplication();
  const properties = [
    { name: 'temperature', schema: 'double', limits: [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN' }] },
    { name: 'setpoint', schema: 'double', writable: true },
  ];
  await plant.application.upsertModels([{ id: 'Pump', kind: 'ASSET', name: 'Pump', properties }], { actor: null });
  await plant.application.upsertTwins([{ id: 'P-1', kind: 'ASSET', model: 'Pump' }], { actor: null });
});
afterEach(() => plant.close());

function reading(property: string, value: number, second: number, sequence = 0): Reading {
  const at = AT + second * 1000;
  return { twin: 'P-1', property, value, observedAt: at, receivedAt: at, quality: 'GOOD', sequence };
}

const remove = (property: string, second: number, sequence = 0, reach: 'ONE' | 'DEEP' | 'PREFIX' = 'ONE') =>
  plant.application.removeReported([{ twin: 'P-1', property, reach, at: AT + second * 1000, sequence }]);

async function values(): Promise<Record<string, unknown>> {
  const states = (await plant.application.properties(['P-1'])).get('P-1') ?? new Map();
  return Object.fromEntries(
    [...states].map(([name, { value, desired }]) => [name, desired === undefined ? value : { value, desired }]),
  );
}

describe('a property that its source takes away', () => {
  it('is gone, with those below it or those that begin alike when the source says so', async () => {
    const names = ['a', 'a.b', 'ab', 'm.x', 'm.y', 'n.x'];
    await plant.application.ingest(names.map((name) => reading(name, 1, 0)));
    await remove('a', 1);
    expect(Object.keys(await values()).toSorted()).toEqual(['a.b', 'ab', 'm.x', 'm.y', 'n.x']);
    await remove('a', 1, 0, 'DEEP');
    await remove('m.', 1, 0, 'PREFIX');
    expect(Object.keys(await values()).toSorted()).toEqual(['ab', 'n.x']);
  });

  it('stays when it was reported at that time or later', async () => {
    await plant.application.ingest([reading('a', 1, 5, 3), reading('b', 1, 6), reading('c', 1, 5, 2)]);
    for (const name of ['a', 'b', 'c']) await remove(name, 5, 3);
    expect(await values()).toEqual({ a: 1, b: 1 });
  });

  it('keeps what is desired of it', async () => {
    await plant.application.ingest([reading('setpoint', 1, 0)]);
    await plant.application.setDesired('P-1', { setpoint: 7 }, { actor: null });
    await remove('setpoint', 1);
    expect(await values()).toEqual({ setpoint: { value: null, desired: 7 } });
  });

  it('has no part in the twin’s health any more', async () => {
    await plant.application.ingest([reading('temperature', 95, 0)]);
    expect(plant.application.status('P-1').health).toBe('DOWN');
    await remove('temperature', 1);
    expect(plant.application.status('P-1').health).toBe('OPERATIONAL');
  });

  it('of a twin that nobody knows is no fault', async () => {
    await plant.application.removeReported([{ twin: 'ghost', property: 'a', reach: 'ONE', at: AT, sequence: 0 }]);
    expect(plant.application.topology.twin('ghost')).toBeUndefined();
  });
});

describe('what a source’s own twin desires', () => {
  it('is desired here, until it is not any more', async () => {
    const take = (value: number | null) =>
      plant.application.takeDesired([{ twin: 'P-1', property: 'setpoint', value }]);
    expect(await take(5)).toEqual([null]);
    expect(await values()).toEqual({ setpoint: { value: null, desired: 5 } });
    await take(null);
    expect(await values()).toEqual({});
  });

  it('is refused alone where the model does not allow it', async () => {
    const told = await plant.application.takeDesired([
      { twin: 'P-1', property: 'temperature', value: 1 },
      { twin: 'P-1', property: 'setpoint', value: 'high' },
      { twin: 'ghost', property: 'setpoint', value: 1 },
      { twin: 'P-1', property: 'other', value: 1 },
    ]);
    expect(told).toEqual([expect.stringContaining('writable'), expect.stringContaining('double'), null, null]);
    expect(await values()).toEqual({ other: { value: null, desired: 1 } });
  });

  it('changes nothing when it is desired already', async () => {
    await plant.application.takeDesired([{ twin: 'P-1', property: 'setpoint', value: 5 }]);
    const before = plant.application.sequence();
    await plant.application.takeDesired([{ twin: 'P-1', property: 'setpoint', value: 5 }]);
    expect(plant.application.sequence()).toBe(before);
  });
});
