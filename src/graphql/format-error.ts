/**
 * What clients are told of an error: `extensions.code` of the closed set, with expected, received, at and revision.
 * Anything that is not one of our errors, or graphql's word on the query, is a fault of ours: it is logged whole, and
 * the client gets INTERNAL with the request's id. docs/ERRORS.md lists the codes.
 */
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { ERROR_CODES, type ErrorCode, InputFaults, LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import { API_LIMITS } from './limits.ts';

/** Codes of the door itself, beside ERROR_CODES: the request does not come as far as the domain. */
export const PROTOCOL_CODES = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST'] as const;

type ClientCode = ErrorCode | (typeof PROTOCOL_CODES)[number];

/** Apollo's codes in our words. */
const CODE_BY_APOLLO: Record<string, ClientCode> = {
  BAD_USER_INPUT: 'BAD_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
};

/** What Apollo says in words that a client cannot act on, in ours. */
const WORDS_FOR_APOLLO: readonly (readonly [RegExp, string])[] = [
  [/^GraphQL introspection is not allowed/, 'this server does not tell its schema'],
  [
    /^This operation has been blocked as a potential Cross-Site Request Forgery/,
    'expected POST with content-type: application/json, or for GET a header apollo-require-preflight: a page of another site can send neither',
  ],
];

/** In place of what a driver says, which holds addresses; the log and /readyz tell the operator. */
const STORE_UNAVAILABLE = 'what keeps the data cannot answer now; try again';

/** What graphql adds to a name that the schema does not have. */
const SUGGESTION = / Did you mean .*\?$/s;

/** A LinchpinError as the doors throw it before anything is executed; `status` is that of HTTP. */
export function toGraphQLError(error: LinchpinError, status: number): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status } } });
}

/** Says which errors are faults of ours, in the log and in the errors themselves, before they are formatted. */
export function logFaults(errors: readonly GraphQLError[], requestId: string, log: Log): void {
  for (const error of errors) {
    if (codeOf(error) !== 'INTERNAL') continue;
    error.extensions.requestId = requestId;
    const cause = rootOf(error);
    log.error({ requestId, path: error.path?.join('.'), err: cause }, 'a request failed for a reason of ours');
  }
}

/** @param hidesSchema leave out what graphql suggests instead, as it tells names of the schema */
export function formatErrors(errors: readonly GraphQLError[], hidesSchema = false): GraphQLFormattedError[] {
  const shown = errors.slice(0, API_LIMITS.errorsPerAnswer).map((error) => formatError(error, hidesSchema));
  const more = errors.length - shown.length;
  if (more > 0)
    shown.push({ message: `and ${more} more errors`, extensions: { code: codeOf(errors.at(-1) as GraphQLError) } });
  return shown;
}

/** @param hidesSchema as for formatErrors */
export function formatError(error: GraphQLError, hidesSchema = false): GraphQLFormattedError {
  const code = codeOf(error);
  const place = {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
  if (code === 'INTERNAL') {
    const { requestId } = error.extensions;
    return {
      message: 'something went wrong on the server',
      ...place,
      extensions: { code, ...(requestId ? { requestId } : {}) },
    };
  }
  if (code === 'STORE_UNAVAILABLE' && rootOf(error).cause !== undefined)
    return { message: STORE_UNAVAILABLE, ...place, extensions: { code } };
  const words = WORDS_FOR_APOLLO.find(([form]) => form.test(error.message))?.[1] ?? error.message;
  const message = hidesSchema ? words.replace(SUGGESTION, '') : words;
  return { message: shorten(message), ...place, extensions: { code, ...detailsOf(error) } };
}

function codeOf(error: GraphQLError): ClientCode {
  const root = rootOf(error);
  // A setting that turns out wrong at work, such as a password that was changed, is nothing that a client can put right.
  if (root instanceof LinchpinError) return root.code === 'BAD_CONFIG' ? 'INTERNAL' : root.code;
  const inner = error.originalError instanceof GraphQLError ? error.originalError.extensions.code : undefined;
  for (const code of [inner, error.extensions.code]) {
    if (typeof code !== 'string') continue;
    const known = CODE_BY_APOLLO[code] ?? code;
    if (isClientCode(known)) return known;
  }
  // graphql's own word on a variable or argument; what it says about a field is a fault of our schema or resolvers.
  const node =
    error.originalError && !(error.originalError instanceof GraphQLError) ? undefined : error.nodes?.[0]?.kind;
  return node === undefined || node === Kind.FIELD ? 'INTERNAL' : 'BAD_INPUT';
}

function isClientCode(code: string): code is ClientCode {
  return Object.hasOwn(ERROR_CODES, code) || (PROTOCOL_CODES as readonly string[]).includes(code);
}

/** What was thrown: graphql wraps errors, and wraps them again when it collects them. */
function rootOf(error: GraphQLError): Error {
  let root: Error = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}

function detailsOf(error: GraphQLError): Record<string, unknown> {
  const root = rootOf(error);
  const details: Record<string, unknown> =
    root instanceof LinchpinError ? { ...root.details } : { ...(root as GraphQLError).extensions };
  const told: Record<string, unknown> = {};
  for (const key of ['expected', 'received', 'at', 'revision'])
    if (details[key] !== undefined) told[key] = details[key];
  if (root instanceof LinchpinError && root.details.since !== undefined)
    told.since = new Date(root.details.since).toISOString();
  if (root instanceof InputFaults) told.faults = root.faults.slice(0, API_LIMITS.errorsPerAnswer);
  return told;
}

function shorten(message: string): string {
  const most = API_LIMITS.errorMessageLength;
  return message.length > most ? `${message.slice(0, most)}…` : message;
}
