/** What resolvers are given besides their parents. One per HTTP request, and one per event of a subscription. */
import type { Application, Caller, StateEvent } from '../application/application.ts';
import { withLastSeen } from '../application/last-seen.ts';
import type { Principal } from '../domain/principal.ts';
import type { Cancellation } from './cancellation.ts';
import { createLoaders, type Loaders } from './loaders.ts';

export interface RequestContext {
  readonly application: Application;
  readonly principal: Principal;
  /** The principal, as the verbs want it. */
  readonly caller: Caller;
  readonly cancellation: Cancellation;
  /** That of the cancellation. */
  readonly signal: AbortSignal;
  /** Stands in the log beside what clients are not told. */
  readonly requestId: string;
  readonly loaders: Loaders;
  /** Contexts of the past, by the name of the field of Query in the answer. */
  readonly pasts: Map<string | number, RequestContext>;
  /** Moments of the past that were asked for. */
  readonly instants: Set<number>;
}

type Given = Pick<RequestContext, 'application' | 'principal' | 'requestId' | 'cancellation'>;

class Context implements RequestContext {
  readonly application: Application;
  readonly principal: Principal;
  readonly caller: Caller;
  readonly cancellation: Cancellation;
  readonly requestId: string;
  readonly loaders: Loaders;
  readonly pasts = new Map<string | number, RequestContext>();
  readonly instants = new Set<number>();

  constructor({ application, principal, requestId, cancellation }: Given) {
    this.application = application;
    this.principal = principal;
    this.caller = { actor: principal.actor, scope: principal.scope };
    this.cancellation = cancellation;
    this.requestId = requestId;
    this.loaders = createLoaders(application, cancellation);
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }
}

export function createContext(given: Given): RequestContext {
  return new Context(given);
}

/** The same for another graph, or another state of it; nothing is loaded yet. */
export function contextOn(application: Application, { principal, requestId, cancellation }: Given): RequestContext {
  return createContext({ application, principal, requestId, cancellation });
}

/** An event that reused loaders would answer with values of the event before. */
export function refreshContext(context: RequestContext, event: unknown): RequestContext {
  return contextOn(withLastSeen(context.application, event as StateEvent), context);
}
