/**
 * The one error class of the project and its closed set of codes.
 *
 * Callers branch on `code`, never on the text. `docs/ERRORS.md` lists the same set; a test compares the two.
 */

/** Every code, with whether trying the same again can succeed. */
export const ERROR_CODES = {
  /** The input is malformed or breaks a rule of the domain. */
  BAD_INPUT: { retriable: false },
  /** A twin, relationship or model that was named does not exist. */
  NOT_FOUND: { retriable: false },
  /** `ifRevision` does not match: somebody changed it first. */
  CONFLICT: { retriable: false },
  /** A limit was exceeded; the message names it and its value. */
  LIMIT_EXCEEDED: { retriable: false },
  /** The caller is not known. */
  UNAUTHENTICATED: { retriable: false },
  /** The caller is known and may not. */
  FORBIDDEN: { retriable: false },
  /** Tokens cannot be checked now: the issuer's keys cannot be had. */
  AUTH_UNAVAILABLE: { retriable: true },
  /** A cursor or instant lies before what is retained. */
  RETENTION_PASSED: { retriable: false },
  /** Part of the contract that this version does not serve yet. */
  NOT_IMPLEMENTED: { retriable: false },
  /** The graph cannot be reached, or lost a race that a retry can win. */
  STORE_UNAVAILABLE: { retriable: true },
  /** The request was cancelled, or took longer than allowed. */
  TIMEOUT: { retriable: true },
  /** The server is stopping. */
  STOPPING: { retriable: true },
  /** Settings are missing or malformed; the start stops. */
  BAD_CONFIG: { retriable: false },
  /** A fault of ours. Details are in the log, under the request's id. */
  INTERNAL: { retriable: false },
} as const satisfies Record<string, { retriable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** What would have been right. */
  readonly expected?: string;
  /** What came instead; shortened by the thrower, never a secret. */
  readonly received?: string;
  /** Where: an argument path such as `twins[3].requirements[0].min`, or `file:line`. */
  readonly at?: string;
  /** The current revision, with CONFLICT. */
  readonly revision?: number;
  /** Epoch milliseconds from which on it could be answered, with RETENTION_PASSED. */
  readonly since?: number;
  readonly cause?: unknown;
}

export class LinchpinError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LinchpinError';
    this.code = code;
    this.details = details;
  }

  get retriable(): boolean {
    return ERROR_CODES[this.code].retriable;
  }
}

/** One thing that is wrong with an input. */
export interface Fault {
  /** Where: `twins[3].requirements[0].min`. */
  readonly at: string;
  readonly message: string;
}

/** BAD_INPUT with every fault of the input, so that it can be mended in one go. */
export class InputFaults extends LinchpinError {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    super(
      'BAD_INPUT',
      `${faults[0]?.message ?? 'the input is not right'}${more}`,
      faults[0] ? { at: faults[0].at } : {},
    );
    this.faults = faults;
  }
}

/** BAD_INPUT that says where, what was expected and what came. */
export function badInput(at: string, expected: string, received: unknown): LinchpinError {
  const came = describeValue(received);
  return new LinchpinError('BAD_INPUT', `${at}: expected ${expected}, got ${came}`, { at, expected, received: came });
}

export function notFound(what: string, id: string): LinchpinError {
  return new LinchpinError('NOT_FOUND', `there is no ${what} ${describeValue(id)}`, { received: describeValue(id) });
}

/** `since`: epoch milliseconds from which on the past is known; null: nothing of it is. */
export function retentionPassed(asked: string, since: number | null): LinchpinError {
  if (since === null) return new LinchpinError('RETENTION_PASSED', `${asked} lies before what the feed still holds`);
  const from = new Date(since).toISOString();
  const message = `${asked} lies before what the feed still holds, which begins at ${from}`;
  return new LinchpinError('RETENTION_PASSED', message, { expected: `an instant from ${from} on`, since });
}

/** Longest rendering of a received value in a message: enough to recognise it, too short to flood a log. */
const DESCRIBED_LENGTH = 80;

/** A short, printable rendering of any value, for messages. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > DESCRIBED_LENGTH ? `${text.slice(0, DESCRIBED_LENGTH)}… (${text.length} characters)` : text;
}
