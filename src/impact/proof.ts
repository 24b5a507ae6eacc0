/**
 * Why a twin is available: a set of twins that suffices for it, well founded, so that no loop of supply proves itself.
 * Whoever is missing from some proof cannot take the twin down alone.
 */
import type { LaneEvaluator } from './lane-evaluator.ts';
import { LOOP_SUPPLY } from './lane-plant.ts';

/** More proofs than this seldom leave out anybody else. */
const MOST_PROOFS = 8;
/** So many can be tried at once: another proof costs more than it saves. */
const FEW = 32;

export class ProofFinder {
  readonly #evaluator: LaneEvaluator;
  readonly #target: number;
  /** By twin: number of the last proof that it was in, and of the last search that it was in all proofs of. */
  readonly #proofOf: Int32Array;
  readonly #searchOf: Int32Array;
  #proof = 0;
  #search = 0;
  // Of the evaluator: looked at for every membership of a proof.
  readonly #words: Int32Array;
  readonly #rank: Int32Array;
  readonly #componentOf: Int32Array;
  readonly #groupSustain: Uint8Array;
  readonly #loop: Uint8Array;

  constructor(evaluator: LaneEvaluator, target: number) {
    this.#evaluator = evaluator;
    this.#target = target;
    this.#words = evaluator.words;
    this.#rank = evaluator.rank;
    this.#componentOf = evaluator.plant.componentOf;
    this.#groupSustain = evaluator.plant.groupSustain;
    this.#loop = evaluator.plant.loop;
    this.#proofOf = new Int32Array(evaluator.plant.twinCount);
    this.#searchOf = new Int32Array(evaluator.plant.twinCount);
  }

  /** The twins of one proof of the target, itself among them. All lanes must agree, and the target must be available. */
  find(): number[] {
    this.#search += 1;
    return this.#extract();
  }

  /** Those of the twins asked for that are in every proof, and perhaps some more: only they can take the target down alone. */
  findShared(isAsked: Uint8Array): number[] {
    this.#search += 1;
    let shared = this.#extract().filter((twin) => isAsked[twin]);
    for (let n = 1; n < MOST_PROOFS && shared.length > FEW; n += 1) {
      for (const twin of shared) this.#searchOf[twin] = this.#search;
      this.#extract();
      const still = shared.filter((twin) => this.#proofOf[twin] === this.#proof);
      if (still.length === shared.length) break;
      shared = still;
      this.#search += 1;
    }
    return shared;
  }

  #extract(): number[] {
    const { groupStart } = this.#evaluator.plant;
    this.#proof += 1;
    const twins: number[] = [];
    this.#add(this.#target, twins);
    for (let at = 0; at < twins.length; at += 1) {
      const twin = twins[at]!;
      for (let g = groupStart[twin]!; g < groupStart[twin + 1]!; g += 1) this.#fill(twin, g, twins);
    }
    return twins;
  }

  #add(twin: number, twins: number[]): void {
    this.#proofOf[twin] = this.#proof;
    twins.push(twin);
  }

  /** Adds members until the group has what it needs: those that are in the proof anyway, those that others did without, any. */
  #fill(owner: number, group: number, twins: number[]): void {
    const { memberStart, memberTwin, memberShare } = this.#evaluator.plant;
    const proofOf = this.#proofOf;
    const end = memberStart[group + 1]!;
    let missing = this.#evaluator.needOf(group);
    let others = 0;
    for (let m = memberStart[group]!; m < end; m += 1) {
      const member = memberTwin[m]!;
      if (!this.#supports(owner, group, member)) continue;
      if (proofOf[member] === this.#proof) missing -= memberShare[m]!;
      else others += memberShare[m]!;
    }
    // Where all others are needed there is nothing to choose.
    const choices = others > missing ? SHUN : ANYBODY;
    for (const choice of choices) {
      for (let m = memberStart[group]!; m < end && missing > 0; m += 1) {
        const member = memberTwin[m]!;
        if (proofOf[member] === this.#proof || !this.#supports(owner, group, member)) continue;
        if (choice === 'free' && this.#searchOf[member] === this.#search) continue;
        for (let same = m; same < end; same += 1) if (memberTwin[same] === member) missing -= memberShare[same]!;
        this.#add(member, twins);
      }
    }
  }

  /** Inside a loop, supply may only come from what was proven before. */
  #supports(owner: number, group: number, member: number): boolean {
    if (this.#words[member] === 0) return false;
    const component = this.#componentOf[owner]!;
    if (this.#componentOf[member] !== component || this.#groupSustain[group]) return true;
    if ((this.#loop[component]! & LOOP_SUPPLY) === 0) return true;
    return this.#rank[member]! < this.#rank[owner]!;
  }
}

/** First those that other proofs did without, then any. */
const SHUN = ['free', 'any'] as const;
const ANYBODY = ['any'] as const;
