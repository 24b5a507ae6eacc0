/** Scenarios that take several steps: they run on a copy, and the live state goes on meanwhile. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { finish } from '../../src/impact/steps.ts';
import type { ConditionChange, ImpactInputs, ImpactTwin, Scenario, ScenarioAnswer } from '../../src/impact/types.ts';
import { arbitraryNetwork, place } from '../support/arbitrary-network.ts';
import { arbitraryPlant, arbitraryScenario } from '../support/arbitrary-plant.ts';
import { arbitraryTimedCase } from '../support/arbitrary-timed-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { scenarioOf } from '../support/impact-text.ts';

type Plant = ImpactInputs & { readonly twins: readonly ImpactTwin[] };

const arbitraryCase: fc.Arbitrary<readonly [Plant, Scenario]> = arbitraryPlant({
  maxTwins: 7,
  maxRelationships: 14,
}).chain((plant) => fc.tuple(fc.constant(plant), arbitraryScenario(plant)));
const arbitraryLargeCase: fc.Arbitrary<readonly [Plant, Scenario]> = fc
  .tuple(arbitraryNetwork, fc.uniqueArray(place, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([plant, out, isCold]): readonly [Plant, Scenario] => [
    plant,
    scenarioOf({ outage: out.map((n) => `T${n}`), open: ['ring7'], close: ['ring5'], coldStart: isCold }),
  ]);
/** Memberships looked at in a step: so small that what is tried at once is given up anywhere in the work. */
const workPerStep = fc.integer({ min: 1, max: 60 });

const statesOf = (model: ImpactModel) => model.plant.ids.map((id) => [id, model.state(id), model.atRisk(id)]);

/** All that an answer tells. */
function toldBy({ plant }: ImpactModel, answer: ScenarioAnswer) {
  return {
    affected: [...answer.affected],
    staleInputs: answer.staleInputs,
    scenarioTwins: answer.scenarioTwins,
    newlyAtRisk: finish(answer.newlyAtRisk()),
    causes: plant.ids.map((id) => [finish(answer.causes(id, 2)), finish(answer.causesComplete(id, 2))]),
    witnesses: plant.ids.map((id) => answer.witness(id)),
  };
}

describe.each([
  ['a plant', arbitraryCase, FUZZ.numRuns],
  ['a plant with hold-ups and standbys', arbitraryTimedCase(), FUZZ.numRuns],
  ['a large network', arbitraryLargeCase, Math.ceil(FUZZ.numRuns / 10)],
] as const)('a scenario of %s', (_, arbitrary, runs) => {
  test('has the same answer in steps, and nobody sees it half done', () => {
    fc.assert(
      fc.property(arbitrary, workPerStep, ([plant, scenario], perStep) => {
        const model = ImpactModel.compile(plant, perStep);
        const whole = ImpactModel.compile(plant);
        const before = statesOf(whole);
        const steps = model.runScenarioInSteps(scenario);
        let step = steps.next();
        for (; !step.done; step = steps.next()) expect(statesOf(model)).toEqual(before);
        expect(toldBy(model, step.value)).toEqual(toldBy(whole, whole.runScenario(scenario)));
        expect(statesOf(model)).toEqual(before);
      }),
      { ...FUZZ, numRuns: runs },
    );
  });

  test('what changes while it is worked out is not in its answer, and is not lost', () => {
    fc.assert(
      fc.property(arbitrary, workPerStep, fc.nat({ max: 20 }), fc.nat(), ([plant, scenario], perStep, after, pick) => {
        const id = plant.twins[pick % plant.twins.length]?.id as string;
        const change: ConditionChange = { id, health: 'DOWN', closed: pick % 2 === 0 };
        const whole = ImpactModel.compile(plant);
        const want = toldBy(whole, whole.runScenario(scenario));
        const model = ImpactModel.compile(plant, perStep);
        const steps = model.runScenarioInSteps(scenario);
        let step = steps.next();
        for (let n = 0; !step.done; n += 1) {
          if (n === after) expect(model.update([change])).toEqual(whole.update([change]));
          step = steps.next();
        }
        expect(toldBy(model, step.value)).toEqual(want);
        whole.update([change]);
        model.update([change]);
        expect(statesOf(model)).toEqual(statesOf(whole));
        expect([...model.runScenario(scenario).affected]).toEqual([...whole.runScenario(scenario).affected]);
      }),
      { ...FUZZ, numRuns: runs },
    );
  });
});
