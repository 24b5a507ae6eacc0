/** Hold-ups and standbys, above all in loops, against the reference interpreter. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { arbitraryTimedCase } from '../support/arbitrary-timed-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { referenceScenario } from '../support/reference-scenario.ts';

const byId = <T extends { id: string }>(rows: readonly T[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

test('hold-ups run out and standbys come in when the rules say so, in chains and in loops', () => {
  fc.assert(
    fc.property(arbitraryTimedCase(), ([plant, scenario]) => {
      const { affected } = ImpactModel.compile(plant).runScenario(scenario);
      const got = [...affected].map(({ id, after, impactAtMs, recoversAtMs, timeline }) => {
        return { id, after, impactAtMs, recoversAtMs, timeline };
      });
      const want = [...referenceScenario(plant, scenario)].map(([id, row]) => {
        const { impactAtMs, recoversAtMs, timeline } = row;
        return { id, after: row.after.state, impactAtMs, recoversAtMs, timeline };
      });
      expect(byId(got)).toEqual(byId(want));
    }),
    FUZZ,
  );
});
