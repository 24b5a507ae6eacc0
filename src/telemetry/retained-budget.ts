/** The embedded broker keeps retained messages in memory: this bounds what its clients may leave there. */

/** What a kept message costs beside topic and payload. */
const OVERHEAD_BYTES = 256;

export class RetainedBudget {
  readonly #maxBytes: number;
  readonly #bytesByTopic = new Map<string, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Books a retained message; an empty payload frees its topic. False: there is no room, the message must not be kept. */
  admits(topic: string, payloadBytes: number): boolean {
    const before = this.#bytesByTopic.get(topic) ?? 0;
    const after = payloadBytes === 0 ? 0 : payloadBytes + topic.length * 2 + OVERHEAD_BYTES;
    if (this.#bytes - before + after > this.#maxBytes) return false;
    this.#bytes += after - before;
    if (after === 0) this.#bytesByTopic.delete(topic);
    else this.#bytesByTopic.set(topic, after);
    return true;
  }
}
