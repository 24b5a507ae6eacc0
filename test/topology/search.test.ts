import { describe, expect, it } from 'vitest';
import { type NodeFilter, passesFilter } from '../../src/topology/filter.ts';
import { searchTwins } from '../../src/topology/search.ts';
import { graphOf, idsOf, twinOf } from './graph.ts';

const GRAPH = graphOf(
  [],
  [
    twinOf('P-101', { name: 'Feed pump A', tags: ['boiler house'] }),
    twinOf('P-1010', { name: 'Feed pump B' }),
    twinOf('X9', { name: 'Spare for P-101' }),
    twinOf('X8', { name: 'Kühlwasserpumpe Süd' }),
    twinOf('X7', { name: 'Repumping station', kind: 'SYSTEM' }),
    twinOf('X6', { name: 'Tank', description: 'Filled by the feed pump' }),
    twinOf('X5', { name: '水处理 2号泵' }),
  ],
);

function found(text: string, first = 20): string[] {
  return idsOf(searchTwins(GRAPH, text, { first }));
}

describe('search', () => {
  it('ranks the id itself, then beginnings, then words, then parts of words, then descriptions', () => {
    expect(found('p-101')).toEqual(['P-101', 'P-1010', 'X9']);
    expect(found('pump')).toEqual(['P-101', 'P-1010', 'X7', 'X8', 'X6']);
  });

  it('minds neither case nor accents', () => {
    expect(found('KUHLWASSER sud')).toEqual(['X8']);
    expect(found('süd')).toEqual(['X8']);
    expect(found('2号')).toEqual(['X5']);
  });

  it('wants all of several words, each of them anywhere', () => {
    expect(found('pump boiler')).toEqual(['P-101']);
    expect(found('pump nowhere')).toEqual([]);
  });

  it('gives no more than asked for, of the kinds asked for, and nothing for no words', () => {
    expect(found('pump', 2)).toEqual(['P-101', 'P-1010']);
    expect(idsOf(searchTwins(GRAPH, 'pump', { first: 9, kinds: ['SYSTEM'] }))).toEqual(['X7']);
    expect(found('  ')).toEqual([]);
  });
});

describe('filter', () => {
  const graph = graphOf(
    [],
    [
      twinOf('a', { tags: ['x', 'y'], model: 'pump', connectivity: 'ONLINE' }),
      twinOf('b', { tags: ['x'], model: 'motor', kind: 'SYSTEM' }),
      twinOf('c'),
    ],
  );
  const passing = (filter: NodeFilter): string[] =>
    idsOf(
      [...graph.nodes()].filter((node) =>
        passesFilter(node, filter, {
          isModel: (model, wanted) => model === wanted || (model === 'pump' && wanted === 'machine'),
          stateOf: (id) => (id === 'c' ? 'DOWN' : 'OPERATIONAL'),
        }),
      ),
    );

  it('takes everything when nothing is asked', () => {
    expect(passing({})).toEqual(['a', 'b', 'c']);
    expect(passing({ kinds: null, tags: null, text: null })).toEqual(['a', 'b', 'c']);
  });

  it('takes one of the kinds, states and connectivities, all of the tags, and models with those that extend them', () => {
    expect(passing({ kinds: ['SYSTEM', 'PROCESS'] })).toEqual(['b']);
    expect(passing({ states: ['DOWN', 'DEGRADED'] })).toEqual(['c']);
    expect(passing({ connectivity: ['ONLINE'] })).toEqual(['a']);
    expect(passing({ tags: ['x', 'y'] })).toEqual(['a']);
    expect(passing({ models: ['machine'] })).toEqual(['a']);
    expect(passing({ models: ['machine', 'motor'] })).toEqual(['a', 'b']);
    expect(passing({ kinds: [] })).toEqual([]);
  });

  it('wants all that is asked to hold', () => {
    expect(passing({ tags: ['x'], text: 'B' })).toEqual(['b']);
    expect(passing({ tags: ['x'], text: 'c' })).toEqual([]);
  });
});
