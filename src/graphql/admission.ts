/** Who comes in at the API's doors, and how many operations one caller may have under way, over all doors together. */
import { LinchpinError } from '../domain/errors.ts';
import { ANYBODY, type Authenticator, type Principal } from '../domain/principal.ts';
import { API_LIMITS } from './limits.ts';

export interface Admission {
  /**
   * @param authorization as in the HTTP header; undefined: there was none
   * @throws LinchpinError UNAUTHENTICATED, FORBIDDEN, AUTH_UNAVAILABLE
   */
  admit(authorization: unknown): Promise<Principal>;
  /**
   * Counts an operation; the answer ends it, once.
   * @throws LinchpinError LIMIT_EXCEEDED
   */
  begin(principal: Principal): () => void;
}

/** @param authenticator null: nobody is asked */
export function createAdmission(authenticator: Authenticator | null): Admission {
  const operationsByActor = new Map<string, number>();
  return {
    admit: async (authorization) =>
      authenticator === null ? ANYBODY : authenticator.authenticate(credentialsIn(authorization)),
    begin({ actor }) {
      // Nobody knows how many stand behind no name.
      if (actor === null) return () => undefined;
      const running = operationsByActor.get(actor) ?? 0;
      if (running >= API_LIMITS.operationsPerCaller) {
        const expected = `at most ${API_LIMITS.operationsPerCaller}`;
        throw new LinchpinError('LIMIT_EXCEEDED', `operations at a time of one caller: ${expected}`, { expected });
      }
      operationsByActor.set(actor, running + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (operationsByActor.get(actor) ?? 1) - 1;
        if (left > 0) operationsByActor.set(actor, left);
        else operationsByActor.delete(actor);
      };
    },
  };
}

function credentialsIn(authorization: unknown): string {
  const credentials = typeof authorization === 'string' ? /^Bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
  if (credentials !== undefined) return credentials;
  const expected = 'authorization: Bearer TOKEN-OR-API-KEY';
  const came = authorization === undefined ? 'nothing' : 'something else';
  throw new LinchpinError('UNAUTHENTICATED', `who asks is not known: expected ${expected}, got ${came}`, { expected });
}
