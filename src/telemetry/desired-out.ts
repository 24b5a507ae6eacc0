/** Desired values on their way to devices: per twin one retained message with all that is desired of it. */
import type { Log } from '../domain/log.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { Timers } from '../domain/timers.ts';
import type { Dialect } from './dialects/dialect.ts';

/** What this needs from the application. */
export interface DesiredSource {
  properties(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, { readonly desired?: PropertyValue }>>>;
}

export interface DesiredOutOptions {
  readonly application: DesiredSource;
  readonly dialect: Dialect;
  readonly timers: Timers;
  readonly log: Log;
  readonly publish: (topic: string, payload: string) => Promise<void>;
}

/** Twins whose properties are read in one go. */
const PAGE = 500;
const RETRY_MS = 1_000;

export class DesiredOut {
  readonly #options: DesiredOutOptions;
  /** Twins of which something changed that was not told yet. */
  #twins = new Set<string>();
  #isTelling = false;
  #isStopped = false;
  #cancelRetry: (() => void) | null = null;

  constructor(options: DesiredOutOptions) {
    this.#options = options;
  }

  changed(twin: string): void {
    this.#twins.add(twin);
    this.tell();
  }

  /** Tells what waits; what fails is tried again. */
  tell(): void {
    if (this.#isTelling || this.#isStopped || this.#twins.size === 0) return;
    this.#isTelling = true;
    this.#cancelRetry?.();
    void this.#tellAll().finally(() => {
      this.#isTelling = false;
      if (this.#twins.size > 0 && !this.#isStopped) {
        this.#cancelRetry = this.#options.timers.after(RETRY_MS, () => this.tell());
      }
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
  }

  async #tellAll(): Promise<void> {
    while (this.#twins.size > 0 && !this.#isStopped) {
      const page = [...this.#twins].slice(0, PAGE);
      // What changes while this is on its way is told again.
      for (const twin of page) this.#twins.delete(twin);
      try {
        await this.#tellPage(page);
      } catch (error) {
        for (const twin of page) this.#twins.add(twin);
        this.#options.log.debug({ error, twins: page.length }, 'desired values could not be told; they wait');
        return;
      }
    }
  }

  async #tellPage(page: readonly string[]): Promise<void> {
    const { application, dialect, publish } = this.#options;
    const propertiesByTwin = await application.properties(page);
    for (const twin of page) {
      const desired: Record<string, PropertyValue> = Object.create(null);
      for (const [name, property] of propertiesByTwin.get(twin) ?? []) {
        if (property.desired !== undefined) desired[name] = property.desired;
      }
      const { topic, payload } = dialect.encodeDesired(twin, desired);
      await publish(topic, payload);
    }
  }
}
