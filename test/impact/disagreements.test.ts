/** Plants on which the engine and the reference once differed, with the reading of the rules that decided. */
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { referenceStates } from '../support/reference-impact.ts';

function agree(lines: readonly string[]): Record<string, string> {
  const plant = plantFromLines(lines);
  const model = ImpactModel.compile(plant);
  const states = new Map(plant.twins.map(({ id }) => [id, model.state(id)]));
  expect(states).toEqual(referenceStates(plant));
  return Object.fromEntries([...states].map(([id, { state }]) => [id, state]));
}

test('a twin in a ring of supply that needs something outside to run is down without it', () => {
  // Section 3: all groups must hold. Section 4: SUSTAIN is read over Y, and what is outside of the loop is not in Y when it is down.
  const ring = ['B1 <- ANY(S,B2)', 'B2 <- ANY(B1)', 'B1 <= CONTROL', 'health CONTROL=DOWN'];
  expect(agree(ring)).toMatchObject({ B1: 'DOWN', B2: 'DOWN' });
});
