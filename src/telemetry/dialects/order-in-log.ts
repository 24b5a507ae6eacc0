/** What a reading without a time of its own is ordered by, where its message stands in a log. */
import type { Message } from './dialect.ts';

/** Nothing for messages of brokers that keep no log: the time of receipt stands for both. */
export function orderInLog({ sent }: Message): { readonly observedAt?: number; readonly sequence?: number } {
  return sent?.at === undefined ? {} : { observedAt: sent.at, sequence: sent.order };
}
