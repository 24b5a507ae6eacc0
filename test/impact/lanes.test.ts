/** Thirty-two hypotheses at a time give what each gives alone. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LaneEvaluator } from '../../src/impact/lane-evaluator.ts';
import { coneOf } from '../../src/impact/lane-plant.ts';
import { planeOf } from '../../src/impact/planes.ts';
import { arbitraryPlant } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { lanePlantFrom } from '../support/lane-plant-from.ts';
import { available, CUTS, PLANES, withHealth } from '../support/reference-impact.ts';

const LANES = Array.from({ length: 32 }, (_, lane) => lane);

/** For each lane the twins that are out in it. */
const arbitraryOutages = fc.array(fc.array(fc.nat({ max: 5 }), { maxLength: 3 }), { minLength: 32, maxLength: 32 });

test('each lane is the state under its own outages, in every plane, again and again from the baseline', () => {
  fc.assert(
    fc.property(
      arbitraryPlant({ time: false }),
      fc.array(arbitraryOutages, { minLength: 1, maxLength: 2 }),
      (plant, rounds) => {
        const { lanes, idByNumber, numberById } = lanePlantFrom(plant);
        for (const plane of PLANES) {
          for (const cut of CUTS) {
            const evaluator = new LaneEvaluator(lanes, planeOf(cut, plane === 'best'));
            const up = available(plant, cut, plane);
            expect([...evaluator.baseline]).toEqual(idByNumber.map((id) => (up.has(id) ? -1 : 0)));
            for (const outages of rounds) {
              const out = outages.map((list) => list.map((at) => plant.twins[at % plant.twins.length]?.id as string));
              for (const lane of LANES)
                for (const id of out[lane] ?? []) evaluator.takeOut(numberById.get(id) as number, 1 << lane);
              evaluator.run();
              for (const lane of LANES.slice(0, 4)) {
                const want = available(withHealth(plant, out[lane] ?? [], 'DOWN'), cut, plane);
                expect(idByNumber.filter((_, n) => ((evaluator.words[n] as number) >> lane) & 1)).toEqual(
                  idByNumber.filter((id) => want.has(id)),
                );
              }
              evaluator.reset();
            }
          }
        }
      },
    ),
    FUZZ,
  );
});

test('the cone of a twin is enough to judge it', () => {
  fc.assert(
    fc.property(arbitraryPlant({ time: false }), fc.nat(), fc.nat(), (plant, pick, failed) => {
      const { lanes, idByNumber } = lanePlantFrom(plant);
      const target = pick % lanes.twinCount;
      const cone = coneOf(lanes, [target]);
      const evaluator = new LaneEvaluator(cone.plant, planeOf(2, false));
      const at = failed % cone.plant.twinCount;
      evaluator.takeOut(at, 1);
      evaluator.run();
      const out = idByNumber[cone.whole[at] as number] as string;
      const want = available(withHealth(plant, [out], 'DOWN'), 2, 'worst').has(idByNumber[target] as string);
      expect((evaluator.words[cone.local[target] as number] as number) & 1).toBe(want ? 1 : 0);
    }),
    FUZZ,
  );
});
