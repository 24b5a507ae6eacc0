/**
 * A broker that is reached over the network. Two connections: the session that takes telemetry in, and a clean one
 * for what goes out, so that neither holds the other up.
 */
import mqtt, { type MqttClient } from 'mqtt';
import { LinchpinError } from '../domain/errors.ts';
import type { BrokerConnection, ConnectionOptions } from './broker-connection.ts';
import { IngestLink } from './ingest-link.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface RemoteBrokerOptions extends ConnectionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly filters: readonly string[];
}

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/**
 * Answers when the first attempt to connect has ended, either way; it goes on trying by itself.
 * @throws LinchpinError BAD_CONFIG when the URL is not one of a broker
 */
export async function openRemoteBroker(options: RemoteBrokerOptions): Promise<BrokerConnection> {
  const address = addressOf(options.url);
  const { log } = options;
  log.info(
    { address, clientId: options.clientId, window: TELEMETRY_LIMITS.windowMessages },
    'while we are away the MQTT broker queues for us up to a limit of its own, then drops silently; docs/MQTT.md tells the setting',
  );
  const publisher = mqtt.connect(options.url, {
    protocolVersion: 4,
    reconnectPeriod: 2_000,
    reconnectOnConnackError: true,
    queueQoSZero: false,
    manualConnect: true,
  });
  // Each connection has a will of its own: it may tell when that connection began.
  const setWill = (): void => {
    const will = options.will();
    if (will !== undefined) publisher.options.will = { ...will, payload: Buffer.from(will.payload) };
  };
  setWill();
  publisher.connect();
  publisher.on('reconnect', setWill);
  let wasConnected = false;
  publisher.on('close', () => {
    if (wasConnected) options.onDisconnected();
    wasConnected = false;
  });
  publisher.on('error', (error) => log.debug({ reason: error.message }, 'the MQTT connection for publishing failed'));
  publisher.on('connect', () => {
    wasConnected = true;
    options.onConnected();
  });
  const link = new IngestLink(options);
  await Promise.all([link.start(), firstAttempt(publisher)]);

  return {
    address,
    get isConnected() {
      return link.isConnected && publisher.connected;
    },
    async publish(topic, payload, publishOptions) {
      if (!publisher.connected) throw new Error('the MQTT broker cannot be reached now');
      await publisher.publishAsync(topic, Buffer.from(payload), publishOptions);
    },
    async stopIntake() {
      link.stopIntake();
    },
    async close() {
      await Promise.all([link.close(), publisher.endAsync(true)]);
    },
  };
}

function firstAttempt(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('connect', () => resolve());
    client.once('close', () => resolve());
  });
}

/** The URL without user name and password, for people. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !PROTOCOLS.includes(url.protocol)) {
    const expected = `a URL that begins with ${PROTOCOLS.map((protocol) => `${protocol}//`).join(', ')}`;
    throw new LinchpinError('BAD_CONFIG', `MQTT_URL: expected ${expected}`, { at: 'MQTT_URL', expected });
  }
  return `${url.protocol}//${url.host}`;
}
