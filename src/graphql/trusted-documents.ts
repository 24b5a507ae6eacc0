/**
 * Trusted documents: the queries that a deployment knows, by id. With them, nothing else is run, at either door.
 * The file is JSON, ids to texts, as GraphQL code generators write it.
 */
import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LinchpinError } from '../domain/errors.ts';
import { API_LIMITS } from './limits.ts';

export interface TrustedDocuments {
  /**
   * The text to run, of a request that names it (`documentId`, or `extensions.persistedQuery.sha256Hash`) or gives it.
   * @throws LinchpinError FORBIDDEN when it is not one of the documents
   */
  textOf(request: GraphqlRequest): string;
}

export interface GraphqlRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** Before the digest in ids of the GraphQL over HTTP draft. */
const DIGEST = 'sha256:';

/** @throws LinchpinError BAD_CONFIG with every document that is none, or that does not fit the schema */
export function parseTrustedDocuments(file: string, schema: GraphQLSchema): TrustedDocuments {
  const textById = new Map<string, string>();
  const faults: string[] = [];
  for (const [id, text] of Object.entries(parseFile(file))) {
    const fault = faultOf(text, schema);
    if (fault === null) textById.set(withoutDigest(id), text as string);
    else faults.push(`${id}: ${fault}`);
  }
  if (faults.length > 0) {
    throw new LinchpinError(
      'BAD_CONFIG',
      `TRUSTED_DOCUMENTS: expected GraphQL of this schema:\n  ${faults.join('\n  ')}`,
    );
  }
  const texts = new Set(textById.values());
  return {
    textOf(request) {
      const id = idOf(request);
      const text = id === undefined ? request.query : textById.get(withoutDigest(id));
      if (typeof text === 'string' && texts.has(text)) return text;
      throw new LinchpinError('FORBIDDEN', 'only trusted documents are run here: expected the id or the text of one', {
        expected: 'documentId, or query with the text of a trusted document',
      });
    },
  };
}

function parseFile(file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(file);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Told below, as all that is not an object.
  }
  throw new LinchpinError(
    'BAD_CONFIG',
    'TRUSTED_DOCUMENTS: expected a file with a JSON object of ids to GraphQL texts',
  );
}

function faultOf(text: unknown, schema: GraphQLSchema): string | null {
  if (typeof text !== 'string') return 'expected text';
  try {
    const [error] = validate(schema, parse(text, { maxTokens: API_LIMITS.queryTokens }));
    return error?.message ?? null;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

function idOf({ documentId, extensions }: GraphqlRequest): string | undefined {
  if (typeof documentId === 'string') return documentId;
  // Over GET they come as text.
  const told = typeof extensions === 'string' ? parseExtensions(extensions) : extensions;
  const hash = (told as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash : undefined;
}

function parseExtensions(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutDigest(id: string): string {
  return id.startsWith(DIGEST) ? id.slice(DIGEST.length) : id;
}
