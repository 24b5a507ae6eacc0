/**
 * What the broker itself says of messages that it dropped, because a session's queue was full. It says how many in all,
 * not whose: some of them may have been ours.
 */
import type { Log } from '../domain/log.ts';
import type { Counters } from './counters.ts';

/** Mosquitto, and brokers that follow it. */
export const DROPS_TOPIC = '$SYS/broker/publish/messages/dropped';

export class BrokerDrops {
  readonly #counters: Counters;
  readonly #log: Log;
  #last: number | null = null;

  constructor(counters: Counters, log: Log) {
    this.#counters = counters;
    this.#log = log;
  }

  /** The broker's count since its start. */
  hear(payload: Uint8Array): void {
    const total = Number(Buffer.from(payload).toString());
    if (!Number.isSafeInteger(total) || total < 0) return;
    const before = this.#last;
    this.#last = total;
    if (before === null) {
      if (total > 0) this.#log.warn({ dropped: total }, `${WARNING}, since the start of the broker`);
      return;
    }
    // A smaller count is that of a broker that was started anew.
    const dropped = total >= before ? total - before : total;
    if (dropped === 0) return;
    this.#counters.brokerDropped += dropped;
    this.#log.warn({ dropped, total }, WARNING);
  }
}

const WARNING =
  'the MQTT broker dropped messages, as a queue of its was full; telemetry may be lost; docs/MQTT.md tells the setting';
