/** Networks of CONNECTED_TO: who conducts to whom, switches, and how far a fault spreads. */
import { describe, expect, it } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { affectedText, scenarioOf, stateText } from '../support/impact-text.ts';
import { plantFromLines } from '../support/plant-lines.ts';
import { modelOf, relationshipOf, requirementOf, twinOf } from '../support/small-plant.ts';

const model = (...lines: string[]): ImpactModel => ImpactModel.compile(plantFromLines(lines));
const joined = (source: string, target: string, more = {}) => relationshipOf('CONNECTED_TO', source, target, more);
const source = (id: string) => twinOf(id, { conduction: [{ medium: null, role: 'SOURCE' }] });
const consumer = (id: string) => twinOf(id, { conduction: [{ medium: null, role: 'CONSUMER' }] });
const breaker = (id: string, closed = true) => twinOf(id, { closed, isolates: true });

describe('supply', () => {
  it('a twin is supplied exactly when a closed, working path joins it to a source', () => {
    const live = model('source S', 'S -- A', 'A -- B', 'B -- C', 'C -- A', 'C -- D');
    expect(stateText(live, 'A', 'B', 'C', 'D')).toEqual(Array.from({ length: 4 }, () => 'OPERATIONAL'));
    live.update([{ id: 'B', health: 'DOWN' }]);
    expect(stateText(live, 'A', 'C', 'D')).toEqual(['OPERATIONAL', 'OPERATIONAL', 'OPERATIONAL']);
    live.update([{ id: 'S', health: 'DOWN' }]);
    expect(stateText(live, 'A', 'C', 'D')).toEqual(['DOWN', 'DOWN', 'DOWN']);
  });

  it('a consumer receives and passes nothing on', () => {
    expect(stateText(model('source S', 'consumer L', 'S -- L', 'L -- A'), 'L', 'A')).toEqual(['OPERATIONAL', 'DOWN']);
  });

  it('a twin among neighbours that cannot conduct to it is not supplied, rather than in need of nothing', () => {
    expect(stateText(model('consumer L1 L2', 'L1 -- L2'), 'L1', 'L2')).toEqual(['DOWN', 'DOWN']);
  });

  it('a one-way relationship conducts from source to target only', () => {
    expect(stateText(model('source S', 'A -> S', 'S -> B'), 'A', 'B')).toEqual(['DOWN', 'OPERATIONAL']);
  });

  it('media are networks of their own, and a part in one says nothing of another', () => {
    const parts = [{ medium: 'power', role: 'SOURCE' } as const];
    const live = modelOf(
      [joined('S', 'A', { medium: 'power' }), joined('S', 'A', { medium: 'water', id: 'w' })],
      [twinOf('S', { conduction: parts })],
    );
    expect(stateText(live, 'S', 'A')).toEqual(['DOWN', 'DOWN']);
    expect(live.requirements('A').map(({ medium }) => medium)).toEqual(['power', 'water']);
  });

  it('a type that a model declares both ways as supply joins the network, too', () => {
    const type = { name: 'PIPED_TO', impact: 'BOTH', mode: 'SUPPLY', soft: false, description: null } as const;
    const live = modelOf([relationshipOf('PIPED_TO', 'S', 'A'), joined('A', 'B')], [source('S')], [type]);
    expect(stateText(live, 'A', 'B')).toEqual(['OPERATIONAL', 'OPERATIONAL']);
  });

  it('a group that the twin declares sets thresholds and hold-up for its network', () => {
    const needs = [requirementOf('in', { min: 1, full: 2, holdUpMs: 60_000 })];
    const live = modelOf(
      [joined('S1', 'X', { group: 'in' }), joined('S2', 'X', { group: 'in' })],
      [source('S1'), source('S2'), twinOf('X', { requirements: needs })],
    );
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['S1'] })))).toEqual({ X: 'DEGRADED@1' });
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['S1', 'S2'] })))).toEqual({ X: 'DOWN@1' });
  });

  it('a switch that was open asked for nothing: closed, it has the whole charge of its hold-up', () => {
    const needs = [requirementOf('in', { min: 1, holdUpMs: 120_000 })];
    const live = modelOf(
      [joined('S', 'Q', { group: 'in' }), joined('Q', 'LOAD', { oneWay: true, group: 'in' })],
      [{ ...source('S'), health: 'DOWN' }, twinOf('Q', { requirements: needs, closed: false }), twinOf('LOAD')],
    );
    const answer = live.runScenario(scenarioOf({ close: ['Q'] }));
    expect(live.state('LOAD').state).toBe('DOWN');
    // Better for two minutes only: in the end it is what it was.
    expect(affectedText(answer)).toEqual({});
    const early = live.runScenario(scenarioOf({ close: ['Q'], horizonMs: 119_999 }));
    expect(affectedText(early)).toEqual({ LOAD: 'OPERATIONAL@0' });
  });

  it('a degraded conductor passes on no more than it has', () => {
    const live = model('source S', 'S -- A', 'A -- B', 'health A=DEGRADED');
    expect(stateText(live, 'A', 'B')).toEqual(['DEGRADED', 'DEGRADED']);
  });
});

describe('switches', () => {
  const feeder = [joined('S', 'Q'), joined('Q', 'A')];

  it('an open switch is healthy, asks for no supply and conducts nothing', () => {
    const live = modelOf(feeder, [twinOf('S'), breaker('Q', false)]);
    expect(stateText(live, 'S', 'Q', 'A')).toEqual(['DOWN', 'OPERATIONAL', 'DOWN']);
  });

  it('opening and closing work live and in scenarios, for twins and for relationships', () => {
    const live = modelOf(feeder, [source('S'), breaker('Q')]);
    expect(affectedText(live.runScenario(scenarioOf({ open: ['Q'] })))).toEqual({ A: 'DOWN@0' });
    expect(affectedText(live.runScenario(scenarioOf({ open: ['Q CONNECTED_TO A'] })))).toEqual({ A: 'DOWN@0' });
    expect(live.update([{ id: 'Q', closed: false }]).map(({ id }) => id)).toEqual(['A']);
    expect(affectedText(live.runScenario(scenarioOf({ close: ['Q'] })))).toEqual({ A: 'OPERATIONAL@0' });
  });

  it('an open relationship stays open until a scenario closes it', () => {
    const live = modelOf([joined('S', 'A', { closed: false, id: 'tie' })], [source('S')]);
    expect(live.state('A').state).toBe('DOWN');
    const answer = live.runScenario(scenarioOf({ close: ['tie'] }));
    expect(affectedText(answer)).toEqual({ A: 'OPERATIONAL@0' });
    expect(live.state('A').state).toBe('DOWN');
  });

  it('nothing comes over FEEDS from an open switch either, but it can still be leant on', () => {
    const live = model('L <- Q', 'P <= Q', 'switchedOff Q');
    expect(stateText(live, 'Q', 'L', 'P')).toEqual(['OPERATIONAL', 'DOWN', 'OPERATIONAL']);
  });

  it('where a scenario opens and closes the same, it is open', () => {
    const live = modelOf(feeder, [source('S'), breaker('Q')]);
    expect(affectedText(live.runScenario(scenarioOf({ open: ['Q'], close: ['Q'] })))).toEqual({ A: 'DOWN@0' });
  });

  it('a relationship that does not supply cannot be switched', () => {
    const live = model('A <= B');
    expect(() => live.runScenario(scenarioOf({ open: ['A DEPENDS_ON B'] }))).toThrow(
      'scenario.open[0]: expected the id of a twin, or of a relationship that supplies',
    );
  });
});

describe('faults', () => {
  const bay = [
    joined('S', 'Q1'),
    joined('Q1', 'B1'),
    joined('B1', 'T1'),
    joined('T1', 'Q2'),
    joined('Q2', 'B2'),
    joined('B1', 'L1'),
    joined('B2', 'L2'),
  ];
  const twins = [source('S'), breaker('Q1'), breaker('Q2'), consumer('L1'), consumer('L2')];

  it('a fault takes out all that is joined to it up to what isolates', () => {
    const answer = modelOf(bay, twins).runScenario(scenarioOf({ fault: ['T1'] }));
    expect(answer.scenarioTwins.toSorted()).toEqual(['B1', 'T1']);
    expect(affectedText(answer)).toEqual({ B2: 'DOWN@0', L1: 'DOWN@0', L2: 'DOWN@0', Q2: 'DOWN@0' });
    expect(answer.witness('L2').map(({ twin }) => twin)).toEqual(['T1', 'Q2', 'B2', 'L2']);
  });

  it('a consumer in the zone is judged by its supply: with a second feed it stays up', () => {
    const live = modelOf([...bay, joined('S', 'Q3'), joined('Q3', 'L1')], [...twins, breaker('Q3')]);
    expect(Object.keys(affectedText(live.runScenario(scenarioOf({ fault: ['B1'] }))))).not.toContain('L1');
  });

  it('a fault of a breaker reaches both its sides', () => {
    const answer = modelOf(bay, twins).runScenario(scenarioOf({ fault: ['Q2'] }));
    expect(answer.scenarioTwins.toSorted()).toEqual(['B1', 'B2', 'Q2', 'T1']);
  });

  it('an open switch and an open relationship bound the zone as well', () => {
    const open = modelOf(
      [joined('A', 'B'), joined('B', 'C'), joined('A', 'D', { closed: false })],
      [twinOf('B', { closed: false })],
    );
    expect(open.runScenario(scenarioOf({ fault: ['A'] })).scenarioTwins).toEqual(['A']);
  });

  it('a fault stays in the media that it starts in', () => {
    const live = modelOf([joined('A', 'PUMP', { medium: 'power' }), joined('PUMP', 'PIPE', { medium: 'water' })]);
    expect(live.runScenario(scenarioOf({ fault: ['A'] })).scenarioTwins.toSorted()).toEqual(['A', 'PUMP']);
    expect(live.runScenario(scenarioOf({ fault: ['PUMP'] })).scenarioTwins.toSorted()).toEqual(['A', 'PIPE', 'PUMP']);
  });
});

describe('switching of relationships, live', () => {
  const ring = [joined('S', 'A', { id: 'in' }), joined('A', 'B', { id: 'tie', closed: false })];

  it('takes effect at once, with what else is in the batch', () => {
    const live = modelOf(ring, [source('S')]);
    expect(live.update([], [{ id: 'tie', closed: true }]).map(({ id }) => id)).toEqual(['B']);
    const told = live.update([{ id: 'A', health: 'DEGRADED' }], [{ id: 'tie', closed: false }]);
    expect(Object.fromEntries(told.map(({ id, after }) => [id, after.state]))).toEqual({ A: 'DEGRADED', B: 'DOWN' });
    expect(live.update([], [{ id: 'unknown', closed: true }])).toEqual([]);
  });

  it('does not reach into answers that were given before', () => {
    const live = modelOf(ring, [source('S')]);
    const answer = live.runScenario(scenarioOf({ close: ['tie'] }));
    live.update([{ id: 'S', health: 'DEGRADED' }]);
    live.update([], [{ id: 'tie', closed: true }]);
    expect(affectedText(answer)).toEqual({ B: 'OPERATIONAL@0' });
    expect(answer.witness('B').map(({ twin }) => twin)).toEqual(['B']);
    expect(affectedText(live.runScenario(scenarioOf({ open: ['tie'] })))).toEqual({ B: 'DOWN@0' });
    expect(affectedText(live.runScenario(scenarioOf({ outage: ['S'], baseline: 'HEALTHY' })))).toEqual({
      A: 'DOWN@0',
      B: 'DOWN@0',
    });
  });

  it('counts for risk', () => {
    const needs = [requirementOf('in', { min: 1, full: 1 })];
    const feeds = [
      relationshipOf('FEEDS', 'A', 'X', { group: 'in' }),
      relationshipOf('FEEDS', 'B', 'X', { group: 'in', id: 'b' }),
    ];
    const live = modelOf(feeds, [twinOf('X', { requirements: needs })]);
    expect(live.atRisk('X')).toBe(false);
    live.update([], [{ id: 'b', closed: false }]);
    expect(live.atRisk('X')).toBe(true);
    live.update([], [{ id: 'b', closed: true }]);
    expect(live.atRisk('X')).toBe(false);
  });
});
