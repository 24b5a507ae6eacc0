/**
 * Brings each change to those who watch it, by keys: a twin's id, the twins that it is inside of, or everything.
 * Nobody's filter is run for changes of others.
 */
import type { ChangeRecord } from '../domain/change.ts';
import type { OperationalState } from '../domain/state.ts';
import type { StateDifference } from '../impact/types.ts';
import { containersOf, contentsOf } from '../topology/hierarchy.ts';
import { compareIds } from '../topology/order.ts';
import type { GapEvent, StateEvent, TopologyEvent, TwinEvent } from './application.ts';
import type { Memory, StateCommit } from './memory.ts';

/** What is watched: these twins, everything inside a twin, or (both null) everything. */
export interface Scope {
  readonly ids: readonly string[] | null;
  readonly within: string | null;
}

export interface Watcher {
  onTwin?(event: TwinEvent): void;
  onState?(event: StateEvent): void;
  onTopology?(event: TopologyEvent): void;
  onGap?(event: GapEvent): void;
}

const HIERARCHY_TYPES: ReadonlySet<string> = new Set(['PART_OF', 'LOCATED_IN']);

/** Watchers of what is inside one twin, with who is inside now. */
interface Group {
  readonly watchers: Set<Watcher>;
  members: Set<string>;
  /** Came and went since the last state commit; their states are told with it. */
  readonly joined: Set<string>;
  readonly left: Set<string>;
}

export class Hub {
  readonly #memory: Memory;
  readonly #byId = new Map<string, Set<Watcher>>();
  readonly #byContainer = new Map<string, Group>();
  readonly #all = new Set<Watcher>();
  readonly #created = new Set<string>();
  readonly #containersById = new Map<string, readonly string[]>();
  readonly stop: () => void;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.stop = memory.listen({
      onRecord: (record) => this.#onRecord(record),
      onStates: (commit) => this.#onStates(commit),
      onReload: (after) => this.#onReload(after),
    });
  }

  watch({ ids, within }: Scope, watcher: Watcher): () => void {
    if (ids) {
      for (const id of ids) putInto(this.#byId, id, watcher);
      return () => {
        for (const id of ids) takeFrom(this.#byId, id, watcher);
      };
    }
    if (within !== null) return this.#watchGroup(within, watcher);
    this.#all.add(watcher);
    return () => this.#all.delete(watcher);
  }

  #watchGroup(within: string, watcher: Watcher): () => void {
    let group = this.#byContainer.get(within);
    if (!group) {
      group = { watchers: new Set(), members: this.members(within), joined: new Set(), left: new Set() };
      this.#byContainer.set(within, group);
    }
    const { watchers } = group;
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#byContainer.delete(within);
    };
  }

  /** Ids of what is inside a twin now. */
  members(within: string): Set<string> {
    const node = this.#memory.topology.node(within);
    return node ? contentsOf(node) : new Set();
  }

  #containers(id: string): readonly string[] {
    let containers = this.#containersById.get(id);
    if (!containers) {
      const node = this.#memory.topology.node(id);
      containers = node ? [...containersOf(node)] : [];
      this.#containersById.set(id, containers);
    }
    return containers;
  }

  /** Watchers of one twin, each once. */
  *#watchersOf(id: string): Generator<Watcher> {
    yield* this.#byId.get(id) ?? [];
    yield* this.#all;
    if (this.#byContainer.size === 0) return;
    const met = new Set<Watcher>();
    for (const container of this.#containers(id)) {
      for (const watcher of this.#byContainer.get(container)?.watchers ?? []) {
        if (met.has(watcher)) continue;
        met.add(watcher);
        yield watcher;
      }
    }
  }

  get #isWatched(): boolean {
    return this.#all.size + this.#byId.size + this.#byContainer.size > 0;
  }

  #onRecord(record: ChangeRecord): void {
    const moves = this.#regroup(record);
    if (!this.#isWatched) return;
    for (const { id, after, before, properties } of record.twins.toSorted(byId)) {
      const event: TwinEvent = {
        kind: 'twin',
        since: record.sequence - 1,
        sequence: record.sequence,
        at: record.at,
        id,
        deleted: after === null,
        changed: properties,
      };
      for (const watcher of this.#watchersOf(id)) watcher.onTwin?.(event);
      if (before === null) this.#created.add(id);
      if (after !== null) continue;
      this.#created.delete(id);
      for (const { group, left } of moves)
        if (left.has(id)) for (const watcher of group.watchers) watcher.onTwin?.(event);
    }
    this.#tellTopology(record, moves);
  }

  /** Who came into, and went out of, each watched container by this record. */
  #regroup(record: ChangeRecord): { group: Group; joined: Set<string>; left: Set<string> }[] {
    const isHierarchyChanged =
      record.twins.some((change) => change.after === null) ||
      record.relationships.some(({ before, after }) => HIERARCHY_TYPES.has((after ?? before)?.type ?? ''));
    if (!isHierarchyChanged) return [];
    this.#containersById.clear();
    return [...this.#byContainer].map(([container, group]) => {
      const members = this.members(container);
      const joined = without(members, group.members);
      const left = without(group.members, members);
      group.members = members;
      for (const id of joined) if (!group.left.delete(id)) group.joined.add(id);
      for (const id of left) if (!group.joined.delete(id)) group.left.add(id);
      return { group, joined, left };
    });
  }

  #tellTopology(
    record: ChangeRecord,
    moves: readonly { group: Group; joined: Set<string>; left: Set<string> }[],
  ): void {
    const addedTwins = record.twins.filter((change) => change.before === null).map((change) => change.id);
    const removedTwins = record.twins.filter((change) => change.after === null).map((change) => change.id);
    const addedRelationships = record.relationships.flatMap(({ after }) => after ?? []);
    const removedRelationships = record.relationships.flatMap(({ before, after }) =>
      after === null && before ? before : [],
    );
    const head = { kind: 'topology', sequence: record.sequence, at: record.at } as const;
    if (addedTwins.length + removedTwins.length + addedRelationships.length + removedRelationships.length > 0) {
      const whole: TopologyEvent = {
        ...head,
        addedTwins,
        removedTwins,
        addedRelationships,
        removedRelationships: removedRelationships.map((r) => r.id),
      };
      for (const watcher of this.#all) watcher.onTopology?.(whole);
    }
    for (const [, group] of this.#byContainer) {
      const move = moves.find((each) => each.group === group);
      const isInside = (r: { source: string; target: string }): boolean =>
        group.members.has(r.source) ||
        group.members.has(r.target) ||
        (move?.left.has(r.source) ?? false) ||
        (move?.left.has(r.target) ?? false);
      const part: TopologyEvent = {
        ...head,
        addedTwins: [...(move?.joined ?? [])],
        removedTwins: [...(move?.left ?? [])],
        addedRelationships: addedRelationships.filter(isInside),
        removedRelationships: removedRelationships.filter(isInside).map((r) => r.id),
      };
      if (
        part.addedTwins.length +
          part.removedTwins.length +
          part.addedRelationships.length +
          part.removedRelationships.length ===
        0
      )
        continue;
      for (const watcher of group.watchers) watcher.onTopology?.(part);
    }
  }

  #onReload(after: number): void {
    this.#containersById.clear();
    const event: GapEvent = { kind: 'gap', sequence: this.#memory.sequence, missedFrom: after + 1 };
    const watchers = new Set(this.#all);
    for (const set of this.#byId.values()) for (const watcher of set) watchers.add(watcher);
    for (const [container, group] of this.#byContainer) {
      group.members = this.members(container);
      for (const watcher of group.watchers) watchers.add(watcher);
    }
    for (const watcher of watchers) watcher.onGap?.(event);
  }

  /** In order of id, so that a cursor can stand between two of them. */
  #onStates(commit: StateCommit): void {
    if (this.#isWatched) {
      const differenceById = new Map(commit.differences.map((difference) => [difference.id, difference]));
      const ids = new Set([...differenceById.keys(), ...this.#created]);
      for (const { joined, left } of this.#byContainer.values()) for (const id of [...joined, ...left]) ids.add(id);
      for (const id of [...ids].sort(compareIds)) this.#tellState(commit, id, differenceById.get(id));
    }
    for (const { joined, left } of this.#byContainer.values()) {
      joined.clear();
      left.clear();
    }
    this.#created.clear();
  }

  #tellState(commit: StateCommit, id: string, difference: StateDifference | undefined): void {
    for (const { watchers, joined, left } of this.#byContainer.values()) {
      if (joined.has(id)) this.#tellMove(commit, id, 'JOINED', difference, watchers);
      if (left.has(id)) this.#tellMove(commit, id, 'LEFT', difference, watchers);
    }
    if (this.#created.has(id)) {
      this.#tellMove(commit, id, 'JOINED', undefined, new Set([...this.#all, ...(this.#byId.get(id) ?? [])]));
    } else if (difference) this.#tellDifference(commit, difference);
  }

  #tellDifference(commit: StateCommit, { id, before, after }: StateDifference): void {
    if (before.state === after.state) return;
    let event: StateEvent | undefined;
    for (const watcher of this.#watchersOf(id)) {
      if (!watcher.onState || this.#isMoving(id, watcher)) continue;
      event ??= this.#event(commit, id, before.state, after.state, 'STAYED');
      watcher.onState(event);
    }
  }

  /** Its coming or going will be told with its state, once. */
  #isMoving(id: string, watcher: Watcher): boolean {
    for (const container of this.#containers(id)) {
      const group = this.#byContainer.get(container);
      if (group?.watchers.has(watcher) && group.joined.has(id)) return true;
    }
    return false;
  }

  #tellMove(
    commit: StateCommit,
    id: string,
    membership: 'JOINED' | 'LEFT',
    difference: StateDifference | undefined,
    watchers: ReadonlySet<Watcher>,
  ): void {
    if (watchers.size === 0 || !this.#memory.topology.twin(id)) return;
    const after = this.#memory.impact().state(id).state;
    const event = this.#event(commit, id, difference?.before.state ?? after, after, membership);
    for (const watcher of watchers) watcher.onState?.(event);
  }

  #event(
    commit: StateCommit,
    id: string,
    before: OperationalState,
    after: OperationalState,
    membership: StateEvent['membership'],
  ): StateEvent {
    return {
      kind: 'state',
      since: commit.since,
      sequence: commit.sequence,
      at: commit.at,
      id,
      before,
      after,
      causes: this.#memory.impact().causes(id, CAUSES_TOLD),
      membership,
      isSnapshot: false,
    };
  }
}

/** Causes told with an event; all of them are in the twin's status. */
const CAUSES_TOLD = 100;

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareIds(a.id, b.id);
}

function without(all: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...all].filter((id) => !others.has(id)));
}

function putInto(map: Map<string, Set<Watcher>>, key: string, watcher: Watcher): void {
  const set = map.get(key);
  if (set) set.add(watcher);
  else map.set(key, new Set([watcher]));
}

function takeFrom(map: Map<string, Set<Watcher>>, key: string, watcher: Watcher): void {
  const set = map.get(key);
  set?.delete(watcher);
  if (set?.size === 0) map.delete(key);
}
