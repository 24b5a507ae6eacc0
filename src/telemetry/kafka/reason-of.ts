/**
 * Why something failed: the client's word, which often tells only how many tries there were, and what the last try
 * failed by.
 */
export function reasonOf(error: unknown): string {
  const inner = innermost(error);
  const [told, why] = [error, inner].map((one) => (one instanceof Error ? one.message : String(one)));
  return told === why ? String(told) : `${told} ${why}`;
}

function innermost(error: unknown): unknown {
  // A chain that goes in a loop ends too.
  let found = error;
  for (let depth = 0; depth < 16; depth += 1) {
    const inner: unknown = found instanceof AggregateError ? found.errors.at(-1) : (found as Error | null)?.cause;
    if (!(inner instanceof Error)) break;
    found = inner;
  }
  return found;
}
