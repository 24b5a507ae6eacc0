/** What the pipeline works with: messages turned into twins and properties, whatever dialect they came in. */
import type { PropertyValue } from '../domain/property.ts';
import type { ConnectivityReport, Reading, Removal } from '../domain/telemetry.ts';
import type { Message, Refusal } from './dialects/dialect.ts';

/** A value that a source's own twin desires. */
export interface DesiredChange {
  readonly twin: string;
  readonly property: string;
  /** null: nothing is desired any more. */
  readonly value: PropertyValue;
  /** Unit of its source; absent: the model's. */
  readonly unit?: string;
}

/** What a dialect told, mapped. */
export interface Told {
  readonly kind: 'told';
  readonly readings: readonly Reading[];
  readonly removals: readonly Removal[];
  readonly desired: readonly DesiredChange[];
  readonly reports: readonly ConnectivityReport[];
  readonly refusals: readonly Refusal[];
}

export type Decoded =
  | { readonly kind: 'telemetry'; readonly readings: readonly Reading[]; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'connectivity'; readonly report: ConnectivityReport }
  | Told
  /** Says nothing, and is no fault. */
  | { readonly kind: 'empty' }
  /** A bad message: nothing of it can be taken. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Decoder {
  /** Whether a topic is read at all. */
  accepts(topic: string): boolean;
  /** Only for topics that are accepted. Throws nothing. `mayTell`: of which twins its sender may tell; absent: of all. */
  decode(message: Message, mayTell?: (twin: string) => boolean): Decoded;
}
