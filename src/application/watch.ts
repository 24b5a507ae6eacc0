/**
 * Live queries on the feed. Each begins at a position (now, or behind a cursor), tells what is missed since then by
 * playing the records again on a memory rewound to it, and goes on with what comes: nothing twice, nothing left out.
 */
import { formatInstant } from '../domain/instant.ts';
import { badInput, LinchpinError, notFound } from '../domain/errors.ts';
import type { Twin } from '../domain/twin.ts';
import { compareIds } from '../topology/order.ts';
import type {
  FeedPosition,
  GapEvent,
  StateEvent,
  StateWatch,
  TopologyEvent,
  TopologyWatch,
  TwinEvent,
  TwinWatch,
} from './application.ts';
import { EventQueue } from './event-queue.ts';
import type { LiveEvent } from './merge-events.ts';
import type { Hub } from './hub.ts';
import type { Memory } from './memory.ts';
import type { Replays } from './replays.ts';
import type { TwinStore } from './twin-store.ts';
import type { Watched, Watcher } from './watch-group.ts';

export interface WatchContext {
  readonly store: TwinStore;
  readonly memory: Memory;
  readonly hub: Hub;
  readonly replays: Replays;
}

interface Watchable {
  readonly kind: string;
  readonly sequence: number;
  readonly id?: string;
  readonly isSnapshot?: boolean;
}
type Push<T> = (event: T | GapEvent) => void;

export function watchTwins(context: WatchContext, watch: TwinWatch): AsyncIterableIterator<TwinEvent | GapEvent> {
  const names = watch.properties ? new Set(watch.properties) : null;
  return start<TwinEvent>(context, watchedBy(context, watch), watch.after ?? null, (push) => ({
    onTwin: (event) => {
      if (!names) return push(event);
      const changed = event.changed.filter(({ name }) => names.has(name));
      if (changed.length > 0 || event.deleted) push({ ...event, changed });
    },
  }));
}

export function watchStates(context: WatchContext, watch: StateWatch): AsyncIterableIterator<StateEvent | GapEvent> {
  if (watch.from != null) return watchStatesFrom(context, watch, watch.from);
  const kinds = watch.kinds ? new Set(watch.kinds) : null;
  const watched = watchedBy(context, watch);
  const isAsked = watch.after ? watch.after.isSnapshot : watch.snapshot;
  const snapshot = isAsked ? (): StateEvent[] => statesNow(context, watched, kinds) : undefined;
  return start<StateEvent>(
    context,
    watched,
    watch.after ?? null,
    (push, memory) => ({
      onState: (event) => {
        if (!kinds || kinds.has(memory.topology.twin(event.id)?.kind as never)) push(event);
      },
    }),
    snapshot,
  );
}

/** From an instant on; where the feed does not reach back that far, the first event is a gap. */
function watchStatesFrom(
  context: WatchContext,
  watch: StateWatch,
  from: number,
): AsyncIterableIterator<StateEvent | GapEvent> {
  if (watch.after) throw badInput('from', 'no instant beside a cursor', formatInstant(from));
  const open = async (): Promise<AsyncIterableIterator<StateEvent | GapEvent>> => {
    const sequence = await context.store.sequenceAt(from).catch((error: unknown) => {
      if (error instanceof LinchpinError && error.code === 'RETENTION_PASSED') return 0;
      throw error;
    });
    await context.memory.settled();
    const reached = Math.min(sequence, context.memory.sequence);
    const after: FeedPosition = { since: reached, sequence: reached, id: null, isSnapshot: false };
    return watchStates(context, { ...watch, from: null, after });
  };
  return openLater(open());
}

/** Events of a source that is still being opened. */
function openLater<T>(opening: Promise<AsyncIterableIterator<T>>): AsyncIterableIterator<T> {
  // Whoever asks for the first event is told.
  opening.catch(() => undefined);
  const events: AsyncIterableIterator<T> = {
    next: async () => (await opening).next(),
    async return() {
      await opening.then(
        (source) => source.return?.(),
        () => undefined,
      );
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}

export function watchTopology(
  context: WatchContext,
  watch: TopologyWatch,
): AsyncIterableIterator<TopologyEvent | GapEvent> {
  return start<TopologyEvent>(context, watchedBy(context, watch), watch.after ?? null, (push) => ({
    onTopology: push,
  }));
}

/**
 * Who goes on behind a cursor may ask for what is gone by now, because its end is among what was missed.
 * @throws LinchpinError NOT_FOUND, so that a misspelt id does not wait for ever
 */
function watchedBy(
  { memory }: WatchContext,
  { ids, within, scope, after }: Pick<TwinWatch, 'ids' | 'within' | 'scope' | 'after'>,
): Watched {
  if (ids && within) throw new LinchpinError('BAD_INPUT', 'give ids or within, not both', { at: 'within' });
  const watched = { ids: ids ? [...new Set(ids)] : null, within: within ?? null, scope: scope ?? null };
  if (!after || after.since >= memory.sequence) requireThere(watched, [memory]);
  return watched;
}

/** In one of these memories, and seen there. @throws LinchpinError NOT_FOUND */
function requireThere({ ids, within, scope }: Watched, memories: readonly Memory[]): void {
  const isThere = (id: string): boolean =>
    memories.some(({ topology, sights }) => topology.twin(id) && (!scope || sights.of(scope).sees(id)));
  for (const id of ids ?? (within === null ? [] : [within])) if (!isThere(id)) throw notFound('twin', id);
}

function statesNow(
  { memory, hub }: WatchContext,
  watched: Watched,
  kinds: ReadonlySet<Twin['kind']> | null,
): StateEvent[] {
  const impact = memory.impact();
  return [...hub.twinsIn(watched)].sort(compareIds).flatMap((id) => {
    const twin = memory.topology.twin(id);
    if (!twin || (kinds && !kinds.has(twin.kind))) return [];
    const { state } = impact.state(id);
    const at = memory.stateSince(id);
    return [
      {
        kind: 'state',
        since: memory.sequence,
        sequence: memory.sequence,
        at,
        id,
        before: state,
        after: state,
        causes: impact.causes(id, SNAPSHOT_CAUSES),
        membership: 'STAYED',
        isSnapshot: true,
      } as const,
    ];
  });
}

const SNAPSHOT_CAUSES = 10;

function start<T extends Watchable & LiveEvent>(
  context: WatchContext,
  watched: Watched,
  after: FeedPosition | null,
  createWatcher: (push: Push<T>, memory: Memory) => Watcher,
  snapshot?: () => T[],
): AsyncIterableIterator<T | GapEvent> {
  const { memory, hub } = context;
  memory.settle();
  const from = memory.sequence;
  if (after !== null && after.sequence > from) {
    const expected = `a cursor of this graph, whose feed ends at ${from}`;
    throw badInput('after', expected, after.sequence);
  }
  if (after !== null && after.since < from) return resume(context, watched, after, createWatcher, snapshot);
  const push: Push<T> = (event) => queue.push(event);
  const queue = new EventQueue<T>(hub.watch(watched, { ...createWatcher(push, memory), onGap: push }));
  for (const event of snapshot?.() ?? []) if (!after || !isTold(event, after)) queue.prefill(event);
  return queue;
}

/** What was missed at the subscriber's pace; then, from one turn to the next, what comes. */
function resume<T extends Watchable & LiveEvent>(
  { memory, hub, replays }: WatchContext,
  watched: Watched,
  after: FeedPosition,
  createWatcher: (push: Push<T>, memory: Memory) => Watcher,
  snapshot?: () => T[],
): AsyncIterableIterator<T | GapEvent> {
  let isLeftBehind = false;
  let leave = (): void => {};
  const queue = new EventQueue<T>(() => leave());
  const tell: Push<T> = (event) => {
    if (event.kind !== 'gap' && isTold(event, after)) return;
    if (isLeftBehind) queue.push(event);
    else queue.prefill(event);
  };
  leave = replays.add({
    watched,
    after: after.since,
    toldUpTo: after.sequence,
    needsStates: createWatcher(() => {}, memory).onState !== undefined,
    createWatcher(past) {
      requireThere(watched, [past, memory]);
      return createWatcher((event) => {
        const twin = event.kind === 'state' && event.id !== undefined ? past.topology.twin(event.id) : undefined;
        tell(twin ? Object.assign({}, event, { twin }) : event);
      }, past);
    },
    room: () => (isLeftBehind ? null : queue.room()),
    leaveBehind: () => {
      isLeftBehind = true;
    },
    goLive(missedFrom) {
      const push: Push<T> = (event) => queue.push(event);
      leave = hub.watch(watched, { ...createWatcher(push, memory), onGap: push });
      if (missedFrom !== null) tell({ kind: 'gap', sequence: memory.sequence, missedFrom });
      for (const event of snapshot?.() ?? []) tell(event);
    },
    fail: (error) => queue.fail(error),
  });
  return queue;
}

/** Whether a subscriber at a position has had an event, or gets it with the rest of its snapshot. */
function isTold({ kind, sequence, id, isSnapshot }: Watchable, after: FeedPosition): boolean {
  if (kind === 'topology' || after.id === null || id === undefined) return sequence <= after.sequence;
  const isUpTo = compareIds(id, after.id) <= 0;
  if (after.isSnapshot) return isSnapshot ? isUpTo : !isUpTo;
  return sequence <= after.sequence && isUpTo;
}
