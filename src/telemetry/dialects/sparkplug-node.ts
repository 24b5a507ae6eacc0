/**
 * An edge node between its birth and its death: what it and its devices have defined, and the order of its messages by
 * seq. A message that comes before its turn waits for those that are missing. Pure.
 */
import { MetricTable } from './sparkplug-metrics.ts';
import type { SparkplugMessage } from './sparkplug-message.ts';

export interface SparkplugEvent {
  readonly type: 'NDATA' | 'DBIRTH' | 'DDATA' | 'DDEATH';
  /** Empty: the node itself. */
  readonly device: string;
  readonly message: SparkplugMessage;
  /** Of the payload. */
  readonly bytes: number;
}

export interface SparkplugDevice {
  /** false: it is dead, or the node was born again and the device not yet. */
  isBorn: boolean;
  readonly metrics: MetricTable;
}

/** seq counts from 0 to 255 and from the beginning again (payloads-sequence-num-incrementing). */
const SEQ_VALUES = 256;

export class SparkplugNode {
  readonly group: string;
  readonly name: string;
  /** Of both: no level of a topic has a slash. */
  readonly key: string;
  isBorn = false;
  /** Names the connection that the birth was told in; the death of another one is none of it. */
  bdSeq: number | undefined;
  readonly #deviceByName = new Map<string, SparkplugDevice>();
  readonly #heldBySeq = new Map<number, SparkplugEvent>();
  #metrics = new MetricTable();
  #nextSeq = 0;
  /** Metrics of the node and its devices. */
  definitions = 0;

  constructor(group: string, name: string) {
    this.group = group;
    this.name = name;
    this.key = `${group}/${name}`;
  }

  get metrics(): MetricTable {
    return this.#metrics;
  }

  get deviceByName(): ReadonlyMap<string, SparkplugDevice> {
    return this.#deviceByName;
  }

  /** What a birth of the node, or of a device, has defined. */
  define(metrics: MetricTable, device?: string): void {
    const before = device === undefined ? this.#metrics : this.#deviceByName.get(device)?.metrics;
    this.definitions += metrics.size - (before?.size ?? 0);
    if (device === undefined) this.#metrics = metrics;
    else this.#deviceByName.set(device, { isBorn: true, metrics });
  }

  removeDevice(device: string): void {
    this.definitions -= this.#deviceByName.get(device)?.metrics.size ?? 0;
    this.#deviceByName.delete(device);
  }

  /** The node and its devices. */
  get sources(): number {
    return 1 + this.#deviceByName.size;
  }

  get held(): number {
    return this.#heldBySeq.size;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const { bytes } of this.#heldBySeq.values()) sum += bytes;
    return sum;
  }

  /** The events whose turn it is with this one; none: it waits. One without a seq cannot wait. */
  inTurn(event: SparkplugEvent): readonly SparkplugEvent[] {
    const { seq } = event.message;
    if (seq === undefined) return [event];
    if (seq !== this.#nextSeq) {
      if (!this.#heldBySeq.has(seq)) this.#heldBySeq.set(seq, event);
      return [];
    }
    this.#nextSeq = (seq + 1) % SEQ_VALUES;
    return [event, ...this.#following()];
  }

  /** All that waits, in order; what is missing is waited for no more. */
  release(): readonly SparkplugEvent[] {
    const seqs = [...this.#heldBySeq.keys()].toSorted((a, b) => this.#distance(a) - this.#distance(b));
    const events = seqs.map((seq) => this.#heldBySeq.get(seq) as SparkplugEvent);
    this.#heldBySeq.clear();
    const last = seqs.at(-1);
    if (last !== undefined) this.#nextSeq = (last + 1) % SEQ_VALUES;
    return events;
  }

  /** A birth: answers what waits of the time before it, in order. What waits of the time behind it waits on. */
  begin({ seq = 0, timestamp }: SparkplugMessage): readonly SparkplugEvent[] {
    const isBehind = ({ message }: SparkplugEvent): boolean =>
      timestamp !== undefined && message.timestamp !== undefined && message.timestamp >= timestamp;
    const behind = [...this.#heldBySeq].filter(([, event]) => isBehind(event));
    for (const [held] of behind) this.#heldBySeq.delete(held);
    const before = this.release();
    for (const [held, event] of behind) this.#heldBySeq.set(held, event);
    this.#nextSeq = (seq + 1) % SEQ_VALUES;
    return before;
  }

  /** What waited for the birth that was just taken. */
  following(): readonly SparkplugEvent[] {
    return [...this.#following()];
  }

  *#following(): Generator<SparkplugEvent> {
    for (;;) {
      const event = this.#heldBySeq.get(this.#nextSeq);
      if (event === undefined) return;
      this.#heldBySeq.delete(this.#nextSeq);
      this.#nextSeq = (this.#nextSeq + 1) % SEQ_VALUES;
      yield event;
    }
  }

  #distance(seq: number): number {
    return (seq - this.#nextSeq + SEQ_VALUES) % SEQ_VALUES;
  }
}
