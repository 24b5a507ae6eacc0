/** Telemetry over HTTP, as far as the door goes: who may, what is let in, and how it is answered. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LinchpinError } from '../../src/domain/errors.ts';
import { type Principal, ROLES } from '../../src/domain/principal.ts';
import type { Receipt } from '../../src/domain/telemetry.ts';
import { API_LIMITS } from '../../src/graphql/limits.ts';
import { TELEMETRY_LIMITS } from '../../src/telemetry/telemetry-limits.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf } from '../topology/graph.ts';

const stub = createStubApplication(graphOf(['a PART_OF b']));
const principals = new Map<string, Principal>();
let receipt: Receipt;
let received: { dialect: string; body: string; mayTell: ((twin: string) => boolean) | undefined }[];

let api: Api;
beforeAll(async () => {
  for (const role of ROLES) principals.set(role, { actor: role, role, scope: null, expiresAt: null });
  api = await startApi(stub.application, {
    telemetry: {
      async receive(dialect, payload, mayTell) {
        received.push({ dialect, body: Buffer.from(payload).toString(), mayTell });
        return receipt;
      },
    },
    authenticator: {
      async authenticate(credentials) {
        const principal = principals.get(credentials);
        if (!principal) throw new LinchpinError('UNAUTHENTICATED', 'not known');
        return principal;
      },
    },
  });
});
afterAll(() => api.stop());
beforeEach(() => {
  receipt = { outcome: 'STORED' };
  received = [];
});

async function send(body: string, headers: Record<string, string> = {}, path = '/telemetry/ngsi-ld') {
  const all = { 'content-type': 'application/json', authorization: 'Bearer operator', ...headers };
  const response = await fetch(`${api.address}${path}`, { method: 'POST', headers: all, body });
  const text = await response.text();
  const code =
    text === ''
      ? null
      : (JSON.parse(text) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
}

it.each(['application/json', 'application/ld+json; charset=utf-8', 'application/cloudevents+json'])(
  'a message of %s goes to the dialect that the address names, as it came, and is answered when it is stored',
  async (type) => {
    expect(await send('{"a": 1}', { 'content-type': type }, '/telemetry/the%20line')).toMatchObject({
      status: 204,
      code: null,
    });
    expect(received).toEqual([{ dialect: 'the line', body: '{"a": 1}', mayTell: undefined }]);
  },
);

it.each([
  [{ outcome: 'REFUSED', reason: 'no' }, 400, 'BAD_INPUT', null],
  [{ outcome: 'UNKNOWN_DIALECT' }, 404, 'NOT_FOUND', null],
  [{ outcome: 'UNAVAILABLE', reason: 'full' }, 503, 'STORE_UNAVAILABLE', '5'],
] as const)('what is not stored is said: %j', async (given, status, code, retryAfter) => {
  receipt = given;
  expect(await send('{}')).toEqual({ status, code, retryAfter });
});

it.each([
  ['nobody knows', { authorization: 'Bearer stranger' }, 401, 'UNAUTHENTICATED'],
  ['only reads', { authorization: 'Bearer reader' }, 403, 'FORBIDDEN'],
])('a caller who %s tells nothing', async (_, headers, status, code) => {
  expect(await send('{}', headers)).toMatchObject({ status, code });
  expect(received).toEqual([]);
});

it('a page of another site cannot send what browsers send unasked', async () => {
  expect(await send('{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415, code: 'BAD_REQUEST' });
  expect(received).toEqual([]);
});

it('a body larger than a payload may be is not read', async () => {
  expect(API_LIMITS.telemetryBytes).toBe(TELEMETRY_LIMITS.payloadBytes);
  expect(await send('x'.repeat(API_LIMITS.telemetryBytes))).toMatchObject({ status: 204 });
  expect(await send('x'.repeat(API_LIMITS.telemetryBytes + 1))).toMatchObject({ status: 413, code: 'LIMIT_EXCEEDED' });
  expect(received).toHaveLength(1);
});
