/**
 * The graph's structure in memory: twins (without property values) and relationships, by id and as neighbours.
 * It follows the change feed: `apply` moves it forward by a commit, `revert` back. Pure: no clock, no I/O.
 */
import { type Changes, isReport, type RelationshipChange, type Report, type TwinChange } from '../domain/change.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';
import { compareIds } from './order.ts';

/** A twin and what it is joined to. The arrays are in order of arrival. */
export interface TwinNode {
  twin: Twin;
  /** Position in `numbered`; it changes when the topology is numbered anew. */
  number: number;
  readonly outgoing: Link[];
  readonly incoming: Link[];
}

/** A relationship with its ends resolved. */
export interface Link {
  relationship: Relationship;
  readonly source: TwinNode;
  readonly target: TwinNode;
}

/** What can be asked of a topology, or of the part of it that somebody sees. */
export interface TopologyView {
  readonly twinCount: number;
  readonly relationshipCount: number;
  node(id: string): TwinNode | undefined;
  twin(id: string): Twin | undefined;
  link(id: string): Link | undefined;
  relationship(id: string): Relationship | undefined;
  nodes(): IterableIterator<TwinNode>;
  links(): IterableIterator<Link>;
}

/** Who keeps something that follows from the structure. Told after each change of it. */
export interface TopologyWatcher {
  /** CHANGED: something of the twin that needs can depend on. */
  onTwin(node: TwinNode, what: 'ADDED' | 'CHANGED' | 'REMOVED'): void;
  onLink(link: Link): void;
  /** Numbers that were told before mean nothing any more. */
  onRenumbered(): void;
}

/** Numbers of removed twins are given back together when there are more of them than this, and than twins. */
const LEAST_TO_RENUMBER = 1_024;

export class Topology implements TopologyView {
  readonly #nodeById = new Map<string, TwinNode>();
  readonly #linkById = new Map<string, Link>();
  readonly #watchers: TopologyWatcher[] = [];
  #numbered: TwinNode[] = [];
  #sortedIds: readonly string[] | undefined;

  get twinCount(): number {
    return this.#nodeById.size;
  }

  get relationshipCount(): number {
    return this.#linkById.size;
  }

  node(id: string): TwinNode | undefined {
    return this.#nodeById.get(id);
  }

  twin(id: string): Twin | undefined {
    return this.#nodeById.get(id)?.twin;
  }

  link(id: string): Link | undefined {
    return this.#linkById.get(id);
  }

  relationship(id: string): Relationship | undefined {
    return this.#linkById.get(id)?.relationship;
  }

  /** Nodes by number; some are not there any more. A list that was handed out does not change but by growing. */
  get numbered(): readonly TwinNode[] {
    return this.#numbered;
  }

  watch(watcher: TopologyWatcher): void {
    this.#watchers.push(watcher);
  }

  /** Of all twins, in their order. Kept until a twin comes or goes: every page of all twins asks for it. */
  get sortedIds(): readonly string[] {
    this.#sortedIds ??= [...this.#nodeById.keys()].sort(compareIds);
    return this.#sortedIds;
  }

  /** In order of arrival. */
  nodes(): IterableIterator<TwinNode> {
    return this.#nodeById.values();
  }

  links(): IterableIterator<Link> {
    return this.#linkById.values();
  }

  /** Moves forward by one commit. What is there already in that form stays as it is. */
  apply(changes: Changes): void {
    this.#move(changes, 'before', 'after');
  }

  /** Moves back by one commit. */
  revert(changes: Changes): void {
    this.#move(changes, 'after', 'before');
  }

  #move(changes: Changes, from: 'before' | 'after', to: 'before' | 'after'): void {
    // Twins that appear come before the relationships that join them; those that go, after.
    for (const change of changes.twins) if (change[to] !== null) this.#putTwin(change, from, to);
    for (const change of changes.relationships) this.#putRelationship(change, to);
    for (const change of changes.twins) if (change[to] === null) this.removeTwin(change.id);
  }

  #putTwin(change: TwinChange, from: 'before' | 'after', to: 'before' | 'after'): void {
    const node = this.#nodeById.get(change.id);
    if (node) this.#setTwin(node, moved(node.twin, change[to]));
    else if (change[from] === null) this.addTwin(change[to] as Twin);
  }

  #putRelationship(change: RelationshipChange, to: 'before' | 'after'): void {
    const wanted = change[to];
    if (wanted === null) {
      this.removeRelationship(change.id);
      return;
    }
    const link = this.#linkById.get(change.id);
    if (link && link.relationship.source === wanted.source && link.relationship.target === wanted.target) {
      link.relationship = wanted;
      for (const watcher of this.#watchers) watcher.onLink(link);
      return;
    }
    if (link) this.removeRelationship(change.id);
    this.addRelationship(wanted);
  }

  clear(): void {
    this.#nodeById.clear();
    this.#sortedIds = undefined;
    this.#linkById.clear();
    this.#renumber();
  }

  #renumber(): void {
    this.#numbered = [...this.#nodeById.values()];
    for (const [number, node] of this.#numbered.entries()) node.number = number;
    for (const watcher of this.#watchers) watcher.onRenumbered();
  }

  #setTwin(node: TwinNode, twin: Twin): void {
    const { conduction, requirements, model } = node.twin;
    node.twin = twin;
    if (twin.conduction === conduction && twin.requirements === requirements && twin.model === model) return;
    for (const watcher of this.#watchers) watcher.onTwin(node, 'CHANGED');
  }

  addTwin(twin: Twin): void {
    const node = this.#nodeById.get(twin.id);
    if (node) {
      this.#setTwin(node, twin);
      return;
    }
    const added: TwinNode = { twin, number: this.#numbered.length, outgoing: [], incoming: [] };
    this.#numbered.push(added);
    this.#nodeById.set(twin.id, added);
    this.#sortedIds = undefined;
    for (const watcher of this.#watchers) watcher.onTwin(added, 'ADDED');
  }

  /**
   * Leaves it out when an end is not there: a scan can meet a relationship whose twin is deleted meanwhile.
   * It is kept, with the ids of its ends as the twins have them: half a million texts need not be kept again.
   */
  addRelationship(relationship: Relationship): void {
    if (this.#linkById.has(relationship.id)) return;
    const source = this.#nodeById.get(relationship.source);
    const target = this.#nodeById.get(relationship.target);
    if (!source || !target) return;
    const ends = relationship as { source: string; target: string };
    ends.source = source.twin.id;
    ends.target = target.twin.id;
    const link: Link = { relationship, source, target };
    this.#linkById.set(relationship.id, link);
    source.outgoing.push(link);
    target.incoming.push(link);
    for (const watcher of this.#watchers) watcher.onLink(link);
  }

  removeTwin(id: string): void {
    const node = this.#nodeById.get(id);
    if (!node) return;
    // From the end, where removal costs nothing: a hub can have a hundred thousand.
    for (const link of [...node.outgoing, ...node.incoming].reverse()) this.removeRelationship(link.relationship.id);
    this.#nodeById.delete(id);
    this.#sortedIds = undefined;
    for (const watcher of this.#watchers) watcher.onTwin(node, 'REMOVED');
    const removed = this.#numbered.length - this.#nodeById.size;
    if (removed > LEAST_TO_RENUMBER && removed > this.#nodeById.size) this.#renumber();
  }

  removeRelationship(id: string): void {
    const link = this.#linkById.get(id);
    if (!link) return;
    this.#linkById.delete(id);
    remove(link.source.outgoing, link);
    remove(link.target.incoming, link);
    for (const watcher of this.#watchers) watcher.onLink(link);
  }
}

function moved(twin: Twin, side: TwinChange['after']): Twin {
  return isReport(side) ? reported(twin, side) : { ...twin, ...side };
}

/** Reports come by the million, and fields with names that are known are written many times faster than a spread. */
function reported(twin: Twin, { lastSeen, revision, updatedAt }: Report): Twin {
  const next: Required<Omit<Twin, 'source'>> = {
    id: twin.id,
    kind: twin.kind,
    name: twin.name,
    description: twin.description,
    model: twin.model,
    tags: twin.tags,
    criticality: twin.criticality,
    closed: twin.closed,
    switches: twin.switches,
    conduction: twin.conduction,
    requirements: twin.requirements,
    reportedHealth: twin.reportedHealth,
    measuredHealth: twin.measuredHealth,
    maintenance: twin.maintenance,
    connectivity: twin.connectivity,
    lastSeen,
    revision,
    createdAt: twin.createdAt,
    updatedAt,
  };
  return twin.source === undefined ? next : { ...next, source: twin.source };
}

function remove(list: Link[], link: Link): void {
  const at = list.lastIndexOf(link);
  if (at >= 0) list.splice(at, 1);
}
