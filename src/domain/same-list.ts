/** Whether two lists of numbers hold the same, in the same order; none is an empty one. */
export function isSameList(a: readonly number[] = [], b: readonly number[] = []): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
