/**
 * Shortest paths between two twins, shortest first, without ever listing all there are.
 *
 * First the distances to the end, breadth first from the end. Then partial paths from the start, always going on with
 * one whose length plus distance to the end is least, so that the next path completed is the next shortest. Among equals
 * the newest goes on first: it completes one path before it begins another, where ties alone can be exponentially many.
 * Both parts count their steps and stop at the budget.
 */
import { notFound } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { carriesNeed, type NeedRules } from './need-rules.ts';
import { compareIds } from './order.ts';
import type { Link, TopologyView, TwinNode } from './topology.ts';

export interface PathQuery {
  readonly from: string;
  readonly to: string;
  /** Types of relationships to go over; null: all. */
  readonly types?: readonly string[] | null;
  /** OUT: along the relationships; IN: against them. */
  readonly direction: 'IN' | 'OUT' | 'BOTH';
  /** Go as outages travel instead of as relationships are drawn: OUT, to what needs a twin; IN, to what it needs. */
  readonly needs?: NeedRules | null;
  /** Most relationships in a path. */
  readonly maxDepth: number;
  /** Most paths wanted; never more than LIMITS.paths are given. */
  readonly first: number;
  /** Relationships that each part of the search may look at; LIMITS.pathSteps by default. */
  readonly maxSteps?: number;
}

/** `nodes` has one more than `links`; no twin comes twice. */
export interface TwinPath {
  readonly nodes: readonly TwinNode[];
  readonly links: readonly Link[];
}

export interface PathAnswer {
  readonly paths: readonly TwinPath[];
  /** false: there are fewer than were wanted, and a limit may be why. */
  readonly complete: boolean;
  readonly limit: string | null;
}

/** @throws LinchpinError NOT_FOUND */
export function findPaths(topology: TopologyView, query: PathQuery): PathAnswer {
  const from = topology.node(query.from);
  const to = topology.node(query.to);
  if (!from) throw notFound('twin', query.from);
  if (!to) throw notFound('twin', query.to);
  const { maxDepth } = query;
  const wanted = Math.min(query.first, LIMITS.paths);
  const maxSteps = query.maxSteps ?? LIMITS.pathSteps;
  const types = query.types ? new Set(query.types) : null;
  if (wanted === 0) return { paths: [], complete: true, limit: null };
  const needs = query.needs ?? null;
  const forward = hopsOf(query.direction, types, needs);
  const distances = new Distances(to, hopsOf(OPPOSITE[query.direction], types, needs), maxSteps);

  // Twins no farther from the end than the start is suffice for all shortest paths: the rest is looked at only when asked.
  distances.grow((depth) => depth < maxDepth && distances.of(from) === undefined);
  const shortest = distances.of(from);
  let search = searchPaths(from, forward, distances, { maxDepth: shortest ?? 0, wanted, maxSteps, tellsCut: false });
  if (search.paths.length < wanted && shortest !== undefined && !search.isOutOfSteps) {
    distances.grow((depth) => depth < maxDepth);
    search = searchPaths(from, forward, distances, { maxDepth, wanted, maxSteps, tellsCut: true });
  }

  let limit: string | null = null;
  if (search.paths.length === wanted) limit = query.first > wanted ? `paths ${LIMITS.paths}` : null;
  else if (search.isOutOfSteps || distances.isOutOfSteps) limit = `pathSteps ${maxSteps}`;
  else if (search.isCutByDepth || distances.hasMore) limit = `maxDepth ${maxDepth}`;
  return { paths: search.paths, complete: limit === null, limit };
}

const OPPOSITE = { IN: 'OUT', OUT: 'IN', BOTH: 'BOTH' } as const;

interface Hop {
  readonly link: Link;
  readonly node: TwinNode;
}
type HopsOf = (node: TwinNode) => Hop[];

function hopsOf(direction: PathQuery['direction'], types: ReadonlySet<string> | null, needs: NeedRules | null): HopsOf {
  const isHop = (link: Link, from: TwinNode, to: TwinNode): boolean => {
    if (types !== null && !types.has(link.relationship.type)) return false;
    const isForward = needs ? carriesNeed(needs, link, from, to) : link.source === from;
    const isBackward = needs ? carriesNeed(needs, link, to, from) : link.target === from;
    return (direction !== 'IN' && isForward) || (direction !== 'OUT' && isBackward);
  };
  return (node) => {
    const hops: Hop[] = [];
    for (const link of node.outgoing) if (isHop(link, node, link.target)) hops.push({ link, node: link.target });
    for (const link of node.incoming) if (isHop(link, node, link.source)) hops.push({ link, node: link.source });
    return hops;
  };
}

/** How far twins are from the end, level by level, as far as was asked for. */
class Distances {
  readonly #distanceByNode: Map<TwinNode, number>;
  readonly #hops: HopsOf;
  #level: TwinNode[];
  #depth = 0;
  #stepsLeft: number;

  constructor(end: TwinNode, hops: HopsOf, maxSteps: number) {
    this.#distanceByNode = new Map([[end, 0]]);
    this.#level = [end];
    this.#hops = hops;
    this.#stepsLeft = maxSteps;
  }

  of(node: TwinNode): number | undefined {
    return this.#distanceByNode.get(node);
  }

  get hasMore(): boolean {
    return this.#level.some((node) => this.#hops(node).some((hop) => !this.#distanceByNode.has(hop.node)));
  }

  get isOutOfSteps(): boolean {
    return this.#stepsLeft < 0;
  }

  grow(isWanted: (depth: number) => boolean): void {
    while (this.#level.length > 0 && isWanted(this.#depth)) {
      const next: TwinNode[] = [];
      for (const node of this.#level) {
        const hops = this.#hops(node);
        this.#stepsLeft -= hops.length;
        if (this.isOutOfSteps) return;
        for (const hop of hops) {
          if (this.#distanceByNode.has(hop.node)) continue;
          this.#distanceByNode.set(hop.node, this.#depth + 1);
          next.push(hop.node);
        }
      }
      this.#level = next;
      this.#depth++;
    }
  }
}

/** A partial path, as its last twin and what came before. */
interface Trail {
  readonly node: TwinNode;
  readonly link: Link | null;
  readonly before: Trail | null;
  readonly length: number;
}

interface PathSearch {
  readonly paths: TwinPath[];
  readonly isOutOfSteps: boolean;
  /** A longer path than allowed may exist. */
  readonly isCutByDepth: boolean;
}

function searchPaths(
  start: TwinNode,
  hopsFrom: HopsOf,
  distances: Distances,
  bounds: { maxDepth: number; wanted: number; maxSteps: number; tellsCut: boolean },
): PathSearch {
  const paths: TwinPath[] = [];
  const shortest = distances.of(start);
  if (shortest === undefined || shortest > bounds.maxDepth) return { paths, isOutOfSteps: false, isCutByDepth: false };
  let isCutByDepth = false;
  let stepsLeft = bounds.maxSteps;
  // trailsByTotal[t]: trails that can be completed with t relationships in all, at best; the newest at the end.
  const trailsByTotal: Trail[][] = [];
  trailsByTotal[shortest] = [{ node: start, link: null, before: null, length: 0 }];

  for (let total = shortest; total < trailsByTotal.length; total++) {
    const trails = trailsByTotal[total] ?? [];
    // Those that come from shorter totals were found in the order of those. Looking for where they part counts, too.
    const walk = (steps: number): void => {
      stepsLeft -= steps;
    };
    trails.sort((a, b) => (stepsLeft < 0 ? 0 : compareTrailsBackwards(a, b, walk)));
    if (stepsLeft < 0) return { paths, isOutOfSteps: true, isCutByDepth };
    for (let trail = trails.pop(); trail; trail = trails.pop()) {
      if (distances.of(trail.node) === 0) {
        paths.push(toPath(trail));
        if (paths.length === bounds.wanted) return { paths, isOutOfSteps: false, isCutByDepth };
        continue;
      }
      const hops = hopsFrom(trail.node).toSorted(compareHopsBackwards);
      stepsLeft -= hops.length;
      let passed: Set<TwinNode> | null = null;
      for (const { link, node } of hops) {
        const rest = distances.of(node);
        if (rest === undefined) continue;
        const length = trail.length + 1;
        // Every step of a shortest path comes nearer to the end, so only others can come back to a twin.
        if (length + rest > shortest) {
          if (bounds.maxDepth === shortest && !bounds.tellsCut) continue;
          passed ??= nodesOf(trail);
          if (passed.has(node)) continue;
        }
        if (length + rest > bounds.maxDepth) isCutByDepth = true;
        else (trailsByTotal[length + rest] ??= []).push({ node, link, before: trail, length });
      }
      stepsLeft -= passed?.size ?? 0;
      if (stepsLeft < 0) return { paths, isOutOfSteps: true, isCutByDepth };
    }
  }
  return { paths, isOutOfSteps: false, isCutByDepth };
}

/** Last first, as the newest goes on first: paths of one length come in the order of their twins' ids. */
function compareHopsBackwards(a: Hop, b: Hop): number {
  return compareIds(b.node.twin.id, a.node.twin.id) || compareIds(b.link.relationship.id, a.link.relationship.id);
}

/** By the first hop in which two trails differ, as compareHopsBackwards; `walk` hears how far back that lies. */
function compareTrailsBackwards(a: Trail, b: Trail, walk: (steps: number) => void): number {
  let [left, right] = [a, b];
  let steps = 0;
  for (; left.length > right.length; steps += 1) left = left.before as Trail;
  for (; right.length > left.length; steps += 1) right = right.before as Trail;
  for (; left.before !== right.before; steps += 1) {
    left = left.before as Trail;
    right = right.before as Trail;
  }
  walk(steps);
  return left === right ? 0 : compareHopsBackwards(left as Hop, right as Hop);
}

function nodesOf(trail: Trail): Set<TwinNode> {
  const nodes = new Set<TwinNode>();
  for (let at: Trail | null = trail; at; at = at.before) nodes.add(at.node);
  return nodes;
}

function toPath(trail: Trail): TwinPath {
  const nodes: TwinNode[] = [];
  const links: Link[] = [];
  for (let at: Trail | null = trail; at; at = at.before) {
    nodes.push(at.node);
    if (at.link) links.push(at.link);
  }
  return { nodes: nodes.toReversed(), links: links.toReversed() };
}
