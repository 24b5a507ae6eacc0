/** Bytes that are no HTTP, no WebSocket and no MQTT, messages that are no GraphQL: whoever sends them, others are served. */
import { on, once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { FUZZ } from '../support/fuzz-settings.ts';
import { type LinchpinProcess, startLinchpin } from '../support/linchpin-process.ts';
import { closeDevices, closeOf, connectDevice } from '../support/mqtt-device.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

// The process compiles the program for itself.
vi.setConfig({ hookTimeout: 120_000 });
const folder = temporaryFolder();
let server: LinchpinProcess;
let http: URL;
let mqtt: URL;

beforeAll(async () => {
  const dataDir = `${folder}/data`;
  const plant = writeInto(folder, 'plant.jsonl', '{"twin":{"id":"P-1","kind":"ASSET"}}\n');
  await startLinchpin(['import', plant, '--data-dir', dataDir]).ended;
  server = startLinchpin(['serve', '--port', '0', '--mqtt-port', '0', '--data-dir', dataDir], { LOG_LEVEL: 'error' });
  const ready = await server.firstLine;
  const addressOf = (name: string): URL => new URL(new RegExp(`${name}=(\\S+)`).exec(ready)?.[1] ?? '');
  http = addressOf('graphql');
  mqtt = addressOf('mqtt');
});
afterAll(async () => {
  await closeDevices();
  server.child.kill('SIGTERM');
  const { code } = await server.ended;
  if (code !== 0) throw new Error(`the server ended with ${code}: ${server.err()}`);
});

let level = 0;
/** A device and an app go their way: what is published is stored, and answered. */
afterEach(async () => {
  level += 1;
  const device = await connectDevice(mqtt.href);
  await device.publishAsync('twins/P-1/telemetry', JSON.stringify({ level }), { qos: 1 });
  const read = '{"query":"{ twin(id: \\"P-1\\") { property(name: \\"level\\") { value } } }"}';
  const told = JSON.stringify(await post(read));
  const expected = JSON.stringify({ data: { twin: { property: { value: level } } } });
  if (told !== expected || server.err() !== '') throw new Error(`others got ${told}; the log: ${server.err()}`);
});

async function post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(http, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return await answer.json();
}

/** Sends and answers when the server has closed the connection, or has answered something. */
async function send(address: URL, ...pieces: (string | Uint8Array)[]): Promise<string> {
  const socket = connect(Number(address.port), address.hostname);
  let told = '';
  socket.on('data', (data) => (told += data.toString('latin1'))).on('error', () => undefined);
  const over = new Promise((resolve) => socket.once('close', resolve));
  for (const piece of pieces) socket.write(piece);
  socket.end();
  await over;
  return told;
}

const garbage = fc.uint8Array({ maxLength: 2_000 });
const few = { ...FUZZ, numRuns: Math.max(20, Math.round(FUZZ.numRuns / 10)) };
const upgrade =
  'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n';
const mqttConnect = Buffer.from('100e00044d5154540402003c00027878', 'hex');

describe.each([
  ['before anything was said', (): URL => http, []],
  ['behind an upgrade to WebSocket', (): URL => http, [upgrade]],
  ['behind a request line', (): URL => http, ['POST /graphql HTTP/1.1\r\n']],
  ['behind a length that lies', (): URL => http, ['POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n']],
  ['before anything was said to the broker', (): URL => mqtt, []],
  ['behind a CONNECT to the broker', (): URL => mqtt, [mqttConnect]],
  ['behind the head of a PUBLISH', (): URL => mqtt, [mqttConnect, Buffer.from('32ff7f', 'hex')]],
])('random bytes %s', (_, address, before) => {
  it('end their own connection at most', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        await send(address(), ...before, bytes);
      }),
      few,
    );
  });
});

describe('an HTTP request', () => {
  it.each([
    ['no JSON', '{"query":'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['an array of 100,000 arrays in each other', '['.repeat(100_000) + ']'.repeat(100_000)],
    [
      'a variable of 100,000 objects in each other',
      `{"query":"query($a: JSON!) { twins(filter: { where: [{ property: \\"a\\", eq: $a }] }) { totalCount } }","variables":{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}`,
    ],
    ['a query that is an object', '{"query":{"__proto__":1}}'],
    ['a batch', '[{"query":"{ cursor }"}]'],
    ['nothing', ''],
    ['null', 'null'],
    ['a query of NUL', '{"query":"\\u0000"}'],
    ['a query of 10,000 brackets', JSON.stringify({ query: '{'.repeat(10_000) })],
    ['a name of the operation that is an object', '{"query":"{ cursor }","operationName":{}}'],
  ])('with %s as its body is refused with a code', async (_, body) => {
    const { errors } = (await post(body)) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toMatch(/^(BAD_REQUEST|BAD_INPUT|LIMIT_EXCEEDED|GRAPHQL_PARSE_FAILED)$/);
  });

  it.each(['/%00', '/graphiql/..%2f..%2fetc%2fpasswd', '/graphiql/%5c..%5c', '/graphql/%ff', `/${'a'.repeat(10_000)}`])(
    'for %.40s gets nothing',
    async (path) => {
      const told = await send(http, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(told).toMatch(/^HTTP\/1\.1 4\d\d /);
    },
  );

  it('with headers without end is cut off', async () => {
    const headers = Array.from({ length: 5_000 }, (_, i) => `X-${i}: ${'y'.repeat(20)}\r\n`).join('');
    // The answer may be overtaken by the end of the connection.
    expect(await send(http, `GET /livez HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)).toMatch(/^(HTTP\/1\.1 431 .*)?$/s);
  });
});

describe('a WebSocket', () => {
  it.each([
    ['no JSON', ['{']],
    ['an array', ['[]']],
    ['a type that there is not', ['{"type":"__proto__"}']],
    ['a subscription before its introduction', ['{"type":"subscribe","id":"1","payload":{"query":"{ cursor }"}}']],
    ['two introductions', ['{"type":"connection_init"}', '{"type":"connection_init"}']],
    ['a subscription without a query', ['{"type":"connection_init"}', '{"type":"subscribe","id":"1","payload":{}}']],
    [
      'an id that is an object',
      ['{"type":"connection_init"}', '{"type":"subscribe","id":{},"payload":{"query":"{ cursor }"}}'],
    ],
    ['invalid UTF-8', [Buffer.from([0xff, 0xfe, 0xfd])]],
    ['a message of 17 MB', [' '.repeat(17 * 1024 * 1024)]],
  ])('that says %s is closed', async (_, messages) => {
    const socket = new WebSocket(http.href.replace('http', 'ws'), 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (const message of messages) socket.send(message, { binary: false });
    const [code] = (await closed) as [number];
    expect(code).toBeGreaterThanOrEqual(1002);
  });

  it('whose operations have strange ids is answered under these ids', async () => {
    const socket = new WebSocket(http.href.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const messages = on(socket, 'message')[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await messages.next()).value?.[0]));
    socket.send('{"type":"connection_init"}');
    await next();
    for (const id of ['__proto__', 'constructor', '\u0000', 'x'.repeat(100_000)]) {
      socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: '{ cursor }' } }));
      expect(await next()).toMatchObject({ type: 'next', id });
      expect(await next()).toEqual({ type: 'complete', id });
    }
    socket.close();
  });
});

describe('a device', () => {
  it.each([
    ['a topic with a wildcard', 'twins/+/telemetry', '{}'],
    ['a topic of 60,000 characters', `twins/${'x'.repeat(60_000)}/telemetry`, '{"level":1}'],
    ['a topic of 1,000 levels', `${'twins/'.repeat(1_000)}telemetry`, '{"level":1}'],
    ['names of prototypes', 'twins/__proto__/telemetry', '{"__proto__":{"value":1},"constructor":2}'],
    ['a payload that is no text', 'twins/P-1/telemetry', Buffer.from([0xff, 0xfe])],
    ['a number that is none', 'twins/P-1/telemetry', '{"level":1e999}'],
    ['1,000 levels of objects', 'twins/P-1/telemetry', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
    ['a payload of 200 KB', 'twins/P-1/telemetry', `{"level":"${'x'.repeat(200_000)}"}`],
    ['nothing', 'twins/P-1/telemetry', ''],
  ])('that publishes %s changes nothing', async (_, topic, payload) => {
    const before = await post('{"query":"{ cursor twin(id: \\"P-1\\") { revision } }"}');
    const device = await connectDevice(mqtt.href);
    const gone = closeOf(device);
    await Promise.race([device.publishAsync(topic, payload, { qos: 1 }).catch(() => undefined), gone]);
    expect(await post('{"query":"{ cursor twin(id: \\"P-1\\") { revision } }"}')).toEqual(before);
  });
});
