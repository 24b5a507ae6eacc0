/**
 * What the single outage of each of many twins does for good (IMPACT.md 7, criticality), thirty-two twins at a time.
 * Candidates that stand near each other in the order of supply share most of what they touch, so they go together.
 */
import { LaneEvaluator } from './lane-evaluator.ts';
import type { LanePlant } from './lane-plant.ts';
import { BEST_CUT1, BEST_CUT2, CUT1, WORST, WORST_CUT1, WORST_CUT2 } from './planes.ts';

export interface OutageQuestion {
  /** Twins whose outage is tried, ascending. */
  readonly candidates: Int32Array;
  /** By twin; 0 for what is no process. */
  readonly processCriticality: Float64Array;
  /** By twin; 1: a process. */
  readonly isProcess: Uint8Array;
}

/** By position in `candidates`. */
export interface OutageEffects {
  /** Sum over processes of criticality times levels lost, over 2; of worst and best case the greater loss. */
  readonly score: Float64Array;
  /** Twins that lose a level in the worst or in the best case, without the candidate itself. */
  readonly affected: Int32Array;
  readonly processesDown: Int32Array;
  readonly processesDegraded: Int32Array;
}

/** Yields between rounds. */
export function* rankOutages(plant: LanePlant, question: OutageQuestion): Generator<void, OutageEffects, void> {
  const round = new OutageRound(plant, question);
  for (let from = 0; from < question.candidates.length; from += 32) {
    round.judge(from);
    yield;
  }
  return round.effects;
}

class OutageRound {
  readonly effects: OutageEffects;
  readonly #question: OutageQuestion;
  /** Each plane's evaluator; planes that cannot differ share one. */
  readonly #worst1: LaneEvaluator;
  readonly #worst2: LaneEvaluator;
  readonly #best1: LaneEvaluator;
  readonly #best2: LaneEvaluator;
  readonly #evaluators: readonly LaneEvaluator[];
  /** Lanes in which the twin is what is out. */
  readonly #self: Int32Array;
  readonly #isSeen: Uint8Array;
  readonly #seen: Int32Array;
  /** Affected twins of each lane, counted in binary: digit i, a bit for each lane. */
  readonly #counter = new Int32Array(32);

  constructor(plant: LanePlant, question: OutageQuestion) {
    const count = question.candidates.length;
    this.#question = question;
    this.effects = {
      score: new Float64Array(count),
      affected: new Int32Array(count),
      processesDown: new Int32Array(count),
      processesDegraded: new Int32Array(count),
    };
    const { isGraded, isUncertain } = variety(plant);
    this.#worst2 = new LaneEvaluator(plant, WORST_CUT2);
    this.#worst1 = isGraded ? new LaneEvaluator(plant, WORST_CUT1) : this.#worst2;
    this.#best2 = isUncertain ? new LaneEvaluator(plant, BEST_CUT2) : this.#worst2;
    this.#best1 = isGraded && isUncertain ? new LaneEvaluator(plant, BEST_CUT1) : isGraded ? this.#worst1 : this.#best2;
    this.#evaluators = [...new Set([this.#worst2, this.#worst1, this.#best2, this.#best1])];
    this.#self = new Int32Array(plant.twinCount);
    this.#isSeen = new Uint8Array(plant.twinCount);
    this.#seen = new Int32Array(plant.twinCount);
  }

  /** Tries the candidates from this position on, as many as there are lanes. */
  judge(from: number): void {
    const candidates = this.#question.candidates.subarray(from, from + 32);
    for (const evaluator of this.#evaluators) {
      for (let lane = 0; lane < candidates.length; lane += 1) evaluator.takeOut(candidates[lane]!, 1 << lane);
      evaluator.run();
    }
    for (let lane = 0; lane < candidates.length; lane += 1) this.#self[candidates[lane]!]! |= 1 << lane;
    this.#collect(from);
    for (let lane = 0; lane < candidates.length; lane += 1) this.#self[candidates[lane]!] = 0;
    for (let digit = 0; digit < 32; digit += 1) {
      const bits = this.#counter[digit]!;
      for (let lane = 0; lane < candidates.length; lane += 1)
        this.effects.affected[from + lane]! += ((bits >>> lane) & 1) << digit;
    }
    this.#counter.fill(0);
    for (const evaluator of this.#evaluators) evaluator.reset();
  }

  /** Adds what the lanes do to every twin that they touch. */
  #collect(from: number): void {
    const { isProcess } = this.#question;
    const { words: worst1, baseline: baseWorst1 } = this.#worst1;
    const { words: worst2, baseline: baseWorst2 } = this.#worst2;
    const { words: best1, baseline: baseBest1 } = this.#best1;
    const { words: best2, baseline: baseBest2 } = this.#best2;
    const self = this.#self;
    const counter = this.#counter;
    const seen = this.#findTouched();
    for (let at = 0; at < seen; at += 1) {
      const twin = this.#seen[at]!;
      let lost = baseWorst2[twin]! & ~worst2[twin]!;
      if (worst1 !== worst2) lost |= baseWorst1[twin]! & ~worst1[twin]!;
      if (best2 !== worst2) lost |= (baseBest2[twin]! & ~best2[twin]!) | (baseBest1[twin]! & ~best1[twin]!);
      lost &= ~self[twin]!;
      if (lost === 0) continue;
      for (let carry = lost, digit = 0; carry !== 0; digit += 1) {
        const next = counter[digit]! & carry;
        counter[digit]! ^= carry;
        carry = next;
      }
      if (isProcess[twin]) this.#countProcess(twin, lost, from);
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

  #countProcess(twin: number, lost: number, from: number): void {
    const { score, processesDown, processesDegraded } = this.effects;
    const worst1 = this.#worst1.words[twin]!;
    const best1 = this.#best1.words[twin]!;
    const lostWorst =
      this.#worst1.baseline[twin]! & ~worst1 & this.#worst2.baseline[twin]! & ~this.#worst2.words[twin]!;
    const lostBest = this.#best1.baseline[twin]! & ~best1 & this.#best2.baseline[twin]! & ~this.#best2.words[twin]!;
    const degraded = worst1 & ~this.#best2.words[twin]!;
    const weight = this.#question.processCriticality[twin]!;
    for (let rest = lost; rest !== 0; ) {
      const bit = rest & -rest;
      rest ^= bit;
      const at = from + 31 - Math.clz32(bit);
      score[at]! += (lostWorst | lostBest) & bit ? weight : weight / 2;
      if ((best1 & bit) === 0) processesDown[at]! += 1;
      else if (degraded & bit) processesDegraded[at]! += 1;
    }
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
