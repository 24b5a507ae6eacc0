/** Which values the models say are worth keeping: see HistoryPolicy. */
import type { HistoryPolicy, PastValue, SeriesValue } from '../domain/history.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Memory } from './memory.ts';

export class Thinning {
  readonly #memory: Memory;
  /** The newest value kept of each series that is thinned. */
  readonly #lastByTwin = new Map<string, Map<string, PastValue>>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Whether every value of the series is kept. */
  keepsAll(value: SeriesValue): boolean {
    return !this.#policyOf(value);
  }

  /** Whether to keep a value; remembers it if so. What comes late is kept: what stands around it in time is unknown. */
  isKept(value: SeriesValue): boolean {
    const policy = this.#policyOf(value);
    if (!policy) return true;
    let lastByProperty = this.#lastByTwin.get(value.twin);
    if (lastByProperty === undefined) this.#lastByTwin.set(value.twin, (lastByProperty = new Map()));
    const last = lastByProperty.get(value.property);
    if (last && value.at <= last.at) return true;
    if (last && !isWorthKeeping(value, last, policy)) return false;
    lastByProperty.set(value.property, value);
    return true;
  }

  forgetTwin(id: string): void {
    this.#lastByTwin.delete(id);
  }

  #policyOf({ twin: id, property }: SeriesValue): HistoryPolicy | null | undefined {
    const model = this.#memory.topology.twin(id)?.model;
    return model == null ? null : this.#memory.models.resolved(model)?.propertyByName.get(property)?.history;
  }
}

function isWorthKeeping(value: PastValue, last: PastValue, { deadband, maxIntervalMs }: HistoryPolicy): boolean {
  if (value.quality !== last.quality) return true;
  if (maxIntervalMs !== null && value.at - last.at >= maxIntervalMs) return true;
  if (typeof value.value === 'number' && typeof last.value === 'number')
    return Math.abs(value.value - last.value) > deadband;
  return !isSameValue(value.value, last.value);
}
