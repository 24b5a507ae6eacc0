/** The engine against the reference interpreter, on random plants. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import type { ConditionChange, ImpactTwin, StateDifference } from '../../src/impact/types.ts';
import { arbitraryHealth, arbitraryPlant } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { type Plant, referenceStates } from '../support/reference-impact.ts';

const statesOf = (model: ImpactModel, plant: Plant) => new Map(plant.twins.map(({ id }) => [id, model.state(id)]));

test('the live state is that of the rules', () => {
  fc.assert(
    fc.property(arbitraryPlant({ maxTwins: 8, maxRelationships: 16 }), (plant) => {
      expect(statesOf(ImpactModel.compile(plant), plant)).toEqual(referenceStates(plant));
    }),
    FUZZ,
  );
});

const arbitraryChange = fc.record({
  at: fc.nat(),
  change: fc.oneof(
    { weight: 4, arbitrary: fc.record({ health: arbitraryHealth() }) },
    { weight: 1, arbitrary: fc.record({ planned: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ closed: fc.boolean() }) },
  ),
});

function changed(plant: Plant, changes: readonly ConditionChange[]): Plant {
  const twins = new Map(plant.twins.map((twin) => [twin.id, twin]));
  for (const change of changes) twins.set(change.id, { ...(twins.get(change.id) as ImpactTwin), ...change });
  return { ...plant, twins: [...twins.values()] };
}

function restoring(plant: Plant, changes: readonly ConditionChange[]): ConditionChange[] {
  return changes.map(({ id }) => {
    const { health, planned, closed } = plant.twins.find((twin) => twin.id === id) as ImpactTwin;
    return { id, health, planned, closed };
  });
}

test('after any changes and their undoing the state is as if compiled anew, and each twin that changed is told once', () => {
  fc.assert(
    fc.property(
      arbitraryPlant({ maxTwins: 8, maxRelationships: 16 }),
      fc.array(fc.array(arbitraryChange, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      (plant, rounds) => {
        const model = ImpactModel.compile(plant);
        const steps: { changes: ConditionChange[]; after: Plant }[] = [];
        let now = plant;
        for (const round of rounds) {
          const changes = round.map(({ at, change }) => ({
            id: now.twins[at % now.twins.length]?.id as string,
            ...change,
          }));
          steps.push({ changes, after: changed(now, changes) });
          now = changed(now, changes);
        }
        for (let at = steps.length - 1; at >= 0; at -= 1) {
          const before = at === 0 ? plant : (steps[at - 1]?.after as Plant);
          steps.push({ changes: restoring(before, steps[at]?.changes ?? []), after: before });
        }
        let states = referenceStates(plant);
        for (const { changes, after } of steps) {
          const told = model.update(changes);
          const want = referenceStates(after);
          expect(statesOf(model, after)).toEqual(want);
          expect(sorted(told)).toEqual(differences(states, want));
          states = want;
        }
      },
    ),
    FUZZ,
  );
});

const sorted = (told: readonly StateDifference[]) => told.toSorted((a, b) => (a.id < b.id ? -1 : 1));

function differences(
  before: ReturnType<typeof referenceStates>,
  after: ReturnType<typeof referenceStates>,
): StateDifference[] {
  const ids = [...before.keys()].filter((id) => JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id)));
  return sorted(ids.map((id) => ({ id, before: before.get(id), after: after.get(id) }) as StateDifference));
}
