/** Lets a few through at a time; the others wait, in order of arrival. */
export class Gate {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((enter) => this.#waiting.add(enter));
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) this.#waiting.delete(next);
      else this.#free += 1;
      next?.();
    }
  }
}
