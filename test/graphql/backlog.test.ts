/** What is kept for those who are behind: each is given what came since it began to wait, though it is kept once for all. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TwinEvent } from '../../src/application/application.ts';
import type { LiveEvent } from '../../src/application/merge-events.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import { Backlog, type Place } from '../../src/graphql/backlog.ts';
import { FUZZ } from '../support/fuzz-settings.ts';

const changeOf = (twin: number, sequence: number): TwinEvent => ({
  kind: 'twin',
  since: sequence - 1,
  sequence,
  at: sequence,
  id: `t-${twin}`,
  deleted: false,
  changed: [{ name: 'n', before: null, after: { ...EMPTY_PROPERTY, value: sequence } }],
});

const told = (events: readonly LiveEvent[]) =>
  events.reduce((sum, event) => sum + 1 + ((event as TwinEvent).skipped ?? 0), 0);
/** The last sequence of each twin. */
const latest = (events: readonly LiveEvent[]) =>
  new Map(events.map((event) => [(event as TwinEvent).id, event.sequence]));

interface Waiting {
  readonly place: Place;
  readonly since: TwinEvent[];
}

it('whoever waits is given what came since, in order, each change told or counted once, whoever else comes and goes', () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ push: fc.integer({ min: 1, max: 1_500 }), twins: fc.integer({ min: 1, max: 50 }) }),
    },
    { weight: 2, arbitrary: fc.constant('enter' as const) },
    { weight: 2, arbitrary: fc.record({ leave: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const backlog = new Backlog();
      const waiting: Waiting[] = [];
      let sequence = 0;
      const leave = (at: number): void => {
        const [who] = waiting.splice(at, 1);
        if (!who) return;
        const given = backlog.leave(who.place);
        expect(told(given)).toBe(who.since.length);
        expect(latest(given)).toEqual(latest(who.since));
        const sequences = given.map((event) => event.sequence);
        expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
      };
      for (const each of steps) {
        if (each === 'enter') waiting.push({ place: backlog.enter(), since: [] });
        else if ('leave' in each) leave(waiting.length === 0 ? 0 : each.leave % waiting.length);
        else {
          for (let n = 0; n < each.push; n += 1) {
            sequence += 1;
            const event = changeOf(n % each.twins, sequence);
            backlog.push(event);
            for (const { since } of waiting) since.push(event);
          }
        }
      }
      while (waiting.length > 0) leave(0);
    }),
    FUZZ,
  );
});

it('more than 10,000 twins become a gap for who waited for them, and only for them', () => {
  const backlog = new Backlog();
  const early = backlog.enter();
  for (let n = 1; n <= 25_000; n += 1) backlog.push(changeOf(n, n));
  const late = backlog.enter();
  backlog.push(changeOf(1, 25_001));
  const given = backlog.leave(early);
  expect(given[0]).toMatchObject({ kind: 'gap', missedFrom: 1 });
  expect(given.length).toBeLessThanOrEqual(10_000);
  expect(given.at(-1)).toMatchObject({ kind: 'twin', sequence: 25_001 });
  expect(backlog.leave(late).map((event) => event.sequence)).toEqual([25_001]);
});

it('what nobody waits for is not kept', () => {
  const backlog = new Backlog();
  backlog.push(changeOf(1, 1));
  const place = backlog.enter();
  backlog.push(changeOf(1, 2));
  expect(backlog.leave(place).map((event) => event.sequence)).toEqual([2]);
  backlog.push(changeOf(1, 3));
  expect(backlog.leave(backlog.enter())).toEqual([]);
});
