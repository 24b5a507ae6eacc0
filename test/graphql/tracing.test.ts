import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, type ContextManager, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

// A real SDK, registered before the graph is opened, as `node --import` would do it.
const exporter = new InMemorySpanExporter();
let plant: TestApplication;
let api: Api;

beforeAll(async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(createContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  plant = await openApplication();
  api = await startApi(plant.application);
  await api.query('mutation { upsertTwins(twins: [{ id: "secret-name", kind: ASSET }]) { id } }');
});
afterAll(async () => {
  await api.stop();
  await plant.close();
  for (const each of [trace, context, propagation]) each.disable();
});
beforeEach(() => exporter.reset());

const spans = () => exporter.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name);
const read = '{ twin(id: "secret-name") { id properties { name value } } }';

it('a request and the statements that it runs are one trace, below the trace of its caller', async () => {
  const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await api.post({ query: read }, { traceparent: caller });
  await expect.poll(() => named('POST /graphql')).toBeDefined();
  const request = named('POST /graphql');
  const statement = spans().find((span) => span.name.startsWith('properties/'));
  expect(request?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect(request?.attributes['graphql.operation.type']).toBe('query');
  expect(statement?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
  expect(statement?.attributes['db.system.name']).toBe('grafeo');
  expect(spans().every((span) => span.spanContext().traceId === '0af7651916cd43dd8448eb211c80319c')).toBe(true);
});

it('a change is one transaction with its statements inside', async () => {
  await api.query('mutation { patchTwin(id: "secret-name", patch: { name: "other" }) { id } }');
  const transaction = named('transaction');
  expect(transaction).toBeDefined();
  const inside = spans().filter((span) => span.parentSpanContext?.spanId === transaction?.spanContext().spanId);
  expect(inside.map((span) => span.name)).toContain('twins/update');
  expect(inside.map((span) => span.name)).toContain('changes/record');
});

it('a refused request says its code, and no span says what came in', async () => {
  await api.query('mutation { patchTwin(id: "secret-name", patch: { name: "x" }, ifRevision: 99) { id } }');
  await api.query(read);
  await expect.poll(() => spans().filter((span) => span.name === 'POST /graphql').length).toBe(2);
  expect(named('POST /graphql')?.attributes['error.type']).toBe('CONFLICT');
  expect(JSON.stringify(spans().map((span) => [span.name, span.attributes, span.status]))).not.toContain('secret-name');
});

it('operations over a WebSocket have a span too', async () => {
  const events = api.subscribe(read);
  await events.next();
  await expect.poll(() => named('graphql over WebSocket')).toBeDefined();
});

function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...parameters) => storage.run(active, () => run.call(self as never, ...parameters)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
