/**
 * graphql's subscribe, with a fresh context for every event: the library makes one context per subscription, and what
 * its loaders keep would be answered again for every later event.
 */
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute, getOperationAST } from 'graphql';
import { type RequestContext, refreshContext } from './context.ts';
import type { PlanAnswers } from './planned-queries.ts';
import type { Turns } from './turns.ts';

/** How a subscription answers an event. */
export type AnswerToEvent = (event: unknown) => Promise<ExecutionResult>;

export function answersToEvents(args: ExecutionArgs, planAnswers: PlanAnswers): AnswerToEvent {
  const { document, operationName, variableValues } = args;
  const operation = getOperationAST(document, operationName);
  const planned = operation && planAnswers({ document, operation, variables: variableValues ?? {} });
  return async (event) => {
    const contextValue = refreshContext(args.contextValue as RequestContext, event);
    return (await planned?.(contextValue, event)) ?? execute({ ...args, rootValue: event, contextValue });
  };
}

export async function subscribeFresh(
  args: ExecutionArgs,
  planAnswers: PlanAnswers,
  turns: Turns,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const answerTo = answersToEvents(args, planAnswers);
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const event = await events.next();
      if (event.done) return { done: true, value: undefined };
      for (let turn = turns.next(); turn; turn = turns.next()) await turn;
      return { done: false, value: await answerTo(event.value) };
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
