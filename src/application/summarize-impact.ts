/** Counts over the whole answer to a scenario. */
import { type OperationalState, TWIN_KINDS, type TwinKind } from '../domain/state.ts';
import type { AffectedTwin } from '../impact/types.ts';
import type { TopologyView } from '../topology/topology.ts';
import type { ScenarioResult } from './application.ts';

/** As ImpactSummary of the API tells them. */
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
  readonly newlyAtRisk: number;
  readonly hidden: number;
  readonly staleInputs: number;
}

/** Better to worse, for counting what got worse. */
const RANK: Record<OperationalState, number> = { OPERATIONAL: 0, UNKNOWN: 1, DEGRADED: 2, DOWN: 3 };

export function summarizeImpact({ answer, hidden = 0 }: ScenarioResult, topology: TopologyView): ImpactCounts {
  const kindOf = (affected: AffectedTwin) => topology.twin(affected.id)?.kind;
  const worse = answer.affected.filter(({ before, after }) => RANK[after] > RANK[before]);
  const down = worse.filter(({ after }) => after === 'DOWN');
  const degraded = worse.filter(({ after }) => after === 'DEGRADED');
  const isProcess = (affected: AffectedTwin) => kindOf(affected) === 'PROCESS';
  return {
    affected: answer.affected.length,
    down: down.length,
    degraded: degraded.length,
    restored: answer.affected.filter(({ before, after }) => RANK[after] < RANK[before]).length,
    possible: answer.affected.filter(({ certainty }) => certainty === 'POSSIBLE').length,
    byKind: TWIN_KINDS.map((kind) => ({ kind, count: answer.affected.filter((row) => kindOf(row) === kind).length })),
    processesDown: down.filter(isProcess).length,
    processesDegraded: degraded.filter(isProcess).length,
    firstImpactAt: worse.length === 0 ? null : worse.reduce((first, row) => Math.min(first, row.impactAtMs), Infinity),
    newlyAtRisk: answer.newlyAtRisk.length,
    hidden,
    staleInputs: answer.staleInputs,
  };
}
