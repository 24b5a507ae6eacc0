/**
 * One walk through the feed for all who missed something: a copy of memory goes back to where the first of them stands,
 * and forward again to the present. Each joins where its cursor is, hears what it missed as if it came now, and goes
 * live in the turn in which the walk stands where memory does. Pages and slices: one copy, and no long turn.
 */
import type { ChangeRecord } from '../domain/change.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { Hub } from './hub.ts';
import { inSlices } from './in-slices.ts';
import type { Memory } from './memory.ts';
import type { TwinStore } from './twin-store.ts';
import type { Watched, Watcher } from './watch-group.ts';

/** One subscriber that has missed something. */
export interface Replay {
  readonly watched: Watched;
  /** What it missed begins behind this sequence. */
  readonly after: number;
  /** Up to here some of it is told already: states are derived where that ends, so that none is told twice. */
  readonly toldUpTo: number;
  /** Whether it is told of states; where nobody is, none are derived. */
  readonly needsStates: boolean;
  /** As its cursor is reached. @throws LinchpinError NOT_FOUND where what it watches is neither there nor now */
  createWatcher(memory: Memory): Watcher;
  /** What it has not taken yet is enough; null: it is not. */
  room(): Promise<void> | null;
  /** It is waited for no longer: what it does not take is merged. */
  leaveBehind(): void;
  /** All is told up to where memory stands in this turn; null: but for what begins with this sequence. */
  goLive(missedFrom: number | null): void;
  fail(error: unknown): void;
}

export interface ReplayParts {
  readonly store: TwinStore;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Changes read at once, told by the page before: a page is some megabytes at most. */
const CHANGES_AT_ONCE = 5_000;
const FIRST_PAGE = 25;
const LARGEST_PAGE = 250;
/** A subscriber that makes no room for so long does not hold up the others. */
const PATIENCE_MS = 5_000;
/** The same for all the time that it was waited for. */
const PATIENCE_TOTAL_MS = 60_000;
/** On a large graph, changes of structure that came within this time are worked in together, as they were when they came. */
const STRUCTURE_TOGETHER_MS = 1_000;
/** After so much time spent on compiling, it takes at most half of the walk's time. */
const COMPILING_MS = 30_000;

interface Member {
  readonly leave: () => void;
  waitedMs: number;
}

export class ReplayWalk {
  readonly #parts: ReplayParts;
  readonly #controller = new AbortController();
  readonly #pendingByAfter = new Map<number, Set<Replay>>();
  readonly #members = new Map<Replay, Member>();
  /** Sequences at which states are derived. */
  readonly #stops = new Set<number>();
  /** Stands where the walk does; null while it goes back. */
  #past: Memory | null = null;
  #isOver = false;
  /** Epoch milliseconds of the first change of structure that is not worked in; null: none waits. */
  #oldSince: number | null = null;
  #compiledMs = 0;
  #nextCompileAt = 0;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /** Whether it goes along: the walk may be past its cursor. */
  take(replay: Replay): boolean {
    if (this.#isOver || (this.#past && replay.after < this.#past.sequence)) return false;
    this.#stops.add(replay.toldUpTo);
    const others = this.#pendingByAfter.get(replay.after);
    if (others) others.add(replay);
    else this.#pendingByAfter.set(replay.after, new Set([replay]));
    return true;
  }

  /** The walk ends with the last one. */
  drop(replay: Replay): void {
    this.#members.get(replay)?.leave();
    this.#members.delete(replay);
    const others = this.#pendingByAfter.get(replay.after);
    others?.delete(replay);
    if (others?.size === 0) this.#pendingByAfter.delete(replay.after);
    if (!this.#isEmpty || this.#isOver) return;
    this.#isOver = true;
    this.#controller.abort();
  }

  get #isEmpty(): boolean {
    return this.#members.size + this.#pendingByAfter.size === 0;
  }

  #all(): Replay[] {
    return [...this.#members.keys(), ...[...this.#pendingByAfter.values()].flatMap((each) => [...each])];
  }

  /** Does not throw: each is told what failed. */
  async run(): Promise<void> {
    const { store, memory } = this.#parts;
    try {
      const oldest = await store.oldest();
      await this.#lose((replay) => replay.after + 1 < oldest);
      if (this.#isEmpty) return;
      const begun = memory.sequence;
      const past = await this.#inSlices(memory.copy());
      await this.#inSlices(this.#goBack(past, begun));
      if (this.#isEmpty) return;
      await this.#inSlices(this.#goForward(past, new Hub(past)));
    } catch (error) {
      const all = this.#all();
      this.#isOver = true;
      for (const each of all) each.fail(error);
    } finally {
      this.#isOver = true;
    }
  }

  #inSlices<T>(steps: Iterator<unknown, T, void> | AsyncIterator<unknown, T, void>): Promise<T> {
    const { clock, timers } = this.#parts;
    return inSlices(steps, { clock, timers, signal: this.#controller.signal });
  }

  /** To the first of those who wait, and to before the first step of the copy, so that it is whole. */
  async *#goBack(past: Memory, begun: number): AsyncGenerator<void, void> {
    let size = FIRST_PAGE;
    for (;;) {
      const target = Math.min(begun, ...this.#pendingByAfter.keys());
      if (past.sequence <= target) break;
      const from = Math.max(target + 1, past.sequence - size + 1);
      const records = await this.#parts.store.changesAfter(from - 1, past.sequence - from + 1);
      if (records[0]?.sequence !== from || records.at(-1)?.sequence !== past.sequence) {
        const reached = past.sequence > begun ? Number.POSITIVE_INFINITY : past.sequence;
        await this.#lose(({ after }) => after < reached);
        if (this.#isEmpty) return;
        continue;
      }
      for (const record of records.toReversed()) {
        past.revert(record);
        yield;
      }
      size = nextSize(records);
    }
    this.#past = past;
  }

  async *#goForward(past: Memory, hub: Hub): AsyncGenerator<void, void> {
    const { store, memory } = this.#parts;
    let size = FIRST_PAGE;
    for (;;) {
      const limit = Math.min(size, memory.sequence - past.sequence);
      if (limit === 0) {
        if (await this.#arrive(past, hub)) return;
        continue;
      }
      const records = await store.changesAfter(past.sequence, limit);
      if (records[0]?.sequence !== past.sequence + 1) {
        await this.#lose(() => true);
        if (this.#isEmpty) return;
        continue;
      }
      for (const record of records) {
        await this.#prepare(past, hub, record);
        past.apply(record);
        if (!past.isSettled) this.#oldSince ??= record.at;
        yield;
        await this.#waitForAll();
      }
      size = nextSize(records);
    }
  }

  /** States are told, and those who begin here have joined, before the record comes. */
  async #prepare(past: Memory, hub: Hub, { at }: ChangeRecord): Promise<void> {
    const isDue =
      past.isSmall ||
      this.#stops.has(past.sequence) ||
      (this.#oldSince !== null &&
        at - this.#oldSince >= STRUCTURE_TOGETHER_MS &&
        (this.#compiledMs < COMPILING_MS || this.#parts.clock() >= this.#nextCompileAt));
    if (isDue && this.#needsStates) await this.#settle(past);
    await this.#enter(past, hub);
  }

  get #needsStates(): boolean {
    for (const { needsStates } of this.#members.keys()) if (needsStates) return true;
    return false;
  }

  async #settle(past: Memory): Promise<void> {
    if (past.isSettled) return;
    const start = this.#parts.clock();
    await whenSettled(past);
    const end = this.#parts.clock();
    this.#oldSince = null;
    this.#compiledMs += end - start;
    this.#nextCompileAt = end + (end - start);
  }

  /** Those who begin where the walk stands. Who comes while states are derived joins in the next round. */
  async #enter(past: Memory, hub: Hub): Promise<void> {
    for (;;) {
      const entering = this.#pendingByAfter.get(past.sequence);
      if (!entering) return;
      if (!past.isSettled && Array.from(entering).some(({ needsStates }) => needsStates)) {
        await this.#settle(past);
        continue;
      }
      this.#pendingByAfter.delete(past.sequence);
      for (const replay of entering) this.#join(replay, past, hub);
    }
  }

  #join(replay: Replay, past: Memory, hub: Hub): void {
    try {
      this.#members.set(replay, { leave: hub.watch(replay.watched, replay.createWatcher(past)), waitedMs: 0 });
    } catch (error) {
      replay.fail(error);
    }
  }

  /** Where memory stands all go live in one turn; false: it has gone on meanwhile. */
  async #arrive(past: Memory, hub: Hub): Promise<boolean> {
    const { memory } = this.#parts;
    await this.#enter(past, hub);
    if (this.#needsStates) {
      await this.#settle(past);
      await whenSettled(memory);
    }
    if (past.sequence !== memory.sequence || this.#pendingByAfter.size > 0) return false;
    this.#isOver = true;
    hub.stop();
    for (const replay of this.#members.keys()) goLive(replay, null);
    return true;
  }

  /** What they missed is not kept any more. */
  async #lose(isLost: (replay: Replay) => boolean): Promise<void> {
    const lost = this.#all().filter(isLost);
    if (lost.length === 0) return;
    if (lost.some(({ needsStates }) => needsStates)) await whenSettled(this.#parts.memory);
    for (const replay of lost) {
      const reached = this.#members.has(replay) ? (this.#past?.sequence ?? replay.after) : replay.after;
      this.drop(replay);
      goLive(replay, reached + 1);
    }
  }

  async #waitForAll(): Promise<void> {
    for (const [replay, member] of this.#members) {
      const room = replay.room();
      if (room) await this.#waitFor(replay, member, room);
    }
  }

  async #waitFor(replay: Replay, member: Member, room: Promise<void>): Promise<void> {
    const { clock, timers } = this.#parts;
    const start = clock();
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      const patience = Math.min(PATIENCE_MS, PATIENCE_TOTAL_MS - member.waitedMs);
      cancel = timers.after(patience, () => {
        replay.leaveBehind();
        resolve();
      });
    });
    await Promise.race([room, late]);
    cancel();
    member.waitedMs += clock() - start;
  }
}

function goLive(replay: Replay, missedFrom: number | null): void {
  try {
    replay.goLive(missedFrom);
  } catch (error) {
    replay.fail(error);
  }
}

async function whenSettled(memory: Memory): Promise<void> {
  for (let settling = memory.settled(); settling; settling = memory.settled()) await settling;
}

function nextSize(records: readonly ChangeRecord[]): number {
  const changes = records.reduce((sum, each) => sum + each.twins.length + each.relationships.length, 1);
  return Math.max(1, Math.min(LARGEST_PAGE, Math.floor((CHANGES_AT_ONCE * records.length) / changes)));
}
