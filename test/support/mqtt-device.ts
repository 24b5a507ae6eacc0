/** An MQTT client as a device or a watcher would be one; a test closes what it opened with `closeDevices`. */
import mqtt, { type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt';

const opened: MqttClient[] = [];

export async function connectDevice(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options });
  client.on('error', () => {});
  opened.push(client);
  return client;
}

export async function closeDevices(): Promise<void> {
  await Promise.all(opened.splice(0).map((client) => client.endAsync(true)));
}

/** When its connection has ended, whatever for. */
export function closeOf(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

/** The broker's answer to a connection that may be refused. */
export async function connackOf(url: string, options: IClientOptions): Promise<IConnackPacket> {
  const client = mqtt.connect(url, { reconnectPeriod: 0, ...options });
  client.on('error', () => {});
  opened.push(client);
  return await new Promise((resolve) => {
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'connack') resolve(packet);
    });
  });
}

export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly isRetained: boolean;
}

/** Subscribes; the messages can be awaited one by one. */
export async function listenTo(client: MqttClient, filter: string): Promise<{ next(): Promise<Received> }> {
  const waiting: Received[] = [];
  const wanted: ((message: Received) => void)[] = [];
  client.on('message', (topic, payload, { retain }) => {
    const message = { topic, text: payload.toString(), isRetained: retain };
    const want = wanted.shift();
    if (want) want(message);
    else waiting.push(message);
  });
  await client.subscribeAsync(filter, { qos: 1 });
  return {
    next() {
      const message = waiting.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => wanted.push(resolve));
    },
  };
}
