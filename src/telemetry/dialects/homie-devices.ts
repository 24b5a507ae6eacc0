/** What is known of Homie devices, bounded; the one that was heard of longest ago goes first. */
import type { HomieDescription } from './homie-description.ts';
import type { Names } from './dialect.ts';

export interface HomieDevice {
  readonly source: Names;
  /** As the device says it; undefined: not heard yet. */
  readonly state?: string;
  readonly description?: HomieDescription;
  /** Of the description's payload. */
  readonly bytes: number;
}

/** Bytes of descriptions that are remembered: 64,000 devices of a kilobyte each. */
const MOST_BYTES = 67_108_864;
/** Reckoned for what is kept of a device beside its description. */
const DEVICE_BYTES = 256;

export class HomieDevices {
  readonly #deviceByTopic = new Map<string, HomieDevice>();
  #bytes = 0;

  /** `topic` is the device's own: `homie/5/{device}`. */
  get(topic: string): HomieDevice | undefined {
    return this.#deviceByTopic.get(topic);
  }

  set(topic: string, device: HomieDevice): void {
    this.delete(topic);
    this.#deviceByTopic.set(topic, device);
    this.#bytes += device.bytes + DEVICE_BYTES;
    for (const oldest of this.#deviceByTopic.keys()) {
      if (this.#bytes <= MOST_BYTES) return;
      this.delete(oldest);
    }
  }

  delete(topic: string): void {
    const device = this.#deviceByTopic.get(topic);
    if (device === undefined) return;
    this.#deviceByTopic.delete(topic);
    this.#bytes -= device.bytes + DEVICE_BYTES;
  }
}
