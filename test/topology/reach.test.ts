import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import type { Requirement } from '../../src/domain/twin.ts';
import type { NeedRules } from '../../src/topology/need-rules.ts';
import { type Reach, type ReachDirection, ReachIndex, type ReachOptions } from '../../src/topology/reach.ts';
import type { Topology } from '../../src/topology/topology.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
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

type Options = ReachOptions & Partial<NeedRules>;

function reach(topology: Topology, id: string, direction: ReachDirection, { conductionOf, ...options }: Options = {}) {
  const rules = {
    typeOf: (name: string) => TYPES.get(name),
    conductionOf: conductionOf ?? ((twin) => twin.conduction),
  };
  return new ReachIndex(topology, rules).reach(id, direction, options);
}

function told(found: Reach): string[] {
  return found.entries.map((entry) => `${entry.node.twin.id} ${entry.distance}`);
}

function dependents(topology: Topology, id: string, options: Options = {}): string[] {
  return told(reach(topology, id, 'dependents', options));
}

function dependencies(topology: Topology, id: string, options: Options = {}): string[] {
  return told(reach(topology, id, 'dependencies', options));
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

    const conductionOf: NeedRules['conductionOf'] = (twin) =>
      twin.model === 'consumer' ? [{ medium: 'power', role: 'CONSUMER' }] : twin.conduction;
    expect(dependencies(graph, 'lamp', { conductionOf })).toEqual(['bus 1', 'grid 2']);
  });

  it('says which limit cut the walk, and that it is complete when none did', () => {
    const graph = graphOf(['a FEEDS b', 'b FEEDS c', 'c FEEDS d']);
    expect(reach(graph, 'a', 'dependents')).toMatchObject({ complete: true, limit: null });
    expect(reach(graph, 'a', 'dependents', { maxDepth: 3 })).toMatchObject({ complete: true, limit: null });
    const cut = reach(graph, 'a', 'dependents', { maxDepth: 2 });
    expect(cut).toMatchObject({ complete: false, limit: 'maxDepth 2' });
    expect(cut.entries).toHaveLength(2);
    const few = reach(graph, 'a', 'dependents', { maxTwins: 1 });
    expect(few).toMatchObject({ complete: false, limit: 'reachTwins 1' });
    expect(few.entries.map((entry) => entry.node.twin.id)).toEqual(['b']);
  });

  it('ignores types that nobody declared, and refuses a twin that is not there', () => {
    expect(dependents(graphOf(['a INVENTED b']), 'a')).toEqual([]);
    expect(() => reach(graphOf([]), 'nobody', 'dependents')).toThrow(LinchpinError);
  });

  it('ends on a ring of 10,000 twins', () => {
    const ring = graphOf(Array.from({ length: 10_000 }, (_, i) => `n${i} FEEDS n${(i + 1) % 10_000}`));
    const found = reach(ring, 'n0', 'dependents');
    expect(found.entries).toHaveLength(9_999);
    expect(found.entries.at(-1)).toMatchObject({ distance: 9_999 });
  });

  it('gives rows one by one, as parts and as a whole alike, and they stay when the graph goes on', () => {
    const graph = graphOf(['a FEEDS c', 'a FEEDS b', 'b FEEDS d', 'd FEEDS e']);
    const found = reach(graph, 'a', 'dependents');
    expect(found.slice(1, 3)).toEqual(found.entries.slice(1, 3));
    expect([0, 1, 2, 3].map((index) => found.at(index))).toEqual(found.entries);
    expect(found.at(4)).toBeUndefined();
    graph.removeTwin('b');
    expect(told(found)).toEqual(['b 1', 'c 1', 'd 2', 'e 3']);
  });

  it('follows every change of the graph: after it, the walk is that of a graph made so at once', () => {
    const id = fc.integer({ min: 0, max: 11 }).map((n) => `n${n}`);
    const type = fc.constantFrom('FEEDS', 'DEPENDS_ON', 'CONNECTED_TO', 'PART_OF');
    const change = fc.oneof(
      fc.record({ do: fc.constant('join' as const), source: id, type, target: id }),
      fc.record({ do: fc.constant('part' as const), at: fc.nat(30) }),
      fc.record({ do: fc.constant('remove' as const), id }),
      fc.record({
        do: fc.constant('role' as const),
        id,
        role: fc.constantFrom('SOURCE' as const, 'CONSUMER' as const),
      }),
      fc.record({ do: fc.constant('declare' as const), id }),
      fc.record({ do: fc.constant('clear' as const) }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const graph = graphOf([]);
        const rules: NeedRules = { typeOf: (name) => TYPES.get(name), conductionOf: (twin) => twin.conduction };
        const index = new ReachIndex(graph, rules);
        for (const [at, each] of changes.entries()) {
          if (each.do === 'join') {
            for (const end of [each.source, each.target]) if (!graph.node(end)) graph.addTwin(twinOf(end));
            graph.addRelationship(relationshipOf(`r${at}`, each.source, each.type, each.target, { group: 'parts' }));
          } else if (each.do === 'part')
            graph.removeRelationship([...graph.links()].at(each.at)?.relationship.id ?? '');
          else if (each.do === 'remove') graph.removeTwin(each.id);
          else if (each.do === 'role')
            graph.addTwin(twinOf(each.id, { conduction: [{ medium: null, role: each.role }] }));
          else if (each.do === 'declare') graph.addTwin(twinOf(each.id, { requirements: [GROUP] }));
          else if (at % 7 === 0) graph.clear();
          const fresh = new ReachIndex(graph, rules);
          for (const { twin } of graph.nodes()) {
            for (const direction of ['dependents', 'dependencies'] as const)
              expect(told(index.reach(twin.id, direction))).toEqual(told(fresh.reach(twin.id, direction)));
          }
        }
      }),
      { ...FUZZ, numRuns: Math.ceil(FUZZ.numRuns / 5) },
    );
  });

  it('gives back the numbers of twins that are gone', () => {
    const graph = graphOf(['a FEEDS b']);
    const index = new ReachIndex(graph, { typeOf: (name) => TYPES.get(name), conductionOf: () => [] });
    for (let n = 0; n < 5_000; n += 1) {
      graph.addTwin(twinOf(`passing${n}`));
      graph.addRelationship(relationshipOf(`p${n}`, 'b', 'FEEDS', `passing${n}`));
      if (n % 500 === 0) expect(told(index.reach('a', 'dependents'))).toEqual(['b 1', `passing${n} 2`]);
      graph.removeTwin(`passing${n}`);
    }
    expect(graph.numbered.length).toBeLessThan(2_000);
    expect(told(index.reach('a', 'dependents'))).toEqual(['b 1']);
  });
});
