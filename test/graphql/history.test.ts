import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HistoryStore } from '../../src/application/history-store.ts';
import { RingHistory } from '../../src/history/ring-history.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { ManualTime } from '../support/manual-time.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

let plant: TestApplication;
let api: Api;
/** Questions to the store: how many series each is of. */
const questions: number[] = [];

beforeAll(async () => {
  const time = new ManualTime(Date.UTC(2026, 0, 1));
  const history: HistoryStore = new RingHistory({ values: 1_000, valuesPerProperty: 100, startedAt: time.now });
  const range = history.range.bind(history);
  history.range = (question) => {
    questions.push(question.series.length);
    return range(question);
  };
  plant = await openApplication(undefined, time, history);
  api = await startApi(plant.application);
  const caller = { actor: null };
  await plant.application.upsertTwins([{ id: 'site', kind: 'SYSTEM' }], caller);
  for (const id of ['P-1', 'P-2']) {
    await plant.application.upsertTwins([{ id, kind: 'ASSET' }], caller);
    await plant.application.upsertRelationships([{ type: 'PART_OF', source: id, target: 'site' }], caller);
  }
  time.now += 86_400_000;
  for (const [twin, factor] of [
    ['P-1', 1],
    ['P-2', 10],
  ] as const) {
    await plant.application.ingest(
      [1, 2, 3].map((n) => ({
        twin,
        property: 'flow',
        value: n * factor,
        quality: n === 2 ? 'UNCERTAIN' : 'GOOD',
        observedAt: Date.UTC(2026, 0, 1, 9, n * 25),
        receivedAt: time.now,
      })),
    );
  }
  await plant.application.keepHistory([]);
});
afterAll(async () => {
  await api.stop();
  await plant.close();
});

const codeOf = async (field: string) =>
  (await api.query(`{ twin(id: "P-1") { ${field} } }`)).errors?.[0]?.extensions.code;

it('history answers every value of the range, oldest first', async () => {
  const { data, errors } = await api.query(`{ twin(id: "P-1") {
    history(property: "flow", from: "2026-01-01T09:25:00Z", to: "2026-01-01T10:15:00Z") {
      at value quality count min max mean
    }
    none: history(property: "speed", from: "2026-01-01T00:00:00Z") { at }
  } }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    twin: {
      history: [
        { at: '2026-01-01T09:25:00.000Z', value: 1, quality: 'GOOD', count: 1, min: 1, max: 1, mean: 1 },
        { at: '2026-01-01T09:50:00.000Z', value: 2, quality: 'UNCERTAIN', count: 1, min: 2, max: 2, mean: 2 },
      ],
      none: [],
    },
  });
});

it('historyRange answers buckets and says whether they are all', async () => {
  const { data, errors } = await api.query(`{ twin(id: "P-2") {
    day: historyRange(property: "flow", from: "2026-01-01T00:00:00Z", every: "PT1H") {
      samples { at value quality count min max mean } completeSince complete limit
    }
    cut: historyRange(property: "flow", from: "2026-01-01T00:00:00Z", first: 2) { samples { value } complete limit }
    before: historyRange(property: "flow", from: "2025-12-31T00:00:00Z") { samples { value } complete limit }
  } }`);
  expect(errors).toBeUndefined();
  expect(data.twin.day).toEqual({
    samples: [
      { at: '2026-01-01T09:00:00.000Z', value: 20, quality: 'UNCERTAIN', count: 2, min: 10, max: 20, mean: 15 },
      { at: '2026-01-01T10:00:00.000Z', value: 30, quality: 'GOOD', count: 1, min: 30, max: 30, mean: 30 },
    ],
    completeSince: '2026-01-01T00:00:00.000Z',
    complete: true,
    limit: null,
  });
  expect(data.twin.cut).toEqual({ samples: [{ value: 10 }, { value: 20 }], complete: false, limit: 'first' });
  expect(data.twin.before).toMatchObject({ complete: false, limit: 'completeSince' });
});

it('valueAt answers what a property was at an instant, and null before anything was measured', async () => {
  const { data } = await api.query(`{ twin(id: "P-1") {
    earlier: valueAt(property: "flow", at: "2026-01-01T10:00:00Z") { at value quality }
    now: valueAt(property: "flow", at: "2026-01-02T00:00:00Z") { value }
    before: valueAt(property: "flow", at: "2026-01-01T09:00:00Z") { value }
  } }`);
  expect(data.twin).toEqual({
    earlier: { at: '2026-01-01T09:50:00.000Z', value: 2, quality: 'UNCERTAIN' },
    now: { value: 3 },
    before: null,
  });
});

it('the same range of many twins and properties is one question to the store', async () => {
  questions.length = 0;
  const { data, errors } = await api.query(`{ twin(id: "site") { children { nodes {
    flow: history(property: "flow", from: "2026-01-01T09:00:00Z") { value }
    again: historyRange(property: "flow", from: "2026-01-01T09:00:00Z") { complete }
    speed: history(property: "speed", from: "2026-01-01T09:00:00Z") { value }
  } } } }`);
  expect(errors).toBeUndefined();
  expect(data.twin.children.nodes.map((node: { flow: { value: number }[] }) => node.flow.map((s) => s.value))).toEqual([
    [1, 2, 3],
    [10, 20, 30],
  ]);
  expect(questions).toEqual([4]);
});

it.each([
  [
    'a range that ends before it begins',
    'history(property: "flow", from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z") { at }',
    'BAD_INPUT',
  ],
  [
    'buckets without length',
    'history(property: "flow", from: "2026-01-01T00:00:00Z", every: "PT0S") { at }',
    'BAD_INPUT',
  ],
  ['a name that no property can have', 'history(property: "", from: "2026-01-01T00:00:00Z") { at }', 'BAD_INPUT'],
  ['a negative page', 'history(property: "flow", from: "2026-01-01T00:00:00Z", first: -1) { at }', 'BAD_INPUT'],
  [
    'more samples than one answer may have',
    'history(property: "flow", from: "2026-01-01T00:00:00Z", first: 10001) { at }',
    'LIMIT_EXCEEDED',
  ],
])('%s is refused', async (_, field, code) => {
  expect(await codeOf(field)).toBe(code);
});

it('what a model thins is told, and comes back when it is exported', async () => {
  const model = {
    id: 'pump',
    kind: 'ASSET',
    properties: [{ name: 'flow', schema: 'double', history: { deadband: 0.5, maxInterval: 'PT10M' } }],
  };
  const { data, errors } = await api.query(
    'mutation($m: [JSON!]!) { upsertModels(models: $m) { properties { name history { deadband maxInterval } } } }',
    { m: [model] },
  );
  expect(errors).toBeUndefined();
  expect(data.upsertModels[0].properties).toEqual([{ name: 'flow', history: { deadband: 0.5, maxInterval: 'PT10M' } }]);
  plant = await plant.restart();
  const restarted = plant.application;
  expect(restarted.model('pump')?.properties[0]?.history).toEqual({ deadband: 0.5, maxIntervalMs: 600_000 });
});
