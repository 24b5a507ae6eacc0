/** Plants on which the engine and the reference once differed, with the reading of the rules that decided. */
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { referenceAtRisk, referenceStates } from '../support/reference-impact.ts';

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

test('an open switch is not at risk for redundancy that it does not ask for', () => {
  // Section 2: an open switch is healthy and asks for no supply. Section 7: at risk is who leans on spent redundancy.
  const plant = plantFromLines(['A -- T', 'B -- T', 'switchedOff T', 'health A=DOWN']);
  const any = { group: 'in', mode: null, medium: null, min: 1, full: 1, soft: false, holdUpMs: 0, stateOfCharge: 1 };
  const twins = plant.twins.map((twin) => (twin.id === 'T' ? { ...twin, requirements: [any] } : twin));
  const relationships = plant.relationships.map((relationship) => ({ ...relationship, group: 'in' }));
  const model = ImpactModel.compile({ ...plant, twins, relationships });
  expect(model.atRisk('T')).toBe(false);
  expect(referenceAtRisk({ ...plant, twins, relationships }).has('T')).toBe(false);
});
