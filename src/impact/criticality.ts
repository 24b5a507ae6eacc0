/**
 * Every twin ranked by what its single outage does (IMPACT.md 7): what the scenario of that outage tells, for all at once.
 *
 * Three pictures bound what happens in time: at once (hold-ups hold, standbys wait), at the worst (no hold-up, standbys
 * wait), and in the end (no hold-up, standbys at work). Where the worst is what is at once, or what is in the end, it does
 * come to that; only the outages for which neither is so are run through time one by one.
 */
import { TWIN_KINDS, type TwinKind } from '../domain/state.ts';
import type { AnalysisPlant } from './analysis-plant.ts';
import { type Differences, differencesOf } from './differences.ts';
import type { LaneEvaluator } from './lane-evaluator.ts';
import { stateOf } from './planes.ts';
import { type OutageEffects, type OutageQuestion, planeEvaluators, rankOutages } from './rank-outages.ts';
import { simulate } from './simulate.ts';
import { ENDLESS, finish } from './steps.ts';
import type { TimeIsUp } from './time-is-up.ts';

export interface CriticalityQuestion {
  readonly kinds: readonly TwinKind[];
  /** Twins to rank; null: all of the kinds. */
  readonly within: Int32Array | null;
  /** By twin: its place among all ids. */
  readonly rankOfId: Int32Array;
}

/** One position per twin, the most critical first. */
export interface NumberedCriticality {
  readonly twins: Int32Array;
  readonly score: Float64Array;
  readonly affected: Int32Array;
  readonly processesDown: Int32Array;
  readonly processesDegraded: Int32Array;
  /** Milliseconds; NaN where nothing is affected. */
  readonly firstImpactAtMs: Float64Array;
}

/** Yields between rounds. By score, then the earliest impact, then the count of affected twins, then id. */
export function* rankCriticality(
  analysis: AnalysisPlant,
  question: CriticalityQuestion,
): Generator<void, NumberedCriticality, TimeIsUp> {
  const { plant, state } = analysis;
  const candidates = candidatesOf(analysis, question);
  const process = TWIN_KINDS.indexOf('PROCESS');
  const isProcess = plant.kind.map((kind) => Number(kind === process));
  // Whom nobody needs affects nobody.
  const needed = candidates.filter((twin) => plant.dependentStart[twin + 1]! > plant.dependentStart[twin]!);
  const outages = { candidates: needed, isProcess, criticality: state.criticality };
  const firstImpactAtMs = new Float64Array(needed.length);
  const { lanes } = analysis;
  const isTimed = plant.timedComponents.length > 0;
  const effects = yield* isTimed
    ? rankThroughTime(analysis, outages, firstImpactAtMs)
    : rankOutages(
        planeEvaluators(lanes, () => lanes, state.bits),
        outages,
      );
  const ranked = rankedPositions(needed, effects, firstImpactAtMs, question.rankOfId);
  return inOrder(ranked, candidates, { needed, effects, firstImpactAtMs }, question.rankOfId);
}

/** In order of number. */
function candidatesOf({ plant }: AnalysisPlant, { kinds, within }: CriticalityQuestion): Int32Array {
  const isWanted = TWIN_KINDS.map((kind) => kinds.includes(kind));
  const twins = within?.toSorted() ?? new Int32Array(plant.twinCount).map((_, twin) => twin);
  return twins.filter((twin) => isWanted[plant.kind[twin]!]);
}

/**
 * An outage that at the worst takes nothing from a group with a hold-up or a standby has the same effects in all pictures.
 * The other outages are looked at in each of them.
 */
function* rankThroughTime(
  analysis: AnalysisPlant,
  question: OutageQuestion,
  firstImpactAtMs: Float64Array,
): Generator<void, OutageEffects, TimeIsUp> {
  const { plant, lanes, state } = analysis;
  const isWatched = new Uint8Array(plant.twinCount);
  for (const groups of [plant.holdUpMsByGroup.keys(), standbyGroups(analysis)]) {
    for (const group of groups)
      for (let m = plant.memberStart[group]!; m < plant.memberStart[group + 1]!; m += 1)
        isWatched[plant.memberTwin[m]!] = 1;
  }
  const evaluators = planeEvaluators(lanes, analysis.lanesAtOutage(), state.bits);
  const each = new Set<LaneEvaluator>(Object.values(evaluators));
  const worst = yield* rankOutages(evaluators, { ...question, isWatched });
  const positions = question.candidates.map((_, at) => at).filter((at) => worst.touchesWatched[at] === 1);
  const near = { ...question, candidates: positions.map((at) => question.candidates[at]!) };
  for (const evaluator of each) analysis.holdCharged(evaluator);
  const atOnce = yield* rankOutages(evaluators, near);
  for (const evaluator of each) analysis.settle(evaluator);
  const settled = yield* rankOutages(evaluators, near);
  for (const [at, position] of positions.entries()) {
    if (worst.affected[position] === 0) continue;
    const isAtOnce = atOnce.affected[at]! > 0;
    const levels = worst.levelsLost[position];
    if (isAtOnce && (levels === settled.levelsLost[at] || levels === atOnce.levelsLost[at])) continue;
    const differences = simulateOutage(analysis, near.candidates[at]!);
    countEffects(question, differences, worst, position);
    firstImpactAtMs[position] = firstOf(differences);
    yield;
  }
  return worst;
}

function* standbyGroups({ plant }: AnalysisPlant): Generator<number> {
  for (const member of plant.standbyMsByMember.keys()) yield plant.memberGroup[member]!;
}

function simulateOutage({ workspace, state, timed }: AnalysisPlant, twin: number): Differences {
  const overrides = { own: new Map([[twin, 0]]), closed: new Map(), relationshipClosed: new Map() };
  const options = { isCold: false, horizonMs: Number.POSITIVE_INFINITY };
  const history = finish(simulate(workspace, { state, timed }, overrides, options));
  return finish(differencesOf(history, new Set([twin]), ENDLESS));
}

/** A hold-up may last until a standby comes: then nothing is affected. */
function firstOf(differences: Differences): number {
  let first = Number.NaN;
  for (const position of differences.positions) {
    const impactAtMs = differences.impactAtMs(position);
    if (!(first <= impactAtMs)) first = impactAtMs;
  }
  return first;
}

function countEffects(
  { isProcess, criticality }: OutageQuestion,
  differences: Differences,
  to: OutageEffects,
  at: number,
): void {
  let score = 0;
  let down = 0;
  let degraded = 0;
  const { positions, history } = differences;
  for (const position of positions) {
    const twin = history.twins[position]!;
    if (isProcess[twin] === 0) continue;
    score += (criticality[twin]! * differences.loss(position)) / 2;
    const after = stateOf(differences.bitsAfter(position));
    if (after === 'DOWN') down += 1;
    if (after === 'DEGRADED') degraded += 1;
  }
  to.affected[at] = positions.length;
  to.score[at] = score;
  to.processesDown[at] = down;
  to.processesDegraded[at] = degraded;
}

/** Positions of those that affect somebody, the most critical first. */
function rankedPositions(
  candidates: Int32Array,
  { score, affected }: OutageEffects,
  firstImpactAtMs: Float64Array,
  rankOfId: Int32Array,
): Int32Array {
  const positions = candidates.map((_, at) => at).filter((at) => affected[at]! > 0);
  return positions.toSorted((a, b) => {
    if (score[a] !== score[b]) return score[b]! - score[a]!;
    if (firstImpactAtMs[a] !== firstImpactAtMs[b]) return firstImpactAtMs[a]! - firstImpactAtMs[b]!;
    if (affected[a] !== affected[b]) return affected[b]! - affected[a]!;
    return rankOfId[candidates[a]!]! - rankOfId[candidates[b]!]!;
  });
}

interface Effects {
  readonly needed: Int32Array;
  readonly effects: OutageEffects;
  readonly firstImpactAtMs: Float64Array;
}

/** The ranked ones, then all others by id. */
function inOrder(
  ranked: Int32Array,
  candidates: Int32Array,
  { needed, effects, firstImpactAtMs }: Effects,
  rankOfId: Int32Array,
): NumberedCriticality {
  const answer = {
    twins: new Int32Array(candidates.length),
    score: new Float64Array(candidates.length),
    affected: new Int32Array(candidates.length),
    processesDown: new Int32Array(candidates.length),
    processesDegraded: new Int32Array(candidates.length),
    firstImpactAtMs: new Float64Array(candidates.length).fill(Number.NaN),
  };
  const isRanked = new Uint8Array(rankOfId.length);
  for (let place = 0; place < ranked.length; place += 1) {
    const at = ranked[place]!;
    answer.twins[place] = needed[at]!;
    answer.score[place] = effects.score[at]!;
    answer.affected[place] = effects.affected[at]!;
    answer.processesDown[place] = effects.processesDown[at]!;
    answer.processesDegraded[place] = effects.processesDegraded[at]!;
    answer.firstImpactAtMs[place] = firstImpactAtMs[at]!;
    isRanked[needed[at]!] = 1;
  }
  const twinAtRank = new Int32Array(rankOfId.length);
  for (let twin = 0; twin < rankOfId.length; twin += 1) twinAtRank[rankOfId[twin]!] = twin;
  const others = candidates.filter((twin) => isRanked[twin] === 0).map((twin) => rankOfId[twin]!);
  answer.twins.set(
    others.toSorted().map((rank) => twinAtRank[rank]!),
    ranked.length,
  );
  return answer;
}
