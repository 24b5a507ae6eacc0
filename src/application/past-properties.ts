/**
 * Property states as they were: those of now, which the graph holds, under the oldest states that the records since
 * then replaced. It goes on following the feed when it is asked, because what the graph holds goes on too.
 */
import type { ChangeRecord } from '../domain/change.ts';
import { LinchpinError, retentionPassed } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { PropertyState } from '../domain/property.ts';
import { meetsCondition } from './meets-condition.ts';
import type { PropertiesByTwin, PropertyCondition, TwinStore } from './twin-store.ts';

/** Records read at once: one of a large import is some megabytes. */
const RECORDS_AT_ONCE = 25;

/** What reading needs of properties; the store answers it for now. */
export interface PropertySource extends Pick<TwinStore, 'properties' | 'twinsWhere'> {
  /** See Application.knownProperty; absent: nothing is held. */
  readonly known?: (id: string, name: string) => PropertyState | null | undefined;
}

export class PastProperties implements PropertySource {
  readonly #store: TwinStore;
  /** Sequence of the last record that is worked in. */
  #until: number;
  /** Only what changed since then. null: was not there. */
  readonly #stateByNameByTwin = new Map<string, Map<string, PropertyState | null>>();
  /** Twins that were deleted since: what the graph says now does not count for them at all. */
  readonly #deleted = new Set<string>();
  #count = 0;

  /** `until`: sequence of the first record that revert() will be given. */
  constructor(store: TwinStore, until: number) {
    this.#store = store;
    this.#until = until;
  }

  /** Takes back the record before those that it was given. */
  revert(record: ChangeRecord): void {
    this.#take(record, true);
  }

  #take({ twins }: ChangeRecord, isOlder: boolean): void {
    for (const { id, after, properties } of twins) {
      if (after === null) this.#deleted.add(id);
      for (const { name, before } of properties) this.#put(id, name, before, isOlder);
    }
  }

  /** @throws LinchpinError LIMIT_EXCEEDED */
  #put(id: string, name: string, state: PropertyState | null, isOlder: boolean): void {
    let states = this.#stateByNameByTwin.get(id);
    if (!states) {
      states = new Map();
      this.#stateByNameByTwin.set(id, states);
    }
    if (!states.has(name)) this.#count += 1;
    else if (!isOlder) return;
    states.set(name, state);
    const most = LIMITS.rewoundProperties;
    if (this.#count > most)
      throw new LinchpinError('LIMIT_EXCEEDED', `more than ${most} properties changed since that instant`, {
        expected: `at most ${most} properties that changed since`,
      });
  }

  /** Works in what was committed since it was last asked. */
  async #follow(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const records = await this.#store.changesAfter(this.#until, RECORDS_AT_ONCE);
      throwIfGone(signal);
      for (const record of records) {
        if (record.sequence <= this.#until) continue;
        if (record.sequence > this.#until + 1) throw retentionPassed('the instant', null);
        this.#take(record, false);
        this.#until = record.sequence;
      }
      if (records.length < RECORDS_AT_ONCE) return;
    }
  }

  async properties(ids: readonly string[], names?: readonly string[], signal?: AbortSignal): Promise<PropertiesByTwin> {
    const now = await this.#store.properties(ids, names, signal);
    await this.#follow(signal);
    const wanted = names ? new Set(names) : null;
    const past = new Map<string, ReadonlyMap<string, PropertyState>>();
    for (const id of ids) {
      const changed = this.#stateByNameByTwin.get(id);
      const states = new Map(now.get(id));
      for (const [name, state] of changed ?? []) {
        if (wanted && !wanted.has(name)) continue;
        if (state) states.set(name, state);
        else states.delete(name);
      }
      past.set(id, states);
    }
    return past;
  }

  async twinsWhere(conditions: readonly PropertyCondition[], signal?: AbortSignal): Promise<string[]> {
    const passing = new Set(await this.#store.twinsWhere(conditions, signal));
    await this.#follow(signal);
    const names = [...new Set(conditions.map(({ property }) => property))];
    // Others may change while those that changed are read; what they were is known then, too.
    const judged = new Set<string>();
    for (;;) {
      const open = this.#changed(names).filter((id) => !judged.has(id));
      if (open.length === 0) return [...passing];
      const states = await this.properties(open, names, signal);
      for (const id of open) {
        judged.add(id);
        const isPassing = conditions.every((each) => meetsCondition(states.get(id)?.get(each.property), each));
        if (isPassing) passing.add(id);
        else passing.delete(id);
      }
    }
  }

  /** Twins of which one of these properties changed since, or that were deleted. */
  #changed(names: readonly string[]): string[] {
    const ids = new Set(this.#deleted);
    for (const [id, states] of this.#stateByNameByTwin) if (names.some((name) => states.has(name))) ids.add(id);
    return [...ids];
  }
}

function throwIfGone(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LinchpinError('TIMEOUT', 'the request was cancelled', { cause: signal.reason });
}
