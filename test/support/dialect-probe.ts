/** A dialect of the configuration, decoding messages into twins and properties, with nothing else around it. */
import type { Decoded, Told } from '../../src/telemetry/decoder.ts';
import { DialectEntry } from '../../src/telemetry/dialect-entry.ts';
import type { Message, Names, Outgoing, Told as SourceTold } from '../../src/telemetry/dialects/dialect.ts';
import { parseTelemetryConfig } from '../../src/telemetry/telemetry-config.ts';

export const RECEIVED_AT = Date.parse('2026-03-01T12:00:00Z');

const NOTHING: Omit<Told, 'kind'> = { readings: [], removals: [], desired: [], reports: [], refusals: [] };

export class DialectProbe {
  readonly entry: DialectEntry;
  readonly sourceByTwin = new Map<string, Names>();
  /** What the dialect wants sent. */
  readonly sent: Outgoing[] = [];
  now = RECEIVED_AT;
  #arrival = 0;

  constructor(settings: object, modelOf: (twin: string) => string | null = () => null) {
    const [own] = parseTelemetryConfig(JSON.stringify({ dialects: [settings] }), []).dialects;
    if (own === undefined) throw new Error('the configuration has no dialect');
    this.entry = new DialectEntry(own, modelOf, (twin, source) => this.sourceByTwin.set(twin, source));
  }

  /** null: a duplicate. */
  decode(topic: string, payload: unknown, more: Partial<Message> = {}): Decoded | null {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return this.decodeBytes(topic, Buffer.from(text), more);
  }

  decodeBytes(topic: string, payload: Buffer, more: Partial<Message> = {}): Decoded | null {
    const message = this.#message(topic, payload, more);
    if (!this.entry.accepts(topic, false) && !this.entry.accepts(topic, true))
      throw new Error(`the dialect does not read ${topic}`);
    return this.#map(this.entry.dialect.decode(message), message);
  }

  /** What a message that is right tells; nothing of it may be refused. */
  tell(topic: string, payload: unknown, more: Partial<Message> = {}): Omit<Told, 'kind'> {
    const told = this.tellAll(topic, payload, more);
    if (told.refusals.length > 0) throw new Error(`refused: ${JSON.stringify(told.refusals)}`);
    return told;
  }

  tellAll(topic: string, payload: unknown, more: Partial<Message> = {}): Omit<Told, 'kind'> {
    const decoded = this.decode(topic, payload, more);
    if (decoded?.kind === 'told') return decoded;
    if (decoded?.kind === 'empty' || decoded === null) return NOTHING;
    throw new Error(`expected something told, got ${JSON.stringify(decoded)}`);
  }

  /** Values by twin and property. */
  values(topic: string, payload: unknown, more: Partial<Message> = {}): Record<string, Record<string, unknown>> {
    const values: Record<string, Record<string, unknown>> = {};
    for (const { twin, property, value } of this.tell(topic, payload, more).readings) {
      (values[twin] ??= {})[property] = value;
    }
    return values;
  }

  wake(): Omit<Told, 'kind'> {
    const decoded = this.#map(this.entry.dialect.wake?.(this.now) ?? {}, this.#message('', Buffer.from(''), {}));
    return decoded?.kind === 'told' ? decoded : NOTHING;
  }

  connected(): readonly Outgoing[] {
    return this.entry.dialect.connected?.(this.now).send ?? [];
  }

  desired(twin: string, values: Record<string, unknown>): { topic: string; payload: unknown }[] {
    const source = this.sourceByTwin.get(twin);
    if (source === undefined) throw new Error(`${twin} was not heard`);
    const list = Object.entries(values).map(([property, value]) => ({
      property,
      value: value as never,
      isInSync: false,
    }));
    return this.entry
      .encodeDesired(twin, source, list, this.now)
      .messages.map(({ topic, payload }) => ({ topic, payload: JSON.parse(String(payload)) as unknown }));
  }

  #message(topic: string, payload: Buffer, more: Partial<Message>): Message {
    return { topic, payload, receivedAt: this.now, arrival: this.#arrival++, isReplay: false, ...more };
  }

  #map(told: SourceTold, message: Message): Decoded | null {
    this.sent.push(...(told.send ?? []));
    return this.entry.map(told, message);
  }
}
