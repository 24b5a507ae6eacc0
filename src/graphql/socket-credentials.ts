/**
 * Credentials of a WebSocket: given when it introduces itself, or in the header of its upgrade, and good as long as
 * they are. It is closed with the codes that graphql-ws has for it: 4401, which its client takes for final, when they are
 * no good; 4403, upon which the client comes again with new ones, when they end later.
 */
import { CloseCode } from 'graphql-ws';
import { LinchpinError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import type { Admission } from './admission.ts';
import { API_LIMITS } from './limits.ts';

interface CredentialParts {
  readonly admission: Admission;
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface CredentialState {
  /** Header of the upgrade, for clients that can set one; what the client says of itself comes first. */
  readonly authorization: unknown;
  close(code: number, reason: string): void;
  /** null: has not introduced itself. */
  principal: Principal | null;
  /** Ends the watch over its credentials. */
  forget(): void;
}

/** Whether the socket may go on; it has been closed where not. */
export async function introduce(
  parts: CredentialParts,
  state: CredentialState,
  said: Readonly<Record<string, unknown>> | null | undefined,
): Promise<boolean> {
  const authorization = said?.['authorization'] ?? said?.['Authorization'] ?? state.authorization;
  try {
    const principal = await parts.admission.admit(authorization);
    state.principal = principal;
    watch(parts, state, principal, authorization);
    return true;
  } catch (error) {
    if (!(error instanceof LinchpinError)) throw error;
    state.close(...closing(error));
    return false;
  }
}

function closing(error: LinchpinError): [code: number, reason: string] {
  if (error.code === 'UNAUTHENTICATED') return [CloseCode.Unauthorized, shorten(error.message)];
  if (error.code === 'FORBIDDEN') return [CloseCode.Forbidden, shorten(error.message)];
  return [1013, 'Try again later'];
}

/** A close frame takes 123 bytes of reason (RFC 6455, 5.5). */
function shorten(reason: string): string {
  return Buffer.from(reason)
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

/** Closes the socket when its credentials end, or are taken back, or mean something else than they did. */
function watch(parts: CredentialParts, state: CredentialState, principal: Principal, authorization: unknown): void {
  if (principal.actor === null) return;
  const { admission, clock, timers } = parts;
  const left = principal.expiresAt === null ? Number.POSITIVE_INFINITY : principal.expiresAt - clock();
  const look = async (): Promise<void> => {
    if (principal.expiresAt !== null && principal.expiresAt <= clock()) return end('Credentials have expired');
    try {
      const now = await admission.admit(authorization);
      if (JSON.stringify(now) !== JSON.stringify(principal)) return end('Credentials have changed');
    } catch (error) {
      // As long as nobody can say, what was said holds.
      if (!(error instanceof LinchpinError) || !error.retriable) return end('Credentials are no longer good');
    }
    if (!isOver) watch(parts, state, principal, authorization);
  };
  let isOver = false;
  const end = (reason: string): void => {
    if (!isOver) state.close(CloseCode.Forbidden, reason);
  };
  const cancel = timers.after(Math.min(left, API_LIMITS.credentialsAgeMs), () => void look());
  state.forget = () => {
    isOver = true;
    cancel();
  };
}
