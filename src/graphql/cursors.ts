/**
 * Cursors: opaque to clients, a position inside. Two kinds of position:
 * - in a page: what the row is ordered by, so that the next page begins behind it whether the row is still there or not;
 * - in the change feed: a sequence.
 */
import { badInput } from '../domain/errors.ts';

export type Position = readonly (string | number)[];

/** `order` names what the position is a position of; a cursor of another order is refused. */
export function encodeCursor(order: string, position: Position): string {
  return Buffer.from(JSON.stringify([order, ...position])).toString('base64url');
}

/** @throws LinchpinError BAD_INPUT */
export function decodeCursor(
  order: string,
  shape: readonly ('string' | 'number')[],
  cursor: string,
  at = 'after',
): Position {
  const position = readCursor(cursor);
  const isRight =
    position !== null &&
    position[0] === order &&
    position.length === shape.length + 1 &&
    shape.every((type, i) => typeof position[i + 1] === type);
  if (!isRight) throw badInput(at, 'a cursor that this list gave', cursor);
  return position.slice(1) as (string | number)[];
}

export function encodeFeedCursor(sequence: number): string {
  return encodeCursor('feed', [sequence]);
}

/** @throws LinchpinError BAD_INPUT */
export function decodeFeedCursor(cursor: string): number {
  const [sequence] = decodeCursor('feed', ['number'], cursor);
  if (!Number.isSafeInteger(sequence) || Number(sequence) < 0) throw badInput('after', 'a cursor of an event', cursor);
  return Number(sequence);
}

function readCursor(cursor: string): unknown[] | null {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(position) ? position : null;
  } catch {
    return null;
  }
}
