import { describe, expect, it } from 'vitest';
import {
  ancestorsOf,
  childrenOf,
  containersOf,
  contentsOf,
  descendantsOf,
  parentOf,
  rootsOf,
} from '../../src/topology/hierarchy.ts';
import { graphOf, idsOf, nodeOf } from './graph.ts';

const PLANT = graphOf([
  'site PART_OF enterprise',
  'lineB PART_OF site',
  'lineA PART_OF site',
  'pump PART_OF lineA',
  'pump LOCATED_IN hall',
  'hall LOCATED_IN building',
  'pump FEEDS tank',
]);

describe('hierarchy', () => {
  it('finds the parent, the children by id and the ancestors up to the root', () => {
    expect(parentOf(nodeOf(PLANT, 'pump'))?.twin.id).toBe('lineA');
    expect(parentOf(nodeOf(PLANT, 'enterprise'))).toBeUndefined();
    expect(idsOf(childrenOf(nodeOf(PLANT, 'site')))).toEqual(['lineA', 'lineB']);
    expect(idsOf(ancestorsOf(nodeOf(PLANT, 'pump')))).toEqual(['lineA', 'site', 'enterprise']);
  });

  it('lists descendants nearest first, then by id, down to the depth asked for', () => {
    const enterprise = nodeOf(PLANT, 'enterprise');
    expect(idsOf(descendantsOf(enterprise, null))).toEqual(['site', 'lineA', 'lineB', 'pump']);
    expect(idsOf(descendantsOf(enterprise, 2))).toEqual(['site', 'lineA', 'lineB']);
    expect(idsOf(descendantsOf(enterprise, 0))).toEqual([]);
  });

  it('takes as containers what a twin is part of or located in, at any height', () => {
    expect([...containersOf(nodeOf(PLANT, 'pump'))].toSorted()).toEqual([
      'building',
      'enterprise',
      'hall',
      'lineA',
      'site',
    ]);
    expect([...contentsOf(nodeOf(PLANT, 'building'))].toSorted()).toEqual(['hall', 'pump']);
    expect(contentsOf(nodeOf(PLANT, 'pump'))).toEqual(new Set());
  });

  it('lists as roots the twins that are part of nothing, by id', () => {
    expect(idsOf(rootsOf(PLANT))).toEqual(['building', 'enterprise', 'hall', 'tank']);
  });

  it('shows a part of two wholes under both, and takes one of them for its parent whatever came first', () => {
    const lines = ['part PART_OF one', 'part PART_OF two'];
    const graph = graphOf(lines);
    expect(parentOf(nodeOf(graph, 'part'))?.twin.id).toBe('one');
    expect(idsOf(childrenOf(nodeOf(graph, 'two')))).toEqual(['part']);

    const links = nodeOf(graph, 'part').outgoing;
    links.reverse();
    expect(parentOf(nodeOf(graph, 'part'))?.twin.id).toBe('one');
  });

  it('ends on a loop of parts, and no twin in it is its own descendant', () => {
    const graph = graphOf(['a PART_OF b', 'b PART_OF c', 'c PART_OF a', 'self PART_OF self']);
    expect(idsOf(ancestorsOf(nodeOf(graph, 'a')))).toEqual(['b', 'c']);
    expect(idsOf(descendantsOf(nodeOf(graph, 'a'), null))).toEqual(['c', 'b']);
    expect(containersOf(nodeOf(graph, 'a'))).toEqual(new Set(['a', 'b', 'c']));
    expect(idsOf(rootsOf(graph))).toEqual(['self']);
    expect(childrenOf(nodeOf(graph, 'self'))).toEqual([]);
  });

  it('walks a chain of 100,000 parts and a loop of 10,000 without running out of stack', () => {
    const chain = graphOf(Array.from({ length: 100_000 }, (_, i) => `n${i + 1} PART_OF n${i}`));
    expect(descendantsOf(nodeOf(chain, 'n0'), null)).toHaveLength(100_000);
    expect(ancestorsOf(nodeOf(chain, 'n100000'))).toHaveLength(100_000);
    expect(contentsOf(nodeOf(chain, 'n0')).size).toBe(100_000);

    const loop = graphOf(Array.from({ length: 10_000 }, (_, i) => `n${i} PART_OF n${(i + 1) % 10_000}`));
    expect(ancestorsOf(nodeOf(loop, 'n0'))).toHaveLength(9_999);
    expect(containersOf(nodeOf(loop, 'n0')).size).toBe(10_000);
  });
});
