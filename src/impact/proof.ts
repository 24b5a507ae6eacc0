/**
 * Why a twin is available: a set of twins that suffices for it, well founded, so that no loop of supply proves itself.
 * Whoever is not in it cannot take the twin down alone.
 */
import type { LaneEvaluator } from './lane-evaluator.ts';

/** The twins of one proof of `target`, itself among them. All lanes must agree, and the target must be available. */
export function proofOf(evaluator: LaneEvaluator, target: number): number[] {
  const { groupStart } = evaluator.plant;
  const proof = new Proof(evaluator);
  proof.add(target);
  for (let at = 0; at < proof.twins.length; at += 1) {
    const twin = proof.twins[at]!;
    for (let g = groupStart[twin]!; g < groupStart[twin + 1]!; g += 1) proof.fill(twin, g);
  }
  return proof.twins;
}

class Proof {
  readonly twins: number[] = [];
  readonly #isIn: Uint8Array;
  readonly #evaluator: LaneEvaluator;

  constructor(evaluator: LaneEvaluator) {
    this.#evaluator = evaluator;
    this.#isIn = new Uint8Array(evaluator.plant.twinCount);
  }

  add(twin: number): void {
    if (this.#isIn[twin]) return;
    this.#isIn[twin] = 1;
    this.twins.push(twin);
  }

  /** Adds members until the group reaches what it needs; those that are in the proof already count first. */
  fill(owner: number, group: number): void {
    const { memberStart, memberTwin, memberShare } = this.#evaluator.plant;
    const end = memberStart[group + 1]!;
    let missing = this.#evaluator.needOf(group);
    for (let m = memberStart[group]!; m < end && missing > 0; m += 1) {
      if (this.#isIn[memberTwin[m]!] && this.#supports(owner, group, memberTwin[m]!)) missing -= memberShare[m]!;
    }
    for (let m = memberStart[group]!; m < end && missing > 0; m += 1) {
      const member = memberTwin[m]!;
      if (this.#isIn[member] || !this.#supports(owner, group, member)) continue;
      for (let same = m; same < end; same += 1) if (memberTwin[same] === member) missing -= memberShare[same]!;
      this.add(member);
    }
  }

  /** Inside a loop, supply may only come from what was proven before. */
  #supports(owner: number, group: number, member: number): boolean {
    const { plant, words, rank } = this.#evaluator;
    if (words[member] === 0) return false;
    if (plant.groupSustain[group] || plant.componentOf[member] !== plant.componentOf[owner]) return true;
    return rank[member]! < rank[owner]!;
  }
}
