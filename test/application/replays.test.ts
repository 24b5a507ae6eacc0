/** Those who come back are told what they missed, each thing once, in one walk for all of them; on a graph that counts as large. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FeedPosition, GapEvent, StateEvent, TwinEvent } from '../../src/application/application.ts';
import { Hub } from '../../src/application/hub.ts';
import { Memory } from '../../src/application/memory.ts';
import { Replays } from '../../src/application/replays.ts';
import { type WatchContext, watchStates, watchTopology, watchTwins } from '../../src/application/watch.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { until } from '../support/until.ts';

const NOBODY = { actor: null };
let plant: TestApplication;
let context: WatchContext;

beforeEach(async () => {
  plant = await openApplication();
  await plant.application.upsertTwins(
    [{ id: 'site', kind: 'SYSTEM' }, ...['a', 'b', 'c'].map((id) => ({ id, kind: 'ASSET' as const }))],
    NOBODY,
  );
  await plant.application.upsertRelationships(
    ['a', 'b', 'c'].map((source) => ({ type: 'PART_OF', source, target: 'site' })),
    NOBODY,
  );
  context = await open();
});
afterEach(() => plant.close());

/** As another server on the same graph. */
async function open(): Promise<WatchContext> {
  const { store, time } = plant;
  const memory = new Memory(time.clock, time.timers, { mostTwinsAtOnce: 0 });
  await memory.load(store);
  const replays = new Replays({ store, memory, clock: time.clock, timers: time.timers });
  return { store, memory, hub: new Hub(memory), replays };
}

async function follow({ memory, store } = context): Promise<void> {
  for (const record of await store.changesAfter(memory.sequence, 100_000)) memory.apply(record);
  await memory.settled();
}

const behind = (sequence: number): FeedPosition => ({ since: sequence, sequence, id: null, isSnapshot: false });
const behindEvent = ({ since, sequence, id }: StateEvent | TwinEvent): FeedPosition => ({
  since,
  sequence,
  id,
  isSnapshot: false,
});

/** Takes all that comes, for as long as it is looked at. */
function collect<T>(events: AsyncIterableIterator<T>): T[] {
  const taken: T[] = [];
  void (async () => {
    for await (const event of events) taken.push(event);
  })();
  return taken;
}

const health = (id: string, value: string): Promise<unknown> =>
  plant.application.patchTwin(id, { health: value }, NOBODY);

/** Reports, states, structure, comings and goings; what comes within a second is judged together. */
async function makeHistory(rounds: number): Promise<void> {
  const { application, time } = plant;
  for (let n = 0; n < rounds; n += 1) {
    await application.patchTwin('a', { properties: { level: n } }, NOBODY);
    await health('a', n % 2 === 0 ? 'DOWN' : 'OPERATIONAL');
    await application.upsertTwins([{ id: `new-${n}`, kind: 'ASSET', health: 'DEGRADED' }], NOBODY);
    await application.upsertRelationships([{ type: 'PART_OF', source: `new-${n}`, target: 'site' }], NOBODY);
    await health('b', ['DOWN', 'DEGRADED', 'OPERATIONAL'][n % 3] as string);
    if (n % 3 === 1) await application.deleteTwin(`new-${n - 1}`, NOBODY);
    if (n % 4 === 0) time.now += 1_500;
    if (n % 2 === 1) await follow();
  }
  await follow();
}

test('whoever goes on behind any event of the past is told every other one, and each once', async () => {
  const start = context.memory.sequence;
  const twins = collect(watchTwins(context, { within: 'site' })) as TwinEvent[];
  const topology = collect(watchTopology(context, { within: 'site' }));
  const states = collect(watchStates(context, { within: 'site' })) as StateEvent[];
  await makeHistory(8);
  await follow();
  await until(() => states.length > 0);
  const server = await open();

  const again = collect(watchTwins(server, { within: 'site', after: behind(start) }));
  const topologyAgain = collect(watchTopology(server, { within: 'site', after: behind(start) }));
  const resumed = states.map((event) => collect(watchStates(server, { within: 'site', after: behindEvent(event) })));
  const middle = twins.length >> 1;
  const rest = collect(watchTwins(server, { within: 'site', after: behindEvent(twins[middle] as TwinEvent) }));
  // It goes on while they are told what they missed.
  await health('c', 'DOWN');
  await follow(server);
  await follow();
  const isLast = (events: readonly unknown[]): boolean => (events.at(-1) as StateEvent | undefined)?.id === 'c';
  await until(() => [again, rest, states, twins, ...resumed].every(isLast));
  await until(() => topologyAgain.length === topology.length);

  expect(again).toEqual(twins);
  expect(rest).toEqual(twins.slice(middle + 1));
  expect(topologyAgain).toEqual(topology);
  // States are derived at other moments, so each is held to what was told before it.
  for (const [i, events] of resumed.entries()) {
    const known = new Map(states.slice(0, i + 1).map(({ id, after }) => [id, after]));
    for (const { id, before, after, membership } of events as StateEvent[]) {
      if (membership === 'STAYED') expect([id, before]).toEqual([id, known.get(id) ?? 'OPERATIONAL']);
      expect(membership === 'STAYED' && before === after).toBe(false);
      known.set(id, after);
    }
    for (const { id, after } of states) if (server.memory.topology.twin(id)) known.set(`now ${id}`, after);
    for (const [id, state] of known)
      if (!id.startsWith('now ') && server.memory.topology.twin(id))
        expect([id, state]).toEqual([id, server.memory.impact().state(id).state]);
  }
});

test('those who come back together share one copy of memory, and leave nothing behind', async () => {
  const start = context.memory.sequence;
  for (let n = 0; n < 300; n += 1) await plant.application.patchTwin('a', { properties: { level: n } }, NOBODY);
  await follow();
  const copy = vi.spyOn(context.memory, 'copy');
  const all = Array.from({ length: 50 }, (_, i) =>
    collect(watchTwins(context, { within: 'site', after: behind(start + i) })),
  );
  const leaving = watchTwins(context, { within: 'site', after: behind(start) });
  await leaving.return?.();
  await until(() => all.every((events, i) => events.length === 300 - i));
  expect(copy).toHaveBeenCalledTimes(1);
  await plant.application.patchTwin('a', { properties: { level: -1 } }, NOBODY);
  await follow();
  await until(() => all.every((events, i) => events.length === 301 - i));
});

test('a subscriber that does not read holds up the others for a while only, and is told what was skipped', async () => {
  const { time } = plant;
  const start = context.memory.sequence;
  const changes = 1_700;
  for (let n = 1; n <= changes; n += 1) await plant.application.patchTwin('a', { properties: { level: n } }, NOBODY);
  await follow();
  const stalled = watchTwins(context, { within: 'site', after: behind(start) });
  const reading = collect(watchTwins(context, { within: 'site', after: behind(start) })) as TwinEvent[];
  await until(() => reading.length === 500);
  await time.advance(5_000);
  await until(() => reading.length === changes);
  let [told, taken] = [0, 0];
  while (told < changes) {
    const { value } = await stalled.next();
    told += 1 + ((value as TwinEvent).skipped ?? 0);
    taken += 1;
  }
  expect(told).toBe(changes);
  expect(taken).toBeLessThan(changes);
  expect(reading.every((event) => event.skipped === undefined)).toBe(true);
});

test('of those who come back together, only those hear of a gap whose cursor is before what is kept', async () => {
  const start = context.memory.sequence;
  for (let n = 0; n < 10; n += 1) await health('a', n % 2 === 0 ? 'DOWN' : 'OPERATIONAL');
  await follow();
  await plant.store.prune({ since: 0, records: 5, size: 1e9 });
  const [early, late] = [start, start + 6].map((sequence) =>
    collect(watchStates(context, { ids: ['a'], after: behind(sequence) })),
  ) as [(StateEvent | GapEvent)[], (StateEvent | GapEvent)[]];
  await until(() => early.length === 1 && late.length === 4);
  expect(early).toEqual([{ kind: 'gap', sequence: start + 10, missedFrom: start + 1 }]);
  await health('a', 'DOWN');
  await follow();
  await until(() => early.length === 2 && late.length === 5);
  expect(late.map(({ sequence }) => sequence)).toEqual([7, 8, 9, 10, 11].map((n) => start + n));
});

test('whoever comes back is told the end of what they watch, and goes on', async () => {
  const { application } = plant;
  const start = context.memory.sequence;
  await health('a', 'DOWN');
  await application.deleteTwin('a', NOBODY);
  await application.deleteTwin('site', NOBODY);
  await follow();

  const after = behind(start);
  const twins = collect(watchTwins(context, { ids: ['a', 'b'], after })) as TwinEvent[];
  const states = collect(watchStates(context, { ids: ['a', 'b'], after })) as StateEvent[];
  const within = collect(watchTopology(context, { within: 'site', after }));
  await until(() => twins.length === 2 && states.length === 1 && within.length === 2);
  expect(twins.map(({ id, deleted }) => [id, deleted])).toEqual([
    ['a', false],
    ['a', true],
  ]);
  await health('b', 'DEGRADED');
  await follow();
  await until(() => twins.length === 3 && states.length === 2);
});

test('what was there neither at the cursor nor is now is refused, and nobody else’s walk ends by it', async () => {
  const after = behind(context.memory.sequence);
  await health('a', 'DOWN');
  await follow();
  const others = collect(watchTwins(context, { ids: ['a'], after }));
  await expect(watchTwins(context, { ids: ['a', 'nowhere'], after }).next()).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('nowhere'),
  });
  await until(() => others.length === 1);
});

test('who does not see what is gone is told of it as of what never was', async () => {
  const { application } = plant;
  const after = behind(context.memory.sequence);
  await application.deleteTwin('b', NOBODY);
  await follow();
  const scope = { within: ['a'], models: null };
  await expect(watchTwins(context, { ids: ['b'], scope, after }).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
