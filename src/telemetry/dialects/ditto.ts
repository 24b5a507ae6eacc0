/**
 * Eclipse Ditto protocol (https://eclipse.dev/ditto/protocol-specification.html): events of Ditto, and the commands that
 * a device sends to it. Features and attributes become properties, order is the thing's revision, desired values go out
 * as modify commands. The thing stands in the envelope, so the MQTT topics are free.
 */
import * as z from 'zod';
import { parseObservedAt } from '../../domain/parse-observed-at.ts';
import type { PropertyValue } from '../../domain/property.ts';
import { parsePayload } from '../parse-payload.ts';
import { OUT_OF_SCOPE } from '../restrict-decoded.ts';
import { parseTemplate, renderTemplate } from '../template.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import type {
  DesiredValue,
  Dialect,
  Message,
  Names,
  Outgoing,
  SourceDesired,
  SourceReading,
  SourceRemoval,
  SourceReport,
  Told,
} from './dialect.ts';
import type { DialectKind } from './dialect-kind.ts';
import { fieldOf, isObject, leavesOf, objectOf, textOf, timeOf, wholeOf } from './json-fields.ts';
import { escapePointer, parsePointer } from './json-pointer.ts';
import { RecentMap } from './recent-map.ts';
import { VersionOrder } from './version-order.ts';

const optionsSchema = z.strictObject({
  /** MQTT topic of commands for a thing. */
  commandTopic: z
    .string()
    .refine(
      (text) => parseTemplate(text)?.names.every((name) => SOURCE_NAMES.includes(name)) === true,
      'a topic with {namespace} and {name}',
    )
    .default('ditto/commands/{namespace}/{name}'),
  /** Feature with `status.readyUntil`, which says how long a device counts as connected. */
  connectionFeature: z.string().default('ConnectionStatus'),
});
type DittoOptions = z.output<typeof optionsSchema>;

const SOURCE_NAMES: readonly string[] = ['namespace', 'name'];
/** The feature by which attributes are told. */
const ATTRIBUTES = 'attributes';

export const DITTO: DialectKind<DittoOptions> = {
  name: 'ditto',
  topics: [],
  sourceNames: SOURCE_NAMES,
  twin: '{namespace}:{name}',
  propertyNames: ['feature', 'property'],
  property: '{feature}.{property}',
  options: optionsSchema,
  needsNoTopic: true,
  create: (options) => new Ditto(options),
};

/** How a value at a path is meant. */
type Action = 'replace' | 'merge' | 'delete';

/** What commands and events do, by the last level of the protocol's topic. */
const ACTIONS: Readonly<Record<string, Action>> = {
  create: 'replace',
  created: 'replace',
  modify: 'replace',
  modified: 'replace',
  merge: 'merge',
  merged: 'merge',
  delete: 'delete',
  deleted: 'delete',
};

/** What a message tells, while it is gathered. */
interface Gathered {
  readonly source: Names;
  readonly time: { readonly observedAt?: string | number; readonly sequence?: number };
  readonly readings: SourceReading[];
  readonly removals: SourceRemoval[];
  readonly desired: SourceDesired[];
  readonly reports: SourceReport[];
}

class Ditto implements Dialect {
  readonly #options: DittoOptions;
  readonly #order = new VersionOrder();
  /** Things that count as connected until a time. */
  readonly #readyUntil = new RecentMap<{ readonly source: Names; readonly until: number }>(TELEMETRY_LIMITS.sources);
  wakeAt: number | undefined;

  constructor(options: DittoOptions) {
    this.#options = options;
  }

  decode(message: Message): Told {
    const parsed = parsePayload(message.payload);
    if ('reason' in parsed) return { fault: parsed.reason };
    const { object: envelope } = parsed;
    const topic = textOf(envelope['topic']);
    const [namespace, name, group, channel, criterion, verb, ...more] = topic?.split('/') ?? [];
    if (!namespace || !name || group === undefined) {
      return { fault: 'the payload is no envelope of the Ditto protocol: it has no topic of a thing' };
    }
    const action = ACTIONS[verb ?? ''];
    const isTold = group === 'things' && channel !== undefined && ['commands', 'events'].includes(criterion ?? '');
    // Answers, errors, acknowledgements, searches, messages and policies tell nothing about properties.
    if (!isTold || action === undefined || more.length > 0 || envelope['status'] !== undefined) return {};
    // `/` means the thing, too.
    const path = envelope['path'] === '/' ? [] : parsePointer(envelope['path']);
    if (path === null) return { fault: 'the path of the envelope is no JSON pointer' };
    const source = { namespace, name };
    if (message.mayTell?.(source) === false) return { fault: OUT_OF_SCOPE };
    const gathered: Gathered = {
      source,
      time: this.#timeOf(envelope, `${namespace}:${name}`, message, path.length === 0 && verb === 'created'),
      readings: [],
      removals: [],
      desired: [],
      reports: [],
    };
    if (path.length === 0 && action === 'delete') return { reports: [{ source, connectivity: 'OFFLINE' }] };
    gatherAt(path, envelope['value'], action, gathered);
    this.#noteConnection(gathered, message.receivedAt);
    const { readings, removals, desired, reports } = gathered;
    return { readings, removals, desired, reports };
  }

  wake(now: number): Told {
    const reports: SourceReport[] = [];
    this.wakeAt = undefined;
    for (const [key, { source, until }] of this.#readyUntil.entries()) {
      if (until > now) {
        this.wakeAt = Math.min(until, this.wakeAt ?? until);
        continue;
      }
      this.#readyUntil.delete(key);
      reports.push({ source, connectivity: 'OFFLINE' });
    }
    return { reports };
  }

  encodeDesired({ namespace, name }: Names, values: readonly DesiredValue[]): readonly Outgoing[] {
    const topic = renderTemplate(parseTemplate(this.#options.commandTopic) as never, { namespace, name } as Names);
    if (topic === null) return [];
    return values.flatMap(({ property: { feature = '', property = '' }, value }) => {
      // Ditto knows desired values of features only.
      if (feature === '' || feature === ATTRIBUTES) return [];
      const path = `/features/${[feature, 'desiredProperties', ...property.split('.')].slice(0).map(escapePointer).join('/')}`;
      const command = {
        topic: `${namespace}/${name}/things/twin/commands/${value === null ? 'delete' : 'modify'}`,
        headers: { 'response-required': false },
        path,
        ...(value === null ? {} : { value }),
      };
      return [{ topic, payload: JSON.stringify(command), qos: 1, retain: false }];
    });
  }

  /** Revisions order the events of a thing; a command of a device has none, and is as old as its time or receipt says. */
  #timeOf(
    envelope: Readonly<Record<string, unknown>>,
    thing: string,
    message: Message,
    isNew: boolean,
  ): Gathered['time'] {
    const revision = wholeOf(envelope['revision']);
    const timestamp = timeOf(envelope['timestamp']);
    if (isNew) this.#order.forget(thing);
    if (revision === undefined) return timestamp === undefined ? {} : { observedAt: timestamp };
    return { observedAt: this.#order.at(thing, revision, timestamp, message.receivedAt), sequence: revision };
  }

  /** `readyUntil` in the future: connected until then, as docs on the ConnectionStatus feature have it. */
  #noteConnection({ source, readings, reports }: Gathered, now: number): void {
    const told = readings.find(
      ({ property }) =>
        property['feature'] === this.#options.connectionFeature && property['property'] === 'status.readyUntil',
    );
    if (told === undefined) return;
    let until: number;
    try {
      until = parseObservedAt(told.value);
    } catch {
      return;
    }
    const key = `${source['namespace']}:${source['name']}`;
    if (until > now) this.#readyUntil.set(key, { source, until });
    else this.#readyUntil.delete(key);
    reports.push({ source, connectivity: until > now ? 'ONLINE' : 'OFFLINE' });
    // To look at all of them with each message would cost too much; to wake too early costs little.
    if (until > now) this.wakeAt = Math.min(until, this.wakeAt ?? until);
  }
}

/** Goes down to where properties are, whichever level the message speaks of. */
function gatherAt(path: readonly string[], value: unknown, action: Action, into: Gathered): void {
  const [part, feature, section, ...rest] = path;
  if (part === undefined) {
    for (const key of [ATTRIBUTES, 'features']) {
      const inner = fieldOf(objectOf(value), key);
      if (inner !== undefined) gatherAt([key], inner, action, into);
    }
  } else if (part === ATTRIBUTES) {
    gatherProperties(ATTRIBUTES, path.slice(1), value, action, into);
  } else if (part === 'features' && feature === undefined) {
    for (const [id, inner] of Object.entries(objectOf(value) ?? {})) gatherAt(['features', id], inner, action, into);
  } else if (part === 'features' && feature !== undefined && section === undefined) {
    gatherFeature(feature, value, action, into);
  } else if (feature !== undefined && section === 'properties') {
    gatherProperties(feature, rest, value, action, into);
  } else if (feature !== undefined && section === 'desiredProperties') {
    gatherDesired(feature, rest, value, action, into);
  }
}

function gatherFeature(feature: string, value: unknown, action: Action, into: Gathered): void {
  if (action === 'delete' || value === null) {
    gatherProperties(feature, [], null, 'delete', into);
    return;
  }
  const properties = fieldOf(objectOf(value), 'properties');
  const desired = fieldOf(objectOf(value), 'desiredProperties');
  if (properties !== undefined || action === 'replace') gatherProperties(feature, [], properties ?? {}, action, into);
  if (desired !== undefined) gatherDesired(feature, [], desired, action, into);
}

/** What is replaced or deleted takes everything older at and below its path away; a merge takes away what it gives as null. */
function gatherProperties(
  feature: string,
  path: readonly string[],
  value: unknown,
  action: Action,
  { source, time, readings, removals }: Gathered,
): void {
  const remove = (at: readonly string[]): void => {
    const property = at.length === 0 ? { feature } : { feature, property: at.join('.') };
    removals.push({ source, property, isDeep: true, ...time });
  };
  if (action === 'delete') return remove(path);
  if (action === 'replace' && (isObject(value) || path.length === 0)) remove(path);
  for (const leaf of leavesOf(value, path)) {
    if (leaf.value === null) remove(leaf.path);
    else if (leaf.path.length > 0) {
      readings.push({ source, property: { feature, property: leaf.path.join('.') }, value: leaf.value, ...time });
    }
  }
}

/** Values alone: nobody keeps which ones were desired before, so only what is deleted by its name goes. */
function gatherDesired(
  feature: string,
  path: readonly string[],
  value: unknown,
  action: Action,
  { source, desired }: Gathered,
): void {
  for (const leaf of leavesOf(action === 'delete' ? null : value, path)) {
    if (leaf.path.length === 0) continue;
    const property = { feature, property: leaf.path.join('.') };
    desired.push({ source, property, value: leaf.value as PropertyValue });
  }
}
