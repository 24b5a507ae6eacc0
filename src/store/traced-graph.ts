/**
 * A graph port that tells OpenTelemetry of what it runs: a span for each statement that reads, and one for each write
 * transaction with its statements inside. Values of parameters never enter a span, as they may hold anything.
 * Names follow OpenTelemetry's semantic conventions for database clients.
 */
import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { LinchpinError } from '../domain/errors.ts';
import { nameOf } from './cypher-statements.ts';
import type { GraphParameters, GraphPort, GraphRow, GraphTransaction } from './graph-port.ts';

/** `system` is the engine's name in the conventions. Without an SDK in the process the port is given back as it is. */
export function traceGraph(port: GraphPort, system: 'neo4j' | 'grafeo'): GraphPort {
  const tracer = trace.getTracer('linchpin');
  const opened = tracer.startSpan('open graph', { attributes: { 'db.system.name': system } });
  opened.end();
  if (!isSpanContextValid(opened.spanContext())) return port;
  const start = (name: string, parent: Context): Span =>
    tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { 'db.system.name': system } }, parent);
  const run = async (statement: string, parent: Context, work: () => Promise<GraphRow[]>): Promise<GraphRow[]> => {
    const span = start(nameOf(statement), parent);
    return tell(span, async () => {
      const rows = await work();
      span.setAttribute('db.response.returned_rows', rows.length);
      return rows;
    });
  };
  return {
    isShared: port.isShared,
    read: (statement, parameters, signal) =>
      run(statement, context.active(), () => port.read(statement, parameters, signal)),
    begin() {
      const span = start('transaction', context.active());
      const inside = trace.setSpan(context.active(), span);
      try {
        return traceTransaction(port.begin(), span, (statement, work) => run(statement, inside, work));
      } catch (error) {
        fail(span, error);
        span.end();
        throw error;
      }
    },
    define: (statement) => port.define(statement),
    mayRunAgain: (error) => port.mayRunAgain(error),
    close: () => port.close(),
  };
}

function traceTransaction(
  transaction: GraphTransaction,
  span: Span,
  run: (statement: string, work: () => Promise<GraphRow[]>) => Promise<GraphRow[]>,
): GraphTransaction {
  return {
    run: (statement: string, parameters: GraphParameters) =>
      run(statement, () => transaction.run(statement, parameters)),
    runUnordered: (statement: string, parameters: GraphParameters) =>
      run(statement, () => transaction.runUnordered(statement, parameters)),
    commit: () => tell(span, () => transaction.commit()),
    async rollback() {
      await transaction.rollback();
      // A commit that failed has ended it.
      if (span.isRecording()) span.setAttribute('linchpin.rolled_back', true).end();
    },
  };
}

async function tell<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The code alone: a message may quote what came in. */
function fail(span: Span, error: unknown): void {
  const code = error instanceof LinchpinError ? error.code : 'INTERNAL';
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
