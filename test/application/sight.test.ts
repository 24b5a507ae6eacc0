import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const actor = { actor: null };
const HALL = { within: ['hall'], models: null };
let plant: TestApplication;

beforeAll(async () => {
  plant = await openApplication();
  await plant.application.importGraph(
    {
      models: [],
      twins: ['hall', 'other']
        .map((id) => ({ id, kind: 'SYSTEM' }))
        .concat(['pump', 'mover', 'feed'].map((id) => ({ id, kind: 'ASSET' }))),
      relationships: [
        { id: 'p', type: 'PART_OF', source: 'pump', target: 'hall' },
        { id: 'm', type: 'PART_OF', source: 'mover', target: 'hall' },
        { id: 'f', type: 'PART_OF', source: 'feed', target: 'other' },
        { id: 'pm', type: 'MEASURES', source: 'mover', target: 'pump' },
        { id: 'pf', type: 'DEPENDS_ON', source: 'pump', target: 'feed' },
      ],
    },
    actor,
  );
});
afterAll(() => plant.close());

it('a twin that is moved out of sight has left, as it was; what it does there is not told', async () => {
  const seen = plant.application.seenBy(HALL);
  const states = seen.watchStates({});
  const topology = seen.watchTopology({});
  const inside = seen.watchStates({ within: 'hall' });
  await plant.application.patchTwin('feed', { health: 'DOWN' }, actor);
  expect((await states.next()).value).toMatchObject({ id: 'pump', after: 'DOWN', membership: 'STAYED' });
  await plant.application.deleteRelationship('m', actor);
  await plant.application.patchTwin('mover', { name: 'elsewhere', health: 'DOWN' }, actor);
  await plant.time.advance(100);
  expect((await states.next()).value).toMatchObject({
    id: 'mover',
    membership: 'LEFT',
    after: 'OPERATIONAL',
    lastSeen: { id: 'mover', name: 'mover' },
  });
  expect((await topology.next()).value).toMatchObject({ removedTwins: ['mover'], removedRelationships: ['m', 'pm'] });
  await inside.next();
  expect((await inside.next()).value).toMatchObject({ id: 'mover', membership: 'LEFT', lastSeen: { name: 'mover' } });
});
