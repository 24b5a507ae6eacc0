import type { Application } from '../../application/application.ts';

/** Answers with states as of all that was written; waits only where changes of structure are being worked in. */
export function whenSettled<Answer>(application: Application, answer: () => Answer): Answer | Promise<Answer> {
  const waiting = application.settled();
  return waiting ? waiting.then(answer) : answer();
}
