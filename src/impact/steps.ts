/** Long work in steps of a millisecond or so: whoever drives it lets others have their turn between them. */
export type Steps<T> = Generator<void, T, void>;

/** Twins, groups or relationships handled in one step. */
export const ITEMS_PER_STEP = 1_000;
/** Numbers of typed arrays handled in one step. */
export const NUMBERS_PER_STEP = 16_384;

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
