import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;

/** S - Q1 - line - Q2 - L, all in one network; Q1 and Q2 differ in how they say that they switch. */
async function build(q1: object, q2: object): Promise<void> {
  const conduction = (role: string): object => ({ conduction: [{ role }] });
  await plant.application.upsertTwins(
    [
      { id: 'S', kind: 'ASSET', ...conduction('SOURCE') },
      { id: 'Q1', kind: 'ASSET', ...q1 },
      { id: 'line', kind: 'ASSET' },
      { id: 'Q2', kind: 'ASSET', ...q2 },
      { id: 'L', kind: 'ASSET', ...conduction('CONSUMER') },
      { id: 'room', kind: 'SYSTEM' },
    ],
    NOBODY,
  );
  const joined = ['S', 'Q1', 'line', 'Q2', 'L'];
  await plant.application.upsertRelationships(
    joined
      .slice(1)
      .map((target, i) => ({ type: 'CONNECTED_TO', source: joined[i] as string, target, medium: 'power' })),
    NOBODY,
  );
}

const affectedBy = async (scenario: object): Promise<string[]> =>
  [...(await plant.application.impact(scenario)).answer.affected].map(({ id }) => id).sort();

beforeEach(async () => {
  plant = await openApplication();
});
afterEach(() => plant.close());

test('a fault spreads to the nearest twins that switch, whoever says so: closed, a tag or the model', async () => {
  await plant.application.upsertModels([{ id: 'acme:Breaker', kind: 'ASSET', name: 'Circuit breaker' }], NOBODY);
  await build({ closed: true }, { model: 'acme:Breaker' });
  const { answer } = await plant.application.impact({ fault: ['line'] });
  expect(answer.scenarioTwins).toEqual(['line']);
  expect(await affectedBy({ fault: ['line'] })).toEqual(['L', 'Q2']);
  // Beyond the breaker the source still supplies.
  expect(await affectedBy({ fault: ['L'] })).toEqual([]);
});

test('that a twin switches outlives a restart', async () => {
  await build({ closed: true }, { tags: ['valve'] });
  plant = await plant.restart();
  expect(plant.application.topology.twin('Q1')).toMatchObject({ closed: true, switches: true });
  expect(plant.application.topology.twin('Q2')).toMatchObject({ closed: true, switches: false });
  expect((await plant.application.impact({ fault: ['line'] })).answer.scenarioTwins).toEqual(['line']);
});

test('opening a switch in a scenario, or for real, cuts off what is behind it', async () => {
  await build({ closed: true }, {});
  expect(await affectedBy({ open: ['Q1'] })).toEqual(['L', 'Q2', 'line']);
  expect(plant.application.status('L').state).toBe('OPERATIONAL');
  await plant.application.patchTwin('Q1', { closed: false }, NOBODY);
  expect(plant.application.status('L').state).toBe('DOWN');
  expect(await affectedBy({ close: ['Q1'] })).toEqual(['L', 'Q2', 'line']);
});

test('an outage within a place takes out its parts and what is located in it', async () => {
  await build({}, {});
  await plant.application.upsertRelationships([{ type: 'LOCATED_IN', source: 'Q1', target: 'room' }], NOBODY);
  const { answer } = await plant.application.impact({ outageWithin: ['room'] });
  expect([answer.scenarioTwins, [...answer.affected].map(({ id }) => id).sort()]).toEqual([
    ['Q1'],
    ['L', 'Q2', 'line'],
  ]);
});

test('a scenario with twins that are not there tells each of them', async () => {
  await build({}, {});
  await expect(plant.application.impact({ outage: ['S', 'x'], close: ['y'] })).rejects.toMatchObject({
    faults: [{ at: 'scenario.outage[1]' }, { at: 'scenario.close[0]' }],
  });
});
