/** Since when each twin's state holds, with what is needed to walk that back. */

/** Changes of state that can be walked back: a day of a plant in trouble. */
const KEPT_STEPS = 100_000;

interface Step {
  readonly sequence: number;
  readonly id: string;
  readonly before: number | undefined;
}

export class StateSince {
  readonly #atById = new Map<string, number>();
  #steps: Step[] = [];

  /** Epoch milliseconds; undefined where it was not seen to change. */
  of(id: string): number | undefined {
    return this.#atById.get(id);
  }

  /** `at` undefined: the twin is gone. */
  put(id: string, at: number | undefined, sequence: number): void {
    const before = this.#atById.get(id);
    if (before === at) return;
    this.#steps.push({ sequence, id, before });
    if (this.#steps.length >= 2 * KEPT_STEPS) this.#steps = this.#steps.slice(KEPT_STEPS);
    this.#set(id, at);
  }

  #set(id: string, at: number | undefined): void {
    if (at === undefined) this.#atById.delete(id);
    else this.#atById.set(id, at);
  }

  copy(): StateSince {
    const other = new StateSince();
    for (const [id, at] of this.#atById) other.#atById.set(id, at);
    other.#steps = [...this.#steps];
    return other;
  }

  /** Takes back what came behind a sequence, as far as it is kept. */
  revertTo(sequence: number): void {
    for (let last = this.#steps.at(-1); last && last.sequence > sequence; last = this.#steps.at(-1)) {
      this.#steps.pop();
      this.#set(last.id, last.before);
    }
  }
}
