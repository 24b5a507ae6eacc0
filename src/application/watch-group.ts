/** Watchers, and groups of them, of what comes and goes: of what is inside a twin, or of what somebody sees. */
import type { ChangeRecord } from '../domain/change.ts';
import type { Scope } from '../domain/principal.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';
import type { Topology } from '../topology/topology.ts';
import type { GapEvent, StateEvent, TopologyEvent, TwinEvent } from './application.ts';

/** What is watched: these twins, everything inside a twin, or (both null) everything; of that, what is seen. */
export interface Watched {
  readonly ids: readonly string[] | null;
  readonly within: string | null;
  /** null: everything is seen. */
  readonly scope: Scope | null;
}

export interface Watcher {
  onTwin?(event: TwinEvent): void;
  onState?(event: StateEvent): void;
  onTopology?(event: TopologyEvent): void;
  onGap?(event: GapEvent): void;
}

/** With who is in it now. */
export interface Group {
  readonly watchers: Set<Watcher>;
  find(): ReadonlySet<string>;
  members: ReadonlySet<string>;
  /** The twins that its watchers see; null: all. */
  look(): ReadonlySet<string> | null;
  seen: ReadonlySet<string> | null;
  /** Came and went since the last state commit; their states are told with it. */
  readonly joined: Set<string>;
  readonly left: Set<string>;
  /** Those of `left` that are not seen any more, as they were. */
  readonly lastSeen: Map<string, Twin>;
}

/** How a group changed by one record. */
export interface Move {
  readonly group: Group;
  readonly joined: ReadonlySet<string>;
  readonly left: ReadonlySet<string>;
  /** What was seen before. */
  readonly seen: ReadonlySet<string> | null;
}

export function createGroup(find: Group['find'], look: Group['look']): Group {
  return {
    watchers: new Set(),
    find,
    members: find(),
    look,
    seen: look(),
    joined: new Set(),
    left: new Set(),
    lastSeen: new Map(),
  };
}

/** Brings it up to what the record made of the topology. */
export function moveGroup(group: Group, record: ChangeRecord, topology: Topology): Move {
  const members = group.find();
  const joined = without(members, group.members);
  const left = without(group.members, members);
  const { seen } = group;
  group.members = members;
  group.seen = group.look();
  for (const id of joined) if (!group.left.delete(id)) group.joined.add(id);
  for (const id of left) {
    if (!group.joined.delete(id)) group.left.add(id);
    const twin = topology.twin(id);
    if (!twin || group.seen?.has(id) !== false) continue;
    group.lastSeen.set(id, { ...twin, ...record.twins.find((change) => change.id === id)?.before });
  }
  return { group, joined, left, seen };
}

interface RelationshipChanges {
  readonly addedRelationships: readonly Relationship[];
  readonly removedRelationships: readonly Relationship[];
}

/** What of a change of the topology concerns a group. With twins, their relationships come into sight and go out of it. */
export function partOf(
  group: Group,
  move: Move | undefined,
  { addedRelationships, removedRelationships }: RelationshipChanges,
  topology: Topology,
): Pick<TopologyEvent, 'addedTwins' | 'removedTwins' | 'addedRelationships' | 'removedRelationships'> {
  const isInside = ({ source, target }: Relationship, seen: ReadonlySet<string> | null): boolean =>
    (seen === null || (seen.has(source) && seen.has(target))) &&
    [source, target].some((id) => group.members.has(id) || move?.left.has(id));
  const came = move ? [...addedRelationships, ...linksOf(move.joined, group.seen, topology)] : addedRelationships;
  const went = move ? [...removedRelationships, ...linksOf(move.left, move.seen, topology)] : removedRelationships;
  const seenBefore = move ? move.seen : group.seen;
  return {
    addedTwins: [...(move?.joined ?? [])],
    removedTwins: [...(move?.left ?? [])],
    addedRelationships: [...new Set(came.filter((each) => isInside(each, group.seen)))],
    removedRelationships: [...new Set(went.filter((each) => isInside(each, seenBefore)).map((each) => each.id))],
  };
}

/** Nothing where everything is seen. */
function* linksOf(
  ids: ReadonlySet<string>,
  seen: ReadonlySet<string> | null,
  topology: Topology,
): Generator<Relationship> {
  if (seen === null) return;
  for (const id of ids) {
    const node = topology.node(id);
    for (const { relationship } of node ? [...node.outgoing, ...node.incoming] : []) yield relationship;
  }
}

function without(all: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...all].filter((id) => !others.has(id)));
}
