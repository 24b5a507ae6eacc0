/**
 * Brings each change to those who watch it, by keys: a twin's id, the twins that it is inside of, or everything.
 * Nobody's filter is run for changes of others.
 */
import type { ChangeRecord } from '../domain/change.ts';
import type { OperationalState } from '../domain/state.ts';
import type { StateDifference } from '../impact/types.ts';
import type { Twin } from '../domain/twin.ts';
import { containersOf, contentsOf } from '../topology/hierarchy.ts';
import { compareIds } from '../topology/order.ts';
import type { GapEvent, StateEvent, TopologyEvent, TwinEvent } from './application.ts';
import type { Memory, StateCommit } from './memory.ts';
import { scopeKey } from './sights.ts';
import { createGroup, type Group, type Move, moveGroup, partOf, type Watched, type Watcher } from './watch-group.ts';

const HIERARCHY_TYPES: ReadonlySet<string> = new Set(['PART_OF', 'LOCATED_IN']);

export class Hub {
  readonly #memory: Memory;
  readonly #byId = new Map<string, Set<Watcher>>();
  readonly #byContainer = new Map<string, Group>();
  /** Groups of those who do not see everything, by what they watch and see; and by their members. */
  readonly #bySight = new Map<string, Group>();
  readonly #sightsById = new Map<string, Set<Group>>();
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

  watch(watched: Watched, watcher: Watcher): () => void {
    if (watched.scope) return this.#watchSight(watched, watcher);
    const { ids, within } = watched;
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
      group = createGroup(
        () => this.members(within),
        () => null,
      );
      this.#byContainer.set(within, group);
    }
    const { watchers } = group;
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#byContainer.delete(within);
    };
  }

  #watchSight(watched: Watched, watcher: Watcher): () => void {
    const { scope, ids, within } = watched;
    const key = JSON.stringify([scope && scopeKey(scope), within, ids]);
    let group = this.#bySight.get(key);
    if (!group) {
      group = createGroup(
        () => this.twinsIn(watched),
        () => scope && this.#memory.sights.of(scope).ids(),
      );
      this.#bySight.set(key, group);
      for (const id of group.members) putInto(this.#sightsById, id, group);
    }
    const { watchers } = group;
    const joinedGroup = group;
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0 || this.#bySight.get(key) !== joinedGroup) return;
      this.#bySight.delete(key);
      for (const id of joinedGroup.members) takeFrom(this.#sightsById, id, joinedGroup);
    };
  }

  *#groups(): Generator<Group> {
    yield* this.#byContainer.values();
    yield* this.#bySight.values();
  }

  /** Ids of the twins that are watched now; where everything is, of all. */
  twinsIn({ ids, within, scope }: Watched): ReadonlySet<string> {
    const seen = scope && this.#memory.sights.of(scope).ids();
    if (!ids && within === null)
      return seen ?? new Set(Array.from(this.#memory.topology.nodes(), (node) => node.twin.id));
    const all = ids ?? (seen && !seen.has(within ?? '') ? [] : this.members(within ?? ''));
    return new Set(seen ? Array.from(all).filter((id) => seen.has(id)) : all);
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
    for (const group of this.#sightsById.get(id) ?? []) yield* group.watchers;
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
    return this.#all.size + this.#byId.size + this.#byContainer.size + this.#bySight.size > 0;
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

  /** Who came into, and went out of, each group by this record. */
  #regroup(record: ChangeRecord): Move[] {
    const isHierarchyChanged =
      record.twins.some((change) => change.after === null) ||
      record.relationships.some(({ before, after }) => HIERARCHY_TYPES.has((after ?? before)?.type ?? ''));
    if (isHierarchyChanged) this.#containersById.clear();
    const moves = isHierarchyChanged
      ? Array.from(this.#byContainer.values(), (group) => this.#move(group, record))
      : [];
    // New twins, and other models, may be seen where they stand.
    const isSightChanged =
      isHierarchyChanged ||
      record.models.length > 0 ||
      record.twins.some(({ before, after }) => before === null || (after !== null && 'model' in after));
    if (isSightChanged) for (const group of this.#bySight.values()) moves.push(this.#move(group, record));
    return moves;
  }

  #move(group: Group, record: ChangeRecord): Move {
    const move = moveGroup(group, record, this.#memory.topology);
    if (group.seen) {
      for (const id of move.joined) putInto(this.#sightsById, id, group);
      for (const id of move.left) takeFrom(this.#sightsById, id, group);
    }
    return move;
  }

  #tellTopology(record: ChangeRecord, moves: readonly Move[]): void {
    const hasOtherTwins = record.twins.some(({ before, after }) => before === null || after === null);
    if (!hasOtherTwins && record.relationships.length === 0 && moves.length === 0) return;
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
    if (record.relationships.length === 0 && moves.length === 0) return;
    for (const group of this.#groups()) {
      const move = moves.find((each) => each.group === group);
      const part = {
        ...head,
        ...partOf(group, move, { addedRelationships, removedRelationships }, this.#memory.topology),
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
    for (const group of this.#groups()) {
      group.members = group.find();
      group.seen = group.look();
      for (const watcher of group.watchers) watchers.add(watcher);
    }
    this.#sightsById.clear();
    for (const group of this.#bySight.values()) for (const id of group.members) putInto(this.#sightsById, id, group);
    for (const watcher of watchers) watcher.onGap?.(event);
  }

  /** In order of id, so that a cursor can stand between two of them. */
  #onStates(commit: StateCommit): void {
    if (this.#isWatched) {
      const differenceById = new Map(commit.differences.map((difference) => [difference.id, difference]));
      const ids = new Set([...differenceById.keys(), ...this.#created]);
      for (const { joined, left } of this.#groups()) for (const id of [...joined, ...left]) ids.add(id);
      for (const id of [...ids].sort(compareIds)) this.#tellState(commit, id, differenceById.get(id));
    }
    for (const { joined, left, lastSeen } of this.#groups()) {
      joined.clear();
      left.clear();
      lastSeen.clear();
    }
    this.#created.clear();
  }

  #tellState(commit: StateCommit, id: string, difference: StateDifference | undefined): void {
    for (const { watchers, joined, left, lastSeen } of this.#groups()) {
      const seen = lastSeen.get(id);
      if (joined.has(id)) this.#tellMove(commit, id, 'JOINED', difference, watchers);
      if (left.has(id) && seen) this.#tellLastSeen(commit, seen, difference, watchers);
      else if (left.has(id)) this.#tellMove(commit, id, 'LEFT', difference, watchers);
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
    for (const group of this.#sightsById.get(id) ?? [])
      if (group.watchers.has(watcher) && group.joined.has(id)) return true;
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

  /** How it is now is not for those who do not see it any more. */
  #tellLastSeen(
    commit: StateCommit,
    lastSeen: Twin,
    difference: StateDifference | undefined,
    watchers: ReadonlySet<Watcher>,
  ): void {
    const { id } = lastSeen;
    const state = difference?.before.state ?? this.#memory.impact().state(id).state;
    const event = { ...this.#event(commit, id, state, state, 'LEFT'), causes: [], lastSeen };
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

function putInto<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function takeFrom<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
