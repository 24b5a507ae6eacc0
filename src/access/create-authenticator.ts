/** Tokens and keys behind one question: whose credentials are these? */
import type { AccessSettings } from '../domain/access-settings.ts';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Authenticator } from '../domain/principal.ts';
import type { Clock } from '../domain/timers.ts';
import { ACCESS_LIMITS } from './access-limits.ts';
import { KEY_PREFIX } from './api-key.ts';
import { createTokenCheck } from './check-tokens.ts';
import { openKeysFile } from './keys-file.ts';

/** @throws LinchpinError BAD_CONFIG for the file of keys */
export function createAuthenticator(settings: AccessSettings, clock: Clock, log: Log): Authenticator {
  const checkToken = settings.tokens && createTokenCheck(settings.tokens, clock);
  const checkKey = settings.keysFile === null ? null : openKeysFile(settings.keysFile, clock, log);
  return {
    async authenticate(credentials) {
      if (credentials.length > ACCESS_LIMITS.credentialsLength) throw unknown('the credentials are too long');
      if (credentials.startsWith(KEY_PREFIX)) {
        if (!checkKey) throw unknown('this server takes tokens, not API keys');
        return checkKey(credentials);
      }
      if (!checkToken) throw unknown('this server takes API keys, not tokens');
      return checkToken(credentials);
    },
  };
}

function unknown(message: string): LinchpinError {
  return new LinchpinError('UNAUTHENTICATED', message);
}
