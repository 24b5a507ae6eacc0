/** A map of what was set lately: past its size, the entry that was set longest ago goes. */

export class RecentMap<Value> {
  readonly #most: number;
  readonly #valueByKey = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#valueByKey.get(key);
  }

  set(key: string, value: Value): void {
    this.#valueByKey.delete(key);
    this.#valueByKey.set(key, value);
    if (this.#valueByKey.size <= this.#most) return;
    const [oldest] = this.#valueByKey.keys();
    if (oldest !== undefined) this.#valueByKey.delete(oldest);
  }

  delete(key: string): void {
    this.#valueByKey.delete(key);
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#valueByKey.entries();
  }
}
