/**
 * The topology as somebody sees it who does not see all twins: the others are not there, and no relationship with them.
 * Whatever walks over it (hierarchies, paths, searches) therefore needs no filter of its own. Nodes and links are made
 * when they are come to, and stay the same ones as long as this view is used.
 */
import type { Relationship } from '../domain/relationship.ts';
import type { Scope } from '../domain/principal.ts';
import type { Twin } from '../domain/twin.ts';
import { contentsOf } from './hierarchy.ts';
import type { Link, TopologyView, TwinNode } from './topology.ts';

/** Ids of the twins in a scope. `isA`: whether a model is the other, or extends it. */
export function twinsInScope(
  topology: TopologyView,
  { within, models }: Scope,
  isA: (model: string, other: string) => boolean,
): Set<string> {
  const fitsByModel = new Map<string | null, boolean>();
  const fits = ({ model }: Twin): boolean => {
    let isFit = fitsByModel.get(model);
    if (isFit === undefined) {
      isFit = models === null || (model !== null && models.some((other) => isA(model, other)));
      fitsByModel.set(model, isFit);
    }
    return isFit;
  };
  const ids = new Set<string>();
  const add = (node: TwinNode | undefined): void => {
    if (node && fits(node.twin)) ids.add(node.twin.id);
  };
  if (within === null) for (const node of topology.nodes()) add(node);
  for (const id of within ?? []) {
    const root = topology.node(id);
    add(root);
    for (const inside of root ? contentsOf(root) : []) add(topology.node(inside));
  }
  return ids;
}

export class SeenTopology implements TopologyView {
  readonly #whole: TopologyView;
  readonly #seen: () => ReadonlySet<string>;
  readonly #nodes = new Map<TwinNode, TwinNode>();
  readonly #links = new Map<Link, Link>();

  /** @param seen the ids that are seen now */
  constructor(whole: TopologyView, seen: () => ReadonlySet<string>) {
    this.#whole = whole;
    this.#seen = seen;
  }

  get twinCount(): number {
    return this.#seen().size;
  }

  get relationshipCount(): number {
    let count = 0;
    for (const _ of this.links()) count += 1;
    return count;
  }

  node(id: string): TwinNode | undefined {
    const node = this.#seen().has(id) ? this.#whole.node(id) : undefined;
    return node && this.#nodeOf(node);
  }

  twin(id: string): Twin | undefined {
    return this.#seen().has(id) ? this.#whole.twin(id) : undefined;
  }

  link(id: string): Link | undefined {
    const link = this.#whole.link(id);
    return link && this.#isSeen(link) ? this.#linkOf(link) : undefined;
  }

  relationship(id: string): Relationship | undefined {
    return this.link(id)?.relationship;
  }

  *nodes(): Generator<TwinNode> {
    for (const id of this.#seen()) {
      const node = this.node(id);
      if (node) yield node;
    }
  }

  *links(): Generator<Link> {
    for (const { outgoing } of this.nodes()) yield* outgoing;
  }

  /** Those of a node that lead to twins that are seen. */
  seenLinks(links: readonly Link[]): Link[] {
    return links.filter((link) => this.#isSeen(link)).map((link) => this.#linkOf(link));
  }

  #isSeen({ source, target }: Link): boolean {
    const seen = this.#seen();
    return seen.has(source.twin.id) && seen.has(target.twin.id);
  }

  #nodeOf(node: TwinNode): TwinNode {
    let seen = this.#nodes.get(node);
    if (!seen) {
      seen = new SeenNode(node, this);
      this.#nodes.set(node, seen);
    }
    return seen;
  }

  #linkOf(link: Link): Link {
    let seen = this.#links.get(link);
    if (!seen) {
      seen = new SeenLink(link, this.#nodeOf(link.source), this.#nodeOf(link.target));
      this.#links.set(link, seen);
    }
    return seen;
  }
}

/** Follows its node as the topology goes on. */
class SeenNode implements TwinNode {
  readonly #node: TwinNode;
  readonly #view: SeenTopology;

  constructor(node: TwinNode, view: SeenTopology) {
    this.#node = node;
    this.#view = view;
  }

  get twin(): Twin {
    return this.#node.twin;
  }

  get number(): number {
    return this.#node.number;
  }

  get outgoing(): Link[] {
    return this.#view.seenLinks(this.#node.outgoing);
  }

  get incoming(): Link[] {
    return this.#view.seenLinks(this.#node.incoming);
  }
}

class SeenLink implements Link {
  readonly #link: Link;
  readonly source: TwinNode;
  readonly target: TwinNode;

  constructor(link: Link, source: TwinNode, target: TwinNode) {
    this.#link = link;
    this.source = source;
    this.target = target;
  }

  get relationship(): Relationship {
    return this.#link.relationship;
  }
}
