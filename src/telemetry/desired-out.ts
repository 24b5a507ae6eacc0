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
  /** Twins of which a value is desired that they do not report. */
  unreported(): readonly string[];
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
  /** Another server tells the devices, and this one would if that one went. */
  readonly isStandingBy: () => boolean;
  readonly publish: (outgoing: Outgoing) => Promise<void>;
}

/** What is to be told of a twin. */
interface Waiting {
  /** Properties whose desired value changed; none: a device came. */
  readonly properties: Set<string>;
  /** The broker may have forgotten what it kept for the device. */
  isAnew: boolean;
  /** What the broker keeps for the device. */
  kept: string | null;
}

/** Twins whose properties are read in one go. */
const PAGE = 500;
const RETRY_MS = 1_000;

export class DesiredOut {
  readonly #options: DesiredOutOptions;
  /** Twins of which something is to be told. */
  readonly #waitingByTwin = new Map<string, Waiting>();
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
    this.#wait(twin, { properties: [property] });
    this.tell();
  }

  /** A device came: it is told what it has not reported yet. */
  came(twin: string): void {
    this.#wait(twin, {});
    this.tell();
  }

  /** The broker can be reached (again), and may be a new one: all that is desired and not reported is told again. */
  connected(): void {
    for (const twin of this.#options.application.unreported()) this.#wait(twin, { isAnew: true });
    this.tell();
  }

  /** The broker keeps this for the device: it is replaced where something else is desired now, or nothing. */
  kept(twin: string, payload: Uint8Array): void {
    this.#wait(twin, { kept: Buffer.from(payload).toString() });
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
    if (this.#options.isStandingBy()) this.#waitingByTwin.clear();
    if (this.#isTelling || this.#isStopped || this.#waitingByTwin.size === 0) return;
    this.#isTelling = true;
    this.#cancelRetry?.();
    void this.#tellAll().finally(() => {
      this.#isTelling = false;
      if (this.#waitingByTwin.size > 0 && !this.#isStopped) {
        this.#cancelRetry = this.#options.timers.after(RETRY_MS, () => this.tell());
      }
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
  }

  /** The server that has the turn tells what changes; whoever takes over tells all that is not reported. */
  #wait(twin: string, what: Partial<Omit<Waiting, 'properties'>> & { readonly properties?: Iterable<string> }): void {
    if (this.#options.isStandingBy()) return;
    let waiting = this.#waitingByTwin.get(twin);
    if (waiting === undefined)
      this.#waitingByTwin.set(twin, (waiting = { properties: new Set(), isAnew: false, kept: null }));
    for (const property of what.properties ?? []) waiting.properties.add(property);
    if (what.isAnew) waiting.isAnew = true;
    waiting.kept ??= what.kept ?? null;
  }

  async #tellAll(): Promise<void> {
    // What is desired together is told together.
    await Promise.resolve();
    while (this.#waitingByTwin.size > 0 && !this.#isStopped) {
      const page = [...this.#waitingByTwin].slice(0, PAGE);
      // What changes while this is on its way is told again.
      for (const [twin] of page) this.#waitingByTwin.delete(twin);
      try {
        await this.#tellPage(page);
      } catch (error) {
        for (const [twin, waiting] of page) this.#wait(twin, waiting);
        this.#options.log.debug({ error, twins: page.length }, 'desired values could not be told; they wait');
        return;
      }
    }
  }

  async #tellPage(page: readonly (readonly [string, Waiting])[]): Promise<void> {
    const { application, routes, publish } = this.#options;
    const propertiesByTwin = await application.properties(page.map(([twin]) => twin));
    const sent = page.flatMap(([twin, waiting]) => {
      const properties = propertiesByTwin.get(twin) ?? new Map<string, DesiredProperty>();
      const isRouted = routes.hasRoute(twin);
      const messages = isRouted ? [...routes.encodeDesired(twin, routedValues(properties, waiting.properties))] : [];
      const native = this.#nativeMessage(twin, isRouted ? new Map() : properties);
      if (isRouted ? waiting.kept !== null : isToBeTold(waiting, native.payload)) messages.push(native);
      return messages.map(publish);
    });
    await Promise.all(sent);
  }

  #nativeMessage(twin: string, properties: ReadonlyMap<string, DesiredProperty>): Outgoing {
    const desired: Record<string, PropertyValue> = Object.create(null);
    for (const [name, property] of properties) if (property.desired !== undefined) desired[name] = property.desired;
    return this.#options.native.encodeDesired(twin, desired);
  }
}

/** A device that came finds the retained message. */
function isToBeTold({ properties, isAnew, kept }: Waiting, payload: Outgoing['payload']): boolean {
  return properties.size > 0 || isAnew || (kept !== null && kept !== payload);
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
