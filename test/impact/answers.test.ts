/** What an answer to a scenario says, and that it stays good. */
import { LIMITS } from '../../src/domain/limits.ts';
import { describe, expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import type { Scenario } from '../../src/impact/types.ts';
import { finish } from '../../src/impact/steps.ts';
import { affectedText, scenarioOf, stateText } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';

const model = (...lines: string[]): ImpactModel => ImpactModel.compile(plantFromLines(lines));
const plannedOf = (live: ImpactModel, parts: Partial<Scenario>) =>
  Object.fromEntries([...live.runScenario(scenarioOf(parts)).affected].map(({ id, planned }) => [id, planned]));

describe('the difference', () => {
  it('is told without the scenario’s own twins', () => {
    const live = model('A <- G', 'B <- A');
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['G', 'A'] })))).toEqual({ B: 'DOWN@0' });
  });

  it('comes in the order of criticality times loss, then time, then id', () => {
    const live = model('process P1 P2 P3 P4', 'P1 <- {G} soft', 'P2 <- {G} holdUp 1', 'P3 <- G', 'P4 <- G', 'A <- G');
    live.update([{ id: 'P1', criticality: 5 }]);
    const { affected } = live.runScenario(scenarioOf({ outage: ['G'] }));
    expect([...affected].map(({ id }) => id)).toEqual(['P1', 'P3', 'P4', 'P2', 'A']);
    const restored = model('process P1', 'P1 <- ANY(G,H)', 'A <- X', 'health G=DOWN H=DOWN');
    const mixed = restored.runScenario(scenarioOf({ repair: ['G'], outage: ['X'] })).affected;
    expect([...mixed].map(({ id }) => id)).toEqual(['A', 'P1']);
  });

  it('where its lists contradict each other, the worse wins; what is down is not raised by degrading it', () => {
    const live = model('A <- G', 'health G=DOWN');
    expect(affectedText(live.runScenario(scenarioOf({ repair: ['G'], outage: ['G'] })))).toEqual({});
    expect(affectedText(live.runScenario(scenarioOf({ repair: ['G'], degrade: ['G'] })))).toEqual({ A: 'DEGRADED@0' });
    expect(affectedText(live.runScenario(scenarioOf({ degrade: ['G'] })))).toEqual({});
  });

  it('against a healthy plant everything works but what the scenario says, with switches as they are', () => {
    const live = model('A <- ANY(G,H)', 'B <- Q', 'health G=DOWN', 'planned H', 'switchedOff Q');
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['G'], baseline: 'HEALTHY' })))).toEqual({});
    const answer = live.runScenario(scenarioOf({ outage: ['G', 'H'], baseline: 'HEALTHY' }));
    expect(affectedText(answer)).toEqual({ A: 'DOWN@0' });
    live.update([{ id: 'Q', closed: true }]);
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['Q'], baseline: 'HEALTHY' })))).toEqual({ B: 'DOWN@0' });
  });

  it('names ids that are not there', () => {
    expect(() => model('A').runScenario(scenarioOf({ maintain: ['A', 'Z'] }))).toThrow(
      'scenario.maintain[1]: expected the id of a twin, got "Z"',
    );
  });
});

describe('what is not known', () => {
  const lines = ['health U=UNKNOWN', 'X <- ANY(U,B)', 'Y <- U', 'Z <- X'];

  it('an outage that leaves all on something unknown is possible, not certain', () => {
    const { affected, staleInputs } = model(...lines).runScenario(scenarioOf({ outage: ['B'] }));
    expect([...affected].map(({ id, after, certainty }) => [id, after, certainty])).toEqual([
      ['X', 'UNKNOWN', 'POSSIBLE'],
      ['Z', 'UNKNOWN', 'POSSIBLE'],
    ]);
    expect(staleInputs).toBe(4);
  });

  it('the outage of what is unknown is certain to be worse than what might have been', () => {
    const { affected, staleInputs } = model(...lines).runScenario(scenarioOf({ outage: ['U'] }));
    expect([...affected]).toMatchObject([{ id: 'Y', before: 'UNKNOWN', after: 'DOWN', certainty: 'CERTAIN' }]);
    expect(staleInputs).toBe(0);
  });

  it('a repair of it is certain to help in the worst case; a repair that leans on it only possibly helps', () => {
    expect([...model(...lines).runScenario(scenarioOf({ repair: ['U'] })).affected]).toMatchObject([
      { id: 'Y', after: 'OPERATIONAL', certainty: 'CERTAIN' },
    ]);
    const both = model('health U=UNKNOWN A=DOWN', 'X <- ALL(U,A)');
    expect([...both.runScenario(scenarioOf({ repair: ['A'] })).affected]).toMatchObject([
      { id: 'X', before: 'DOWN', after: 'UNKNOWN', certainty: 'POSSIBLE' },
    ]);
  });

  it('degraded for certain and perhaps worse is told as the range', () => {
    const live = model('health U=UNKNOWN', 'X <- {U,B,C} min 2 full 3');
    expect(stateText(live, 'X')).toEqual(['UNKNOWN [DEGRADED..OPERATIONAL]']);
    const { affected } = live.runScenario(scenarioOf({ outage: ['B'] }));
    expect([...affected]).toMatchObject([{ id: 'X', after: 'UNKNOWN', certainty: 'CERTAIN' }]);
  });
});

describe('planned work', () => {
  it('alone is planned; with an outage beside it, what both together take down is not', () => {
    const live = model('X <- ANY(A,B)', 'Y <- A', 'Z <- B', 'W <- ALL(A,B)');
    expect(plannedOf(live, { maintain: ['A'] })).toEqual({ W: true, Y: true });
    expect(plannedOf(live, { maintain: ['A'], outage: ['B'] })).toEqual({ W: false, X: false, Y: true, Z: false });
    expect(plannedOf(live, { outage: ['A', 'B'] })).toEqual({ W: false, X: false, Y: false, Z: false });
  });

  it('that is going on already takes redundancy away, but a later outage is none of its own', () => {
    const live = model('X <- ANY(A,B)', 'Y <- ANY(A,C)', 'planned A', 'health C=DOWN');
    expect(stateText(live, 'A', 'X', 'Y')).toEqual(['DOWN', 'OPERATIONAL', 'DOWN']);
    expect(plannedOf(live, { outage: ['B'] })).toEqual({ X: false });
    expect(plannedOf(live, { maintain: ['B'] })).toEqual({ X: true });
  });

  it('counts as planned for as long as it lasts, though a standby comes in', () => {
    const live = model('MSB <- ANY(GRID,GEN) standby GEN=2');
    expect(plannedOf(live, { maintain: ['GRID'] })).toEqual({ MSB: true });
  });

  it('does not count as planned where planned work explains it for part of the time only', () => {
    // Without GRID, X is down until the generator comes; that the generator does not come is nobody's plan.
    const live = model('X <- ANY(GRID,GEN) standby GEN=2');
    expect(plannedOf(live, { maintain: ['GRID'], outage: ['GEN'] })).toEqual({ X: false });
    const held = model('X <- A holdUp 5', 'A <- ALL(B,C)', 'Y <- X');
    expect(plannedOf(held, { maintain: ['B'] })).toEqual({ A: true, X: true, Y: true });
    expect(plannedOf(held, { maintain: ['B'], outage: ['C'] })).toEqual({ A: false, X: false, Y: false });
  });

  it('forces a twin down whatever its health says, and ends with a repair', () => {
    const live = model('A <- G', 'planned G');
    expect(stateText(live, 'G', 'A')).toEqual(['DOWN', 'DOWN']);
    expect(affectedText(live.runScenario(scenarioOf({ repair: ['G'] })))).toEqual({ A: 'OPERATIONAL@0' });
  });
});

describe('witness', () => {
  it('each step names what was needed, what there was, and what was lost', () => {
    const live = model('CW <- {P1,P2,P3} min 1 full 2', 'P1 <- MCC', 'P2 <- MCC', 'R <= CW');
    expect(live.runScenario(scenarioOf({ outage: ['MCC'] })).witness('R')).toEqual([
      { twin: 'MCC', relationship: null, group: null, need: null, have: null, lost: [] },
      { twin: 'P1', relationship: 'MCC FEEDS P1', group: 'FEEDS', need: 1, have: 0, lost: ['MCC'] },
      { twin: 'CW', relationship: 'P1 FEEDS CW g1', group: 'g1', need: 2, have: 1, lost: ['P1', 'P2'] },
      { twin: 'R', relationship: 'R DEPENDS_ON CW', group: 'DEPENDS_ON', need: 1, have: 0, lost: ['CW'] },
    ]);
  });

  it('is the shortest, and of equals the first by id', () => {
    const live = model('X <- ALL(B,A)', 'A <- G', 'B <- G', 'Y <- X', 'Y <- G');
    const answer = live.runScenario(scenarioOf({ outage: ['G'] }));
    expect(answer.witness('X').map(({ twin }) => twin)).toEqual(['G', 'A', 'X']);
    expect(answer.witness('Y').map(({ twin }) => twin)).toEqual(['G', 'Y']);
  });

  it('goes through a loop to what broke it', () => {
    const answer = model('B1 <- ANY(SA,B2)', 'B2 <- ANY(B1)', 'L <- B2').runScenario(scenarioOf({ outage: ['SA'] }));
    expect(answer.witness('L').map(({ twin }) => twin)).toEqual(['SA', 'B1', 'B2', 'L']);
  });

  it('of what recovers tells how the repair came to it', () => {
    const answer = model('A <- G', 'B <- A', 'health G=DOWN').runScenario(scenarioOf({ repair: ['G'] }));
    expect(answer.witness('B').map(({ twin }) => twin)).toEqual(['G', 'A', 'B']);
  });

  it('of an opened relationship begins with who lost it', () => {
    const answer = model('A <- G', 'B <- A').runScenario(scenarioOf({ open: ['G FEEDS A'] }));
    expect(answer.witness('B')).toMatchObject([
      { twin: 'A', relationship: 'G FEEDS A', need: 1, have: 0, lost: ['G'] },
      { twin: 'B', relationship: 'A FEEDS B' },
    ]);
  });

  it('of a loss in the best case alone, as a standby is at work already in the worst, follows that one', () => {
    const lines = ['M <- ALL(A,U)', 'X <- ANY(M,S) standby S=2', 'L <- X', 'health U=UNKNOWN'];
    const answer = model(...lines).runScenario(scenarioOf({ outage: ['A'] }));
    expect(answer.witness('X').map(({ twin }) => twin)).toEqual(['A', 'M', 'X']);
    expect(answer.witness('L').map(({ twin }) => twin)).toEqual(['A', 'M', 'X', 'L']);
  });

  it('of an unaffected twin is empty', () => {
    expect(
      model('A <- G', 'B')
        .runScenario(scenarioOf({ outage: ['G'] }))
        .witness('B'),
    ).toEqual([]);
  });
});

describe('causes', () => {
  it('are the smallest parts of the scenario that suffice', () => {
    const live = model('X <- ANY(A,B)', 'X <- C', 'Y <- ANY(A,B)', 'D');
    const answer = live.runScenario(scenarioOf({ outage: ['A', 'B', 'C', 'D'] }));
    expect(finish(answer.causes('X', 2))).toEqual([['C'], ['A', 'B']]);
    expect(finish(answer.causes('X', 1))).toEqual([['C']]);
    expect(finish(answer.causes('Y', 2))).toEqual([['A', 'B']]);
    expect(finish(answer.causes('D', 2))).toEqual([]);
  });

  it('of a fault are told by the twin that it is in', () => {
    const live = model('source S', 'S -- A', 'A -- B', 'B -- C', 'consumer C');
    expect(finish(live.runScenario(scenarioOf({ fault: ['A'] })).causes('C', 2))).toEqual([['A']]);
  });
});

describe('limits', () => {
  it('a long chain of cause is told by its beginning and its end', () => {
    const live = model(...Array.from({ length: 20 }, (_, n) => `T${n + 1} <- T${n}`));
    const answer = live.runScenario(scenarioOf({ outage: ['T0'] }));
    expect(answer.witness('T20', 5).map(({ twin }) => twin)).toEqual(['T0', 'T1', 'T2', 'T19', 'T20']);
    expect(answer.witness('T20', 21)).toEqual(answer.witness('T20'));
    expect(answer.witnessLength('T20')).toBe(21);
  });

  it('causes among more twins than are tried say so', () => {
    const many = Array.from({ length: LIMITS.causeParts + 1 }, (_, n) => `A${String(n).padStart(4, '0')}`);
    const live = model(`X <- ALL(${many.join(',')})`, 'Y <- ALL(A0000,A0001)', 'Z <- ANY(A0000,A0001)');
    const all = live.runScenario(scenarioOf({ outage: many }));
    expect(finish(all.causes('X', 1))).toHaveLength(LIMITS.causeParts);
    expect(finish(all.causesComplete('X', 1))).toBe(false);
    const few = live.runScenario(scenarioOf({ outage: many.slice(0, LIMITS.causePairs + 2) }));
    expect(finish(few.causesComplete('Y', 2))).toBe(true);
    // Both that suffice are among those that are tried in pairs; more of them there might be.
    expect(finish(few.causes('Z', 2))).toEqual([['A0000', 'A0001']]);
    expect(finish(few.causesComplete('Z', 2))).toBe(false);
    expect(finish(few.causesComplete('Z', 1))).toBe(true);
  });
});

describe('failed twins behind a live state', () => {
  it('are told nearest first, all that a group of several lacks, round loops, too', () => {
    const live = model('R <= CW', 'CW <- ANY(P1,P2)', 'P1 <- MCC', 'MCC <- ANY(GRID,MCC2)', 'MCC2 <- MCC');
    live.update([
      { id: 'P2', health: 'DOWN' },
      { id: 'GRID', health: 'DOWN' },
    ]);
    expect(live.causes('R', 10)).toEqual(['P2', 'GRID']);
    expect(live.causes('R', 1)).toEqual(['P2']);
    expect(live.causes('GRID', 10)).toEqual(['GRID']);
  });

  it('are none for what works; for what is not known, what is not known', () => {
    const live = model('X <- A', 'Y <- B', 'health B=UNKNOWN');
    expect(live.causes('X', 10)).toEqual([]);
    expect(live.causes('Y', 10)).toEqual(['B']);
  });

  it('name maintenance and open switches, too', () => {
    const live = model('X <- A', 'Y <- Q', 'planned A', 'switchedOff Q');
    expect([live.causes('X', 10), live.causes('Y', 10)]).toEqual([['A'], ['Q']]);
  });
});

describe('risk', () => {
  it('is not passed on where redundancy is left', () => {
    const live = model('X <- ANY(A,B)', 'A <- ANY(A1,A2)', 'B <- ANY(B1,B2)', 'Y <- A');
    live.update([{ id: 'A1', health: 'DOWN' }]);
    expect(['A', 'X', 'Y', 'B'].map((id) => live.atRisk(id))).toEqual([true, false, true, false]);
  });

  it('comes from a common cause, though each of two ways is there', () => {
    const live = model('X <- ANY(A,B)', 'A <- C', 'B <- C', 'C <- ANY(D,E)');
    live.update([{ id: 'E', health: 'DOWN' }]);
    expect(live.atRisk('X')).toBe(true);
  });

  it('needs redundancy that was declared: a single feed is no risk that came up', () => {
    const live = model('X <- A', 'H <- {A:50,B:30} min 40 full 80');
    expect([live.atRisk('X'), live.atRisk('H')]).toEqual([false, false]);
  });

  it('that a scenario brings is told without those that it takes down, and leaves no trace', () => {
    const live = model('X <- ANY(A,B)', 'A <- G', 'B', 'Y <- A', 'Z <- X');
    const answer = live.runScenario(scenarioOf({ outage: ['G'] }));
    expect(finish(answer.newlyAtRisk())).toEqual(['X', 'Z']);
    expect(['X', 'Y', 'Z'].map((id) => live.atRisk(id))).toEqual([false, false, false]);
  });

  it('does not come from a hold-up that is still charged, or a standby that waits', () => {
    const live = model('UPS <- {MSB} holdUp 15', 'MSB <- ANY(GRID,GEN) standby GEN=2');
    expect(finish(live.runScenario(scenarioOf({ outage: ['GEN'] })).newlyAtRisk())).toEqual(['MSB', 'UPS']);
    expect(finish(live.runScenario(scenarioOf({})).newlyAtRisk())).toEqual([]);
  });
});

describe('an answer', () => {
  it('stays good when the live state goes on', () => {
    const live = model('X <- ANY(A,B)', 'Y <- A', 'Z <- {A} holdUp 5');
    const parts = { outage: ['A', 'B'] };
    const want = model('X <- ANY(A,B)', 'Y <- A', 'Z <- {A} holdUp 5').runScenario(scenarioOf(parts));
    const answer = live.runScenario(scenarioOf(parts));
    live.update([
      { id: 'A', health: 'DOWN' },
      { id: 'B', health: 'UNKNOWN' },
    ]);
    live.runScenario(scenarioOf({ repair: ['A'] }));
    expect(answer.witness('X')).toEqual(want.witness('X'));
    expect(finish(answer.causes('X', 2))).toEqual([['A', 'B']]);
    expect(answer.witness('Z').map(({ twin }) => twin)).toEqual(['A', 'Z']);
    expect(finish(answer.newlyAtRisk())).toEqual([]);
    expect(stateText(live, 'X', 'Y')).toEqual(['UNKNOWN [DOWN..OPERATIONAL]', 'DOWN']);
  });

  it('that fails half way leaves the live state as it was', () => {
    const live = model('X <- A');
    expect(() => live.runScenario(scenarioOf({ outage: ['A'], repair: ['?'] }))).toThrow();
    expect(stateText(live, 'A', 'X')).toEqual(['OPERATIONAL', 'OPERATIONAL']);
    expect(live.update([{ id: 'A', health: 'DOWN' }]).map(({ id }) => id)).toEqual(['A', 'X']);
  });
});

describe('live', () => {
  it('a batch is one step: what ends as it began is not told', () => {
    const live = model('X <- ANY(A,B)', 'Y <- X');
    live.update([{ id: 'A', health: 'DOWN' }]);
    const told = live.update([
      { id: 'A', health: 'OPERATIONAL' },
      { id: 'B', health: 'DOWN' },
    ]);
    expect(told.map(({ id }) => id).toSorted()).toEqual(['A', 'B']);
  });

  it('a change of a twin that is not there changes nothing', () => {
    const live = model('X <- A');
    expect(() =>
      live.update([
        { id: 'A', health: 'DOWN' },
        { id: '?', health: 'DOWN' },
      ]),
    ).toThrow('there is no twin "?"');
    expect(live.state('X').state).toBe('OPERATIONAL');
  });
});
