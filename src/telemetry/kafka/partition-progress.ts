/** How far one partition is read, and how far it is stored: what may be committed to Kafka. */

export class PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next record to fetch; all before it are on their way. */
  position: bigint;
  /** Records behind `position` at the last fetch. */
  lag = 0n;
  #unsettled = 0;
  /** Offset behind the last record that is stored or set aside. */
  #settledTo: bigint;
  #committedTo: bigint;
  /** A record was given up: nothing behind it may be committed. */
  #isBroken = false;

  constructor(topic: string, partition: number, position: bigint) {
    this.topic = topic;
    this.partition = partition;
    this.position = position;
    this.#settledTo = position;
    this.#committedTo = position;
  }

  /** A record is on its way; it is settled in order of arrival. */
  began(): void {
    this.#unsettled += 1;
  }

  settled(offset: bigint, isStored: boolean): void {
    this.#unsettled -= 1;
    if (!isStored) this.#isBroken = true;
    if (!this.#isBroken) this.#settledTo = offset + 1n;
  }

  /** The offset to commit, which is that of the next record to read after a restart; null: nothing new. */
  get committable(): bigint | null {
    const isAllSettled = this.#unsettled === 0 && !this.#isBroken && this.position > this.#settledTo;
    // Behind the last message there may be records that are none.
    const to = isAllSettled ? this.position : this.#settledTo;
    return to > this.#committedTo ? to : null;
  }

  committed(offset: bigint): void {
    if (offset > this.#committedTo) this.#committedTo = offset;
  }
}
