/**
 * API keys: `lpk_ID_SECRET`. The secret is 256 random bits, so a plain hash of the key suffices to keep it: nobody
 * guesses it, slowly or fast. What is kept is one JSON object a line, with the hash and what the key's holder may.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { LinchpinError } from '../domain/errors.ts';
import { parseInstant } from '../domain/instant.ts';
import { type KeyGrant, type Principal, ROLES } from '../domain/principal.ts';
import { ACCESS_LIMITS } from './access-limits.ts';

const KEY = /^lpk_([A-Za-z0-9]{12})_[A-Za-z0-9_-]{43}$/;
export const KEY_PREFIX = 'lpk_';

/** A line of the file. */
export interface StoredKey {
  readonly id: string;
  readonly hash: Buffer;
  readonly principal: Principal;
}

/** A new key, and the line that lets it in. The key itself is kept nowhere. */
export function makeKey(grant: KeyGrant): { readonly key: string; readonly line: string } {
  const id = randomBytes(6).toString('hex');
  const key = `${KEY_PREFIX}${id}_${randomBytes(32).toString('base64url')}`;
  return { key, line: JSON.stringify({ id, hash: `sha256:${hashOf(key).toString('hex')}`, ...grant }) };
}

const ids = z.array(z.string().min(1)).max(ACCESS_LIMITS.scopeIds).nullish();
const lineSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9]{12}$/, '12 letters and digits'),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'),
  actor: z.string().min(1).max(ACCESS_LIMITS.actorLength),
  role: z.enum(ROLES),
  within: ids,
  models: ids,
  expiresAt: z.string().nullish(),
});

/** @throws LinchpinError BAD_CONFIG that names the line and the field, and nothing of what stands there */
export function parseKeys(text: string, file: string): ReadonlyMap<string, StoredKey> {
  const keyById = new Map<string, StoredKey>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const fault = (what: string): LinchpinError => new LinchpinError('BAD_CONFIG', `${file}:${i + 1}: ${what}`);
    const json = parseJson(line);
    if (json === undefined) throw fault('expected a line of linchpin key, got no JSON');
    const parsed = lineSchema.safeParse(json);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw fault(`expected a line of linchpin key; ${issue?.path.join('.') || 'the line'}: ${issue?.message}`);
    }
    const { id, hash, actor, role, within, models, expiresAt } = parsed.data;
    if (keyById.has(id)) throw fault(`key ${id} is there twice`);
    const scope = within || models ? { within: within ?? null, models: models ?? null } : null;
    let end: number | null;
    try {
      end = expiresAt ? parseInstant(expiresAt) : null;
    } catch {
      throw fault('expiresAt: expected an instant such as 2027-01-31T00:00:00Z');
    }
    const principal = { actor, role, scope, expiresAt: end };
    keyById.set(id, { id, hash: Buffer.from(hash.slice('sha256:'.length), 'hex'), principal });
  }
  return keyById;
}

/** The stored key that it is; undefined where there is none. */
export function findKey(key: string, keyById: ReadonlyMap<string, StoredKey>): StoredKey | undefined {
  const stored = keyById.get(KEY.exec(key)?.[1] ?? '');
  return stored && timingSafeEqual(stored.hash, hashOf(key)) ? stored : undefined;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
