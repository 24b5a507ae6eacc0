/** A twin's property: its last reported value, the value that is desired, and what is known of both. */
import type { Quality } from './state.ts';

/** Any JSON value; scalars and lists of one scalar type are what telemetry brings. */
export type PropertyValue =
  | string
  | number
  | boolean
  | null
  | readonly PropertyValue[]
  | { readonly [key: string]: PropertyValue };

export interface PropertyState {
  /** null: never reported (only desired). */
  readonly value: PropertyValue;
  /** undefined: nothing is desired. */
  readonly desired?: PropertyValue;
  /** Unit that the source gave; null: the model's. */
  readonly unit: string | null;
  readonly quality: Quality;
  /** Epoch milliseconds, by the source's clock; the receive time where the source gives none. */
  readonly observedAt: number | null;
  /** Epoch milliseconds. */
  readonly receivedAt: number | null;
  /** Source's order among readings of one observedAt. 0 where it gives none. */
  readonly order: number;
  /** Indexes into the model's limits of this property that are active (past threshold, not yet back by deadband). */
  readonly activeLimits: readonly number[];
  /** Limits that are past their threshold and wait for their delay, each as its index and since when (epoch ms), one behind the other. Absent: none. */
  readonly pendingLimits?: readonly number[];
  /** No value within the model's staleAfter. */
  readonly stale: boolean;
}

/** A property's state before anything was reported or desired. */
export const EMPTY_PROPERTY: PropertyState = {
  value: null,
  unit: null,
  quality: 'GOOD',
  observedAt: null,
  receivedAt: null,
  order: 0,
  activeLimits: [],
  stale: false,
};
