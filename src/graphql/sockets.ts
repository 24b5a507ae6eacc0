/**
 * The WebSocket door: graphql-ws (protocol graphql-transport-ws) on the HTTP server's own port.
 *
 * It inherits nothing of the HTTP door, so the guard, the error format and the limits are put in here again, by the same
 * functions. Browsers open WebSockets to any origin without asking; a page of another origin is refused.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  execute,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { CloseCode, type Context, GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Timers } from '../domain/timers.ts';
import type { RequestContext } from './context.ts';
import { formatErrors, logFaults, toGraphQLError } from './format-error.ts';
import type { Guard } from './guard.ts';
import { API_LIMITS } from './limits.ts';
import type { ApiMetrics } from './metrics.ts';
import { subscribeFresh } from './subscribe.ts';

export interface SocketDoorParts {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly guard: Guard;
  readonly log: Log;
  readonly timers: Timers;
  readonly metrics: ApiMetrics | null;
  createContext(requestId: string, signal: AbortSignal): RequestContext;
}

export interface SocketDoor {
  /** Takes no more sockets, closes those that are open with 1001, and ends those that do not answer. */
  stop(): Promise<void>;
}

interface RunningOperation {
  readonly requestId: string;
  /** Says that nobody waits any more. */
  end(): void;
}

interface SocketState {
  readonly operationById: Map<string, RunningOperation>;
}

type SocketContext = Context<Record<string, unknown> | undefined, SocketState>;

export function openSocketDoor(parts: SocketDoorParts): SocketDoor {
  const { server, path, log, timers, metrics } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: API_LIMITS.messageBytes,
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });
  const socketsByAddress = new Map<string, number>();
  const protocol = createProtocol(parts);
  let isStopping = false;

  const onUpgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
    const address = request.socket.remoteAddress ?? '';
    const fromAddress = socketsByAddress.get(address) ?? 0;
    if (request.url?.split('?')[0] !== path) return refuse(duplex, 404, 'Not Found');
    if (isStopping) return refuse(duplex, 503, 'Service Unavailable');
    if (!isSameOrigin(request)) return refuse(duplex, 403, 'Forbidden');
    if (fromAddress >= API_LIMITS.socketsPerAddress) return refuse(duplex, 429, 'Too Many Requests');
    if (sockets.clients.size >= API_LIMITS.sockets) return refuse(duplex, 503, 'Service Unavailable');
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      socketsByAddress.set(address, (socketsByAddress.get(address) ?? 0) + 1);
      metrics?.socketOpened();
      socket.once('close', () => {
        const left = (socketsByAddress.get(address) ?? 1) - 1;
        if (left > 0) socketsByAddress.set(address, left);
        else socketsByAddress.delete(address);
        metrics?.socketClosed();
      });
      serve(socket, protocol, log);
      keepAlive(socket, timers);
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    async stop() {
      isStopping = true;
      const closed = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      const cancel = timers.after(API_LIMITS.drainMs, () => {
        for (const socket of sockets.clients) socket.terminate();
      });
      await Promise.all(closed);
      cancel();
      sockets.close();
    },
  };
}

/** Joins a socket to the protocol. */
function serve(socket: WebSocket, protocol: ReturnType<typeof createProtocol>, log: Log): void {
  // What a client sends wrongly is not a fault of ours; ws closes the socket with the fitting code.
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // The protocol waits for this before it asks for the next event: a slow reader slows its own subscription only.
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) resolve();
          else socket.send(data, (error) => (error && socket.readyState === socket.OPEN ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data: Buffer) => {
          handle(data.toString()).catch((error: unknown) => {
            log.error({ err: error }, 'a message on a WebSocket failed for a reason of ours');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    { operationById: new Map() },
  );
  socket.once('close', (code, reason) => {
    closed(code, reason.toString()).catch((error: unknown) =>
      log.error({ err: error }, 'a subscription did not end well'),
    );
  });
}

/** Ends a socket whose other side is gone without a word. */
function keepAlive(socket: WebSocket, timers: Timers): void {
  let isAlive = true;
  let cancel: () => void;
  const beat = (): void => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    cancel = timers.after(API_LIMITS.socketPingMs, beat);
  };
  cancel = timers.after(API_LIMITS.socketPingMs, beat);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.once('close', () => cancel());
}

function createProtocol(parts: SocketDoorParts) {
  const { log, metrics } = parts;
  const end = (context: SocketContext, id: string): void => {
    context.extra.operationById.get(id)?.end();
    if (context.extra.operationById.delete(id)) metrics?.subscriptionEnded();
  };
  const format = (context: SocketContext, id: string, errors: readonly GraphQLError[]) => {
    logFaults(errors, context.extra.operationById.get(id)?.requestId ?? randomUUID(), log);
    return formatErrors(errors);
  };
  return makeServer<Record<string, unknown> | undefined, SocketState>({
    connectionInitWaitTimeout: API_LIMITS.socketInitMs,
    execute,
    subscribe: (args) => subscribeFresh(args),
    onSubscribe: (context, id, payload) => {
      try {
        return prepare(parts, context, id, payload);
      } catch (error) {
        return toGraphQLErrors(error);
      }
    },
    onNext: (context, id, _payload, _args, { data, errors }) =>
      errors ? { ...(data === undefined ? {} : { data }), errors: format(context, id, errors) } : undefined,
    onError: (context, id, _payload, errors) => format(context, id, errors),
    onComplete: (context, id) => end(context, id),
    onClose: (context) => {
      for (const id of context.extra.operationById.keys()) end(context, id);
    },
  });
}

type Payload = Parameters<NonNullable<Parameters<typeof makeServer>[0]['onSubscribe']>>[2];

/** What the HTTP door does before it executes: guard, parse, validate, cost. */
function prepare(
  parts: SocketDoorParts,
  context: SocketContext,
  id: string,
  payload: Payload,
): ExecutionArgs | GraphQLError[] {
  const { schema, guard, timers } = parts;
  const { operationById } = context.extra;
  // The protocol has counted this one already.
  if (Object.keys(context.subscriptions).length > API_LIMITS.operationsPerSocket) {
    const expected = `at most ${API_LIMITS.operationsPerSocket}`;
    throw new LinchpinError('LIMIT_EXCEEDED', `operations at a time on one WebSocket: ${expected}`, { expected });
  }
  guard.checkQuery(payload.query);
  const document = parse(payload.query);
  const invalid = validate(schema, document, undefined, { maxErrors: API_LIMITS.errorsPerAnswer });
  if (invalid.length > 0) return invalid.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  const operation = getOperationAST(document, payload.operationName);
  if (!operation)
    return [withCode(new GraphQLError('the operation cannot be told: name one that is in the query'), 'BAD_REQUEST')];
  const variables = payload.variables ?? {};
  guard.checkCost({ document, operation, variables });

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
    end: () => {
      cancel();
      controller.abort(new LinchpinError('TIMEOUT', 'the request was cancelled'));
    },
  });
  parts.metrics?.subscriptionStarted();
  return {
    schema,
    document,
    operationName: payload.operationName,
    variableValues: variables,
    contextValue: parts.createContext(requestId, controller.signal),
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

function isSameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true;
  try {
    return new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}

/** Does not wait for the other side to close: it may never do. */
function refuse(duplex: Duplex, status: number, reason: string): void {
  duplex.on('error', () => duplex.destroy());
  duplex.once('finish', () => duplex.destroy());
  duplex.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
