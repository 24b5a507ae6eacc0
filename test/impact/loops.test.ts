/** Loops of supply and of sustain, house load and black start, and depth without recursion. */
import { describe, expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { affectedText, scenarioOf, stateText } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { modelOf, relationshipOf, requirementOf, twinOf } from '../support/small-plant.ts';

const model = (...lines: string[]): ImpactModel => ImpactModel.compile(plantFromLines(lines));

describe('supply', () => {
  it('must come from somewhere: twins that only feed each other are down', () => {
    expect(stateText(model('A <- B', 'B <- A', 'C <- C'), 'A', 'B', 'C')).toEqual(['DOWN', 'DOWN', 'DOWN']);
  });

  it('a ring that loses its last source dies as a whole, whatever hangs between', () => {
    const live = model('A <- ANY(S,C)', 'B <- ANY(A)', 'C <- ANY(B)', 'P <= C', 'Q <- P');
    expect(
      live
        .update([{ id: 'S', health: 'DOWN' }])
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['A', 'B', 'C', 'P', 'Q', 'S']);
    expect(
      live
        .update([{ id: 'S', health: 'OPERATIONAL' }])
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['A', 'B', 'C', 'P', 'Q', 'S']);
  });

  it('what is degraded or unknown goes round the ring as such', () => {
    const live = model('A <- ANY(S,B)', 'B <- ANY(A)');
    live.update([{ id: 'S', health: 'DEGRADED' }]);
    expect(stateText(live, 'A', 'B')).toEqual(['DEGRADED', 'DEGRADED']);
    live.update([{ id: 'S', health: 'UNKNOWN' }]);
    expect(stateText(live, 'A', 'B')).toEqual(['UNKNOWN [DOWN..OPERATIONAL]', 'UNKNOWN [DOWN..OPERATIONAL]']);
  });
});

describe('running things', () => {
  it('may lean on each other: control needs cooling, cooling needs control, and both are up', () => {
    const live = model('CONTROL <= COOLING', 'COOLING <= CONTROL', 'SELF <= SELF');
    expect(stateText(live, 'CONTROL', 'COOLING', 'SELF')).toEqual(['OPERATIONAL', 'OPERATIONAL', 'OPERATIONAL']);
    live.update([{ id: 'COOLING', health: 'DOWN' }]);
    expect(live.state('CONTROL').state).toBe('DOWN');
    live.update([{ id: 'COOLING', health: 'OPERATIONAL' }]);
    expect(live.state('CONTROL').state).toBe('OPERATIONAL');
  });

  it('fall together when one of a loop of many loses what it needs from outside', () => {
    const ring = Array.from({ length: 50 }, (_, n) => `T${n} <= T${(n + 1) % 50}`);
    const live = model(...ring, 'T17 <= POWER');
    expect(live.update([{ id: 'POWER', health: 'DOWN' }])).toHaveLength(51);
    expect(live.update([{ id: 'POWER', health: 'OPERATIONAL' }])).toHaveLength(51);
  });

  it('a loop of supply inside a loop of sustain needs its source still', () => {
    const live = model('A <- ANY(S,B)', 'B <- ANY(A)', 'A <= C', 'C <= B');
    expect(live.state('C').state).toBe('OPERATIONAL');
    live.update([{ id: 'S', health: 'DOWN' }]);
    expect(stateText(live, 'A', 'B', 'C')).toEqual(['DOWN', 'DOWN', 'DOWN']);
  });
});

describe('house load and black start', () => {
  const plant = ['MSB <- ANY(GRID,GEN)', 'AUX <- MSB', 'GEN <= AUX', 'process P', 'P <- MSB'];

  it('a generator that is running carries its own auxiliaries when the grid is lost', () => {
    expect(affectedText(model(...plant).runScenario(scenarioOf({ outage: ['GRID'] })))).toEqual({});
  });

  it('from black it cannot start without the grid', () => {
    const answer = model(...plant).runScenario(scenarioOf({ outage: ['GRID'], coldStart: true }));
    expect(affectedText(answer)).toEqual({ P: 'DOWN@0', AUX: 'DOWN@0', GEN: 'DOWN@0', MSB: 'DOWN@0' });
    expect(affectedText(model(...plant).runScenario(scenarioOf({ coldStart: true })))).toEqual({});
  });

  it('from black it can with a diesel that needs nothing', () => {
    const diesel = plant.map((line) => (line.startsWith('AUX') ? 'AUX <- ANY(MSB,DIESEL)' : line));
    expect(affectedText(model(...diesel).runScenario(scenarioOf({ outage: ['GRID'], coldStart: true })))).toEqual({});
  });

  it('from black no hold-up goes on holding: nothing was', () => {
    const buffered = plant.map((line) => (line.startsWith('AUX') ? 'AUX <- {MSB} holdUp 30' : line));
    const answer = model(...buffered).runScenario(scenarioOf({ outage: ['GRID'], coldStart: true }));
    expect(Object.keys(affectedText(answer)).toSorted()).toEqual(['AUX', 'GEN', 'MSB', 'P']);
  });

  it('what has stopped stays down when a repair would need it to be running already', () => {
    const live = model('A <= B', 'B <= A', 'A <- POWER', 'B <- POWER', 'health POWER=DOWN');
    expect(affectedText(live.runScenario(scenarioOf({ repair: ['POWER'] })))).toEqual({});
    live.update([{ id: 'POWER', health: 'OPERATIONAL' }]);
    expect(stateText(live, 'A', 'B')).toEqual(['OPERATIONAL', 'OPERATIONAL']);
  });

  it('a generator that comes too late for what it needs itself does not come at all', () => {
    const late = ['MSB <- ANY(GRID,GEN) standby GEN=2', 'GEN <= AUX'];
    const dead = model(...late, 'AUX <- MSB').runScenario(scenarioOf({ outage: ['GRID'] }));
    expect(affectedText(dead)).toEqual({ AUX: 'DOWN@0', GEN: 'DOWN@0', MSB: 'DOWN@0' });
    const bridged = model(...late, 'AUX <- {MSB} holdUp 5').runScenario(scenarioOf({ outage: ['GRID'] }));
    expect(affectedText(bridged)).toEqual({ MSB: 'DOWN@0-2' });
  });
});

describe('depth', () => {
  const COUNT = 100_000;
  const ids = Array.from({ length: COUNT }, (_, n) => `T${n}`);
  const steps = (type: string, isRing: boolean) =>
    ids
      .slice(isRing ? 0 : 1)
      .map((id, n) => relationshipOf(type, ids[isRing ? (n + COUNT - 1) % COUNT : n] as string, id, { group: 'in' }));

  it('a chain of 100,000 twins fails, is explained and recovers without running out of stack', () => {
    const live = modelOf(steps('FEEDS', false));
    const answer = live.runScenario(scenarioOf({ outage: ['T0'] }));
    expect(answer.affected).toHaveLength(COUNT - 1);
    expect(answer.witness(`T${COUNT - 1}`)).toHaveLength(COUNT);
    expect(live.update([{ id: 'T0', health: 'DOWN' }])).toHaveLength(COUNT);
    expect(live.causes(`T${COUNT - 1}`, 10)).toEqual(['T0']);
    expect(live.update([{ id: 'T0', health: 'OPERATIONAL' }])).toHaveLength(COUNT);
  });

  it('a ring of supply of 100,000 twins lives and dies with its source', () => {
    const first = twinOf('T0', { requirements: [requirementOf('in', { min: 1, full: 1 })] });
    const live = modelOf([...steps('FEEDS', true), relationshipOf('FEEDS', 'S', 'T0', { group: 'in' })], [first]);
    expect(live.state('T99999').state).toBe('OPERATIONAL');
    expect(live.update([{ id: 'S', health: 'DOWN' }])).toHaveLength(COUNT + 1);
  });

  it('a ring of 100,000 twins that sustain each other falls at once', () => {
    const live = modelOf(steps('CONTROLS', true));
    expect(live.state('T5').state).toBe('OPERATIONAL');
    expect(live.update([{ id: 'T5', health: 'DOWN' }])).toHaveLength(COUNT);
  });

  it('so does a ring in which supply and sustain take turns', () => {
    const mixed = steps('FEEDS', true).map((each, n) => ({ ...each, type: n % 2 ? 'CONTROLS' : 'FEEDS' }));
    const live = modelOf(mixed);
    expect(live.state('T5').state).toBe('OPERATIONAL');
    expect(live.update([{ id: 'T5', health: 'DOWN' }])).toHaveLength(COUNT);
    expect(live.update([{ id: 'T5', health: 'OPERATIONAL' }])).toHaveLength(COUNT);
  });
});
