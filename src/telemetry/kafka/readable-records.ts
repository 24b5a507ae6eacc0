/** From the batches of a fetch to the records that a reader of committed data sees, in order, with their times. */

/** The parts of a batch that decide (Kafka's record batch, magic 2). */
export interface RecordBatch {
  readonly firstOffset: bigint;
  readonly lastOffsetDelta: number;
  readonly attributes: number;
  readonly firstTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly records: readonly {
    readonly offsetDelta: number;
    readonly timestampDelta: bigint;
    readonly key: Uint8Array;
    readonly value: Uint8Array;
  }[];
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface KafkaRecord {
  readonly offset: bigint;
  /** Epoch milliseconds by producer or broker; absent: there is none. */
  readonly sentAt?: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const IS_LOG_APPEND_TIME = 0x08;
const IS_TRANSACTIONAL = 0x10;
const IS_CONTROL = 0x20;

/**
 * A fetch gives whole batches: those before `from` were seen already. Control records are no messages, and those of
 * transactions that were aborted never happened.
 */
export function readableRecords(
  batches: readonly RecordBatch[],
  aborted: readonly AbortedTransaction[],
  from: bigint,
): KafkaRecord[] {
  const waiting = aborted.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const abortedProducers = new Set<bigint>();
  const readable: KafkaRecord[] = [];
  for (const batch of batches) {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    while (waiting[0] && waiting[0].firstOffset <= last) {
      abortedProducers.add(waiting[0].producerId);
      waiting.shift();
    }
    if ((batch.attributes & IS_CONTROL) !== 0) abortedProducers.delete(batch.producerId);
    else if ((batch.attributes & IS_TRANSACTIONAL) === 0 || !abortedProducers.has(batch.producerId)) {
      readable.push(...recordsOf(batch).filter(({ offset }) => offset >= from));
    }
  }
  return readable;
}

/** The offset behind everything that a fetch gave. */
export function offsetBehind(batches: readonly RecordBatch[], from: bigint): bigint {
  const last = batches.at(-1);
  return last === undefined ? from : last.firstOffset + BigInt(last.lastOffsetDelta) + 1n;
}

function recordsOf(batch: RecordBatch): KafkaRecord[] {
  const isAppendTime = (batch.attributes & IS_LOG_APPEND_TIME) !== 0;
  return batch.records.map(({ offsetDelta, timestampDelta, key, value }) => {
    const sentAt = Number(isAppendTime ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta);
    return { offset: batch.firstOffset + BigInt(offsetDelta), key, value, ...(sentAt >= 0 && { sentAt }) };
  });
}
