import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Memory } from '../../src/application/memory.ts';
import type { ChangeRecord } from '../../src/domain/change.ts';
import { NO_CHANGES } from '../../src/domain/change.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { ManualTime } from '../support/manual-time.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;
beforeEach(async () => {
  plant = await openApplication();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await plant.close();
});

const valueOf = async (id: string, name: string): Promise<unknown> =>
  (await plant.application.properties([id], [name])).get(id)?.get(name)?.value;

test('properties that were asked for are known, and a change is answered without a statement', async () => {
  const { application, store, time } = plant;
  await application.upsertTwins([{ id: 'P', kind: 'ASSET', properties: { speed: 1, note: 'as built' } }], NOBODY);
  expect(await valueOf('P', 'speed')).toBe(1);
  const statements = vi.spyOn(store, 'revisedProperties');
  await time.advance(1_000);
  await application.report({ id: 'P', properties: { speed: 2, pressure: 7 } }, NOBODY);
  expect(await valueOf('P', 'speed')).toBe(2);
  expect(statements).not.toHaveBeenCalled();
  expect(await valueOf('P', 'pressure')).toBe(7);
  expect(await valueOf('P', 'speed')).toBe(2);
  expect(await valueOf('P', 'not there')).toBeUndefined();
  expect(await valueOf('P', 'not there')).toBeUndefined();
  expect(statements.mock.calls.map(([, names]) => names)).toEqual([['pressure'], ['not there']]);
});

test('one that is held is told at once, there or not, and follows changes; one that is not has to be read', async () => {
  const { application, time } = plant;
  await application.upsertTwins([{ id: 'P', kind: 'ASSET', properties: { speed: 1 } }], NOBODY);
  expect(application.knownProperty('P', 'speed')).toBeUndefined();
  await application.properties(['P'], ['speed', 'not there']);
  expect(application.knownProperty('P', 'speed')).toMatchObject({ value: 1 });
  expect(application.knownProperty('P', 'not there')).toBeNull();
  expect(application.knownProperty('P', 'pressure')).toBeUndefined();
  await time.advance(1_000);
  await application.report({ id: 'P', properties: { speed: 2, 'not there': 3 } }, NOBODY);
  expect(application.knownProperty('P', 'speed')).toMatchObject({ value: 2 });
  expect(application.knownProperty('P', 'not there')).toMatchObject({ value: 3 });
  await application.deleteTwin('P', NOBODY);
  expect(application.knownProperty('P', 'speed')).toBeUndefined();
});

test('a twin that comes again under the id of one that went has nothing of it', async () => {
  const { application } = plant;
  await application.upsertTwins([{ id: 'P', kind: 'ASSET', properties: { speed: 1 } }], NOBODY);
  const early = application.properties(['P']);
  await application.deleteTwin('P', NOBODY);
  await application.upsertTwins([{ id: 'P', kind: 'ASSET' }], NOBODY);
  await early;
  expect((await application.properties(['P'])).get('P')).toEqual(new Map());
});

test('what was read from a graph that is ahead of memory is not taken back by the records in between', async () => {
  const memory = new Memory(new ManualTime().clock, new ManualTime().timers);
  const state = (value: number) => ({ ...EMPTY, value });
  const record = (sequence: number, value: number): ChangeRecord => ({
    ...NO_CHANGES,
    sequence,
    at: sequence,
    origin: 'telemetry',
    actor: null,
    twins: [
      {
        id: 'P',
        before: { revision: sequence },
        after: { revision: sequence + 1 },
        properties: [{ name: 'speed', before: state(value - 1), after: state(value) }],
      },
    ],
  });
  memory.topology.addTwin({ ...(await aTwin()), revision: 1 });
  const { store } = plant;
  const statements = vi
    .spyOn(store, 'revisedProperties')
    .mockResolvedValue(new Map([['P', { revision: 3, states: new Map([['speed', state(12)]]) }]]));
  const read = async () => (await memory.properties.read(store, ['P'])).get('P')?.get('speed')?.value;
  expect(await read()).toBe(12);
  memory.apply(record(1, 11));
  expect(await read()).toBe(12);
  memory.apply(record(2, 12));
  memory.apply(record(3, 13));
  expect(await read()).toBe(13);
  expect(statements).toHaveBeenCalledTimes(1);
});

test('answers and selections are those of the graph, whatever was asked and changed before', async () => {
  const id = fc.constantFrom('A', 'B');
  const name = fc.constantFrom('x', 'y', 'z');
  const step = fc.oneof(
    fc.record({ do: fc.constant('ask' as const), id, names: fc.option(fc.uniqueArray(name)) }),
    fc.record({ do: fc.constant('put' as const), id, name, value: fc.option(fc.integer({ min: 0, max: 3 })) }),
    fc.record({ do: fc.constant('report' as const), id, name, value: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ do: fc.constant('delete' as const), id }),
  );
  const { application, store, time } = plant;
  const compare = async (names?: string[]) => {
    const known = await application.properties(['A', 'B'], names);
    for (const [twin, states] of await store.properties(['A', 'B'], names)) {
      if (!names) expect(known.get(twin)).toEqual(states);
      for (const each of names ?? []) expect(known.get(twin)?.get(each)).toEqual(states.get(each));
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      for (const each of steps) {
        await time.advance(1_000);
        const isThere = application.topology.twin(each.id) !== undefined;
        if (each.do === 'ask') await compare(each.names ?? undefined);
        else if (each.do === 'put')
          await application.upsertTwins(
            [{ id: each.id, kind: 'ASSET', properties: { [each.name]: each.value } }],
            NOBODY,
          );
        else if (each.do === 'delete') await (isThere && application.deleteTwin(each.id, NOBODY));
        else if (isThere) await application.report({ id: each.id, properties: { [each.name]: each.value } }, NOBODY);
      }
      await compare();
      for (const where of [
        [{ property: 'x', gte: 1 }],
        [
          { property: 'x', eq: null },
          { property: 'y', ne: 2 },
        ],
      ]) {
        const known = await application.selectTwins({ where });
        expect(known).toEqual((await store.twinsWhere(where)).toSorted());
      }
    }),
    { ...FUZZ, numRuns: Math.max(30, FUZZ.numRuns / 5) },
  );
});

const EMPTY = {
  value: null,
  unit: null,
  quality: 'GOOD',
  observedAt: null,
  receivedAt: null,
  order: 0,
  activeLimits: [],
  stale: false,
} as const;

async function aTwin() {
  const [twin] = await plant.application.upsertTwins([{ id: 'P', kind: 'ASSET' }], NOBODY);
  if (!twin) throw new Error('there is no twin');
  return twin;
}
