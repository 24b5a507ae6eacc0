/** Long work in steps of a millisecond or so: whoever drives it lets others have their turn between them. */
export type Steps<T> = Generator<void, T, void>;

/** Twins, groups or relationships handled in one step. */
export const ITEMS_PER_STEP = 1_000;
/** Numbers of typed arrays handled in one step. */
export const NUMBERS_PER_STEP = 16_384;

/**
 * Ends steps by the work done, not by the parts of the work: what is small in all its parts together is one step.
 * Counted in memberships looked at, which take some 30 ns each; what takes longer counts for several.
 */
export class Pace {
  readonly #perStep: number;
  #left: number;

  constructor(perStep: number) {
    this.#perStep = perStep;
    this.#left = perStep;
  }

  /** New work begins. Its first step may be longer, as it is all that most work takes. */
  begin(): void {
    this.#left = FIRST_STEP * this.#perStep;
  }

  /** Whether the step is to end here. */
  isDue(work: number): boolean {
    this.#left -= work;
    if (this.#left > 0) return false;
    this.#left = this.#perStep;
    return true;
  }
}

const FIRST_STEP = 4;

/** Some half a millisecond; two and more while code is not compiled yet, or garbage is marked. */
export const WORK_PER_STEP = 16_384;

/** For work that is to be one step. */
export const ENDLESS = new Pace(Number.POSITIVE_INFINITY);

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** A list of what is iterated. */
export function* gather<T>(items: Iterable<T>): Steps<T[]> {
  const list: T[] = [];
  for (const item of items) {
    list.push(item);
    if (list.length % ITEMS_PER_STEP === 0) yield;
  }
  return list;
}
