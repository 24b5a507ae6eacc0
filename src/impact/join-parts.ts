/** Sets of a given size that are made of parts, each of which explains something that the others do not. */

/** A minimal cut set of some bad observations. */
export interface Part {
  readonly twins: readonly number[];
  /** The observations, one bit each. */
  readonly explained: Int32Array;
}

/** What parts explain together. A set can come more than once. */
export interface JoinedParts {
  readonly twins: readonly number[];
  readonly explained: Int32Array;
}

export function* joinParts(parts: readonly Part[], size: number): Generator<JoinedParts, void, void> {
  // Depth first, with a stack of its own: the sets so far, and the part to go on with.
  const stack: (JoinedParts & { next: number })[] = parts.map((part, at) => ({ ...part, next: at + 1 })).toReversed();
  for (let joined = stack.pop(); joined; joined = stack.pop()) {
    if (joined.twins.length === size) yield joined;
    for (let at = parts.length - 1; at >= joined.next; at -= 1) {
      const part = parts[at]!;
      // What is explained already needs no further part; what explains all of it alone needs no other.
      if (isWithin(part.explained, joined.explained) || isWithin(joined.explained, part.explained)) continue;
      const added = part.twins.filter((twin) => !joined.twins.includes(twin));
      if (joined.twins.length + added.length > size) continue;
      stack.push({
        twins: [...joined.twins, ...added],
        explained: joined.explained.map((word, n) => word | part.explained[n]!),
        next: at + 1,
      });
    }
  }
}

function isWithin(inner: Int32Array, outer: Int32Array): boolean {
  for (let at = 0; at < inner.length; at += 1) if (inner[at]! & ~outer[at]!) return false;
  return true;
}

export function countBits(words: Int32Array): number {
  let count = 0;
  for (let word of words) {
    for (; word !== 0; word &= word - 1) count += 1;
  }
  return count;
}
