/**
 * Choosing twins by what is in memory. What is given must all hold; of a list, one value must fit, but of tags all must be there.
 * Conditions on property values are not here: those stand in the graph.
 */
import type { Connectivity, OperationalState, TwinKind } from '../domain/state.ts';
import { matchesText } from './search.ts';
import type { TwinNode } from './topology.ts';

/** The part of a twin filter that memory answers; null or absent: not asked. */
export interface NodeFilter {
  readonly kinds?: readonly TwinKind[] | null | undefined;
  /** A twin fits by its model or any that its model extends. */
  readonly models?: readonly string[] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly states?: readonly OperationalState[] | null | undefined;
  readonly connectivity?: readonly Connectivity[] | null | undefined;
  readonly text?: string | null | undefined;
}

export interface FilterContext {
  /** Whether a model is that one or extends it, directly or through others. */
  isModel(model: string, wanted: string): boolean;
  stateOf(id: string): OperationalState;
}

export function passesFilter(node: TwinNode, filter: NodeFilter, context: FilterContext): boolean {
  const { twin } = node;
  const { kinds, models, tags, states, connectivity, text } = filter;
  if (kinds && !kinds.includes(twin.kind)) return false;
  if (connectivity && !connectivity.includes(twin.connectivity)) return false;
  if (tags && !tags.every((tag) => twin.tags.includes(tag))) return false;
  if (models) {
    const { model } = twin;
    if (model === null || !models.some((wanted) => context.isModel(model, wanted))) return false;
  }
  if (text && !matchesText(twin, text)) return false;
  return !states || states.includes(context.stateOf(twin.id));
}
