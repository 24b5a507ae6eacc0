/**
 * Whose turn it is to take telemetry in, among servers that share a session: exactly one is to be connected under its
 * client id, or they would throw each other out for ever.
 *
 * Each server says that it lives, retained, under a topic of its own, and its last will takes that back. All see the
 * same row of the living; the first of it has the turn, and whoever (re)connects goes to its end. So a server that
 * lost its turn does not come back while another lives. MQTT 3.1.1 is enough for it.
 */
import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import type { Log } from '../domain/log.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { LivingServers } from './living-servers.ts';
import { takeLeave } from './take-leave.ts';

export interface IngestTurnOptions {
  readonly url: string;
  /** First levels of the topics that the servers of one session meet under. */
  readonly topic: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Called when the turn comes, and when it goes. `isTakeover`: another server had it before. */
  readonly onTurn: (isOurs: boolean, isTakeover: boolean) => void;
}

/** The broker finds a machine dead after one and a half of these. */
const KEEPALIVE_S = 10;
/** A broker that does not answer for so long cannot be reached. */
const CONNECT_MS = 10_000;
const SAY_EVERY_MS = 10_000;
/** Silence for so long is death: three times unheard. */
const SILENT_MS = 30_000;
/** A broker that lets us say or hear nothing under the topic: we act as if we were alone. */
const ALONE_AFTER_MS = 5_000;

export class IngestTurn {
  readonly #options: IngestTurnOptions;
  readonly #server = randomUUID();
  readonly #living = new LivingServers();
  #client: MqttClient | null = null;
  #place = 0;
  /** What others said is known. */
  #isSeeing = false;
  #isOurs = false;
  #hasDecided = false;
  /** It was said that the broker cannot be reached. */
  #isTold = false;
  #cancelNext: (() => void) | null = null;
  #decided: () => void = () => {};

  constructor(options: IngestTurnOptions) {
    this.#options = options;
  }

  /** Ours, and nobody else can have it: without a connection that is not known. */
  get isSurelyOurs(): boolean {
    return this.#isOurs && this.#isConnected;
  }

  /** Another server has it. */
  get isStandingBy(): boolean {
    return this.#hasDecided && !this.#isOurs && this.#isConnected;
  }

  get #isConnected(): boolean {
    return this.#client?.connected ?? false;
  }

  /** Answers when it is known whose turn it is, or when the first attempt to connect has failed. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#decided = resolve;
      const client = mqtt.connect(this.#options.url, {
        protocolVersion: 4,
        keepalive: KEEPALIVE_S,
        connectTimeout: CONNECT_MS,
        reconnectPeriod: 1_000,
        reconnectOnConnackError: true,
        queueQoSZero: false,
        will: { topic: this.#ownTopic, payload: Buffer.alloc(0), qos: 1, retain: true },
      });
      this.#client = client;
      client.on('connect', () => void this.#look(client));
      client.on('message', (topic, payload) => this.#hear(topic.slice(this.#options.topic.length + 1), payload));
      let reason: string | undefined;
      client.on('error', (error) => {
        reason = reasonOf(error);
      });
      client.on('close', () => {
        if (client === this.#client) this.#tellFailure(reason ?? reasonOf(client.stream.errored));
        reason = undefined;
        this.#isSeeing = false;
        this.#cancelNext?.();
        resolve();
      });
    });
  }

  /** Once, until it is known whose turn it is: from then on the session tells of its own connection. */
  #tellFailure(reason: string): void {
    const { log, url } = this.#options;
    const fields = { broker: new URL(url).host, reason };
    if (this.#hasDecided || this.#isTold) log.debug(fields, 'the MQTT connection failed');
    else log.warn(fields, 'the MQTT broker cannot be reached; trying again until it can');
    this.#isTold = true;
  }

  /** Gives the turn to the next one. */
  async stop(): Promise<void> {
    this.#cancelNext?.();
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    if (client.connected) client.publish(this.#ownTopic, '', { retain: true });
    await takeLeave(client, this.#options.timers);
  }

  get #ownTopic(): string {
    return `${this.#options.topic}/${this.#server}`;
  }

  async #look(client: MqttClient): Promise<void> {
    this.#living.clear();
    this.#isSeeing = false;
    this.#cancelNext?.();
    this.#cancelNext = this.#options.timers.after(ALONE_AFTER_MS, () => this.#actAlone());
    try {
      await client.subscribeAsync(`${this.#options.topic}/+`, { qos: 1 });
      // What comes back of this comes behind all that the broker had retained.
      await client.publishAsync(this.#ownTopic, '', { qos: 1 });
    } catch (error) {
      this.#options.log.debug({ error }, 'the servers of this session cannot be seen yet');
    }
  }

  #hear(server: string, payload: Buffer): void {
    const now = this.#options.clock();
    if (server === this.#server && payload.length === 0) {
      if (!this.#isSeeing) this.#takePlace(now);
      // Else it is the last will of an earlier connection of ours.
      this.#say();
      return;
    }
    const place = Number(payload.toString());
    if (payload.length === 0 || !Number.isSafeInteger(place)) this.#living.gone(server);
    else this.#living.heard(server, place, now);
    if (this.#isSeeing) this.#decide();
  }

  /** All that the broker had retained is known: behind the others, if there are any. */
  #takePlace(now: number): void {
    this.#isSeeing = true;
    const last = this.#living.lastPlaceBeside(this.#server);
    if (this.#place === 0 || last > 0) this.#place = Math.max(last + 1, now);
  }

  /** Tells the others that this server lives, now and again. */
  #say(): void {
    this.#cancelNext?.();
    this.#cancelNext = this.#options.timers.after(SAY_EVERY_MS, () => {
      this.#living.forgetBefore(this.#options.clock() - SILENT_MS);
      this.#say();
      this.#decide();
    });
    this.#client?.publish(this.#ownTopic, `${this.#place}`, { qos: 1, retain: true });
  }

  #decide(): void {
    const first = this.#living.first();
    if (first === null || this.#client === null) return;
    this.#set(first === this.#server);
    this.#decided();
  }

  #set(isOurs: boolean): void {
    if (isOurs === this.#isOurs && this.#hasDecided) return;
    const isTakeover = this.#hasDecided;
    this.#hasDecided = true;
    this.#isOurs = isOurs;
    const fields = { server: this.#server };
    if (isOurs) this.#options.log.info(fields, 'it is the turn of this server to take telemetry in');
    else this.#options.log.info(fields, 'another server takes telemetry in; this one stands by');
    this.#options.onTurn(isOurs, isTakeover);
  }

  #actAlone(): void {
    if (this.#isSeeing || this.#hasDecided) return;
    this.#options.log.warn(
      { topic: `${this.#options.topic}/+` },
      'the MQTT broker does not let us publish and subscribe here: no other server with this client id may run',
    );
    this.#set(true);
    this.#decided();
  }
}

/** Where several addresses were tried, only the code tells why. */
function reasonOf(error: Error | null | undefined): string {
  if (error == null) return 'the connection was closed before the broker had answered';
  if (error.message === 'connack timeout') return `no answer within ${CONNECT_MS / 1_000} s`;
  return error.message || String((error as { code?: unknown }).code);
}
