/** Pages of ordered lists. */
import { badInput, LinchpinError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { decodeCursor, encodeCursor, type Position } from './cursors.ts';

export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  /** Cursors are made only where they are asked for. */
  cursorAt(index: number): string;
}

/** A list's order: each row's position, and the types of its parts. The list is sorted by it. */
export interface RowOrder<Row> {
  readonly name: string;
  readonly shape: readonly ('string' | 'number')[];
  positionOf(row: Row): Position;
}

/** A list whose rows may come into being as they are looked at. */
export interface Rows<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  slice(from: number, to: number): Row[];
}

/** Page of a list that is sorted by what its cursors hold. */
export function pageOf<Row>(rows: Rows<Row>, request: PageRequest, order: RowOrder<Row>): Page<Row> {
  const size = pageSize(request.first, 50, LIMITS.pageSize, READ_ON);
  let start = 0;
  if (request.after != null) {
    const after = decodeCursor(order.name, order.shape, request.after);
    start = firstBehind(rows, (row) => comparePositions(order.positionOf(row), after) > 0);
  }
  return slice(rows, start, size, (row) => encodeCursor(order.name, order.positionOf(row)));
}

/**
 * Page of a list whose order its rows do not tell: the cursor holds the row's id and rank. The next page begins behind
 * the row where it is now, or where it was when it is gone.
 */
export function pageOfRanked<Row>(
  rows: Rows<Row>,
  request: PageRequest,
  order: { readonly name: string; idAt(index: number): string | undefined },
): Page<Row> {
  const size = pageSize(request.first, 50, LIMITS.pageSize, READ_ON);
  let start = 0;
  if (request.after != null) {
    const [rank, id] = decodeCursor(order.name, ['number', 'string'], request.after);
    if (!Number.isSafeInteger(rank) || Number(rank) < 0)
      throw badInput('after', 'a cursor that this list gave', request.after);
    let row = 0;
    while (row < rows.length && order.idAt(row) !== id) row += 1;
    start = row === rows.length ? Number(rank) : row + 1;
  }
  return slice(rows, start, size, (_, index) => encodeCursor(order.name, [index, order.idAt(index) as string]));
}

/** Of lists with cursors. */
export const READ_ON = 'read on with after';

/** `wayOn`: how the rest can be had, where there is a way. @throws LinchpinError BAD_INPUT, LIMIT_EXCEEDED */
export function pageSize(
  first: number | null | undefined,
  fallback = 50,
  most: number = LIMITS.pageSize,
  wayOn?: string,
): number {
  const size = first ?? fallback;
  if (size < 0) throw badInput('first', 'a number of at least 0', size);
  if (size > most) {
    throw new LinchpinError(
      'LIMIT_EXCEEDED',
      `first: at most ${most} rows in one answer, got ${size}${wayOn === undefined ? '' : `; ${wayOn}`}`,
      {
        at: 'first',
        expected: `at most ${most}`,
        received: String(size),
      },
    );
  }
  return size;
}

function slice<Row>(
  all: Rows<Row>,
  start: number,
  size: number,
  cursorOf: (row: Row, index: number) => string,
): Page<Row> {
  const rows = all.slice(start, start + size);
  return {
    rows,
    totalCount: all.length,
    hasNextPage: start + rows.length < all.length,
    cursorAt: (index) => cursorOf(rows[index] as Row, start + index),
  };
}

/** Index of the first row for which it holds; it holds for all rows behind that too. */
function firstBehind<Row>(rows: Rows<Row>, isBehind: (row: Row) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(rows.at(middle) as Row)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function comparePositions(a: Position, b: Position): number {
  for (const [i, part] of a.entries()) {
    const other = b[i] as string | number;
    if (part < other) return -1;
    if (part > other) return 1;
  }
  return 0;
}
