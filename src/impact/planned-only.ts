/** Whose loss planned work alone explains (IMPACT.md 6): the scenario run again with planned, and with unplanned outages alone. */
import type { Difference } from './affected.ts';
import type { History } from './history.ts';
import { bestRank, worstRank } from './planes.ts';
import { conditionsOf, resolveScenario } from './resolve-scenario.ts';
import type { Place, ScenarioContext } from './scenario-context.ts';
import { rebase, type SimulationOptions, simulate } from './simulate.ts';
import type { Steps } from './steps.ts';
import type { Scenario } from './types.ts';

const OPERATIONAL_RANK = 2;

/** Comparing the levels of one twin, in memberships looked at (see Pace). */
const LEVELS_AS = 16;

export interface PlannedQuestion {
  readonly context: Pick<ScenarioContext, 'zones' | 'abnormal'>;
  readonly place: Place;
  readonly scenario: Scenario;
  readonly options: SimulationOptions;
  /** All outages together, and what they did. */
  readonly history: History;
  readonly differences: readonly Difference[];
}

/**
 * Twins whose loss is planned only: at no instant below OPERATIONAL without planned work, and at no instant worse than
 * planned work alone makes it. So a loss that planned work explains for part of the time is not planned.
 */
export function* plannedOnly(question: PlannedQuestion): Steps<ReadonlySet<number>> {
  const planned = yield* levelsUnder(question, 'PLANNED');
  const unplanned = yield* levelsUnder(question, 'UNPLANNED');
  const { pace } = question.place.workspace;
  const only = new Set<number>();
  for (const [at, difference] of question.differences.entries()) {
    const all = levelsOf(question.history, difference, rankOf(difference), difference.bitsBefore);
    const isUnplanned = isShort(unplanned[at] as Levels) || isSomewhereBelow(all, planned[at] as Levels);
    if (isShort(all) && !isUnplanned) only.add(difference.twin);
    if (pace.isDue(LEVELS_AS)) yield;
  }
  return only;
}

/** The levels that a twin comes to, each with the instant of its start; the first is at 0. */
type Levels = readonly { readonly atMs: number; readonly rank: number }[];

/** Levels within the timeline, per difference. */
function* levelsUnder(question: PlannedQuestion, share: 'PLANNED' | 'UNPLANNED'): Steps<Levels[]> {
  const { context, place, scenario, options, differences } = question;
  const { workspace, baseline } = place;
  const overrides = yield* resolveScenario(baseline.state, { ...context, scenario, share, pace: workspace.pace });
  const restore = yield* rebase(workspace, baseline, conditionsOf(baseline.state, context.abnormal, share));
  try {
    const history = yield* simulate(workspace, baseline, overrides, options);
    const levels: Levels[] = [];
    for (const each of differences) {
      levels.push(levelsOf(history, each, rankOf(each), baseline.state.bits[each.twin] as number));
      if (workspace.pace.isDue(LEVELS_AS)) yield;
    }
    return levels;
  } finally {
    restore();
  }
}

/** What is certain is judged by the best case, what is possible by the worst. */
function rankOf({ isCertain }: Difference): (bits: number) => number {
  return isCertain ? bestRank : worstRank;
}

function levelsOf(history: History, { twin }: Difference, rank: (bits: number) => number, bitsBefore: number): Levels {
  const position = history.positionOf(twin);
  if (position === undefined) return [{ atMs: 0, rank: rank(bitsBefore) }];
  const levels = history.atMs(position, 0) > 0 ? [{ atMs: 0, rank: rank(bitsBefore) }] : [];
  for (let n = 0; n < history.changeCount(position); n += 1)
    levels.push({ atMs: history.atMs(position, n), rank: rank(history.bitsAfter(position, n)) });
  return levels;
}

function isShort(levels: Levels): boolean {
  return levels.some(({ rank }) => rank < OPERATIONAL_RANK);
}

/** Whether there is an instant at which one is below the other. */
function isSomewhereBelow(lower: Levels, upper: Levels): boolean {
  let at = 0;
  for (const [n, { atMs, rank }] of lower.entries()) {
    while (at + 1 < upper.length && (upper[at + 1]?.atMs as number) <= atMs) at += 1;
    const endMs = lower[n + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    for (let of = at; of < upper.length && (of === at || (upper[of]?.atMs as number) < endMs); of += 1)
      if (rank < (upper[of]?.rank as number)) return true;
  }
  return false;
}
