/**
 * OpenSensors topics: `/orgs/{org}/...` and `/users/{user}/...`, with JSON payloads. The service is gone, and its
 * documents said no more of a payload than that it may be JSON: so the levels behind the owner name the device, or a key
 * of the payload does.
 */
import * as z from 'zod';
import { parseJsonPayload } from '../parse-payload.ts';
import type { DialectKind } from './dialect-kind.ts';
import type { Dialect, Message, SourceReading, Told } from './dialect.ts';
import { fieldOf, isObject, leavesOf, textOf, timeOf, wholeOf } from './json-fields.ts';

const optionsSchema = z.strictObject({
  /** Key of the payload that names the device; absent: the topic does. */
  deviceKey: z.string().min(1).optional(),
  /** Key of the payload that has the time. */
  timeKey: z.string().min(1).default('timestamp'),
});
type OpenSensorsOptions = z.output<typeof optionsSchema>;

/** The property of a payload that is one value. */
const WHOLE = 'value';

export const OPEN_SENSORS: DialectKind<OpenSensorsOptions> = {
  name: 'open-sensors',
  topics: ['/orgs/+/#', '/users/+/#'],
  sourceNames: ['device', 'path', 'owner', 'scope'],
  twin: '{owner}:{device}',
  propertyNames: ['property'],
  property: '{property}',
  options: optionsSchema,
  create: (options) => new OpenSensors(options),
};

const TOPIC = /^\/?(?<scope>orgs|users)\/(?<owner>[^/]+)(?:\/(?<path>.+))?$/s;

class OpenSensors implements Dialect {
  readonly #options: OpenSensorsOptions;

  constructor(options: OpenSensorsOptions) {
    this.#options = options;
  }

  decode({ topic, payload }: Message): Told {
    const groups = TOPIC.exec(topic)?.groups;
    if (groups === undefined) return { fault: 'the topic is none of OpenSensors' };
    const parsed = parseJsonPayload(payload);
    if ('reason' in parsed) return { fault: parsed.reason };
    const { scope = '', owner = '', path = '' } = groups;
    const { deviceKey, timeKey } = this.#options;
    const object = isObject(parsed.value) ? parsed.value : undefined;
    const named = deviceKey === undefined ? path : nameOf(fieldOf(object, deviceKey));
    const source = { scope, owner, path, device: named };
    const observedAt = timeOf(fieldOf(object, timeKey));
    const readings = leavesOf(parsed.value)
      .filter(
        ({ path: [key], value }) => value !== null && (key === undefined || (key !== timeKey && key !== deviceKey)),
      )
      .map(
        ({ path: keys, value }): SourceReading => ({
          source,
          property: { property: keys.length === 0 ? WHOLE : keys.join('.') },
          value,
          ...(observedAt !== undefined && { observedAt }),
        }),
      );
    return { readings };
  }
}

/** Some devices count themselves. */
function nameOf(value: unknown): string {
  return textOf(value) ?? (wholeOf(value) === undefined ? '' : String(value));
}
