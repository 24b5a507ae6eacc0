/**
 * Keeps in the graph in which dialect and under which names twins are heard: after a restart, and at the server that
 * takes over, they are told in it what is desired. It stands at the twin, so that all servers follow it by the feed.
 */
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';
import type { TwinSource } from '../domain/twin.ts';

export interface SourceNotesOptions {
  readonly noteSources: (sources: ReadonlyMap<string, TwinSource>) => Promise<void>;
  readonly timers: Timers;
  readonly log: Log;
}

/** New sources are few, and none is in a hurry: those of a second go into one commit. */
const EVERY_MS = 1_000;
/** Twins of one commit. */
const PAGE = 1_000;

export class SourceNotes {
  readonly #options: SourceNotesOptions;
  readonly #sourceByTwin = new Map<string, TwinSource>();
  #cancel: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SourceNotesOptions) {
    this.#options = options;
  }

  /** Of a twin that is there and is known under another source, or none. */
  note(twin: string, source: TwinSource): void {
    this.#sourceByTwin.set(twin, source);
    this.#later();
  }

  /** Writes what waits. */
  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#writing;
    await this.#write();
    this.#cancel?.();
  }

  #later(): void {
    this.#cancel ??= this.#options.timers.after(EVERY_MS, () => {
      this.#cancel = null;
      this.#writing = this.#write();
    });
  }

  async #write(): Promise<void> {
    while (this.#sourceByTwin.size > 0) {
      const page = new Map([...this.#sourceByTwin].slice(0, PAGE));
      try {
        await this.#options.noteSources(page);
      } catch (error) {
        this.#options.log.debug({ error, twins: this.#sourceByTwin.size }, 'sources of twins could not be kept yet');
        this.#later();
        return;
      }
      // What was noted anew meanwhile is written again.
      for (const [twin, source] of page) if (this.#sourceByTwin.get(twin) === source) this.#sourceByTwin.delete(twin);
    }
  }
}
