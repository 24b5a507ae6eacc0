/** Asks a running server over GraphQL. */
import { ERROR_CODES, type ErrorCode, type Fault, InputFaults, LinchpinError } from '../domain/errors.ts';

export type Ask = <T>(query: string, variables?: Readonly<Record<string, unknown>>) => Promise<T>;

/** Milliseconds for one answer: the server itself gives up after 60 s. */
const ANSWER_MS = 90_000;

interface RemoteError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly at?: string; readonly faults?: readonly Fault[] };
}

/**
 * @param token shown to the server; null: none
 * @param url with or without its path, which is /graphql
 * @throws LinchpinError BAD_INPUT where it is no URL
 */
export function createAsk(url: string, token: string | null): Ask {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new LinchpinError('BAD_INPUT', `--url: expected such as http://127.0.0.1:4000/graphql, got ${url}`, {
      at: '--url',
    });
  }
  const address = new URL(url);
  if (address.pathname === '/') address.pathname = '/graphql';
  return async <T>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const answer = await post(address, { query, variables }, token);
    if (answer.errors && answer.errors.length > 0) throw toError(answer.errors);
    return answer.data as T;
  };
}

async function post(
  address: URL,
  body: object,
  token: string | null,
): Promise<{ data?: unknown; errors?: readonly RemoteError[] }> {
  let text: string;
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    text = await response.text();
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new LinchpinError('STORE_UNAVAILABLE', `no answer from ${address.href}: ${why}`, { cause });
  }
  try {
    return JSON.parse(text) as { data?: unknown; errors?: readonly RemoteError[] };
  } catch (cause) {
    throw new LinchpinError(
      'INTERNAL',
      `${address.href} is no Linchpin server: status ${response.status}, and no JSON`,
      { cause },
    );
  }
}

/** The server's errors as ours: faults of the input stay faults, with their paths. */
function toError(errors: readonly RemoteError[]): LinchpinError {
  const faults = errors.flatMap(({ message, extensions }) => {
    if (extensions?.faults) return extensions.faults;
    return extensions?.code === 'BAD_INPUT' && extensions.at !== undefined ? [{ at: extensions.at, message }] : [];
  });
  if (faults.length > 0) return new InputFaults(faults);
  const code = errors[0]?.extensions?.code ?? '';
  const known = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'INTERNAL';
  const hint = known === 'UNAUTHENTICATED' ? '\nShow a token or API key of the server by AUTH_TOKEN, or --token' : '';
  return new LinchpinError(known, errors.map((error) => error.message).join('\n') + hint);
}
