/** Each batch of telemetry is one commit of state: no glitches, one notification per twin, and only to whom it concerns. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateEvent } from '../../src/application/application.ts';
import type { Reading } from '../../src/domain/telemetry.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;

/** cooling needs one of P and Q, line needs cooling; hall holds all of them, yard the pump R that nobody needs. */
beforeEach(async () => {
  plant = await openApplication();
  const { application } = plant;
  const limits = [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN' }];
  await application.upsertModels(
    [{ id: 'Pump', kind: 'ASSET', properties: [{ name: 'temperature', schema: 'double', limits }] }],
    NOBODY,
  );
  await application.upsertTwins(
    [
      ...['P', 'Q', 'R'].map((id) => ({ id, kind: 'ASSET', model: 'Pump' })),
      { id: 'cooling', kind: 'PROCESS', requirements: [{ group: 'pumps', any: true }] },
      { id: 'line', kind: 'PROCESS' },
      ...['hall', 'yard'].map((id) => ({ id, kind: 'SYSTEM' })),
    ],
    NOBODY,
  );
  await application.upsertRelationships(
    [
      ...['P', 'Q'].map((target) => ({ type: 'DEPENDS_ON', source: 'cooling', target, group: 'pumps' })),
      { type: 'DEPENDS_ON', source: 'line', target: 'cooling' },
      ...['P', 'Q', 'cooling', 'line'].map((source) => ({ type: 'PART_OF', source, target: 'hall' })),
      { type: 'PART_OF', source: 'R', target: 'yard' },
    ],
    NOBODY,
  );
  application.status('P');
});
afterEach(() => plant.close());

let sequence = 0;
const batch = (...values: [twin: string, temperature: number][]): Promise<unknown> =>
  plant.application.ingest(
    values.map(([twin, value]): Reading => {
      sequence += 1;
      const { now } = plant.time;
      return { twin, property: 'temperature', value, quality: 'GOOD', observedAt: now, receivedAt: now, sequence };
    }),
  );

async function take<T>(events: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) taken.push((await events.next()).value);
  return taken;
}
const told = (event: unknown): string => {
  const { id, before, after } = event as StateEvent;
  return `${id} ${before} ${after}`;
};

test('what one batch takes and gives back is no glitch: who leans on either pump hears nothing', async () => {
  const events = plant.application.watchStates({ within: 'hall' });
  await batch(['P', 100]);
  await batch(['P', 20], ['Q', 100]);
  await batch(['P', 100]);
  const heard = await take(events, 6);
  expect(heard.slice(0, 3).map(told)).toEqual(['P OPERATIONAL DOWN', 'P DOWN OPERATIONAL', 'Q OPERATIONAL DOWN']);
  // The loss of both is one commit, in which each twin is told once.
  expect(heard.slice(3).map(told)).toEqual(['P OPERATIONAL DOWN', 'cooling OPERATIONAL DOWN', 'line OPERATIONAL DOWN']);
  expect(new Set(heard.slice(3).map((event) => event.sequence))).toEqual(new Set([plant.application.sequence()]));
});

test('of several readings in one batch a twin is told once, with what it ends in', async () => {
  const events = plant.application.watchStates({ within: 'hall' });
  await batch(['P', 100], ['Q', 100], ['P', 20], ['Q', 20], ['P', 100]);
  await batch(['P', 20]);
  expect((await take(events, 2)).map(told)).toEqual(['P OPERATIONAL DOWN', 'P DOWN OPERATIONAL']);
});

test('subscribers of a subsystem hear of it only', async () => {
  const yard = plant.application.watchStates({ within: 'yard' });
  const hall = plant.application.watchStates({ within: 'hall' });
  await batch(['P', 100]);
  await batch(['R', 100]);
  await batch(['Q', 100]);
  expect((await take(yard, 1)).map(told)).toEqual(['R OPERATIONAL DOWN']);
  expect((await take(hall, 2)).map(told)).toEqual(['P OPERATIONAL DOWN', 'Q OPERATIONAL DOWN']);
});

test('who watches a scenario is told what is added, changed and gone in its answer, and nothing else', async () => {
  const { application, time } = plant;
  const events = application.watchImpact({ outage: ['P'] }, null);
  const [first] = await take(events, 1);
  expect(first).toMatchObject({ added: [], changed: [], removed: [] });
  // R matters to nobody: nothing is told of it.
  await batch(['R', 100]);
  await time.advance(200);
  await batch(['Q', 100]);
  await time.advance(200);
  const [second] = await take(events, 1);
  expect(second).toMatchObject({ added: ['cooling', 'line'], changed: [], removed: [] });
  await application.patchTwin('line', { health: 'DEGRADED' }, NOBODY);
  await time.advance(200);
  const [third] = await take(events, 1);
  expect(third).toMatchObject({ added: [], changed: ['line'], removed: [] });
  await batch(['Q', 20]);
  await time.advance(200);
  const [fourth] = await take(events, 1);
  expect(fourth).toMatchObject({ added: [], changed: [], removed: ['cooling', 'line'] });
});
