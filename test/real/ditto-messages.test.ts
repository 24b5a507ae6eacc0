/** The messages of Ditto's own documentation, against a slow reading of its protocol: the thing as JSON, changed by each. */
import { describe, expect, it } from 'vitest';
import type { Told } from '../../src/telemetry/decoder.ts';
import { DialectProbe } from '../support/dialect-probe.ts';
import { describeWithData, hasData, readLines } from '../support/real-data.ts';

interface Envelope {
  readonly topic: string;
  readonly path: string;
  readonly value?: unknown;
  readonly status?: number;
}
type Json = { [key: string]: unknown };

const messages = hasData('ditto-protocol')
  ? readLines<{ file: string; message: Envelope }>('ditto-protocol', 'messages.jsonl')
  : [];
const TELLING =
  /\/things\/(twin|live)\/(commands|events)\/(create|modify|merge|delete)d?$|\/(created|modified|merged|deleted)$/;
const telling = messages.filter(({ message }) => TELLING.test(message.topic) && message.status === undefined);
const others = messages.filter((each) => !telling.includes(each));

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
  for (const level of levels.slice(0, -1))
    place = (isObject(place[level]) ? place[level] : (place[level] = {})) as Json;
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
function take(twin: Map<string, { value: unknown; at: number }>, { readings, removals }: Omit<Told, 'kind'>): void {
  for (const { property, value, receivedAt } of readings) twin.set(property, { value, at: receivedAt });
  for (const { property, reach, at } of removals) {
    for (const [name, state] of twin) {
      const isReached =
        reach === 'PREFIX' ? name.startsWith(property) : name === property || name.startsWith(`${property}.`);
      if (isReached && state.at < at) twin.delete(name);
    }
  }
}

describeWithData('messages of the Ditto protocol', 'ditto-protocol', () => {
  it('are there', () => {
    expect(messages.length).toBeGreaterThan(150);
    expect(telling.length).toBeGreaterThan(60);
  });

  describe('that change things', () => {
    it('leave the twin as the protocol leaves the thing', () => {
      const probe = new DialectProbe({ dialect: 'ditto', topics: ['#'] });
      const things = new Map<string, Json>();
      const twins = new Map<string, Map<string, { value: unknown; at: number }>>();
      for (const { file, message } of telling) {
        probe.now += 1_000;
        // Times of the examples are made up; here they come one after the other.
        const { topic, path, value } = message;
        const told = probe.tell('ditto', { topic, path, ...('value' in message && { value }) });
        const [namespace, name] = topic.split('/');
        const id = `${namespace}:${name}`;
        const thing = change(things.get(id) ?? {}, message);
        const twin = twins.get(id) ?? new Map<string, { value: unknown; at: number }>();
        things.set(id, thing);
        twins.set(id, twin);
        take(twin, told);
        const now = Object.fromEntries([...twin].map(([property, state]) => [property, state.value]));
        expect(now, file).toEqual(propertiesOf(thing));
      }
    });

    it('keep their revisions and timestamps as their order', () => {
      const probe = new DialectProbe({ dialect: 'ditto', topics: ['#'] });
      const revised = telling.filter(({ message }) => 'revision' in message);
      const readings = revised.flatMap(({ message }) => probe.tell('ditto', message).readings);
      expect(readings.length).toBeGreaterThan(20);
      for (const { sequence } of readings) expect(sequence).toBeGreaterThan(0);
    });
  });

  it('that are answers, errors, policies, searches or announcements say nothing, and none is a fault', () => {
    const probe = new DialectProbe({ dialect: 'ditto', topics: ['#'] });
    const kinds = others.map(({ file, message }) => ({ file, kind: probe.decode('ditto', message)?.kind }));
    expect(kinds.filter(({ kind }) => kind !== 'empty')).toEqual([]);
  });
});
