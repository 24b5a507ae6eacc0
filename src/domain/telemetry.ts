/** Telemetry in its normal form: what every dialect decodes to, and what became of each reading. */
import type { PropertyState, PropertyValue } from './property.ts';
import type { Quality } from './state.ts';

export interface Reading {
  readonly twin: string;
  readonly property: string;
  readonly value: PropertyValue;
  /** Unit as given by the source; absent: the model's. */
  readonly unit?: string;
  /** Epoch milliseconds by the source's clock; absent: receivedAt stands for it. */
  readonly observedAt?: number;
  /** Epoch milliseconds by our clock. */
  readonly receivedAt: number;
  readonly quality: Quality;
  /** Order among readings of one observedAt, where the source counts. */
  readonly sequence?: number;
  /** Told later than it was true: it belongs into the history, and replaces nothing newer. */
  readonly isHistorical?: boolean;
  /** Of a twin that nobody knew when it was told: the reading once the twin's model is known; null: none; or why none. */
  readonly underModel?: (model: string | null) => Reading | { readonly reason: string } | null;
}

/** A source takes properties of a twin away: those that were reported before (at, sequence). */
export interface Removal {
  readonly twin: string;
  readonly property: string;
  /** ONE: the property of this name. DEEP: also those whose names go on with a dot. PREFIX: all that begin so. */
  readonly reach: 'ONE' | 'DEEP' | 'PREFIX';
  /** Epoch milliseconds by the source's clock. */
  readonly at: number;
  readonly sequence: number;
}

/** Death or life of a device: a last will, a birth, a death certificate. */
export interface ConnectivityReport {
  readonly twin: string;
  /** STALE: nobody can say, as whoever spoke for it is gone. */
  readonly connectivity: 'ONLINE' | 'STALE' | 'OFFLINE';
  readonly at: number;
}

/** `ignored`: the mapping takes nothing of it for its twin's model. */
export type ReadingOutcome = 'applied' | 'stale' | 'rejected' | 'ignored' | 'unknown-twin';

/** A reading that the graph took, with what stood there before and what stands there now. */
export interface AppliedReading {
  readonly reading: Reading;
  readonly before: PropertyState | null;
  readonly after: PropertyState;
}

/** What became of a message that its sender waits for. */
export type Receipt =
  /** Also where parts of it were set aside. */
  | { readonly outcome: 'STORED' }
  /** Nothing of it can be taken, and it would get no better. */
  | { readonly outcome: 'REFUSED'; readonly reason: string }
  | { readonly outcome: 'UNKNOWN_DIALECT' }
  /** Not now. */
  | { readonly outcome: 'UNAVAILABLE'; readonly reason: string };
