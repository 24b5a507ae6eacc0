/** Numbers of things, for people. */

/** `1 twin`, `2 twins`. */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `1 model, 2 twins and 3 relationships`. */
export function countsOf(counts: { models: number; twins: number; relationships: number }): string {
  const { models, twins, relationships } = counts;
  return `${countOf(models, 'model')}, ${countOf(twins, 'twin')} and ${countOf(relationships, 'relationship')}`;
}
