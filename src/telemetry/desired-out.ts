/**
 * Desired values on their way to devices: natively one retained message with all that is desired of a twin; to a device
 * that is heard in another dialect what changed and what it has not reported yet, in its own form.
 */
import type { Log } from '../domain/log.ts';
import type { PropertyValue } from '../domain/property.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Timers } from '../domain/timers.ts';
import type { DesiredOfTwin } from './dialect-entry.ts';
import type { Outgoing } from './dialects/dialect.ts';

interface DesiredProperty {
  readonly value: PropertyValue;
  readonly desired?: PropertyValue;
}

/** What this needs from the application. */
export interface DesiredSource {
  properties(ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, DesiredProperty>>>;
}

export interface DesiredOutOptions {
  readonly application: DesiredSource;
  readonly native: { encodeDesired(twin: string, desired: Readonly<Record<string, PropertyValue>>): Outgoing };
  /** Twins that are told in another dialect. */
  readonly routes: {
    hasRoute(twin: string): boolean;
    encodeDesired(twin: string, desired: readonly DesiredOfTwin[]): readonly Outgoing[];
  };
  readonly timers: Timers;
  readonly log: Log;
  readonly publish: (outgoing: Outgoing) => Promise<void>;
}

/** Twins whose properties are read in one go. */
const PAGE = 500;
const RETRY_MS = 1_000;

export class DesiredOut {
  readonly #options: DesiredOutOptions;
  /** Twins of which something is to be told, with the properties whose desired value changed; none: a device came. */
  #propertiesByTwin = new Map<string, Set<string>>();
  /** What sources' own twins are about to desire here: told back to them it would go round for ever. */
  readonly #echoes = new Map<string, PropertyValue>();
  #isTelling = false;
  #isStopped = false;
  #cancelRetry: (() => void) | null = null;

  constructor(options: DesiredOutOptions) {
    this.#options = options;
  }

  changed(twin: string, property: string, desired: PropertyValue | undefined): void {
    if (this.#echoes.size > 0 && this.#options.routes.hasRoute(twin)) {
      const echo = this.#echoes.get(echoKey(twin, property));
      if (echo !== undefined && isSameValue(echo, desired ?? null)) return;
    }
    this.#wait(twin, [property]);
    this.tell();
  }

  /** A device came: it is told what it has not reported yet. */
  came(twin: string): void {
    this.#wait(twin, []);
    this.tell();
  }

  /** Runs work that takes over what sources desire, which is then not told back to them. */
  async withoutEcho<Answer>(
    changes: readonly { twin: string; property: string; value: PropertyValue }[],
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    for (const { twin, property, value } of changes) this.#echoes.set(echoKey(twin, property), value);
    try {
      return await work();
    } finally {
      for (const { twin, property } of changes) this.#echoes.delete(echoKey(twin, property));
    }
  }

  /** Tells what waits; what fails is tried again. */
  tell(): void {
    if (this.#isTelling || this.#isStopped || this.#propertiesByTwin.size === 0) return;
    this.#isTelling = true;
    this.#cancelRetry?.();
    void this.#tellAll().finally(() => {
      this.#isTelling = false;
      if (this.#propertiesByTwin.size > 0 && !this.#isStopped) {
        this.#cancelRetry = this.#options.timers.after(RETRY_MS, () => this.tell());
      }
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
  }

  #wait(twin: string, properties: Iterable<string>): void {
    let waiting = this.#propertiesByTwin.get(twin);
    if (waiting === undefined) this.#propertiesByTwin.set(twin, (waiting = new Set()));
    for (const property of properties) waiting.add(property);
  }

  async #tellAll(): Promise<void> {
    while (this.#propertiesByTwin.size > 0 && !this.#isStopped) {
      const page = [...this.#propertiesByTwin].slice(0, PAGE);
      // What changes while this is on its way is told again.
      for (const [twin] of page) this.#propertiesByTwin.delete(twin);
      try {
        await this.#tellPage(page);
      } catch (error) {
        for (const [twin, properties] of page) this.#wait(twin, properties);
        this.#options.log.debug({ error, twins: page.length }, 'desired values could not be told; they wait');
        return;
      }
    }
  }

  async #tellPage(page: readonly (readonly [string, ReadonlySet<string>])[]): Promise<void> {
    const { application, routes, publish } = this.#options;
    const propertiesByTwin = await application.properties(page.map(([twin]) => twin));
    for (const [twin, changed] of page) {
      const properties = propertiesByTwin.get(twin) ?? new Map<string, DesiredProperty>();
      const messages = routes.hasRoute(twin)
        ? routes.encodeDesired(twin, routedValues(properties, changed))
        : this.#nativeMessages(twin, properties, changed);
      for (const message of messages) await publish(message);
    }
  }

  #nativeMessages(
    twin: string,
    properties: ReadonlyMap<string, DesiredProperty>,
    changed: ReadonlySet<string>,
  ): readonly Outgoing[] {
    // A device that came finds the retained message.
    if (changed.size === 0) return [];
    const desired: Record<string, PropertyValue> = Object.create(null);
    for (const [name, property] of properties) if (property.desired !== undefined) desired[name] = property.desired;
    return [this.#options.native.encodeDesired(twin, desired)];
  }
}

/** What changed, whatever is reported; and what else is not reported yet. */
function routedValues(
  properties: ReadonlyMap<string, DesiredProperty>,
  changed: ReadonlySet<string>,
): readonly DesiredOfTwin[] {
  const values: DesiredOfTwin[] = [];
  for (const [property, { value, desired }] of properties) {
    if (desired === undefined) continue;
    const isInSync = isSameValue(desired, value);
    if (changed.has(property) || !isInSync) values.push({ property, value: desired, isInSync });
  }
  for (const property of changed) {
    if (properties.get(property)?.desired === undefined) values.push({ property, value: null, isInSync: true });
  }
  return values;
}

function echoKey(twin: string, property: string): string {
  return JSON.stringify([twin, property]);
}
