/**
 * One membership in the consumer group: fetches the partitions that the group gives us, hands the records on, and
 * commits to Kafka what the graph has. It ends with the first failure; whoever opened it opens another.
 *
 * The client's own message stream is not used: it fetches on from old offsets while a rebalance runs, reads whole
 * fetches into memory, and commits the last offset where everybody else commits the next one.
 */
import { type Consumer, ListOffsetTimestamps, type MultipleErrors } from '@platformatic/kafka';
import type { Log } from '../../domain/log.ts';
import type { Timers } from '../../domain/timers.ts';
import type { Counters } from '../counters.ts';
import type { Settle } from '../batch.ts';
import { PartitionProgress } from './partition-progress.ts';
import { type KafkaRecord, offsetBehind, readableRecords } from './readable-records.ts';

export interface KafkaReaderOptions {
  readonly consumer: Consumer;
  readonly topics: readonly string[];
  /** Answers when the next one may be given. */
  readonly take: (record: KafkaRecord, topic: string, partition: number, settle: Settle) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  readonly counters: Counters;
  readonly timers: Timers;
  readonly log: Log;
}

/** Bytes of one answer, of all partitions of a broker; a single larger batch of records comes whole. */
const FETCH_BYTES = 1_048_576;
/** How long a broker waits for something to send. */
const FETCH_WAIT_MS = 500;
/** Commits cost the broker a write each; what is read again after a crash changes nothing. */
const COMMIT_EVERY_MS = 200;

type FetchAnswer = Awaited<ReturnType<Consumer['fetch']>>;
type PartitionAnswer = FetchAnswer['responses'][number]['partitions'][number];

export class KafkaReader {
  readonly #options: KafkaReaderOptions;
  /** By `topic:partition`: those that are ours. */
  #progress = new Map<string, PartitionProgress>();
  /** Grows with each rebalance. */
  #generation = 0;
  /** Brokers that are being asked. */
  readonly #asked = new Set<number>();
  #isStopped = false;
  #hasFailed = false;
  #commits: Promise<void> = Promise.resolve();
  #cancelCommit: (() => void) | null = null;

  constructor(options: KafkaReaderOptions) {
    this.#options = options;
  }

  /** Records that wait in Kafka, of the partitions that are ours. */
  get lag(): number {
    return [...this.#progress.values()].reduce((sum, { lag }) => sum + Number(lag), 0);
  }

  /** Joins the group; answers when it has. */
  async start(): Promise<void> {
    const { consumer, topics, counters } = this.#options;
    consumer.on('error', (error: unknown) => this.#fail(error));
    consumer.on('consumer:group:join', () => {
      counters.kafkaRebalances += 1;
      this.#follow().catch((error: unknown) => this.#fail(error));
    });
    consumer.topics.trackAll(...topics);
    await consumer.joinGroup({});
  }

  /** From here on nothing more is handed on. */
  stopIntake(): void {
    this.#isStopped = true;
  }

  /** Commits what is settled and leaves the group. */
  async close(): Promise<void> {
    this.#isStopped = true;
    this.#cancelCommit?.();
    if (!this.#hasFailed) this.#commit();
    await this.#commits;
    await new Promise<void>((resolve, reject) =>
      this.#options.consumer.close(true, (error) => (error ? reject(error) : resolve())),
    );
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#hasFailed = true;
    this.#options.onFailure(error);
  }

  /** After a rebalance: goes on with the partitions that stay ours, and begins those that are new where the group left them. */
  async #follow(): Promise<void> {
    const generation = ++this.#generation;
    const assigned = (this.#options.consumer.assignments ?? []).flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition, key: `${topic}:${partition}` })),
    );
    const next = new Map<string, PartitionProgress>();
    for (const { key } of assigned) {
      const there = this.#progress.get(key);
      if (there) next.set(key, there);
    }
    const fresh = assigned.filter(({ key }) => !next.has(key));
    this.#progress = next;
    const found = await this.#findPositions(fresh);
    if (generation !== this.#generation) return;
    for (const { topic, partition, key } of fresh) {
      next.set(key, new PartitionProgress(topic, partition, found.get(key) ?? 0n));
    }
    this.#options.log.info({ partitions: next.size, fresh: fresh.length }, 'the Kafka group gave us partitions');
    this.#ask((await this.#oursByLeader()).keys());
  }

  async #findPositions(
    of: readonly { readonly topic: string; readonly partition: number; readonly key: string }[],
  ): Promise<Map<string, bigint>> {
    const { consumer, counters, log } = this.#options;
    const positions = new Map<string, bigint>();
    if (of.length === 0) return positions;
    const partitions: Record<string, number[]> = {};
    for (const { topic, partition } of of) (partitions[topic] ??= []).push(partition);
    const topics = Object.keys(partitions);
    const [earliest, latest, committed] = await Promise.all([
      consumer.listOffsets({ topics, partitions, timestamp: ListOffsetTimestamps.EARLIEST }),
      consumer.listOffsets({ topics, partitions, timestamp: ListOffsetTimestamps.LATEST }),
      consumer.listCommittedOffsets({
        topics: topics.map((topic) => ({ topic, partitions: partitions[topic] ?? [] })),
      }),
    ]);
    for (const { topic, partition, key } of of) {
      const first = earliest.get(topic)?.[partition] ?? 0n;
      const end = latest.get(topic)?.[partition] ?? first;
      const ours = committed.get(topic)?.[partition] ?? -1n;
      positions.set(key, ours < first || ours > end ? first : ours);
      if (ours < 0n || (ours >= first && ours <= end)) continue;
      if (ours < first) counters.kafkaLost += Number(first - ours);
      const fields = { topic, partition, committed: Number(ours), first: Number(first), end: Number(end) };
      log.error(
        fields,
        'Kafka no longer has the records that we had not read: they are lost; its retention is too short',
      );
    }
    return positions;
  }

  /** Sees to it that every broker that leads a partition of ours is asked. */
  #ask(leaders: Iterable<number>): void {
    for (const node of leaders) {
      if (this.#asked.has(node)) continue;
      this.#asked.add(node);
      this.#askOn(node).catch((error: unknown) => this.#fail(error));
    }
  }

  async #askOn(node: number): Promise<void> {
    while (!this.#isStopped) {
      const oursByLeader = await this.#oursByLeader();
      this.#ask(oursByLeader.keys());
      const ours = oursByLeader.get(node);
      if (ours === undefined) {
        await new Promise<void>((resolve) => void this.#options.timers.after(FETCH_WAIT_MS, resolve));
        continue;
      }
      const topics = ours.map(({ progress, topicId }) => ({ topicId, partitions: [toRequest(progress)] }));
      let answer: FetchAnswer;
      try {
        answer = await this.#options.consumer.fetch({
          node,
          topics,
          maxBytes: FETCH_BYTES,
          maxWaitTime: FETCH_WAIT_MS,
          minBytes: 1,
        });
      } catch (error) {
        if (!isOutOfRange(error)) throw error;
        for (const { progress } of ours) this.#progress.delete(keyOf(progress));
        await this.#follow();
        continue;
      }
      for (const { topicId, partitions } of answer.responses) {
        for (const each of partitions) {
          const at = ours.find(
            ({ progress, topicId: id }) => id === topicId && progress.partition === each.partitionIndex,
          );
          if (at) await this.#handOn(at.progress, each);
        }
      }
    }
  }

  async #oursByLeader(): Promise<Map<number, Ours[]>> {
    const { consumer } = this.#options;
    const metadata = await consumer.metadata({ topics: consumer.topics.current });
    const oursByLeader = new Map<number, Ours[]>();
    for (const progress of this.#progress.values()) {
      const topic = metadata.topics.get(progress.topic);
      const leader = topic?.partitions[progress.partition]?.leader;
      if (topic === undefined || leader === undefined || leader < 0) continue;
      const ours = oursByLeader.get(leader) ?? [];
      ours.push({ progress, topicId: topic.id });
      oursByLeader.set(leader, ours);
    }
    return oursByLeader;
  }

  async #handOn(progress: PartitionProgress, answer: PartitionAnswer): Promise<void> {
    const { records: batches = [], abortedTransactions, highWatermark } = answer;
    for (const record of readableRecords(batches, abortedTransactions ?? [], progress.position)) {
      // What is not handed on is read again by whoever has the partition then.
      if (this.#isStopped || this.#progress.get(keyOf(progress)) !== progress) return;
      progress.began();
      await this.#options.take(record, progress.topic, progress.partition, (isStored) => {
        progress.settled(record.offset, isStored);
        this.#commitSoon();
      });
    }
    progress.position = offsetBehind(batches, progress.position);
    progress.lag = highWatermark - progress.position;
  }

  #commitSoon(): void {
    this.#cancelCommit ??= this.#options.timers.after(COMMIT_EVERY_MS, () => {
      this.#cancelCommit = null;
      this.#commit();
    });
  }

  #commit(): void {
    this.#commits = this.#commits.then(() => this.#commitDue());
  }

  async #commitDue(): Promise<void> {
    const { consumer, counters, log } = this.#options;
    const due = [...this.#progress.values()].flatMap((progress) => {
      const offset = progress.committable;
      return offset === null ? [] : [{ progress, offset }];
    });
    if (due.length === 0) return;
    try {
      const offsets = due.map(({ progress: { topic, partition }, offset }) => ({
        topic,
        partition,
        offset,
        leaderEpoch: -1,
      }));
      await consumer.commit({ offsets });
      for (const { progress, offset } of due) progress.committed(offset);
      counters.kafkaCommits += 1;
    } catch (error) {
      // In the middle of a rebalance none is taken. What another member reads again changes nothing.
      log.debug({ error }, 'offsets could not be committed to Kafka; tried again');
      if (!this.#isStopped) this.#commitSoon();
    }
  }
}

interface Ours {
  readonly progress: PartitionProgress;
  readonly topicId: string;
}

const keyOf = ({ topic, partition }: PartitionProgress): string => `${topic}:${partition}`;

function toRequest({ partition, position }: PartitionProgress) {
  return {
    partition,
    fetchOffset: position,
    partitionMaxBytes: FETCH_BYTES,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
  };
}

function isOutOfRange(error: unknown): boolean {
  return (
    error instanceof Error &&
    'findBy' in error &&
    (error as MultipleErrors).findBy('id', 'OFFSET_OUT_OF_RANGE') !== null
  );
}
