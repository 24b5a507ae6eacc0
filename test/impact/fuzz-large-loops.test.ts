/** Large loops of supply are kept up to date from change to change; here against a model compiled anew. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import type { ConditionChange, ImpactTwin, RelationshipSwitch } from '../../src/impact/types.ts';
import { finish } from '../../src/impact/steps.ts';
import { arbitraryNetwork, type Network, place } from '../support/arbitrary-network.ts';
import { arbitraryHealth } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { scenarioOf } from '../support/impact-text.ts';

const arbitraryChanges = fc.array(
  fc.record({
    n: place,
    health: arbitraryHealth(),
    closed: fc.boolean(),
    kind: fc.constantFrom('health', 'twin', 'ring'),
  }),
  { minLength: 1, maxLength: 6 },
);

function withChanges(
  plant: Network,
  changes: readonly ConditionChange[],
  switches: readonly RelationshipSwitch[],
): Network {
  const twins = new Map(plant.twins.map((twin) => [twin.id, twin]));
  for (const change of changes) twins.set(change.id, { ...(twins.get(change.id) as ImpactTwin), ...change });
  const closedById = new Map(switches.map(({ id, closed }) => [id, closed]));
  const relationships = plant.relationships.map((each) => ({
    ...each,
    closed: closedById.get(each.id) ?? each.closed,
  }));
  return { ...plant, twins: [...twins.values()], relationships };
}

const statesOf = (model: ImpactModel) =>
  model.plant.ids.toSorted().map((id) => [id, model.state(id).state, model.atRisk(id)]);

test('after every change, and in every what-if between, a large network is what it is compiled anew', () => {
  fc.assert(
    fc.property(arbitraryNetwork, fc.array(arbitraryChanges, { minLength: 1, maxLength: 6 }), (plant, rounds) => {
      const model = ImpactModel.compile(plant);
      let now = plant;
      for (const round of rounds) {
        const changes = round
          .filter(({ kind }) => kind !== 'ring')
          .map(({ n, health, closed, kind }) => ({ id: `T${n}`, ...(kind === 'twin' ? { closed } : { health }) }));
        const switches = round
          .filter(({ kind }) => kind === 'ring')
          .map(({ n, closed }) => ({ id: `ring${n}`, closed }));
        const scenario = scenarioOf({
          outage: changes.slice(0, 2).map(({ id }) => id),
          open: ['ring7'],
          close: ['ring5'],
        });
        const anew = ImpactModel.compile(now).runScenario(scenario);
        const answer = model.runScenario(scenario);
        expect([...answer.affected]).toEqual([...anew.affected]);
        expect(finish(answer.newlyAtRisk())).toEqual(finish(anew.newlyAtRisk()));
        model.update(changes, switches);
        now = withChanges(now, changes, switches);
        expect(statesOf(model)).toEqual(statesOf(ImpactModel.compile(now)));
      }
    }),
    { ...FUZZ, numRuns: Math.ceil(FUZZ.numRuns / 5) },
  );
});
