/** What is counted at the doors. Labels are of closed sets: an operation's name is the client's, so it is no label. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface ApiMetrics {
  /** `code` is null where the answer holds no error. */
  answered(operation: 'query' | 'mutation' | 'subscription' | 'none', code: string | null, seconds: number): void;
  socketOpened(): void;
  socketClosed(): void;
  subscriptionStarted(): void;
  subscriptionEnded(): void;
}

export function createApiMetrics(registry: Registry): ApiMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'linchpin_graphql_requests_total',
    help: 'GraphQL operations answered, by kind and by the code of their first error.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'linchpin_graphql_request_seconds',
    help: 'Seconds from a GraphQL request to its answer.',
    labelNames: ['operation'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const sockets = new Gauge({ name: 'linchpin_graphql_sockets', help: 'WebSockets that are open.', registers });
  const subscriptions = new Gauge({
    name: 'linchpin_graphql_subscriptions',
    help: 'Operations that run on WebSockets.',
    registers,
  });
  return {
    answered(operation, code, seconds) {
      requests.inc({ operation, code: code ?? 'none' });
      durations.observe({ operation }, seconds);
    },
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    subscriptionStarted: () => subscriptions.inc(),
    subscriptionEnded: () => subscriptions.dec(),
  };
}
