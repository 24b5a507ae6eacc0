/**
 * Bearer tokens: JWTs (RFC 7519) checked by the issuer's published keys (JWKS, RFC 7517).
 * A token must say who it is of, end at some time, and be signed by an algorithm of the list.
 */
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { TokenSettings } from '../domain/access-settings.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { Clock } from '../domain/timers.ts';
import { ACCESS_LIMITS } from './access-limits.ts';
import { parseRole, parseScope } from './parse-scope.ts';

/** Answers whose token it is. @throws LinchpinError UNAUTHENTICATED, FORBIDDEN, AUTH_UNAVAILABLE */
export type CheckToken = (token: string) => Promise<Principal>;

export function createTokenCheck(settings: TokenSettings, clock: Clock): CheckToken {
  const keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
    cooldownDuration: ACCESS_LIMITS.jwksCooldownMs,
    cacheMaxAge: ACCESS_LIMITS.jwksAgeMs,
    timeoutDuration: ACCESS_LIMITS.jwksMs,
  });
  const checked = new Map<string, { principal: Principal; until: number }>();
  return async (token) => {
    const known = checked.get(token);
    if (known && clock() < known.until) return known.principal;
    checked.delete(token);
    const payload = await verify(token, keys, {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: [...settings.algorithms],
      clockTolerance: settings.clockSkewMs / 1_000,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(clock()),
    }).catch((error: unknown) => {
      throw toRefusal(error);
    });
    const principal = toPrincipal(payload, settings);
    if (checked.size >= ACCESS_LIMITS.checkedTokens) checked.delete(checked.keys().next().value as string);
    const until = Math.min(principal.expiresAt ?? 0, clock() + ACCESS_LIMITS.checkedTokenMs);
    checked.set(token, { principal, until });
    return principal;
  };
}

/** A token need not say which key it is signed by: while the issuer changes its keys, several can be meant. */
async function verify(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (other) {
        if (!(other instanceof errors.JWSSignatureVerificationFailed)) throw other;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function toPrincipal(payload: JWTPayload, settings: TokenSettings): Principal {
  const { roleClaim, withinClaim, modelsClaim } = settings;
  const role = parseRole(claimOf(payload, roleClaim), settings.rolePrefix);
  if (role === null) {
    const expected = `one of ${settings.rolePrefix}reader, ${settings.rolePrefix}operator, ${settings.rolePrefix}admin`;
    throw new LinchpinError('FORBIDDEN', `the token gives no role: expected ${expected} in its claim ${roleClaim}`, {
      expected,
    });
  }
  return {
    actor: parseSubject(payload.sub),
    role,
    scope: parseScope(claimOf(payload, withinClaim), claimOf(payload, modelsClaim), {
      within: `claim ${withinClaim}`,
      models: `claim ${modelsClaim}`,
    }),
    expiresAt: (payload.exp ?? 0) * 1_000 + settings.clockSkewMs,
  };
}

/** What stands in the audit log must be a name: a token of nobody would look like a server that asks nobody. */
function parseSubject(subject: unknown): string {
  if (typeof subject === 'string' && subject !== '' && subject.length <= ACCESS_LIMITS.actorLength) return subject;
  throw refusal(`the token's claim sub is not right: expected a text of 1 to ${ACCESS_LIMITS.actorLength} characters`);
}

/** A claim under its own name, dots and all, or inside objects: `realm_access.roles`. */
function claimOf(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** What is wrong with the token, in words that hold nothing of it. */
function toRefusal(error: unknown): LinchpinError {
  if (error instanceof errors.JWTExpired) return refusal('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refusal(`the token's claim ${error.claim} is not right`);
  if (error instanceof errors.JOSEAlgNotAllowed) return refusal('the token is signed by an algorithm not allowed here');
  if (error instanceof errors.JWKSNoMatchingKey)
    return refusal('the token is signed by a key that its issuer does not publish');
  if (error instanceof errors.JWSSignatureVerificationFailed) return refusal("the token's signature is not right");
  if (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  )
    return refusal('the token is not a signed JWT');
  return new LinchpinError('AUTH_UNAVAILABLE', "tokens cannot be checked now: the issuer's keys cannot be had", {
    cause: error,
  });
}

function refusal(message: string): LinchpinError {
  return new LinchpinError('UNAUTHENTICATED', message);
}
