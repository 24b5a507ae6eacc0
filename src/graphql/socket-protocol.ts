/**
 * What is said over a WebSocket: the protocol graphql-transport-ws, with the guard, the error format and the limits of
 * the HTTP door put in again, because the protocol inherits nothing of that door.
 */
import { randomUUID } from 'node:crypto';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { type Context, makeServer, type Server } from 'graphql-ws';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Principal } from '../domain/principal.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import type { Admission } from './admission.ts';
import { type Cancellation, cancelledBy } from './cancellation.ts';
import type { RequestContext } from './context.ts';
import { formatErrors, logFaults, toGraphQLError } from './format-error.ts';
import type { Guard } from './guard.ts';
import { API_LIMITS } from './limits.ts';
import { type Delivery, type LiveArgs, LiveShares } from './live-shares.ts';
import type { ApiMetrics } from './metrics.ts';
import type { PlanAnswers } from './planned-queries.ts';
import { shareKey } from './share-key.ts';
import { type CredentialState, introduce } from './socket-credentials.ts';
import { inSpan } from './tracing.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import { ValidDocuments } from './valid-documents.ts';

export interface ProtocolParts {
  readonly schema: GraphQLSchema;
  readonly guard: Guard;
  readonly planAnswers: PlanAnswers;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly admission: Admission;
  readonly metrics: ApiMetrics | null;
  /** No introspection, and no word of the schema in errors. */
  readonly hidesSchema: boolean;
  /** null: any query is run. */
  readonly trusted: TrustedDocuments | null;
  createContext(principal: Principal, requestId: string, cancellation: Cancellation): RequestContext;
}

interface RunningOperation {
  readonly requestId: string;
  /** What asked for it: a client may use its id again. */
  readonly payload: object;
  /** Nobody waits any more. */
  end(): void;
}

/** Kept with each socket. */
export interface SocketState extends CredentialState {
  readonly delivery: Delivery;
  readonly operationById: Map<string, RunningOperation>;
}

type SocketContext = Context<Record<string, unknown> | undefined, SocketState>;

export function createProtocol(parts: ProtocolParts): Server<SocketState> {
  const { log } = parts;
  const format = (context: SocketContext, id: string, errors: readonly GraphQLError[]) => {
    logFaults(errors, context.extra.operationById.get(id)?.requestId ?? randomUUID(), log);
    return formatErrors(errors, parts.hidesSchema);
  };
  const documents = new ValidDocuments(parts.schema, parts.hidesSchema);
  const shares = new LiveShares({
    clock: parts.clock,
    planAnswers: parts.planAnswers,
    createContext: (principal, requestId, cancellation) => parts.createContext(principal, requestId, cancellation),
    format(requestId, errors) {
      logFaults(errors, requestId, log);
      return formatErrors(errors, parts.hidesSchema);
    },
  });
  return makeServer<Record<string, unknown> | undefined, SocketState>({
    connectionInitWaitTimeout: API_LIMITS.socketInitMs,
    execute: (args) => {
      const { requestId } = args.contextValue as RequestContext;
      return inSpan('graphql over WebSocket', {}, requestId, async () => answerQuery(parts, args));
    },
    subscribe: (args) => shares.subscribe(args as LiveArgs),
    onConnect: ({ extra, connectionParams }) => introduce(parts, extra, connectionParams),
    onSubscribe: (context, id, payload) => {
      try {
        return prepare(parts, documents, context, id, payload);
      } catch (error) {
        return toGraphQLErrors(error);
      }
    },
    onNext: (context, id, _payload, _args, { data, errors }) =>
      errors ? { ...(data === undefined ? {} : { data }), errors: format(context, id, errors) } : undefined,
    onError: (context, id, _payload, errors) => format(context, id, errors),
    onComplete({ extra }, id, payload) {
      const operation = extra.operationById.get(id);
      if (operation?.payload === payload) operation.end();
    },
    onClose: ({ extra }) => {
      extra.forget();
      for (const operation of extra.operationById.values()) operation.end();
    },
  });
}

async function answerQuery({ planAnswers }: ProtocolParts, args: ExecutionArgs): Promise<ExecutionResult> {
  const { document, operationName, variableValues } = args;
  const operation = getOperationAST(document, operationName);
  const variables = variableValues ?? {};
  const planned = operation && planAnswers({ document, operation, variables });
  return (await planned?.(args.contextValue as RequestContext)) ?? execute(args);
}

type Payload = Parameters<NonNullable<Parameters<typeof makeServer>[0]['onSubscribe']>>[2];

/** What the HTTP door does before it executes: guard, parse, validate, cost. */
function prepare(
  parts: ProtocolParts,
  documents: ValidDocuments,
  context: SocketContext,
  id: string,
  payload: Payload,
): LiveArgs | GraphQLError[] {
  const { schema, guard, timers } = parts;
  const { operationById } = context.extra;
  // The protocol has counted this one already.
  if (Object.keys(context.subscriptions).length > API_LIMITS.operationsPerSocket) {
    const expected = `at most ${API_LIMITS.operationsPerSocket}`;
    throw new LinchpinError('LIMIT_EXCEEDED', `operations at a time on one WebSocket: ${expected}`, { expected });
  }
  const query = parts.trusted?.textOf(payload) ?? payload.query;
  if (query === '') return [withCode(new GraphQLError('expected a query, got nothing'), 'BAD_REQUEST')];
  guard.checkQuery(query);
  const { document, invalid } = documents.read(query);
  if (invalid.length > 0) return invalid.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  const operation = getOperationAST(document, payload.operationName);
  if (!operation)
    return [withCode(new GraphQLError('the operation cannot be told: name one that is in the query'), 'BAD_REQUEST')];
  const variables = payload.variables ?? {};
  guard.checkCost({ document, operation, variables });
  const { principal } = context.extra;
  if (!principal) throw new LinchpinError('UNAUTHENTICATED', 'the socket has not introduced itself');
  const release = parts.admission.begin(principal);

  const controller = new AbortController();
  const cancel =
    operation.operation === OperationTypeNode.SUBSCRIPTION
      ? () => undefined
      : timers.after(API_LIMITS.requestMs, () =>
          controller.abort(new LinchpinError('TIMEOUT', 'the query took too long')),
        );
  const requestId = randomUUID();
  operationById.set(id, {
    requestId,
    payload,
    end() {
      operationById.delete(id);
      parts.metrics?.subscriptionEnded();
      cancel();
      release();
      controller.abort(new LinchpinError('TIMEOUT', 'the request was cancelled'));
    },
  });
  parts.metrics?.subscriptionStarted();
  return {
    schema,
    document,
    operationName: payload.operationName,
    variableValues: variables,
    contextValue: parts.createContext(principal, requestId, cancelledBy(controller.signal)),
    shareKey: shareKey({ query, operation, operationName: payload.operationName ?? null, variables }, principal),
    operationId: id,
    delivery: context.extra.delivery,
  };
}

function toGraphQLErrors(error: unknown): GraphQLError[] {
  if (error instanceof LinchpinError) return [toGraphQLError(error, 400)];
  // Of what prepare calls, only the parser throws graphql's errors without a code; the guard's are of variables.
  if (error instanceof GraphQLError) return [error.nodes ? error : withCode(error, 'GRAPHQL_PARSE_FAILED')];
  return [new GraphQLError('unexpected', { originalError: error as Error })];
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    ...(error.nodes ? { nodes: error.nodes } : { source: error.source, positions: error.positions }),
    originalError: error,
    extensions: { code },
  });
}
