/**
 * The API's doors on one port: GraphQL over HTTP and WebSocket at /graphql, /livez, /readyz, /metrics, and GraphiQL.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Registry } from 'prom-client';
import type { Application } from '../application/application.ts';
import { type ErrorCode, LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { Authenticator, Principal } from '../domain/principal.ts';
import { type Clock, systemClock, systemTimers, type Timers } from '../domain/timers.ts';
import { type Admission, createAdmission } from './admission.ts';
import { createApollo } from './apollo.ts';
import { type Cancellation, RequestCancellation } from './cancellation.ts';
import { createContext, type RequestContext } from './context.ts';
import { formatError, logFaults, toGraphQLError } from './format-error.ts';
import { createGuard, type Guard } from './guard.ts';
import { API_LIMITS } from './limits.ts';
import { createApiMetrics } from './metrics.ts';
import { createPlannedQueries } from './planned-queries.ts';
import { createSchema } from './schema.ts';
import { openSocketDoor } from './sockets.ts';
import { trackSpareConnections } from './spare-connections.ts';
import { serveFolder } from './static-files.ts';
import { addTelemetryDoor, type TelemetryIntake } from './telemetry-door.ts';
import { inSpan } from './tracing.ts';
import { parseTrustedDocuments, type TrustedDocuments } from './trusted-documents.ts';

const PATH = '/graphql';

/** Where Vite puts it; the same URL from src/ and from dist/. */
const GRAPHIQL_FOLDER = new URL('../../dist/graphiql/', import.meta.url);

export interface GraphqlParts {
  readonly application: Application;
  readonly settings: {
    readonly host: string;
    /** 0: any free one. */
    readonly port: number;
    /** Serve GraphiQL at /graphiql. */
    readonly graphiql: boolean;
    /** Tell nothing of the schema: no introspection, no suggestions in errors; default false. */
    readonly hidesSchema?: boolean;
    /** A file of trusted documents, its content; absent: any query is run. */
    readonly trustedDocuments?: string | null;
  };
  readonly log: Log;
  /** Why the server should get no requests now; empty: it is ready. */
  readonly readiness: () => readonly string[];
  /** Served at /metrics, with the API's own counts added; absent: no /metrics. */
  readonly metrics?: Registry;
  /** Where messages of POST /telemetry/{dialect} go; absent: there is no such door. */
  readonly telemetry?: TelemetryIntake;
  /** Asked who callers are; absent: nobody is asked. */
  readonly authenticator?: Authenticator | null;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

export interface GraphqlServer {
  /** Such as http://127.0.0.1:4000, without a path. */
  readonly address: string;
  /** Ends it in order: no new connections, sockets closed with 1001, requests under way finished or, after 4 s, cut. */
  stop(): Promise<void>;
}

/** @throws LinchpinError BAD_CONFIG when it cannot listen there */
export async function startGraphql(parts: GraphqlParts): Promise<GraphqlServer> {
  const { application, settings, log, readiness, clock = systemClock, timers = systemTimers } = parts;
  const schema = createSchema();
  const guard = createGuard(schema);
  const planAnswers = createPlannedQueries(schema);
  const metrics = parts.metrics ? createApiMetrics(parts.metrics) : null;
  const { hidesSchema = false, trustedDocuments = null } = settings;
  const trusted = trustedDocuments === null ? null : parseTrustedDocuments(trustedDocuments, schema);
  const apollo = createApollo({ schema, guard, planAnswers, log, metrics, hidesSchema });
  await apollo.start();

  const admission = createAdmission(parts.authenticator ?? null);
  const fastify = createFastify(log, hidesSchema);
  const principals = new WeakMap<FastifyRequest, Principal>();
  const contextOf = (principal: Principal, requestId: string, cancellation: Cancellation): RequestContext =>
    createContext({
      application: principal.scope === null ? application : application.seenBy(principal.scope),
      principal,
      cancellation,
      requestId,
    });
  const admit = async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<Principal> => {
    const principal = await admission.admit(headers.authorization);
    reply.raw.once('close', beginRequest(admission, principal));
    return principal;
  };
  const answer = fastifyApolloHandler(apollo, {
    context: async (request, reply) =>
      contextOf(principals.get(request) as Principal, request.id, new RequestCancellation(reply.raw, clock, timers)),
  });
  fastify.route({
    method: ['GET', 'POST'],
    url: PATH,
    // Before the body is read: strangers send none.
    onRequest: async (request, reply) => {
      principals.set(request, await admit(request, reply));
    },
    preHandler: async (request) => checkRequest(request, guard, trusted),
    handler: (request, reply) =>
      inSpan(`${request.method} ${PATH}`, request.headers, request.id, async () =>
        answer.call(fastify, request, reply),
      ),
  });
  if (parts.telemetry) {
    await addTelemetryDoor(fastify, {
      intake: parts.telemetry,
      admit,
      sightOf({ scope }) {
        if (scope === null) return undefined;
        const { topology } = application.seenBy(scope);
        return (twin) => topology.twin(twin) !== undefined;
      },
    });
  }
  addOperations(fastify, readiness, admission, parts.metrics);
  if (settings.graphiql) {
    await serveFolder(fastify, '/graphiql', GRAPHIQL_FOLDER);
    fastify.get('/', (_, reply) => reply.redirect('/graphiql/'));
  }

  const door = openSocketDoor({
    server: fastify.server,
    path: PATH,
    schema,
    guard,
    planAnswers,
    log,
    clock,
    timers,
    metrics,
    hidesSchema,
    trusted,
    admission,
    createContext: contextOf,
  });
  const closeSpareConnections = trackSpareConnections(fastify.server);
  let isStopping = false;
  // A connection that stays open behind its last answer would hold up the stop.
  fastify.addHook('onSend', async (_, reply) => {
    if (isStopping) reply.header('connection', 'close');
  });
  const address = await listen(fastify, settings);
  return {
    address,
    async stop() {
      isStopping = true;
      const cancel = timers.after(API_LIMITS.drainMs, () => fastify.server.closeAllConnections());
      closeSpareConnections();
      await Promise.all([door.stop(), fastify.close()]);
      cancel();
      await apollo.stop();
    },
  };
}

function createFastify(log: Log, hidesSchema: boolean): FastifyInstance {
  const fastify = Fastify({
    bodyLimit: API_LIMITS.messageBytes,
    // Property names are the caller's: `__proto__` is a key like any other, and nothing here merges objects.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    genReqId: () => randomUUID(),
    requestTimeout: API_LIMITS.requestMs,
    forceCloseConnections: 'idle',
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  fastify.setErrorHandler((error, request, reply) => {
    const told = toDoorError(error, request.routeOptions.bodyLimit);
    logFaults([told], request.id, log);
    const status = (told.extensions.http as { status: number } | undefined)?.status ?? 500;
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send({ errors: [formatError(told, hidesSchema)] });
  });
  fastify.setNotFoundHandler((request, reply) => {
    const message = `there is no ${request.method} ${request.url.split('?')[0]} here; the API is POST ${PATH}`;
    return reply
      .code(404)
      .send({ errors: [formatError(new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } }))] });
  });
  return fastify;
}

/** @throws GraphQLError with the status 429 */
function beginRequest(admission: Admission, principal: Principal): () => void {
  try {
    return admission.begin(principal);
  } catch (error) {
    throw error instanceof LinchpinError ? toGraphQLError(error, 429) : error;
  }
}

/** Of what is wrong with callers; anything else is wrong with the request. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  AUTH_UNAVAILABLE: 503,
};

/** Refusals of Fastify and of the guard, as GraphQL errors. */
function toDoorError(error: unknown, most: number = API_LIMITS.messageBytes): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (error instanceof LinchpinError) return toGraphQLError(error, STATUS_BY_CODE[error.code] ?? 400);
  const { statusCode: status, message } = error as { statusCode?: number; message: string };
  if (status === undefined || status >= 500) return new GraphQLError('unexpected', { originalError: error as Error });
  if (status === 413) {
    return toGraphQLError(new LinchpinError('LIMIT_EXCEEDED', `the body of a request: at most ${most} bytes`), 413);
  }
  const told = status === 415 ? 'expected a content-type of JSON, such as application/json' : message;
  return new GraphQLError(told, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}

/** Text that does not parse is left to Apollo, which answers it with the place. */
function checkRequest(request: FastifyRequest, guard: Guard, trusted: TrustedDocuments | null): void {
  const given = (request.method === 'GET' ? request.query : request.body) as
    | { query?: unknown; extensions?: unknown }
    | null
    | undefined;
  if (typeof given !== 'object' || given === null) return;
  if (trusted !== null) {
    given.query = trusted.textOf(given);
    // Apollo would look for a persisted query of its own kind in them.
    delete given.extensions;
    // Of a GET it reads the address itself.
    if (request.method === 'GET')
      request.raw.url = `${PATH}?${new URLSearchParams(given as Record<string, string>).toString()}`;
  }
  if (given.query === undefined) return;
  try {
    guard.checkQuery(given.query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
  }
}

function addOperations(
  fastify: FastifyInstance,
  readiness: () => readonly string[],
  admission: Admission,
  registry?: Registry,
): void {
  fastify.get('/livez', () => ({ alive: true }));
  fastify.get('/readyz', (_, reply) => {
    const reasons = readiness();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  if (registry) {
    const onRequest = async ({ headers }: FastifyRequest): Promise<void> => {
      const { scope } = await admission.admit(headers.authorization);
      if (scope !== null) throw new LinchpinError('FORBIDDEN', 'metrics count everything: a scope keeps from them');
    };
    fastify.get('/metrics', { onRequest }, async (_, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    );
  }
}

async function listen(fastify: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await fastify.listen({ host, port });
  } catch (error) {
    throw new LinchpinError(
      'BAD_CONFIG',
      `cannot listen on ${host}:${port}, see HOST and PORT: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  const { address, family, port: taken } = fastify.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
}
