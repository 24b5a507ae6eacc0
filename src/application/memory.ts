/**
 * Everything that this process keeps of the graph: structure, models, monitored states, derived states.
 * `apply` moves all of it by one commit of the feed, in order; whoever listens hears of it afterwards.
 */
import type { ChangeRecord } from '../domain/change.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import type { Steps } from '../impact/steps.ts';
import type { StateDifference } from '../impact/types.ts';
import type { NeedRules } from '../topology/need-rules.ts';
import { ReachIndex } from '../topology/reach.ts';
import { Topology } from '../topology/topology.ts';
import { Gate } from './gate.ts';
import { inSlices, type SliceOptions } from './in-slices.ts';
import { LiveState } from './live-state.ts';
import { ModelRegistry } from './model-registry.ts';
import { isMonitored, Monitor } from './monitor.ts';
import { PropertyCache } from './property-cache.ts';
import { Sights } from './sights.ts';
import { StateSince } from './state-since.ts';
import type { TwinStore } from './twin-store.ts';

/** State differences as of a position of the feed. */
export interface StateCommit {
  /** Sequence of the state commit before. */
  readonly since: number;
  readonly sequence: number;
  readonly at: number;
  readonly differences: readonly StateDifference[];
}

export interface MemoryListener {
  /** A commit, when memory holds it. */
  onRecord?(record: ChangeRecord): void;
  onStates?(commit: StateCommit): void;
  /** Memory was built anew: what came behind `after` was not heard record by record. */
  onReload?(after: number): void;
}

/** Structure changes wait this long for more of them before the model is compiled anew, unless somebody asks. */
const SETTLE_AFTER_MS = 20;
/** Part of the time that compiling may take at most: on large graphs it waits longer. */
const SETTLE_SHARE = 4;
/** Up to here compiling takes a few milliseconds. */
const MOST_TWINS_AT_ONCE = 1_000;
/** Compilations that changes of structure overtake before one is done at once: answers do not wait for ever. */
const MOST_ATTEMPTS = 3;

interface SettleOptions {
  /** Graphs up to this size are compiled at once. */
  readonly mostTwinsAtOnce?: number;
  readonly slices?: SliceOptions;
}

export class Memory {
  readonly topology = new Topology();
  readonly models = new ModelRegistry();
  readonly monitor = new Monitor();
  readonly properties = new PropertyCache((id) => this.topology.twin(id)?.revision);
  readonly needRules: NeedRules = {
    typeOf: (name) => this.models.typeByName.get(name),
    conductionOf: (twin) => this.models.conductionOf(twin),
  };
  readonly reachIndex = new ReachIndex(this.topology, this.needRules);
  readonly sights = new Sights(this.topology, this.models);
  /** What-ifs of many steps pass here: each has a copy of the state, and its rows, in memory. */
  readonly largeScenarios = new Gate(LARGE_SCENARIOS_AT_ONCE);
  readonly #live: LiveState;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #listeners = new Set<MemoryListener>();
  #since = new StateSince();
  #sequence = 0;
  #settledSequence = 0;
  #lastAt = 0;
  #loadedAt = 0;
  /** Odd while it is built anew. */
  #loads = 0;
  #cancelSettle: (() => void) | undefined;
  #settleDelayMs = SETTLE_AFTER_MS;
  #settling: Promise<void> | undefined;
  readonly #mostTwinsAtOnce: number;
  readonly #slices: SliceOptions;

  constructor(
    clock: Clock,
    timers: Timers,
    { mostTwinsAtOnce = MOST_TWINS_AT_ONCE, slices = { clock, timers } }: SettleOptions = {},
  ) {
    this.#mostTwinsAtOnce = mostTwinsAtOnce;
    this.#slices = slices;
    this.#clock = clock;
    this.#timers = timers;
    this.#live = new LiveState(this.topology, this.models);
  }

  /** Sequence of the last commit that memory holds. */
  get sequence(): number {
    return this.#sequence;
  }

  /** No change of structure waits to be worked in. */
  get isSettled(): boolean {
    return !this.#live.isOld;
  }

  /** Compiling takes a few milliseconds. */
  get isSmall(): boolean {
    return this.topology.twinCount <= this.#mostTwinsAtOnce;
  }

  listen(listener: MemoryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Long work, in slices between other work. @throws LinchpinError TIMEOUT by the signal */
  inSlices<T>(steps: Steps<T>, signal?: AbortSignal, options: Pick<SliceOptions, 'hasBegun'> = {}): Promise<T> {
    return inSlices(steps, { ...this.#slices, ...options, signal });
  }

  /** The compiled impact model, up to date with `sequence`. */
  impact(): ReturnType<LiveState['current']> {
    this.settle();
    return this.#live.current();
  }

  /** Epoch milliseconds since when a twin's state holds; never earlier than what this process has followed. */
  stateSince(id: string): number {
    return this.#since.of(id) ?? Math.max(this.#loadedAt, this.topology.twin(id)?.createdAt ?? 0);
  }

  /** Takes the next commit of the feed; one that it holds already is left out. */
  apply(record: ChangeRecord): void {
    if (record.sequence <= this.#sequence) return;
    if (record.sequence !== this.#sequence + 1)
      throw new Error(`the feed goes from ${this.#sequence} to ${record.sequence}`);
    this.#sequence = record.sequence;
    this.#lastAt = record.at;
    this.#take(record);
    const differences = this.#live.apply(record);
    for (const change of record.twins)
      if (change.after === null) this.#since.put(change.id, undefined, record.sequence);
    for (const listener of this.#listeners) listener.onRecord?.(record);
    if (differences === null) this.#settleSoon();
    else this.#publish(differences);
  }

  #take(record: ChangeRecord): void {
    this.models.apply(record);
    if (record.models.length > 0) {
      this.reachIndex.forgetRules();
      this.sights.forget();
    }
    this.topology.apply(record);
    this.properties.apply(record);
    this.monitor.apply(record, (id) => this.models.resolved(this.topology.twin(id)?.model ?? null));
  }

  /**
   * Works in changes of structure that wait, in slices between other work where the graph is large. null: none wait.
   * Whoever cannot wait calls settle(), or impact().
   */
  settled(): Promise<void> | null {
    if (this.isSettled) return null;
    if (this.isSmall) {
      this.settle();
      return null;
    }
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
    this.#settling ??= this.#settleInSlices().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settleInSlices(): Promise<void> {
    const start = this.#clock();
    for (let attempt = 0; attempt < MOST_ATTEMPTS && this.#live.isOld; attempt += 1) {
      if (!(await inSlices(this.#settleInSteps(), this.#slices))) continue;
      this.#settleDelayMs = Math.max(SETTLE_AFTER_MS, SETTLE_SHARE * (this.#clock() - start));
      return;
    }
    // Changes come faster than that, or somebody could not wait.
    this.settle();
  }

  /** Differences are told in the step that brings them: no other commit comes between. False: overtaken. */
  *#settleInSteps(): Steps<boolean> {
    const differences = yield* this.#live.settleInSteps();
    if (differences !== null) this.#publish(differences);
    return differences !== null;
  }

  /** Works in changes of structure that wait, at once. */
  settle(): void {
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
    if (!this.#live.isOld) return;
    const start = this.#clock();
    const differences = this.#live.settle();
    this.#settleDelayMs = Math.max(SETTLE_AFTER_MS, SETTLE_SHARE * (this.#clock() - start));
    this.#publish(differences);
  }

  #settleSoon(): void {
    this.#cancelSettle ??= this.#timers.after(this.#settleDelayMs, () => void this.settled());
  }

  #publish(differences: readonly StateDifference[]): void {
    for (const { id } of differences) this.#since.put(id, this.#lastAt, this.#sequence);
    const commit = { since: this.#settledSequence, sequence: this.#sequence, at: this.#lastAt, differences };
    this.#settledSequence = this.#sequence;
    for (const listener of this.#listeners) listener.onStates?.(commit);
  }

  /**
   * Builds everything from the graph. Commits that come meanwhile may or may not be in the scans, so the records
   * from the start of the scan on are applied over them: they hold whole values, and twice is as good as once.
   */
  async load(store: TwinStore): Promise<void> {
    await this.read(store);
    await this.derive(store);
  }

  /** The first part of load(): the structure. States are as good as unknown until derive(). */
  async read(store: TwinStore): Promise<void> {
    const from = await store.head();
    this.models.load(await store.models());
    this.reachIndex.forgetRules();
    this.sights.forget();
    for await (const twins of store.scanTwins()) for (const twin of twins) this.topology.addTwin(twin);
    await this.#loadRelationships(store);
    this.#sequence = from;
    for (
      let page = await store.changesAfter(from, CATCH_UP_RECORDS);
      page.length > 0;
      page = await store.changesAfter(this.#sequence, CATCH_UP_RECORDS)
    ) {
      for (const record of page) {
        this.#take(record);
        this.#sequence = record.sequence;
      }
    }
    this.#loadedAt = this.#clock();
    this.#lastAt = this.#loadedAt;
  }

  /** The second part of load(): compiles the model and derives all states, while the graph looks for monitored values. */
  async derive(store: TwinStore): Promise<void> {
    this.#live.markOld();
    await Promise.all([this.#loadMonitored(store), this.settled()]);
  }

  /** Builds everything anew: the feed no longer holds the records that would lead on from here. */
  async reload(store: TwinStore): Promise<void> {
    const after = this.#sequence;
    this.#loads += 1;
    this.settle();
    this.topology.clear();
    this.properties.clear();
    this.monitor.clear();
    this.#since = new StateSince();
    await this.load(store);
    this.#loads += 1;
    for (const listener of this.#listeners) listener.onReload?.(after);
  }

  /**
   * A second memory that stands where this one does; it has no timers, and monitored states are not part of it.
   * In steps: whatever this memory takes between them may or may not be in the copy, until revert() has
   * been given all records from the answer's sequence back to before the first step: they hold whole values.
   * @throws LinchpinError STORE_UNAVAILABLE when this memory is built anew meanwhile
   */
  *copy(): Generator<void, Memory> {
    const loads = this.#loads;
    const slices = this.#slices;
    const past = new Memory(this.#clock, NO_TIMERS, { slices, mostTwinsAtOnce: this.#mostTwinsAtOnce });
    past.models.load(this.models.modelById.values());
    let copied = 0;
    for (const { twin } of this.topology.nodes()) {
      past.topology.addTwin(twin);
      if (++copied % COPIED_AT_ONCE === 0) yield;
    }
    for (const { relationship } of this.topology.links()) {
      past.topology.addRelationship(relationship);
      if (++copied % COPIED_AT_ONCE === 0) yield;
    }
    if (loads !== this.#loads || loads % 2 === 1)
      throw new LinchpinError('STORE_UNAVAILABLE', 'memory was built anew meanwhile: ask again');
    past.#since = this.#since.copy();
    past.#sequence = this.#sequence;
    past.#loadedAt = this.#loadedAt;
    past.#live.markOld();
    return past;
  }

  /** Takes the last commit back. */
  revert(record: ChangeRecord): void {
    this.topology.revert(record);
    this.models.revert(record);
    if (record.models.length > 0) this.reachIndex.forgetRules();
    this.#sequence = record.sequence - 1;
    this.#since.revertTo(this.#sequence);
    this.#live.markOld();
  }

  async #loadRelationships(store: TwinStore): Promise<void> {
    const sources = Array.from(this.topology.nodes(), ({ twin }) => twin.id);
    for await (const page of store.scanRelationships(sources))
      for (const relationship of page) this.topology.addRelationship(relationship);
  }

  async #loadMonitored(store: TwinStore): Promise<void> {
    const idsByModel = new Map<string, string[]>();
    for (const { twin } of this.topology.nodes()) {
      if (twin.model === null) continue;
      const ids = idsByModel.get(twin.model);
      if (ids) ids.push(twin.id);
      else idsByModel.set(twin.model, [twin.id]);
    }
    for (const [modelId, ids] of idsByModel) {
      const model = this.models.resolved(modelId);
      const names = [...(model?.propertyByName.values() ?? [])].filter(isMonitored).map((property) => property.name);
      if (names.length === 0) continue;
      for (let start = 0; start < ids.length; start += MONITORED_PAGE) {
        const states = await store.presentProperties(ids.slice(start, start + MONITORED_PAGE), names);
        for (const [id, byName] of states) {
          for (const [name, state] of byName) {
            const property = model?.propertyByName.get(name);
            if (property) this.monitor.put(id, name, state, property);
          }
        }
      }
    }
  }
}

/** More would be no quicker: there is one thread for all of them. */
const LARGE_SCENARIOS_AT_ONCE = 2;
/** Twins or relationships copied in one step: some tenths of a millisecond. */
const COPIED_AT_ONCE = 500;
const NO_TIMERS: Timers = { after: () => () => {} };
/** Records read at once while catching up. */
const CATCH_UP_RECORDS = 1_000;
/** Twins whose monitored properties are read by one statement at start. */
const MONITORED_PAGE = 5_000;
