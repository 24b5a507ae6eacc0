/**
 * Messages of a broker, taken where their packets are parsed. Through mqtt.js each takes a turn of its own. All other
 * packets go to mqtt.js, which keeps the connection.
 *
 * How mqtt.js makes and reads its stream is no part of its public face; tests of the remote broker hold it.
 */
import type { IPublishPacket, MqttClient } from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { type Reader, sharedReader, takeInTurns } from './reading-turn.ts';

interface Sink {
  write(bytes: Uint8Array): unknown;
}

interface Stream extends Reader {
  pipe(sink: Sink): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  destroy(): unknown;
  readonly destroyed: boolean;
}

interface ClientParts {
  streamBuilder: (this: void, client: MqttClient) => Stream;
}

/** `reader` is for whoever has too much: the connection is read on when it is resumed. */
type Take = (packet: IPublishPacket, reader: Reader) => void;

/** Before the client connects, as it is told to later. At QoS 2, which is never subscribed to, nothing is taken. */
export function takeDirectly(client: MqttClient, take: Take): void {
  const parts = client as unknown as ClientParts;
  const build = parts.streamBuilder;
  parts.streamBuilder = (own) => {
    const stream = build(own);
    stream.pipe = (sink) => readPackets(client, stream, sink, take);
    return stream;
  };
}

function readPackets(client: MqttClient, stream: Stream, sink: Sink, take: Take): void {
  const format = { protocolVersion: client.options.protocolVersion ?? 4 };
  const parser = mqttPacket.parser(format);
  const reader = sharedReader(stream);
  const fail = (error: unknown): void => {
    client.emit('error', error as Error);
    stream.destroy();
  };
  parser.on('packet', (packet: Packet) => {
    if (packet.cmd === 'publish' && packet.qos < 2) take(packet, reader);
    else sink.write(mqttPacket.generate(packet, format));
  });
  parser.on('error', fail);
  const parse = (bytes: Buffer): void => {
    try {
      parser.parse(bytes);
    } catch (error) {
      fail(error);
    }
  };
  stream.on('data', takeInTurns({ reader, take: parse, isOpen: () => !stream.destroyed }));
}
