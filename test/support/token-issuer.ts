/** An issuer of tokens with keys of its own, published on loopback. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { TokenSettings } from '../../src/domain/access-settings.ts';

export interface TokenIssuer {
  readonly settings: TokenSettings;
  /** How often its keys were read. */
  readonly reads: () => number;
  /** Signed by the newest key; `exp` in epoch seconds. */
  token(claims: JWTPayload, header?: { alg?: string; kid?: string | undefined }): Promise<string>;
  /** From now on it signs by another key, and publishes that, alone or with those before it. */
  rotate(keepsOthers?: boolean): Promise<void>;
  /** Answers with 500 from now on. */
  breakDown(): void;
  stop(): Promise<void>;
}

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'linchpin';

export async function startTokenIssuer(more: Partial<TokenSettings> = {}): Promise<TokenIssuer> {
  let kid = 0;
  let reads = 0;
  let isBroken = false;
  let privateKey: CryptoKey;
  let published: JWK[] = [];
  const rotate = async (keepsOthers = false): Promise<void> => {
    kid += 1;
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    const key = { ...(await exportJWK(pair.publicKey)), kid: String(kid), alg: 'ES256', use: 'sig' };
    published = keepsOthers ? [...published, key] : [key];
  };
  await rotate();
  const server = createServer((_, response) => {
    reads += 1;
    response.writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      clockSkewMs: 30_000,
      roleClaim: 'role',
      rolePrefix: '',
      withinClaim: 'linchpin_within',
      modelsClaim: 'linchpin_models',
      ...more,
    },
    reads: () => reads,
    rotate,
    token: (claims, header = {}) =>
      new SignJWT({ iss: ISSUER, aud: AUDIENCE, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: String(kid), ...header } as JWTHeaderParameters)
        .sign(privateKey),
    breakDown: () => {
      isBroken = true;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
