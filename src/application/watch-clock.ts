/**
 * What time alone changes: a property goes stale, a limit's delay passes, maintenance ends. Each is a normal commit.
 *
 * A wheel of whole seconds holds what is due; a key is put in once and looked at when its second comes. If a newer
 * reading has come by then it goes to its new second, so that a reading costs nothing here.
 */
import type { ChangeRecord } from '../domain/change.ts';
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';
import { type CommitContext, commit } from './commit.ts';
import type { Draft } from './draft.ts';

const SECOND_MS = 1_000;
/** Changes in one commit: many twins can go silent at once. */
const BATCH = 1_000;

interface Due {
  readonly twin: string;
  /** null: the twin's maintenance. */
  readonly property: string | null;
}

export class ClockWatch {
  readonly #context: CommitContext;
  readonly #timers: Timers;
  readonly #log: Log;
  readonly #duesBySecond = new Map<number, Map<string, Due>>();
  readonly #secondByKey = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(context: CommitContext, timers: Timers, log: Log) {
    this.#context = context;
    this.#timers = timers;
    this.#log = log;
  }

  start(): void {
    const { memory } = this.#context;
    for (const twin of memory.monitor.twins())
      for (const property of memory.monitor.of(twin).keys()) this.#put({ twin, property });
    for (const { twin } of memory.topology.nodes())
      if (twin.maintenance?.until) this.#put({ twin: twin.id, property: null });
    this.#stopListening = memory.listen({ onRecord: (record) => this.#follow(record) });
    this.#tickLater();
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#running;
  }

  #follow(record: ChangeRecord): void {
    for (const change of record.twins) {
      for (const { name, after } of change.properties) if (after) this.#put({ twin: change.id, property: name });
      if (change.after?.maintenance?.until) this.#put({ twin: change.id, property: null });
    }
  }

  /** When a key has to be looked at; null: never. */
  #dueAt({ twin, property }: Due): number | null {
    const { memory } = this.#context;
    if (property === null) return memory.topology.twin(twin)?.maintenance?.until ?? null;
    const monitored = memory.monitor.of(twin).get(property);
    const model = memory.models.resolved(memory.topology.twin(twin)?.model ?? null)?.propertyByName.get(property);
    if (!monitored || !model || monitored.state.receivedAt === null) return null;
    const dues = [...monitored.pendingSince].map(([i, since]) => since + (model.limits[i]?.delayMs ?? 0));
    if (model.staleAfterMs !== null && !monitored.state.stale)
      dues.push(monitored.state.receivedAt + model.staleAfterMs);
    return dues.length > 0 ? Math.min(...dues) : null;
  }

  /** `earliest`: the second at which it is looked at at the earliest. */
  #put(due: Due, earliest = 0): void {
    const at = this.#dueAt(due);
    if (at === null) return;
    const second = Math.max(Math.ceil(at / SECOND_MS), earliest);
    // Ids hold no control characters, and no property has an empty name.
    const key = `${due.twin}\0${due.property ?? ''}`;
    const waits = this.#secondByKey.get(key);
    // Looked at too early, it is put back; too late would be wrong.
    if (waits !== undefined && waits <= second) return;
    if (waits !== undefined) this.#duesBySecond.get(waits)?.delete(key);
    this.#secondByKey.set(key, second);
    const dues = this.#duesBySecond.get(second) ?? new Map<string, Due>();
    this.#duesBySecond.set(second, dues.set(key, due));
  }

  #tickLater(): void {
    const now = this.#context.clock();
    this.#cancel = this.#timers.after(SECOND_MS - (now % SECOND_MS), () => {
      this.#running = this.#tick().catch((error: unknown) =>
        this.#log.warn({ error }, 'a change by time could not be written; it is tried again'),
      );
      void this.#running.then(() => {
        if (this.#cancel) this.#tickLater();
      });
    });
  }

  /** Commits one behind the other, with whatever else is to be written between them. */
  async #tick(): Promise<void> {
    const second = Math.floor(this.#context.clock() / SECOND_MS);
    for (let due = this.#take(second); due.length > 0; due = this.#take(second)) {
      try {
        await this.#change(due);
      } finally {
        for (const each of due) this.#put(each, second + 1);
      }
    }
  }

  /** Some of what is due up to a second. */
  #take(second: number): Due[] {
    const taken: Due[] = [];
    for (const [each, dues] of this.#duesBySecond) {
      if (each > second) continue;
      for (const [key, due] of dues) {
        if (taken.length === BATCH) return taken;
        dues.delete(key);
        this.#secondByKey.delete(key);
        taken.push(due);
      }
      this.#duesBySecond.delete(each);
    }
    return taken;
  }

  async #change(dues: readonly Due[]): Promise<void> {
    const now = this.#context.clock();
    const ripe = dues.filter((due) => (this.#dueAt(due) ?? Number.POSITIVE_INFINITY) <= now);
    if (ripe.length === 0) return;
    await commit(this.#context, { origin: 'clock', actor: null }, async (draft) => {
      for (const due of ripe) this.#draft(draft, due);
    });
  }

  #draft(draft: Draft, { twin: id, property }: Due): void {
    const twin = draft.twin(id);
    if (!twin) return;
    if (property === null) {
      if (twin.maintenance?.until && twin.maintenance.until <= draft.at) draft.changeTwin(id, { maintenance: null });
      return;
    }
    draft.takeMonitored(id);
    const model = draft.resolvedModel(twin.model);
    const state = draft.property(id, property);
    const staleAfterMs = model?.propertyByName.get(property)?.staleAfterMs ?? null;
    if (state && !state.stale && staleAfterMs !== null && (state.receivedAt ?? 0) + staleAfterMs <= draft.at) {
      draft.setProperty(id, property, { stale: true });
      if (twin.connectivity === 'ONLINE' && this.#isSilent(draft, id)) draft.changeTwin(id, { connectivity: 'STALE' });
    }
    draft.judge(id);
  }

  /** Every property with an expected interval that was ever reported is stale. */
  #isSilent(draft: Draft, id: string): boolean {
    const model = draft.resolvedModel(draft.twin(id)?.model ?? null);
    const expected = [...draft.properties(id)].filter(
      ([name, state]) => state.receivedAt !== null && (model?.propertyByName.get(name)?.staleAfterMs ?? null) !== null,
    );
    return expected.every(([, state]) => state.stale);
  }
}
