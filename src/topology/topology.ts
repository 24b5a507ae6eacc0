/**
 * The graph's structure in memory: twins (without property values) and relationships, by id and as neighbours.
 * It follows the change feed: `apply` moves it forward by a commit, `revert` back. Pure: no clock, no I/O.
 */
import type { Changes, RelationshipChange, TwinChange } from '../domain/change.ts';
import type { Relationship } from '../domain/relationship.ts';
import type { Twin } from '../domain/twin.ts';

/** A twin and what it is joined to. The arrays are in order of arrival. */
export interface TwinNode {
  twin: Twin;
  readonly outgoing: Link[];
  readonly incoming: Link[];
}

/** A relationship with its ends resolved. */
export interface Link {
  relationship: Relationship;
  readonly source: TwinNode;
  readonly target: TwinNode;
}

export class Topology {
  readonly #nodeById = new Map<string, TwinNode>();
  readonly #linkById = new Map<string, Link>();

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
    if (node) node.twin = { ...node.twin, ...change[to] };
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
      return;
    }
    if (link) this.removeRelationship(change.id);
    this.addRelationship(wanted);
  }

  clear(): void {
    this.#nodeById.clear();
    this.#linkById.clear();
  }

  addTwin(twin: Twin): void {
    const node = this.#nodeById.get(twin.id);
    if (node) node.twin = twin;
    else this.#nodeById.set(twin.id, { twin, outgoing: [], incoming: [] });
  }

  /** Leaves it out when an end is not there: a scan can meet a relationship whose twin is deleted meanwhile. */
  addRelationship(relationship: Relationship): void {
    if (this.#linkById.has(relationship.id)) return;
    const source = this.#nodeById.get(relationship.source);
    const target = this.#nodeById.get(relationship.target);
    if (!source || !target) return;
    const link: Link = { relationship, source, target };
    this.#linkById.set(relationship.id, link);
    source.outgoing.push(link);
    target.incoming.push(link);
  }

  removeTwin(id: string): void {
    const node = this.#nodeById.get(id);
    if (!node) return;
    // From the end, where removal costs nothing: a hub can have a hundred thousand.
    for (const link of [...node.outgoing, ...node.incoming].reverse()) this.removeRelationship(link.relationship.id);
    this.#nodeById.delete(id);
  }

  removeRelationship(id: string): void {
    const link = this.#linkById.get(id);
    if (!link) return;
    this.#linkById.delete(id);
    remove(link.source.outgoing, link);
    remove(link.target.incoming, link);
  }
}

function remove(list: Link[], link: Link): void {
  const at = list.lastIndexOf(link);
  if (at >= 0) list.splice(at, 1);
}
