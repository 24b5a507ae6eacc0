/**
 * graphql's subscribe, with a fresh context for every event: the library makes one context per subscription, and what
 * its loaders keep would be answered again for every later event.
 */
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { type RequestContext, refreshContext } from './context.ts';
import type { Turns } from './turns.ts';

export async function subscribeFresh(
  args: ExecutionArgs,
  turns: Turns,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const event = await events.next();
      if (event.done) return { done: true, value: undefined };
      for (let turn = turns.next(); turn; turn = turns.next()) await turn;
      const contextValue = refreshContext(args.contextValue as RequestContext, event.value);
      return { done: false, value: await execute({ ...args, rootValue: event.value, contextValue }) };
    },
    // Not an async generator: its return() would wait for the event that next() is waiting for.
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}
