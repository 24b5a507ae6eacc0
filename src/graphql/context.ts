/** What resolvers are given besides their parents. One per HTTP request, and one per event of a subscription. */
import type { Application, Caller, StateEvent } from '../application/application.ts';
import { withLastSeen } from '../application/last-seen.ts';
import type { Principal } from '../domain/principal.ts';
import { createLoaders, type Loaders } from './loaders.ts';

export interface RequestContext {
  readonly application: Application;
  readonly principal: Principal;
  /** The principal, as the verbs want it. */
  readonly caller: Caller;
  /** Aborted when nobody waits for the answer any more, or it took too long. */
  readonly signal: AbortSignal;
  /** Stands in the log beside what clients are not told. */
  readonly requestId: string;
  readonly loaders: Loaders;
  /** Contexts of the past, by the name of the field of Query in the answer. */
  readonly pasts: Map<string | number, RequestContext>;
  /** Moments of the past that were asked for. */
  readonly instants: Set<number>;
}

export function createContext(
  given: Omit<RequestContext, 'loaders' | 'caller' | 'pasts' | 'instants'>,
): RequestContext {
  const { actor, scope } = given.principal;
  const caller = { actor, scope };
  const loaders = createLoaders(given.application, given.signal);
  return { ...given, caller, loaders, pasts: new Map(), instants: new Set() };
}

/** The same with nothing loaded yet: an event that reused loaders would answer with values of the event before. */
export function refreshContext(context: RequestContext, event: unknown): RequestContext {
  return createContext({ ...context, application: withLastSeen(context.application, event as StateEvent) });
}
