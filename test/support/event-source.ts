/** Events that a test pushes, as the application's watches give them. */
export interface EventSource<Event> {
  readonly events: AsyncIterableIterator<Event>;
  push(event: Event): void;
  /** Resolves when the subscriber has gone. */
  readonly left: Promise<void>;
}

export function createEventSource<Event>(): EventSource<Event> {
  const waiting: Event[] = [];
  let taker: ((result: IteratorResult<Event>) => void) | undefined;
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const over = { done: true, value: undefined } as const;
  const events: AsyncIterableIterator<Event> = {
    next() {
      const event = waiting.shift();
      if (event !== undefined) return Promise.resolve({ done: false, value: event });
      return new Promise((resolve) => {
        taker = resolve;
      });
    },
    async return() {
      leave();
      taker?.(over);
      return over;
    },
    [Symbol.asyncIterator]: () => events,
  };
  return {
    events,
    left,
    push(event) {
      if (!taker) {
        waiting.push(event);
        return;
      }
      const take = taker;
      taker = undefined;
      take({ done: false, value: event });
    },
  };
}
