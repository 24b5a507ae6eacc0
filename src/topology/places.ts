/** The place of each twin in the order of ids, kept as twins come and go: whoever sorts many twins sorts numbers. */
import { compareNodes } from './order.ts';
import type { TwinNode } from './topology.ts';

export class Places {
  /** In order of id; as old as #added and #isThinned say. */
  #sorted: TwinNode[] = [];
  #added: TwinNode[] = [];
  #isThinned = false;
  /** By number. */
  #place = new Int32Array(0);
  /** By place. */
  #numberAt = new Int32Array(0);

  add(node: TwinNode): void {
    this.#added.push(node);
  }

  /** The node is not in the topology any more: `has` says so when it is asked. */
  remove(): void {
    this.#isThinned = true;
  }

  clear(): void {
    this.#sorted = [];
    this.#added = [];
    this.#isThinned = false;
  }

  /** Brings places up to date. `count`: numbers in use; `has`: whether a node still stands for its twin. */
  refresh(count: number, has: (node: TwinNode) => boolean): void {
    if (this.#added.length === 0 && !this.#isThinned) return;
    if (this.#isThinned) {
      this.#sorted = this.#sorted.filter(has);
      this.#added = this.#added.filter(has);
    }
    this.#sorted = merge(this.#sorted, this.#added.sort(compareNodes));
    this.#added = [];
    this.#isThinned = false;
    if (this.#place.length < count) {
      this.#place = new Int32Array(2 * count);
      this.#numberAt = new Int32Array(2 * count);
    }
    for (let place = 0; place < this.#sorted.length; place += 1) {
      const { number } = this.#sorted[place] as TwinNode;
      this.#place[number] = place;
      this.#numberAt[place] = number;
    }
  }

  /** Sorts numbers[from] … numbers[to - 1] by the ids of their twins. */
  sort(numbers: Int32Array, from: number, to: number): void {
    if (to - from < 2) return;
    if (to - from <= FEW) {
      insertionSort(numbers, from, to, this.#place);
      return;
    }
    for (let at = from; at < to; at += 1) numbers[at] = this.#place[numbers[at] as number] as number;
    numbers.subarray(from, to).sort();
    for (let at = from; at < to; at += 1) numbers[at] = this.#numberAt[numbers[at] as number] as number;
  }
}

/** Up to here sorting by insertion is quicker than a call of the library. */
const FEW = 24;

function insertionSort(numbers: Int32Array, from: number, to: number, placeOf: Int32Array): void {
  for (let at = from + 1; at < to; at += 1) {
    const number = numbers[at] as number;
    const place = placeOf[number] as number;
    let free = at;
    for (; free > from && (placeOf[numbers[free - 1] as number] as number) > place; free -= 1)
      numbers[free] = numbers[free - 1] as number;
    numbers[free] = number;
  }
}

function merge(a: readonly TwinNode[], b: TwinNode[]): TwinNode[] {
  if (a.length === 0) return b;
  const merged: TwinNode[] = [];
  let at = 0;
  for (const node of b) {
    while (at < a.length && compareNodes(a[at] as TwinNode, node) < 0) merged.push(a[at++] as TwinNode);
    merged.push(node);
  }
  while (at < a.length) merged.push(a[at++] as TwinNode);
  return merged;
}
