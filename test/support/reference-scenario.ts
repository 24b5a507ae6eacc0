/** Scenarios and timelines (sections 5 and 6), stepped event by event over the reference fixpoint. */
import { type OperationalState, worseOf } from '../../src/domain/state.ts';
import { EMPTY_SCENARIO, type DerivedState, type ImpactTwin, type Scenario } from '../../src/impact/types.ts';
import {
  CUTS,
  type Cut,
  derived,
  fixpoint,
  isNetworkType,
  LEVELS,
  levelIn,
  PLANES,
  type Plane,
  type Plant,
  type ReferenceGroup,
  reaches,
  referenceGroups,
  referenceStates,
  roleOf,
  sharesIn,
  thresholdOf,
  withHealth,
  withTwins,
} from './reference-impact.ts';

export interface ReferenceAffected {
  readonly before: DerivedState;
  readonly after: DerivedState;
  readonly certain: boolean;
  readonly worse: boolean;
  readonly impactAtMs: number;
  readonly recoversAtMs: number | null;
  readonly timeline: readonly { readonly atMs: number; readonly state: OperationalState }[];
}

/** What holds without the scenario. */
export function baselineOf(plant: Plant, scenario: Scenario): Plant {
  return scenario.baseline === 'LIVE' ? plant : withTwins(plant, () => ({ health: 'OPERATIONAL', planned: false }));
}

/** The overrides laid over the baseline. */
export function overridden(base: Plant, scenario: Scenario): Plant {
  const switched: Plant = {
    ...base,
    relationships: base.relationships.map((r) =>
      scenario.open.includes(r.id)
        ? { ...r, closed: false }
        : scenario.close.includes(r.id)
          ? { ...r, closed: true }
          : r,
    ),
    twins: base.twins.map((twin) =>
      scenario.open.includes(twin.id)
        ? { ...twin, closed: false }
        : scenario.close.includes(twin.id)
          ? { ...twin, closed: true }
          : twin,
    ),
  };
  const repaired = withTwins(switched, ({ id }) =>
    scenario.repair.includes(id) ? { health: 'OPERATIONAL', planned: false } : {},
  );
  const degraded = withTwins(repaired, ({ id, health }) =>
    scenario.degrade.includes(id) ? { health: worseOf(health, 'DEGRADED') } : {},
  );
  const maintained = withTwins(degraded, ({ id }) => (scenario.maintain.includes(id) ? { planned: true } : {}));
  const zones = scenario.fault.flatMap((id) => [...faultZone(switched, id)]);
  return withHealth(maintained, [...scenario.outage, ...zones], 'DOWN');
}

/**
 * From the twin over closed network relationships up to, and without, the nearest twins that can or do isolate.
 * A fault stays in the medium by which it leaves the twin; what receives and passes nothing on is judged by its supply.
 */
export function faultZone(plant: Plant, from: string): Set<string> {
  const twinById = new Map(plant.twins.map((twin) => [twin.id, twin]));
  const zone = new Set([from]);
  const network = plant.relationships.filter((r) => r.closed && isNetworkType(plant.typeByName.get(r.type)));
  for (const medium of new Set(network.map((r) => r.medium))) {
    const reached = new Set([from]);
    for (const id of reached) {
      for (const r of network.filter((each) => each.medium === medium && (each.source === id || each.target === id))) {
        const next = twinById.get(r.source === id ? r.target : r.source) as ImpactTwin;
        if (next.closed && next.isolates !== true && roleOf(next, medium) !== 'CONSUMER') reached.add(next.id);
      }
    }
    for (const id of reached) zone.add(id);
  }
  return zone;
}

interface Step {
  readonly atMs: number;
  readonly byCut: Record<Cut, Set<string>>;
}

const lossKey = (group: ReferenceGroup, cut: Cut) => `${group.key} ${cut}`;

/** The steps of one plane: levels from each event on, until nothing more happens. */
export function timelineOf(base: Plant, changed: Plant, scenario: Scenario, plane: Plane): Step[] {
  const baseGroups = referenceGroups(base);
  const groups = referenceGroups(changed);
  const loopOf = supplyLoops(changed, groups);
  const all = new Set(base.twins.map((twin) => twin.id));
  const lossAt = new Map<string, number>();
  const chargeLeft = new Map<string, number>();
  const byCut = (compute: (cut: Cut) => Set<string>): Record<Cut, Set<string>> => ({ 1: compute(1), 2: compute(2) });
  const now = { at: Number.NEGATIVE_INFINITY };
  const counts = (group: ReferenceGroup) => (member: { standbyDelayMs: number }) =>
    member.standbyDelayMs === 0 ||
    now.at >= (lossAt.get(group.key) ?? Number.POSITIVE_INFINITY) + member.standbyDelayMs;
  const raw = (group: ReferenceGroup, cut: Cut, over: ReadonlySet<string>) =>
    sharesIn(group, over, counts(group)) >= thresholdOf(group, cut);
  const evaluate = (plant: Plant, of: readonly ReferenceGroup[], cut: Cut, running: Set<string>, off: number | null) =>
    fixpoint(
      plant,
      of,
      (twin) => reaches(twin, cut, plane),
      (group, over) =>
        raw(group, cut, over) ||
        ((off === null || loopOf(group) !== off) && (chargeLeft.get(lossKey(group, cut)) ?? 0) > 0),
      running,
    );

  // The moment before: a standby is at work where its group does not reach full without it, all else being as it is;
  // in a loop also where the loop falls short while the others wait, lest its own work hides that it is needed.
  const needLoopOf = needLoops(base, baseGroups);
  const atWork = new Set<string>();
  for (const loop of new Set(base.twins.map((twin) => needLoopOf(twin.id)))) {
    const inLoop = baseGroups.filter((group) => needLoopOf(group.owner) === loop);
    for (const group of baseGroups) lossAt.set(group.key, Number.NEGATIVE_INFINITY);
    const asItIs = evaluate(base, baseGroups, 2, all, null);
    const isShort = (group: ReferenceGroup): boolean => {
      lossAt.delete(group.key);
      const falls = !raw(group, 2, asItIs);
      lossAt.set(group.key, Number.NEGATIVE_INFINITY);
      return falls;
    };
    const called = new Set(inLoop.filter(isShort).map((group) => group.key));
    for (;;) {
      lossAt.clear();
      for (const group of baseGroups)
        if (!inLoop.includes(group) || called.has(group.key)) lossAt.set(group.key, Number.NEGATIVE_INFINITY);
      const full = evaluate(base, baseGroups, 2, all, null);
      const lost = inLoop.filter((group) => !called.has(group.key) && !raw(group, 2, full));
      if (lost.length === 0) break;
      for (const group of lost) called.add(group.key);
    }
    for (const key of called) atWork.add(key);
  }
  lossAt.clear();
  for (const key of atWork) lossAt.set(key, Number.NEGATIVE_INFINITY);
  const before = byCut((cut) => evaluate(base, baseGroups, cut, all, null));
  const heldBefore = new Set(
    baseGroups.flatMap((g) => CUTS.filter((cut) => raw(g, cut, before[cut])).map((cut) => lossKey(g, cut))),
  );
  const askedBefore = new Set(baseGroups.map((group) => group.key));
  const isCharged = (g: ReferenceGroup, cut: Cut) => heldBefore.has(lossKey(g, cut)) || !askedBefore.has(g.key);
  if (scenario.coldStart) lossAt.clear();
  else
    for (const g of groups) for (const cut of CUTS) if (isCharged(g, cut)) chargeLeft.set(lossKey(g, cut), g.holdUpMs);

  const steps: Step[] = [];
  let running = scenario.coldStart ? byCut(() => new Set()) : before;
  now.at = 0;
  for (;;) {
    const levels = byCut((cut) => evaluate(changed, groups, cut, running[cut], null));
    steps.push({ atMs: now.at, byCut: levels });
    const clockLevels = (group: ReferenceGroup, cut: Cut) => {
      const loop = loopOf(group);
      return loop === null ? levels[cut] : evaluate(changed, groups, cut, running[cut], loop);
    };
    const lost = groups.flatMap((g) =>
      CUTS.filter((cut) => !raw(g, cut, clockLevels(g, cut))).map((cut) => ({ g, cut })),
    );
    const events: number[] = [];
    for (const { g, cut } of lost) {
      if (cut === 2 && !lossAt.has(g.key)) lossAt.set(g.key, now.at);
      const left = chargeLeft.get(lossKey(g, cut)) ?? 0;
      if (left > 0) events.push(now.at + left);
    }
    for (const g of groups) {
      const loss = lossAt.get(g.key);
      if (loss !== undefined) events.push(...g.members.map((m) => loss + m.standbyDelayMs).filter((at) => at > now.at));
    }
    const next = Math.min(...events);
    if (!Number.isFinite(next) || (scenario.horizonMs !== null && next > scenario.horizonMs)) return steps;
    for (const { g, cut } of lost)
      chargeLeft.set(lossKey(g, cut), (chargeLeft.get(lossKey(g, cut)) ?? 0) - (next - now.at));
    running = levels;
    now.at = next;
  }
}

/** Twins that need each other, whatever the mode, by the first of their ids. */
function needLoops(plant: Plant, groups: readonly ReferenceGroup[]): (id: string) => string {
  const needsById = new Map<string, Set<string>>();
  for (const { id } of plant.twins) {
    const reached = new Set<string>([id]);
    for (const twin of reached) {
      for (const group of groups) if (group.owner === twin) for (const m of group.members) reached.add(m.twin);
    }
    needsById.set(id, reached);
  }
  const needs = (a: string, b: string) => needsById.get(a)?.has(b) === true;
  const ids = plant.twins.map((twin) => twin.id).toSorted();
  return (id) => ids.find((other) => needs(id, other) && needs(other, id)) as string;
}

/** The supply loop that a group belongs to: its owner and one of its members feed each other. null: none. */
function supplyLoops(plant: Plant, groups: readonly ReferenceGroup[]): (group: ReferenceGroup) => number | null {
  const index = new Map(plant.twins.map((twin, at) => [twin.id, at]));
  const suppliedBy = new Map<string, Set<string>>();
  for (const { id } of plant.twins) {
    const reached = new Set<string>([id]);
    for (const twin of reached) {
      for (const g of groups.filter((group) => group.owner === twin && group.mode === 'SUPPLY')) {
        for (const m of g.members) if (m.conducts) reached.add(m.twin);
      }
    }
    suppliedBy.set(id, reached);
  }
  const inOneLoop = (a: string, b: string) => suppliedBy.get(a)?.has(b) === true && suppliedBy.get(b)?.has(a) === true;
  return (group) => {
    if (group.mode !== 'SUPPLY' || !group.members.some((m) => m.conducts && inOneLoop(group.owner, m.twin)))
      return null;
    return Math.min(
      ...plant.twins.filter((twin) => inOneLoop(group.owner, twin.id)).map((twin) => index.get(twin.id) as number),
    );
  };
}

/** The scenario's own twins: they are not in its answer. */
export function scenarioTwins(plant: Plant, scenario: Scenario): Set<string> {
  const { outage, degrade, repair, maintain, fault, open, close } = scenario;
  const base = baselineOf(plant, scenario);
  const switched = overridden(base, { ...EMPTY_SCENARIO, open, close });
  const zones = fault.flatMap((id) => [...faultZone(switched, id)]);
  return new Set([...outage, ...degrade, ...repair, ...maintain, ...zones, ...open, ...close]);
}

const rank = (level: DerivedState['worst']) => LEVELS.indexOf(level);

/** The difference that a scenario makes, by twin. */
export function referenceScenario(plant: Plant, scenario: Scenario): Map<string, ReferenceAffected> {
  const base = baselineOf(plant, scenario);
  const changed = overridden(base, scenario);
  const beforeById = referenceStates(base);
  const steps = {
    worst: timelineOf(base, changed, scenario, 'worst'),
    best: timelineOf(base, changed, scenario, 'best'),
  };
  const instants = [...new Set(PLANES.flatMap((plane) => steps[plane].map((step) => step.atMs)))].toSorted(
    (a, b) => a - b,
  );
  const own = scenarioTwins(plant, scenario);
  const affected = new Map<string, ReferenceAffected>();
  for (const { id } of plant.twins) {
    if (own.has(id)) continue;
    const states = instants.map((atMs) => {
      const level = (plane: Plane) => levelIn(id, (steps[plane].findLast((step) => step.atMs <= atMs) as Step).byCut);
      // A standby that starts earlier in the worst case can put it above the best for a while.
      const [low, high] = [level('worst'), level('best')].toSorted((a, b) => rank(a) - rank(b)) as [
        DerivedState['worst'],
        DerivedState['worst'],
      ];
      return { atMs, ...derived(low, high) };
    });
    const row = differenceOf(beforeById.get(id) as DerivedState, states);
    if (row) affected.set(id, row);
  }
  return affected;
}

function differenceOf(
  before: DerivedState,
  states: readonly (DerivedState & { atMs: number })[],
): ReferenceAffected | null {
  const isWorse = (s: DerivedState) => rank(s.worst) < rank(before.worst) || rank(s.best) < rank(before.best);
  const isBetter = (s: DerivedState) => rank(s.worst) > rank(before.worst) || rank(s.best) > rank(before.best);
  const worse = states.filter(isWorse);
  const better = states.filter(isBetter);
  const [first] = worse.length > 0 ? worse : better;
  if (!first) return null;
  // What is better only for a while settles in what it was: no difference.
  if (worse.length === 0 && !isBetter(states.at(-1) as (typeof states)[number])) return null;
  const lastWorse = states.findLastIndex(isWorse);
  const worst = worse.toSorted((a, b) => rank(a.best) - rank(b.best) || rank(a.worst) - rank(b.worst))[0];
  const timeline = states
    .filter((s, at) => at === 0 || s.state !== states[at - 1]?.state)
    .map(({ atMs, state }) => ({ atMs, state }));
  return {
    before,
    after: worst ?? (states.at(-1) as DerivedState),
    worse: worse.length > 0,
    certain:
      worse.length > 0
        ? worse.some((s) => rank(s.best) < rank(before.best))
        : better.some((s) => rank(s.worst) > rank(before.worst)),
    impactAtMs: first.atMs,
    recoversAtMs: worse.length > 0 ? (states[lastWorse + 1]?.atMs ?? null) : null,
    timeline,
  };
}

/** Affected by planned work alone: down or degraded with everything, but not because of anything unplanned. */
export function referencePlannedOnly(plant: Plant, scenario: Scenario): Set<string> {
  const all = overridden(baselineOf(plant, scenario), scenario);
  const plannedAlone = referenceStates(withTwins(all, () => ({ health: 'OPERATIONAL' })));
  const unplannedAlone = referenceStates(withTwins(all, () => ({ planned: false })));
  const together = referenceStates(all);
  const below = (a: DerivedState | undefined, b: number) => rank((a as DerivedState).worst) < b;
  return new Set(
    plant.twins
      .map((twin) => twin.id)
      .filter((id) => {
        const planned = rank((plannedAlone.get(id) as DerivedState).worst);
        const unplanned = below(unplannedAlone.get(id), 2) || below(together.get(id), planned);
        return below(together.get(id), 2) && !unplanned;
      }),
  );
}
