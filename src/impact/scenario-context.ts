/** What the parts of an answer to a scenario share. */
import type { SafePlane } from './at-risk.ts';
import type { FaultZones } from './fault-zone.ts';
import type { PlantState } from './plant-state.ts';
import type { Baseline, Workspace } from './simulate.ts';
import type { Steps } from './steps.ts';

/** Where a scenario is run. */
export interface Place {
  readonly workspace: Workspace;
  readonly baseline: Baseline;
  /** The baseline's. */
  safePlane(): Steps<SafePlane>;
}

/** What a scenario is judged on. */
export interface ScenarioContext {
  /** Read only: it is as it was when the scenario was asked. */
  readonly state: PlantState;
  /** Runs a scenario on that state, where nobody sees it half done. Ended early, work takes back what it did to its place. */
  work<T>(run: (place: Place) => Steps<T>): Steps<T>;
  readonly zones: () => FaultZones;
  /** [T] Place of each twin among all ids. */
  readonly rankOfId: Int32Array;
  /** Twins of the baseline that are not healthy, or in maintenance; only where work is planned. */
  readonly abnormal: Iterable<number>;
  /** Whether work is planned, in the baseline or by the scenario. */
  readonly hasPlanned: boolean;
  /** Twins of the baseline whose state is not certain. */
  readonly uncertainCount: number;
}
