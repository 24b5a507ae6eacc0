/**
 * The smallest sets of failed twins that explain what is observed (IMPACT.md 7), thirty-two sets at a time.
 *
 * Judged on the plant as it is built and switched, with all healthy but the set: what is observed is all that is known.
 * Failures only take away, so a set contradicts at least what each part of it contradicts. That orders the search, prunes
 * it, and ends it when what is left cannot come among the first.
 */
import { LaneEvaluator } from './lane-evaluator.ts';
import { coneOf, type LanePlant } from './lane-plant.ts';
import { ALL_PLANES, WORST_CUT1, WORST_CUT2 } from './planes.ts';
import type { TimeIsUp } from './time-is-up.ts';

export interface NumberedObservation {
  readonly twin: number;
  /** 2 OPERATIONAL, 1 DEGRADED, 0 DOWN. */
  readonly level: 0 | 1 | 2;
}

export interface RootCauseQuestion {
  readonly observations: readonly NumberedObservation[];
  readonly maxOrder: number;
  /** 1 for the twins that may have failed. */
  readonly candidates: Uint8Array;
  readonly first: number;
  /** Sets that may be tried. */
  readonly maxHypotheses: number;
  /** By twin: its place among all ids; orders sets of equal merit. */
  readonly rankOfId: Int32Array;
}

export interface NumberedRootCause {
  readonly twins: readonly number[];
  /** Observations that are not OPERATIONAL and come out at least as bad, where they do not anyway. */
  readonly explained: number;
  readonly unexplained: number;
  /** Observations that are OPERATIONAL and come out worse. */
  readonly contradicted: number;
}

/** The best first; yields between rounds. */
export function* searchRootCauses(
  plant: LanePlant,
  question: RootCauseQuestion,
): Generator<void, NumberedRootCause[], TimeIsUp> {
  const bad = question.observations.filter(({ level }) => level < 2);
  const suspects = coneOf(
    plant,
    bad.map(({ twin }) => twin),
  ).whole.filter((n) => question.candidates[n]);
  const cone = coneOf(
    { ...plant, reaches: new Uint8Array(plant.twinCount).fill(ALL_PLANES) },
    question.observations.map(({ twin }) => twin),
  );
  const observations = question.observations.map(({ twin, level }) => ({ twin: cone.local[twin]!, level }));
  const rankOfId = cone.whole.map((n) => question.rankOfId[n]!);
  const search = new RootCauseSearch(cone.plant, { ...question, observations, rankOfId });
  const causes = yield* search.run(Array.from(suspects, (n) => cone.local[n]!));
  return causes.map((cause) => ({ ...cause, twins: cause.twins.map((n) => cone.whole[n]!) }));
}

/** A twin of the cone that may have failed. */
interface Suspect {
  readonly twin: number;
  /** What its failure alone does; null: it explains nothing alone. */
  readonly alone: NumberedRootCause | null;
  /** Observations that it contradicts alone; every set with it contradicts as many. */
  readonly contradicted: number;
}

class RootCauseSearch {
  readonly #full: LaneEvaluator;
  readonly #some: LaneEvaluator;
  readonly #observations: readonly NumberedObservation[];
  readonly #badCount: number;
  readonly #question: RootCauseQuestion;
  readonly #causeByKey = new Map<string, NumberedRootCause>();
  #hypothesesLeft: number;

  constructor(plant: LanePlant, question: RootCauseQuestion) {
    this.#question = question;
    this.#full = new LaneEvaluator(plant, WORST_CUT2);
    this.#some = new LaneEvaluator(plant, WORST_CUT1);
    // What no failure is needed for, nothing is to be explained of.
    this.#observations = question.observations.filter(({ twin, level }) => this.#planeOf(level).baseline[twin] !== 0);
    this.#badCount = this.#observations.filter(({ level }) => level < 2).length;
    this.#hypothesesLeft = question.maxHypotheses;
  }

  /** The plane in which a twin must be lost to come out at the level, or worse; for OPERATIONAL, to come out worse. */
  #planeOf(level: number): LaneEvaluator {
    return level === 0 ? this.#some : this.#full;
  }

  *run(candidates: readonly number[]): Generator<void, NumberedRootCause[], TimeIsUp> {
    const alone: Suspect[] = [];
    for (let at = 0; at < candidates.length; at += 32) {
      for (const cause of this.#judge(candidates.slice(at, at + 32).map((twin) => [twin]))) {
        if (cause.explained > 0) this.#add(cause);
        const twin = cause.twins[0]!;
        alone.push({ twin, alone: cause.explained > 0 ? cause : null, contradicted: cause.contradicted });
      }
      if (yield) this.#hypothesesLeft = 0;
      if (this.#hypothesesLeft <= 0) break;
    }
    alone.sort((a, b) => a.contradicted - b.contradicted);
    for (let order = 2; order <= this.#question.maxOrder; order += 1) yield* this.#searchOrder(alone, order);
    return this.#best(this.#question.first);
  }

  /** Sets of this many suspects, those that contradict little first. */
  *#searchOrder(suspects: readonly Suspect[], order: number): Generator<void, void, TimeIsUp> {
    let round: number[][] = [];
    const limit = this.#contradictedAtPage();
    for (const set of setsByLast(suspects, order)) {
      if (this.#hypothesesLeft <= 0) break;
      if (set.at(-1)!.contradicted > limit) break;
      if (!canImprove(set)) continue;
      round.push(set.map(({ twin }) => twin));
      if (round.length < 32) continue;
      this.#keep(round);
      round = [];
      if (yield) this.#hypothesesLeft = 0;
    }
    this.#keep(round);
  }

  /** Sets that contradict more than this cannot come among the first. */
  #contradictedAtPage(): number {
    const last = this.#best(this.#question.first).at(this.#question.first - 1);
    return last ? last.contradicted : Number.POSITIVE_INFINITY;
  }

  #keep(sets: readonly number[][]): void {
    for (const cause of this.#judge(sets))
      if (cause.explained > 0 && !this.#isNoBetterThanPart(cause)) this.#add(cause);
  }

  #add(cause: NumberedRootCause): void {
    this.#causeByKey.set(keyOf(cause.twins), cause);
  }

  #isNoBetterThanPart(cause: NumberedRootCause): boolean {
    for (const part of properParts(cause.twins)) {
      const known = this.#causeByKey.get(keyOf(part));
      if (known && byMerit(known, cause) <= 0) return true;
    }
    return false;
  }

  #judge(sets: readonly (readonly number[])[]): NumberedRootCause[] {
    this.#hypothesesLeft -= sets.length;
    for (const evaluator of [this.#full, this.#some]) {
      for (const [lane, set] of sets.entries()) for (const twin of set) evaluator.takeOut(twin, 1 << lane);
      evaluator.run();
    }
    const explained = new Int32Array(32);
    const contradicted = new Int32Array(32);
    for (const { twin, level } of this.#observations) {
      const worse = ~this.#planeOf(level).words[twin]!;
      const counts = level === 2 ? contradicted : explained;
      for (let lane = 0; lane < sets.length; lane += 1) counts[lane]! += (worse >>> lane) & 1;
    }
    this.#full.reset();
    this.#some.reset();
    return sets.map((twins, lane) => ({
      twins,
      explained: explained[lane]!,
      unexplained: this.#badCount - explained[lane]!,
      contradicted: contradicted[lane]!,
    }));
  }

  #best(count: number): NumberedRootCause[] {
    const { rankOfId } = this.#question;
    const ranked = [...this.#causeByKey.values()].map((cause) => {
      const twins = cause.twins.toSorted((a, b) => rankOfId[a]! - rankOfId[b]!);
      return { cause: { ...cause, twins }, ranks: twins.map((twin) => rankOfId[twin]!) };
    });
    ranked.sort(
      (a, b) => byMerit(a.cause, b.cause) || a.ranks.length - b.ranks.length || compareLists(a.ranks, b.ranks),
    );
    return ranked.slice(0, count).map(({ cause }) => cause);
  }
}

/** By the first place where they differ. */
function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, place) => rank !== b[place]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

function byMerit(a: NumberedRootCause, b: NumberedRootCause): number {
  return a.contradicted - b.contradicted || a.unexplained - b.unexplained;
}

/**
 * A set must be better than each part that explains something alone, and contradicts no less than it: so those parts
 * contradict equally much, and no other part contradicts more.
 */
function canImprove(set: readonly Suspect[]): boolean {
  const most = set.at(-1)!.contradicted;
  return set.every(({ alone }) => alone === null || alone.contradicted === most);
}

/** All sets of so many items, ordered by the position of their last item. */
function* setsByLast<T>(items: readonly T[], size: number): Generator<T[], void, void> {
  for (let last = size - 1; last < items.length; last += 1) {
    if (size === 1) yield [items[last]!];
    else for (const rest of setsByLast(items.slice(0, last), size - 1)) yield [...rest, items[last]!];
  }
}

/** The parts of a set of 2 or 3 that are neither empty nor all of it. */
function properParts(set: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let mask = 1; mask < 2 ** set.length - 1; mask += 1) parts.push(set.filter((_, at) => (mask >> at) & 1));
  return parts;
}

function keyOf(set: readonly number[]): string {
  return set.toSorted((a, b) => a - b).join();
}
