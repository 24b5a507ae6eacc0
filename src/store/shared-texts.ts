/** Texts that most rows of a scan have in common, each kept once: an engine gives every row one of its own. */

/** More than there are models, types, media and the like; groups may be named for each twin. */
const MOST_TEXTS = 1_000;

export class SharedTexts {
  readonly #texts = new Map<unknown, unknown>();

  /** The same text, as it was met first. */
  of<T extends string | null>(text: T): T {
    if (text === null) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    if (this.#texts.size < MOST_TEXTS) this.#texts.set(text, text);
    return text;
  }
}
