/**
 * Order by the version that a source counts, where its times may be missing, equal or set back: what is told under a
 * higher version gets no earlier time than what was told before, and what comes late no later one.
 */
import { parseObservedAt } from '../../domain/parse-observed-at.ts';
import { TELEMETRY_LIMITS } from '../telemetry-limits.ts';
import { RecentMap } from './recent-map.ts';

export class VersionOrder {
  readonly #lastBySource = new RecentMap<{ readonly version: number; readonly at: number }>(TELEMETRY_LIMITS.sources);

  /** Epoch milliseconds that stand for the version; `time` that is none counts as absent, and `now` stands for it. */
  at(source: string, version: number, time: unknown, now: number): number {
    const told = timeOf(time) ?? now;
    const last = this.#lastBySource.get(source);
    if (last === undefined || version > last.version) {
      const at = last === undefined ? told : Math.max(told, last.at);
      this.#lastBySource.set(source, { version, at });
      return at;
    }
    return version === last.version ? last.at : Math.min(told, last.at);
  }

  /** The source counts from the beginning again. */
  forget(source: string): void {
    this.#lastBySource.delete(source);
  }
}

function timeOf(time: unknown): number | undefined {
  if (time === undefined || time === null) return undefined;
  try {
    return parseObservedAt(time);
  } catch {
    return undefined;
  }
}
