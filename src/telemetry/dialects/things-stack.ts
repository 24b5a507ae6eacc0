/**
 * The Things Stack v3, its MQTT server (https://www.thethingsindustries.com/docs/integrations/mqtt/): uplinks with a
 * decoded payload, joins, and downlinks for desired values. Fields that are empty or zero are left out of its messages,
 * so a frame count that is not there is not taken for 0.
 */
import * as z from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import { parsePayload } from '../parse-payload.ts';
import type { DesiredValue, Dialect, Message, Names, Outgoing, SourceReading, Told } from './dialect.ts';
import type { DialectKind } from './dialect-kind.ts';
import {
  fieldOf,
  isObject,
  type JsonObject,
  leavesOf,
  objectFromLeaves,
  objectOf,
  textOf,
  wholeOf,
} from './json-fields.ts';

const optionsSchema = z.strictObject({
  /** LoRaWAN port of downlinks. */
  downlinkPort: z.int().min(1).max(223).default(1),
  /** The device acknowledges downlinks. */
  confirmed: z.boolean().default(false),
  /** The device begins to count frames again within one session: then a count says nothing of duplicates. */
  resetsFrameCount: z.boolean().default(false),
});
type ThingsStackOptions = z.output<typeof optionsSchema>;

/** How far a gateway's clock may be from the network server's before it is not believed, in milliseconds. */
const GATEWAY_CLOCK_MS = 60_000;

export const THINGS_STACK: DialectKind<ThingsStackOptions> = {
  name: 'things-stack',
  topics: ['v3/+/devices/+/up', 'v3/+/devices/+/join', 'v3/+/devices/+/down/failed'],
  sourceNames: ['application', 'tenant', 'device', 'devEui'],
  twin: '{application}:{device}',
  propertyNames: ['property'],
  property: '{property}',
  options: optionsSchema,
  create: (options) => new ThingsStack(options),
};

class ThingsStack implements Dialect {
  readonly #options: ThingsStackOptions;

  constructor(options: ThingsStackOptions) {
    this.#options = options;
  }

  decode(message: Message): Told {
    const parsed = parsePayload(message.payload);
    if ('reason' in parsed) return { fault: parsed.reason };
    const { object: envelope } = parsed;
    const source = sourceOf(message.topic, envelope);
    if (source === null) return { fault: 'the message names no end device' };
    const uplink = objectOf(envelope['uplink_message']);
    if (uplink !== undefined) return this.#uplink(source, uplink, envelope);
    // A new session: what the device was told before is gone.
    if (isObject(envelope['join_accept'])) return { reports: [{ source, connectivity: 'ONLINE' }] };
    const failed = objectOf(envelope['downlink_failed']);
    if (failed !== undefined) {
      const error = objectOf(failed['error']);
      const why = textOf(fieldOf(error, 'message_format')) ?? textOf(fieldOf(error, 'name')) ?? 'no reason given';
      return { refusals: [{ property: '', reason: `a downlink failed: ${why}` }] };
    }
    return {};
  }

  encodeDesired(source: Names, values: readonly DesiredValue[]): readonly Outgoing[] {
    const wanted = values.filter(({ value }) => value !== null);
    const leaves = wanted.map(({ property, value }) => ({ path: (property['property'] ?? '').split('.'), value }));
    const downlink = {
      f_port: this.#options.downlinkPort,
      decoded_payload: objectFromLeaves(leaves),
      priority: 'NORMAL',
      ...(this.#options.confirmed && { confirmed: true }),
      correlation_ids: ['linchpin'],
    };
    // What waits in the queue has been overtaken; the newest message has all that the device has not reported yet.
    const topic = `${source['base']}/devices/${source['device']}/down/replace`;
    const payload = JSON.stringify({ downlinks: wanted.length === 0 ? [] : [downlink] });
    return [{ topic, payload, qos: 1, retain: false }];
  }

  #uplink(source: Names, uplink: JsonObject, envelope: JsonObject): Told {
    const observedAt = uplinkTime(uplink, envelope);
    const count = wholeOf(uplink['f_cnt']);
    const session = textOf(uplink['session_key_id']);
    const warnings = uplink['decoded_payload_warnings'];
    const common = {
      source,
      ...(observedAt !== undefined && { observedAt }),
      ...(count !== undefined && { sequence: count }),
      ...(Array.isArray(warnings) && warnings.length > 0 && { quality: 'UNCERTAIN' as const }),
    };
    const readings = measurementsOf(uplink['decoded_payload']).map(
      ({ path, value, unit }): SourceReading => ({
        ...common,
        property: { property: path.join('.') },
        value,
        ...(unit !== undefined && { unit }),
      }),
    );
    const isCounted = session !== undefined && count !== undefined && !this.#options.resetsFrameCount;
    const { base, device } = source;
    return {
      readings,
      // Not every payload is decoded, but every uplink is a sign of life.
      ...(readings.length === 0 && { reports: [{ source, connectivity: 'ONLINE' as const }] }),
      ...(isCounted && { dedupeKey: JSON.stringify([base, device, session, count]) }),
    };
  }
}

/** `v3/{application}@{tenant}/devices/{device}/up`, and the ids in the message, which win. */
function sourceOf(topic: string, envelope: JsonObject): Names | null {
  const levels = topic.split('/');
  const at = levels.lastIndexOf('devices');
  const base = at < 1 ? '' : levels.slice(0, at).join('/');
  const ids = objectOf(envelope['end_device_ids']);
  const [ofTopic = '', tenant = ''] = (at < 1 ? '' : (levels[at - 1] ?? '')).split('@');
  const application = textOf(fieldOf(objectOf(fieldOf(ids, 'application_ids')), 'application_id')) ?? ofTopic;
  const device = textOf(fieldOf(ids, 'device_id')) ?? levels[at + 1] ?? '';
  const devEui = textOf(fieldOf(ids, 'dev_eui')) ?? '';
  return application === '' || device === '' ? null : { application, tenant, device, devEui, base };
}

interface Measurement {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly unit?: string;
}

/** Some decoders write `{value, unit, displayName}` for a value. */
const MEASUREMENT_KEYS: ReadonlySet<string> = new Set(['value', 'unit', 'displayName']);

function measurementsOf(payload: unknown, path: readonly string[] = []): Measurement[] {
  if (!isObject(payload)) return path.length === 0 ? [] : leavesOf(payload, path).filter(({ value }) => value !== null);
  const keys = Object.keys(payload);
  if (path.length > 0 && Object.hasOwn(payload, 'value') && keys.every((key) => MEASUREMENT_KEYS.has(key))) {
    const unit = textOf(payload['unit']);
    const { value } = payload;
    return value === null ? [] : [{ path, value, ...(unit !== undefined && { unit }) }];
  }
  return keys.flatMap((key) => measurementsOf(payload[key], [...path, key]));
}

/**
 * When the uplink was heard: a gateway's GPS time, else the clock of the gateway that heard it best, where it is not far
 * from the network server's; else the network server's, else the application server's time.
 */
function uplinkTime(uplink: JsonObject, envelope: JsonObject): string | undefined {
  const serverTime = textOf(uplink['received_at']) ?? textOf(envelope['received_at']);
  const gateways = (Array.isArray(uplink['rx_metadata']) ? uplink['rx_metadata'] : []).filter(isObject);
  const isBelieved = (time: unknown): time is string => {
    const [own, other] = [instantOf(time), instantOf(serverTime)];
    return own !== undefined && (other === undefined || Math.abs(own - other) <= GATEWAY_CLOCK_MS);
  };
  const heardBest = gateways.toSorted((a, b) => signalOf(b) - signalOf(a));
  const byGps = heardBest.map((each) => each['gps_time']).find(isBelieved);
  return byGps ?? heardBest.map((each) => each['time']).find(isBelieved) ?? serverTime;
}

/** Signal to noise decides; strength where it is not told. */
function signalOf(gateway: JsonObject): number {
  const { snr, rssi } = gateway;
  return typeof snr === 'number' ? snr : typeof rssi === 'number' ? rssi - 1_000 : Number.NEGATIVE_INFINITY;
}

function instantOf(time: unknown): number | undefined {
  try {
    return parseInstant(time);
  } catch {
    return undefined;
  }
}
