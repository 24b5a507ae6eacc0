/**
 * Kafka as a second way in: opens a membership in the consumer group, and another one when it fails or when topics come
 * or go. Records are read as MQTT messages, so the same dialects decode them, in the same pipeline.
 */
import { Admin, type BaseOptions, Consumer } from '@platformatic/kafka';
import type { Log } from '../../domain/log.ts';
import type { Timers } from '../../domain/timers.ts';
import type { Settle } from '../batch.ts';
import type { Counters } from '../counters.ts';
import type { IngestPipeline } from '../ingest-pipeline.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import type { KafkaAddress } from './kafka-address.ts';
import { KafkaReader } from './kafka-reader.ts';
import { type KafkaRoute, mqttTopicOf, routeOf } from './kafka-routes.ts';
import type { KafkaRecord } from './readable-records.ts';
import { reasonOf } from './reason-of.ts';

export interface KafkaLinkOptions {
  readonly address: KafkaAddress;
  readonly routes: readonly KafkaRoute[];
  readonly group: string;
  readonly pipeline: IngestPipeline;
  readonly counters: Counters;
  readonly timers: Timers;
  readonly log: Log;
}

/** How often topics are looked for. */
const TOPICS_EVERY_MS = 15_000;
/** A member that says nothing for so long has its partitions taken away. */
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_000;
/** A rebalance waits for silent members, so an answer to joining may take longer than their session. */
const ANSWER_MS = 20_000;

export class KafkaLink {
  readonly #options: KafkaLinkOptions;
  #reader: KafkaReader | null = null;
  #topics: readonly string[] = [];
  #isConnected = false;
  #isStopped = false;
  /** Attempts since the last good one. */
  #attempts = 0;
  #cancelNext: (() => void) | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: KafkaLinkOptions) {
    this.#options = options;
  }

  /** Whether the group has us, or there is no topic to read yet. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Records that wait in Kafka, of the partitions that are ours. */
  get lag(): number {
    return this.#reader?.lag ?? 0;
  }

  /** Answers when the first attempt has ended, either way. */
  async start(): Promise<void> {
    this.#work = this.#look();
    await this.#work;
  }

  /** From here on records stay with Kafka. */
  stopIntake(): void {
    this.#isStopped = true;
    this.#cancelNext?.();
    this.#reader?.stopIntake();
  }

  /** After `stopIntake`, when everything is settled. A Kafka that does not answer is not waited for long. */
  async close(): Promise<void> {
    this.#isConnected = false;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.timers.after(TELEMETRY_LIMITS.stopMs, resolve);
      void this.#work
        .then(() => this.#closeReader())
        .finally(() => {
          cancel();
          resolve();
        });
    });
  }

  /** Sees to it that the topics that there are now are read, and comes back for the next look. */
  async #look(): Promise<void> {
    const { log } = this.#options;
    let waitMs = TOPICS_EVERY_MS;
    try {
      const topics = await this.#findTopics();
      const isOther = topics.join() !== this.#topics.join();
      if (isOther || (this.#reader === null && topics.length > 0)) await this.#open(topics);
      this.#isConnected = true;
      this.#attempts = 0;
    } catch (error) {
      this.#isConnected = false;
      waitMs = Math.min(
        TELEMETRY_LIMITS.reconnectMs * 2 ** Math.min(this.#attempts, 16),
        TELEMETRY_LIMITS.longestRetryMs,
      );
      this.#attempts += 1;
      log.warn({ reason: reasonOf(error), waitMs }, 'no connection to Kafka; trying again');
      await this.#closeReader();
    }
    this.#lookAfter(waitMs);
  }

  #lookAfter(waitMs: number): void {
    if (this.#isStopped) return;
    this.#cancelNext?.();
    this.#cancelNext = this.#options.timers.after(waitMs, () => {
      this.#work = this.#work.then(() => this.#look());
    });
  }

  async #findTopics(): Promise<readonly string[]> {
    const admin = new Admin(this.#clientOptions());
    try {
      const topics = await admin.listTopics();
      return topics.filter((topic) => routeOf(this.#options.routes, topic)).toSorted();
    } finally {
      await admin.close().catch(() => undefined);
    }
  }

  async #open(topics: readonly string[]): Promise<void> {
    const { counters, timers, log, group } = this.#options;
    await this.#closeReader();
    this.#topics = topics;
    if (this.#isStopped) return;
    if (topics.length === 0) {
      log.warn(
        { patterns: this.#options.routes.map(({ pattern }) => pattern) },
        'Kafka has no topic that matches KAFKA_TOPICS',
      );
      return;
    }
    const consumer = new Consumer({
      ...this.#clientOptions(),
      groupId: group,
      autocommit: false,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
    });
    const reader: KafkaReader = new KafkaReader({
      consumer,
      topics,
      counters,
      timers,
      log,
      take: (record, topic, partition, settle) => this.#take(record, topic, partition, settle),
      onFailure: (error) => this.#reopen(reader, error),
    });
    this.#reader = reader;
    await reader.start();
    log.info({ group, topics }, 'joined the Kafka group');
  }

  #reopen(reader: KafkaReader, error: unknown): void {
    if (this.#isStopped || this.#reader !== reader) return;
    this.#isConnected = false;
    this.#options.counters.disconnected += 1;
    this.#options.log.warn({ reason: reasonOf(error) }, 'the connection to Kafka failed; opening another');
    this.#work = this.#work.then(() => this.#closeReader());
    this.#lookAfter(TELEMETRY_LIMITS.reconnectMs);
  }

  async #closeReader(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    if (reader === null) return;
    await reader.close().catch((error: unknown) => {
      this.#options.log.debug({ reason: reasonOf(error) }, 'the Kafka group was left without a word');
    });
  }

  #take({ offset, key, value, sentAt }: KafkaRecord, topic: string, partition: number, settle: Settle): Promise<void> {
    const { pipeline, routes } = this.#options;
    const route = routeOf(routes, topic);
    // Without a value a record says that its key was deleted from the log, not from the plant.
    const mqttTopic = route && value.length > 0 ? mqttTopicOf(route, textOf(key)) : '';
    const origin = `kafka:${topic}/${partition}@${offset}`;
    const sent = { origin, order: Number(offset), ...(sentAt !== undefined && { at: sentAt }) };
    const fault = mqttTopic === null ? { fault: 'the record has no key, and KAFKA_TOPICS names the twin by it' } : {};
    const delivery = { topic: mqttTopic ?? topic, payload: value, isRedelivery: false, isReplay: false };
    pipeline.take({ ...delivery, sent, ...fault }, settle);
    return new Promise((resolve) => pipeline.whenRoom(resolve));
  }

  #clientOptions(): Omit<BaseOptions, 'bootstrapBrokers'> & { bootstrapBrokers: string[] } {
    const { brokers, isEncrypted, credentials } = this.#options.address;
    return {
      clientId: 'linchpin',
      bootstrapBrokers: [...brokers],
      timeout: ANSWER_MS,
      retries: 1,
      ...(isEncrypted && { tls: {} }),
      ...(credentials && { sasl: credentials }),
    };
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8');
}
