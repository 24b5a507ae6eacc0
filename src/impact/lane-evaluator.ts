/**
 * Thirty-two hypotheses at a time: bit i of a word says whether a twin is available in lane i.
 *
 * From the baseline, only components that something changed for are evaluated, in the order of supply.
 * One evaluator answers for one plane (one cut, UNKNOWN judged one way); a hypothesis is a set of outages.
 */
import { judgeGroup, judgeGroups, type Judgements, letHold, sharesReach } from './lane-groups.ts';
import { LOOP_NONE, LOOP_SUSTAIN, type LanePlant } from './lane-plant.ts';
import { CUT2 } from './planes.ts';

export class LaneEvaluator {
  readonly plant: LanePlant;
  /** One of the planes of planes.ts. */
  readonly plane: number;
  /** Availability without any hypothesis: 0 or -1 (every lane). */
  readonly baseline: Int32Array;
  /** Availability under the hypotheses, after run(). */
  readonly words: Int32Array;
  /** Twins whose word may differ from the baseline: the first touchedCount of these. */
  readonly touched: Int32Array;
  touchedCount = 0;
  /** Order in which the twins of a supply loop were proven, lower first; meaningful where all lanes agree. */
  readonly rank: Int32Array;
  readonly #baseRank: Int32Array;
  readonly #grownComponents: number[] = [];

  readonly #reaches: Uint8Array;
  readonly #groups: Judgements;
  /** What SUSTAIN groups look at inside a loop; the same as words everywhere else. */
  readonly #outer: Int32Array;
  readonly #out: Int32Array;
  readonly #isTouched: Uint8Array;
  /** Groups that some member changed in since they were judged. */
  readonly #isStale: Uint8Array;
  /** Components to evaluate, a bit each; and a bit for each word of those that may have some. */
  readonly #pending: Int32Array;
  readonly #pendingWords: Int32Array;
  #firstPending: number;
  #lastPending = -1;
  readonly #before: Int32Array;
  /** Ring of twins to look at again inside a loop. */
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;

  /**
   * `plane`: one of the planes of planes.ts. `bits`: planes in which twins are available without any hypothesis, where
   * that is known; then ranks are not, before a component has been evaluated.
   */
  constructor(plant: LanePlant, plane: number, bits: Uint8Array | null = null) {
    const { twinCount, componentStart } = plant;
    const components = componentStart.length - 1;
    let widest = 0;
    for (let c = 0; c < components; c += 1) widest = Math.max(widest, componentStart[c + 1]! - componentStart[c]!);
    this.plant = plant;
    this.plane = plane;
    this.#reaches = plant.reaches.map((own) => (own & plane ? 1 : 0));
    this.#groups = judgeGroups(plant, plane & CUT2 ? plant.needFull : plant.needMin);
    this.words = new Int32Array(twinCount).fill(-1);
    this.#outer = new Int32Array(twinCount).fill(-1);
    this.#out = new Int32Array(twinCount);
    this.rank = new Int32Array(twinCount);
    this.touched = new Int32Array(twinCount);
    this.#isTouched = new Uint8Array(twinCount);
    this.#isStale = new Uint8Array(plant.memberStart.length - 1).fill(1);
    this.#pending = new Int32Array((components >>> 5) + 1);
    this.#pendingWords = new Int32Array((this.#pending.length >>> 5) + 1);
    this.#firstPending = this.#pendingWords.length;
    this.#before = new Int32Array(widest);
    this.#queue = new Int32Array(widest);
    this.#isQueued = new Uint8Array(twinCount);
    if (bits) {
      for (let n = 0; n < twinCount; n += 1) if ((bits[n]! & plane) === 0) this.words[n] = 0;
      this.#outer.set(this.words);
      this.#isStale.fill(0);
    } else {
      // All start as running: the live state is the greatest that holds.
      for (let component = 0; component < components; component += 1) this.#evaluate(component, false);
    }
    this.baseline = this.words.slice();
    this.#baseRank = this.rank.slice();
    this.#grownComponents.length = 0;
  }

  /** Shares that a group needs in this plane; 0: none. */
  needOf(group: number): number {
    return this.#groups.need[group]!;
  }

  /** From now on the group holds, whatever its members say. Its owner's baseline must be the same with that. */
  hold(group: number): void {
    letHold(this.#groups, group);
  }

  /** From now on the group is judged by what the plant says of its members. Its owner's baseline must be the same with that. */
  judgeAnew(group: number): void {
    judgeGroup(this.#groups, group);
  }

  /** Takes a twin out in these lanes, from the next run() on. */
  takeOut(twin: number, lanes: number): void {
    this.#out[twin]! |= lanes;
    this.#touch(twin);
    this.#activate(this.plant.componentOf[twin]!);
  }

  /** Evaluates what the outages change. Further outages may be added after it, and run again. */
  run(): void {
    // What a component makes pending comes after it.
    for (let at = this.#firstPending; at <= this.#lastPending; at += 1) {
      for (let words = this.#pendingWords[at]!; words !== 0; words = this.#pendingWords[at]!) {
        const lowest = words & -words;
        this.#pendingWords[at]! ^= lowest;
        this.#runWord((at << 5) + 31 - Math.clz32(lowest));
      }
    }
    this.#firstPending = this.#pendingWords.length;
    this.#lastPending = -1;
  }

  #runWord(at: number): void {
    for (let pending = this.#pending[at]!; pending !== 0; pending = this.#pending[at]!) {
      const lowest = pending & -pending;
      this.#pending[at]! ^= lowest;
      this.#evaluate((at << 5) + 31 - Math.clz32(lowest), true);
    }
  }

  /** Back to the baseline. */
  reset(): void {
    for (let at = 0; at < this.touchedCount; at += 1) {
      const twin = this.touched[at]!;
      this.words[twin] = this.baseline[twin]!;
      this.#outer[twin] = this.baseline[twin]!;
      this.#out[twin] = 0;
      this.#isTouched[twin] = 0;
    }
    this.touchedCount = 0;
    const { componentStart } = this.plant;
    for (const component of this.#grownComponents) {
      const from = componentStart[component]!;
      this.rank.set(this.#baseRank.subarray(from, componentStart[component + 1]), from);
    }
    this.#grownComponents.length = 0;
  }

  #touch(twin: number): void {
    if (this.#isTouched[twin]) return;
    this.#isTouched[twin] = 1;
    this.touched[this.touchedCount] = twin;
    this.touchedCount += 1;
  }

  #activate(component: number): void {
    const word = component >>> 5;
    this.#pending[word]! |= 1 << (component & 31);
    const at = word >>> 5;
    this.#pendingWords[at]! |= 1 << (word & 31);
    if (at < this.#firstPending) this.#firstPending = at;
    if (at > this.#lastPending) this.#lastPending = at;
  }

  #evaluate(component: number, tellUsers: boolean): void {
    const { componentStart, loop } = this.plant;
    const from = componentStart[component]!;
    const to = componentStart[component + 1]!;
    const kind = loop[component]!;
    if (kind === LOOP_NONE) {
      for (let n = from; n < to; n += 1) this.#judgeAgain(n, component, tellUsers);
      return;
    }
    this.#before.set(this.words.subarray(from, to));
    if (kind === LOOP_SUSTAIN) this.#shrink(component, from, to);
    else this.#grow(component, from, to, (kind & LOOP_SUSTAIN) !== 0);
    if (!tellUsers) return;
    for (let n = from; n < to; n += 1) if (this.words[n] !== this.#before[n - from]) this.#tellUsers(n, component);
  }

  /** Outside of loops: outages only ever take lanes away, so what did not change need not be looked at. */
  #judgeAgain(twin: number, component: number, tellUsers: boolean): void {
    const { groupStart, groupSustain } = this.plant;
    const before = this.words[twin]!;
    let word = this.#reaches[twin] ? before & ~this.#out[twin]! : 0;
    const end = groupStart[twin + 1]!;
    for (let g = groupStart[twin]!; g < end; g += 1) {
      if (this.#isStale[g] === 0) continue;
      this.#isStale[g] = 0;
      if (word !== 0) word = sharesReach(this.#groups, g, groupSustain[g] ? this.#outer : this.words, word);
    }
    if (word === before) return;
    this.words[twin] = word;
    this.#outer[twin] = word;
    if (tellUsers) this.#tellUsers(twin, component);
  }

  #tellUsers(twin: number, component: number): void {
    const { userStart, userGroup, groupOwner, componentOf } = this.plant;
    this.#touch(twin);
    for (let at = userStart[twin]!; at < userStart[twin + 1]!; at += 1) {
      const group = userGroup[at]!;
      const owner = groupOwner[group]!;
      const other = componentOf[owner]!;
      // Who has nothing left to lose is not asked.
      if (this.#isStale[group] !== 0 || other === component || this.words[owner] === 0) continue;
      this.#isStale[group] = 1;
      this.#activate(other);
    }
  }

  /** A loop of SUSTAIN alone: what runs goes on running until something it needs is lost. */
  #shrink(component: number, from: number, to: number): void {
    this.#refine(component, from, to, (twin, word) => {
      this.#outer[twin] = word;
    });
  }

  /**
   * A loop with SUPPLY in it: starts from nothing and lets supply come in from outside. Where there is SUSTAIN too,
   * it leans on the last result, again and again until that does not get smaller.
   */
  #grow(component: number, from: number, to: number, sustained: boolean): void {
    this.#grownComponents.push(component);
    let proven = 0;
    for (;;) {
      this.words.fill(0, from, to);
      this.rank.fill(0, from, to);
      this.#refine(component, from, to, (twin) => {
        if (this.rank[twin] === 0) this.rank[twin] = proven += 1;
      });
      let smaller = false;
      for (let n = from; n < to; n += 1) {
        if (this.#outer[n] === this.words[n]) continue;
        this.#outer[n] = this.words[n]!;
        smaller = true;
      }
      if (!smaller || !sustained) return;
    }
  }

  /** Judges the twins of a component until none changes; each change makes its users look again. */
  #refine(component: number, from: number, to: number, onChange: (twin: number, word: number) => void): void {
    const { userStart, userGroup, groupOwner, componentOf, groupStart } = this.plant;
    const size = to - from;
    this.#isStale.fill(0, groupStart[from], groupStart[to]);
    for (let at = 0; at < size; at += 1) this.#queue[at] = from + at;
    this.#isQueued.fill(1, from, to);
    for (let head = 0, waiting = size; waiting > 0; waiting -= 1) {
      const twin = this.#queue[head]!;
      head = head + 1 === size ? 0 : head + 1;
      this.#isQueued[twin] = 0;
      const word = this.#judge(twin);
      if (word === this.words[twin]) continue;
      this.words[twin] = word;
      onChange(twin, word);
      for (let at = userStart[twin]!; at < userStart[twin + 1]!; at += 1) {
        const user = groupOwner[userGroup[at]!]!;
        if (this.#isQueued[user] || componentOf[user] !== component) continue;
        this.#isQueued[user] = 1;
        // One was taken off, so there is room: each twin waits at most once.
        const tail = head + waiting - 1;
        this.#queue[tail >= size ? tail - size : tail] = user;
        waiting += 1;
      }
    }
  }

  /** The lanes in which the twin is available, by what it needs as it stands now. */
  #judge(twin: number): number {
    const { groupStart, groupSustain } = this.plant;
    let word = this.#reaches[twin] ? ~this.#out[twin]! : 0;
    const end = groupStart[twin + 1]!;
    for (let g = groupStart[twin]!; word !== 0 && g < end; g += 1) {
      word = sharesReach(this.#groups, g, groupSustain[g] ? this.#outer : this.words, word);
    }
    return word;
  }
}
