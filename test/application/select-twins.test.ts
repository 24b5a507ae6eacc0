import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;

beforeEach(async () => {
  plant = await openApplication();
});
afterEach(() => plant.close());

test('a filter that names a model which is not there is refused with those that are', async () => {
  await expect(plant.application.selectTwins({ models: ['pump'] })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'filter.models[0]: expected no model, as there is none, got "pump"',
  });
  await plant.application.upsertModels([{ id: 'Pump', kind: 'ASSET', name: 'Pump' }], NOBODY);
  await plant.application.upsertTwins([{ id: 'P1', kind: 'ASSET', model: 'Pump' }], NOBODY);
  expect(await plant.application.selectTwins({ models: ['Pump'] })).toEqual(['P1']);
  await expect(plant.application.selectTwins({ models: ['Pump', 'pump'] })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'filter.models[1]: expected the id of a model (Pump), got "pump"',
  });
});

test('reach and paths follow what models say of twins, and what changes', async () => {
  await plant.application.upsertModels([{ id: 'Load', kind: 'ASSET', name: 'Load' }], NOBODY);
  await plant.application.upsertTwins(
    ['S', 'L', 'M'].map((id) => ({ id, kind: 'ASSET', ...(id === 'L' ? { model: 'Load' } : {}) })),
    NOBODY,
  );
  await plant.application.upsertRelationships(
    [
      { type: 'CONNECTED_TO', source: 'S', target: 'L' },
      { type: 'CONNECTED_TO', source: 'M', target: 'L' },
    ],
    NOBODY,
  );
  const reached = () => plant.application.reach('S', 'dependents').entries.map(({ node }) => node.twin.id);
  const path = () =>
    plant.application.paths({ from: 'S', to: 'M', direction: 'OUT', along: 'DEPENDENCE', maxDepth: 9, first: 1 }).paths;
  expect(reached()).toEqual(['L', 'M']);
  expect(path()).toHaveLength(1);
  // What nothing is needed of lets nothing through.
  const consumer = { id: 'Load', kind: 'ASSET', name: 'Load', conduction: [{ role: 'CONSUMER' }] };
  await plant.application.upsertModels([consumer], NOBODY);
  expect(reached()).toEqual(['L']);
  expect(path()).toHaveLength(0);
  await plant.application.deleteTwin('L', NOBODY);
  expect(reached()).toEqual([]);
});
