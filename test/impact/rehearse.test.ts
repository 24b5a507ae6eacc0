import { expect, test } from 'vitest';
import { rehearse } from '../../src/impact/rehearse.ts';
import { finish } from '../../src/impact/steps.ts';

test('a rehearsal works what-ifs out to the end, in many steps', () => {
  const steps = rehearse();
  let count = 0;
  while (!steps.next().done) count += 1;
  expect(count).toBeGreaterThan(1_000);
});

test('in a rehearsal all but the grids of its hundred sites fail, and the bus that is in maintenance', () => {
  expect(finish(rehearse())).toBe(100 * 9 - 1);
});
