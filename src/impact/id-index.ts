/**
 * Numbers of ids, for half a million of them: made in steps and in 8 to 16 bytes an id. A Map of that size takes ten
 * times as long, and each time it grows, all of it in one turn.
 */
import { finish, ITEMS_PER_STEP, type Steps } from './steps.ts';

/** Places looked at for an id. Half of them are free, so more are needed only for ids chosen to fall on one place. */
const MOST_LOOKS = 64;

export class IdIndex {
  readonly #ids: readonly string[];
  /** 1 + number of the id; 0: free. A power of two long, and at most half full. */
  readonly #places: Int32Array;
  readonly #shift: number;
  /** Ids that found no place. */
  readonly #others = new Map<string, number>();

  private constructor(ids: readonly string[]) {
    this.#ids = ids;
    const bits = Math.max(1, Math.ceil(Math.log2(2 * ids.length + 1)));
    this.#places = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** The ids are there once each, and stay as they are. */
  static *inSteps(ids: readonly string[]): Steps<IdIndex> {
    const index = new IdIndex(ids);
    for (let number = 0; number < ids.length; number += 1) {
      if (number % ITEMS_PER_STEP === 0) yield;
      const id = ids[number] as string;
      const place = index.#placeOf(id);
      if (place === null) index.#others.set(id, number);
      else index.#places[place] = number + 1;
    }
    return index;
  }

  static of(ids: readonly string[]): IdIndex {
    return finish(IdIndex.inSteps(ids));
  }

  /** undefined: it is not there. */
  get(id: string): number | undefined {
    const place = this.#placeOf(id);
    if (place === null) return this.#others.get(id);
    const number = this.#places[place] as number;
    return number === 0 ? undefined : number - 1;
  }

  /** Where it stands, or could; null: all places that it could have are taken. */
  #placeOf(id: string): number | null {
    let hash = id.length;
    for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x0100_0193) ^ (hash >>> 15);
    const mask = this.#places.length - 1;
    let place = Math.imul(hash, 0x9e37_79b1) >>> this.#shift;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const number = this.#places[place] as number;
      if (number === 0 || this.#ids[number - 1] === id) return place;
      place = (place + 1) & mask;
    }
    return null;
  }
}
