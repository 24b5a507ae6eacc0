/**
 * Notifications of Azure Digital Twins (https://learn.microsoft.com/azure/digital-twins/concepts-event-notifications):
 * CloudEvents whose data are a patch of a twin, a whole twin, or telemetry. Azure Digital Twins takes desired values over
 * its own HTTP API only, so none go out.
 */
import * as z from 'zod';
import { type CloudEvent, parseCloudEvent } from './cloud-event.ts';
import type { DialectKind } from './dialect-kind.ts';
import type { Dialect, Message, Names, Refusal, SourceReading, SourceRemoval, Told } from './dialect.ts';
import { fieldOf, isObject, leavesOf, objectOf, textOf } from './json-fields.ts';
import { parsePointer } from './json-pointer.ts';

const optionsSchema = z.strictObject({});

export const AZURE_DIGITAL_TWINS: DialectKind<object> = {
  name: 'azure-digital-twins',
  topics: [],
  sourceNames: ['twin', 'instance'],
  twin: '{twin}',
  propertyNames: ['property'],
  property: '{property}',
  options: optionsSchema,
  needsNoTopic: true,
  create: () => new AzureDigitalTwins(),
};

class AzureDigitalTwins implements Dialect {
  decode({ payload }: Message): Told {
    const event = parseCloudEvent(payload);
    if ('fault' in event) return event;
    const { dedupeKey } = event;
    switch (event.type.toLowerCase()) {
      case 'microsoft.digitaltwins.twin.update':
        return { ...patched(event), dedupeKey };
      case 'microsoft.digitaltwins.twin.create':
        return { readings: readingsAt([], event.data, subjectOf(event), event), dedupeKey };
      case 'microsoft.digitaltwins.twin.delete':
        return { reports: [{ source: subjectOf(event), connectivity: 'OFFLINE' }], dedupeKey };
      case 'microsoft.iot.telemetry':
        return { readings: telemetry(event), dedupeKey };
      default:
        // Relationships and models are the plant's, not the telemetry's.
        return {};
    }
  }
}

/** Of a notification the subject is the twin. */
function subjectOf({ source, subject }: CloudEvent): Names {
  return { twin: subject, instance: source.split('/')[0] ?? '' };
}

/** Of telemetry the source ends with the twin, and the subject is the path of the component that sent it. */
function telemetry(event: CloudEvent): SourceReading[] {
  const { source, subject, data } = event;
  const [, instance = '', twin = ''] = /^([^/]*)\/(?:digitaltwins\/)?(.+)$/s.exec(source) ?? [];
  const component = subject === '' ? [] : subject.split('.');
  return readingsAt(component, isObject(data) ? data : {}, { twin, instance }, event);
}

/** Values, without what the service keeps beside them (`$dtId`, `$etag`, `$metadata`). */
function readingsAt(path: readonly string[], value: unknown, source: Names, { time }: CloudEvent): SourceReading[] {
  return leavesOf(value, path)
    .filter((leaf) => leaf.value !== null && leaf.path.length > 0 && !isOfService(leaf.path))
    .map((leaf) => ({ source, property: { property: leaf.path.join('.') }, value: leaf.value, ...time }));
}

function isOfService(path: readonly string[]): boolean {
  return path.some((key) => key.startsWith('$'));
}

function patched(event: CloudEvent): Told {
  const patch = Array.isArray(event.data) ? event.data : fieldOf(objectOf(event.data), 'patch');
  if (!Array.isArray(patch)) return { fault: 'the data of the event have no patch' };
  const source = subjectOf(event);
  const readings: SourceReading[] = [];
  const removals: SourceRemoval[] = [];
  const refusals: Refusal[] = [];
  for (const change of patch as unknown[]) {
    const path = parsePointer(fieldOf(objectOf(change), 'path'));
    const op = textOf(fieldOf(objectOf(change), 'op'));
    if (path === null || path.length === 0 || (op !== 'add' && op !== 'replace' && op !== 'remove')) {
      refusals.push({ property: '', reason: 'a change of the patch: expected add, replace or remove, and a path' });
      continue;
    }
    if (isOfService(path)) continue;
    const value = op === 'remove' ? null : fieldOf(objectOf(change), 'value');
    // A component that is put there whole loses what it had before.
    if (isObject(value) || value === null || value === undefined) {
      removals.push({ source, property: { property: path.join('.') }, isDeep: true, ...event.time });
    }
    if (value !== undefined) readings.push(...readingsAt(path, value, source, event));
  }
  return { readings, removals, refusals };
}
