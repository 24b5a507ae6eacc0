/**
 * Presence events of AWS IoT (https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html): they may come
 * twice and out of order. The version counts a client's connections; both ends of one have the same.
 */
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import type { Names } from './dialect.ts';
import { type JsonObject, textOf, wholeOf } from './json-fields.ts';
import { RecentMap } from './recent-map.ts';

/** After about an hour without a connection versions begin at 0 again; a little less, as the events tell other moments. */
const RESET_MS = 55 * 60_000;

interface Seen {
  readonly version: number;
  readonly isConnected: boolean;
  /** Epoch milliseconds, by AWS. */
  readonly at: number;
}

const TOPIC = /^(?<base>.*)\/events\/presence\/(?<verb>connected|disconnected)\/(?<client>[^/]+)$/s;

export class AwsPresence {
  readonly #seenByClient = new RecentMap<Seen>(TELEMETRY_LIMITS.sources);

  /** undefined: no presence event. null: it is late or comes again, and says nothing. */
  take(
    topic: string,
    object: JsonObject,
  ): { readonly source: Names; readonly connectivity: 'ONLINE' | 'OFFLINE' } | null | undefined {
    const groups = TOPIC.exec(topic)?.groups;
    if (groups === undefined) return undefined;
    const { base = '', verb, client = '' } = groups;
    const [version, at] = [wholeOf(object['versionNumber']), wholeOf(object['timestamp'])];
    const seen = { version: version ?? 0, isConnected: verb === 'connected', at: at ?? 0 };
    const before = this.#seenByClient.get(client);
    if (version !== undefined && before !== undefined && !isNewer(seen, before)) return null;
    this.#seenByClient.set(client, seen);
    const thing = textOf(object['thingName']) ?? client;
    return { source: { base, thing }, connectivity: seen.isConnected ? 'ONLINE' : 'OFFLINE' };
  }
}

function isNewer(a: Seen, b: Seen): boolean {
  if (a.version > b.version) return true;
  // Of one connection, its end comes after its begin.
  if (a.version === b.version) return b.isConnected && !a.isConnected;
  return !b.isConnected && a.at - b.at >= RESET_MS;
}
