/** A role and a scope from what a token or a line of the key file says. */
import { describeValue, LinchpinError } from '../domain/errors.ts';
import { ROLES, type Role, type Scope } from '../domain/principal.ts';
import { ACCESS_LIMITS } from './access-limits.ts';

/** The highest role among names in a text or a list of texts; null where there is none. */
export function parseRole(value: unknown, prefix = ''): Role | null {
  const names = typeof value === 'string' ? value.split(/\s+/) : Array.isArray(value) ? value : [];
  const known = ROLES.filter((role) => names.includes(prefix + role));
  return known.at(-1) ?? null;
}

/**
 * Absent or null means no limit; anything that is not a list of ids is refused, so that a slip never widens a scope.
 * @throws LinchpinError UNAUTHENTICATED
 */
export function parseScope(within: unknown, models: unknown, at: { within: string; models: string }): Scope | null {
  const scope = { within: parseIds(within, at.within), models: parseIds(models, at.models) };
  return scope.within === null && scope.models === null ? null : scope;
}

function parseIds(value: unknown, at: string): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  if (ids.length > ACCESS_LIMITS.scopeIds || !ids.every((id) => typeof id === 'string' && id !== '')) {
    const expected = `an id, or a list of at most ${ACCESS_LIMITS.scopeIds} ids`;
    const received = describeValue(value);
    throw new LinchpinError('UNAUTHENTICATED', `${at}: expected ${expected}, got ${received}`, { expected, received });
  }
  return [...new Set(ids as string[])];
}
