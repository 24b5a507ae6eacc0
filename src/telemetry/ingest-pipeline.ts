/**
 * From a message to its commit: decode, coalesce, commit in batches, settle in order of arrival.
 *
 * Commits are in order; while one runs the next batch fills. A batch is due when it is large enough, or
 * when the flush interval has passed since the last commit began: a message that comes alone is committed at once,
 * many are committed together. A batch that is full meanwhile is handed on behind the one that runs, so that the graph
 * need not wait for us between the two. Every message is settled, whatever becomes of it.
 */
import type { Reading } from '../domain/telemetry.ts';
import type { Clock } from '../domain/timers.ts';
import { Batch, type Settle } from './batch.ts';
import { type CommitOptions, commitBatch } from './commit-batch.ts';
import type { Decoded, Decoder } from './decoder.ts';
import type { Message, Sent } from './dialects/dialect.ts';
import { restrictDecoded } from './restrict-decoded.ts';
import { TELEMETRY_LIMITS } from './telemetry-limits.ts';

export interface PipelineOptions extends Omit<CommitOptions, 'signal'> {
  readonly dialect: Decoder;
  readonly clock: Clock;
}

/** A message as a broker connection hands it over. */
export interface Delivery {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker says that it delivered this before. */
  readonly isRedelivery: boolean;
  readonly isReplay: boolean;
  /** Whether its sender may tell of a twin; absent: of all. */
  readonly mayTell?: ((twin: string) => boolean) | undefined;
  /** As in Message. */
  readonly sent?: Sent;
  /** Hears why nothing of it can be taken; it is a dead letter all the same. */
  readonly onRefused?: (reason: string) => void;
  /** Why it cannot be decoded at all. */
  readonly fault?: string;
}

export class IngestPipeline {
  readonly #options: PipelineOptions;
  readonly #stopped = new AbortController();
  /** The last one is open; those before it are closed and wait for their commit. */
  #batches: Batch[] = [];
  /** When the last commit began. */
  #lastCommitAt = Number.NEGATIVE_INFINITY;
  /** What waits is to be committed, however little. */
  #isFlushDue = false;
  #cancelFlush: (() => void) | null = null;
  /** In order; one, or two that may overlap. */
  #underWay: { readonly batch: Batch; readonly done: Promise<void> }[] = [];
  #pendingMessages = 0;
  #pendingBytes = 0;
  #lastReceivedAt = 0;
  #arrival = 0;
  #waitingForRoom: (() => void)[] = [];
  #isFlushing = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  accepts(topic: string): boolean {
    return this.#options.dialect.accepts(topic);
  }

  /** Messages not settled yet. */
  get pendingMessages(): number {
    return this.#pendingMessages;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** A connection that takes more while this is true lets memory grow. */
  get isFull(): boolean {
    return (
      this.#pendingMessages >= TELEMETRY_LIMITS.windowMessages || this.#pendingBytes >= TELEMETRY_LIMITS.windowBytes
    );
  }

  /** Runs once when the pipeline is no longer full. */
  whenRoom(run: () => void): void {
    if (this.isFull) this.#waitingForRoom.push(run);
    else run();
  }

  /** Takes a message, whether there is room or not; `settle` is called when it is stored or set aside. */
  take(delivery: Delivery, settle: Settle): void {
    if (this.#stopped.signal.aborted) {
      settle(false);
      return;
    }
    const { counters } = this.#options;
    counters.received += 1;
    if (delivery.isRedelivery) counters.redelivered += 1;
    const message = this.#stamp(delivery);
    if (delivery.fault === undefined) this.#decode(message, delivery);
    else this.#options.deadLetters.add(message, delivery.fault);
    const { byteLength } = delivery.payload;
    this.#pendingMessages += 1;
    this.#pendingBytes += byteLength;
    // With the last of its readings: a batch that these filled takes it still.
    (this.#batches.at(-1) ?? this.#open()).addMessage(settle, byteLength);
    this.#schedule();
  }

  /** Takes what is told without a message: by a timer, or by a connection that came or went. */
  inject(decoded: Decoded, message: Message): void {
    if (this.#stopped.signal.aborted) return;
    this.#add(decoded, message);
    this.#schedule();
  }

  /** Commits what is here, once; what the graph does not take now is given up, and settled as not stored. */
  async stop(): Promise<void> {
    this.#isFlushing = true;
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    this.#schedule();
    // A graph that cannot be reached must not hold up the stop: the broker, or the device, has the messages still.
    const cancel = this.#options.timers.after(TELEMETRY_LIMITS.stopMs, () => this.#stopped.abort());
    for (let [first] = this.#underWay; first; [first] = this.#underWay) await first.done;
    cancel();
    this.#stopped.abort();
    for (const batch of this.#batches) this.#settle(batch, false);
    this.#batches = [];
  }

  #stamp({ topic, payload, isReplay, sent }: Delivery): Message {
    const receivedAt = Math.max(this.#options.clock(), this.#lastReceivedAt);
    this.#arrival = receivedAt === this.#lastReceivedAt ? this.#arrival + 1 : 0;
    this.#lastReceivedAt = receivedAt;
    const message = { topic, payload, receivedAt, arrival: this.#arrival, isReplay };
    return sent === undefined ? message : { ...message, sent };
  }

  #decode(message: Message, { mayTell, onRefused }: Delivery): void {
    const { dialect, counters } = this.#options;
    if (!dialect.accepts(message.topic)) {
      counters.ignored += 1;
      return;
    }
    const given = dialect.decode(message, mayTell);
    const decoded = mayTell ? restrictDecoded(given, mayTell) : given;
    if (decoded.kind === 'refused') onRefused?.(decoded.reason);
    this.#add(decoded, message);
  }

  #add(decoded: Decoded, message: Message): void {
    const { counters, deadLetters } = this.#options;
    switch (decoded.kind) {
      case 'refused':
        deadLetters.add(message, decoded.reason);
        return;
      case 'empty':
        return;
      case 'connectivity':
        counters.decoded += 1;
        this.#open().addReport(decoded.report, message);
        return;
      case 'telemetry':
        counters.decoded += 1;
        counters.readings += decoded.readings.length;
        for (const reading of decoded.readings) this.#addReading(reading, message);
        for (const { property, reason } of decoded.refusals) deadLetters.add(message, reason, property);
        return;
      case 'told':
        counters.decoded += 1;
        counters.readings += decoded.readings.length;
        for (const reading of decoded.readings) this.#addReading(reading, message);
        for (const removal of decoded.removals) this.#open().addRemoval(removal, message);
        for (const change of decoded.desired) this.#open().addDesired(change, message);
        for (const report of decoded.reports) this.#open().addReport(report, message);
        for (const { property, reason } of decoded.refusals) deadLetters.add(message, reason, property || undefined);
    }
  }

  #addReading(reading: Reading, message: Message): void {
    let batch = this.#open();
    if (!batch.takes(reading)) this.#batches.push((batch = new Batch()));
    if (batch.add({ reading, message })) this.#options.counters.coalesced += 1;
  }

  /** The batch that fills. */
  #open(): Batch {
    let batch = this.#batches.at(-1);
    if (batch === undefined || batch.size >= TELEMETRY_LIMITS.batchReadings) {
      this.#batches.push((batch = new Batch()));
    }
    return batch;
  }

  #schedule(): void {
    while (this.#mayBegin()) {
      this.#cancelFlush?.();
      this.#cancelFlush = null;
      this.#isFlushDue = false;
      const batch = this.#batches.shift() as Batch;
      const before = this.#underWay.at(-1)?.done ?? Promise.resolve();
      this.#underWay.push({ batch, done: this.#commit(batch, before) });
    }
    if (this.#underWay.length > 0 || this.#batches.length === 0 || this.#cancelFlush !== null) return;
    this.#cancelFlush = this.#options.timers.after(this.#restMs(), () => {
      this.#cancelFlush = null;
      this.#isFlushDue = true;
      this.#schedule();
    });
  }

  #mayBegin(): boolean {
    const [running, ...more] = this.#underWay;
    if (running === undefined) return this.#isDue();
    const [next] = this.#batches;
    const isFull = next !== undefined && next.size >= TELEMETRY_LIMITS.batchReadings;
    return isFull && more.length === 0 && running.batch.isPlain && next.isPlain;
  }

  /** Until the next commit may begin. Messages that came in one piece are still being taken: never at once. */
  #restMs(): number {
    const sinceMs = this.#options.clock() - this.#lastCommitAt;
    return sinceMs >= 0 && sinceMs < TELEMETRY_LIMITS.flushIntervalMs ? TELEMETRY_LIMITS.flushIntervalMs - sinceMs : 0;
  }

  #isDue(): boolean {
    const [next] = this.#batches;
    if (next === undefined) return false;
    const isLarge = this.#batches.length > 1 || next.size >= TELEMETRY_LIMITS.readyReadings;
    return this.#isFlushing || isLarge || this.#isFlushDue;
  }

  async #commit(batch: Batch, before: Promise<void>): Promise<void> {
    this.#lastCommitAt = this.#options.clock();
    let isStored = true;
    try {
      await commitBatch(batch, before, { ...this.#options, signal: this.#stopped.signal });
    } catch (error) {
      // Only stopping ends a commit; anything else is a fault of ours and must not take the intake down.
      isStored = false;
      if (!this.#stopped.signal.aborted) this.#options.log.error({ error }, 'a batch of telemetry was given up');
    }
    await before;
    this.#underWay.shift();
    // What came meanwhile has waited long enough when the commit took long.
    this.#isFlushDue = this.#batches.length > 0 && this.#restMs() === 0;
    // The next commit first: the graph need not wait until all senders are told.
    this.#schedule();
    this.#settle(batch, isStored);
  }

  #settle(batch: Batch, isStored: boolean): void {
    this.#pendingMessages -= batch.messages;
    this.#pendingBytes -= batch.bytes;
    if (isStored) this.#options.counters.acknowledged += batch.messages;
    batch.settle(isStored);
    const waiting = this.#waitingForRoom;
    this.#waitingForRoom = [];
    for (const run of waiting) this.whenRoom(run);
  }
}
