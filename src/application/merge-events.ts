/**
 * Two events of one twin as one, for a subscriber that is too slow for both: the latest values win, property by property,
 * and how many events it stands for is told with it.
 */
import type { PropertyChange } from '../domain/change.ts';
import type { GapEvent, ImpactEvent, StateEvent, TopologyEvent, TwinEvent } from './application.ts';

export type LiveEvent = TwinEvent | StateEvent | TopologyEvent | ImpactEvent | GapEvent;

/** Events of one slot can be merged; null: it stands for itself. */
export function slotOf(event: LiveEvent): string | null {
  if (event.kind === 'twin') return event.id;
  return event.kind === 'state' && !event.isSnapshot ? event.id : null;
}

/** Both of one slot. */
export function mergeEvents(earlier: LiveEvent, later: LiveEvent): LiveEvent {
  if (earlier.kind === 'twin' && later.kind === 'twin') {
    const changed = mergeProperties(earlier.changed, later.changed);
    return { ...later, changed, skipped: skippedBy(earlier, later) };
  }
  if (earlier.kind === 'state' && later.kind === 'state') {
    const membership = mergeMembership(earlier.membership, later.membership);
    return { ...later, before: earlier.before, membership, skipped: skippedBy(earlier, later) };
  }
  return later;
}

function skippedBy(earlier: { readonly skipped?: number }, later: { readonly skipped?: number }): number {
  return (earlier.skipped ?? 0) + (later.skipped ?? 0) + 1;
}

function mergeProperties(earlier: readonly PropertyChange[], later: readonly PropertyChange[]): PropertyChange[] {
  const changeByName = new Map(earlier.map((change) => [change.name, change]));
  for (const change of later) {
    const before = changeByName.get(change.name)?.before ?? null;
    changeByName.set(change.name, changeByName.has(change.name) ? { ...change, before } : change);
  }
  return [...changeByName.values()];
}

type Membership = StateEvent['membership'];

/** What became of it over both; who came and went again is told to have gone. */
function mergeMembership(earlier: Membership, later: Membership): Membership {
  if (later === 'LEFT' || earlier === 'STAYED') return later;
  if (earlier === 'JOINED') return 'JOINED';
  return 'STAYED';
}
