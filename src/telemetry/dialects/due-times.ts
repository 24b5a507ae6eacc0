/** Moments at which something is due. All are as far ahead when they are set, so the one set first is due first. */

export class DueTimes {
  readonly #atByKey = new Map<string, number>();

  /** One that waits already goes on as it was. */
  set(key: string, at: number): void {
    if (!this.#atByKey.has(key)) this.#atByKey.set(key, at);
  }

  delete(key: string): void {
    this.#atByKey.delete(key);
  }

  /** undefined: nothing waits. */
  get nextAt(): number | undefined {
    for (const at of this.#atByKey.values()) return at;
    return undefined;
  }

  /** Those that are due now; they wait no more. */
  take(now: number): string[] {
    const due: string[] = [];
    for (const [key, at] of this.#atByKey) {
      if (at > now) break;
      due.push(key);
      this.#atByKey.delete(key);
    }
    return due;
  }
}
