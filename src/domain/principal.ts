/** Who asks, and what they may: the same for every door. `src/access` finds it out, the doors ask it. */
import { LinchpinError } from './errors.ts';

/** Each may all that those before it may. */
export const ROLES = ['reader', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The twins that a caller sees: what is given must all hold; of a list, one must fit. Never both null. */
export interface Scope {
  /** These twins and everything inside them; null: anywhere. */
  readonly within: readonly string[] | null;
  /** Twins whose model is one of these or extends it; null: of any model, or of none. */
  readonly models: readonly string[] | null;
}

export interface Principal {
  /** Name in the audit log; null: nobody was asked. */
  readonly actor: string | null;
  readonly role: Role;
  /** null: sees everything. */
  readonly scope: Scope | null;
  /** Epoch milliseconds; from then on the credentials are worth nothing. null: they do not end. */
  readonly expiresAt: number | null;
}

/** What the holder of an API key may. */
export interface KeyGrant {
  readonly actor: string;
  readonly role: Role;
  readonly within?: readonly string[];
  readonly models?: readonly string[];
  /** RFC 3339. */
  readonly expiresAt?: string;
}

export interface Authenticator {
  /**
   * Whose credentials these are: a token or an API key, without the word Bearer.
   * @throws LinchpinError UNAUTHENTICATED, FORBIDDEN where no role is given, AUTH_UNAVAILABLE
   */
  authenticate(credentials: string): Promise<Principal>;
}

/** Whoever asks a server that asks nobody who they are. */
export const ANYBODY: Principal = { actor: null, role: 'admin', scope: null, expiresAt: null };

export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** @throws LinchpinError FORBIDDEN */
export function requireRole({ role }: Principal, needed: Role, what: string): void {
  if (isAtLeast(role, needed)) return;
  throw new LinchpinError('FORBIDDEN', `${what} takes the role ${needed}; this caller is ${role}`, {
    expected: needed,
    received: role,
  });
}
