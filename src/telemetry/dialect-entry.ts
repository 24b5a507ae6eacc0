/** One dialect of the configuration at work: what it tells in its source's names becomes twins and properties. */
import { whyNotId, whyNotPropertyName } from '../domain/check-text.ts';
import { describeValue } from '../domain/errors.ts';
import { isAhead, parseObservedAt } from '../domain/parse-observed-at.ts';
import { parseReading } from '../domain/parse-reading.ts';
import type { PropertyValue } from '../domain/property.ts';
import type { ConnectivityReport, Reading, Removal } from '../domain/telemetry.ts';
import type { Decoded, DesiredChange } from './decoder.ts';
import type { Told as SourceTold } from './dialects/dialect.ts';
import type { Dialect, Message, Names, Outgoing, Refusal, SourceReading, SourceRemoval } from './dialects/dialect.ts';
import { orderInLog } from './dialects/order-in-log.ts';
import { Mapping, type ModelOf } from './mapping.ts';
import { OUT_OF_SCOPE } from './restrict-decoded.ts';
import { SeenKeys } from './seen-keys.ts';
import type { DialectSettings, UnknownTwinPolicy } from './telemetry-config.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';
import { beginsOpen, compileFilter } from './topic-filter.ts';

/** A value that is desired of a twin, or not any more, and whether the twin reports it. */
export interface DesiredOfTwin {
  readonly property: string;
  /** null: nothing is desired any more. */
  readonly value: PropertyValue;
  readonly isInSync: boolean;
}

export class DialectEntry {
  readonly name: string;
  readonly dialect: Dialect;
  readonly filters: readonly string[];
  readonly unknownTwins: UnknownTwinPolicy;
  readonly #mapping: Mapping;
  readonly #matchers: { readonly isOpen: boolean; readonly matches: (topic: string) => boolean }[];
  readonly #seen = new SeenKeys(TELEMETRY_LIMITS.seenKeys);
  readonly #modelOf: ModelOf;
  readonly #noteSource: (twin: string, source: Names) => void;
  readonly #noteUnit: (twin: string, property: string, unit: string) => void;

  /**
   * `noteSource` hears of every twin that is told of, with what its source calls it; `noteUnit` of the units that
   * sources say.
   */
  constructor(
    settings: DialectSettings,
    modelOf: ModelOf,
    noteSource: (twin: string, source: Names) => void,
    noteUnit: (twin: string, property: string, unit: string) => void = () => {},
  ) {
    this.name = settings.name;
    this.dialect = settings.create();
    this.filters = settings.filters;
    this.unknownTwins = settings.unknownTwins;
    this.#mapping = new Mapping(settings.mapping, modelOf);
    this.#matchers = settings.filters.map((filter) => ({
      isOpen: beginsOpen(filter),
      matches: compileFilter(filter),
    }));
    const { httpTopic } = settings;
    if (httpTopic !== null) this.#matchers.push({ isOpen: false, matches: (topic) => topic === httpTopic });
    this.#modelOf = modelOf;
    this.#noteSource = noteSource;
    this.#noteUnit = noteUnit;
  }

  /** By a filter that begins with +, or by one that does not. */
  accepts(topic: string, isOpen: boolean): boolean {
    return this.#matchers.some((matcher) => matcher.isOpen === isOpen && matcher.matches(topic));
  }

  /** null: it was here before, and is left. What a sender may not tell leaves no trace here. */
  map(told: SourceTold, message: Message, mayTell?: (twin: string) => boolean): Decoded | null {
    if (told.fault !== undefined) return { kind: 'refused', reason: told.fault };
    if (told.dedupeKey !== undefined && this.#seen.has(told.dedupeKey)) return null;
    const notes: Note[] = [];
    const gathered = {
      readings: [],
      removals: [],
      desired: [],
      reports: [],
      refusals: [...(told.refusals ?? [])],
    };
    const into: Gathered = { ...gathered, notes };
    for (const each of told.readings ?? [])
      this.#gather(each, into, (twin) => this.#mapReading(twin, each, message, into));
    for (const each of told.removals ?? [])
      this.#gather(each, into, (twin) => this.#mapRemoval(twin, each, message, into));
    for (const each of told.desired ?? []) {
      this.#gather(each, into, (twin) => {
        const mapped = this.#property(twin, each.property, into, this.modelOf(twin));
        if (mapped === null) return;
        const { name: property, unit } = mapped;
        into.desired.push({ twin, property, value: each.value, ...(unit !== undefined && { unit }) });
      });
    }
    for (const { source, connectivity } of told.reports ?? []) {
      this.#gather({ source }, into, (twin) => into.reports.push({ twin, connectivity, at: message.receivedAt }));
    }
    const isEmpty = Object.values(gathered).every((list: readonly unknown[]) => list.length === 0);
    const decoded: Decoded = isEmpty ? { kind: 'empty' } : { kind: 'told', ...gathered };
    if (mayTell && notes.some(({ twin }) => !mayTell(twin))) return { kind: 'refused', reason: OUT_OF_SCOPE };
    if (told.dedupeKey !== undefined) this.#seen.add(told.dedupeKey);
    for (const { take } of notes) take();
    return decoded;
  }

  /** By its twin, where it names one. */
  mayTell(source: Names, mayTell: (twin: string) => boolean): boolean {
    const mapped = this.#mapping.twin(source);
    return mapped === null || 'missing' in mapped || mayTell(mapped.id);
  }

  /** The model that a twin has, or will get when it is made; null: none. */
  modelOf(twin: string): string | null {
    const model = this.#modelOf(twin);
    if (model !== undefined) return model;
    return this.unknownTwins.kind === 'provision' ? this.unknownTwins.model : null;
  }

  /** Unit that the mapping says for a property; undefined: none. */
  unitOf(twin: string, property: string): string | undefined {
    return this.#mapping.unit(twin, property);
  }

  get tellsDesired(): boolean {
    return this.dialect.encodeDesired !== undefined;
  }

  /** The messages, and the properties that the source has no name for. */
  encodeDesired(
    twin: string,
    source: Names,
    desired: readonly DesiredOfTwin[],
    now: number,
  ): { readonly messages: readonly Outgoing[]; readonly nameless: readonly string[] } {
    const nameless: string[] = [];
    const values = desired.flatMap(({ property, value, isInSync }) => {
      const names = this.#mapping.sourceProperty(twin, property);
      if (names === null) nameless.push(property);
      return names === null ? [] : [{ property: names, value, isInSync }];
    });
    return { messages: this.dialect.encodeDesired?.(source, values, now) ?? [], nameless };
  }

  #gather({ source }: { readonly source: Names }, into: Gathered, take: (twin: string) => void): void {
    const mapped = this.#mapping.twin(source);
    if (mapped === null) return;
    if ('missing' in mapped) {
      into.refusals.push({ property: '', reason: `the source gives no ${mapped.missing}` });
      return;
    }
    const why = whyNotId(mapped.id);
    if (why !== null) {
      into.refusals.push({
        property: '',
        reason: `the source names no twin: expected ${why}, got ${describeValue(mapped.id)}`,
      });
      return;
    }
    into.notes.push({ twin: mapped.id, take: () => this.#noteSource(mapped.id, source) });
    take(mapped.id);
  }

  #mapReading(twin: string, told: SourceReading, message: Message, into: Gathered): void {
    const model = this.#modelOf(twin);
    const mapped = this.#property(twin, told.property, into, model ?? null);
    if (mapped === null) return;
    const { receivedAt, arrival, isReplay } = message;
    const defaults = { twin, receivedAt, arrival, isReplay, quality: 'GOOD', ...orderInLog(message) } as const;
    const { unit } = told;
    if (unit !== undefined) into.notes.push({ twin, take: () => this.#noteUnit(twin, mapped.name, unit) });
    try {
      const reading = toReading(mapped, told, defaults);
      const isOpen = model === undefined && this.#mapping.asksForModels;
      into.readings.push(isOpen ? { ...reading, underModel: this.#underModel(twin, told, defaults) } : reading);
    } catch (error) {
      into.refusals.push({ property: mapped.name, reason: (error as Error).message });
    }
  }

  #underModel(twin: string, told: SourceReading, defaults: Defaults): NonNullable<Reading['underModel']> {
    return (model) => {
      const into = { refusals: [] as Refusal[] };
      const mapped = this.#property(twin, told.property, into, model);
      if (mapped === null) return into.refusals[0] ?? null;
      return toReading(mapped, told, defaults);
    };
  }

  #mapRemoval(twin: string, told: SourceRemoval, message: Message, into: Gathered): void {
    const removed = this.#mapping.removed(twin, told);
    if (removed === null) return;
    const { receivedAt, arrival } = message;
    const inLog = orderInLog(message);
    try {
      const time = told.observedAt === undefined ? inLog.observedAt : parseObservedAt(told.observedAt);
      const isOwn = time !== undefined && !isAhead(time, receivedAt);
      into.removals.push({
        twin,
        ...removed,
        at: isOwn ? time : receivedAt,
        sequence:
          time === undefined ? arrival : (told.sequence ?? (told.observedAt === undefined ? inLog.sequence : 0) ?? 0),
      });
    } catch (error) {
      into.refusals.push({ property: removed.property, reason: (error as Error).message });
    }
  }

  /** null: ignored, or refused. */
  #property(
    twin: string,
    names: Names,
    into: Pick<Gathered, 'refusals'>,
    model: string | null,
  ): { name: string; unit: string | undefined } | null {
    const mapped = this.#mapping.property(twin, names, model);
    if (mapped === null) return null;
    if ('missing' in mapped) {
      into.refusals.push({ property: '', reason: `the source gives no ${mapped.missing}` });
      return null;
    }
    const why = whyNotPropertyName(mapped.name);
    if (why === null) return mapped;
    into.refusals.push({ property: mapped.name, reason: `expected ${why}, got ${describeValue(mapped.name)}` });
    return null;
  }
}

type Defaults = Parameters<typeof parseReading>[2];

/** @throws LinchpinError BAD_INPUT */
function toReading(
  mapped: { name: string; unit: string | undefined },
  told: SourceReading,
  defaults: Defaults,
): Reading {
  const { value, observedAt, quality, sequence, unit = mapped.unit } = told;
  const reading = parseReading(mapped.name, { value, observedAt, quality, sequence, unit }, defaults);
  return told.isHistorical === true ? { ...reading, isHistorical: true } : reading;
}

/** What is to be remembered of a source once its message is taken. */
interface Note {
  readonly twin: string;
  readonly take: () => void;
}

interface Gathered {
  /** Of every twin that the message names. */
  readonly notes: Note[];
  readonly readings: Reading[];
  readonly removals: Removal[];
  readonly desired: DesiredChange[];
  readonly reports: ConnectivityReport[];
  readonly refusals: Refusal[];
}
