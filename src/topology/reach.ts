/**
 * What a twin needs and what needs it, directly and through others: reach, not impact.
 *
 * A step goes over a relationship exactly where IMPACT.md 2 lets an outage travel over it, whatever redundancy there is:
 * - by its type's impact direction: the dependents of a SOURCE_TO_TARGET relationship's source are its targets, and so on;
 * - PART_OF only where the whole declares the group that the relationship names: else a part does not matter to the whole;
 * - CONNECTED_TO, and other types of supply both ways: oneWay only from source to target, and by roles: a SOURCE needs
 *   nothing of its medium, and nothing needs a CONSUMER. Open switches count: what is open now can be closed.
 */
import { notFound } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { RelationshipType } from '../domain/relationship.ts';
import type { ConductionRole } from '../domain/state.ts';
import type { Conduction, Twin } from '../domain/twin.ts';
import { compareNodes } from './order.ts';
import type { Link, Topology, TwinNode } from './topology.ts';

export type ReachDirection = 'dependencies' | 'dependents';

export interface ReachEntry {
  readonly node: TwinNode;
  /** Relationships from the start; at least 1. */
  readonly distance: number;
}

export interface Reach {
  /** Nearest first, then by id; without the start. */
  readonly entries: readonly ReachEntry[];
  /** Whether there is nothing behind what is listed. */
  readonly complete: boolean;
  /** The limit that cut the walk; null when complete. */
  readonly limit: string | null;
}

export interface ReachOptions {
  /** null: to the end. */
  readonly maxDepth?: number | null;
  readonly maxTwins?: number;
  /** Its part in networks of CONNECTED_TO, with the model's; by default what the twin itself declares. */
  readonly conductionOf?: (twin: Twin) => readonly Conduction[];
}

type NeedTest = (link: Link, needed: TwinNode, needing: TwinNode) => boolean;

/** @throws LinchpinError NOT_FOUND */
export function reach(
  topology: Topology,
  id: string,
  direction: ReachDirection,
  typeByName: ReadonlyMap<string, RelationshipType>,
  options: ReachOptions = {},
): Reach {
  const start = topology.node(id);
  if (!start) throw notFound('twin', id);
  const maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY;
  const maxTwins = options.maxTwins ?? LIMITS.reachTwins;
  const carriesNeed = createNeedTest(typeByName, options.conductionOf ?? ((twin) => twin.conduction));

  const seen = new Set([start]);
  const entries: ReachEntry[] = [];
  let level = [start];
  for (let distance = 1; level.length > 0; distance++) {
    const next: TwinNode[] = [];
    for (const node of level) {
      for (const neighbour of neighbours(node, direction, carriesNeed)) {
        if (seen.has(neighbour)) continue;
        if (distance > maxDepth) return { entries, complete: false, limit: `maxDepth ${maxDepth}` };
        seen.add(neighbour);
        next.push(neighbour);
      }
    }
    next.sort(compareNodes);
    for (const node of next) {
      if (entries.length === maxTwins) return { entries, complete: false, limit: `reachTwins ${maxTwins}` };
      entries.push({ node, distance });
    }
    level = next;
  }
  return { entries, complete: true, limit: null };
}

/** Twins one step on; may hold one twice. */
function neighbours(node: TwinNode, direction: ReachDirection, carriesNeed: NeedTest): TwinNode[] {
  const found: TwinNode[] = [];
  for (const link of node.outgoing)
    if (isStep(link, node, link.target, direction, carriesNeed)) found.push(link.target);
  for (const link of node.incoming)
    if (isStep(link, node, link.source, direction, carriesNeed)) found.push(link.source);
  return found;
}

function isStep(link: Link, from: TwinNode, to: TwinNode, direction: ReachDirection, carriesNeed: NeedTest): boolean {
  return direction === 'dependents' ? carriesNeed(link, from, to) : carriesNeed(link, to, from);
}

/** Tells whether by this relationship one of its ends needs the other. */
function createNeedTest(
  typeByName: ReadonlyMap<string, RelationshipType>,
  conductionOf: (twin: Twin) => readonly Conduction[],
): NeedTest {
  const roleOf = (node: TwinNode, medium: string | null): ConductionRole => {
    const conduction = conductionOf(node.twin);
    const declared =
      conduction.find((entry) => entry.medium === medium) ?? conduction.find((entry) => entry.medium === null);
    return declared?.role ?? 'CONDUCTOR';
  };
  return (link, needed, needing) => {
    const { relationship } = link;
    const type = typeByName.get(relationship.type);
    switch (type?.impact) {
      case 'SOURCE_TO_TARGET':
        return needed === link.source && (relationship.type !== 'PART_OF' || isDeclared(link));
      case 'TARGET_TO_SOURCE':
        return needed === link.target;
      case 'BOTH':
        if (type.mode !== 'SUPPLY') return true;
        if (relationship.oneWay && needed !== link.source) return false;
        return roleOf(needed, relationship.medium) !== 'CONSUMER' && roleOf(needing, relationship.medium) !== 'SOURCE';
      case 'NONE':
      case undefined:
        break;
    }
    return false;
  };
}

function isDeclared(link: Link): boolean {
  const { group, medium } = link.relationship;
  return (
    group !== null &&
    link.target.twin.requirements.some(
      (requirement) => requirement.group === group && (requirement.medium === null || requirement.medium === medium),
    )
  );
}
