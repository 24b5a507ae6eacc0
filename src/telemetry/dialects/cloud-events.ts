/**
 * CloudEvents 1.0 in general (https://github.com/cloudevents/spec): what the subject is told of is the twin, the values
 * of the data are its properties. MQTT 3.1.1 has no place for attributes beside the payload, so only structured mode
 * can be read.
 */
import * as z from 'zod';
import { parseCloudEvent } from './cloud-event.ts';
import type { DialectKind } from './dialect-kind.ts';
import type { Dialect, Message, Told } from './dialect.ts';
import { leavesOf } from './json-fields.ts';

const optionsSchema = z.strictObject({
  /** Types of events that are read; others say nothing. Absent: all. `*` at the end stands for any characters. */
  types: z.array(z.string().min(1)).min(1).max(256).optional(),
});
type CloudEventsOptions = z.output<typeof optionsSchema>;

/** The property of data that are one value. */
const WHOLE = 'value';

export const CLOUD_EVENTS: DialectKind<CloudEventsOptions> = {
  name: 'cloudevents',
  topics: [],
  sourceNames: ['subject', 'source', 'type'],
  twin: '{subject}',
  propertyNames: ['property', 'type'],
  property: '{property}',
  options: optionsSchema,
  needsNoTopic: true,
  create: (options) => new CloudEvents(options),
};

class CloudEvents implements Dialect {
  readonly #options: CloudEventsOptions;

  constructor(options: CloudEventsOptions) {
    this.#options = options;
  }

  decode({ payload }: Message): Told {
    const event = parseCloudEvent(payload);
    if ('fault' in event) return event;
    const { source, subject, type, data, time, dedupeKey } = event;
    if (!this.#reads(type) || data === undefined) return {};
    const readings = leavesOf(data)
      .filter(({ value }) => value !== null)
      .map(({ path, value }) => ({
        source: { source, subject, type },
        property: { property: path.length === 0 ? WHOLE : path.join('.'), type },
        value,
        ...time,
      }));
    return { readings, dedupeKey };
  }

  #reads(type: string): boolean {
    const { types } = this.#options;
    return types?.some((one) => (one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : type === one)) ?? true;
  }
}
