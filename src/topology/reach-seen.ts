/** Reach over what somebody sees: the walk goes over twins that are seen, and relationships between them, alone. */
import { notFound } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { carriesNeed, type NeedRules } from './need-rules.ts';
import { compareNodes } from './order.ts';
import { Reach, type ReachDirection, type ReachOptions } from './reach.ts';
import type { TopologyView, TwinNode } from './topology.ts';

/** @throws LinchpinError NOT_FOUND */
export function reachSeen(
  topology: TopologyView,
  rules: NeedRules,
  { id, direction, maxDepth, maxTwins = LIMITS.reachTwins }: ReachOptions & { id: string; direction: ReachDirection },
): Reach {
  const start = topology.node(id);
  if (!start) throw notFound('twin', id);
  const deepest = maxDepth ?? Number.POSITIVE_INFINITY;
  const seen = new Set([start]);
  const found: TwinNode[] = [];
  const levelEnds: number[] = [];
  let limit: string | null = null;
  for (let level = [start]; limit === null; ) {
    const next: TwinNode[] = [];
    for (const node of level) {
      for (const neighbour of neighboursOf(node, rules, direction)) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        next.push(neighbour);
      }
    }
    if (next.length === 0) break;
    if (levelEnds.length >= deepest) limit = `maxDepth ${deepest}`;
    else {
      next.sort(compareNodes);
      if (found.length + next.length > maxTwins) limit = `reachTwins ${maxTwins}`;
      for (const node of next.slice(0, maxTwins - found.length)) found.push(node);
      levelEnds.push(found.length);
      level = next;
    }
  }
  return new Reach(Int32Array.from(found.keys()), found, levelEnds, limit);
}

/** May hold one twice. */
function* neighboursOf(node: TwinNode, rules: NeedRules, direction: ReachDirection): Generator<TwinNode> {
  const isDependents = direction === 'dependents';
  for (const link of node.outgoing)
    if (isDependents ? carriesNeed(rules, link, node, link.target) : carriesNeed(rules, link, link.target, node))
      yield link.target;
  for (const link of node.incoming)
    if (isDependents ? carriesNeed(rules, link, node, link.source) : carriesNeed(rules, link, link.source, node))
      yield link.source;
}
