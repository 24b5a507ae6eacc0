/** Telemetry over HTTP: `POST /telemetry/{dialect}`, with the message as the body. What it says is another room's matter. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LinchpinError } from '../domain/errors.ts';
import { type Principal, requireRole } from '../domain/principal.ts';
import type { Receipt } from '../domain/telemetry.ts';
import { toGraphQLError } from './format-error.ts';
import { API_LIMITS } from './limits.ts';

/** What takes messages in. */
export interface TelemetryIntake {
  /** @param mayTell of which twins the sender may tell; absent: of all */
  receive(dialect: string, payload: Uint8Array, mayTell?: (twin: string) => boolean): Promise<Receipt>;
}

export interface TelemetryDoorParts {
  readonly intake: TelemetryIntake;
  /** Lets a request in, and counts it until it is answered. @throws LinchpinError, GraphQLError */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<Principal>;
  /** Which twins are seen by a caller; undefined: all. */
  sightOf(principal: Principal): ((twin: string) => boolean) | undefined;
}

/** Of JSON in its kinds alone: what a page of another site may send without asking is none of them. */
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const RETRY_AFTER_S = 5;

export async function addTelemetryDoor(fastify: FastifyInstance, parts: TelemetryDoorParts): Promise<void> {
  const principals = new WeakMap<FastifyRequest, Principal>();
  await fastify.register(async (door) => {
    door.removeAllContentTypeParsers();
    const bodyLimit = API_LIMITS.telemetryBytes;
    door.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer', bodyLimit }, (_, body, done) => done(null, body));
    door.post<{ Params: { dialect: string }; Body: Buffer | undefined }>('/telemetry/:dialect', {
      bodyLimit,
      // Before the body is read: strangers send none.
      onRequest: async (request, reply) => {
        const principal = await parts.admit(request, reply);
        requireRole(principal, 'operator', 'telemetry');
        principals.set(request, principal);
      },
      handler: async (request, reply) => {
        const { dialect } = request.params;
        const body = request.body ?? Buffer.alloc(0);
        const receipt = await parts.intake.receive(dialect, body, parts.sightOf(principals.get(request) as Principal));
        if (receipt.outcome === 'UNAVAILABLE') reply.header('retry-after', RETRY_AFTER_S);
        throwUnlessStored(receipt, dialect);
        return reply.code(204).send();
      },
    });
  });
}

function throwUnlessStored(receipt: Receipt, dialect: string): void {
  switch (receipt.outcome) {
    case 'STORED':
      return;
    case 'REFUSED':
      throw toGraphQLError(new LinchpinError('BAD_INPUT', receipt.reason), 400);
    case 'UNAVAILABLE':
      throw toGraphQLError(new LinchpinError('STORE_UNAVAILABLE', receipt.reason), 503);
    case 'UNKNOWN_DIALECT': {
      const expected = 'the name of one that is configured and needs no topic';
      throw toGraphQLError(new LinchpinError('NOT_FOUND', `dialect: expected ${expected}, got ${dialect}`), 404);
    }
  }
}
