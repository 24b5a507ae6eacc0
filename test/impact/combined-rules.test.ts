/** Two or three rules of impact at once, each answer worked out by hand from the text of the rules. */
import { describe, expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import type { Scenario } from '../../src/impact/types.ts';
import { finish } from '../../src/impact/steps.ts';
import { affectedText, scenarioOf, stateText } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';

const model = (...lines: string[]): ImpactModel => ImpactModel.compile(plantFromLines(lines));

type Example = readonly [
  promise: string,
  lines: readonly string[],
  scenario: Partial<Scenario>,
  affected: Record<string, string>,
];

function hold(examples: readonly Example[]): void {
  it.each(examples)('%s', (_, lines, scenario, affected) => {
    expect(affectedText(model(...lines).runScenario(scenarioOf(scenario)))).toEqual(affected);
  });
}

describe('hold-ups with thresholds', () => {
  const half = ['M2 <- {T} holdUp 4', 'UPS <- {M1,M2} min 1 full 2 holdUp 10'];

  // Full is lost at 0, min at 4: the levels fall at 10 and at 14.
  it('a battery that is half supplied counts for each level from that level’s own loss', () => {
    const answer = model(...half).runScenario(scenarioOf({ outage: ['M1', 'T'] }));
    expect(affectedText(answer)).toEqual({ UPS: 'DOWN@10', M2: 'DOWN@4' });
    expect([...answer.affected].find(({ id }) => id === 'UPS')?.timeline).toEqual([
      { atMs: 0, state: 'OPERATIONAL' },
      { atMs: 600_000, state: 'DEGRADED' },
      { atMs: 840_000, state: 'DOWN' },
    ]);
  });

  hold([
    ['a degraded feed drains a battery as far as full service goes', half, { degrade: ['M1'] }, { UPS: 'DEGRADED@10' }],
    ['a soft group can have a hold-up', ['R <= {H} soft holdUp 10'], { outage: ['H'] }, { R: 'DEGRADED@10' }],
    [
      'the first of two needs to run out decides, each with its own hold-up',
      ['RACK <- {UPS} holdUp 10', 'RACK <= {COOL} holdUp 8', 'UPS <- M', 'COOL <- M'],
      { outage: ['M'] },
      { RACK: 'DOWN@8', UPS: 'DOWN@0', COOL: 'DOWN@0' },
    ],
    [
      'a battery outside of a loop bridges it, the one inside adds its own time',
      ['S <- {GRID} holdUp 30', 'A <- ANY(S,B) holdUp 10', 'B <- A'],
      { outage: ['GRID'] },
      { S: 'DOWN@30', A: 'DOWN@40', B: 'DOWN@40' },
    ],
    [
      'behind a loop a hold-up counts from when the loop dies',
      ['A <- ANY(S,C) holdUp 10', 'B <- {A} holdUp 5', 'C <- B', 'D <- {C} holdUp 4'],
      { outage: ['S'] },
      { A: 'DOWN@10', B: 'DOWN@10', C: 'DOWN@10', D: 'DOWN@14' },
    ],
    [
      'a repaired feed that lasts for a while brings nobody back',
      ['health A=DOWN', 'A2 <- {N} holdUp 5', 'X <- ALL(A,A2)', 'UPS <- {X} holdUp 15'],
      { repair: ['A'], outage: ['N'] },
      { A2: 'DOWN@5' },
    ],
  ]);
});

describe('standbys with the rest', () => {
  hold([
    [
      'one that comes for full service lifts what is short of it',
      ['X <- {A,B,S} min 2 full 2 standby S=3'],
      { degrade: ['A'] },
      { X: 'DEGRADED@0-3' },
    ],
    [
      'one for a soft group ends the degrading',
      ['X <= ANY(A,S) soft standby S=5'],
      { outage: ['A'] },
      { X: 'DEGRADED@0-5' },
    ],
    [
      'the second one comes when the first is dead',
      ['X <- ANY(G,S1,S2) standby S1=2 standby S2=10'],
      { outage: ['G', 'S1'] },
      { X: 'DOWN@0-10' },
    ],
    [
      'its delay runs from the loss, also when that comes late',
      ['A <- {N} holdUp 3', 'X <- ANY(A,S) standby S=5', 'Y <- {X} holdUp 4', 'Z <- {X} holdUp 6'],
      { outage: ['N'] },
      { A: 'DOWN@3', X: 'DOWN@3-8', Y: 'DOWN@7-8' },
    ],
    [
      'one that is repaired in the scenario comes after its delay all the same',
      ['health GEN=DOWN', 'M <- ANY(GRID,GEN) standby GEN=2'],
      { outage: ['GRID'], repair: ['GEN'] },
      { M: 'DOWN@0-2' },
    ],
    [
      'groups of nothing but standbys are at work before anything happens',
      ['X <- ANY(A,B) standby A=1 standby B=5', 'Z'],
      { outage: ['Z'] },
      {},
    ],
  ]);

  it('one that is unknown ends the certain loss, not the doubt', () => {
    const live = model('health GEN=UNKNOWN', 'M <- ANY(GRID,GEN) standby GEN=2');
    expect(stateText(live, 'M')).toEqual(['OPERATIONAL']);
    const [row] = live.runScenario(scenarioOf({ outage: ['GRID'] })).affected;
    expect(row).toMatchObject({ after: 'DOWN', certainty: 'CERTAIN', impactAtMs: 0, recoversAtMs: null });
    expect(row?.timeline.map(({ state }) => state)).toEqual(['DOWN', 'UNKNOWN']);
  });

  it('one that is repaired ends the doubt when it comes in, not before', () => {
    const live = model('health A=UNKNOWN G=UNKNOWN', 'E <- ANY(A,G) standby A=3');
    const answer = live.runScenario(scenarioOf({ repair: ['A'], maintain: ['G'] }));
    expect(affectedText(answer)).toEqual({ E: 'OPERATIONAL@3' });
    expect(answer.affected.at(0)?.timeline.map(({ state }) => state)).toEqual(['UNKNOWN', 'OPERATIONAL']);
  });

  it('one that failed before its time is not told as the witness of a loss that came without it', () => {
    const live = model('M <- ANY(GRID,GEN) standby GEN=2', 'UPS <- {M} holdUp 15');
    const answer = live.runScenario(scenarioOf({ outage: ['GEN', 'GRID'] }));
    expect(answer.witness('UPS').map(({ twin }) => twin)).toEqual(['GRID', 'M', 'UPS']);
    expect(answer.witness('M')[1]).toMatchObject({ need: 1, have: 0, lost: ['GEN', 'GRID'] });
    expect(finish(answer.causes('M', 2))).toEqual([['GRID']]);
    expect(finish(answer.causes('UPS', 2))).toEqual([['GEN', 'GRID']]);
  });
});

describe('what is not known, in time and in loops', () => {
  it('the worst case is lost at once, the best when its battery is empty', () => {
    const live = model('health U=UNKNOWN', 'X <- ANY(GRID,U)', 'U <- {GRID} holdUp 15');
    const answer = live.runScenario(scenarioOf({ outage: ['GRID'] }));
    expect(affectedText(answer)).toEqual({ X: 'DOWN@0', U: 'DOWN@15' });
    expect([...answer.affected].every(({ certainty }) => certainty === 'CERTAIN')).toBe(true);
  });

  it('an unknown in a loop of sustain is unknown all round, and certainly down from black', () => {
    const live = model('health C1=UNKNOWN', 'C1 <= C2', 'C2 <= C1');
    expect(stateText(live, 'C1', 'C2')).toEqual(['UNKNOWN [DOWN..OPERATIONAL]', 'UNKNOWN [DOWN..OPERATIONAL]']);
    const answer = live.runScenario(scenarioOf({ coldStart: true }));
    expect([...answer.affected].map(({ id, after, certainty }) => [id, after, certainty])).toEqual([
      ['C1', 'DOWN', 'CERTAIN'],
      ['C2', 'DOWN', 'CERTAIN'],
    ]);
  });

  it('an unknown source makes its whole ring unknown, and a degraded one makes it degraded', () => {
    const live = model('source S', 'health S=UNKNOWN', 'S -- A', 'A -- B', 'B -- C', 'C -- A');
    expect(stateText(live, 'A', 'C')).toEqual(['UNKNOWN [DOWN..OPERATIONAL]', 'UNKNOWN [DOWN..OPERATIONAL]']);
    const degraded = { A: 'DEGRADED@0', B: 'DEGRADED@0', C: 'DEGRADED@0' };
    expect(affectedText(live.runScenario(scenarioOf({ degrade: ['S'] })))).toEqual(degraded);
  });

  it('unknown shares are told as the range that they leave', () => {
    const live = model('health B=UNKNOWN', 'H <- {A:50,B:30,C:30} min 40 full 90');
    expect(stateText(live, 'H')).toEqual(['UNKNOWN [DEGRADED..OPERATIONAL]']);
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['C'] })))).toEqual({ H: 'DEGRADED@0' });
    const [row] = live.runScenario(scenarioOf({ outage: ['A'] })).affected;
    expect(row).toMatchObject({ before: 'UNKNOWN', after: 'UNKNOWN', certainty: 'CERTAIN' });
  });
});

describe('house load and black start', () => {
  const house = ['AUX <- ANY(GRID,G,BS) standby BS=15', 'G <= AUX'];
  const ring = ['B1 <- ANY(S,B2,S2) standby S2=2', 'B2 <- ANY(B1)', 'B1 <= K'];

  hold([
    [
      'a running unit carries itself until its fuel ends',
      [...house, 'G <- {FUEL} holdUp 60'],
      { outage: ['GRID', 'FUEL', 'BS'] },
      { G: 'DOWN@60', AUX: 'DOWN@60' },
    ],
    [
      'a tripped one waits for the black start unit',
      house,
      { outage: ['GRID'], coldStart: true },
      { AUX: 'DOWN@0-15', G: 'DOWN@0-15' },
    ],
    ['and stays dead without one', house, { outage: ['GRID', 'BS'], coldStart: true }, { AUX: 'DOWN@0', G: 'DOWN@0' }],
    [
      'control with a battery lets the next source take a dead ring',
      [...ring, 'K <- {B2} holdUp 5'],
      { outage: ['S'] },
      { B1: 'DOWN@0-2', B2: 'DOWN@0-2' },
    ],
    [
      'control that went dark first does not',
      [...ring, 'K <- {B2} holdUp 1'],
      { outage: ['S'] },
      { B1: 'DOWN@0', B2: 'DOWN@0', K: 'DOWN@1' },
    ],
    [
      'a pair that leans on each other rides through on a battery',
      ['C1 <= C2', 'C2 <= C1', 'C1 <- {P} holdUp 3', 'P <- ANY(GRID,GEN) standby GEN=2'],
      { outage: ['GRID'] },
      { P: 'DOWN@0-2' },
    ],
    [
      'and does not start again by itself once it tripped',
      ['C1 <= C2', 'C2 <= C1', 'C1 <- P', 'P <- ANY(GRID,GEN) standby GEN=2'],
      { outage: ['GRID'] },
      { P: 'DOWN@0-2', C1: 'DOWN@0', C2: 'DOWN@0' },
    ],
    [
      'full service of a pair is started anew as well, once it was lost',
      ['C1 <= C2', 'C2 <= C1', 'C1 <- X', 'health X=DEGRADED'],
      { repair: ['X'] },
      {},
    ],
  ]);

  it('a generator cannot feed the battery that it lives on', () => {
    const live = model('MSB <- ANY(GRID,GEN) standby GEN=2', 'GEN <- CTRL', 'CTRL <- {MSB} holdUp 5');
    const answer = live.runScenario(scenarioOf({ outage: ['GRID'] }));
    expect(affectedText(answer)).toEqual({ MSB: 'DOWN@0', CTRL: 'DOWN@5', GEN: 'DOWN@5' });
    expect(answer.affected.at(0)?.timeline.map(({ state }) => state)).toEqual(['DOWN', 'OPERATIONAL', 'DOWN']);
  });
});

describe('planned and unplanned work together', () => {
  const plannedIds = (lines: readonly string[], scenario: Partial<Scenario>) =>
    [...model(...lines).runScenario(scenarioOf(scenario)).affected]
      .filter(({ planned }) => planned)
      .map(({ id }) => id);

  it('only what planned work alone takes as far is planned', () => {
    const lines = ['N <- {A,B,C} min 1 full 2', 'N2 <- {A,B} min 1 full 2', 'N3 <- {A,C} soft'];
    expect(plannedIds(lines, { maintain: ['A'], outage: ['B'] })).toEqual(['N3']);
    expect(plannedIds(lines, { maintain: ['A'], degrade: ['B'] })).toEqual(['N3']);
    expect(plannedIds(lines, { maintain: ['A', 'B'], outage: ['C'] })).toEqual(['N2']);
  });

  it('a fault that is there already makes the loss of the spare unplanned', () => {
    expect(plannedIds(['health A=DOWN', 'N <- ANY(A,B)', 'M <- B'], { maintain: ['B'] })).toEqual(['M']);
  });

  it('is told for the time that it lasts, and behind batteries', () => {
    const lines = ['M <- ANY(GRID,GEN) standby GEN=2', 'UPS <- {M} holdUp 15'];
    expect(plannedIds(lines, { maintain: ['GRID'] })).toEqual(['M']);
    expect(plannedIds(lines, { maintain: ['GRID', 'GEN'] })).toEqual(['M', 'UPS']);
    expect(plannedIds(lines, { maintain: ['GRID'], outage: ['GEN'] })).toEqual([]);
  });
});
