/**
 * Twins of which a value is desired that they do not report: found in the graph once, at start, and followed by the
 * feed from there. So whoever tells devices what is desired of them can begin anew at any time.
 */
import type { Changes } from '../domain/change.ts';
import type { Log } from '../domain/log.ts';
import type { PropertyState } from '../domain/property.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Memory } from './memory.ts';
import type { TwinStore } from './twin-store.ts';

/** Twins whose properties are read by one statement. */
const PAGE = 1_000;

export class Unreported {
  readonly #store: TwinStore;
  readonly #memory: Memory;
  readonly #log: Log;
  readonly #namesByTwin = new Map<string, Set<string>>();

  constructor(store: TwinStore, memory: Memory, log: Log) {
    this.#store = store;
    this.#memory = memory;
    this.#log = log;
  }

  /** Once memory stands. @throws LinchpinError STORE_UNAVAILABLE */
  async start(): Promise<void> {
    this.#memory.listen({
      onRecord: (record) => this.#follow(record),
      onReload: () => {
        this.#load().catch((error: unknown) =>
          this.#log.warn({ error }, 'desired values that are not reported could not be read again'),
        );
      },
    });
    await this.#load();
  }

  twins(): readonly string[] {
    return [...this.#namesByTwin.keys()];
  }

  /** Only adds: what comes by the feed meanwhile is newer than what is read. */
  async #load(): Promise<void> {
    const ids = await this.#store.twinsWithDesired();
    for (let start = 0; start < ids.length; start += PAGE) {
      const page = await this.#store.properties(ids.slice(start, start + PAGE));
      for (const [id, states] of page) for (const [name, state] of states) if (isUnreported(state)) this.#add(id, name);
    }
  }

  #follow({ twins }: Changes): void {
    for (const { id, after, properties } of twins) {
      if (after === null) this.#namesByTwin.delete(id);
      else {
        for (const { name, before, after: state } of properties) {
          if (state !== null && isUnreported(state)) this.#add(id, name);
          else if (before?.desired !== undefined) this.#remove(id, name);
        }
      }
    }
  }

  #add(id: string, name: string): void {
    const names = this.#namesByTwin.get(id);
    if (names) names.add(name);
    else this.#namesByTwin.set(id, new Set([name]));
  }

  #remove(id: string, name: string): void {
    const names = this.#namesByTwin.get(id);
    if (names?.delete(name) && names.size === 0) this.#namesByTwin.delete(id);
  }
}

function isUnreported({ value, desired }: PropertyState): boolean {
  return desired !== undefined && !isSameValue(desired, value);
}
