/** Whose loss planned work alone explains (IMPACT.md 6): the scenario run again with planned, and with unplanned outages alone. */
import type { Differences } from './differences.ts';
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
  /** What all outages together did. */
  readonly differences: Differences;
}

/**
 * Marks the twins whose loss is planned only: at no instant below OPERATIONAL without planned work, and at no instant
 * worse than planned work alone makes it. So a loss that planned work explains for part of the time is not planned.
 */
export function* markPlanned(question: PlannedQuestion): Steps<void> {
  const { differences, place } = question;
  const { history } = differences;
  const all = new Levels({ history, bitsBefore: place.baseline.state.bits });
  const planned = new Levels(yield* runUnder(question, 'PLANNED'));
  const unplanned = new Levels(yield* runUnder(question, 'UNPLANNED'));
  for (const position of differences.positions) {
    const twin = history.twins[position] as number;
    // What is certain is judged by the best case, what is possible by the worst.
    const rankOf = differences.isCertain(position) ? bestRank : worstRank;
    for (const levels of [all, planned, unplanned]) levels.read(twin, rankOf);
    const isUnplanned = unplanned.isShort() || all.isSomewhereBelow(planned);
    if (all.isShort() && !isUnplanned) differences.markPlanned(position);
    if (place.workspace.pace.isDue(LEVELS_AS)) yield;
  }
}

/** A scenario that was run. */
interface Run {
  readonly history: History;
  /** [T] */
  readonly bitsBefore: Uint8Array;
}

function* runUnder(question: PlannedQuestion, share: 'PLANNED' | 'UNPLANNED'): Steps<Run> {
  const { context, place, scenario, options } = question;
  const { workspace, baseline } = place;
  const { state } = baseline;
  const overrides = yield* resolveScenario(state, { ...context, scenario, share, pace: workspace.pace });
  const restore = yield* rebase(workspace, baseline, conditionsOf(state, context.abnormal, share));
  try {
    return { history: yield* simulate(workspace, baseline, overrides, options), bitsBefore: state.bits.slice() };
  } finally {
    restore();
  }
}

/** The levels that one twin comes to in a run, one twin after the other: a list for each would be garbage to collect. */
class Levels {
  readonly #run: Run;
  #count = 0;
  /** When each level starts; the first is at 0. */
  readonly #atMs: number[] = [];
  readonly #rank: number[] = [];

  constructor(run: Run) {
    this.#run = run;
  }

  read(twin: number, rankOf: (bits: number) => number): void {
    const { history, bitsBefore } = this.#run;
    const position = history.positionOf(twin);
    this.#count = 0;
    if (position === undefined || history.atMs(position, 0) > 0) this.#add(0, rankOf(bitsBefore[twin] as number));
    if (position === undefined) return;
    for (let n = 0; n < history.changeCount(position); n += 1)
      this.#add(history.atMs(position, n), rankOf(history.bitsAfter(position, n)));
  }

  #add(atMs: number, rank: number): void {
    this.#atMs[this.#count] = atMs;
    this.#rank[this.#count] = rank;
    this.#count += 1;
  }

  #startMs(n: number): number {
    return n < this.#count ? (this.#atMs[n] as number) : Number.POSITIVE_INFINITY;
  }

  isShort(): boolean {
    for (let n = 0; n < this.#count; n += 1) if ((this.#rank[n] as number) < OPERATIONAL_RANK) return true;
    return false;
  }

  /** Whether there is an instant at which it is below the other. */
  isSomewhereBelow(other: Levels): boolean {
    let at = 0;
    for (let n = 0; n < this.#count; n += 1) {
      while (other.#startMs(at + 1) <= this.#startMs(n)) at += 1;
      const endMs = this.#startMs(n + 1);
      for (let of = at; of < other.#count && (of === at || other.#startMs(of) < endMs); of += 1)
        if ((this.#rank[n] as number) < (other.#rank[of] as number)) return true;
    }
    return false;
  }
}
