/**
 * A span of OpenTelemetry for each request and each operation on a WebSocket, with the caller's trace as its parent;
 * what the store does for it hangs below. Without an SDK in the process all of it is a no-op.
 */
import { type Attributes, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** What a span may say of an operation: closed sets and the request's id; names and texts are the client's. */
export interface OperationOutcome {
  readonly operation: string;
  /** null where the answer holds no error. */
  readonly code: string | null;
}

/** Runs `work` inside a span; it ends when `work` has answered. `headers` may carry the caller's trace. */
export async function inSpan<T>(name: string, headers: unknown, requestId: string, work: () => Promise<T>): Promise<T> {
  const parent = propagation.extract(context.active(), headers);
  const attributes: Attributes = { 'linchpin.request_id': requestId };
  const span = trace.getTracer('linchpin').startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** Says on the span that is open here, if there is one, what became of its operation. */
export function tellSpan({ operation, code }: OperationOutcome): void {
  const span: Span | undefined = trace.getActiveSpan();
  span?.setAttribute('graphql.operation.type', operation);
  if (code === null) return;
  span?.setAttribute('error.type', code);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
