/** Keys of the messages taken lately, bounded: two generations, of which the older goes when the younger is full. */

export class SeenKeys {
  readonly #perGeneration: number;
  #young = new Set<string>();
  #old = new Set<string>();

  /** Between `keys` and half of it are remembered. */
  constructor(keys: number) {
    this.#perGeneration = keys / 2;
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** Remembers the key; answers whether it was there already. */
  add(key: string): boolean {
    if (this.#young.has(key)) return true;
    const isKnown = this.#old.has(key);
    if (this.#young.size >= this.#perGeneration) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(key);
    return isKnown;
  }
}
