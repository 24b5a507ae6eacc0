import { LinchpinError } from '../domain/errors.ts';

/** STORE_UNAVAILABLE with the first line of what the driver said; it holds no values and no password. */
export function unavailable(what: string, cause: unknown): LinchpinError {
  const why = cause instanceof Error ? (cause.message || cause.name).split('\n')[0] : String(cause);
  return new LinchpinError('STORE_UNAVAILABLE', `${what}: ${why}`, { cause });
}
