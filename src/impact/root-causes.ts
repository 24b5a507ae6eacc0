/**
 * The smallest sets of failed twins that explain what is observed (IMPACT.md 7).
 *
 * Judged on the plant as it is built and switched, with all healthy but the set: what is observed is all that is known.
 * A set that is listed has no part that is at least as good. So each of its twins helps to explain something: the set is
 * made of minimal cut sets of bad observations. And as failures only take away, it contradicts at least what each of its
 * twins contradicts alone; that orders the search, and ends it when what is left cannot come among the first.
 */
import { searchCutSets } from './cut-sets.ts';
import { countBits, joinParts, type Part } from './join-parts.ts';
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

export interface NumberedRootCauses {
  readonly causes: readonly NumberedRootCause[];
  /** false: the search was cut short. */
  readonly complete: boolean;
}

/** The best first; yields between rounds. */
export function* searchRootCauses(
  plant: LanePlant,
  question: RootCauseQuestion,
): Generator<void, NumberedRootCauses, TimeIsUp> {
  const healthy = { ...plant, reaches: new Uint8Array(plant.twinCount).fill(ALL_PLANES) };
  const cone = coneOf(
    healthy,
    question.observations.map(({ twin }) => twin),
  );
  const observations = question.observations.map(({ twin, level }) => ({ twin: cone.local[twin]!, level }));
  const rankOfId = cone.whole.map((n) => question.rankOfId[n]!);
  const candidates = Uint8Array.from(cone.whole, (n) => question.candidates[n]!);
  const search = new RootCauseSearch(cone.plant, { ...question, observations, rankOfId, candidates });
  const causes = yield* search.run();
  const numbered = causes.map((cause) => ({ ...cause, twins: cause.twins.map((n) => cone.whole[n]!) }));
  return { causes: numbered, complete: search.isComplete };
}

type Merit = Pick<NumberedRootCause, 'contradicted' | 'unexplained'>;

/** A set, what it contradicts at least, and what it leaves unexplained at most. */
interface Prospect extends Merit {
  readonly twins: readonly number[];
}

/** Sets that are put together before others have their turn. */
const JOINS_PER_TURN = 2_000;

class RootCauseSearch {
  readonly #plant: LanePlant;
  readonly #full: LaneEvaluator;
  readonly #some: LaneEvaluator;
  readonly #bad: readonly NumberedObservation[];
  readonly #good: readonly NumberedObservation[];
  readonly #question: RootCauseQuestion;
  readonly #causeByKey = new Map<string, NumberedRootCause>();
  /** By twin: what it contradicts alone. */
  readonly #contradicted: Int32Array;
  #hypothesesLeft: number;

  constructor(plant: LanePlant, question: RootCauseQuestion) {
    this.#plant = plant;
    this.#question = question;
    this.#full = new LaneEvaluator(plant, WORST_CUT2);
    this.#some = new LaneEvaluator(plant, WORST_CUT1);
    // What no failure is needed for, nothing is to be explained of.
    const open = question.observations.filter(({ twin, level }) => this.#planeOf(level).baseline[twin] !== 0);
    this.#bad = open.filter(({ level }) => level < 2);
    this.#good = open.filter(({ level }) => level === 2);
    this.#contradicted = new Int32Array(plant.twinCount);
    this.#hypothesesLeft = question.maxHypotheses;
  }

  get isComplete(): boolean {
    return this.#hypothesesLeft > 0;
  }

  /** The plane in which a twin must be lost to come out at the level, or worse; for OPERATIONAL, to come out worse. */
  #planeOf(level: number): LaneEvaluator {
    return level === 0 ? this.#some : this.#full;
  }

  *run(): Generator<void, NumberedRootCause[], TimeIsUp> {
    const suspects = coneOf(
      this.#plant,
      this.#bad.map(({ twin }) => twin),
    ).whole.filter((twin) => this.#question.candidates[twin]);
    const parts: Part[] = [];
    for (let at = 0; at < suspects.length; at += 32) {
      const sets = Array.from(suspects.subarray(at, at + 32), (twin) => [twin]);
      for (const { cause, explained } of this.#judge(sets)) {
        this.#contradicted[cause.twins[0]!] = cause.contradicted;
        if (cause.explained === 0) continue;
        this.#causeByKey.set(keyOf(cause.twins), cause);
        parts.push({ twins: cause.twins, explained });
      }
      if (yield) this.#hypothesesLeft = 0;
      if (this.#hypothesesLeft <= 0) return this.#best(this.#question.first);
    }
    if (this.#question.maxOrder >= 2 && !this.#isSettled()) {
      parts.push(...(yield* this.#jointParts()));
      const most = Math.min(this.#question.maxOrder, suspects.length);
      for (let order = 2; order <= most && this.#hypothesesLeft > 0; order += 1) yield* this.#searchOrder(parts, order);
    }
    return this.#best(this.#question.first);
  }

  /** Cut sets of bad observations by two twins and more. */
  *#jointParts(): Generator<void, Part[], TimeIsUp> {
    const partByKey = new Map<string, Part>();
    const words = (this.#bad.length + 31) >>> 5;
    for (const [at, { twin, level }] of this.#bad.entries()) {
      if (this.#hypothesesLeft <= 0) break;
      const { maxOrder, candidates } = this.#question;
      const cut = level === 0 ? 1 : 2;
      const maxHypotheses = this.#hypothesesLeft;
      const question = { target: twin, cut, maxOrder, candidates, maxHypotheses } as const;
      const { sets, hypotheses } = yield* searchCutSets(this.#plant, question);
      this.#hypothesesLeft -= hypotheses;
      for (const set of sets) {
        if (set.length < 2) continue;
        const part = partByKey.get(keyOf(set)) ?? { twins: set, explained: new Int32Array(words) };
        part.explained[at >>> 5]! |= 1 << (at & 31);
        partByKey.set(keyOf(set), part);
      }
    }
    return [...partByKey.values()];
  }

  /** Sets of this many twins. What they explain is known, and what they contradict at least: the most promising first. */
  *#searchOrder(parts: readonly Part[], order: number): Generator<void, void, TimeIsUp> {
    const prospectByKey = new Map<string, Prospect>();
    let joins = 0;
    for (const { twins, explained } of joinParts(this.#inOrderOfMerit(parts), order)) {
      joins += 1;
      if (joins > this.#hypothesesLeft) {
        this.#hypothesesLeft = 0;
        break;
      }
      if (joins % JOINS_PER_TURN === 0 && (yield)) this.#hypothesesLeft = 0;
      const contradicted = Math.max(...twins.map((twin) => this.#contradicted[twin]!));
      if (!this.#canImprove(twins, contradicted)) continue;
      const unexplained = this.#bad.length - countBits(explained);
      const prospect = { twins, contradicted, unexplained };
      const known = prospectByKey.get(keyOf(twins));
      if (!known || unexplained < known.unexplained) prospectByKey.set(keyOf(twins), prospect);
    }
    const prospects = [...prospectByKey.values()].toSorted(byMerit);
    for (let at = 0; at < prospects.length; at += 32) {
      if (yield) this.#hypothesesLeft = 0;
      if (this.#hypothesesLeft <= 0 || this.#isSettled(prospects[at])) return;
      for (const { cause } of this.#judge(prospects.slice(at, at + 32).map(({ twins }) => twins))) {
        if (!this.#isNoBetterThanPart(cause)) this.#causeByKey.set(keyOf(cause.twins), cause);
      }
    }
  }

  /** Those that contradict little and explain much first: if the search must end early, they have been joined. */
  #inOrderOfMerit(parts: readonly Part[]): Part[] {
    return parts
      .map((part) => ({
        part,
        contradicted: Math.max(...part.twins.map((twin) => this.#contradicted[twin]!)),
        unexplained: this.#bad.length - countBits(part.explained),
      }))
      .toSorted(byMerit)
      .map(({ part }) => part);
  }

  /**
   * A set must be better than each twin that explains something alone, and contradicts no less than any of its twins: so
   * those contradict equally much, none of the others more, and each of them leaves something to explain.
   */
  #canImprove(twins: readonly number[], least: number): boolean {
    return twins.every((twin) => {
      const alone = this.#causeByKey.get(keyOf([twin]));
      return !alone || (alone.contradicted === least && alone.unexplained > 0);
    });
  }

  /** Whether sets of more twins that promise no more than this cannot come among the first any more. */
  #isSettled(prospect: Merit = { contradicted: 0, unexplained: 0 }): boolean {
    const last = this.#best(this.#question.first).at(this.#question.first - 1);
    return last !== undefined && byMerit(last, prospect) <= 0;
  }

  #isNoBetterThanPart(cause: NumberedRootCause): boolean {
    for (const part of properParts(cause.twins)) {
      const known = this.#causeByKey.get(keyOf(part));
      if (known && byMerit(known, cause) <= 0) return true;
    }
    return false;
  }

  #judge(sets: readonly (readonly number[])[]): { cause: NumberedRootCause; explained: Int32Array }[] {
    this.#hypothesesLeft -= sets.length;
    for (const evaluator of [this.#full, this.#some]) {
      for (const [lane, set] of sets.entries()) for (const twin of set) evaluator.takeOut(twin, 1 << lane);
      evaluator.run();
    }
    const answers = sets.map((twins, lane) => {
      const isWorse = ({ twin, level }: NumberedObservation) =>
        ((this.#planeOf(level).words[twin]! >>> lane) & 1) === 0;
      const explained = new Int32Array((this.#bad.length + 31) >>> 5);
      let count = 0;
      for (const [at, observation] of this.#bad.entries()) {
        if (!isWorse(observation)) continue;
        explained[at >>> 5]! |= 1 << (at & 31);
        count += 1;
      }
      const contradicted = this.#good.filter(isWorse).length;
      return { cause: { twins, explained: count, unexplained: this.#bad.length - count, contradicted }, explained };
    });
    this.#full.reset();
    this.#some.reset();
    return answers;
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

function byMerit(a: Merit, b: Merit): number {
  return a.contradicted - b.contradicted || a.unexplained - b.unexplained;
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
