/** What is to happen, the earliest first; a binary heap. */
export class EventHeap<T> {
  readonly #items: { readonly atMs: number; readonly event: T }[] = [];

  /** Infinity when there is nothing. */
  get nextAtMs(): number {
    return this.#items[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  push(atMs: number, event: T): void {
    const items = this.#items;
    const item = { atMs, event };
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as typeof item;
      if (above.atMs <= atMs) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** The earliest; there must be one. */
  pop(): T {
    const items = this.#items;
    const top = items[0] as { atMs: number; event: T };
    const last = items.pop() as typeof top;
    if (items.length === 0) return top.event;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] as typeof top).atMs < (items[child] as typeof top).atMs)
        child += 1;
      const below = items[child] as typeof top;
      if (below.atMs >= last.atMs) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return top.event;
  }
}
