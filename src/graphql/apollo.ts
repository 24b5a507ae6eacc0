/** The HTTP door's GraphQL: Apollo Server with our guard, errors and counts, and nothing taken from the environment. */
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { LinchpinError } from '../domain/errors.ts';
import type { Log } from '../domain/log.ts';
import type { RequestContext } from './context.ts';
import { formatError, formatErrors, logFaults, toGraphQLError } from './format-error.ts';
import type { Guard } from './guard.ts';
import { API_LIMITS } from './limits.ts';
import type { ApiMetrics } from './metrics.ts';
import type { PlanAnswers } from './planned-queries.ts';
import { tellSpan } from './tracing.ts';

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly guard: Guard;
  readonly planAnswers: PlanAnswers;
  readonly log: Log;
  readonly metrics: ApiMetrics | null;
  /** No introspection, and no word of the schema in errors. */
  readonly hidesSchema: boolean;
}

export function createApollo(parts: ApolloParts): ApolloServer<RequestContext> {
  const { schema, log, hidesSchema } = parts;
  return new ApolloServer<RequestContext>({
    schema,
    // Decides about stack traces and signals, which are set here; without it the environment would.
    nodeEnv: 'production',
    introspection: !hidesSchema,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: API_LIMITS.queryTokens },
    formatError: (_, error) => formatError(toError(error), hidesSchema),
    logger: {
      debug: (message) => log.debug({}, String(message)),
      info: (message) => log.info({}, String(message)),
      warn: (message) => log.warn({}, String(message)),
      error: (message) => log.error({}, String(message)),
    },
    plugins: [
      // It wraps every field: lists of 1,000 twins take 2 to 3 times as long with it.
      ApolloServerPluginCacheControlDisabled(),
      // Its page comes from elsewhere.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      createDoorPlugin(parts),
    ],
  });
}

const SUBSCRIPTION_OVER_HTTP = (): GraphQLError =>
  new GraphQLError('a subscription goes over a WebSocket, in the protocol graphql-transport-ws, at the same address', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });

function createDoorPlugin(parts: ApolloParts): ApolloServerPlugin<RequestContext> {
  const { guard, planAnswers, log, metrics, hidesSchema } = parts;
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async didResolveOperation({ document, operation, request }) {
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw SUBSCRIPTION_OVER_HTTP();
          try {
            if (operation) guard.checkCost({ document, operation, variables: request.variables ?? {} });
          } catch (error) {
            // What is left are variables that do not fit their types.
            if (error instanceof GraphQLError) error.extensions['http'] = { status: 400 };
            throw error instanceof LinchpinError ? toGraphQLError(error, 400) : error;
          }
        },
        async responseForOperation({ document, operation, request, contextValue: context }) {
          // The types do not say so: of several operations none may be named, and it is told after this.
          if (!(operation as typeof operation | undefined)) return null;
          const planned = planAnswers({ document, operation, variables: request.variables ?? {} });
          const answer = (await planned?.(context)) ?? null;
          return answer && { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: answer } };
        },
        async didEncounterErrors({ errors, contextValue }) {
          logFaults(errors, contextValue.requestId, log);
        },
        async willSendResponse({ response, errors, operation }) {
          const { body } = response;
          if (body.kind !== 'single') return;
          if (errors && errors.length > API_LIMITS.errorsPerAnswer)
            body.singleResult.errors = formatErrors(errors, hidesSchema);
          const told = body.singleResult.errors?.[0]?.extensions?.code;
          const code = typeof told === 'string' ? told : null;
          const kind = operation?.operation ?? 'none';
          metrics?.answered(kind, code, (performance.now() - startedAt) / 1_000);
          tellSpan({ operation: kind, code });
        },
      };
    },
  };
}

function toError(error: unknown): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError('unexpected', { originalError: error as Error });
}
