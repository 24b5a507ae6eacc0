/** Whose loss planned work alone explains (IMPACT.md 6): the scenario run again with planned, and with unplanned outages alone. */
import { type Difference } from './affected.ts';
import type { FaultZones } from './fault-zone.ts';
import type { History } from './history.ts';
import { bestRank, worstRank } from './planes.ts';
import { conditionsOf, resolveScenario } from './resolve-scenario.ts';
import { type Baseline, rebase, type SimulationOptions, simulate, type Workspace } from './simulate.ts';
import type { Scenario } from './types.ts';

const OPERATIONAL_RANK = 2;

export interface PlannedQuestion {
  readonly workspace: Workspace;
  readonly baseline: Baseline;
  readonly zones: () => FaultZones;
  readonly scenario: Scenario;
  readonly options: SimulationOptions;
  /** Twins of the baseline that are not healthy, or in maintenance. */
  readonly abnormal: Iterable<number>;
  /** All outages together, and what they did. */
  readonly history: History;
  readonly differences: readonly Difference[];
}

/** Twins whose loss is planned only: D_A < OPERATIONAL, and neither D_U < OPERATIONAL nor D_A < D_P. */
export function plannedOnly(question: PlannedQuestion): ReadonlySet<number> {
  const planned = ranksUnder(question, 'PLANNED');
  const unplanned = ranksUnder(question, 'UNPLANNED');
  const only = new Set<number>();
  for (const [at, difference] of question.differences.entries()) {
    const all = lowestRank(question.history, difference, rankOf(difference), difference.bitsBefore);
    const isUnplanned = (unplanned[at] as number) < OPERATIONAL_RANK || all < (planned[at] as number);
    if (all < OPERATIONAL_RANK && !isUnplanned) only.add(difference.twin);
  }
  return only;
}

/** The least level within the timeline, per difference. */
function ranksUnder(question: PlannedQuestion, share: 'PLANNED' | 'UNPLANNED'): number[] {
  const { workspace, baseline, zones, scenario, options, abnormal, differences } = question;
  const overrides = resolveScenario(baseline.state, zones, scenario, share);
  const restore = rebase(workspace, baseline, conditionsOf(baseline.state, abnormal, share));
  try {
    const history = simulate(workspace, baseline, overrides, options);
    return differences.map((each) => lowestRank(history, each, rankOf(each), baseline.state.bits[each.twin] as number));
  } finally {
    restore();
  }
}

/** What is certain is judged by the best case, what is possible by the worst. */
function rankOf({ isCertain }: Difference): (bits: number) => number {
  return isCertain ? bestRank : worstRank;
}

function lowestRank(
  history: History,
  { twin }: Difference,
  rank: (bits: number) => number,
  bitsBefore: number,
): number {
  const position = history.positionOf(twin);
  if (position === undefined) return rank(bitsBefore);
  let lowest = history.atMs(position, 0) > 0 ? rank(bitsBefore) : OPERATIONAL_RANK;
  for (let n = 0; n < history.changeCount(position); n += 1)
    lowest = Math.min(lowest, rank(history.bitsAfter(position, n)));
  return lowest;
}
