import { expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { finish } from '../../src/impact/steps.ts';
import { scenarioOf } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';

const lines = ['process P1 P2', 'P1 <- G', 'P2 <- {G} holdUp 1', 'A <- G', 'B <- ANY(G,H)'];
const rows = ImpactModel.compile(plantFromLines(lines)).runScenario(scenarioOf({ outage: ['G'] })).affected;
const ids = [...rows].map(({ id }) => id);

it('a row is the same however it is come to', () => {
  expect(ids).toEqual(['P1', 'P2', 'A']);
  expect(ids.map((id) => rows.indexOf(id))).toEqual([0, 1, 2]);
  expect(ids.map((_, index) => rows.at(index))).toEqual([...rows]);
  expect(rows.slice(1, 5)).toEqual([...rows].slice(1));
  for (const [index, row] of [...rows].entries()) {
    for (const name of Object.keys(row) as (keyof typeof row)[]) expect(rows[name](index)).toEqual(row[name]);
  }
});

it('who is not affected has no row', () => {
  expect(['G', 'B', 'H', 'nobody'].map((id) => rows.indexOf(id))).toEqual([undefined, undefined, undefined, undefined]);
  expect([rows.at(-1), rows.at(3)]).toEqual([undefined, undefined]);
});

it('the rows that are left of it keep their order, and are found at their new places', () => {
  const left = finish(rows.where((index) => rows.id(index) !== 'P1'));
  expect([...left]).toEqual([...rows].slice(1));
  expect(ids.map((id) => left.indexOf(id))).toEqual([undefined, 0, 1]);
});
