/** The order of ids, the same wherever a list is ordered by id: by UTF-16 code units, without a locale. */

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface WithTwin {
  readonly twin: { readonly id: string };
}

export function compareNodes(a: WithTwin, b: WithTwin): number {
  return compareIds(a.twin.id, b.twin.id);
}
