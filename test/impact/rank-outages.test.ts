/** Outages ranked thirty-two at a time have the effects that each has alone. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planeEvaluators, rankOutages } from '../../src/impact/rank-outages.ts';
import { arbitraryPlant } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { lanePlantFrom } from '../support/lane-plant-from.ts';
import { referenceCriticality } from '../support/reference-analysis.ts';

test('score, affected twins and processes of every single outage are those of the outage alone', () => {
  fc.assert(
    fc.property(arbitraryPlant({ time: false, maxTwins: 8, maxRelationships: 14 }), (plant) => {
      const { lanes, idByNumber } = lanePlantFrom(plant);
      const twins = idByNumber.map((id) => plant.twins.find((twin) => twin.id === id) as (typeof plant.twins)[number]);
      const steps = rankOutages(
        planeEvaluators(lanes, () => lanes),
        {
          candidates: Int32Array.from(idByNumber.keys()),
          isProcess: Uint8Array.from(twins, (twin) => (twin.kind === 'PROCESS' ? 1 : 0)),
          criticality: Float64Array.from(twins, (twin) => twin.criticality),
        },
      );
      let step = steps.next();
      while (!step.done) step = steps.next();
      const { score, affected, processesDown, processesDegraded } = step.value;
      for (const [n, id] of idByNumber.entries()) {
        const { firstImpactAtMs: _, ...want } = referenceCriticality(plant, id);
        const counts = {
          affected: affected[n],
          processesDown: processesDown[n],
          processesDegraded: processesDegraded[n],
        };
        expect({ id, score: score[n], ...counts }).toEqual(want);
      }
    }),
    FUZZ,
  );
});
