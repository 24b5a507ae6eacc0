/** The difference that a scenario makes to each twin (IMPACT.md 6), in columns: a collapse of a whole plant must not be garbage to collect. */
import type { History } from './history.ts';
import { bestRank, worstRank } from './planes.ts';
import type { Pace, Steps } from './steps.ts';

/** The difference to one twin. */
export interface Difference {
  readonly twin: number;
  /** Position in the history. */
  readonly position: number;
  readonly bitsBefore: number;
  /** The lowest that it comes to; of what gets better, the end. */
  readonly bitsAfter: number;
  readonly isWorse: boolean;
  readonly isCertain: boolean;
  readonly impactAtMs: number;
}

/** One of these, in memberships looked at (see Pace). */
const DIFFERENCE_AS = 4;

/** Differences of the twins that are not the scenario's own. */
export function* differencesOf(history: History, ownTwins: ReadonlySet<number>, pace: Pace): Steps<Differences> {
  const differences = new Differences(history);
  for (let position = 0; position < history.twins.length; position += 1) {
    if (!ownTwins.has(history.twins[position] as number)) differences.judge(position);
    if (pace.isDue(DIFFERENCE_AS)) yield;
  }
  return differences;
}

const IS_DIFFERENT = 1;
const IS_WORSE = 2;
const IS_CERTAIN = 4;
const IS_PLANNED = 8;

/** Twins are told by their position in the history. */
export class Differences {
  readonly history: History;
  #count = 0;
  readonly #positions: Int32Array;
  // By position.
  readonly #flags: Uint8Array;
  readonly #bitsAfter: Uint8Array;
  readonly #impactAtMs: Float64Array;
  /** NaN: not at all. */
  readonly #recoversAtMs: Float64Array;

  constructor(history: History) {
    const most = history.twins.length;
    this.history = history;
    this.#positions = new Int32Array(most);
    this.#flags = new Uint8Array(most);
    this.#bitsAfter = new Uint8Array(most);
    this.#impactAtMs = new Float64Array(most);
    this.#recoversAtMs = new Float64Array(most);
  }

  /** Whom it makes a difference to, in order of their first change. */
  get positions(): Int32Array {
    return this.#positions.subarray(0, this.#count);
  }

  /** Worse at some time; else better in the end. */
  isWorse(position: number): boolean {
    return this.#has(position, IS_WORSE);
  }

  isCertain(position: number): boolean {
    return this.#has(position, IS_CERTAIN);
  }

  /** Planned work alone explains it. */
  isPlanned(position: number): boolean {
    return this.#has(position, IS_PLANNED);
  }

  markPlanned(position: number): void {
    this.#flags[position] = (this.#flags[position] as number) | IS_PLANNED;
  }

  bitsAfter(position: number): number {
    return this.#bitsAfter[position] as number;
  }

  impactAtMs(position: number): number {
    return this.#impactAtMs[position] as number;
  }

  recoversAtMs(position: number): number | null {
    const recoversAtMs = this.#recoversAtMs[position] as number;
    return Number.isNaN(recoversAtMs) ? null : recoversAtMs;
  }

  /** Levels lost at most; below 0 where the twin gets better. */
  loss(position: number): number {
    const before = this.history.bitsBefore(position);
    const after = this.bitsAfter(position);
    const worst = worstRank(before) - worstRank(after);
    const best = bestRank(before) - bestRank(after);
    return this.isWorse(position) ? Math.max(worst, best) : Math.min(worst, best);
  }

  /** undefined: none. */
  of(twin: number): Difference | undefined {
    const position = this.history.positionOf(twin);
    if (position === undefined || !this.#has(position, IS_DIFFERENT)) return undefined;
    return {
      twin,
      position,
      bitsBefore: this.history.bitsBefore(position),
      bitsAfter: this.bitsAfter(position),
      isWorse: this.isWorse(position),
      isCertain: this.isCertain(position),
      impactAtMs: this.impactAtMs(position),
    };
  }

  #has(position: number, flag: number): boolean {
    return ((this.#flags[position] as number) & flag) !== 0;
  }

  /** Adds the twin, if it is different at some time. */
  judge(position: number): void {
    const { history } = this;
    const bitsBefore = history.bitsBefore(position);
    const worst = worstRank(bitsBefore);
    const best = bestRank(bitsBefore);
    const count = history.changeCount(position);
    let isWorse = false;
    let isCertain = false;
    let impactAtMs = 0;
    let recoversAtMs: number | null = null;
    let betterAtMs: number | null = null;
    let bitsAfter = history.bitsAfter(position, count - 1);
    for (let n = 0; n < count; n += 1) {
      const bits = history.bitsAfter(position, n);
      if (worstRank(bits) >= worst && bestRank(bits) >= best) {
        if (isWorse) recoversAtMs ??= history.atMs(position, n);
        // Worst and best can trade places, by a standby that waits in one of them: that is no change yet.
        if (worstRank(bits) > worst || bestRank(bits) > best) betterAtMs ??= history.atMs(position, n);
        continue;
      }
      if (!isWorse) impactAtMs = history.atMs(position, n);
      if (!isWorse || isBelow(bits, bitsAfter)) bitsAfter = bits;
      isWorse = true;
      recoversAtMs = null;
      isCertain ||= bestRank(bits) < best;
    }
    if (!isWorse) {
      if (worstRank(bitsAfter) === worst && bestRank(bitsAfter) === best) return;
      isCertain = worstRank(bitsAfter) > worst;
      impactAtMs = betterAtMs as number;
    }
    this.#positions[this.#count] = position;
    this.#count += 1;
    this.#flags[position] = IS_DIFFERENT | (isWorse ? IS_WORSE : 0) | (isCertain ? IS_CERTAIN : 0);
    this.#bitsAfter[position] = bitsAfter;
    this.#impactAtMs[position] = impactAtMs;
    this.#recoversAtMs[position] = recoversAtMs ?? Number.NaN;
  }
}

function isBelow(bits: number, than: number): boolean {
  return heightOf(bits) < heightOf(than);
}

const heightOf = (bits: number): number => 3 * bestRank(bits) + worstRank(bits);
