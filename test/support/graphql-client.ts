/** The API over real sockets: a server on a free port, asked over HTTP and WebSocket. */
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Application } from '../../src/application/application.ts';
import { type GraphqlParts, type GraphqlServer, startGraphql } from '../../src/graphql/server.ts';
import { createRecordingLog, type LogLine } from './recording-log.ts';

export interface ApiError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [key: string]: unknown };
}

// The shape of data is what the test asked for.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly data?: any; readonly errors?: readonly ApiError[]; readonly status: number };

export interface Events {
  next(): Promise<Omit<Answer, 'status'>>;
  isOver: Promise<void>;
  stop(): Promise<void>;
}

export interface Api {
  readonly address: string;
  readonly server: GraphqlServer;
  readonly logged: LogLine[];
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  query(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Over a WebSocket that all subscriptions of this client share. */
  subscribe(query: string, variables?: Record<string, unknown>): Events;
  client: Client;
  stop(): Promise<void>;
}

export async function startApi(application: Application, parts: Partial<GraphqlParts> = {}): Promise<Api> {
  const { log, lines } = createRecordingLog();
  const server = await startGraphql({
    application,
    settings: { host: '127.0.0.1', port: 0, graphiql: false },
    log,
    readiness: () => [],
    ...parts,
  });
  const url = `${server.address}/graphql`;
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const post: Api['post'] = async (body, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { ...((await response.json()) as object), status: response.status };
  };
  return {
    address: server.address,
    server,
    logged: lines,
    client,
    post,
    query: (query, variables) => post({ query, variables }),
    subscribe: (query, variables) => subscribe(client, query, variables),
    async stop() {
      await client.dispose();
      await server.stop();
    },
  };
}

function subscribe(client: Client, query: string, variables?: Record<string, unknown>): Events {
  const events = client.iterate({ query, ...(variables ? { variables } : {}) });
  let over = (): void => undefined;
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  return {
    isOver,
    async next() {
      try {
        const event = await events.next();
        if (!event.done) return event.value as unknown as Omit<Answer, 'status'>;
        over();
        return {};
      } catch (errors) {
        over();
        // graphql-ws throws the errors that the server refused with.
        return Array.isArray(errors) ? { errors: errors as ApiError[] } : Promise.reject(errors);
      }
    },
    async stop() {
      await events.return?.();
      over();
    },
  };
}
