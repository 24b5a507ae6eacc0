/** The file of API keys, read again when it changes: a key that is taken out of it is worth nothing a second later. */
import { readFileSync, statSync } from 'node:fs';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Principal } from '../domain/principal.ts';
import type { Clock } from '../domain/timers.ts';
import { ACCESS_LIMITS } from './access-limits.ts';
import { findKey, parseKeys } from './api-key.ts';

/** Whose key it is. @throws LinchpinError UNAUTHENTICATED */
export type CheckKey = (key: string) => Principal;

/** @throws LinchpinError BAD_CONFIG when the file cannot be read, or a line of it is not right */
export function openKeysFile(path: string, clock: Clock, log: Log): CheckKey {
  let version = versionOf(path);
  let keyById = parseKeys(readFileSync(path, 'utf8'), path);
  let lookedAt = clock();
  const look = (): void => {
    if (clock() - lookedAt < ACCESS_LIMITS.keysFileMs) return;
    lookedAt = clock();
    try {
      const now = versionOf(path);
      if (now === version) return;
      keyById = parseKeys(readFileSync(path, 'utf8'), path);
      version = now;
      log.info({ keys: keyById.size }, 'the file of API keys was read again');
    } catch (error) {
      // The keys that were good stay so: a slip in the file must not lock everybody out.
      log.error({ reason: (error as Error).message }, 'the file of API keys is not right; the keys before it hold on');
    }
  };
  return (key) => {
    look();
    const stored = findKey(key, keyById);
    if (!stored) throw new LinchpinError('UNAUTHENTICATED', 'the API key is not known');
    const { expiresAt } = stored.principal;
    if (expiresAt !== null && expiresAt <= clock())
      throw new LinchpinError('UNAUTHENTICATED', 'the API key has expired');
    return stored.principal;
  };
}

/** Differs when the file does. */
function versionOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    if (size > ACCESS_LIMITS.keysFileBytes) throw new Error(`larger than ${ACCESS_LIMITS.keysFileBytes} bytes`);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (cause) {
    throw new LinchpinError('BAD_CONFIG', `AUTH_KEYS_FILE: ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
