/** JSON pointers (RFC 6901). */

/** Its levels; null: it is none. */
export function parsePointer(pointer: unknown): readonly string[] | null {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) return null;
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescape);
}

function unescape(level: string): string {
  return level.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A level as it stands in a pointer. */
export function escapePointer(level: string): string {
  return level.replaceAll('~', '~0').replaceAll('/', '~1');
}
