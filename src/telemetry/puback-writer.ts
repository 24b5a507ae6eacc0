/**
 * PUBACKs of one connection: those of a batch go out in one write, in the order in which they are given.
 * They are written here and not by mqtt.js, which would keep those of a lost connection for the next one,
 * where their ids mean other messages.
 */

/** PUBACK with reason code 0 is the same in MQTT 3.1.1 and 5 (3.4.2.1). */
const PUBACK = 0x40;
const BYTES = 4;

export class PubackWriter {
  readonly #stream: { write(bytes: Buffer): unknown };
  #messageIds: number[] = [];
  #isClosed = false;

  constructor(stream: { write(bytes: Buffer): unknown }) {
    this.#stream = stream;
  }

  add(messageId: number): void {
    if (this.#isClosed) return;
    this.#messageIds.push(messageId);
    if (this.#messageIds.length === 1) queueMicrotask(() => this.#write());
  }

  /** The connection has ended: what was not written will be delivered again. */
  close(): void {
    this.#isClosed = true;
    this.#messageIds = [];
  }

  #write(): void {
    if (this.#messageIds.length === 0) return;
    const bytes = Buffer.allocUnsafe(this.#messageIds.length * BYTES);
    let at = 0;
    for (const messageId of this.#messageIds) {
      bytes[at++] = PUBACK;
      bytes[at++] = 2;
      bytes[at++] = messageId >> 8;
      bytes[at++] = messageId & 0xff;
    }
    this.#messageIds = [];
    this.#stream.write(bytes);
  }
}
