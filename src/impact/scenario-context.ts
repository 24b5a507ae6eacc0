/** What the parts of an answer to a scenario share. */
import type { SafePlane } from './at-risk.ts';
import type { FaultZones } from './fault-zone.ts';
import type { Baseline, Workspace } from './simulate.ts';

/** What a scenario is judged on. The baseline is asked for anew each time: its clocks may have gone on meanwhile. */
export interface ScenarioContext {
  readonly workspace: Workspace;
  readonly baseline: () => Baseline;
  readonly safePlane: () => SafePlane;
  readonly zones: () => FaultZones;
  /** [T] Place of each twin among all ids. */
  readonly rankOfId: Int32Array;
  /** Twins of the baseline that are not healthy, or in maintenance; read at once, not later. */
  readonly abnormal: Iterable<number>;
  /** Whether some twin of the baseline is in maintenance. */
  readonly hasPlanned: boolean;
  /** Twins of the baseline whose state is not certain. */
  readonly uncertainCount: number;
}
