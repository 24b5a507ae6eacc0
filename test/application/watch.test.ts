import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  FeedPosition,
  GapEvent,
  StateEvent,
  TopologyEvent,
  TwinEvent,
} from '../../src/application/application.ts';
import type { Reading } from '../../src/domain/telemetry.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;

/** site holds P-1, P-2 and cooling, which needs one of the two; other stands beside it. */
beforeEach(async () => {
  plant = await openApplication();
  const { application } = plant;
  await application.upsertTwins(
    [
      { id: 'site', kind: 'SYSTEM' },
      { id: 'P-1', kind: 'ASSET' },
      { id: 'P-2', kind: 'ASSET' },
      { id: 'cooling', kind: 'PROCESS', requirements: [{ group: 'pumps', any: true }] },
      { id: 'other', kind: 'ASSET' },
    ],
    NOBODY,
  );
  await application.upsertRelationships(
    [
      ...['P-1', 'P-2', 'cooling'].map((source) => ({ type: 'PART_OF', source, target: 'site' })),
      ...['P-1', 'P-2'].map((target) => ({ type: 'DEPENDS_ON', source: 'cooling', target, group: 'pumps' })),
    ],
    NOBODY,
  );
});
afterEach(() => plant.close());

const setHealth = (id: string, health: string): Promise<unknown> => plant.application.patchTwin(id, { health }, NOBODY);
async function take<T>(events: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) taken.push((await events.next()).value);
  return taken;
}
const behind = (sequence: number): FeedPosition => ({ since: sequence, sequence, id: null, isSnapshot: false });
/** What a client hands back that has read up to an event. */
const behindEvent = ({ since, sequence, id }: StateEvent | TwinEvent, isSnapshot = false): FeedPosition => ({
  since,
  sequence,
  id,
  isSnapshot,
});
const told = (event: StateEvent | GapEvent): string =>
  event.kind === 'gap' ? 'gap' : `${event.id} ${event.before} ${event.after} ${event.membership}`;

describe('watching states', () => {
  test('tells of members only, with the causes', async () => {
    const events = plant.application.watchStates({ within: 'site', kinds: ['PROCESS'] });
    await setHealth('other', 'DOWN');
    await setHealth('P-1', 'DOWN');
    await setHealth('P-2', 'DOWN');
    const [event] = await take(events, 1);
    expect(event).toMatchObject({
      id: 'cooling',
      before: 'OPERATIONAL',
      after: 'DOWN',
      membership: 'STAYED',
      sequence: plant.application.sequence(),
    });
    expect([...(event as StateEvent).causes].sort()).toEqual(['P-1', 'P-2']);
  });

  test('begins with a snapshot where it is asked for', async () => {
    const events = plant.application.watchStates({ within: 'site', snapshot: true });
    expect((await take(events, 3)).map(told)).toEqual(
      ['P-1', 'P-2', 'cooling'].map((id) => `${id} OPERATIONAL OPERATIONAL STAYED`),
    );
  });

  test('follows members as they come and go', async () => {
    const { application, time } = plant;
    const events = application.watchStates({ within: 'site' });
    const [joined] = await application.upsertRelationships(
      [{ type: 'LOCATED_IN', source: 'other', target: 'P-1' }],
      NOBODY,
    );
    await time.advance(1_000);
    expect((await take(events, 1)).map(told)).toEqual(['other OPERATIONAL OPERATIONAL JOINED']);
    await setHealth('other', 'DOWN');
    expect((await take(events, 1)).map(told)).toEqual(['other OPERATIONAL DOWN STAYED']);
    await application.deleteRelationship(joined?.id ?? '', NOBODY);
    await time.advance(1_000);
    expect((await take(events, 1)).map(told)).toEqual(['other DOWN DOWN LEFT']);
    await setHealth('other', 'OPERATIONAL');
    await setHealth('P-1', 'DEGRADED');
    expect((await take(events, 1)).map(told)).toEqual(['P-1 OPERATIONAL DEGRADED STAYED']);
  });

  test('behind a cursor tells what was missed, each once, through a restart', async () => {
    const start = plant.application.sequence();
    await setHealth('P-1', 'DOWN');
    await setHealth('P-2', 'DOWN');
    const middle = plant.application.sequence();
    await setHealth('P-2', 'OPERATIONAL');
    const missed = [
      'P-1 OPERATIONAL DOWN STAYED',
      'P-2 OPERATIONAL DOWN STAYED',
      'cooling OPERATIONAL DOWN STAYED',
      'P-2 DOWN OPERATIONAL STAYED',
      'cooling DOWN OPERATIONAL STAYED',
    ];
    for (const restart of [false, true]) {
      if (restart) plant = await plant.restart();
      await setHealth('P-1', 'DOWN');
      const all = plant.application.watchStates({ within: 'site', after: behind(start) });
      const rest = plant.application.watchStates({ within: 'site', after: behind(middle) });
      expect((await take(all, missed.length)).map(told)).toEqual(missed);
      await setHealth('P-1', 'DEGRADED');
      expect((await take(all, 1)).map(told)).toEqual(['P-1 DOWN DEGRADED STAYED']);
      expect((await take(rest, missed.length - 2)).map(told)).toEqual([...missed.slice(3), 'P-1 DOWN DEGRADED STAYED']);
      // The next round resumes over this one's changes too.
      missed.push('P-1 DOWN DEGRADED STAYED', 'P-1 DEGRADED DOWN STAYED');
    }
  });

  test('from an instant on tells what came since then, also of twins that are gone, and then goes on', async () => {
    const { application, time, store } = plant;
    const start = time.now;
    time.now += 1_000;
    await setHealth('other', 'DOWN');
    time.now += 1_000;
    await setHealth('P-1', 'DOWN');
    await application.deleteTwin('P-1', NOBODY);
    const events = application.watchStates({ kinds: ['ASSET'], from: start });
    const replayed = await take(events, 2);
    expect(replayed.map(told)).toEqual(['other OPERATIONAL DOWN STAYED', 'P-1 OPERATIONAL DOWN STAYED']);
    expect(replayed[1]).toMatchObject({ twin: { id: 'P-1', reportedHealth: 'DOWN' } });
    await setHealth('P-2', 'DEGRADED');
    expect((await take(events, 1)).map(told)).toEqual(['P-2 OPERATIONAL DEGRADED STAYED']);

    await store.prune({ since: time.now, records: 1, size: 1e9 });
    const late = application.watchStates({ from: start });
    expect((await take(late, 1)).map(told)).toEqual(['gap']);
    await late.return?.();
    const both = { from: start, after: behind(application.sequence()) };
    expect(() => application.watchStates(both)).toThrow('no instant beside a cursor');
  });

  test('behind a cursor in the midst of a commit tells the rest of that commit, each once', async () => {
    const { application } = plant;
    const events = application.watchStates({ within: 'site' });
    await application.upsertTwins(
      [
        { id: 'P-1', kind: 'ASSET', health: 'DOWN' },
        { id: 'P-2', kind: 'ASSET', health: 'DOWN' },
      ],
      NOBODY,
    );
    const all = (await take(events, 3)) as StateEvent[];
    expect(all.map(told)).toEqual([
      'P-1 OPERATIONAL DOWN STAYED',
      'P-2 OPERATIONAL DOWN STAYED',
      'cooling OPERATIONAL DOWN STAYED',
    ]);
    for (const restart of [false, true]) {
      if (restart) plant = await plant.restart();
      for (const [i, event] of all.entries()) {
        const resumed = plant.application.watchStates({ within: 'site', after: behindEvent(event) });
        expect((await take(resumed, all.length - 1 - i)).map(told)).toEqual(all.slice(i + 1).map(told));
        await resumed.return?.();
      }
    }
  });

  test('behind a cursor in the midst of several commits that were judged together misses nothing', async () => {
    const { application, time } = plant;
    const events = application.watchStates({ within: 'site' });
    // Changes of structure wait for each other: both are told together.
    await application.upsertTwins(
      [{ id: 'P-1', kind: 'ASSET', health: 'DOWN', requirements: [{ group: 'g' }] }],
      NOBODY,
    );
    await application.upsertTwins(
      [{ id: 'P-2', kind: 'ASSET', health: 'DOWN', requirements: [{ group: 'g' }] }],
      NOBODY,
    );
    await time.advance(1_000);
    const all = (await take(events, 3)) as StateEvent[];
    expect(new Set(all.map(({ sequence }) => sequence)).size).toBe(1);
    for (const [i, event] of all.entries()) {
      const resumed = application.watchStates({ within: 'site', after: behindEvent(event) });
      expect((await take(resumed, all.length - 1 - i)).map(told)).toEqual(all.slice(i + 1).map(told));
    }
  });

  test('behind a cursor in the midst of a snapshot tells its rest, and what changed of what was told', async () => {
    const { application } = plant;
    const events = application.watchStates({ within: 'site', snapshot: true });
    const [first] = (await take(events, 1)) as StateEvent[];
    expect(first?.id).toBe('P-1');
    await setHealth('P-1', 'DOWN');
    await setHealth('P-2', 'DEGRADED');
    const resumed = application.watchStates({
      within: 'site',
      snapshot: true,
      after: behindEvent(first as StateEvent, true),
    });
    expect((await take(resumed, 3)).map(told)).toEqual([
      'P-1 OPERATIONAL DOWN STAYED',
      'P-2 DEGRADED DEGRADED STAYED',
      'cooling DEGRADED DEGRADED STAYED',
    ]);
  });

  test('behind a cursor judges by the topology of then', async () => {
    const { application } = plant;
    const start = application.sequence();
    await setHealth('P-1', 'DOWN');
    await application.deleteTwin('P-2', NOBODY);
    await application.deleteTwin('cooling', NOBODY);
    plant = await plant.restart();
    const events = plant.application.watchStates({ within: 'site', after: behind(start) });
    expect((await take(events, 2)).map(told)).toEqual([
      'P-1 OPERATIONAL DOWN STAYED',
      'cooling OPERATIONAL DOWN STAYED',
    ]);
  });

  test('behind a cursor that retention has passed begins with a gap', async () => {
    const { application, store } = plant;
    for (const health of ['DOWN', 'DEGRADED', 'OPERATIONAL']) await setHealth('P-1', health);
    await store.prune({ since: 0, records: 1, size: 1e9 });
    const events = application.watchStates({ within: 'site', after: behind(1) });
    const [gap] = await take(events, 1);
    expect(gap).toEqual({ kind: 'gap', sequence: application.sequence(), missedFrom: 2 });
    await setHealth('P-1', 'DOWN');
    expect((await take(events, 1)).map(told)).toEqual(['P-1 OPERATIONAL DOWN STAYED']);
  });

  test('of a twin that is not there is refused', () => {
    expect(() => plant.application.watchStates({ within: 'nowhere' })).toThrow(/there is no twin "nowhere"/);
  });
});

describe('watching twins', () => {
  test('tells what changed, and nothing of other properties', async () => {
    const { application } = plant;
    const events = application.watchTwins({ within: 'site', properties: ['speed'] });
    await application.patchTwin('P-1', { properties: { load: 1 } }, NOBODY);
    await application.patchTwin('P-1', { properties: { speed: 7 } }, NOBODY);
    const [event] = (await take(events, 1)) as TwinEvent[];
    expect(event).toMatchObject({
      id: 'P-1',
      deleted: false,
      changed: [{ name: 'speed', before: null, after: { value: 7 } }],
    });
  });

  test('behind a cursor in the midst of a commit tells the rest of it', async () => {
    const { application } = plant;
    const events = application.watchTwins({});
    await application.upsertTwins(
      ['c', 'a', 'b'].map((id) => ({ id, kind: 'ASSET' })),
      NOBODY,
    );
    const all = (await take(events, 3)) as TwinEvent[];
    expect(all.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const resumed = application.watchTwins({ after: behindEvent(all[0] as TwinEvent) });
    expect((await take(resumed, 2)).map((event) => (event as TwinEvent).id)).toEqual(['b', 'c']);
  });

  test('tells deletions to those who watched what is inside', async () => {
    const { application } = plant;
    const events = application.watchTwins({ within: 'site' });
    await application.deleteTwin('P-2', NOBODY);
    expect(await take(events, 1)).toMatchObject([{ id: 'P-2', deleted: true }]);
  });

  test('a subscriber that does not read costs a bounded queue, and is told how much one event stands for', async () => {
    const { application, time } = plant;
    const events = application.watchTwins({ ids: ['P-1'] });
    for (let value = 1; value <= 1_200; value += 1) {
      const reading = { twin: 'P-1', property: 'n', value, observedAt: value, receivedAt: time.now, quality: 'GOOD' };
      await application.ingest([reading as Reading]);
    }
    let count = 0;
    let last: unknown;
    while (count < 1_200) {
      const [event] = (await take(events, 1)) as TwinEvent[];
      count += 1 + (event?.skipped ?? 0);
      last = event?.changed.at(-1)?.after?.value;
    }
    expect([count, last]).toEqual([1_200, 1_200]);
    await events.return?.();
  }, 60_000);
});

test('watching the topology tells what came and went inside', async () => {
  const { application } = plant;
  const events = application.watchTopology({ within: 'site' });
  await application.upsertTwins([{ id: 'P-3', kind: 'ASSET' }], NOBODY);
  await application.upsertRelationships([{ type: 'PART_OF', source: 'P-3', target: 'site' }], NOBODY);
  await application.deleteTwin('P-3', NOBODY);
  const [came, went] = (await take(events, 2)) as TopologyEvent[];
  expect(came).toMatchObject({
    addedTwins: ['P-3'],
    removedTwins: [],
    addedRelationships: [{ source: 'P-3', type: 'PART_OF' }],
  });
  expect(went).toMatchObject({ addedTwins: [], removedTwins: ['P-3'] });
});

test('watching a scenario tells the answer, then only what changes in it', async () => {
  const { application, time } = plant;
  const events = application.watchImpact({ outage: ['P-1'] }, null);
  const [first] = await take(events, 1);
  expect(first).toMatchObject({ added: [], changed: [], removed: [] });
  await setHealth('P-2', 'DOWN');
  await time.advance(200);
  const [second] = await take(events, 1);
  expect(second).toMatchObject({ added: ['cooling'], changed: [], removed: [], sequence: application.sequence() });
});

test('watching a scenario tells which rows come, change and go, and is silent about those that stay, also across a change of structure', async () => {
  const { application, time } = plant;
  const events = application.watchImpact({ outage: ['P-1', 'P-2'] }, null);
  expect(await take(events, 1)).toMatchObject([{ added: ['cooling'], changed: [], removed: [] }]);
  const after = async (change: Promise<unknown>) => {
    await change;
    await application.settled();
    await time.advance(200);
    return (await take(events, 1))[0];
  };
  await application.upsertTwins([{ id: 'A-0', kind: 'ASSET' }], NOBODY);
  const needs = { type: 'DEPENDS_ON', source: 'A-0', target: 'P-1' };
  expect(await after(application.upsertRelationships([needs], NOBODY))).toMatchObject({
    added: ['A-0'],
    changed: [],
    removed: [],
  });
  expect(await after(setHealth('cooling', 'DEGRADED'))).toMatchObject({ added: [], changed: ['cooling'], removed: [] });
  expect(await after(application.deleteTwin('A-0', NOBODY))).toMatchObject({
    added: [],
    changed: [],
    removed: ['A-0'],
  });
});

test('watching a scenario for some kinds tells when only the counts change, as these are of all', async () => {
  const { application, time } = plant;
  const events = application.watchImpact({ outage: ['P-1'] }, ['SYSTEM']);
  await take(events, 1);
  await setHealth('P-2', 'DOWN');
  await time.advance(200);
  const [second] = await take(events, 1);
  expect(second).toMatchObject({ added: [], changed: [], removed: [], sequence: application.sequence() });
  expect([...(second?.result.answer.affected ?? [])].map(({ id }) => id)).toEqual(['cooling']);
  await application.patchTwin('P-2', { name: 'another' }, NOBODY);
  await setHealth('P-2', 'OPERATIONAL');
  await time.advance(200);
  expect((await take(events, 1))[0]?.result.answer.affected).toHaveLength(0);
});
