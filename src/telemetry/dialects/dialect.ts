/**
 * What a dialect is: how one family of devices names its topics and writes its payloads. It tells what a message says in
 * the source's own names; the mapping turns those into twins and properties. It does no I/O and knows no clock: bytes
 * and times in, what was told and what is to be sent out. What it remembers of its sources is its own.
 */
import type { PropertyValue } from '../../domain/property.ts';
import type { Quality } from '../../domain/state.ts';

/** Where a message stands in a log. */
export interface Sent {
  /** Epoch milliseconds that stand with it, by its sender or the broker: the time of what is told without one. */
  readonly at?: number;
  /** Order among messages of one source with the same `at`. */
  readonly order: number;
  /** `kafka:topic/partition@offset` */
  readonly origin: string;
}

/** A message as it came from a broker. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Epoch milliseconds by our clock; never goes back from one message to the next. */
  readonly receivedAt: number;
  /** Number of messages before this one with the same `receivedAt`: the order where a source gives no times. */
  readonly arrival: number;
  /** The broker had kept it and gives it to a new subscriber: nobody knows how old it is. */
  readonly isReplay: boolean;
  /** What a broker that keeps its messages as a log says of it; absent: others. */
  readonly sent?: Sent;
  /** Whether its sender may tell of a source; absent: of all. To be asked before anything is remembered of the source. */
  readonly mayTell?: (source: Names) => boolean;
}

/** A part of a message that cannot be taken; the rest can. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/** A message of ours to a broker. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** What a source calls something, by the names that templates may use: `{namespace: 'org.acme', name: 'pump-1'}`. */
export type Names = Readonly<Record<string, string>>;

/** When something was true, by the source; it decides what is newer. */
interface SourceTime {
  /** RFC 3339 text, or epoch seconds or milliseconds; absent: the time of receipt. */
  readonly observedAt?: string | number;
  /** Order among those of one `observedAt`: a revision, a version, a count. */
  readonly sequence?: number;
}

export interface SourceReading extends SourceTime {
  readonly source: Names;
  readonly property: Names;
  /** As decoded; values that no property can hold are refused later. */
  readonly value: unknown;
  readonly unit?: string;
  /** Default GOOD. */
  readonly quality?: Quality;
  /** Told later than it was true: it belongs into the history, and replaces nothing newer. */
  readonly isHistorical?: boolean;
}

/** A source that takes a property away, unless it was reported at that time or later. */
export interface SourceRemoval extends SourceTime {
  readonly source: Names;
  /** Without some of the template's names: all properties whose names begin alike. */
  readonly property: Names;
  /** Also what hangs below it: `a` takes `a.b` away. */
  readonly isDeep: boolean;
}

/** What a source's own twin says is desired. */
export interface SourceDesired {
  readonly source: Names;
  readonly property: Names;
  /** null: nothing is desired any more. */
  readonly value: PropertyValue;
}

/** A birth, a death, or a source that nobody can hear any more. Values stay as they are. */
export interface SourceReport {
  readonly source: Names;
  readonly connectivity: 'ONLINE' | 'STALE' | 'OFFLINE';
}

/** All that a message, a moment or a connection tells. Several sources may be in it. */
export interface Told {
  readonly readings?: readonly SourceReading[];
  readonly removals?: readonly SourceRemoval[];
  readonly desired?: readonly SourceDesired[];
  /** Taken after the readings. ONLINE also brings the source what is desired of it. */
  readonly reports?: readonly SourceReport[];
  readonly refusals?: readonly Refusal[];
  /** Answers, requests, commands. */
  readonly send?: readonly Outgoing[];
  /** Names this message among all of the dialect's; one that comes again under the same key is counted and left. */
  readonly dedupeKey?: string;
  /** A bad message: nothing of it can be taken. */
  readonly fault?: string;
}

/** A desired value on its way to a device. */
export interface DesiredValue {
  readonly property: Names;
  /** null: nothing is desired any more. */
  readonly value: PropertyValue;
  /** The device has reported this very value. */
  readonly isInSync: boolean;
}

/** One dialect as configured, with what it remembers. Nothing here throws. */
export interface Dialect {
  /** Of its topic filters, those whose retained messages it needs whenever the server starts: what it knew is gone. */
  readonly retainedFilters?: readonly string[];
  decode(message: Message): Told;
  /** When `wake` wants to be called next, in epoch milliseconds; absent: never. Read behind every call. */
  readonly wakeAt?: number | undefined;
  wake?(now: number): Told;
  /** Called at every connection to the broker, once we are subscribed. */
  connected?(now: number): Told;
  /** The connection is gone: what is told while nobody listens is lost. */
  disconnected?(now: number): Told;
  /** Our own last will, asked for before every connection. At most one dialect of a server may have one. */
  will?(now: number): Outgoing;
  /** Said before we leave in order. */
  goodbye?(now: number): readonly Outgoing[];
  /** How a source is told what is desired of it. Absent: it cannot be told. */
  encodeDesired?(source: Names, values: readonly DesiredValue[], now: number): readonly Outgoing[];
}
