/** Changes of structure are worked in between other work, and nobody sees states that are not those of the graph. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChangeRecord, Changes } from '../../src/domain/change.ts';
import type { Relationship } from '../../src/domain/relationship.ts';
import type { Twin } from '../../src/domain/twin.ts';
import { Memory, type StateCommit } from '../../src/application/memory.ts';
import { finish } from '../../src/impact/steps.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { createManualTime, type ManualTime } from '../support/manual-time.ts';
import { relationshipOf, twinOf } from '../topology/graph.ts';

interface Sliced {
  readonly memory: Memory;
  readonly time: ManualTime;
  readonly commits: StateCommit[];
  readonly apply: (changes: Partial<Changes>) => void;
}

/** Every graph counts as large, and every step is a slice of its own. */
function sliced(): Sliced {
  const time = createManualTime();
  const { clock, timers } = time;
  const memory = new Memory(clock, timers, { mostTwinsAtOnce: -1, slices: { clock, timers, sliceMs: 0 } });
  const commits: StateCommit[] = [];
  memory.listen({ onStates: (commit) => commits.push(commit) });
  let sequence = 0;
  const apply = (changes: Partial<Changes>): void => {
    sequence += 1;
    const record = { models: [], twins: [], relationships: [], ...changes, sequence, at: sequence };
    memory.apply({ ...record, origin: 'API', actor: null } as unknown as ChangeRecord);
  };
  return { memory, time, commits, apply };
}

const created = (twin: Twin) => ({ id: twin.id, before: null, after: twin, properties: [] });
const health = (id: string, reportedHealth: Twin['reportedHealth']) => ({
  id,
  before: {},
  after: { reportedHealth },
  properties: [],
});
const joined = (relationship: Relationship) => ({ id: relationship.id, before: null, after: relationship });

test('a change of structure waits for other work, and who asks for states can wait for it', async () => {
  const { memory, time, commits, apply } = sliced();
  apply({ twins: [created(twinOf('A')), created(twinOf('B'))] });
  await time.advance(1_000);
  expect(memory.settled()).toBeNull();
  commits.length = 0;
  apply({ relationships: [joined(relationshipOf('r', 'A', 'FEEDS', 'B'))], twins: [health('A', 'DOWN')] as never });
  const waiting = memory.settled();
  expect(waiting).not.toBeNull();
  expect(memory.settled()).toBe(waiting);
  // What happens meanwhile is in it, too.
  apply({ twins: [health('A', 'DEGRADED')] as never });
  expect(commits).toEqual([]);
  const settled = (waiting as Promise<void>).then(() => memory.impact().state('B').state);
  await time.advance(1_000);
  expect(await settled).toBe('DEGRADED');
  expect(commits).toHaveLength(1);
  expect(commits[0]?.differences.map(({ id, after }) => `${id} ${after.state}`).toSorted()).toEqual([
    'A DEGRADED',
    'B DEGRADED',
  ]);
});

test('who cannot wait has the states at once, and they are told once', async () => {
  const { memory, time, commits, apply } = sliced();
  apply({ twins: [created(twinOf('A')), created(twinOf('B'))] });
  await time.advance(1_000);
  commits.length = 0;
  apply({ relationships: [joined(relationshipOf('r', 'A', 'FEEDS', 'B'))], twins: [health('A', 'DOWN')] as never });
  void memory.settled();
  expect(memory.impact().state('B').state).toBe('DOWN');
  await time.advance(1_000);
  expect(commits.filter(({ differences }) => differences.length > 0)).toHaveLength(1);
  expect(memory.settled()).toBeNull();
});

test('changes that never end do not keep states from being told', async () => {
  const { memory, time, commits, apply } = sliced();
  for (let n = 0; n < 200; n += 1) {
    apply({ twins: [created(twinOf(`T${n}`))] });
    await time.advance(2);
  }
  expect(commits.length).toBeGreaterThan(2);
  await time.advance(1_000);
  expect(memory.impact().has('T199')).toBe(true);
});

test('whatever comes between the slices, the states are those of a model compiled at once', async () => {
  const change = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('health' as const), of: fc.nat(5), state: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('join' as const), of: fc.nat(5), to: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('switch' as const), of: fc.nat(5), closed: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
      const { memory, time, commits, apply } = sliced();
      const ids = Array.from({ length: 6 }, (_, n) => `T${n}`);
      apply({ twins: ids.map((id) => created(twinOf(id))) });
      await time.advance(1_000);
      const told = new Map(ids.map((id) => [id, memory.impact().state(id).state]));
      commits.length = 0;
      for (const [at, each] of changes.entries()) {
        if (each.do === 'health')
          apply({
            twins: [
              health(`T${each.of}`, (['OPERATIONAL', 'DEGRADED', 'DOWN'] as const)[each.state] as 'DOWN'),
            ] as never,
          });
        else if (each.do === 'join')
          apply({ relationships: [joined(relationshipOf(`r${at}`, `T${each.of}`, 'DEPENDS_ON', `T${each.to}`))] });
        else if (each.do === 'switch')
          apply({
            twins: [{ id: `T${each.of}`, before: {}, after: { closed: each.closed }, properties: [] }] as never,
          });
        else await time.advance(each.ms);
      }
      await time.advance(1_000);
      for (const { differences } of commits) for (const { id, after } of differences) told.set(id, after.state);
      const fresh = finish(memory.copy());
      for (const id of ids) {
        expect(memory.impact().state(id)).toEqual(fresh.impact().state(id));
        // Who only heard of differences knows the same.
        expect(told.get(id)).toBe(fresh.impact().state(id).state);
      }
    }),
    { ...FUZZ, numRuns: Math.ceil(FUZZ.numRuns / 3) },
  );
});
