/**
 * What a twin is part of and what it holds: the tree of PART_OF, and containment, which is PART_OF and LOCATED_IN together.
 *
 * The data may hold what a tree may not: several parents, and loops. `parentOf` then chooses one parent by a rule that does
 * not depend on the order of arrival, while a child is listed under each of its parents; every walk ends on loops.
 * No walk recurses: a chain of PART_OF can be longer than the call stack.
 */
import { compareNodes } from './order.ts';
import type { Link, TopologyView, TwinNode } from './topology.ts';

/** The twin that this one is part of; where there are several, the one with the smallest id. */
export function parentOf(node: TwinNode): TwinNode | undefined {
  let parent: TwinNode | undefined;
  for (const { relationship, target } of node.outgoing) {
    if (relationship.type !== 'PART_OF' || target === node) continue;
    if (!parent || compareNodes(target, parent) < 0) parent = target;
  }
  return parent;
}

/** Its parts, each once, ordered by id. */
export function childrenOf(node: TwinNode): TwinNode[] {
  const children = new Set<TwinNode>();
  for (const link of node.incoming) {
    if (link.relationship.type === 'PART_OF' && link.source !== node) children.add(link.source);
  }
  return [...children].toSorted(compareNodes);
}

/** From the parent up to the root; on a loop, up to the last twin before it would come round. */
export function ancestorsOf(node: TwinNode): TwinNode[] {
  const seen = new Set([node]);
  const ancestors: TwinNode[] = [];
  for (let above = parentOf(node); above && !seen.has(above); above = parentOf(above)) {
    seen.add(above);
    ancestors.push(above);
  }
  return ancestors;
}

/** Its parts, their parts and so on, nearest first, then by id; never itself. `maxDepth` 1: its children; null: all. */
export function descendantsOf(node: TwinNode, maxDepth: number | null): TwinNode[] {
  const seen = new Set([node]);
  const descendants: TwinNode[] = [];
  const deepest = maxDepth ?? Number.POSITIVE_INFINITY;
  let level = [node];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest) break;
    const next: TwinNode[] = [];
    for (const above of level) {
      for (const link of above.incoming) {
        if (link.relationship.type !== 'PART_OF' || seen.has(link.source)) continue;
        seen.add(link.source);
        next.push(link.source);
      }
    }
    next.sort(compareNodes);
    for (const found of next) descendants.push(found);
    level = next;
  }
  return descendants;
}

/** Ids of everything that it is part of or located in, at any height. Itself only where it is in a loop of these. */
export function containersOf(node: TwinNode): Set<string> {
  const ids = new Set<string>();
  const waiting = [node];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    for (const link of at.outgoing) {
      if (!isContainment(link) || ids.has(link.target.twin.id)) continue;
      ids.add(link.target.twin.id);
      waiting.push(link.target);
    }
  }
  return ids;
}

/** Ids of everything that is part of it or located in it, at any depth. Itself only where it is in a loop of these. */
export function contentsOf(node: TwinNode): Set<string> {
  const ids = new Set<string>();
  const waiting = [node];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    for (const link of at.incoming) {
      if (!isContainment(link) || ids.has(link.source.twin.id)) continue;
      ids.add(link.source.twin.id);
      waiting.push(link.source);
    }
  }
  return ids;
}

/** Twins that are part of nothing, ordered by id. */
export function rootsOf(topology: TopologyView): TwinNode[] {
  const roots: TwinNode[] = [];
  for (const node of topology.nodes()) if (!parentOf(node)) roots.push(node);
  return roots.toSorted(compareNodes);
}

function isContainment(link: Link): boolean {
  return link.relationship.type === 'PART_OF' || link.relationship.type === 'LOCATED_IN';
}
