/**
 * Cursors: opaque to clients, a position inside. Two kinds of position:
 * - in a page: what the row is ordered by, so that the next page begins behind it whether the row is still there or not;
 * - in the change feed: a sequence.
 */
import type { FeedPosition } from '../application/application.ts';
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

/** Of an event that shares its commit with others. */
export function encodeEventCursor(event: {
  since: number;
  sequence: number;
  id: string;
  isSnapshot?: boolean;
}): string {
  return encodeCursor('event', [event.since, event.sequence, event.id, Number(event.isSnapshot ?? false)]);
}

/** @throws LinchpinError BAD_INPUT */
export function decodeFeedCursor(cursor: string): FeedPosition {
  const read = readCursor(cursor);
  const [order, since, sequence, id, isSnapshot] = read?.[0] === 'feed' ? [...read, read[1], null, 0] : (read ?? []);
  const isRight =
    (order === 'feed' || order === 'event') &&
    isSequence(since) &&
    isSequence(sequence) &&
    since <= sequence &&
    (id === null || typeof id === 'string');
  if (!isRight) throw badInput('after', 'a cursor of an event', cursor);
  return { since, sequence, id, isSnapshot: isSnapshot === 1 };
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readCursor(cursor: string): unknown[] | null {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(position) ? position : null;
  } catch {
    return null;
  }
}
