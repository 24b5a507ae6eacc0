/** What becomes of past values, for Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { HistoryCounters } from '../application/history-recorder.ts';

export function addHistoryMetrics(registry: Registry, counters: () => HistoryCounters | null): void {
  const total = new Counter({
    name: 'linchpin_history_total',
    help: 'Past values that were appended, thinned or lost, and retries of appends; see docs/HISTORY.md.',
    labelNames: ['what'],
    registers: [],
    collect() {
      this.reset();
      const { waiting: _, ...counts } = counters() ?? { waiting: 0 };
      for (const [what, count] of Object.entries(counts)) this.inc({ what }, count);
    },
  });
  const waiting = new Gauge({
    name: 'linchpin_history_waiting',
    help: 'Past values that the history store has not taken yet.',
    registers: [],
    collect() {
      this.set(counters()?.waiting ?? 0);
    },
  });
  registry.registerMetric(total);
  registry.registerMetric(waiting);
}
