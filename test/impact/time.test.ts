/** Hold-ups, charge and standbys beyond the worked examples. Minutes. */
import { describe, expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { affectedText, scenarioOf } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';

const MINUTE_MS = 60_000;
const model = (...lines: string[]): ImpactModel => ImpactModel.compile(plantFromLines(lines));
const without = (outage: readonly string[], ...lines: string[]) =>
  affectedText(model(...lines).runScenario(scenarioOf({ outage })));

describe('hold-ups', () => {
  it('a battery does not charge itself round a loop', () => {
    const loop = ['MSB <- ANY(GRID,UPS)', 'UPS <- {MSB} holdUp 15', 'LOAD <- MSB'];
    expect(without(['GRID'], ...loop)).toEqual({ LOAD: 'DOWN@15', MSB: 'DOWN@15', UPS: 'DOWN@15' });
  });

  it('two batteries in one loop last as long as the longer, not as both together', () => {
    const loop = ['A <- ANY(GRID,B) holdUp 10', 'B <- {A} holdUp 5', 'LOAD <- B'];
    expect(without(['GRID'], ...loop)).toEqual({ A: 'DOWN@10', B: 'DOWN@10', LOAD: 'DOWN@10' });
  });

  it('the same in a chain add up, and an open tie makes a chain of a loop', () => {
    const chain = ['A <- ANY(GRID,TIE) holdUp 10', 'B <- {A} holdUp 5', 'TIE <- B', 'LOAD <- B', 'switchedOff TIE'];
    expect(without(['GRID'], ...chain)).toEqual({ A: 'DOWN@10', B: 'DOWN@15', LOAD: 'DOWN@15', TIE: 'DOWN@15' });
  });

  it('a battery behind a loop of which it is no part counts in full', () => {
    const ring = ['R1 <- ANY(GRID,R2)', 'R2 <- ANY(R1)', 'UPS <- {R2} holdUp 15', 'LOAD <- UPS'];
    expect(without(['GRID'], ...ring)).toEqual({ R1: 'DOWN@0', R2: 'DOWN@0', LOAD: 'DOWN@15', UPS: 'DOWN@15' });
  });

  it('charge is not refilled: what bridged one gap is missing in the next', () => {
    // The first generator takes over after 2 minutes and loses its fuel pump after 20; the second never comes.
    const lines = ['MSB <- ANY(GRID,GEN) standby GEN=2', 'GEN <- {FUEL} holdUp 20', 'UPS <- {MSB} holdUp 15'];
    expect(without(['GRID', 'FUEL'], ...lines)).toEqual({ MSB: 'DOWN@0', GEN: 'DOWN@20', UPS: 'DOWN@33' });
  });

  it('each level has its clock: degraded first, down later', () => {
    const lines = ['CW <- {P1,P2} min 1 full 2 holdUp 10', 'P2 <- {TANK} holdUp 30'];
    const answer = model(...lines).runScenario(scenarioOf({ outage: ['P1', 'TANK'] }));
    expect([...answer.affected].find(({ id }) => id === 'CW')?.timeline).toEqual([
      { atMs: 0, state: 'OPERATIONAL' },
      { atMs: 10 * MINUTE_MS, state: 'DEGRADED' },
      { atMs: 40 * MINUTE_MS, state: 'DOWN' },
    ]);
    expect(affectedText(answer)).toEqual({ CW: 'DOWN@10', P2: 'DOWN@30' });
  });

  it('a room keeps cool for a while, too: hold-ups of what sustains', () => {
    expect(without(['COOLING'], 'ROOM <= {COOLING} holdUp 30', 'RACK <= ROOM')).toEqual({
      ROOM: 'DOWN@30',
      RACK: 'DOWN@30',
    });
  });

  it('what is lost already has used up its hold-up', () => {
    const live = model('UPS <- {MSB} holdUp 15', 'LOAD <- ANY(UPS,ALT)', 'health MSB=DOWN');
    expect(live.state('UPS').state).toBe('DOWN');
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['ALT'] })))).toEqual({ LOAD: 'DOWN@0' });
  });

  it('unknown means that it may be lost after the hold-up', () => {
    const live = model('UPS <- ANY(A,B) holdUp 15', 'health B=UNKNOWN');
    const { affected } = live.runScenario(scenarioOf({ outage: ['A'] }));
    expect([...affected]).toMatchObject([
      { id: 'UPS', before: 'OPERATIONAL', after: 'UNKNOWN', certainty: 'POSSIBLE', impactAtMs: 15 * MINUTE_MS },
    ]);
  });
});

describe('standbys', () => {
  it('the soonest that works takes over', () => {
    const lines = ['MSB <- ANY(GRID,G1,G2) standby G1=2 standby G2=5'];
    expect(without(['GRID'], ...lines)).toEqual({ MSB: 'DOWN@0-2' });
    expect(without(['GRID', 'G1'], ...lines)).toEqual({ MSB: 'DOWN@0-5' });
  });

  it('one that a short loss called comes in, and is there when the next loss comes', () => {
    const lines = ['M1 <- ANY(GRID,G1) standby G1=2', 'G1 <- {FUEL} holdUp 30', 'M2 <- ANY(M1,G2) standby G2=5'];
    expect(without(['GRID', 'FUEL'], ...lines)).toEqual({ M1: 'DOWN@0', M2: 'DOWN@0-2', G1: 'DOWN@30' });
  });

  it('one that nobody needed waits, though another of its plant is at work', () => {
    const live = model('M1 <- ANY(GRID,G1) standby G1=2', 'M2 <- ANY(M1,G2) standby G2=5', 'health GRID=DOWN');
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['G1'] })))).toEqual({ M1: 'DOWN@0', M2: 'DOWN@0-5' });
  });

  it('one that is at work stays at work, also in a loop', () => {
    const ring = ['B1 <- ANY(GRID,B2,GEN) standby GEN=2', 'B2 <- ANY(B1)', 'LOAD <- ANY(B2,X)', 'health GRID=DOWN'];
    expect(affectedText(model(...ring).runScenario(scenarioOf({ outage: ['X'] })))).toEqual({});
    expect(affectedText(model(...ring).runScenario(scenarioOf({ degrade: ['B2'] })))).toEqual({});
  });

  it('one that nobody needed waits in a loop, too: another of the loop at work does not call it', () => {
    const lines = [
      'MSB <- ANY(GRID,GEN) standby GEN=2',
      'MSB <= CTRL',
      'CTRL <- ANY(MSB,BAT) standby BAT=1',
      'P <= CTRL',
    ];
    const onGenerator = model(...lines, 'health GRID=DOWN');
    const gap = { MSB: 'DOWN@0', CTRL: 'DOWN@0-1', P: 'DOWN@0-1' };
    expect(affectedText(onGenerator.runScenario(scenarioOf({ outage: ['GEN'] })))).toEqual(gap);
    expect(without(['GRID', 'GEN'], ...lines)).toEqual(gap);
  });

  it('one that may be at work already, as its supply is unknown, leaves a gap that is only possible', () => {
    const live = model('MSB <- ANY(GRID,GEN) standby GEN=2', 'health GRID=UNKNOWN');
    const { affected } = live.runScenario(scenarioOf({ outage: ['GRID'] }));
    expect([...affected]).toMatchObject([
      {
        id: 'MSB',
        before: 'OPERATIONAL',
        after: 'UNKNOWN',
        certainty: 'POSSIBLE',
        impactAtMs: 0,
        recoversAtMs: 2 * MINUTE_MS,
      },
    ]);
  });

  it('closing a tie by hand is a standby with the time of the crew', () => {
    const lines = ['B1 <- SA', 'B2 <- ANY(SB,B1) standby B1=45', 'L2 <- B2'];
    expect(without(['SB'], ...lines)).toEqual({ B2: 'DOWN@0-45', L2: 'DOWN@0-45' });
  });

  it('from black it counts from the start', () => {
    const live = model('MSB <- ANY(GRID,GEN) standby GEN=2', 'LOAD <- MSB');
    const answer = live.runScenario(scenarioOf({ outage: ['GRID'], coldStart: true }));
    expect(affectedText(answer)).toEqual({ LOAD: 'DOWN@0-2', MSB: 'DOWN@0-2' });
  });
});
