/** What a dialect is: how one family of devices names its topics and writes its payloads. Pure: bytes in, readings out. */
import type { PropertyValue } from '../../domain/property.ts';
import type { ConnectivityReport, Reading } from '../../domain/telemetry.ts';

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
}

/** A part of a message that cannot be taken; the rest can. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

export type Decoded =
  | { readonly kind: 'telemetry'; readonly readings: readonly Reading[]; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'connectivity'; readonly report: ConnectivityReport }
  /** Says nothing, and is no fault. */
  | { readonly kind: 'empty' }
  /** A bad message: nothing of it can be taken. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Dialect {
  readonly name: string;
  /** MQTT topic filters to subscribe to; no message matches two of them. */
  readonly filters: readonly string[];
  /** Whether a topic is read by this dialect. */
  accepts(topic: string): boolean;
  /** Only for topics that are accepted. Throws nothing. */
  decode(message: Message): Decoded;
  /** Where and how all desired values of a twin are told; an empty object: nothing is desired any more. */
  encodeDesired(twin: string, desired: Readonly<Record<string, PropertyValue>>): { topic: string; payload: string };
}
