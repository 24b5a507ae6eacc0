/** The worked examples of the rules (IMPACT.md 8), as steps over small plants. */
import { describe, expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { finish } from '../../src/impact/steps.ts';
import { affectedText, scenarioOf, stateText } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';

const model = (...lines: string[]): ImpactModel => ImpactModel.compile(plantFromLines(lines));

describe('E1 a chain', () => {
  const lines = ['process PR1 PR2', 'MCC1 <- GRID', 'P101 <- MCC1', 'COOL <- P101', 'PR1 <= COOL', 'PR2'];

  it('a failed switchboard takes down all that it feeds, and nothing else', () => {
    const answer = model(...lines).runScenario(scenarioOf({ outage: ['MCC1'] }));
    expect(affectedText(answer)).toEqual({ PR1: 'DOWN@0', COOL: 'DOWN@0', P101: 'DOWN@0' });
    expect(answer.witness('PR1').map(({ twin }) => twin)).toEqual(['MCC1', 'P101', 'COOL', 'PR1']);
    expect(answer.witness('PR1')[1]).toEqual({
      twin: 'P101',
      relationship: 'MCC1 FEEDS P101',
      group: 'FEEDS',
      need: 1,
      have: 0,
      lost: ['MCC1'],
    });
    expect([...answer.affected].every(({ certainty }) => certainty === 'CERTAIN')).toBe(true);
  });

  it('what works worse makes what needs it work worse', () => {
    const answer = model(...lines).runScenario(scenarioOf({ degrade: ['P101'] }));
    expect(affectedText(answer)).toEqual({ COOL: 'DEGRADED@0', PR1: 'DEGRADED@0' });
  });

  it('an empty scenario has an empty answer', () => {
    const answer = model(...lines).runScenario(scenarioOf({}));
    expect([...answer.affected]).toEqual([]);
    expect(finish(answer.newlyAtRisk())).toEqual([]);
  });

  it('what is lost already is not the scenario’s doing, and a repair brings it back', () => {
    const live = model(...lines);
    live.update([{ id: 'MCC1', health: 'DOWN' }]);
    expect(stateText(live, 'PR1', 'GRID')).toEqual(['DOWN', 'OPERATIONAL']);
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['P101'] })))).toEqual({});
    expect(affectedText(live.runScenario(scenarioOf({ repair: ['MCC1'] })))).toEqual({
      P101: 'OPERATIONAL@0',
      COOL: 'OPERATIONAL@0',
      PR1: 'OPERATIONAL@0',
    });
  });
});

describe('E2 two of three', () => {
  const lines = ['system CW', 'CW <- {P1,P2,P3} min 1 full 2'];

  it.each([
    [{ outage: ['P1'] }, {}],
    [{ outage: ['P1', 'P2'] }, { CW: 'DEGRADED@0' }],
    [{ outage: ['P1', 'P2', 'P3'] }, { CW: 'DOWN@0' }],
    [{ degrade: ['P1'], outage: ['P2'] }, { CW: 'DEGRADED@0' }],
  ])('%j', (scenario, expected) => {
    expect(affectedText(model(...lines).runScenario(scenarioOf(scenario)))).toEqual(expected);
  });

  it('is at risk once the spare is gone, without a change of state', () => {
    const live = model(...lines, 'PR1 <= CW');
    expect(live.atRisk('CW')).toBe(false);
    expect(live.update([{ id: 'P1', health: 'DOWN' }]).map(({ id }) => id)).toEqual(['P1']);
    expect([live.state('CW').state, live.atRisk('CW'), live.atRisk('PR1')]).toEqual(['OPERATIONAL', true, true]);
    live.update([{ id: 'P1', health: 'OPERATIONAL' }]);
    expect([live.atRisk('CW'), live.atRisk('PR1')]).toEqual([false, false]);
  });

  it('a scenario says who is at risk only because of it', () => {
    const answer = model(...lines, 'PR1 <= CW').runScenario(scenarioOf({ outage: ['P1'] }));
    expect([...answer.affected]).toEqual([]);
    expect(finish(answer.newlyAtRisk())).toEqual(['CW', 'PR1']);
  });
});

describe('E2w capacity', () => {
  const lines = ['system H', 'H <- {A:50,B:30,C:30} min 40 full 90'];

  it.each([
    [['A'], 'DEGRADED@0'],
    [['B'], 'DEGRADED@0'],
    [['A', 'B'], 'DOWN@0'],
    [['A', 'C'], 'DOWN@0'],
    [['B', 'C'], 'DEGRADED@0'],
  ])('without %j', (outage, H) => {
    expect(affectedText(model(...lines).runScenario(scenarioOf({ outage })))).toEqual({ H });
  });
});

describe('E4 a ring', () => {
  const open = ['B1 <- ANY(SA,B2)', 'B2 <- ANY(B1)', 'B3 <- ANY(B4)', 'B4 <- ANY(SB,B3)', 'L2 <- B2', 'L3 <- B3'];
  const closed = [
    'B1 <- ANY(SA,B2)',
    'B2 <- ANY(B1,B3)',
    'B3 <- ANY(B4,B2)',
    'B4 <- ANY(SB,B3)',
    'L2 <- B2',
    'L3 <- B3',
  ];
  const all = { B1: 'DOWN@0', B2: 'DOWN@0', B3: 'DOWN@0', B4: 'DOWN@0', L2: 'DOWN@0', L3: 'DOWN@0' };

  it('open, a failed bus takes down what lies behind it', () => {
    const answer = model(...open).runScenario(scenarioOf({ outage: ['B1'] }));
    expect(affectedText(answer)).toEqual({ B2: 'DOWN@0', L2: 'DOWN@0' });
  });

  it('closed, the other way round feeds it', () => {
    expect(affectedText(model(...closed).runScenario(scenarioOf({ outage: ['B1'] })))).toEqual({});
  });

  it('a ring without a source is dead, though each bus is fed by its neighbour', () => {
    expect(affectedText(model(...closed).runScenario(scenarioOf({ outage: ['SA', 'SB'] })))).toEqual(all);
  });

  it('live: one source fails and nothing changes, the other fails and all is lost, one comes back and so does all', () => {
    const live = model(...closed);
    const six = Object.keys(all);
    expect(live.update([{ id: 'SA', health: 'DOWN' }]).map(({ id }) => id)).toEqual(['SA']);
    expect(stateText(live, ...six)).toEqual(six.map(() => 'OPERATIONAL'));
    live.update([{ id: 'SB', health: 'DOWN' }]);
    expect(stateText(live, ...six)).toEqual(six.map(() => 'DOWN'));
    expect(
      live
        .update([{ id: 'SA', health: 'OPERATIONAL' }])
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([...six, 'SA'].toSorted());
    expect(stateText(live, ...six)).toEqual(six.map(() => 'OPERATIONAL'));
  });

  it('a tie that is a switch of its own feeds the ring only while it is closed', () => {
    const live = model(
      'B1 <- ANY(SA)',
      'B2 <- ANY(B1,TIE)',
      'TIE <- B3',
      'B3 <- ANY(SB)',
      'L2 <- B2',
      'switchedOff TIE',
    );
    expect(stateText(live, 'TIE', 'L2')).toEqual(['OPERATIONAL', 'OPERATIONAL']);
    live.update([{ id: 'B1', health: 'DOWN' }]);
    expect(stateText(live, 'B2', 'L2')).toEqual(['DOWN', 'DOWN']);
    expect(affectedText(live.runScenario(scenarioOf({ close: ['TIE'] })))).toEqual({
      B2: 'OPERATIONAL@0',
      L2: 'OPERATIONAL@0',
    });
    live.update([{ id: 'TIE', closed: true }]);
    expect(stateText(live, 'B2', 'L2')).toEqual(['OPERATIONAL', 'OPERATIONAL']);
  });
});

describe('E5 hold-up and standby', () => {
  const lines = (charge: string): string[] => [
    'MSB <- ANY(GRID,GEN) standby GEN=2',
    'LIGHT <- MSB',
    `UPS <- {MSB} holdUp 15${charge}`,
    'DCS <- UPS',
    'SW <- {UPS} holdUp 10',
  ];

  it('hold-ups add up along a chain', () => {
    expect(affectedText(model(...lines('')).runScenario(scenarioOf({ outage: ['GRID', 'GEN'] })))).toEqual({
      MSB: 'DOWN@0',
      LIGHT: 'DOWN@0',
      UPS: 'DOWN@15',
      DCS: 'DOWN@15',
      SW: 'DOWN@25',
    });
  });

  it('a standby comes in after its delay, and hold-ups bridge it', () => {
    expect(affectedText(model(...lines('')).runScenario(scenarioOf({ outage: ['GRID'] })))).toEqual({
      MSB: 'DOWN@0-2',
      LIGHT: 'DOWN@0-2',
    });
  });

  it('a hold-up that is behind the failure helps, one before it does not', () => {
    expect(affectedText(model(...lines('')).runScenario(scenarioOf({ outage: ['UPS'] })))).toEqual({
      DCS: 'DOWN@0',
      SW: 'DOWN@10',
    });
  });

  it('a hold-up lasts as long as its charge', () => {
    expect(affectedText(model(...lines(' charge 0.4')).runScenario(scenarioOf({ outage: ['GRID', 'GEN'] })))).toEqual({
      MSB: 'DOWN@0',
      LIGHT: 'DOWN@0',
      UPS: 'DOWN@6',
      DCS: 'DOWN@6',
      SW: 'DOWN@16',
    });
  });

  it('what comes after the horizon is left out', () => {
    const answer = model(...lines('')).runScenario(scenarioOf({ outage: ['GRID', 'GEN'], horizonMs: 15 * 60_000 }));
    expect(affectedText(answer)).toEqual({ MSB: 'DOWN@0', LIGHT: 'DOWN@0', UPS: 'DOWN@15', DCS: 'DOWN@15' });
  });

  it('the witness of a late loss goes back to its beginning', () => {
    const answer = model(...lines('')).runScenario(scenarioOf({ outage: ['GRID', 'GEN'] }));
    expect(answer.witness('SW').map(({ twin }) => twin)).toEqual(['GRID', 'MSB', 'UPS', 'SW']);
    expect(finish(answer.causes('SW', 2))).toEqual([['GEN', 'GRID']]);
  });
});

describe('E7 what is not known', () => {
  it('is judged as down and as up, and told as the range between', () => {
    const live = model(
      'health A=UNKNOWN C=DOWN',
      'B',
      'X1 <- ANY(A,B)',
      'X2 <- ANY(A,C)',
      'X3 <- ALL(A,C)',
      'X4 <- {A,B,C} min 2 full 2',
      'X5 <- {A,B,C} min 1 full 2',
      'X6 <- {A} soft',
    );
    expect(stateText(live, 'X1', 'X2', 'X3', 'X4', 'X5', 'X6')).toEqual([
      'OPERATIONAL',
      'UNKNOWN [DOWN..OPERATIONAL]',
      'DOWN',
      'UNKNOWN [DOWN..OPERATIONAL]',
      'UNKNOWN [DEGRADED..OPERATIONAL]',
      'UNKNOWN [DEGRADED..OPERATIONAL]',
    ]);
  });
});

describe('E11 soft', () => {
  it('a soft requirement costs at most DEGRADED', () => {
    expect(stateText(model('health HIST=DOWN', 'R <= {HIST} soft'), 'R')).toEqual(['DEGRADED']);
  });
});
