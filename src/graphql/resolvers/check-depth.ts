import { badInput } from '../../domain/errors.ts';

/** @throws LinchpinError BAD_INPUT */
export function checkDepth(maxDepth: number | null | undefined): number | null {
  if (maxDepth != null && maxDepth < 1) throw badInput('maxDepth', 'a number of at least 1', maxDepth);
  return maxDepth ?? null;
}
