/** What waits for a slow subscriber: nothing is lost in silence, and it does not grow without end. */
import { describe, expect, test } from 'vitest';
import type { GapEvent, StateEvent, TwinEvent } from '../../src/application/application.ts';
import { EventQueue } from '../../src/application/event-queue.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';

type Told = TwinEvent | StateEvent | GapEvent;

const changeOf = (id: string, sequence: number, names: readonly string[] = ['n']): TwinEvent => ({
  kind: 'twin',
  since: sequence - 1,
  sequence,
  at: sequence,
  id,
  deleted: false,
  changed: names.map((name) => ({
    name,
    before: { ...EMPTY_PROPERTY, value: sequence - 1 },
    after: { ...EMPTY_PROPERTY, value: sequence },
  })),
});
const stateOf = (id: string, sequence: number, fields: Partial<StateEvent>): StateEvent => ({
  kind: 'state',
  since: sequence - 1,
  sequence,
  at: sequence,
  id,
  before: 'OPERATIONAL',
  after: 'DOWN',
  causes: [],
  membership: 'STAYED',
  isSnapshot: false,
  ...fields,
});

async function takeAll(queue: EventQueue<TwinEvent | StateEvent>): Promise<Told[]> {
  const all: Told[] = [];
  while (queue.length > 0) all.push((await queue.next()).value);
  return all;
}
/** Makes all that waits of one twin one event. */
function fill(queue: EventQueue<TwinEvent | StateEvent>, from = 1_000): void {
  for (let i = 0; i <= 1_000; i += 1) queue.push(changeOf('filler', from + i));
}

describe('a queue of events', () => {
  test('gives each event as it is to a subscriber that keeps up', async () => {
    const queue = new EventQueue<TwinEvent | StateEvent>(() => undefined);
    const given: Told[] = [];
    for (let sequence = 1; sequence <= 5_000; sequence += 1) {
      queue.push(changeOf('a', sequence));
      if (sequence % 900 === 0) given.push(...(await takeAll(queue)));
    }
    given.push(...(await takeAll(queue)));
    expect(given.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1));
    expect(given.every((event) => !('skipped' in event))).toBe(true);
  });

  test('makes the events of one twin one: the latest value of each property, and how many it stands for', async () => {
    const queue = new EventQueue<TwinEvent | StateEvent>(() => undefined);
    queue.push(changeOf('a', 1, ['x', 'y']));
    queue.push(changeOf('b', 2));
    queue.push(changeOf('a', 3, ['y', 'z']));
    fill(queue);
    const told = await takeAll(queue);
    expect(
      told.map((event) => [(event as TwinEvent).id, event.sequence, (event as TwinEvent).skipped]).slice(0, 2),
    ).toEqual([
      ['b', 2, undefined],
      ['a', 3, 1],
    ]);
    expect(told.reduce((sum, event) => sum + 1 + ((event as TwinEvent).skipped ?? 0), 0)).toBe(3 + 1_001);
    const { changed } = told[1] as TwinEvent;
    expect(changed.map(({ name, before, after }) => [name, before?.value, after?.value])).toEqual([
      ['x', 0, 1],
      ['y', 0, 3],
      ['z', 2, 3],
    ]);
  });

  test.each([
    ['STAYED', 'STAYED', 'STAYED'],
    ['JOINED', 'STAYED', 'JOINED'],
    ['STAYED', 'LEFT', 'LEFT'],
    ['JOINED', 'LEFT', 'LEFT'],
    ['LEFT', 'JOINED', 'STAYED'],
  ] as const)(
    'a twin that %s and then %s is told as %s, from its first state to its last',
    async (first, second, as) => {
      const queue = new EventQueue<TwinEvent | StateEvent>(() => undefined);
      queue.push(stateOf('a', 1, { membership: first, before: 'DEGRADED', after: 'DOWN' }));
      queue.push(stateOf('a', 2, { membership: second, before: 'DOWN', after: 'UNKNOWN' }));
      fill(queue);
      expect((await takeAll(queue))[0]).toMatchObject({
        id: 'a',
        sequence: 2,
        before: 'DEGRADED',
        after: 'UNKNOWN',
        membership: as,
        skipped: 1,
      });
    },
  );

  test('leaves a snapshot and what was missed as they are', async () => {
    const queue = new EventQueue<TwinEvent | StateEvent>(() => undefined);
    for (let sequence = 1; sequence <= 3_000; sequence += 1) queue.prefill(changeOf('a', sequence));
    fill(queue, 4_000);
    const told = await takeAll(queue);
    expect(told.slice(0, 3_000).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 3_000 }, (_, i) => i + 1),
    );
    expect(told.slice(3_000)).toMatchObject([{ id: 'filler', skipped: 1_000 }]);
  });

  test('is a gap when more twins wait than it may hold', async () => {
    const queue = new EventQueue<TwinEvent | StateEvent>(() => undefined);
    for (let sequence = 1; sequence <= 10_001; sequence += 1) queue.push(changeOf(`t${sequence}`, sequence));
    queue.push(changeOf('a', 20_000));
    expect(await takeAll(queue)).toEqual([{ kind: 'gap', sequence: 10_001, missedFrom: 1 }, changeOf('a', 20_000)]);
  });
});
