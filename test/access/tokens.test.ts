import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS_LIMITS } from '../../src/access/access-limits.ts';
import { createAuthenticator } from '../../src/access/create-authenticator.ts';
import type { Authenticator } from '../../src/domain/principal.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { AUDIENCE, ISSUER, startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

let issuer: TokenIssuer;
let now: number;
let authenticator: Authenticator;
beforeEach(async () => {
  issuer = await startTokenIssuer();
  now = Date.now();
  authenticator = of(issuer);
});
afterEach(() => issuer.stop());

const of = ({ settings }: TokenIssuer, more: Partial<typeof settings> = {}): Authenticator =>
  createAuthenticator({ tokens: { ...settings, ...more }, keysFile: null }, () => now, createRecordingLog().log);
const seconds = (ahead: number): number => Math.floor(now / 1_000) + ahead;
const claims = (more = {}) => ({ sub: 'ada', role: 'reader', exp: seconds(60), ...more });

it('a token signed by the issuer says who asks, in what role, of what, and until when', async () => {
  const token = await issuer.token(claims({ linchpin_within: ['hall-1'], linchpin_models: 'pump' }));
  expect(await authenticator.authenticate(token)).toEqual({
    actor: 'ada',
    role: 'reader',
    scope: { within: ['hall-1'], models: ['pump'] },
    expiresAt: (seconds(60) + 30) * 1_000,
  });
});

it('the highest role of a list counts, under its prefix, deep in the claims', async () => {
  const token = await issuer.token(claims({ realm: { roles: ['x', 'lp-admin', 'lp-reader', 'operator'] } }));
  const other = of(issuer, { roleClaim: 'realm.roles', rolePrefix: 'lp-' });
  expect(await other.authenticate(token)).toMatchObject({ role: 'admin', scope: null });
});

it('a token need not name its key, also while the issuer publishes several', async () => {
  const old = await issuer.token(claims(), { kid: undefined });
  await issuer.rotate(true);
  await issuer.rotate(true);
  const young = await issuer.token(claims(), { kid: undefined });
  for (const token of [old, young]) expect(await authenticator.authenticate(token)).toMatchObject({ actor: 'ada' });
  const [header, , signature] = young.split('.');
  const forged = `${header}.${Buffer.from(JSON.stringify({ iss: ISSUER, aud: AUDIENCE, ...claims() })).toString('base64url')}.${signature}`;
  await expect(authenticator.authenticate(`${forged.slice(0, -4)}AAAA`)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.stringContaining('signature'),
  });
  await expect(
    authenticator.authenticate(await issuer.token(claims({ exp: seconds(-60) }), { kid: undefined })),
  ).rejects.toMatchObject({ message: expect.stringContaining('expired') });
});

describe('a token is refused', () => {
  const refused = async (token: string | Promise<string>, why: string, code = 'UNAUTHENTICATED') => {
    const error = await authenticator.authenticate(await token).catch((e: unknown) => e);
    expect(error).toMatchObject({ code, message: expect.stringContaining(why) });
    expect((error as Error).message).not.toContain(await token);
  };
  it('of another issuer', () => refused(issuer.token(claims({ iss: 'https://else.test' })), 'iss'));
  it('for another audience', () => refused(issuer.token(claims({ aud: 'else' })), 'aud'));
  it('without an end', () => refused(issuer.token({ sub: 'ada', role: 'reader' }), 'exp'));
  it('without a name', () => refused(issuer.token({ role: 'reader', exp: seconds(60) }), 'sub'));
  it.each(['', 'x'.repeat(257), 12, null, ['ada']])('whose name is %j', (sub) =>
    refused(issuer.token({ role: 'reader', exp: seconds(60), sub } as never), 'sub'),
  );
  it('that is not valid yet', () => refused(issuer.token(claims({ nbf: seconds(60) })), 'nbf'));
  it('of a key that is not published', () => refused(issuer.token(claims(), { kid: 'other' }), 'not publish'));
  it('that is none', () => refused('abc', 'not a signed JWT'));
  it('without a signature', () =>
    refused(`${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims()))}.`.replaceAll('=', ''), 'algorithm'));
  it('signed with a shared secret', async () => {
    const secret = new TextEncoder().encode('x'.repeat(32));
    const token = new SignJWT({ iss: ISSUER, aud: AUDIENCE, ...claims() }).setProtectedHeader({
      alg: 'HS256',
      kid: '1',
    });
    await refused(token.sign(secret), 'algorithm');
  });
  it('that was changed', async () => {
    const [header, , signature] = (await issuer.token(claims())).split('.');
    const body = Buffer.from(JSON.stringify({ iss: ISSUER, aud: AUDIENCE, ...claims({ role: 'admin' }) }));
    await refused(`${header}.${body.toString('base64url')}.${signature}`, 'signature');
  });
  it('that gives no role', () => refused(issuer.token(claims({ role: 'guest' })), 'role', 'FORBIDDEN'));
  it('whose scope is not a list of ids, so that a slip never shows everything', async () => {
    await refused(issuer.token(claims({ linchpin_within: { id: 'x' } })), 'linchpin_within');
    await refused(issuer.token(claims({ linchpin_models: [7] })), 'linchpin_models');
    expect(await authenticator.authenticate(await issuer.token(claims({ linchpin_within: [] })))).toMatchObject({
      scope: { within: [], models: null },
    });
  });
  it('when it has expired, but for the clock skew, also where it was good before', async () => {
    const token = await issuer.token(claims({ exp: seconds(10) }));
    await authenticator.authenticate(token);
    now += 35_000;
    await authenticator.authenticate(token);
    now += 10_000;
    await refused(token, 'expired');
  });
});

it('a key that the issuer has new is fetched when it is met, but not again and again', async () => {
  await authenticator.authenticate(await issuer.token(claims()));
  expect(issuer.reads()).toBe(1);
  await issuer.rotate();
  const other = of(issuer);
  await other.authenticate(await issuer.token(claims()));
  for (let i = 0; i < 5; i++)
    await other.authenticate(await issuer.token(claims(), { kid: `forged ${i}` })).catch(() => undefined);
  expect(issuer.reads()).toBe(2);
});

it('an issuer that cannot be reached is not the fault of the token', async () => {
  issuer.breakDown();
  const error = await authenticator.authenticate(await issuer.token(claims())).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'AUTH_UNAVAILABLE', retriable: true });
});

it('what is too long is not looked at', async () => {
  const long = 'x'.repeat(ACCESS_LIMITS.credentialsLength + 1);
  await expect(authenticator.authenticate(long)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
