import { describe, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import type { Requirement } from '../../src/domain/twin.ts';
import { type ReachOptions, reach } from '../../src/topology/reach.ts';
import type { Topology } from '../../src/topology/topology.ts';
import { graphOf, relationshipOf, TYPES, twinOf } from './graph.ts';

const GROUP: Requirement = {
  group: 'parts',
  mode: null,
  medium: null,
  min: 1,
  full: 1,
  soft: false,
  holdUpMs: 0,
  stateOfCharge: 1,
};

function dependents(topology: Topology, id: string, options: ReachOptions = {}): string[] {
  return reach(topology, id, 'dependents', TYPES, options).entries.map(
    (entry) => `${entry.node.twin.id} ${entry.distance}`,
  );
}

function dependencies(topology: Topology, id: string, options: ReachOptions = {}): string[] {
  return reach(topology, id, 'dependencies', TYPES, options).entries.map(
    (entry) => `${entry.node.twin.id} ${entry.distance}`,
  );
}

describe('reach', () => {
  it('follows each built-in type in the direction in which an outage travels over it', () => {
    const graph = graphOf([
      'a FEEDS fed',
      'depending DEPENDS_ON a',
      'a SUPPORTS supported',
      'a CONTROLS controlled',
      'inside LOCATED_IN a',
      'sensor MEASURES a',
      'a MEASURES measured',
      'part PART_OF a',
      'a PART_OF whole',
    ]);
    expect(dependents(graph, 'a')).toEqual(['controlled 1', 'depending 1', 'fed 1', 'inside 1', 'supported 1']);
    for (const id of ['fed', 'depending', 'supported', 'controlled', 'inside']) {
      expect(dependencies(graph, id)).toEqual(['a 1']);
    }
    for (const id of ['a', 'sensor', 'measured', 'part', 'whole']) expect(dependencies(graph, id)).toEqual([]);
  });

  it('lets a part matter to the whole only in a group that the whole declares', () => {
    const graph = graphOf([], [twinOf('whole', { requirements: [GROUP] }), twinOf('p1'), twinOf('p2'), twinOf('p3')]);
    graph.addRelationship(relationshipOf('r1', 'p1', 'PART_OF', 'whole', { group: 'parts' }));
    graph.addRelationship(relationshipOf('r2', 'p2', 'PART_OF', 'whole', { group: 'other' }));
    graph.addRelationship(relationshipOf('r3', 'p3', 'PART_OF', 'whole'));
    expect(dependencies(graph, 'whole')).toEqual(['p1 1']);
    expect(dependents(graph, 'p2')).toEqual([]);
  });

  it('goes both ways in a network, only forward over a one-way connection', () => {
    const graph = graphOf(['a CONNECTED_TO b', 'b CONNECTED_TO c']);
    graph.addTwin(twinOf('d'));
    graph.addRelationship(relationshipOf('valve', 'c', 'CONNECTED_TO', 'd', { oneWay: true }));
    expect(dependents(graph, 'c')).toEqual(['b 1', 'd 1', 'a 2']);
    expect(dependents(graph, 'd')).toEqual([]);
    expect(dependencies(graph, 'd')).toEqual(['c 1', 'b 2', 'a 3']);
  });

  it('a source needs nothing of its medium, and nothing needs a consumer', () => {
    const graph = graphOf(
      [],
      [
        twinOf('grid', { conduction: [{ medium: 'power', role: 'SOURCE' }] }),
        twinOf('bus'),
        twinOf('lamp', { conduction: [{ medium: null, role: 'CONSUMER' }] }),
        twinOf('fan', { model: 'consumer' }),
      ],
    );
    graph.addRelationship(relationshipOf('1', 'grid', 'CONNECTED_TO', 'bus', { medium: 'power' }));
    graph.addRelationship(relationshipOf('2', 'lamp', 'CONNECTED_TO', 'bus', { medium: 'power' }));
    graph.addRelationship(relationshipOf('3', 'bus', 'CONNECTED_TO', 'fan', { medium: 'power' }));
    expect(dependencies(graph, 'grid')).toEqual([]);
    expect(dependents(graph, 'lamp')).toEqual([]);
    expect(dependents(graph, 'grid')).toEqual(['bus 1', 'fan 2', 'lamp 2']);
    expect(dependencies(graph, 'lamp')).toEqual(['bus 1', 'fan 2', 'grid 2']);

    const conductionOf: ReachOptions['conductionOf'] = (twin) =>
      twin.model === 'consumer' ? [{ medium: 'power', role: 'CONSUMER' }] : twin.conduction;
    expect(dependencies(graph, 'lamp', { conductionOf })).toEqual(['bus 1', 'grid 2']);
  });

  it('says which limit cut the walk, and that it is complete when none did', () => {
    const graph = graphOf(['a FEEDS b', 'b FEEDS c', 'c FEEDS d']);
    expect(reach(graph, 'a', 'dependents', TYPES)).toMatchObject({ complete: true, limit: null });
    expect(reach(graph, 'a', 'dependents', TYPES, { maxDepth: 3 })).toMatchObject({ complete: true, limit: null });
    const cut = reach(graph, 'a', 'dependents', TYPES, { maxDepth: 2 });
    expect(cut).toMatchObject({ complete: false, limit: 'maxDepth 2' });
    expect(cut.entries).toHaveLength(2);
    const few = reach(graph, 'a', 'dependents', TYPES, { maxTwins: 1 });
    expect(few).toMatchObject({ complete: false, limit: 'reachTwins 1' });
    expect(few.entries.map((entry) => entry.node.twin.id)).toEqual(['b']);
  });

  it('ignores types that nobody declared, and refuses a twin that is not there', () => {
    expect(dependents(graphOf(['a INVENTED b']), 'a')).toEqual([]);
    expect(() => reach(graphOf([]), 'nobody', 'dependents', TYPES)).toThrow(LinchpinError);
  });

  it('ends on a ring of 10,000 twins', () => {
    const ring = graphOf(Array.from({ length: 10_000 }, (_, i) => `n${i} FEEDS n${(i + 1) % 10_000}`));
    const found = reach(ring, 'n0', 'dependents', TYPES);
    expect(found.entries).toHaveLength(9_999);
    expect(found.entries.at(-1)).toMatchObject({ distance: 9_999 });
  });
});
