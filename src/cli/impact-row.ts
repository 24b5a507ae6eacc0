/** One affected twin, as it is told. Durations are ISO 8601, from the start of the outage. */
export interface ImpactRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly before: string;
  readonly after: string;
  readonly certainty: string;
  readonly impactAt: string;
  /** null: not by itself. */
  readonly recoversAt: string | null;
  /** The chain of cause, from a failed twin to this one. */
  readonly because: readonly string[];
}
