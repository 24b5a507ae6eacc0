/** A slow and plain reading of Ditto's protocol: the thing as JSON, changed by each message, and the twin as we keep it. */
import type { Told } from '../../src/telemetry/decoder.ts';

export interface Envelope {
  readonly topic: string;
  readonly path: string;
  readonly value?: unknown;
  readonly status?: number;
}
type Json = { [key: string]: unknown };
type Twin = Map<string, { value: unknown; at: number }>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON merge patch, RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** A thing after a message, as the protocol says; but what is in many features at once changes those that are named. */
function change(thing: Json, { topic, path, value }: Envelope): Json {
  const levels = path.split('/').filter(Boolean);
  const verb = topic.slice(topic.lastIndexOf('/') + 1);
  const isWide = levels.length === 0 || (levels.length === 1 && levels[0] === 'features');
  if (verb.startsWith('delete') && isWide) return thing;
  if (isWide && value === null) return thing;
  if (isWide && isObject(value)) {
    return Object.entries(value).reduce(
      (before, [key, inner]) => change(before, { topic, path: `${path === '/' ? '' : path}/${key}`, value: inner }),
      thing,
    );
  }
  const result = structuredClone(thing);
  let place = result;
  for (const level of levels.slice(0, -1)) {
    const inner = place[level];
    if (isObject(inner)) place = inner;
    else place[level] = place = {};
  }
  const last = levels.at(-1) as string;
  if (verb.startsWith('delete') || value === null) delete place[last];
  else place[last] = verb.startsWith('merge') ? merged(place[last], value) : value;
  return result;
}

/** Names and values of what is a property of the twin. */
function propertiesOf(thing: Json): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  const gather = (name: string, value: unknown): void => {
    if (isObject(value)) for (const [key, inner] of Object.entries(value)) gather(`${name}.${key}`, inner);
    else if (value !== null && value !== undefined) properties[name] = value;
  };
  if (isObject(thing['attributes'])) gather('attributes', thing['attributes']);
  for (const [id, feature] of Object.entries((thing['features'] ?? {}) as Json)) {
    if (isObject(feature) && isObject(feature['properties'])) gather(id, feature['properties']);
  }
  return properties;
}

/** A twin's properties after what was told, each with when. */
function takeTold(twin: Twin, { readings, removals }: Omit<Told, 'kind'>): void {
  for (const { property, value, receivedAt } of readings) twin.set(property, { value, at: receivedAt });
  for (const { property, reach, at } of removals) {
    for (const [name, state] of twin) {
      const isReached =
        reach === 'PREFIX' ? name.startsWith(property) : name === property || name.startsWith(`${property}.`);
      if (isReached && state.at < at) twin.delete(name);
    }
  }
}

/** Things by id, as the protocol leaves them, and twins, as they are after what was told. */
export class ReferenceThings {
  readonly #things = new Map<string, Json>();
  readonly #twins = new Map<string, Twin>();

  take(message: Envelope, told: Omit<Told, 'kind'>): { expected: Record<string, unknown>; actual: object } {
    const id = message.topic.split('/').slice(0, 2).join(':');
    const thing = change(this.#things.get(id) ?? {}, message);
    const twin: Twin = this.#twins.get(id) ?? new Map();
    this.#things.set(id, thing);
    this.#twins.set(id, twin);
    takeTold(twin, told);
    return {
      expected: propertiesOf(thing),
      actual: Object.fromEntries([...twin].map(([property, { value }]) => [property, value])),
    };
  }
}
