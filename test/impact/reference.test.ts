/** The reference interpreter gives the worked examples of the rules; only then is it fit to judge the engine. */
import { describe, expect, test } from 'vitest';
import { EMPTY_SCENARIO, type Scenario } from '../../src/impact/types.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { referenceCutSets, referenceRootCauses } from '../support/reference-analysis.ts';
import { type Plant, referenceAtRisk, referenceStates, withHealth } from '../support/reference-impact.ts';
import { referencePlannedOnly, referenceScenario } from '../support/reference-scenario.ts';

const MINUTE_MS = 60_000;

function stateOf(plant: Plant, id: string): string {
  const status = referenceStates(plant).get(id);
  return status?.state === 'UNKNOWN' ? `UNKNOWN [${status.worst}..${status.best}]` : (status?.state ?? 'missing');
}

/** id to "AFTER@minutes" or "AFTER@minutes-minutes". */
function affected(plant: Plant, scenario: Partial<Scenario>): Record<string, string> {
  const rows = referenceScenario(plant, { ...EMPTY_SCENARIO, ...scenario });
  return Object.fromEntries(
    [...rows].map(([id, row]) => {
      const until = row.recoversAtMs === null ? '' : `-${row.recoversAtMs / MINUTE_MS}`;
      return [id, `${row.after.state}@${row.impactAtMs / MINUTE_MS}${until}`];
    }),
  );
}

function cutSets(plant: Plant, of: string, below: 'OPERATIONAL' | 'DEGRADED' = 'OPERATIONAL', maxOrder = 2): string[] {
  return referenceCutSets(plant, of, { below, maxOrder, kinds: ['ASSET'] }).map((set) => set.join('+'));
}

describe('E1, a chain', () => {
  const plant = plantFromLines([
    'process PR1 PR2',
    'MCC1 <- GRID',
    'P101 <- MCC1',
    'COOL <- P101',
    'PR1 <= COOL',
    'PR2',
  ]);

  test('an outage takes down what leans on it and nothing else', () => {
    expect(affected(plant, { outage: ['MCC1'] })).toEqual({ P101: 'DOWN@0', COOL: 'DOWN@0', PR1: 'DOWN@0' });
    expect(affected(plant, { degrade: ['P101'] })).toEqual({ COOL: 'DEGRADED@0', PR1: 'DEGRADED@0' });
    expect(affected(plant, {})).toEqual({});
  });

  test('what was lost before is no impact, and a repair restores it', () => {
    const live = withHealth(plant, ['MCC1'], 'DOWN');
    expect(affected(live, { outage: ['P101'] })).toEqual({});
    expect(affected(live, { repair: ['MCC1'] })).toEqual({
      P101: 'OPERATIONAL@0',
      COOL: 'OPERATIONAL@0',
      PR1: 'OPERATIONAL@0',
    });
  });

  test('every link is a single point of failure', () => {
    expect(cutSets(plant, 'PR1')).toEqual(['COOL', 'GRID', 'MCC1', 'P101']);
  });

  test('the smallest set that explains what is seen comes first', () => {
    const observed = [
      { id: 'PR1', state: 'DOWN' as const },
      { id: 'COOL', state: 'DOWN' as const },
      { id: 'MCC1', state: 'OPERATIONAL' as const },
    ];
    const rows = referenceRootCauses(plant, observed, { maxOrder: 2, kinds: ['ASSET'] });
    expect(rows.slice(0, 2).map((row) => row.twins)).toEqual([['COOL'], ['P101']]);
  });
});

describe('E2, two of three', () => {
  const plant = plantFromLines(['system CW', 'CW <- {P1,P2,P3} min 1 full 2']);

  test('one may be lost, two degrade, three take it down', () => {
    expect(affected(plant, { outage: ['P1'] })).toEqual({});
    expect(affected(plant, { outage: ['P1', 'P2'] })).toEqual({ CW: 'DEGRADED@0' });
    expect(affected(plant, { outage: ['P1', 'P2', 'P3'] })).toEqual({ CW: 'DOWN@0' });
    expect(affected(plant, { degrade: ['P1'], outage: ['P2'] })).toEqual({ CW: 'DEGRADED@0' });
    expect(cutSets(plant, 'CW')).toEqual(['P1+P2', 'P1+P3', 'P2+P3']);
    expect(cutSets(plant, 'CW', 'DEGRADED', 3)).toEqual(['P1+P2+P3']);
  });

  test('without its reserve it is at risk', () => {
    expect(referenceAtRisk(plant).has('CW')).toBe(false);
    expect(referenceAtRisk(withHealth(plant, ['P1'], 'DOWN')).has('CW')).toBe(true);
  });

  test('shares count, not heads', () => {
    const heating = plantFromLines(['system H', 'H <- {A:50,B:30,C:30} min 40 full 90']);
    expect(['A', 'B', 'C'].map((id) => affected(heating, { outage: [id] }).H)).toEqual(Array(3).fill('DEGRADED@0'));
    expect(affected(heating, { outage: ['A', 'C'] })).toEqual({ H: 'DOWN@0' });
    expect(affected(heating, { outage: ['B', 'C'] })).toEqual({ H: 'DEGRADED@0' });
    expect(cutSets(heating, 'H', 'DEGRADED')).toEqual(['A+B', 'A+C']);
  });
});

describe('E4, a ring', () => {
  const ring = (tie: boolean) =>
    plantFromLines([
      'B1 <- ANY(SA,B2)',
      tie ? 'B2 <- ANY(B1,B3)' : 'B2 <- ANY(B1)',
      tie ? 'B3 <- ANY(B4,B2)' : 'B3 <- ANY(B4)',
      'B4 <- ANY(SB,B3)',
      'L2 <- B2',
      'L3 <- B3',
    ]);

  test('an open tie leaves one way in', () => {
    expect(affected(ring(false), { outage: ['B1'] })).toEqual({ B2: 'DOWN@0', L2: 'DOWN@0' });
    expect(cutSets(ring(false), 'L2')).toEqual(['B1', 'B2', 'SA']);
  });

  test('a closed ring lives on one source, and is dead without any', () => {
    expect(affected(ring(true), { outage: ['B1'] })).toEqual({});
    expect(Object.keys(affected(ring(true), { outage: ['SA', 'SB'] })).toSorted()).toEqual([
      'B1',
      'B2',
      'B3',
      'B4',
      'L2',
      'L3',
    ]);
    expect(cutSets(ring(true), 'L2')).toEqual(['B2', 'B1+B3', 'B1+B4', 'B1+SB', 'B3+SA', 'B4+SA', 'SA+SB']);
    expect(stateOf(withHealth(ring(true), ['SA'], 'DOWN'), 'L2')).toBe('OPERATIONAL');
    expect(stateOf(withHealth(ring(true), ['SA', 'SB'], 'DOWN'), 'B1')).toBe('DOWN');
  });

  test('the same ring as a network, its tie opened and closed', () => {
    const plant = plantFromLines([
      'source SA SB',
      'consumer L2 L3',
      'SA -- B1',
      'B1 -- B2',
      'B2 -- TIE',
      'TIE -- B3',
      'B3 -- B4',
      'B4 -- SB',
      'B2 -- L2',
      'B3 -- L3',
      'switchedOff TIE',
    ]);
    expect(affected(plant, { outage: ['B1'] })).toEqual({ B2: 'DOWN@0', L2: 'DOWN@0' });
    expect(affected(plant, { outage: ['B1'], close: ['TIE'] })).toEqual({});
    expect(affected(plant, { close: ['TIE'] })).toEqual({});
  });
});

describe('E5, hold-up and standby', () => {
  const lines = (charge: string) => [
    'MSB <- ANY(GRID,GEN) standby GEN=2',
    'LIGHT <- MSB',
    `UPS <- {MSB} holdUp 15${charge}`,
    'DCS <- UPS',
    'SW <- {UPS} holdUp 10',
  ];
  const plant = plantFromLines(lines(''));

  test('hold-ups add up along a chain, and a standby bridges in time', () => {
    expect(affected(plant, { outage: ['GRID', 'GEN'] })).toEqual({
      MSB: 'DOWN@0',
      LIGHT: 'DOWN@0',
      UPS: 'DOWN@15',
      DCS: 'DOWN@15',
      SW: 'DOWN@25',
    });
    expect(affected(plant, { outage: ['GRID'] })).toEqual({ MSB: 'DOWN@0-2', LIGHT: 'DOWN@0-2' });
    expect(affected(plant, { outage: ['UPS'] })).toEqual({ DCS: 'DOWN@0', SW: 'DOWN@10' });
    expect(affected(plantFromLines(lines(' charge 0.4')), { outage: ['GRID', 'GEN'] })).toMatchObject({
      DCS: 'DOWN@6',
      SW: 'DOWN@16',
    });
  });

  test('a battery does not charge itself through its own loop', () => {
    const loop = plantFromLines(['A <- {SRC,B} min 1 holdUp 10', 'B <- A']);
    expect(affected(loop, { outage: ['SRC'] })).toEqual({ A: 'DOWN@10', B: 'DOWN@10' });
  });
});

describe('E7 and E11, what is not known, and soft needs', () => {
  test('unknowns give the exact range', () => {
    const plant = plantFromLines([
      'health A=UNKNOWN C=DOWN',
      'B',
      'X1 <- ANY(A,B)',
      'X2 <- ANY(A,C)',
      'X3 <- ALL(A,C)',
      'X4 <- {A,B,C} min 2 full 2',
      'X5 <- {A,B,C} min 1 full 2',
      'X6 <- {A} soft',
    ]);
    expect(['X1', 'X2', 'X3', 'X4', 'X5', 'X6'].map((id) => stateOf(plant, id))).toEqual([
      'OPERATIONAL',
      'UNKNOWN [DOWN..OPERATIONAL]',
      'DOWN',
      'UNKNOWN [DOWN..OPERATIONAL]',
      'UNKNOWN [DEGRADED..OPERATIONAL]',
      'UNKNOWN [DEGRADED..OPERATIONAL]',
    ]);
  });

  test('a soft need costs at most DEGRADED', () => {
    expect(stateOf(plantFromLines(['health HIST=DOWN', 'R <= {HIST} soft']), 'R')).toBe('DEGRADED');
  });

  test('running things may lean on each other, but cannot start each other from black', () => {
    const plant = plantFromLines(['CONTROL <= COOLING', 'COOLING <= CONTROL']);
    expect(stateOf(plant, 'CONTROL')).toBe('OPERATIONAL');
    expect(affected(plant, { coldStart: true })).toEqual({ CONTROL: 'DOWN@0', COOLING: 'DOWN@0' });
  });

  test('planned work is told apart from what goes wrong meanwhile', () => {
    const plant = plantFromLines(['X <- ANY(A,B)', 'Y <- A', 'Z <- B']);
    expect([...referencePlannedOnly(plant, { ...EMPTY_SCENARIO, maintain: ['A'] })].toSorted()).toEqual(['A', 'Y']);
    expect([...referencePlannedOnly(plant, { ...EMPTY_SCENARIO, maintain: ['A'], outage: ['B'] })].toSorted()).toEqual([
      'A',
      'Y',
    ]);
  });
});
