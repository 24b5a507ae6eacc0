/** STATE of a primary host (host-topic-phid-…): tells edge nodes whether somebody takes their data. Pure. */
import type { Outgoing } from './dialect.ts';
import { parsePayload } from '../parse-payload.ts';

export class SparkplugHost {
  readonly #topic: string;
  /** Of the last will at the broker: the birth that belongs to it carries the same. */
  #willAt: number | undefined;

  constructor(id: string) {
    this.#topic = `spBv1.0/STATE/${id}`;
  }

  will(now: number): Outgoing {
    this.#willAt = now;
    return this.#state(false, now);
  }

  birth(now: number): Outgoing {
    return this.#state(true, this.#willAt ?? now);
  }

  goodbye(now: number): Outgoing {
    return this.#state(false, now);
  }

  /** A will of an earlier connection may come late, and would stop the nodes: it is answered (message-flow-hid-sparkplug-state-message-delivered). */
  hear(topic: string, payload: Uint8Array, now: number): Outgoing | undefined {
    if (topic !== this.#topic) return undefined;
    const parsed = parsePayload(payload);
    return 'object' in parsed && parsed.object['online'] === false ? this.birth(now) : undefined;
  }

  #state(online: boolean, timestamp: number): Outgoing {
    return { topic: this.#topic, payload: JSON.stringify({ online, timestamp }), qos: 1, retain: true };
  }
}
