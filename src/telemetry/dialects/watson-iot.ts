/**
 * Topics of IBM Watson IoT Platform, as its applications see them
 * (https://www.ibm.com/docs/en/watson-iot-platform?topic=applications-mqtt-connectivity): events, the platform's word on
 * connections, and commands for desired values. On its own connection a device leaves out who it is
 * (`iot-2/evt/...`); then the level before `iot-2` or an option has to say it.
 */
import * as z from 'zod';
import { parseObservedAt } from '../../domain/parse-observed-at.ts';
import { parsePayload } from '../parse-payload.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import type { DesiredValue, Dialect, Message, Names, Outgoing, Told } from './dialect.ts';
import type { DialectKind } from './dialect-kind.ts';
import {
  fieldOf,
  isObject,
  type JsonObject,
  type Leaf,
  leavesOf,
  objectFromLeaves,
  objectOf,
  textOf,
  timeOf,
} from './json-fields.ts';
import { RecentMap } from './recent-map.ts';

const level = z.string().regex(/^[^/+#]+$/, 'one level of a topic');

const optionsSchema = z.strictObject({
  /** Device and its type, where topics name none. */
  device: level.optional(),
  type: level.optional(),
  /** Command by which devices are told what is desired. */
  command: level.default('set'),
  /** Commands have their values in `d`, as events should. */
  wrapsCommands: z.boolean().default(true),
  /** Key of an event's time. */
  timeKey: z.string().min(1).default('ts'),
});
type WatsonOptions = z.output<typeof optionsSchema>;

export const WATSON_IOT: DialectKind<WatsonOptions> = {
  name: 'watson-iot',
  topics: ['iot-2/type/+/id/+/evt/+/fmt/json', 'iot-2/type/+/id/+/mon'],
  sourceNames: ['type', 'device'],
  twin: '[{type}:]{device}',
  propertyNames: ['event', 'property'],
  property: '{property}',
  options: optionsSchema,
  create: (options) => new WatsonIot(options),
};

/** The connection that was spoken of last, in epoch milliseconds. */
interface Connection {
  readonly toldAt: number;
  readonly since: number;
}

class WatsonIot implements Dialect {
  readonly #options: WatsonOptions;
  readonly #connectionByDevice = new RecentMap<Connection>(TELEMETRY_LIMITS.sources);

  constructor(options: WatsonOptions) {
    this.#options = options;
  }

  decode({ topic, payload }: Message): Told {
    const place = this.#placeOf(topic);
    if (place === null) return { fault: 'the topic is none of Watson IoT Platform' };
    const { source, kind, event, format } = place;
    // Commands are ours, and those of other applications.
    if (kind === 'cmd') return {};
    if (kind === 'evt' && format !== 'json') return { fault: `the format ${format} cannot be read: expected json` };
    const parsed = parsePayload(payload);
    if ('reason' in parsed) return { fault: parsed.reason };
    return kind === 'mon' ? this.#connection(source, parsed.object) : this.#event(source, event, parsed.object);
  }

  encodeDesired(source: Names, values: readonly DesiredValue[]): readonly Outgoing[] {
    const leaves = values.map(
      ({ property, value }): Leaf => ({ path: (property['property'] ?? '').split('.'), value }),
    );
    const data = objectFromLeaves(leaves);
    const payload = JSON.stringify(this.#options.wrapsCommands ? { d: data } : data);
    return [{ topic: `${source['base']}/cmd/${this.#options.command}/fmt/json`, payload, qos: 1, retain: false }];
  }

  /** `{"d": {values}, "ts": time}`, or values alone. */
  #event(source: Names, event: string, object: JsonObject): Told {
    const { timeKey } = this.#options;
    const wrapped = objectOf(fieldOf(object, 'd'));
    const observedAt = timeOf(fieldOf(object, timeKey));
    const leaves = leavesOf(wrapped ?? object).filter(
      ({ path, value }) => value !== null && (wrapped !== undefined || path[0] !== timeKey),
    );
    const readings = leaves.map(({ path, value }) => ({
      source,
      property: { event, property: path.join('.') },
      value,
      ...(observedAt !== undefined && { observedAt }),
    }));
    return { readings };
  }

  /** What is older than what was told, or of a connection before the one that stands, says nothing. */
  #connection(source: Names, object: JsonObject): Told {
    const action = textOf(fieldOf(object, 'Action'));
    if (action !== 'Connect' && action !== 'Disconnect') return {};
    const device = JSON.stringify([source['type'], source['device']]);
    const toldAt = instantOf(fieldOf(object, 'Time'));
    const last = this.#connectionByDevice.get(device);
    const since = instantOf(fieldOf(object, 'ConnectTime')) ?? (action === 'Connect' ? toldAt : last?.since);
    if (last !== undefined && toldAt !== undefined && since !== undefined) {
      if (toldAt < last.toldAt || since < last.since) return {};
    }
    if (toldAt !== undefined && since !== undefined) this.#connectionByDevice.set(device, { toldAt, since });
    return { reports: [{ source, connectivity: action === 'Connect' ? 'ONLINE' : 'OFFLINE' }] };
  }

  #placeOf(topic: string): Place | null {
    const groups = TOPIC.exec(topic)?.groups;
    if (groups === undefined) return null;
    const { base = '', before = '', kind = '', event = '', format = '' } = groups;
    const { device = before.split('/').at(-2) ?? '', type = '' } = this.#options;
    const isNamed = groups['device'] !== undefined;
    const names = isNamed ? { type: groups['type'] ?? '', device: groups['device'] ?? '' } : { type, device };
    return { source: { ...names, base }, kind: kind === '' ? 'mon' : kind, event, format };
  }
}

interface Place {
  readonly source: Names;
  /** `evt`, `cmd` or `mon` */
  readonly kind: string;
  readonly event: string;
  readonly format: string;
}

/** What stands before `iot-2` is not the platform's, and kept. */
const TOPIC =
  /^(?<base>(?<before>(?:.*\/)?)iot-2(?:\/type\/(?<type>[^/]+)\/id\/(?<device>[^/]+))?)\/(?:mon|(?<kind>evt|cmd)\/(?<event>[^/]+)\/fmt\/(?<format>[^/]+))$/s;

function instantOf(time: unknown): number | undefined {
  if (time === undefined || isObject(time)) return undefined;
  try {
    return parseObservedAt(time);
  } catch {
    return undefined;
  }
}
