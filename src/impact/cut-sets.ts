/**
 * Minimal sets of further outages that bring a twin below a level (IMPACT.md 7), from the current state.
 *
 * Pruned by proofs: a set that leaves one proof of the twin whole does not bring it down. So a single point of failure
 * lies in every proof, some twin of any set in any one proof, and what completes a set with `a` lies in every proof that
 * does without `a`. Each search yields between its rounds of 32 hypotheses, so that whoever drives it can stop.
 */
import { LaneEvaluator } from './lane-evaluator.ts';
import { coneOf, type LanePlant } from './lane-plant.ts';
import { planeOf } from './planes.ts';
import { ProofFinder } from './proof.ts';
import type { TimeIsUp } from './time-is-up.ts';

export interface CutSetQuestion {
  readonly target: number;
  /** 2: below OPERATIONAL, 1: below DEGRADED. */
  readonly cut: 1 | 2;
  readonly maxOrder: number;
  /** 1 for the twins that may fail; the target itself is never among them. */
  readonly candidates: Uint8Array;
  /** Sets of outages that may be tried before the search gives up. */
  readonly maxHypotheses: number;
}

export interface NumberedCutSets {
  /** Numbers in the plant; sets of smaller order first. */
  readonly sets: readonly (readonly number[])[];
  readonly margin: number;
  readonly complete: boolean;
  /** Sets of outages that were tried. */
  readonly hypotheses: number;
}

/** Judged in the worst case where the twin reaches the level there, else in the best; where it does not at all, there is nothing to lose. */
export function* searchCutSets(plant: LanePlant, question: CutSetQuestion): Generator<void, NumberedCutSets, TimeIsUp> {
  const cone = coneOf(plant, [question.target]);
  const target = cone.local[question.target]!;
  let evaluator = new LaneEvaluator(cone.plant, planeOf(question.cut, false));
  if (evaluator.baseline[target] === 0) evaluator = new LaneEvaluator(cone.plant, planeOf(question.cut, true));
  if (evaluator.baseline[target] === 0) return { sets: [], margin: 0, complete: true, hypotheses: 0 };
  const mayFail = Uint8Array.from(cone.whole, (n) => question.candidates[n]!);
  mayFail[target] = 0;
  const search = new CutSetSearch(evaluator, target, mayFail, question.maxHypotheses);
  const found = yield* search.run(question.maxOrder);
  return { ...found, sets: found.sets.map((set) => set.map((n) => cone.whole[n]!)) };
}

class CutSetSearch {
  readonly #evaluator: LaneEvaluator;
  readonly #proofs: ProofFinder;
  readonly #target: number;
  readonly #mayFail: Uint8Array;
  readonly #maxHypotheses: number;
  #hypothesesLeft: number;
  /** Twins that complete a pair with the key. */
  readonly #partners = new Map<number, Set<number>>();
  /** Sets of three and more, by each of their twins. */
  readonly #largerByTwin = new Map<number, (readonly number[])[]>();
  readonly #sets: number[][] = [];

  constructor(evaluator: LaneEvaluator, target: number, mayFail: Uint8Array, maxHypotheses: number) {
    this.#evaluator = evaluator;
    this.#proofs = new ProofFinder(evaluator, target);
    this.#target = target;
    this.#mayFail = mayFail;
    this.#maxHypotheses = maxHypotheses;
    this.#hypothesesLeft = maxHypotheses;
  }

  *run(maxOrder: number): Generator<void, NumberedCutSets, TimeIsUp> {
    const singles = yield* this.#fatal([], this.#suspects([]));
    // What was not looked for to the end may be there: of the margin, what is sure is told.
    const mayHaveSingles = singles.length > 0 || this.#isCutShort;
    for (const single of singles) this.#mayFail[single] = 0;
    if (maxOrder >= 1) this.#sets.push(...singles.map((single) => [single]));
    if (singles.length > 0 && maxOrder < 2) return this.#answer(0);
    const tried = new Set<number>();
    for (const a of this.#proofWithout([])) {
      const suspects = this.#suspects([a]).filter((b) => !tried.has(b));
      for (const b of yield* this.#fatal([a], suspects)) this.#addPair(a, b, maxOrder >= 2);
      tried.add(a);
      if (this.#isCutShort) break;
      // Only the margin was wanted.
      if (maxOrder < 2 && this.#partners.size > 0) break;
    }
    const mayHavePairs = this.#partners.size > 0 || this.#isCutShort;
    for (let order = 3; order <= maxOrder && !this.#isCutShort; order += 1)
      if (!(yield* this.#searchOrder(order))) break;
    return this.#answer(mayHaveSingles ? 0 : mayHavePairs ? 1 : 2);
  }

  /** Sets of so many, when all smaller ones are known. Answers whether there can be larger ones. */
  *#searchOrder(order: number): Generator<void, boolean, TimeIsUp> {
    const tried = new Set<string>();
    const waiting: (readonly number[])[] = [[]];
    let hasLarger = false;
    for (let out = waiting.pop(); out; out = waiting.pop()) {
      if (yield) this.#hypothesesLeft = -1;
      if (this.#isCutShort) return false;
      if (out.length === order - 1) {
        hasLarger = true;
        const held = out;
        const suspects = this.#suspects(out).filter((twin) => !this.#holdsSet(held, twin));
        for (const twin of yield* this.#fatal(out, suspects)) this.#addLarger([...out, twin]);
        continue;
      }
      for (const twin of this.#proofWithout(out)) {
        if (this.#holdsSet(out, twin)) continue;
        const next = [...out, twin].toSorted((x, y) => x - y);
        const key = next.join();
        if (tried.has(key)) continue;
        tried.add(key);
        waiting.push(next);
      }
    }
    return hasLarger;
  }

  get #isCutShort(): boolean {
    return this.#hypothesesLeft < 0;
  }

  #answer(margin: number): NumberedCutSets {
    const hypotheses = this.#maxHypotheses - this.#hypothesesLeft;
    return { sets: this.#sets, margin, complete: !this.#isCutShort, hypotheses };
  }

  #addPair(a: number, b: number, isWanted: boolean): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const partners = this.#partners.get(one);
      if (partners) partners.add(other);
      else this.#partners.set(one, new Set([other]));
    }
    if (isWanted) this.#sets.push([a, b]);
  }

  #addLarger(set: readonly number[]): void {
    this.#sets.push([...set]);
    for (const twin of set) {
      const others = this.#largerByTwin.get(twin);
      if (others) others.push(set);
      else this.#largerByTwin.set(twin, [set]);
    }
  }

  /** Whether one of the sets that are known lies in those that are out and this twin. */
  #holdsSet(out: readonly number[], twin: number): boolean {
    const partners = this.#partners.get(twin);
    if (partners && out.some((other) => partners.has(other))) return true;
    const larger = this.#largerByTwin.get(twin) ?? [];
    return larger.some((set) => set.every((each) => each === twin || out.includes(each)));
  }

  /** Twins that could complete a set with those that are out: the ones of every proof that does without these. */
  #suspects(out: readonly number[]): number[] {
    return this.#without(out, () => this.#proofs.findShared(this.#mayFail));
  }

  /** Twins of one proof that does without those that are out. */
  #proofWithout(out: readonly number[]): number[] {
    return this.#without(out, () => this.#proofs.find());
  }

  /** None where the target is down without them. */
  #without(out: readonly number[], find: () => number[]): number[] {
    for (const twin of out) this.#evaluator.takeOut(twin, -1);
    this.#evaluator.run();
    const isUp = this.#evaluator.words[this.#target] !== 0;
    const found = isUp ? find().filter((twin) => this.#mayFail[twin]) : [];
    this.#evaluator.reset();
    return found;
  }

  /** Those of the suspects whose outage, together with those that are out, brings the target down. */
  *#fatal(out: readonly number[], suspects: readonly number[]): Generator<void, number[], TimeIsUp> {
    const fatal: number[] = [];
    if (yield) this.#hypothesesLeft = -1;
    for (let at = 0; at < suspects.length; at += 32) {
      this.#hypothesesLeft -= 32;
      if (this.#isCutShort) return fatal;
      const lanes = suspects.slice(at, at + 32);
      for (const twin of out) this.#evaluator.takeOut(twin, -1);
      for (const [lane, twin] of lanes.entries()) this.#evaluator.takeOut(twin, 1 << lane);
      this.#evaluator.run();
      const down = ~this.#evaluator.words[this.#target]!;
      this.#evaluator.reset();
      fatal.push(...lanes.filter((_, lane) => (down >>> lane) & 1));
      if (at > 0 && (yield)) this.#hypothesesLeft = -1;
    }
    return fatal;
  }
}
