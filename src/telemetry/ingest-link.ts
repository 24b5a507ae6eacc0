/**
 * Our persistent session at a broker: messages in, PUBACKs out after the commit, reconnecting until it is closed.
 *
 * Each connection has a client object of its own, so that nothing of an earlier connection (ids, queues,
 * half-parsed packets) can reach a later one. MQTT 5 first, for its window; 3.1.1 where the broker knows only that.
 */
import mqtt, { type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import type { ConnectionOptions } from './broker-connection.ts';
import { takeDirectly } from './direct-delivery.ts';
import { PubackWriter } from './puback-writer.ts';
import type { Reader } from './reading-turn.ts';
import { takeLeave } from './take-leave.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface IngestLinkOptions extends Omit<ConnectionOptions, 'onConnected'> {
  readonly url: string;
  readonly clientId: string;
  /** Topic filters to subscribe to. */
  readonly filters: readonly string[];
  /** Of these, the ones whose retained messages are to come at the first connection, though the session is an old one. */
  readonly retainedFilters?: readonly string[];
  /** The broker should have our session: another server was connected under its name. */
  readonly hasSession: boolean;
  /** Asked before connecting again: false while another server may be connected under our name. */
  readonly mayConnect: () => boolean;
}

const KEEPALIVE_S = 60;
/** How long a broker keeps our session while we are away. */
const SESSION_EXPIRY_S = 7 * 24 * 3600;
/** A connection that lasted this long was a good one: the next wait begins small again. */
const STABLE_MS = 10_000;
/** CONNACK: unsupported protocol version, in MQTT 3.1.1 (3.2.2.3) and in 5 (3.2.2.2). */
const UNSUPPORTED_VERSION: readonly unknown[] = [1, 0x84];
/** Why a connection ended that ended without a word. */
const SILENCE = 'closed';
/** DISCONNECT: another connection has taken the session over (MQTT 5, 3.14.2.1). */
const SESSION_TAKEN_OVER = 0x8e;

/** What messages of one connection need of it. */
interface Connection {
  readonly client: MqttClient;
  /** Nothing is read until there is room. */
  isWaiting: boolean;
  acknowledge: (messageId: number) => void;
}

export class IngestLink {
  readonly #options: IngestLinkOptions;
  #version: 4 | 5 = 5;
  /** The broker said that it does not know MQTT 5. */
  #isVersion5Refused = false;
  #client: MqttClient | null = null;
  #isConnected = false;
  #isTaking = true;
  #isClosed = false;
  /** Attempts since the last good connection. */
  #attempts = 0;
  #hadSession: boolean;
  #isFirstConnection = true;
  #cancelReconnect: (() => void) | null = null;

  constructor(options: IngestLinkOptions) {
    this.#options = options;
    this.#hadSession = options.hasSession;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Answers when the first attempt has ended, either way. */
  start(): Promise<void> {
    return new Promise((resolve) => this.#connect(resolve));
  }

  /** From here on messages stay with the broker. */
  stopIntake(): void {
    this.#isTaking = false;
  }

  async close(): Promise<void> {
    this.#isTaking = false;
    this.#isClosed = true;
    this.#cancelReconnect?.();
    if (this.#client !== null) await takeLeave(this.#client, this.#options.timers);
  }

  #connect(attempted: () => void): void {
    const client = mqtt.connect(this.#options.url, {
      protocolVersion: this.#version,
      clientId: this.#options.clientId,
      clean: false,
      keepalive: KEEPALIVE_S,
      connectTimeout: 10_000,
      reconnectPeriod: 0,
      manualConnect: true,
      properties: {
        sessionExpiryInterval: SESSION_EXPIRY_S,
        receiveMaximum: TELEMETRY_LIMITS.windowMessages,
        maximumPacketSize: TELEMETRY_LIMITS.packetBytes,
      },
    });
    this.#client = client;
    let reason: unknown = SILENCE;
    let code: unknown;
    let cancelStable = (): void => {};

    client.on('connect', (connack) => {
      cancelStable = this.#options.timers.after(STABLE_MS, () => {
        this.#attempts = 0;
      });
      void this.#onConnect(client, connack).finally(attempted);
    });
    client.on('error', (error) => {
      reason = error.message;
      code = (error as { code?: unknown }).code;
    });
    client.on('disconnect', (packet) => {
      code = packet.reasonCode;
    });
    client.on('close', () => {
      if (client !== this.#client) return;
      this.#client = null;
      cancelStable();
      this.#onClose(reason, code, attempted);
    });
    // Messages of a session that is there already may come before the connect event.
    const connection: Connection = { client, isWaiting: false, acknowledge: () => undefined };
    takeDirectly(client, (packet, reader) => this.#take(connection, packet, reader));
    client.connect();
    const acknowledgements = new PubackWriter(client.stream);
    connection.acknowledge = (messageId) => acknowledgements.add(messageId);
    client.stream.once('close', () => acknowledgements.close());
  }

  #take(connection: Connection, packet: IPublishPacket, reader: Reader): void {
    const { pipeline } = this.#options;
    const { client } = connection;
    // Packets of an ended connection may still be in its parser; the broker delivers them again.
    if (!this.#isTaking || client !== this.#client) return;
    const { topic, payload, qos, messageId } = packet;
    const delivery = {
      topic,
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      isRedelivery: packet.dup,
      isReplay: packet.retain,
    };
    pipeline.take(delivery, (isStored) => {
      if (isStored && qos > 0 && messageId !== undefined) connection.acknowledge(messageId);
    });
    if (!pipeline.isFull || connection.isWaiting) return;
    // A broker that keeps to the window never gets here. What is parsed already is still taken.
    connection.isWaiting = true;
    reader.pause();
    const stopPinging = this.#pingWhileWaiting(client);
    pipeline.whenRoom(() => {
      stopPinging();
      connection.isWaiting = false;
      reader.resume();
    });
  }

  /** While nothing is read no answer to a ping is seen either; the connection is kept all the same. */
  #pingWhileWaiting(client: MqttClient): () => void {
    const { timers } = this.#options;
    let cancel = (): void => {};
    const wait = (): void => {
      cancel = timers.after((KEEPALIVE_S * 1000) / 3, () => {
        if (client !== this.#client) return;
        client.sendPing();
        client.reschedulePing(true);
        wait();
      });
    };
    wait();
    return () => cancel();
  }

  async #onConnect(client: MqttClient, { sessionPresent }: IConnackPacket): Promise<void> {
    const { log, counters, filters, retainedFilters = [], clientId } = this.#options;
    const fields = { clientId, mqtt: this.#version === 5 ? '5' : '3.1.1', sessionPresent };
    if (!sessionPresent && this.#hadSession) {
      counters.sessionsLost += 1;
      log.warn(fields, 'the MQTT broker lost our session: messages that came while we were away may be lost');
    }
    try {
      // A session of an earlier process may have been subscribed to something else.
      if (!sessionPresent || !this.#hadSession) {
        await client.subscribeAsync([...filters], { qos: 1, ...(this.#version === 5 && { rh: 1 }) });
      }
      if (sessionPresent && this.#isFirstConnection && retainedFilters.length > 0) {
        await client.subscribeAsync([...retainedFilters], { qos: 1 });
      }
    } catch (error) {
      if (client !== this.#client) return;
      log.error({ error, filters }, 'the MQTT broker refused a subscription');
      client.end(true);
      return;
    }
    if (client !== this.#client) return;
    this.#hadSession = true;
    this.#isFirstConnection = false;
    this.#isConnected = true;
    log.info(fields, 'connected to the MQTT broker');
  }

  #onClose(reason: unknown, code: unknown, attempted: () => void): void {
    const { log, counters, clientId } = this.#options;
    const wasConnected = this.#isConnected;
    this.#isConnected = false;
    if (this.#isClosed) return attempted();
    counters.disconnected += 1;
    const isOtherVersion = this.#chooseVersion(code, !wasConnected && reason === SILENCE);
    if (isOtherVersion && this.#attempts === 0) {
      this.#attempts += 1;
      log.info({ reason }, 'the MQTT broker does not take this version of MQTT; trying the other one');
      return this.#connect(attempted);
    }
    attempted();
    const waitMs = Math.min(
      TELEMETRY_LIMITS.reconnectMs * 2 ** Math.min(this.#attempts, 16),
      TELEMETRY_LIMITS.longestReconnectMs,
    );
    this.#attempts += 1;
    const why = code === SESSION_TAKEN_OVER ? 'another connection took our MQTT session over' : reason;
    log.warn({ reason: why, clientId, waitMs }, 'no connection to the MQTT broker; trying again');
    this.#reconnectAfter(waitMs);
  }

  #reconnectAfter(waitMs: number): void {
    const { timers, mayConnect } = this.#options;
    this.#cancelReconnect = timers.after(waitMs, () => {
      if (mayConnect()) this.#connect(() => {});
      else this.#reconnectAfter(TELEMETRY_LIMITS.reconnectMs);
    });
  }

  /** Old brokers refuse MQTT 5 or hang up on it. Answers whether the next attempt uses another version. */
  #chooseVersion(code: unknown, isHungUp: boolean): boolean {
    const before = this.#version;
    if (UNSUPPORTED_VERSION.includes(code)) this.#isVersion5Refused = true;
    if (this.#isVersion5Refused) this.#version = 4;
    else this.#version = isHungUp && before === 5 ? 4 : 5;
    return this.#version !== before;
  }
}
