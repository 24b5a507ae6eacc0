/**
 * ThingsBoard's MQTT APIs for devices and for gateways (https://thingsboard.io/docs/reference/gateway-mqtt-api/), with
 * Linchpin in the server's place. A gateway names its devices in the payload. A device of its own is `me`, known to
 * ThingsBoard by its credentials: here the level before `v1` names it, or the option `device`.
 */
import * as z from 'zod';
import { parseJsonPayload } from '../parse-payload.ts';
import type {
  DesiredValue,
  Dialect,
  Message,
  Names,
  Outgoing,
  Refusal,
  SourceReading,
  SourceReport,
  Told,
} from './dialect.ts';
import type { DialectKind } from './dialect-kind.ts';
import { fieldOf, isObject, type JsonObject, objectOf, textOf, timeOf } from './json-fields.ts';

const optionsSchema = z.strictObject({
  /** Name of the device that is `me`, where the topic has no level before `v1`. */
  device: z.string().min(1).optional(),
  /** How devices behind a gateway are told what is desired: as shared attributes, or by a remote call. */
  desired: z.enum(['attributes', 'rpc']).default('attributes'),
  /** Method of the remote call; its params are an object of values by key. */
  rpcMethod: z.string().min(1).default('setProperties'),
});
type ThingsBoardOptions = z.output<typeof optionsSchema>;

export const THINGSBOARD: DialectKind<ThingsBoardOptions> = {
  name: 'thingsboard',
  topics: [
    'v1/gateway/telemetry',
    'v1/gateway/attributes',
    'v1/gateway/attributes/request',
    'v1/gateway/connect',
    'v1/gateway/disconnect',
    'v1/gateway/rpc',
    '+/v1/devices/me/telemetry',
    '+/v1/devices/me/attributes',
    '+/v1/devices/me/attributes/request/+',
    '+/v1/devices/me/rpc/response/+',
  ],
  sourceNames: ['device', 'gateway'],
  twin: '{device}',
  propertyNames: ['scope', 'key'],
  property: '{key}',
  options: optionsSchema,
  create: (options) => new ThingsBoard(options),
};

type Scope = 'telemetry' | 'attributes';

class ThingsBoard implements Dialect {
  readonly #options: ThingsBoardOptions;
  #lastCall = 0;

  constructor(options: ThingsBoardOptions) {
    this.#options = options;
  }

  decode({ topic, payload }: Message): Told {
    const place = placeOf(topic);
    if (place === null) return { fault: 'the topic is none of ThingsBoard' };
    const parsed = parseJsonPayload(payload);
    if ('reason' in parsed) return { fault: parsed.reason };
    return place.api === 'gateway'
      ? this.#fromGateway(place.verb, parsed.value, place.base)
      : this.#fromDevice(place.verb, parsed.value, place.base);
  }

  encodeDesired(source: Names, values: readonly DesiredValue[]): readonly Outgoing[] {
    const { base = '', device = '', api } = source;
    const data = Object.fromEntries(values.map(({ property, value }) => [property['key'] ?? '', value]));
    const call = (): { id: number; method: string; params: object } => {
      this.#lastCall += 1;
      return { id: this.#lastCall, method: this.#options.rpcMethod, params: data };
    };
    const out = (topic: string, payload: object): readonly Outgoing[] => [
      { topic: `${base}${topic}`, payload: JSON.stringify(payload), qos: 1, retain: false },
    ];
    // Shared attributes of a device would come on the topic on which it tells its own, and back to us as if from it.
    if (api === 'device') {
      const { id, ...request } = call();
      return out(`v1/devices/me/rpc/request/${id}`, request);
    }
    if (this.#options.desired === 'rpc') return out('v1/gateway/rpc', { device, data: call() });
    return out('v1/gateway/attributes', { device, data });
  }

  #fromGateway(verb: string, value: unknown, base: string): Told {
    const object = objectOf(value);
    if (object === undefined) return { fault: 'the payload is not a JSON object' };
    const gateway = base.split('/').at(-2) ?? '';
    const sourceOf = (device: string): Names => ({ device, gateway, base, api: 'gateway' });
    if (verb === 'telemetry' || verb === 'attributes') {
      // On one topic in both directions: this one is ours.
      if (typeof object['device'] === 'string' && isObject(object['data'])) return {};
      const gathered = Object.entries(object).map(([device, given]) => readingsOf(sourceOf(device), verb, given));
      return {
        readings: gathered.flatMap(({ readings }) => readings),
        refusals: gathered.flatMap(({ refusals }) => refusals),
      };
    }
    const device = textOf(object['device']);
    if (device === undefined) return { fault: 'the message names no device' };
    const source = sourceOf(device);
    if (verb === 'rpc') return answerOf(fieldOf(objectOf(object['data']), 'error') ?? fieldOf(object, 'error'));
    return { reports: reportsOf(verb, source) };
  }

  #fromDevice(verb: string, value: unknown, base: string): Told {
    const device = this.#options.device ?? base.split('/').at(-2) ?? '';
    const source = { device, base, api: 'device' };
    if (verb === 'telemetry' || verb === 'attributes') return readingsOf(source, verb, value);
    if (verb.startsWith('rpc/response/')) return answerOf(fieldOf(objectOf(value), 'error'));
    return { reports: reportsOf(verb, source) };
  }
}

interface Place {
  readonly api: 'gateway' | 'device';
  /** What stands before `v1`, with its slash. */
  readonly base: string;
  readonly verb: string;
}

const TOPIC = /^(?<base>(?:.*\/)?)v1\/(?:(?<gateway>gateway)|devices\/me)\/(?<verb>.+)$/s;

function placeOf(topic: string): Place | null {
  const groups = TOPIC.exec(topic)?.groups;
  if (groups === undefined) return null;
  const { base = '', gateway, verb = '' } = groups;
  return { api: gateway === undefined ? 'device' : 'gateway', base, verb };
}

/** Whoever asks for its attributes has just come, and is told what is desired. */
function reportsOf(verb: string, source: Names): SourceReport[] {
  if (verb === 'connect' || verb.startsWith('attributes/request')) return [{ source, connectivity: 'ONLINE' }];
  return verb === 'disconnect' ? [{ source, connectivity: 'OFFLINE' }] : [];
}

function answerOf(error: unknown): Told {
  if (error === undefined) return {};
  return { refusals: [{ property: '', reason: `a remote call failed: ${JSON.stringify(error)}` }] };
}

/** `{key: value}`, `{ts, values}`, or a list of these. */
function readingsOf(
  source: Names,
  scope: Scope,
  given: unknown,
): { readings: readonly SourceReading[]; refusals: readonly Refusal[] } {
  const readings: SourceReading[] = [];
  const refusals: Refusal[] = [];
  for (const part of Array.isArray(given) ? given : [given]) {
    if (!isObject(part)) {
      refusals.push({ property: '', reason: `${source['device']}: expected an object of values by key` });
      continue;
    }
    const { values, observedAt } = scope === 'telemetry' ? timed(part) : { values: part, observedAt: undefined };
    for (const [key, value] of Object.entries(values)) {
      const time = observedAt === undefined ? {} : { observedAt };
      readings.push({ source, property: { scope, key }, value, ...time });
    }
  }
  return { readings, refusals };
}

function timed(part: JsonObject): { values: JsonObject; observedAt: string | number | undefined } {
  const values = objectOf(part['values']);
  const observedAt = timeOf(part['ts']);
  return values === undefined || observedAt === undefined
    ? { values: part, observedAt: undefined }
    : { values, observedAt };
}
