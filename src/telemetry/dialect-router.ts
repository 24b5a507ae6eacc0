/**
 * Several dialects side by side: each message goes to the one whose topic filters take it. Also their timers, what they
 * say at a connection, and how a twin is told what is desired of it: by the dialect that it was last heard in.
 */
import type { Reading } from '../domain/telemetry.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import type { TwinSource } from '../domain/twin.ts';
import type { Counters } from './counters.ts';
import type { Decoded, Decoder, DesiredChange } from './decoder.ts';
import { DialectEntry, type DesiredOfTwin } from './dialect-entry.ts';
import type { Told as SourceTold } from './dialects/dialect.ts';
import type { Message, Names, Outgoing, Refusal } from './dialects/dialect.ts';
import type { NativeDialect } from './dialects/native.ts';
import type { LoggedCauses } from './logged-causes.ts';
import type { ModelOf } from './mapping.ts';
import { type DeclaredOf, inModelUnit, inOtherUnit } from './model-unit.ts';
import type { TelemetryConfig, UnknownTwinPolicy } from './telemetry-config.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface RouterOptions {
  readonly native: NativeDialect;
  readonly config: TelemetryConfig;
  readonly modelOf: ModelOf;
  readonly declaredOf: DeclaredOf;
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
  /** Units that the source said last. */
  readonly units?: TwinSource['units'];
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
      const entry: DialectEntry = new DialectEntry(
        settings,
        options.modelOf,
        (twin, source) => this.#noteRoute(twin, entry, source),
        (twin, property, unit) => this.#noteUnit(twin, entry, property, unit),
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

  decode(message: Message, mayTell?: (twin: string) => boolean): Decoded {
    const { native } = this.#options;
    if (native.accepts(message.topic)) return this.#inModelUnits(native.decode(message), null);
    const entry = this.#entryOf(message.topic);
    if (entry === undefined) return { kind: 'empty' };
    try {
      const asked = mayTell && { ...message, mayTell: (source: Names) => entry.mayTell(source, mayTell) };
      return this.#take(entry, entry.dialect.decode(asked ?? message), message, mayTell);
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
    if (route === undefined) return [];
    const values = desired.flatMap((each) => this.#inSourceUnit(twin, route, each));
    if (values.length === 0) return [];
    const { messages, nameless } = route.entry.encodeDesired(twin, route.source, values, this.#options.clock());
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
    return entry && { entry, source: kept.names, units: kept.units };
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

  #take(entry: DialectEntry, told: SourceTold, message: Message, mayTell?: (twin: string) => boolean): Decoded {
    for (const outgoing of told.send ?? []) this.#options.send(outgoing);
    this.#scheduleWake(entry);
    const decoded = entry.map(told, message, mayTell);
    if (decoded === null) {
      this.#options.counters.duplicates += 1;
      return { kind: 'empty' };
    }
    if (decoded.kind === 'told') {
      for (const { twin, connectivity } of decoded.reports) if (connectivity === 'ONLINE') this.#options.onSource(twin);
    }
    return this.#inModelUnits(decoded, entry);
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
    // Names and units are for telling what is desired; where nothing can be told, they need not stay the same.
    const names = entry.tellsDesired ? source : {};
    const isKept = kept?.dialect === entry.name;
    const units = before?.entry === entry ? before.units : isKept ? kept.units : undefined;
    if (!isKept || !isSameNames(kept.names, names) || !isSameNames(kept.units ?? {}, units ?? {})) {
      const noted = { dialect: entry.name, names };
      this.#options.onNewSource(twin, units === undefined ? noted : { ...noted, units });
    }
    if (before === undefined && this.#routeByTwin.size >= TELEMETRY_LIMITS.routes) return;
    this.#routeByTwin.set(twin, { entry, source, units });
    if (before?.entry !== entry && entry.tellsDesired) this.#options.onSource(twin);
  }

  /** Only where it matters: of what can be desired, and where the source means another unit than it is taken for. */
  #noteUnit(twin: string, entry: DialectEntry, property: string, unit: string): void {
    const route = this.#routeByTwin.get(twin);
    const declared = this.#declared(twin, property, entry);
    if (route === undefined || !entry.tellsDesired || !declared?.writable || declared.unit === null) return;
    const { [property]: before, ...others } = route.units ?? {};
    const said = unit === (entry.unitOf(twin, property) ?? declared.unit) ? undefined : unit;
    if (said === before) return;
    const units = said === undefined ? others : { ...others, [property]: said };
    this.#routeByTwin.set(twin, { ...route, units });
    this.#options.onNewSource(twin, { dialect: entry.name, names: route.source, units });
  }

  /** `entry` null: natively. */
  #declared(twin: string, property: string, entry: DialectEntry | null): ReturnType<DeclaredOf> {
    const model = entry === null ? this.#options.modelOf(twin) : entry.modelOf(twin);
    return model === null || model === undefined ? undefined : this.#options.declaredOf(model, property);
  }

  #inModelUnits(decoded: Decoded, entry: DialectEntry | null): Decoded {
    if (decoded.kind !== 'telemetry' && decoded.kind !== 'told') return decoded;
    const isPlain = decoded.readings.every(({ unit, underModel }) => unit === undefined && underModel === undefined);
    const desired = decoded.kind === 'told' ? decoded.desired : [];
    if (isPlain && desired.length === 0) return decoded;
    const refusals = [...decoded.refusals];
    const readings = decoded.readings.flatMap((reading) => {
      const { twin, property } = reading;
      const model = this.#options.modelOf(twin);
      if (model === undefined) return [{ ...reading, underModel: this.#underModel(reading) }];
      const converted = this.#inModelUnit(reading, model);
      if (!('reason' in converted)) return [converted];
      refusals.push({ property, reason: converted.reason });
      return [];
    });
    if (decoded.kind === 'telemetry') return { ...decoded, readings, refusals };
    return {
      ...decoded,
      readings,
      desired: desired.flatMap((each) => this.#desiredIn(each, entry, refusals)),
      refusals,
    };
  }

  #underModel(reading: Reading): NonNullable<Reading['underModel']> {
    const { underModel, ...asTold } = reading;
    return (model) => {
      const mapped = underModel === undefined ? asTold : underModel(model);
      return mapped === null || 'reason' in mapped ? mapped : this.#inModelUnit(mapped, model);
    };
  }

  #inModelUnit(reading: Reading, model: string | null): Reading | { readonly reason: string } {
    const { twin, property, unit } = reading;
    if (unit === undefined) return reading;
    const modelUnit = model === null ? null : (this.#options.declaredOf(model, property)?.unit ?? null);
    const converted = inModelUnit(reading, modelUnit);
    if ('reason' in converted) return converted;
    if ('unknownUnit' in converted) {
      this.#options.counters.unknownUnits += 1;
      this.#options.causes.warnOnce(
        `unit ${unit}`,
        { twin, property, unit, unknown: converted.unknownUnit },
        'a value is kept in the unit of its source: one of the two units is not known',
      );
    }
    return converted.reading;
  }

  /** What a source desires is in the unit in which it reports. */
  #desiredIn({ unit, ...change }: DesiredChange, entry: DialectEntry | null, refusals: Refusal[]): DesiredChange[] {
    const { twin, property } = change;
    const from = this.#routeByTwin.get(twin)?.units?.[property] ?? unit ?? null;
    const converted = inOtherUnit(change.value, from, this.#declared(twin, property, entry)?.unit ?? null);
    if ('value' in converted) return [{ ...change, value: converted.value }];
    refusals.push({ property, reason: `${property}: ${converted.reason}` });
    return [];
  }

  #inSourceUnit(twin: string, { entry, units }: Route, desired: DesiredOfTwin): DesiredOfTwin[] {
    const { property } = desired;
    const from = this.#declared(twin, property, entry)?.unit ?? null;
    const converted = inOtherUnit(desired.value, from, units?.[property] ?? entry.unitOf(twin, property) ?? null);
    if ('value' in converted) return [{ ...desired, value: converted.value }];
    this.#options.counters.desiredUnconverted += 1;
    this.#options.causes.warnOnce(
      `desired ${entry.name} ${converted.reason}`,
      { twin, property, dialect: entry.name, reason: converted.reason },
      'a desired value is not told: it cannot be turned into the unit of its device',
    );
    return [];
  }
}

function isSameNames(a: Names, b: Names): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
