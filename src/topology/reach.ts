/**
 * What a twin needs and what needs it, directly and through others: reach, not impact. A step goes over a relationship
 * where an outage could travel (need-rules.ts). Walked over flat lists, which follow the topology as it changes.
 */
import { notFound } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { NeedLists } from './need-lists.ts';
import { carriesNeed, type NeedRules } from './need-rules.ts';
import { Places } from './places.ts';
import type { Link, Topology, TwinNode } from './topology.ts';

export type ReachDirection = 'dependencies' | 'dependents';

export interface ReachEntry {
  readonly node: TwinNode;
  /** Relationships from the start; at least 1. */
  readonly distance: number;
}

export interface ReachOptions {
  /** null: to the end. */
  readonly maxDepth?: number | null;
  readonly maxTwins?: number;
}

/** What a walk found, nearest first, then by id; without the start. It stays as it is when the topology goes on. */
export class Reach {
  /** Whether there is nothing behind what is listed. */
  readonly complete: boolean;
  /** The limit that cut the walk; null when complete. */
  readonly limit: string | null;
  readonly #numbers: Int32Array;
  readonly #nodes: readonly TwinNode[];
  /** Ends of the levels: those of distance d + 1 come before levelEnds[d]. */
  readonly #levelEnds: readonly number[];

  constructor(numbers: Int32Array, nodes: readonly TwinNode[], levelEnds: readonly number[], limit: string | null) {
    this.#numbers = numbers;
    this.#nodes = nodes;
    this.#levelEnds = levelEnds;
    this.limit = limit;
    this.complete = limit === null;
  }

  get length(): number {
    return this.#numbers.length;
  }

  at(index: number): ReachEntry | undefined {
    if (index >= this.length) return undefined;
    const node = this.#nodes[this.#numbers[index] as number] as TwinNode;
    return { node, distance: this.#levelEnds.findIndex((end) => index < end) + 1 };
  }

  slice(from: number, to: number): ReachEntry[] {
    const nodes = this.#nodes;
    const numbers = this.#numbers;
    const entries: ReachEntry[] = [];
    let index = from;
    for (let level = 0; level < this.#levelEnds.length; level += 1) {
      const distance = level + 1;
      const end = Math.min(to, this.#levelEnds[level] as number);
      for (; index < end; index += 1) entries.push({ node: nodes[numbers[index] as number] as TwinNode, distance });
    }
    return entries;
  }

  get entries(): ReachEntry[] {
    return this.slice(0, this.length);
  }
}

/** Answers reach over one topology, whose changes it follows. */
export class ReachIndex {
  readonly #topology: Topology;
  readonly #lists: Record<ReachDirection, NeedLists>;
  readonly #places = new Places();
  #seen = new Int32Array(0);
  #queue = new Int32Array(0);
  #mark = 0;

  constructor(topology: Topology, rules: NeedRules) {
    this.#topology = topology;
    this.#lists = {
      dependents: new NeedLists((number, list) => {
        stepsFrom(topology.numbered[number] as TwinNode, list, (link, from, to) => carriesNeed(rules, link, from, to));
      }),
      dependencies: new NeedLists((number, list) => {
        stepsFrom(topology.numbered[number] as TwinNode, list, (link, from, to) => carriesNeed(rules, link, to, from));
      }),
    };
    for (const node of topology.nodes()) this.#places.add(node);
    topology.watch({
      onTwin: (node, what) => this.#followTwin(node, what),
      onLink: ({ source, target }) => {
        this.#forget(source);
        this.#forget(target);
      },
      onRenumbered: () => this.#begin(),
    });
  }

  /** Types, or what models say of their twins, are not what they were. */
  forgetRules(): void {
    for (const lists of Object.values(this.#lists)) lists.forgetAll();
  }

  /** @throws LinchpinError NOT_FOUND */
  reach(id: string, direction: ReachDirection, options: ReachOptions = {}): Reach {
    const start = this.#topology.node(id);
    if (!start) throw notFound('twin', id);
    this.#makeReady();
    const maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY;
    const maxTwins = options.maxTwins ?? LIMITS.reachTwins;
    const queue = this.#queue;
    queue[0] = start.number;
    this.#seen[start.number] = this.#mark;
    const levelEnds: number[] = [];
    let limit: string | null = null;
    let count = 1;
    for (let from = 0; limit === null; ) {
      const to = this.#lists[direction].step(queue, { from, to: count }, this.#seen, this.#mark);
      if (to === count) break;
      if (levelEnds.length >= maxDepth) limit = `maxDepth ${maxDepth}`;
      else {
        this.#places.sort(queue, count, to);
        if (to - 1 > maxTwins) limit = `reachTwins ${maxTwins}`;
        from = count;
        count = Math.min(to, maxTwins + 1);
        levelEnds.push(count - 1);
      }
    }
    return new Reach(queue.slice(1, count), this.#topology.numbered, levelEnds, limit);
  }

  #makeReady(): void {
    const count = this.#topology.numbered.length;
    if (this.#seen.length < count) {
      this.#seen = new Int32Array(2 * count);
      this.#queue = new Int32Array(2 * count);
      this.#mark = 0;
    }
    if (this.#mark === MOST_MARKS) this.#seen.fill((this.#mark = 0));
    this.#mark += 1;
    this.#lists.dependents.reserve(count);
    this.#lists.dependencies.reserve(count);
    this.#places.refresh(count, (node) => this.#topology.numbered[node.number] === node && this.#isThere(node));
  }

  #isThere(node: TwinNode): boolean {
    return this.#topology.node(node.twin.id) === node;
  }

  #followTwin(node: TwinNode, what: 'ADDED' | 'CHANGED' | 'REMOVED'): void {
    if (what === 'ADDED') this.#places.add(node);
    else if (what === 'REMOVED') this.#places.remove();
    else {
      // Its part in networks, and its requirements, say what its neighbours need, too.
      this.#forget(node);
      for (const { target } of node.outgoing) this.#forget(target);
      for (const { source } of node.incoming) this.#forget(source);
    }
  }

  #forget({ number }: TwinNode): void {
    for (const lists of Object.values(this.#lists)) lists.forget(number);
  }

  #begin(): void {
    this.forgetRules();
    this.#places.clear();
    for (const node of this.#topology.nodes()) this.#places.add(node);
  }
}

const MOST_MARKS = 2_147_483_647;

/** Twins one step on, by number. */
function stepsFrom(
  node: TwinNode,
  list: number[],
  isStep: (link: Link, from: TwinNode, to: TwinNode) => boolean,
): void {
  for (const link of node.outgoing) if (isStep(link, node, link.target)) list.push(link.target.number);
  for (const link of node.incoming) if (isStep(link, node, link.source)) list.push(link.source.number);
}
