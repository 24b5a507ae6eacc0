/** Collects what is wrong with an input, so that the caller hears of all of it at once. */
import { badInput, type Fault, InputFaults } from './errors.ts';

/** Faults told at once; the rest is counted by the length of the input itself. */
const MOST_FAULTS = 1_000;

export class Faults {
  readonly list: Fault[] = [];

  add(at: string, expected: string, received: unknown): void {
    if (this.list.length < MOST_FAULTS) this.list.push({ at, message: badInput(at, expected, received).message });
  }

  /** A fault that says more than "expected X, got Y". */
  say(at: string, message: string): void {
    if (this.list.length < MOST_FAULTS) this.list.push({ at, message: `${at}: ${message}` });
  }

  /** Whether something is wrong at this very place: a check of what a value means is of no use where it has the wrong form. */
  tells(at: string): boolean {
    return this.list.some((fault) => fault.at === at);
  }

  /** @throws InputFaults when there are any. */
  throwIfAny(): void {
    if (this.list.length > 0) throw new InputFaults(this.list);
  }
}
