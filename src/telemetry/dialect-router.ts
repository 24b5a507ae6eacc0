/**
 * Several dialects side by side: each message goes to the one whose topic filters take it. Also their timers, what they
 * say at a connection, and how a twin is told what is desired of it: by the dialect that it was last heard in.
 */
import type { Clock, Timers } from '../domain/timers.ts';
import type { TwinSource } from '../domain/twin.ts';
import type { Counters } from './counters.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { DialectEntry, type DesiredOfTwin } from './dialect-entry.ts';
import type { Told as SourceTold } from './dialects/dialect.ts';
import type { Message, Names, Outgoing } from './dialects/dialect.ts';
import type { NativeDialect } from './dialects/native.ts';
import type { LoggedCauses } from './logged-causes.ts';
import type { ModelOf } from './mapping.ts';
import { inModelUnit, type UnitOf } from './model-unit.ts';
import type { TelemetryConfig, UnknownTwinPolicy } from './telemetry-config.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface RouterOptions {
  readonly native: NativeDialect;
  readonly config: TelemetryConfig;
  readonly modelOf: ModelOf;
  readonly unitOf: UnitOf;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly counters: Counters;
  readonly causes: LoggedCauses;
  /** Sends what a dialect has to say; failures are not its concern. */
  readonly send: (outgoing: Outgoing) => void;
  /** How a twin was heard last, as it was kept. */
  readonly sourceOf: (twin: string) => TwinSource | undefined;
  /** A twin is heard in another way than it was kept; called again until it is kept. */
  readonly onNewSource: (twin: string, source: TwinSource) => void;
  /** A source came (again), and is to hear what is desired of it. */
  readonly onSource: (twin: string) => void;
}

/** Where desired values of a twin go. */
interface Route {
  readonly entry: DialectEntry;
  readonly source: Names;
}

export class DialectRouter implements Decoder {
  readonly #options: RouterOptions;
  readonly #entries: readonly DialectEntry[];
  readonly #routeByTwin = new Map<string, Route>();
  readonly #cancelWakeByEntry = new Map<DialectEntry, { at: number; cancel: () => void }>();
  #inject: (decoded: Decoded, message: Message) => void = () => {};
  #isStopped = false;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#entries = options.config.dialects.map((settings) => {
      const entry: DialectEntry = new DialectEntry(settings, options.modelOf, (twin, source) =>
        this.#noteRoute(twin, entry, source),
      );
      return entry;
    });
  }

  /** Where what is told without a message goes. */
  start(inject: (decoded: Decoded, message: Message) => void): void {
    this.#inject = inject;
  }

  stop(): void {
    this.#isStopped = true;
    for (const { cancel } of this.#cancelWakeByEntry.values()) cancel();
  }

  /** Of the dialects beside the native one. */
  get filters(): readonly string[] {
    return this.#entries.flatMap((entry) => entry.filters);
  }

  /** Of these, the ones whose retained messages are needed at each start. */
  get retainedFilters(): readonly string[] {
    return this.#entries.flatMap(({ dialect }) => dialect.retainedFilters ?? []);
  }

  accepts(topic: string): boolean {
    return this.#options.native.accepts(topic) || this.#entryOf(topic) !== undefined;
  }

  decode(message: Message): Decoded {
    const { native } = this.#options;
    if (native.accepts(message.topic)) return this.#inModelUnits(native.decode(message));
    const entry = this.#entryOf(message.topic);
    if (entry === undefined) return { kind: 'empty' };
    try {
      return this.#take(entry, entry.dialect.decode(message), message);
    } catch (error) {
      // A fault of ours, or of a library that unpacks a payload: the other messages must not suffer for it.
      return { kind: 'refused', reason: `the dialect ${entry.name} failed: ${String(error)}` };
    }
  }

  /** Name of the dialect that reads a topic, and what becomes of twins there that nobody knows. */
  policyOf(topic: string): { readonly dialect: string; readonly unknownTwins: UnknownTwinPolicy } {
    const entry = this.#options.native.accepts(topic) ? undefined : this.#entryOf(topic);
    return entry
      ? { dialect: entry.name, unknownTwins: entry.unknownTwins }
      : { dialect: 'native', unknownTwins: this.#options.config.unknownTwins };
  }

  /** Our own last will at the next connection. */
  will(): Outgoing | undefined {
    return this.#entries.find(({ dialect }) => dialect.will !== undefined)?.dialect.will?.(this.#options.clock());
  }

  connected(): void {
    for (const entry of this.#entries) this.#tell(entry, (now) => entry.dialect.connected?.(now));
  }

  disconnected(): void {
    for (const entry of this.#entries) this.#tell(entry, (now) => entry.dialect.disconnected?.(now));
  }

  goodbye(): readonly Outgoing[] {
    return this.#entries.flatMap(({ dialect }) => dialect.goodbye?.(this.#options.clock()) ?? []);
  }

  /** Whether the twin was last heard in a dialect that can tell it what is desired; else it is told natively. */
  hasRoute(twin: string): boolean {
    return this.#routeOf(twin)?.entry.tellsDesired === true;
  }

  encodeDesired(twin: string, desired: readonly DesiredOfTwin[]): readonly Outgoing[] {
    const route = this.#routeOf(twin);
    if (route === undefined || desired.length === 0) return [];
    const { messages, nameless } = route.entry.encodeDesired(twin, route.source, desired, this.#options.clock());
    this.#scheduleWake(route.entry);
    for (const property of nameless) {
      const fields = { twin, property, dialect: route.entry.name };
      this.#options.causes.warnOnce(
        `nameless ${route.entry.name} ${property}`,
        fields,
        'a desired value cannot be told: its name does not fit the template of the dialect',
      );
    }
    return messages;
  }

  /** As heard since the start, else as kept; a dialect that is not configured any more tells nobody. */
  #routeOf(twin: string): Route | undefined {
    const heard = this.#routeByTwin.get(twin);
    if (heard !== undefined || this.#entries.length === 0) return heard;
    const kept = this.#options.sourceOf(twin);
    const entry = kept && this.#entries.find(({ name }) => name === kept.dialect);
    return entry && { entry, source: kept.names };
  }

  #entryOf(topic: string): DialectEntry | undefined {
    return (
      this.#entries.find((entry) => entry.accepts(topic, false)) ??
      this.#entries.find((entry) => entry.accepts(topic, true))
    );
  }

  #tell(entry: DialectEntry, say: (now: number) => SourceTold | undefined): void {
    const receivedAt = this.#options.clock();
    const told = say(receivedAt);
    if (told === undefined) return;
    const message = {
      topic: entry.filters[0] ?? '',
      payload: new Uint8Array(),
      receivedAt,
      arrival: 0,
      isReplay: false,
    };
    const decoded = this.#take(entry, told, message);
    if (decoded.kind !== 'empty') this.#inject(decoded, message);
  }

  #take(entry: DialectEntry, told: SourceTold, message: Message): Decoded {
    for (const outgoing of told.send ?? []) this.#options.send(outgoing);
    this.#scheduleWake(entry);
    const decoded = entry.map(told, message);
    if (decoded === null) {
      this.#options.counters.duplicates += 1;
      return { kind: 'empty' };
    }
    if (decoded.kind === 'told') {
      for (const { twin, connectivity } of decoded.reports) if (connectivity === 'ONLINE') this.#options.onSource(twin);
    }
    return this.#inModelUnits(decoded);
  }

  #scheduleWake(entry: DialectEntry): void {
    const { wakeAt } = entry.dialect;
    const waiting = this.#cancelWakeByEntry.get(entry);
    if (waiting?.at === wakeAt || this.#isStopped) return;
    waiting?.cancel();
    this.#cancelWakeByEntry.delete(entry);
    if (wakeAt === undefined) return;
    const { clock, timers } = this.#options;
    const cancel = timers.after(Math.max(wakeAt - clock(), 0), () => {
      this.#cancelWakeByEntry.delete(entry);
      this.#tell(entry, (now) => entry.dialect.wake?.(now));
    });
    this.#cancelWakeByEntry.set(entry, { at: wakeAt, cancel });
  }

  #noteRoute(twin: string, entry: DialectEntry, source: Names): void {
    const before = this.#routeByTwin.get(twin);
    const kept = this.#options.sourceOf(twin);
    // Names are for telling what is desired; where nothing can be told, they need not stay the same.
    const names = entry.tellsDesired ? source : {};
    if (kept?.dialect !== entry.name || !isSameNames(kept.names, names))
      this.#options.onNewSource(twin, { dialect: entry.name, names });
    if (before === undefined && this.#routeByTwin.size >= TELEMETRY_LIMITS.routes) return;
    this.#routeByTwin.set(twin, { entry, source });
    if (before?.entry !== entry && entry.tellsDesired) this.#options.onSource(twin);
  }

  #inModelUnits(decoded: Decoded): Decoded {
    if (decoded.kind !== 'telemetry' && decoded.kind !== 'told') return decoded;
    if (!decoded.readings.some((reading) => reading.unit !== undefined)) return decoded;
    const refusals = [...decoded.refusals];
    const readings = decoded.readings.flatMap((reading) => {
      const converted = inModelUnit(reading, this.#options.unitOf);
      if ('reason' in converted) {
        refusals.push({ property: reading.property, reason: converted.reason });
        return [];
      }
      if ('unknownUnit' in converted) {
        this.#options.counters.unknownUnits += 1;
        const { twin, property, unit } = reading;
        this.#options.causes.warnOnce(
          `unit ${unit}`,
          { twin, property, unit, unknown: converted.unknownUnit },
          'a value is kept in the unit of its source: one of the two units is not known',
        );
      }
      return [converted.reading];
    });
    return { ...decoded, readings, refusals };
  }
}

function isSameNames(a: Names, b: Names): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
