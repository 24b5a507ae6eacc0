/**
 * For each twin the twins one step on, by number, all in one array: a walk over it touches no objects.
 * A list is made when a walk first comes by, and made anew after its twin was forgotten; what it held is left behind
 * until half of the array is waste.
 */

/** Writes the twins one step on from a twin to the list; a twin may come twice. */
export type NeedSource = (number: number, list: number[]) => void;

const LEAST_ROOM = 1_024;

export class NeedLists {
  readonly #source: NeedSource;
  /** By number: where its list begins; -1: it has to be made. */
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #items = new Int32Array(LEAST_ROOM);
  #used = 0;
  #wasted = 0;
  readonly #list: number[] = [];

  constructor(source: NeedSource) {
    this.#source = source;
  }

  /** Makes room for so many twins. */
  reserve(count: number): void {
    if (count <= this.#starts.length) return;
    const length = Math.max(count, 2 * this.#starts.length);
    const starts = new Int32Array(length).fill(-1);
    starts.set(this.#starts);
    const ends = new Int32Array(length);
    ends.set(this.#ends);
    this.#starts = starts;
    this.#ends = ends;
  }

  forget(number: number): void {
    const start = this.#starts[number];
    if (start === undefined || start === -1) return;
    this.#wasted += (this.#ends[number] as number) - start;
    this.#starts[number] = -1;
  }

  forgetAll(): void {
    this.#starts.fill(-1);
    this.#used = 0;
    this.#wasted = 0;
  }

  /**
   * Breadth first from queue[from] … queue[to - 1], one step: new twins, those whose `seen` is not `mark`, are marked and
   * appended from `to` on. Answers the end of the queue.
   */
  step(queue: Int32Array, range: { from: number; to: number }, seen: Int32Array, mark: number): number {
    let starts = this.#starts;
    let ends = this.#ends;
    let items = this.#items;
    let length = range.to;
    for (let at = range.from; at < range.to; at += 1) {
      const number = queue[at] as number;
      if (starts[number] === -1) {
        this.#make(number);
        starts = this.#starts;
        ends = this.#ends;
        items = this.#items;
      }
      const end = ends[number] as number;
      for (let item = starts[number] as number; item < end; item += 1) {
        const next = items[item] as number;
        if (seen[next] === mark) continue;
        seen[next] = mark;
        queue[length++] = next;
      }
    }
    return length;
  }

  #make(number: number): void {
    const list = this.#list;
    list.length = 0;
    this.#source(number, list);
    if (this.#used + list.length > this.#items.length) this.#makeRoom(list.length);
    this.#starts[number] = this.#used;
    for (let at = 0; at < list.length; at += 1) this.#items[this.#used + at] = list[at] as number;
    this.#used += list.length;
    this.#ends[number] = this.#used;
  }

  #makeRoom(count: number): void {
    if (2 * this.#wasted > this.#used) this.forgetAll();
    if (this.#used + count <= this.#items.length) return;
    const items = new Int32Array(Math.max(this.#used + count, 2 * this.#items.length));
    items.set(this.#items.subarray(0, this.#used));
    this.#items = items;
  }
}
