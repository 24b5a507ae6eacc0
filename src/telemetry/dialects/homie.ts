/**
 * The Homie convention 5 (https://homieiot.github.io/specification/): values are text, and the description that a device
 * leaves at the broker says what they mean. What comes before it waits for a while. Desired values go out on `/set`.
 */
import * as z from 'zod';
import type { PropertyValue } from '../../domain/property.ts';
import { payloadToText } from '../parse-payload.ts';
import { OUT_OF_SCOPE } from '../restrict-decoded.ts';
import type {
  DesiredValue,
  Dialect,
  Message,
  Names,
  Outgoing,
  Refusal,
  SourceReading,
  SourceRemoval,
  SourceReport,
  Told,
} from './dialect.ts';
import type { DialectKind } from './dialect-kind.ts';
import { type HomieDescription, type HomieProperty, parseHomieDescription } from './homie-description.ts';
import { HomieDevices } from './homie-devices.ts';
import { formatHomieValue, parseHomieValue } from './homie-value.ts';
import { WaitingValues } from './waiting-values.ts';

export const HOMIE: DialectKind<object> = {
  name: 'homie',
  topics: ['homie/5/+/$state', 'homie/5/+/$description', 'homie/5/+/+/+', 'homie/5/+/+/+/$target'],
  sourceNames: ['device', 'prefix'],
  twin: '{device}',
  propertyNames: ['node', 'property'],
  property: '{node}.{property}',
  options: z.strictObject({}),
  create: (_, filters) => new Homie(filters),
};

/** `init` leaves things as they are: the device is there, and says soon what it has. */
const CONNECTIVITY_BY_STATE: Readonly<Record<string, SourceReport['connectivity']>> = {
  ready: 'ONLINE',
  sleeping: 'STALE',
  disconnected: 'OFFLINE',
  lost: 'OFFLINE',
};
const STATES: readonly string[] = ['init', ...Object.keys(CONNECTIVITY_BY_STATE)];

/** Told at a time; more would say nothing more. */
const MOST_REFUSED = 1_000;

/** A topic of a device. */
interface Place {
  /** `homie/5/{device}` */
  readonly device: string;
  readonly source: Names;
  /** `$state` or `$description`; empty: a property's. */
  readonly attribute: string;
  readonly node: string;
  readonly property: string;
  readonly isTarget: boolean;
}

class Homie implements Dialect {
  readonly retainedFilters: readonly string[];
  readonly #devices = new HomieDevices();
  readonly #waiting = new WaitingValues();
  /** Desired values that cannot be told, until that is told. */
  #refused: Refusal[] = [];

  constructor(filters: readonly string[]) {
    this.retainedFilters = filters.filter((filter) => /\/\$(?:state|description)$/.test(filter));
  }

  get wakeAt(): number | undefined {
    return this.#refused.length > 0 ? 0 : this.#waiting.dueAt;
  }

  decode(message: Message): Told {
    const place = placeOf(message.topic);
    if (place === null) return { fault: 'the topic is none of Homie 5' };
    if (message.mayTell?.(place.source) === false) return { fault: OUT_OF_SCOPE };
    if (place.attribute === '$state') return this.#state(place, message);
    if (place.attribute === '$description') return this.#describe(place, message);
    // Alerts, logs and what is told to everybody.
    if (place.node.startsWith('$') || place.source['device']?.startsWith('$')) return {};
    const description = this.#devices.get(place.device)?.description;
    if (description !== undefined) return valueOf(place, message, description);
    const why = this.#waiting.add(message);
    return why === null ? {} : { fault: `its device has not described itself, and ${why}` };
  }

  wake(now: number): Told {
    const reason = 'its device has not described itself, so nobody knows what the value means';
    const overdue = this.#waiting.takeOverdue(now).map((topic) => ({ property: '', reason: `${topic}: ${reason}` }));
    const refusals = [...this.#refused, ...overdue];
    this.#refused = [];
    return { refusals };
  }

  encodeDesired({ prefix, device }: Names, values: readonly DesiredValue[]): readonly Outgoing[] {
    const base = `${prefix}/5/${device}`;
    const description = this.#devices.get(base)?.description;
    // Once it has described itself, the device is told.
    if (description === undefined) return [];
    return values.flatMap(({ property: { node = '', property = '' }, value, isInSync }) => {
      if (isInSync || value === null) return [];
      const form = description.properties.get(`${node}/${property}`);
      const payload = form?.isSettable && form.isRetained ? formatHomieValue(value, form) : null;
      if (payload !== null) return [{ topic: `${base}/${node}/${property}/set`, payload, qos: 1, retain: false }];
      if (this.#refused.length < MOST_REFUSED) {
        const reason = `${device}: a desired value cannot be told: ${whyUntold(form)}`;
        this.#refused.push({ property: `${node}.${property}`, reason });
      }
      return [];
    });
  }

  #state({ device, source }: Place, { payload }: Message): Told {
    const state = payloadToText(payload) ?? '';
    if (state === '') {
      // Whoever takes its state away takes the device away.
      this.#devices.delete(device);
      return { reports: [{ source, connectivity: 'OFFLINE' }] };
    }
    if (!STATES.includes(state)) return { fault: `expected a state of ${STATES.join(', ')}` };
    const known = this.#devices.get(device);
    this.#devices.set(device, { bytes: 0, ...known, source, state });
    const reports = [...this.#reportsOf(device)];
    // Only the root has a last will: it speaks for its children too.
    if (known?.state !== state && known?.description?.root === undefined) reports.push(...this.#reportsBelow(device));
    return { reports };
  }

  #describe(place: Place, message: Message): Told {
    const { device, source } = place;
    const known = this.#devices.get(device);
    if (message.payload.byteLength === 0) {
      if (known !== undefined)
        this.#devices.set(device, { source, bytes: 0, ...(known.state && { state: known.state }) });
      return {};
    }
    const description = parseHomieDescription(message.payload);
    if ('fault' in description) return description;
    this.#devices.set(device, { ...known, source, description, bytes: message.payload.byteLength });
    const told = [...description.properties.keys()].flatMap((path) => this.#waited(device, path, description));
    const gone = [...(known?.description?.properties.keys() ?? [])].filter((path) => !description.properties.has(path));
    return {
      readings: told.flatMap(({ readings = [] }) => readings),
      removals: gone.map((path) => removalOf({ ...place, ...pathOf(path) })),
      refusals: told.flatMap(({ refusals = [] }) => refusals),
      // What is desired could not be told before: nobody knew how.
      reports: this.#reportsOf(device).filter(({ connectivity }) => connectivity === 'ONLINE'),
    };
  }

  /** A value that came before the description, as of when it came. Targets are too old by now. */
  #waited(device: string, path: string, description: HomieDescription): Told[] {
    const topic = `${device}/${path}`;
    this.#waiting.take(`${topic}/$target`);
    const message = this.#waiting.take(topic);
    const place = message && placeOf(message.topic);
    if (!message || !place) return [];
    const { receivedAt, arrival, isReplay } = message;
    const { readings = [], ...rest } = valueOf(place, message, description);
    const time = { observedAt: receivedAt, sequence: arrival, ...(isReplay && { quality: 'UNCERTAIN' as const }) };
    return [{ ...rest, readings: readings.map((reading) => ({ ...reading, ...time })) }];
  }

  /** What holds for a device: its root's state, unless that is there. */
  #reportsOf(topic: string): SourceReport[] {
    const device = this.#devices.get(topic);
    const root = device?.description?.root;
    const rootState = root === undefined ? undefined : this.#devices.get(siblingOf(topic, root))?.state;
    const connectivity = connectivityOf(rootState) ?? 'ONLINE';
    const own = connectivityOf(device?.state);
    if (device === undefined || own === undefined) return [];
    return [{ source: device.source, connectivity: connectivity === 'ONLINE' ? own : connectivity }];
  }

  #reportsBelow(root: string): SourceReport[] {
    const found = new Set([root]);
    for (const topic of found) {
      for (const child of this.#devices.get(topic)?.description?.children ?? []) found.add(siblingOf(root, child));
    }
    found.delete(root);
    return [...found].flatMap((topic) => this.#reportsOf(topic));
  }
}

function whyUntold(form: HomieProperty | undefined): string {
  if (form === undefined) return 'the description of its device does not have it';
  if (!form.isSettable) return 'it cannot be set';
  // It would act again at each repetition.
  if (!form.isRetained) return 'it is a command, not a state';
  return `expected a value of the datatype ${form.datatype}`;
}

function connectivityOf(state: string | undefined): SourceReport['connectivity'] | undefined {
  return state === undefined ? undefined : CONNECTIVITY_BY_STATE[state];
}

/** Another device beside this one. */
function siblingOf(topic: string, device: string): string {
  return topic.slice(0, topic.lastIndexOf('/') + 1) + device;
}

const TOPIC =
  /^(?<prefix>.+)\/5\/(?<device>[^/]+)\/(?:(?<attribute>\$state|\$description)|(?<node>[^/]+)\/(?<property>[^/]+)(?<target>\/\$target)?)$/s;

function placeOf(topic: string): Place | null {
  const groups = TOPIC.exec(topic)?.groups;
  if (groups === undefined) return null;
  const { prefix = '', device = '', attribute = '', node = '', property = '', target } = groups;
  const source = { device, prefix };
  return { device: `${prefix}/5/${device}`, source, attribute, node, property, isTarget: target !== undefined };
}

function pathOf(path: string): { readonly node: string; readonly property: string } {
  const [node = '', property = ''] = path.split('/');
  return { node, property };
}

function removalOf({ source, node, property }: Place): SourceRemoval {
  return { source, property: { node, property }, isDeep: false };
}

function valueOf(place: Place, message: Message, description: HomieDescription): Told {
  const { source, node, property, isTarget } = place;
  const form = description.properties.get(`${node}/${property}`);
  const refuse = (reason: string): { readonly refusals: readonly Refusal[] } => ({
    refusals: [{ property: `${node}.${property}`, reason }],
  });
  if (form === undefined) return refuse('the description of its device does not have it');
  if (message.payload.byteLength === 0) return isTarget ? {} : { removals: [removalOf(place)] };
  const parsed = parseHomieValue(message.payload, form);
  if ('reason' in parsed) return refuse(parsed.reason);
  // A target that the broker kept may be one of long ago, and nothing orders what is desired.
  if (isTarget) return message.isReplay ? {} : { desired: [desiredOf(place, parsed.value)] };
  const { unit } = form;
  const reading: SourceReading = { source, property: { node, property }, value: parsed.value, ...(unit && { unit }) };
  return { readings: [reading] };
}

function desiredOf({ source, node, property }: Place, value: PropertyValue): NonNullable<Told['desired']>[number] {
  return { source, property: { node, property }, value };
}
