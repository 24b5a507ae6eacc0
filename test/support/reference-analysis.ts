/** Cut sets, criticality and root causes (section 7) by enumerating every set. */
import type { OperationalState, TwinKind } from '../../src/domain/state.ts';
import { EMPTY_SCENARIO, type CriticalityRow, type DerivedState, type RootCauseRow } from '../../src/impact/types.ts';
import { LEVELS, type Plant, referenceStates, withHealth, withTwins } from './reference-impact.ts';
import { referenceScenario } from './reference-scenario.ts';

type ReferenceCause = Omit<RootCauseRow, 'complete' | 'limit'>;

/** All subsets of 1 to `maxOrder` items, smaller ones first, each in the order of the items. */
export function subsets<T>(items: readonly T[], maxOrder: number): T[][] {
  let last: { set: T[]; end: number }[] = [{ set: [], end: 0 }];
  const all: T[][] = [];
  for (let order = 1; order <= maxOrder; order += 1) {
    last = last.flatMap(({ set, end }) =>
      items.slice(end).map((item, at) => ({ set: [...set, item], end: end + at + 1 })),
    );
    all.push(...last.map(({ set }) => set));
  }
  return all;
}

const rank = (level: DerivedState['worst']) => LEVELS.indexOf(level);

const contains = (set: readonly string[], part: readonly string[]) => part.every((id) => set.includes(id));

export interface CutSetQuestion {
  readonly below: 'OPERATIONAL' | 'DEGRADED';
  readonly maxOrder: number;
  readonly kinds: readonly TwinKind[];
}

/** Judged in the worst case where the twin reaches the level there, else in the best; where it does not reach it at all: none. */
export function referenceCutSets(plant: Plant, of: string, { below, maxOrder, kinds }: CutSetQuestion): string[][] {
  const wanted = LEVELS.indexOf(below);
  const now = referenceStates(plant).get(of) as DerivedState;
  const plane = rank(now.worst) >= wanted ? 'worst' : 'best';
  if (rank(now[plane]) < wanted) return [];
  const candidates = plant.twins.filter((twin) => kinds.includes(twin.kind) && twin.id !== of).map((twin) => twin.id);
  const found: string[][] = [];
  for (const set of subsets(candidates.toSorted(), maxOrder)) {
    if (found.some((smaller) => contains(set, smaller))) continue;
    const after = referenceStates(withHealth(plant, set, 'DOWN')).get(of) as DerivedState;
    if (rank(after[plane]) < wanted) found.push(set);
  }
  return found;
}

/** What the scenario of the twin's single outage tells. */
export function referenceCriticality(plant: Plant, id: string): CriticalityRow {
  const twinById = new Map(plant.twins.map((twin) => [twin.id, twin]));
  const affected = referenceScenario(plant, { ...EMPTY_SCENARIO, outage: [id] });
  const processes = [...affected].filter(([each]) => twinById.get(each)?.kind === 'PROCESS');
  let score = 0;
  for (const [each, { before, after }] of processes) {
    const lost = Math.max(rank(before.worst) - rank(after.worst), rank(before.best) - rank(after.best));
    score += ((twinById.get(each)?.criticality ?? 0) * lost) / 2;
  }
  return {
    id,
    score,
    affected: affected.size,
    processesDown: processes.filter(([, row]) => row.after.state === 'DOWN').length,
    processesDegraded: processes.filter(([, row]) => row.after.state === 'DEGRADED').length,
    firstImpactAtMs: affected.size === 0 ? null : Math.min(...[...affected.values()].map((row) => row.impactAtMs)),
  };
}

/** All twins of the kinds, the most critical first. */
export function referenceRanking(plant: Plant, kinds: readonly TwinKind[]): CriticalityRow[] {
  const rows = plant.twins
    .filter((twin) => kinds.includes(twin.kind))
    .map((twin) => referenceCriticality(plant, twin.id));
  const at = (row: CriticalityRow) => row.firstImpactAtMs ?? Number.MAX_SAFE_INTEGER;
  return rows.toSorted(
    (a, b) => b.score - a.score || at(a) - at(b) || b.affected - a.affected || (a.id < b.id ? -1 : 1),
  );
}

export interface Observation {
  readonly id: string;
  readonly state: OperationalState;
}

const isBad = (state: OperationalState) => state === 'DOWN' || state === 'DEGRADED';

/** Judged on the plant as it is built and switched, with everything healthy but the hypothesis. */
export function referenceRootCauses(
  plant: Plant,
  observations: readonly Observation[],
  { maxOrder, kinds }: { maxOrder: number; kinds: readonly TwinKind[] },
): ReferenceCause[] {
  const healthy = withTwins(plant, () => ({ health: 'OPERATIONAL', planned: false }));
  const candidates = plant.twins.filter((twin) => kinds.includes(twin.kind)).map((twin) => twin.id);
  // What no failure is needed for, nothing is to be explained of.
  const built = referenceStates(healthy);
  const builtLevel = (id: string) => rank((built.get(id) as DerivedState).worst);
  const bad = observations.filter(({ id, state }) => isBad(state) && builtLevel(id) > rank(state as 'DOWN'));
  const good = observations.filter(({ id, state }) => state === 'OPERATIONAL' && builtLevel(id) === 2);
  const rows: ReferenceCause[] = [];
  for (const twins of subsets(candidates.toSorted(), maxOrder)) {
    const predicted = referenceStates(withHealth(healthy, twins, 'DOWN'));
    const level = (id: string) => rank((predicted.get(id) as DerivedState).worst);
    const explained = bad.filter(({ id, state }) => level(id) <= rank(state as 'DOWN' | 'DEGRADED')).length;
    const contradicted = good.filter(({ id }) => level(id) < 2).length;
    if (explained === 0) continue;
    const row = { twins, explained, unexplained: bad.length - explained, contradicted };
    if (!rows.some((part) => contains(twins, part.twins) && byMerit(part, row) <= 0)) rows.push(row);
  }
  return rows.toSorted(
    (a, b) => byMerit(a, b) || a.twins.length - b.twins.length || (a.twins.join('\n') < b.twins.join('\n') ? -1 : 1),
  );
}

function byMerit(a: ReferenceCause, b: ReferenceCause): number {
  return a.contradicted - b.contradicted || a.unexplained - b.unexplained;
}
