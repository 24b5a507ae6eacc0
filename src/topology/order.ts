/** The order of ids, the same wherever a list is ordered by id: by UTF-16 code units, without a locale. */
import type { TwinNode } from './topology.ts';

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareNodes(a: TwinNode, b: TwinNode): number {
  return compareIds(a.twin.id, b.twin.id);
}
