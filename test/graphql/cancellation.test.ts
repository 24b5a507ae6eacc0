import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RequestCancellation } from '../../src/graphql/cancellation.ts';
import { API_LIMITS } from '../../src/graphql/limits.ts';
import { ManualTime } from '../support/manual-time.ts';

const server = createServer();
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** A request that waits for its answer, and its client. */
async function ask() {
  const time = new ManualTime();
  const arrival = once(server, 'request');
  const client = get({ port: (server.address() as AddressInfo).port });
  client.on('error', () => undefined);
  const [, response] = (await arrival) as [unknown, ServerResponse];
  return { time, client, response, cancellation: new RequestCancellation(response, time.clock, time.timers) };
}

test('who waits is not refused, and their signal is not aborted', async () => {
  const { response, client, cancellation } = await ask();
  cancellation.throwIfAborted();
  expect(cancellation.signal.aborted).toBe(false);
  const answered = once(client, 'response');
  response.end();
  await answered;
  cancellation.throwIfAborted();
  expect(cancellation.signal.aborted).toBe(false);
});

test('a client that leaves aborts the signal, whether it was asked for before or is asked for after', async () => {
  for (const isAskedBefore of [true, false]) {
    const { response, client, cancellation } = await ask();
    const before = isAskedBefore ? cancellation.signal : undefined;
    const closed = once(response, 'close');
    client.destroy();
    await closed;
    expect(before?.aborted ?? true).toBe(true);
    expect(() => cancellation.throwIfAborted()).toThrow('cancelled');
    expect(cancellation.signal.reason).toMatchObject({ code: 'TIMEOUT' });
  }
});

test('time that is up aborts the signal, whether it was asked for before or is asked for after', async () => {
  for (const isAskedBefore of [true, false]) {
    const { response, time, cancellation } = await ask();
    const before = isAskedBefore ? cancellation.signal : undefined;
    await time.advance(API_LIMITS.requestMs - 1);
    cancellation.throwIfAborted();
    await time.advance(1);
    expect(before?.aborted ?? true).toBe(true);
    expect(() => cancellation.throwIfAborted()).toThrow('took longer');
    expect(cancellation.signal.reason).toMatchObject({ code: 'TIMEOUT' });
    response.end();
  }
});
