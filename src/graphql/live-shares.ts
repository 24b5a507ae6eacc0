/**
 * Subscriptions that ask the same, of callers who see the same, are one: one source of events, one execution for each
 * event, and the bytes of its answer go to all of them; only the operation's id differs.
 *
 * A subscriber whose socket does not take them is left behind: its events wait, the latest of each twin wins, and they
 * are executed for it when it can take them, until it has caught up. What nobody can take is not executed.
 */
import { randomUUID } from 'node:crypto';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLError } from 'graphql';
import { EventQueue } from '../application/event-queue.ts';
import type { LiveEvent } from '../application/merge-events.ts';
import type { Principal } from '../domain/principal.ts';
import type { Clock } from '../domain/timers.ts';
import { Backlog } from './backlog.ts';
import { type Cancellation, cancelledBy } from './cancellation.ts';
import type { RequestContext } from './context.ts';
import { API_LIMITS } from './limits.ts';
import type { PlanAnswers } from './planned-queries.ts';
import { type AnswerToEvent, answersToEvents, subscribeFresh } from './subscribe.ts';
import { Turns } from './turns.ts';

/** The socket of a subscription. */
export interface Delivery {
  /** Without waiting; what fails ends the socket. The bytes of a text. */
  post(bytes: Buffer): void;
  /** Answers when the text is out of our hands, or the socket is closed. */
  send(text: string): Promise<void>;
  /** Bytes that the other side has not taken yet. */
  waitingBytes(): number;
}

export interface LiveArgs extends ExecutionArgs {
  /** The same for subscriptions that can be one; null: not to be shared. */
  readonly shareKey: string | null;
  readonly operationId: string;
  readonly delivery: Delivery;
}

export interface LiveParts {
  readonly clock: Clock;
  readonly planAnswers: PlanAnswers;
  createContext(principal: Principal, requestId: string, cancellation: Cancellation): RequestContext;
  format(requestId: string, errors: readonly GraphQLError[]): unknown;
}

type Results = AsyncIterableIterator<ExecutionResult>;

export class LiveShares {
  readonly #parts: LiveParts;
  readonly #turns: Turns;
  readonly #shareByKey = new Map<string, Promise<Share | ExecutionResult>>();

  constructor(parts: LiveParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.clock);
  }

  async subscribe(args: LiveArgs): Promise<Results | ExecutionResult> {
    const { shareKey } = args;
    if (shareKey === null) return subscribeFresh(args, this.#parts.planAnswers, this.#turns);
    let opening = this.#shareByKey.get(shareKey);
    if (!opening) {
      opening = this.#open(args, shareKey);
      this.#shareByKey.set(shareKey, opening);
    }
    const share = await opening;
    if (!(share instanceof Share)) return share;
    return share.isOver ? this.subscribe(args) : share.join(args);
  }

  async #open(args: LiveArgs, key: string): Promise<Share | ExecutionResult> {
    const controller = new AbortController();
    const { principal } = args.contextValue as RequestContext;
    const requestId = randomUUID();
    const context = this.#parts.createContext({ ...principal, actor: null }, requestId, cancelledBy(controller.signal));
    const close = (): void => {
      this.#shareByKey.delete(key);
      controller.abort();
    };
    try {
      const source = await createSourceEventStream({ ...args, contextValue: context });
      if (Symbol.asyncIterator in source) {
        const events = source[Symbol.asyncIterator]() as AsyncIterator<LiveEvent>;
        const format = (errors: readonly GraphQLError[]): unknown => this.#parts.format(requestId, errors);
        const answerTo = answersToEvents({ ...args, contextValue: context }, this.#parts.planAnswers);
        return new Share({ context, events, answerTo, turns: this.#turns, close, format });
      }
      close();
      return source;
    } catch (error) {
      close();
      throw error;
    }
  }
}

interface ShareParts {
  /** Of nobody in particular: who came first may go first. */
  readonly context: RequestContext;
  readonly events: AsyncIterator<LiveEvent>;
  readonly answerTo: AnswerToEvent;
  readonly turns: Turns;
  readonly close: () => void;
  readonly format: (errors: readonly GraphQLError[]) => unknown;
}

class Share {
  readonly #parts: ShareParts;
  readonly #members = new Set<Member>();
  readonly #backlog = new Backlog();
  /** Those who are behind need the answer to an event at different times. */
  readonly #textByEvent = new WeakMap<LiveEvent, Promise<string>>();
  #isRunning = false;
  isOver = false;

  constructor(parts: ShareParts) {
    this.#parts = parts;
  }

  join({ operationId, delivery }: LiveArgs): Results {
    // What waits for execution came before the subscriber, but for the first one.
    const behind = this.#isRunning ? this.#parts.context.application.sequence() : -1;
    const textOf = (event: LiveEvent): Promise<string> => this.#textOf(event);
    const member = new Member({ operationId, delivery, behind, backlog: this.#backlog, textOf }, () => {
      this.#members.delete(member);
      if (this.#members.size === 0) this.#end();
    });
    this.#members.add(member);
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#run().then(
        () => this.#finish(null),
        (error: unknown) => this.#finish({ error }),
      );
    }
    return member;
  }

  async #run(): Promise<void> {
    const { events, turns } = this.#parts;
    for (;;) {
      const { value: event, done } = await events.next();
      if (done) return;
      for (let turn = turns.next(); turn; turn = turns.next()) await turn;
      const isAlone = this.#members.size === 1;
      // Where there are others, one who is behind may need the same text.
      const text = this.#isTaken(event) ? await (isAlone ? this.#execute(event) : this.#textOf(event)) : null;
      const answer = text === null || this.#members.size === 1 ? text : Buffer.from(text);
      // First to those who wait already; who falls behind now keeps the event itself.
      this.#backlog.push(event);
      for (const member of this.#members) member.offer(event, answer);
    }
  }

  #isTaken(event: LiveEvent): boolean {
    for (const member of this.#members) if (member.takes(event)) return true;
    return false;
  }

  #textOf(event: LiveEvent): Promise<string> {
    let text = this.#textByEvent.get(event);
    if (!text) {
      text = this.#execute(event);
      this.#textByEvent.set(event, text);
    }
    return text;
  }

  async #execute(event: LiveEvent): Promise<string> {
    const { answerTo, format, turns } = this.#parts;
    for (let turn = turns.next(); turn; turn = turns.next()) await turn;
    const { data, errors } = await answerTo(event);
    return JSON.stringify(errors ? { data, errors: format(errors) } : { data });
  }

  #finish(failure: { readonly error: unknown } | null): void {
    for (const member of this.#members) member.finish(failure);
    this.#members.clear();
    this.#end();
  }

  #end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#parts.close();
    void this.#parts.events.return?.();
  }
}

interface MemberParts {
  readonly operationId: string;
  readonly delivery: Delivery;
  /** Only events behind this sequence are told. */
  readonly behind: number;
  readonly backlog: Backlog;
  readonly textOf: (event: LiveEvent) => Promise<string>;
}

const END = '}';
const END_BYTES = Buffer.from(END);

/** One subscription. To the protocol it is a list of results that never has one: its messages go to the socket directly. */
class Member implements Results {
  readonly #parts: MemberParts;
  /** What comes before the answer in a message; behind it comes END. */
  readonly #before: string;
  readonly #beforeBytes: Buffer;
  readonly #leave: () => void;
  /** The socket has no room: what comes waits in the backlog. */
  #isLate = false;
  #settle: ((result: IteratorResult<ExecutionResult> | Promise<never>) => void) | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(parts: MemberParts, leave: () => void) {
    this.#parts = parts;
    this.#leave = leave;
    this.#before = `{"id":${JSON.stringify(parts.operationId)},"type":"next","payload":`;
    this.#beforeBytes = Buffer.from(this.#before);
  }

  /** Whether an event, if it were answered now, would go to the socket. */
  takes(event: LiveEvent): boolean {
    const { delivery } = this.#parts;
    return !this.#isLate && this.#wants(event) && delivery.waitingBytes() <= API_LIMITS.socketBacklogBytes;
  }

  /** `answer`: its text, or where there are several to take it the bytes of that; null: nobody took it when it came. */
  offer(event: LiveEvent, answer: string | Buffer | null): void {
    if (answer && this.takes(event))
      this.#parts.delivery.post(
        typeof answer === 'string'
          ? Buffer.from(`${this.#before}${answer}${END}`)
          : Buffer.concat([this.#beforeBytes, answer, END_BYTES]),
      );
    else if (!this.#isLate && this.#wants(event)) {
      this.#isLate = true;
      this.#catchUp(event).catch((error: unknown) => this.finish({ error }));
    }
  }

  #wants(event: LiveEvent): boolean {
    return event.kind === 'gap' || event.sequence > this.#parts.behind;
  }

  async #catchUp(first: LiveEvent): Promise<void> {
    const { backlog, delivery, textOf } = this.#parts;
    const late = new EventQueue<LiveEvent>(() => undefined);
    late.push(first);
    while (late.length > 0 && !this.#isOver) {
      const place = backlog.enter();
      try {
        const { value } = await late.next();
        await delivery.send(`${this.#before}${await textOf(value)}${END}`);
      } finally {
        for (const event of backlog.leave(place)) late.push(event);
      }
    }
    this.#isLate = false;
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#failure) throw this.#failure.error;
    if (this.#isOver) return { done: true, value: undefined };
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  finish(failure: { readonly error: unknown } | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = failure;
    this.#settle?.(failure ? Promise.reject(failure.error) : { done: true, value: undefined });
    this.#leave();
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.finish(null);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
