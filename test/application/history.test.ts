import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECORDER_LIMITS } from '../../src/application/history-recorder.ts';
import type { HistoryStore } from '../../src/application/history-store.ts';
import { LinchpinError } from '../../src/domain/errors.ts';
import type { SeriesValue } from '../../src/domain/history.ts';
import type { PropertyValue } from '../../src/domain/property.ts';
import type { Reading } from '../../src/domain/telemetry.ts';
import { RingHistory } from '../../src/history/ring-history.ts';
import { ManualTime } from '../support/manual-time.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

/** A store behind a network: a test takes it down, and holds its answers. */
class DistantHistory implements HistoryStore {
  readonly isShared = false;
  readonly #ring: RingHistory;
  isDown = false;
  held: (() => void)[] | null = null;
  readonly batches: (readonly SeriesValue[])[] = [];

  constructor(ring: RingHistory) {
    this.#ring = ring;
  }

  async append(values: readonly SeriesValue[]): Promise<void> {
    await Promise.resolve();
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    if (this.isDown) throw new LinchpinError('STORE_UNAVAILABLE', 'nobody there');
    this.batches.push(values);
    this.#ring.append(values);
  }

  range: HistoryStore['range'] = (question) => this.#ring.range(question);
  buckets: HistoryStore['buckets'] = (question) => this.#ring.buckets(question);
  asOf: HistoryStore['asOf'] = (series, at, options) => this.#ring.asOf(series, at, options);
  completeSince: HistoryStore['completeSince'] = (series) => this.#ring.completeSince(series);
  noteLost: HistoryStore['noteLost'] = async (through) => this.#ring.noteLost(through);
  forget: HistoryStore['forget'] = async (before) => this.#ring.forget(before);
  close: HistoryStore['close'] = () => this.#ring.close();
}

const PUMP = { twin: 'pump', property: 'flow' };
let plant: TestApplication;
let start: number;

const reading = (value: PropertyValue, afterMs: number, rest: Partial<Reading> = {}): Reading => ({
  ...PUMP,
  value,
  quality: 'GOOD',
  observedAt: start + afterMs,
  receivedAt: start + 100_000,
  ...rest,
});
const past = async (series = PUMP) => {
  const question = { series: [series], from: 0, to: null, everyMs: null, first: 100 };
  const [answer] = await plant.application.history(question);
  return answer?.samples.map((sample) => sample.value);
};
const ingest = async (...readings: Reading[]): Promise<void> => {
  await plant.application.ingest(readings);
  await plant.application.keepHistory([]);
};
const caller = { actor: null };

async function open(history?: (time: ManualTime) => HistoryStore): Promise<void> {
  const time = new ManualTime();
  plant = await openApplication(undefined, time, history?.(time));
  start = time.now;
  time.now += 100_000;
  const properties = [
    { name: 'flow', schema: 'double' },
    { name: 'level', schema: 'double', history: { deadband: 0.5, maxInterval: 'PT1M' } },
    { name: 'mode', schema: 'string', history: {} },
  ];
  await plant.application.upsertModels([{ id: 'pump', kind: 'ASSET', properties }], caller);
  await plant.application.upsertTwins([{ id: 'pump', kind: 'ASSET', model: 'pump' }], caller);
}
const openDistant = () =>
  open((time) => new DistantHistory(new RingHistory({ values: 1e6, valuesPerProperty: 1e6, startedAt: time.now })));
const distant = (): DistantHistory => plant.history as DistantHistory;

afterEach(() => plant.close());

describe('history', () => {
  beforeEach(() => open());

  it('has every accepted reading at its time, also one that came late and one that was coalesced away', async () => {
    await plant.application.ingest([reading(3, 3_000)]);
    await plant.application.ingest([reading(1, 1_000), reading(4, 4_000)]);
    await plant.application.keepHistory([reading(2, 2_000), reading(3.5, 3_500)]);
    expect(await past()).toEqual([1, 2, 3, 3.5, 4]);
  });

  it('has a reading that comes again once', async () => {
    await ingest(reading(1, 1_000), reading(1, 1_000));
    await ingest(reading(1, 1_000));
    expect(await past()).toEqual([1]);
  });

  it('has nothing of what is refused: a wrong schema, an unknown twin', async () => {
    await ingest(reading('hot', 1_000), reading(1, 1_000, { twin: 'nobody' }));
    await plant.application.keepHistory([reading('hot', 2_000), reading(1, 2_000, { twin: 'nobody' })]);
    expect(await past()).toEqual([]);
    expect(plant.counters()).toMatchObject({ appended: 0, waiting: 0 });
  });

  it('has values set by report, by upsert, by patch and by import, and none for what sets no value', async () => {
    const { application, time } = plant;
    await application.report({ id: 'pump', properties: { flow: 1 } }, caller);
    time.now += 1_000;
    await application.upsertTwins([{ id: 'pump', kind: 'ASSET', properties: { flow: 2 } }], caller);
    time.now += 1_000;
    await application.patchTwin('pump', { properties: { flow: 3 } }, caller);
    await application.patchTwin('pump', { name: 'Pump', properties: { flow: 3 } }, caller);
    time.now += 1_000;
    const twins = [{ id: 'pump', kind: 'ASSET', properties: { flow: 4 } }];
    await application.importGraph({ models: [], twins, relationships: [] }, caller);
    expect(await past()).toEqual([1, 2, 3, 4]);
  });

  it('says whether a range is all that there was', async () => {
    await ingest(reading(1, 10), reading(2, 20), reading(3, 30));
    const ask = async (from: number, first: number) => {
      const range = { series: [PUMP], from: start + from, to: start + 100, everyMs: null, first };
      const [{ samples, ...rest } = { samples: [] }] = await plant.application.history(range);
      return { count: samples.length, ...rest };
    };
    expect(await ask(0, 3)).toEqual({ count: 3, completeSince: start, complete: true, limit: null });
    expect(await ask(0, 2)).toEqual({ count: 2, completeSince: start, complete: false, limit: 'first' });
    expect(await ask(-1, 3)).toEqual({ count: 3, completeSince: start, complete: false, limit: 'completeSince' });
  });

  it('goes when its retention has passed', async () => {
    await ingest(reading(1, 1_000), reading(2, 7_200_000));
    await plant.time.advance(86_400_000 + RECORDER_LIMITS.forgetEveryMs);
    const [answer] = await plant.application.history({ series: [PUMP], from: 0, to: null, everyMs: null, first: 9 });
    expect(answer?.samples.map((each) => each.value)).toEqual([2]);
    expect(answer?.completeSince).toBeGreaterThan(start + 1_000);
  });

  it('knows what a property was at an instant', async () => {
    await ingest(reading(1, 1_000));
    await ingest(reading(2, 2_000));
    await ingest(reading(null, 3_000, { quality: 'BAD' }));
    const at = async (afterMs: number) => {
      const [sample] = await plant.application.valuesAt([PUMP], start + afterMs);
      return sample && [sample.value, sample.quality, sample.at - start];
    };
    expect(await at(999)).toBeUndefined();
    expect(await at(1_999)).toEqual([1, 'GOOD', 1_000]);
    expect(await at(2_000)).toEqual([2, 'GOOD', 2_000]);
    // BAD keeps the last good value, as the property does.
    expect(await at(3_000)).toEqual([2, 'BAD', 3_000]);
    await ingest(reading(4, 4_000));
    expect(await at(3_500)).toEqual([2, 'BAD', 3_000]);
  });

  it('knows the value that stands now also where it is older than history', async () => {
    await ingest(reading(1, 1_000));
    await plant.history.forget(start + 50_000);
    expect(await past()).toEqual([]);
    const [sample] = await plant.application.valuesAt([PUMP], start + 60_000);
    expect(sample).toMatchObject({ value: 1, at: start + 1_000 });
  });

  it.each([
    ['a twin that is not there', { twin: 'nobody', property: 'flow' }, {}, 'NOT_FOUND'],
    ['a name that no property can have', { twin: 'pump', property: '' }, {}, 'BAD_INPUT'],
    ['buckets without length', PUMP, { everyMs: 0 }, 'BAD_INPUT'],
    ['a range that ends before it begins', PUMP, { from: 2, to: 1 }, 'BAD_INPUT'],
  ])('refuses %s', async (_, series, rest, code) => {
    const question = { series: [series], from: 0, to: null, everyMs: null, first: 1, ...rest };
    await expect(plant.application.history(question)).rejects.toMatchObject({ code });
  });

  it('cannot be asked of a twin that was deleted', async () => {
    await ingest(reading(1, 1_000));
    await plant.application.deleteTwin('pump', caller);
    await expect(past()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what the model thins', () => {
  const LEVEL = { twin: 'pump', property: 'level' };
  beforeEach(() => open());
  const level = (value: number, afterMs: number, rest: Partial<Reading> = {}) =>
    reading(value, afterMs, { property: 'level', ...rest });

  it('leaves out numbers within the deadband of the last one kept', async () => {
    await ingest(level(1, 1_000), level(1.5, 2_000), level(0.5, 3_000), level(1.51, 4_000), level(1.1, 5_000));
    expect(await past(LEVEL)).toEqual([1, 1.51]);
    expect(plant.counters()).toMatchObject({ appended: 2, thinned: 3 });
  });

  it('keeps a value after the maximum interval, a change of quality, and what comes late', async () => {
    await ingest(level(1, 1_000), level(1.1, 60_999), level(1.2, 61_000));
    await ingest(level(1.2, 62_000, { quality: 'UNCERTAIN' }), level(1.2, 63_000), level(1.15, 500));
    expect(await past(LEVEL)).toEqual([1.15, 1, 1.2, 1.2, 1.2]);
  });

  it('judges a value by the one before it in time, though the newest of a batch is taken first', async () => {
    await ingest(level(1, 1_000));
    await plant.application.ingest([level(1, 6_000)]);
    await plant.application.keepHistory([level(1.2, 2_000), level(5, 4_000), level(1.1, 3_000), level(5.3, 5_000)]);
    expect(await past(LEVEL)).toEqual([1, 5, 1]);
    expect(plant.counters()).toMatchObject({ appended: 3, thinned: 3, waiting: 0 });
  });

  it('keeps other values when they change', async () => {
    const mode = (value: string, afterMs: number) => reading(value, afterMs, { property: 'mode' });
    await ingest(mode('on', 1_000), mode('on', 2_000), mode('off', 3_000), mode('off', 4_000), mode('on', 5_000));
    expect(await past({ twin: 'pump', property: 'mode' })).toEqual(['on', 'off', 'on']);
  });

  it('is refused where it is malformed', async () => {
    const model = (history: unknown) =>
      plant.application.upsertModels(
        [{ id: 'm', kind: 'ASSET', properties: [{ name: 'x', schema: 'double', history }] }],
        caller,
      );
    await expect(model({ deadband: -1 })).rejects.toThrow(/history\.deadband: expected a number from 0/);
    await expect(model({ maxInterval: 'P1M' })).rejects.toThrow(/history\.maxInterval/);
    await expect(model({ deadBand: 1 })).rejects.toThrow(/only the fields deadband, maxInterval/);
    await expect(model(5)).rejects.toThrow(/expected what of it is kept/);
  });
});

describe('a history store that does not answer', () => {
  beforeEach(() => openDistant());

  it('holds up the acknowledgement until it has the values', async () => {
    distant().held = [];
    await plant.application.ingest([reading(1, 1_000)]);
    let isKept = false;
    const kept = Promise.resolve(plant.application.keepHistory([])).then(() => (isKept = true));
    await plant.time.advance(10);
    expect(isKept).toBe(false);
    await plant.application.ingest([reading(2, 2_000)]);
    const { held } = distant();
    distant().held = null;
    for (const release of held ?? []) release();
    await kept;
    expect(await past()).toContain(1);
    await plant.application.keepHistory([]);
    expect(await past()).toEqual([1, 2]);
  });

  it('is tried again, and holds up nobody for longer than the patience', async () => {
    distant().isDown = true;
    await plant.application.ingest([reading(1, 1_000)]);
    const kept = plant.application.keepHistory([]);
    await plant.time.advance(RECORDER_LIMITS.patienceMs);
    await kept;
    // Live telemetry goes on; its values wait.
    await plant.application.ingest([reading(2, 2_000)]);
    expect(plant.application.keepHistory([reading(1.5, 1_500)])).toBeUndefined();
    expect(plant.counters()).toMatchObject({ waiting: 3, lost: 0 });
    expect(plant.lines.filter(({ level }) => level === 'error')).toHaveLength(1);

    distant().isDown = false;
    await plant.time.advance(RECORDER_LIMITS.longestRetryMs);
    expect(await past()).toEqual([1, 1.5, 2]);
    expect(plant.counters()).toMatchObject({ waiting: 0, lost: 0, appended: 3 });
    expect(await plant.history.completeSince([PUMP])).toEqual([start]);
  });

  it('costs bounded memory; what had to be dropped is counted, and history says that it is not complete', async () => {
    distant().isDown = true;
    await plant.application.ingest([reading(0, 0)]);
    void plant.application.keepHistory([]);
    await plant.time.advance(RECORDER_LIMITS.patienceMs);
    const many = Array.from({ length: RECORDER_LIMITS.waitingValues + 1 }, (_, i) => reading(i, 10 + i));
    await plant.application.keepHistory(many);
    const lost = plant.counters()?.lost ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(plant.counters()?.waiting).toBe(many.length + 1 - lost);

    distant().isDown = false;
    await plant.time.advance(60_000);
    expect(plant.counters()).toMatchObject({ waiting: 0, appended: many.length + 1 - lost });
    // The last one dropped was number lost - 1, at 10 ms and its number behind the start.
    expect(await plant.history.completeSince([PUMP])).toEqual([start + 10 + lost]);
    const question = { series: [PUMP], from: start, to: null, everyMs: null, first: 3 };
    const [answer] = await plant.application.history(question);
    expect(answer?.samples.map((each) => each.value)).toEqual([0, lost, lost + 1]);
    expect(answer?.complete).toBe(false);
    expect(distant().batches.every((batch) => batch.length <= RECORDER_LIMITS.batchValues)).toBe(true);
  });

  it('gets what waits when the server stops', async () => {
    distant().held = [];
    await plant.application.ingest([reading(1, 1_000)]);
    void plant.application.keepHistory([]);
    await plant.application.ingest([reading(2, 2_000)]);
    const restarting = plant.restart();
    const { held } = distant();
    distant().held = null;
    for (const release of held ?? []) release();
    plant = await restarting;
    expect(await past()).toEqual([1, 2]);
  });
});
