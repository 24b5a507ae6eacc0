import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/limits.ts';
import { type PathAnswer, type PathQuery, findPaths } from '../../src/topology/paths.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { graphOf, idsOf, TYPES } from './graph.ts';

function query(from: string, to: string, fields: Partial<PathQuery> = {}): PathQuery {
  return { from, to, direction: 'OUT', maxDepth: 50, first: 1, ...fields };
}

function told(answer: PathAnswer): string[] {
  return answer.paths.map((path) => idsOf(path.nodes).join('>'));
}

const DIAMOND = ['a FEEDS b', 'a FEEDS c', 'b FEEDS d', 'c FEEDS d', 'd FEEDS e', 'b FEEDS c', 'x DEPENDS_ON e'];

describe('paths', () => {
  it('gives the shortest first and those of one length by their ids', () => {
    const graph = graphOf(DIAMOND);
    expect(told(findPaths(graph, query('a', 'e')))).toEqual(['a>b>d>e']);
    const all = findPaths(graph, query('a', 'e', { first: 10 }));
    expect(told(all)).toEqual(['a>b>d>e', 'a>c>d>e', 'a>b>c>d>e']);
    expect(all).toMatchObject({ complete: true, limit: null });
    expect(all.paths[0]?.links.map((link) => link.relationship.id)).toEqual(['r000000', 'r000002', 'r000004']);
  });

  it('goes along, against or without regard to the direction, over the types asked for', () => {
    const graph = graphOf(DIAMOND);
    expect(told(findPaths(graph, query('e', 'a', { direction: 'IN' })))).toEqual(['e>d>b>a']);
    expect(told(findPaths(graph, query('a', 'x', { direction: 'BOTH' })))).toEqual(['a>b>d>e>x']);
    expect(told(findPaths(graph, query('a', 'x', { direction: 'BOTH', types: ['FEEDS'] })))).toEqual([]);
    expect(told(findPaths(graph, query('a', 'x')))).toEqual([]);
  });

  it('goes along dependence when asked to: from what is needed to what needs it, however relationships are drawn', () => {
    const needs = { typeOf: (name: string) => TYPES.get(name), conductionOf: () => [] };
    const graph = graphOf([...DIAMOND, 'x LOCATED_IN room', 'meter MEASURES a']);
    expect(told(findPaths(graph, query('a', 'x', { needs })))).toEqual(['a>b>d>e>x']);
    expect(told(findPaths(graph, query('x', 'a', { needs, direction: 'IN' })))).toEqual(['x>e>d>b>a']);
    expect(told(findPaths(graph, query('room', 'x', { needs })))).toEqual(['room>x']);
    expect(told(findPaths(graph, query('room', 'a', { needs, direction: 'BOTH' })))).toEqual(['room>x>e>d>b>a']);
    expect(told(findPaths(graph, query('meter', 'a', { needs, direction: 'BOTH' })))).toEqual([]);
  });

  it('answers none when none is asked for', () => {
    expect(findPaths(graphOf(DIAMOND), query('a', 'e', { first: 0 }))).toEqual({
      paths: [],
      complete: true,
      limit: null,
    });
  });

  it('answers a path of no relationships from a twin to itself', () => {
    expect(told(findPaths(graphOf(DIAMOND), query('a', 'a')))).toEqual(['a']);
  });

  it('says when the depth may hide a path, and not when it cannot', () => {
    const graph = graphOf(DIAMOND);
    expect(findPaths(graph, query('a', 'e', { maxDepth: 2 }))).toMatchObject({ complete: false, limit: 'maxDepth 2' });
    expect(findPaths(graph, query('e', 'a', { maxDepth: 2 }))).toMatchObject({ complete: true });
    const cut = findPaths(graph, query('a', 'e', { maxDepth: 3, first: 5 }));
    expect(told(cut)).toEqual(['a>b>d>e', 'a>c>d>e']);
    expect(cut).toMatchObject({ complete: false, limit: 'maxDepth 3' });
  });

  it('stops at its budget of steps and says so', () => {
    const chain = graphOf(Array.from({ length: 1_000 }, (_, i) => `n${i} FEEDS n${i + 1}`));
    const answer = findPaths(chain, query('n0', 'n1000', { maxDepth: 2_000, maxSteps: 500 }));
    expect(answer).toEqual({ paths: [], complete: false, limit: 'pathSteps 500' });
  });

  it('finds paths through a lattice that holds more of them than could ever be listed', () => {
    const size = 60;
    const lines: string[] = [];
    for (let x = 0; x < size; x++) {
      for (let y = 0; y < size; y++) {
        if (x + 1 < size) lines.push(`${x}/${y} CONNECTED_TO ${x + 1}/${y}`);
        if (y + 1 < size) lines.push(`${x}/${y} CONNECTED_TO ${x}/${y + 1}`);
      }
    }
    const lattice = graphOf(lines);
    const answer = findPaths(lattice, query('0/0', '59/59', { direction: 'BOTH', maxDepth: 200, first: 20 }));
    expect(answer.paths).toHaveLength(20);
    expect(new Set(answer.paths.map((path) => path.links.length))).toEqual(new Set([118]));
    expect(new Set(told(answer)).size).toBe(20);
  });

  it('gives no more paths than the limit, and says so', () => {
    const lines = Array.from({ length: LIMITS.paths + 20 }, (_, i) => [`a FEEDS m${i}`, `m${i} FEEDS b`]).flat();
    const answer = findPaths(graphOf(lines), query('a', 'b', { first: 1_000 }));
    expect(answer.paths).toHaveLength(LIMITS.paths);
    expect(answer).toMatchObject({ complete: false, limit: `paths ${LIMITS.paths}` });
  });

  it('finds a path of 10,000 relationships when asked for one so long', () => {
    const chain = graphOf(Array.from({ length: 10_000 }, (_, i) => `n${i} FEEDS n${i + 1}`));
    expect(findPaths(chain, query('n0', 'n10000', { maxDepth: 10_000 })).paths[0]?.links).toHaveLength(10_000);
  });

  it('agrees with listing all simple paths of small graphs', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const line = fc
      .tuple(fc.constantFrom(...names), fc.constantFrom(...names))
      .map(([from, to]) => `${from} FEEDS ${to}`);
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 14 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 6 }),
        (drawn, first, maxDepth) => {
          const lines = [...new Set(drawn)];
          const graph = graphOf(['a FEEDS a', 'f FEEDS f', ...lines]);
          const answer = findPaths(graph, query('a', 'f', { first, maxDepth }));
          const all = allSimplePaths(lines, 'a', 'f');
          const expected = all.filter((path) => path.split('>').length - 1 <= maxDepth);
          expect(told(answer)).toEqual(expected.slice(0, first));
          const isCut = answer.paths.length < first && expected.length < all.length;
          expect(isCut && answer.complete).toBe(false);
        },
      ),
      FUZZ,
    );
  });
});

/** Slow and obvious: every simple path, by length and then by ids. */
function allSimplePaths(lines: readonly string[], from: string, to: string): string[] {
  const found: string[][] = [];
  const extend = (path: string[]): void => {
    const last = path.at(-1);
    if (last === to) {
      found.push(path);
      return;
    }
    for (const line of lines) {
      const [source, , target = ''] = line.split(' ');
      if (source === last && !path.includes(target)) extend([...path, target]);
    }
  };
  extend([from]);
  return found.map((path) => path.join('>')).toSorted((a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0));
}
