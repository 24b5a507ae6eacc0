/**
 * Telemetry of an embedded broker's client, taken where its packets are parsed. Through aedes each message costs several
 * times what it costs here, and the client's next bytes are read only when all messages of the last ones are committed.
 * What is not plain telemetry (QoS 2, retained, odd topics) goes the ordinary way.
 *
 * The parser, the timer and the flag are no part of aedes' public face; tests of the embedded broker hold them.
 */
import type { Client, PublishPacket } from 'aedes';
import { PubackWriter } from './puback-writer.ts';
import { type Reader, sharedReader, takeInTurns } from './reading-turn.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface DirectIntakeOptions {
  /** Whether a topic is one of telemetry. */
  accepts(topic: string): boolean;
  /** Calls back when the message is stored; with an error, which ends the connection, when it is not taken. */
  take(packet: PublishPacket, done: (error?: Error | null) => void): void;
  /** The message is stored: others may want it too. */
  onStored(packet: PublishPacket): void;
}

type Packet = PublishPacket | { readonly cmd: 'another' };

interface ClientParts extends Reader {
  /** A packet is dealt with, or bytes are there. */
  _nextBatch(this: void, error?: Error | null): void;
  readonly connackSent: boolean;
  readonly _keepaliveTimer: { refresh(): unknown } | null;
  readonly _parser: {
    listeners(event: 'packet'): ((packet: Packet) => void)[];
    removeAllListeners(event: 'packet'): void;
    on(event: 'packet', listener: (packet: Packet) => void): void;
    parse(bytes: Buffer): unknown;
  };
}

/** Part of what is too much below which a client is read again: two batches are there still, for the graph to go on with. */
const RESUMED_AT = 0.75;
/** Topics up to this length cannot have more levels than aedes allows. */
const PLAIN_TOPIC_LENGTH = 100;
const WILDCARD = /[+#]/;

export function takeTelemetryDirectly(client: Client, options: DirectIntakeOptions): void {
  const parts = client as unknown as ClientParts;
  const { _parser: parser } = parts;
  const ordinary = parser.listeners('packet');
  const acknowledgements = new PubackWriter(client.conn);
  client.conn.once('close', () => acknowledgements.close());
  const reader = sharedReader(pausable(parts));
  let messages = 0;
  let bytes = 0;
  let isPaused = false;

  const isTooMuch = (part: number): boolean =>
    messages >= TELEMETRY_LIMITS.clientMessages * part || bytes >= TELEMETRY_LIMITS.clientBytes * part;

  const take = (packet: PublishPacket): void => {
    const size = packet.payload.length;
    messages += 1;
    bytes += size;
    if (!isPaused && isTooMuch(1)) {
      isPaused = true;
      reader.pause();
    }
    options.take(packet, (error) => {
      messages -= 1;
      bytes -= size;
      if (error) {
        if (!client.closed) client.emit('error', error);
        return;
      }
      if (packet.qos === 1 && packet.messageId !== undefined) acknowledgements.add(packet.messageId);
      options.onStored(packet);
      if (!isPaused || isTooMuch(RESUMED_AT)) return;
      isPaused = false;
      // Behind the answers to the messages that are being settled.
      queueMicrotask(() => reader.resume());
    });
  };

  const parse = parser.parse.bind(parser);
  parser.parse = takeInTurns({ reader, take: parse, isOpen: () => !client.closed });
  parser.removeAllListeners('packet');
  parser.on('packet', (packet) => {
    if (parts.connackSent && isPlain(packet) && options.accepts(packet.topic)) {
      const { _keepaliveTimer: keepalive } = parts;
      keepalive?.refresh();
      take(packet);
    } else for (const listener of ordinary) listener.call(parser, packet);
  });
}

/** aedes forgets the packets that are dealt with during a pause, and would wait for them ever after. */
function pausable(parts: ClientParts): Reader {
  const { _nextBatch: nextBatch } = parts;
  let isPaused = false;
  let missed = 0;
  const note = (error?: Error | null): void => {
    if (isPaused && !error) missed += 1;
    else nextBatch(error);
  };
  Object.assign(parts, { _nextBatch: note });
  return {
    pause() {
      isPaused = true;
      parts.pause();
    },
    resume() {
      isPaused = false;
      // Each may read on, and so bring the next pause: then it counts as missed again.
      const due = missed;
      missed = 0;
      parts.resume();
      for (let told = 0; told < due; told += 1) note();
    },
  };
}

function isPlain(packet: Packet): packet is PublishPacket {
  return (
    packet.cmd === 'publish' &&
    packet.qos < 2 &&
    !packet.retain &&
    packet.topic.length <= PLAIN_TOPIC_LENGTH &&
    !WILDCARD.test(packet.topic)
  );
}
