/** Counts over the whole answer to a scenario. */
import { TWIN_KINDS, type TwinKind } from '../domain/state.ts';
import { ITEMS_PER_STEP, type Steps } from '../impact/steps.ts';
import type { TopologyView } from '../topology/topology.ts';
import type { ScenarioResult } from './application.ts';

/** As ImpactSummary of the API tells them, but for `newlyAtRisk`, which the answer tells when asked. */
export interface ImpactCounts {
  readonly affected: number;
  readonly down: number;
  readonly degraded: number;
  readonly restored: number;
  readonly possible: number;
  readonly byKind: readonly { readonly kind: TwinKind; readonly count: number }[];
  readonly processesDown: number;
  readonly processesDegraded: number;
  /** Milliseconds. */
  readonly firstImpactAt: number | null;
  readonly hidden: number;
  readonly staleInputs: number;
}

export function* summarizeImpact({ answer, hidden = 0 }: ScenarioResult, topology: TopologyView): Steps<ImpactCounts> {
  const countByKind: Record<TwinKind, number> = { ASSET: 0, PROCESS: 0, SYSTEM: 0 };
  const counts = { down: 0, degraded: 0, restored: 0, possible: 0, processesDown: 0, processesDegraded: 0 };
  let firstImpactAt = Infinity;
  const { affected } = answer;
  for (let at = 0; at < affected.length; at += 1) {
    if (at % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
    const kind = topology.twin(affected.id(at))?.kind;
    if (kind) countByKind[kind] += 1;
    if (affected.certainty(at) === 'POSSIBLE') counts.possible += 1;
    if (!affected.isWorse(at)) {
      counts.restored += 1;
      continue;
    }
    firstImpactAt = Math.min(firstImpactAt, affected.impactAtMs(at));
    const after = affected.after(at);
    if (after === 'DOWN') counts.down += 1;
    if (after === 'DEGRADED') counts.degraded += 1;
    if (kind === 'PROCESS' && after === 'DOWN') counts.processesDown += 1;
    if (kind === 'PROCESS' && after === 'DEGRADED') counts.processesDegraded += 1;
  }
  return {
    affected: affected.length,
    ...counts,
    byKind: TWIN_KINDS.map((kind) => ({ kind, count: countByKind[kind] })),
    firstImpactAt: firstImpactAt === Infinity ? null : firstImpactAt,
    hidden,
    staleInputs: answer.staleInputs,
  };
}
