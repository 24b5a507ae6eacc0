/**
 * Messages of a broker, taken where their packets are parsed. Through mqtt.js each takes a turn of its own. All other
 * packets go to mqtt.js, which keeps the connection.
 *
 * How mqtt.js makes and reads its stream is no part of its public face; tests of the remote broker hold it.
 */
import type { IPublishPacket, MqttClient } from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';

interface Sink {
  write(bytes: Uint8Array): unknown;
}

interface Stream {
  pipe(sink: Sink): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  destroy(): unknown;
}

interface ClientParts {
  streamBuilder: (this: void, client: MqttClient) => Stream;
}

/** Before the client connects, as it is told to later. At QoS 2, which is never subscribed to, nothing is taken. */
export function takeDirectly(client: MqttClient, take: (packet: IPublishPacket) => void): void {
  const parts = client as unknown as ClientParts;
  const build = parts.streamBuilder;
  parts.streamBuilder = (own) => {
    const stream = build(own);
    stream.pipe = (sink) => readPackets(client, stream, sink, take);
    return stream;
  };
}

function readPackets(client: MqttClient, stream: Stream, sink: Sink, take: (packet: IPublishPacket) => void): void {
  const format = { protocolVersion: client.options.protocolVersion ?? 4 };
  const parser = mqttPacket.parser(format);
  const fail = (error: unknown): void => {
    client.emit('error', error as Error);
    stream.destroy();
  };
  parser.on('packet', (packet: Packet) => {
    if (packet.cmd === 'publish' && packet.qos < 2) take(packet);
    else sink.write(mqttPacket.generate(packet, format));
  });
  parser.on('error', fail);
  stream.on('data', (bytes) => {
    try {
      parser.parse(bytes);
    } catch (error) {
      fail(error);
    }
  });
}
