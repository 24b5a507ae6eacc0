/**
 * A broker that is reached over the network. Two connections: the session that takes telemetry in, and a clean one
 * for what goes out, so that neither holds the other up; and a third one that settles whose turn it is to have them.
 */
import mqtt, { type MqttClient } from 'mqtt';
import { LinchpinError } from '../domain/errors.ts';
import type { Clock } from '../domain/timers.ts';
import type { BrokerConnection, ConnectionOptions } from './broker-connection.ts';
import { BrokerDrops, DROPS_TOPIC } from './broker-drops.ts';
import { IngestLink } from './ingest-link.ts';
import { IngestTurn } from './ingest-turn.ts';
import { takeLeave } from './take-leave.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface RemoteBrokerOptions extends ConnectionOptions {
  readonly url: string;
  /** Of the session that telemetry comes in by; servers that share it take turns. */
  readonly clientId: string;
  readonly filters: readonly string[];
  /** Of these, the ones whose retained messages are to come at each start, though the session has been there before. */
  readonly retainedFilters?: readonly string[];
  /** First levels of the topics that those servers meet under. */
  readonly turnTopic: string;
  readonly clock: Clock;
}

/** The connections of the server whose turn it is. */
interface Session {
  readonly publisher: MqttClient;
  readonly link: IngestLink;
  /** When both have tried to connect. */
  readonly attempted: Promise<unknown>;
}

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/**
 * Answers when the first attempt to connect has ended, either way; it goes on trying by itself. While another server
 * has the turn, this one stands by.
 * @throws LinchpinError BAD_CONFIG when the URL is not one of a broker
 */
export async function openRemoteBroker(options: RemoteBrokerOptions): Promise<BrokerConnection> {
  const address = addressOf(options.url);
  const { log } = options;
  log.info(
    { address, clientId: options.clientId, window: TELEMETRY_LIMITS.windowMessages },
    'while we are away the MQTT broker queues for us up to a limit of its own, then drops silently; docs/MQTT.md tells the setting',
  );
  const drops = new BrokerDrops(options.counters, log);
  let session: Session | null = null;
  const closing = new Set<Promise<unknown>>();
  const closeSession = (): void => {
    if (session === null) return;
    const { link, publisher } = session;
    session = null;
    const closed = Promise.all([link.close(), takeLeave(publisher, options.timers)]).finally(() =>
      closing.delete(closed),
    );
    closing.add(closed);
  };
  const turn: IngestTurn = new IngestTurn({
    ...options,
    topic: options.turnTopic,
    onTurn(isOurs, isTakeover) {
      if (!isOurs) closeSession();
      else session = openSession(options, turn, isTakeover, drops);
    },
  });
  await turn.start();
  await (session as Session | null)?.attempted;

  return {
    address,
    get isConnected() {
      if (session === null) return turn.isStandingBy;
      return session.link.isConnected && session.publisher.connected;
    },
    get isStandingBy() {
      return turn.isStandingBy;
    },
    async publish(topic, payload, publishOptions) {
      if (turn.isStandingBy) throw new Error('another server publishes to the MQTT broker');
      if (!session?.publisher.connected) throw new Error('the MQTT broker cannot be reached now');
      await session.publisher.publishAsync(topic, Buffer.from(payload), publishOptions);
    },
    async stopIntake() {
      session?.link.stopIntake();
    },
    async close() {
      closeSession();
      await Promise.all(closing);
      await turn.stop();
    },
  };
}

function openSession(options: RemoteBrokerOptions, turn: IngestTurn, isTakeover: boolean, drops: BrokerDrops): Session {
  const publisher = openPublisher(options);
  publisher.on('connect', () => {
    publisher.subscribe(
      DROPS_TOPIC,
      (error) => error && options.log.debug({ error }, 'the broker does not tell its drops'),
    );
  });
  publisher.once('connect', () => readKept(publisher, options));
  publisher.on('message', (topic, payload, { retain }) => {
    if (topic === DROPS_TOPIC) drops.hear(payload);
    else if (retain) options.kept.onMessage(topic, payload);
  });
  const link = new IngestLink({ ...options, hasSession: isTakeover, mayConnect: () => turn.isSurelyOurs });
  return { publisher, link, attempted: Promise.all([link.start(), firstAttempt(publisher)]) };
}

/** The broker hands over what it keeps behind the subscription; what is published later is our own. */
function readKept(publisher: MqttClient, { kept, log }: RemoteBrokerOptions): void {
  const filters = [...kept.filters];
  publisher.subscribe(filters, { qos: 0 }, (error) => {
    if (error) log.debug({ error }, 'the desired values that the broker keeps cannot be compared');
    else publisher.unsubscribe(filters);
  });
}

function openPublisher({ url, will, log, onConnected, onDisconnected }: RemoteBrokerOptions): MqttClient {
  const publisher = mqtt.connect(url, {
    protocolVersion: 4,
    reconnectPeriod: 2_000,
    reconnectOnConnackError: true,
    queueQoSZero: false,
    manualConnect: true,
  });
  // Each connection has a will of its own: it may tell when that connection began.
  const setWill = (): void => {
    const own = will();
    if (own !== undefined) publisher.options.will = { ...own, payload: Buffer.from(own.payload) };
  };
  setWill();
  publisher.connect();
  publisher.on('reconnect', setWill);
  let wasConnected = false;
  publisher.on('close', () => {
    if (wasConnected) onDisconnected();
    wasConnected = false;
  });
  publisher.on('error', (error) => log.debug({ reason: error.message }, 'the MQTT connection for publishing failed'));
  publisher.on('connect', () => {
    wasConnected = true;
    onConnected();
  });
  return publisher;
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
