/**
 * AWS IoT device shadows, classic and named (https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html),
 * and the presence events of its broker. Order is the time of each key and the version of the shadow; desired values go
 * out as updates; after a (re)connection shadows are asked for, as messages may have been missed.
 */
import * as z from 'zod';
import type { PropertyValue } from '../../domain/property.ts';
import { isSameValue } from '../../domain/property-value.ts';
import { parsePayload } from '../parse-payload.ts';
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
  Told,
} from './dialect.ts';
import { AwsPresence } from './aws-presence.ts';
import type { DialectKind } from './dialect-kind.ts';
import {
  fieldOf,
  type JsonObject,
  type Leaf,
  leavesOf,
  objectFromLeaves,
  objectOf,
  textOf,
  wholeOf,
} from './json-fields.ts';
import { RecentMap } from './recent-map.ts';

const optionsSchema = z.strictObject({
  /** Things whose classic shadows are asked for at the start, before they were heard. */
  things: z.array(z.string().min(1)).max(TELEMETRY_LIMITS.sources).default([]),
});
type AwsOptions = z.output<typeof optionsSchema>;

/** AWS takes some hundred messages a second of one connection. */
const REQUESTS_PER_SECOND = 50;
const TOKEN = 'linchpin';

export const AWS_SHADOW: DialectKind<AwsOptions> = {
  name: 'aws-shadow',
  topics: [
    '$aws/things/+/shadow/update/documents',
    '$aws/things/+/shadow/update/rejected',
    '$aws/things/+/shadow/get/accepted',
    '$aws/things/+/shadow/delete/accepted',
    '$aws/things/+/shadow/name/+/update/documents',
    '$aws/things/+/shadow/name/+/update/rejected',
    '$aws/things/+/shadow/name/+/get/accepted',
    '$aws/things/+/shadow/name/+/delete/accepted',
    '$aws/events/presence/connected/+',
    '$aws/events/presence/disconnected/+',
  ],
  sourceNames: ['thing'],
  twin: '{thing}',
  propertyNames: ['shadow', 'key'],
  property: '[{shadow}.]{key}',
  options: optionsSchema,
  create: (options) => new AwsShadow(options),
};

/** A shadow by its topic; `shadow` is empty for the classic one. */
interface Place {
  readonly base: string;
  readonly thing: string;
  readonly shadow: string;
  readonly verb: string;
}

class AwsShadow implements Dialect {
  readonly #presence = new AwsPresence();
  /** Version that was told last, by the topic of the shadow. */
  readonly #versionByShadow = new RecentMap<number>(TELEMETRY_LIMITS.sources);
  /** Shadows to be asked for, by their topics. */
  readonly #unasked: Set<string>;
  wakeAt: number | undefined;

  constructor({ things }: AwsOptions) {
    this.#unasked = new Set(things.map((thing) => `$aws/things/${thing}/shadow`));
  }

  decode(message: Message): Told {
    const parsed = parsePayload(message.payload);
    if ('reason' in parsed) return { fault: parsed.reason };
    const { object } = parsed;
    const presence = this.#presence.take(message.topic, object);
    if (presence !== undefined) return presence === null ? {} : this.#came(presence.source, presence.connectivity);
    const place = placeOf(message.topic);
    if (place === null) return { fault: 'the topic is none of a shadow' };
    switch (place.verb) {
      case 'update/documents':
        return this.#documents(place, object);
      case 'update/accepted':
      case 'get/accepted':
        return this.#accepted(place, object);
      case 'update/delta':
        return this.#delta(place, object);
      case 'update/rejected':
        return rejection(object);
      case 'delete/accepted':
        return this.#deleted(place, object);
      default:
        return {};
    }
  }

  connected(now: number): Told {
    for (const [shadow] of this.#versionByShadow.entries()) this.#unasked.add(shadow);
    return this.wake(now);
  }

  wake(now: number): Told {
    const shadows = [...this.#unasked].slice(0, REQUESTS_PER_SECOND);
    for (const shadow of shadows) this.#unasked.delete(shadow);
    this.wakeAt = this.#unasked.size > 0 ? now + 1_000 : undefined;
    return { send: shadows.map(requestOf) };
  }

  encodeDesired(source: Names, values: readonly DesiredValue[]): readonly Outgoing[] {
    const base = `${source['base']}/things/${source['thing']}/shadow`;
    const leavesByShadow = new Map<string, Leaf[]>();
    for (const { property, value } of values) {
      const { shadow = '', key = '' } = property;
      // `a.b` may be the key b of the shadow a, or the key a.b of the classic one: only shadows that were heard are.
      const isNamed = shadow !== '' && this.#versionByShadow.get(`${base}/name/${shadow}`) !== undefined;
      const topic = isNamed ? `${base}/name/${shadow}` : base;
      const path = (isNamed || shadow === '' ? key : `${shadow}.${key}`).split('.');
      leavesByShadow.set(topic, [...(leavesByShadow.get(topic) ?? []), { path, value }]);
    }
    return [...leavesByShadow].map(([topic, leaves]) => ({
      topic: `${topic}/update`,
      payload: JSON.stringify({ state: { desired: objectFromLeaves(leaves) }, clientToken: TOKEN }),
      qos: 1,
      retain: false,
    }));
  }

  /** A device that came may have changed its shadow while its messages were lost. */
  #came(source: Names, connectivity: 'ONLINE' | 'OFFLINE'): Told {
    const shadow = `${source['base']}/things/${source['thing']}/shadow`;
    const send = connectivity === 'ONLINE' ? [requestOf(shadow)] : [];
    return { reports: [{ source, connectivity }], send };
  }

  /** Tells what differs from the version before; all of it when versions were missed. What only that one had is gone. */
  #documents(place: Place, object: JsonObject): Told {
    const [current, previous] = [objectOf(object['current']), objectOf(object['previous'])];
    const version = wholeOf(fieldOf(current, 'version'));
    const time = { timestamp: object['timestamp'], version };
    const before = wholeOf(fieldOf(previous, 'version'));
    const isNext = before !== undefined && before === this.#versionByShadow.get(shadowOf(place));
    const isNewest = this.#noteVersion(place, version);
    const [now, old] = [sectionOf(current, 'reported', time), sectionOf(previous, 'reported', time)];
    const [wanted, wantedBefore] = [sectionOf(current, 'desired', time), sectionOf(previous, 'desired', time)];
    const cleared = missingFrom(wanted, wantedBefore).map((leaf) => ({ ...leaf, value: null }));
    return {
      readings: (isNext ? changedSince(old, now) : now).map((leaf) => readingOf(place, leaf, version)),
      removals: missingFrom(now, old).map((leaf) => removalOf(place, leaf, time)),
      // Nothing in the graph orders what is desired: a late message would bring back what is past.
      desired: isNewest
        ? [...(isNext ? changedSince(wantedBefore, wanted) : wanted), ...cleared].map((leaf) => desiredOf(place, leaf))
        : [],
    };
  }

  /** Of an update that was accepted, null says that a key is gone. */
  #accepted(place: Place, object: JsonObject): Told {
    const version = wholeOf(object['version']);
    const time = { timestamp: object['timestamp'], version };
    const isNewest = this.#noteVersion(place, version);
    const reported = sectionOf(object, 'reported', time);
    return {
      readings: reported.filter(({ value }) => value !== null).map((leaf) => readingOf(place, leaf, version)),
      removals: reported.filter(({ value }) => value === null).map((leaf) => removalOf(place, leaf, time)),
      desired: isNewest ? sectionOf(object, 'desired', time).map((leaf) => desiredOf(place, leaf)) : [],
    };
  }

  /** What is desired and not reported, for devices; it says what is desired to us too. */
  #delta(place: Place, object: JsonObject): Told {
    if (!this.#noteVersion(place, wholeOf(object['version']))) return {};
    return { desired: leavesOf(objectOf(object['state']) ?? {}).map((leaf) => desiredOf(place, leaf)) };
  }

  /** Names of the classic shadow's keys are not told; those of a named one begin with its name. */
  #deleted(place: Place, object: JsonObject): Told {
    this.#versionByShadow.delete(shadowOf(place));
    if (place.shadow === '') return {};
    const time = { timestamp: object['timestamp'], version: wholeOf(object['version']) };
    return { removals: [{ ...removalOf(place, { path: [], value: null }, time), property: { shadow: place.shadow } }] };
  }

  /** Answers whether nothing as new was told of this shadow. */
  #noteVersion(place: Place, version: number | undefined): boolean {
    const known = this.#versionByShadow.get(shadowOf(place));
    const isNewest = version === undefined || known === undefined || version > known;
    if (isNewest) this.#versionByShadow.set(shadowOf(place), version ?? known ?? 0);
    return isNewest;
  }
}

const TOPIC =
  /^(?<base>.*)\/things\/(?<thing>[^/]+)\/shadow\/(?:name\/(?<shadow>[^/]+)\/)?(?<verb>(?:update|get|delete)\/\w+)$/s;

function placeOf(topic: string): Place | null {
  const groups = TOPIC.exec(topic)?.groups;
  if (groups === undefined) return null;
  const { base = '', thing = '', shadow = '', verb = '' } = groups;
  return { base, thing, shadow, verb };
}

/** The shadow's topic, without what is done to it. */
function shadowOf({ base, thing, shadow }: Place): string {
  return `${base}/things/${thing}/shadow${shadow === '' ? '' : `/name/${shadow}`}`;
}

function requestOf(shadow: string): Outgoing {
  return { topic: `${shadow}/get`, payload: JSON.stringify({ clientToken: TOKEN }), qos: 1, retain: false };
}

interface TimedLeaf extends Leaf {
  /** Epoch seconds. */
  readonly observedAt?: number;
}

interface ShadowTime {
  readonly timestamp: unknown;
  readonly version: number | undefined;
}

/** The keys of a section with their own times, which the metadata repeat the shape of the state to tell. */
function sectionOf(document: JsonObject | undefined, section: 'reported' | 'desired', time: ShadowTime): TimedLeaf[] {
  const state = objectOf(fieldOf(objectOf(fieldOf(document, 'state')), section));
  const metadata = fieldOf(objectOf(fieldOf(document, 'metadata')), section);
  if (state === undefined) return [];
  return leavesOf(state).map((leaf) => {
    const own = leaf.path.reduce<unknown>((inner, key) => fieldOf(objectOf(inner), key), metadata);
    const observedAt = newestTimestamp(own) ?? (typeof time.timestamp === 'number' ? time.timestamp : undefined);
    return observedAt === undefined ? leaf : { ...leaf, observedAt };
  });
}

/** `{timestamp}`, or a list of these for the elements of a list. */
function newestTimestamp(metadata: unknown): number | undefined {
  if (Array.isArray(metadata)) {
    const times = metadata.map(newestTimestamp).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.max(...times);
  }
  const timestamp = fieldOf(objectOf(metadata), 'timestamp');
  return typeof timestamp === 'number' ? timestamp : undefined;
}

function changedSince(old: readonly TimedLeaf[], now: readonly TimedLeaf[]): TimedLeaf[] {
  const oldByPath = new Map(old.map((leaf) => [JSON.stringify(leaf.path), leaf]));
  return now.filter((leaf) => {
    const there = oldByPath.get(JSON.stringify(leaf.path));
    return (
      there?.observedAt !== leaf.observedAt || !isSameValue(there?.value as PropertyValue, leaf.value as PropertyValue)
    );
  });
}

/** What is in `old` and not in `now`. */
function missingFrom(now: readonly TimedLeaf[], old: readonly TimedLeaf[]): TimedLeaf[] {
  const paths = new Set(now.map(({ path }) => JSON.stringify(path)));
  return old.filter(({ path }) => !paths.has(JSON.stringify(path)));
}

function namesOf({ base, thing, shadow }: Place, path: readonly string[]): { source: Names; property: Names } {
  return { source: { base, thing }, property: { shadow, key: path.join('.') } };
}

function readingOf(place: Place, { path, value, observedAt }: TimedLeaf, version: number | undefined): SourceReading {
  return {
    ...namesOf(place, path),
    value,
    ...(observedAt !== undefined && { observedAt }),
    ...(version !== undefined && { sequence: version }),
  };
}

function removalOf(place: Place, { path }: Leaf, { timestamp, version }: ShadowTime): SourceRemoval {
  return {
    ...namesOf(place, path),
    isDeep: true,
    ...(typeof timestamp === 'number' && { observedAt: timestamp }),
    ...(version !== undefined && { sequence: version }),
  };
}

function desiredOf(place: Place, { path, value }: Leaf): SourceDesired {
  return { ...namesOf(place, path), value: value as PropertyValue };
}

/** Others hear of their own. */
function rejection(object: JsonObject): Told {
  if (object['clientToken'] !== TOKEN) return {};
  const { code, message } = object;
  return {
    refusals: [{ property: '', reason: `the shadow refused an update: ${String(code)} ${textOf(message) ?? ''}` }],
  };
}
