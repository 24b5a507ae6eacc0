/**
 * What the single outages of many twins do, thirty-two twins at a time.
 * Candidates that stand near each other in the order of supply share most of what they touch, so they go together.
 */
import { LaneEvaluator } from './lane-evaluator.ts';
import type { LanePlant } from './lane-plant.ts';
import { BEST_CUT1, BEST_CUT2, CUT1, WORST, WORST_CUT1, WORST_CUT2 } from './planes.ts';
import type { TimeIsUp } from './time-is-up.ts';

export interface OutageQuestion {
  /** Twins whose outage is tried, ascending. */
  readonly candidates: Int32Array;
  /** By twin; counts for processes. */
  readonly criticality: Float64Array;
  /** By twin; 1: a process. */
  readonly isProcess: Uint8Array;
  /** By twin; 1: it is told which outages change it. null: of none. */
  readonly isWatched?: Uint8Array | null;
}

/** By position in `candidates`. */
export interface OutageEffects {
  /** Sum over processes of criticality times levels lost, over 2; of worst and best case the greater loss. */
  readonly score: Float64Array;
  /** Twins that lose a level in the worst or in the best case, without the candidate itself. */
  readonly affected: Int32Array;
  readonly processesDown: Int32Array;
  readonly processesDegraded: Int32Array;
  /** Levels that all twins lose, in worst and best case: of two effects of which one is part of the other, it tells whether they are the same. */
  readonly levelsLost: Int32Array;
  /** 1: the outage changes a twin that is watched. */
  readonly touchesWatched: Uint8Array;
}

/** An evaluator for each plane; planes that cannot differ share one. */
export interface PlaneEvaluators {
  readonly worst1: LaneEvaluator;
  readonly worst2: LaneEvaluator;
  readonly best1: LaneEvaluator;
  readonly best2: LaneEvaluator;
}

/** `plantOf` gives the plant of a plane; all have the conditions of `plant`, and `bits` without any outage. */
export function planeEvaluators(
  plant: LanePlant,
  plantOf: (plane: number) => LanePlant,
  bits: Uint8Array | null = null,
): PlaneEvaluators {
  const { isGraded, isUncertain } = variety(plant);
  const evaluator = (plane: number) => new LaneEvaluator(plantOf(plane), plane, bits);
  const worst2 = evaluator(WORST_CUT2);
  const worst1 = isGraded ? evaluator(WORST_CUT1) : worst2;
  if (!isUncertain) return { worst1, worst2, best1: worst1, best2: worst2 };
  const best2 = evaluator(BEST_CUT2);
  return { worst1, worst2, best1: isGraded ? evaluator(BEST_CUT1) : best2, best2 };
}

/** Yields between rounds. */
export function* rankOutages(
  planes: PlaneEvaluators,
  question: OutageQuestion,
): Generator<void, OutageEffects, TimeIsUp> {
  const round = new OutageRound(planes, question);
  for (let from = 0; from < question.candidates.length; from += 32) {
    round.judge(from);
    yield;
  }
  return round.effects;
}

class OutageRound {
  readonly effects: OutageEffects;
  readonly #question: OutageQuestion;
  readonly #planes: PlaneEvaluators;
  readonly #evaluators: readonly LaneEvaluator[];
  /** Lanes in which the twin is what is out. */
  readonly #self: Int32Array;
  readonly #isSeen: Uint8Array;
  readonly #seen: Int32Array;
  readonly #affected = new LaneCounter();
  readonly #levels = new LaneCounter();

  constructor(planes: PlaneEvaluators, question: OutageQuestion) {
    const count = question.candidates.length;
    const { twinCount } = planes.worst2.plant;
    this.#question = question;
    this.effects = {
      score: new Float64Array(count),
      affected: new Int32Array(count),
      processesDown: new Int32Array(count),
      processesDegraded: new Int32Array(count),
      levelsLost: new Int32Array(count),
      touchesWatched: new Uint8Array(count),
    };
    this.#planes = planes;
    this.#evaluators = [...new Set(Object.values(planes) as LaneEvaluator[])];
    this.#self = new Int32Array(twinCount);
    this.#isSeen = new Uint8Array(twinCount);
    this.#seen = new Int32Array(twinCount);
  }

  /** Tries the candidates from this position on, as many as there are lanes. */
  judge(from: number): void {
    const candidates = this.#question.candidates.subarray(from, from + 32);
    for (const evaluator of this.#evaluators) {
      for (let lane = 0; lane < candidates.length; lane += 1) evaluator.takeOut(candidates[lane]!, 1 << lane);
      evaluator.run();
    }
    for (let lane = 0; lane < candidates.length; lane += 1) this.#self[candidates[lane]!]! |= 1 << lane;
    if (this.#question.isWatched) this.#tellWatched(this.#question.isWatched, from);
    this.#collect(from);
    for (let lane = 0; lane < candidates.length; lane += 1) this.#self[candidates[lane]!] = 0;
    this.#affected.drain(this.effects.affected.subarray(from, from + candidates.length));
    this.#levels.drain(this.effects.levelsLost.subarray(from, from + candidates.length));
    for (const evaluator of this.#evaluators) evaluator.reset();
  }

  #tellWatched(isWatched: Uint8Array, from: number): void {
    let lanes = 0;
    for (const { touched, touchedCount, words, baseline } of this.#evaluators) {
      for (let at = 0; at < touchedCount; at += 1) {
        const twin = touched[at]!;
        if (isWatched[twin]) lanes |= words[twin]! ^ baseline[twin]!;
      }
    }
    for (; lanes !== 0; lanes &= lanes - 1) this.effects.touchesWatched[from + 31 - Math.clz32(lanes & -lanes)] = 1;
  }

  /** Adds what the lanes do to every twin that they touch. */
  #collect(from: number): void {
    const { isProcess } = this.#question;
    const { words: worst1, baseline: baseWorst1 } = this.#planes.worst1;
    const { words: worst2, baseline: baseWorst2 } = this.#planes.worst2;
    const { words: best1, baseline: baseBest1 } = this.#planes.best1;
    const { words: best2, baseline: baseBest2 } = this.#planes.best2;
    const isUncertain = best2 !== worst2;
    const self = this.#self;
    const seen = this.#findTouched();
    for (let at = 0; at < seen; at += 1) {
      const twin = this.#seen[at]!;
      const others = ~self[twin]!;
      let lost1 = baseWorst1[twin]! & ~worst1[twin]! & others;
      let lost2 = baseWorst2[twin]! & ~worst2[twin]! & others;
      let lostBest1 = 0;
      let lostBest2 = 0;
      if (isUncertain) {
        // A standby that is at work in the worst case alone can put it above the best: the range is what lies between.
        lost1 = baseWorst1[twin]! & ~(worst1[twin]! & best1[twin]!) & others;
        lost2 = baseWorst2[twin]! & ~(worst2[twin]! & best2[twin]!) & others;
        lostBest1 = baseBest1[twin]! & ~(worst1[twin]! | best1[twin]!) & others;
        lostBest2 = baseBest2[twin]! & ~(worst2[twin]! | best2[twin]!) & others;
      }
      const lost = lost1 | lost2 | lostBest1 | lostBest2;
      if (lost === 0) continue;
      this.#affected.add(lost);
      this.#levels.add(lost1);
      this.#levels.add(lost2);
      this.#levels.add(lostBest1);
      this.#levels.add(lostBest2);
      if (isProcess[twin]) this.#countProcess(twin, lost, (lost1 & lost2) | (lostBest1 & lostBest2), from);
    }
  }

  /** Fills #seen with the twins that some evaluator touched; answers how many. */
  #findTouched(): number {
    const seen = this.#seen;
    const isSeen = this.#isSeen;
    let count = 0;
    for (const { touched, touchedCount } of this.#evaluators) {
      for (let at = 0; at < touchedCount; at += 1) {
        const twin = touched[at]!;
        if (isSeen[twin]) continue;
        isSeen[twin] = 1;
        seen[count++] = twin;
      }
    }
    for (let at = 0; at < count; at += 1) isSeen[seen[at]!] = 0;
    return count;
  }

  /** `lost`: lanes in which the process loses a level at least; `lostBoth`: two. */
  #countProcess(twin: number, lost: number, lostBoth: number, from: number): void {
    const { score, processesDown, processesDegraded } = this.effects;
    const { worst1, worst2, best1, best2 } = this.#planes;
    const some = worst1.words[twin]! | best1.words[twin]!;
    const degraded = worst1.words[twin]! & best1.words[twin]! & ~(worst2.words[twin]! | best2.words[twin]!);
    const weight = this.#question.criticality[twin]!;
    for (let rest = lost; rest !== 0; ) {
      const bit = rest & -rest;
      rest ^= bit;
      const at = from + 31 - Math.clz32(bit);
      score[at]! += lostBoth & bit ? weight : weight / 2;
      if ((some & bit) === 0) processesDown[at]! += 1;
      else if (degraded & bit) processesDegraded[at]! += 1;
    }
  }
}

/** Thirty-two counters: adds 1 to those that a word names. */
class LaneCounter {
  /** Digit i of each lane's count. */
  readonly #digits = new Int32Array(32);

  add(lanes: number): void {
    const digits = this.#digits;
    for (let carry = lanes, digit = 0; carry !== 0; digit += 1) {
      const next = digits[digit]! & carry;
      digits[digit]! ^= carry;
      carry = next;
    }
  }

  /** Writes the counts of the first lanes, and begins again at 0. */
  drain(counts: Int32Array): void {
    counts.fill(0);
    for (let digit = 0; digit < 32; digit += 1) {
      const bits = this.#digits[digit]!;
      if (bits === 0) continue;
      for (let lane = 0; lane < counts.length; lane += 1) counts[lane]! += ((bits >>> lane) & 1) << digit;
    }
    this.#digits.fill(0);
  }
}

/** Whether the cuts, and whether worst and best case, can come out differently anywhere. */
function variety({ reaches, needFull, needMin }: LanePlant): { isGraded: boolean; isUncertain: boolean } {
  let isGraded = needFull.some((full, group) => full !== needMin[group]);
  let isUncertain = false;
  for (const bits of reaches) {
    if (((bits >> 1) ^ bits) & CUT1) isGraded = true;
    if (((bits >> 2) ^ bits) & WORST) isUncertain = true;
  }
  return { isGraded, isUncertain };
}
