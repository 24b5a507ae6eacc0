/** A scenario in ids becomes overrides in numbers (IMPACT.md 6). Where its lists contradict each other, the worse wins. */
import { badInput } from '../domain/errors.ts';
import { OPERATIONAL_STATES } from '../domain/state.ts';
import type { CompiledPlant } from './compiled-plant.ts';
import type { FaultZones, Switching } from './fault-zone.ts';
import { ALL_PLANES, BITS_BY_HEALTH, CUT1 } from './planes.ts';
import type { PlantState } from './plant-state.ts';
import type { Overrides } from './simulate.ts';
import type { Pace, Steps } from './steps.ts';
import type { Scenario } from './types.ts';

export interface ResolvedScenario extends Overrides {
  /** The scenario's own twins, fault zones included. They are not in its answer. */
  readonly twins: ReadonlySet<number>;
  /** By faulted twin: its zone. */
  readonly zoneByFault: ReadonlyMap<number, readonly number[]>;
}

const DOWN = OPERATIONAL_STATES.indexOf('DOWN');

/** What of a scenario is laid over which conditions: all of it, or the planned or the unplanned outages alone. */
export type Share = 'ALL' | 'PLANNED' | 'UNPLANNED';

export interface ScenarioQuestion {
  readonly scenario: Scenario;
  readonly zones: () => FaultZones;
  /** ALL, where none is given. */
  readonly share?: Share;
  readonly pace: Pace;
}

/** A twin that the scenario names, in memberships looked at (see Pace). */
const NAMED_AS = 8;

/** @throws LinchpinError BAD_INPUT for ids that are not there, and for relationships that do not supply. */
export function* resolveScenario(
  state: PlantState,
  { scenario, zones, share = 'ALL', pace }: ScenarioQuestion,
): Steps<ResolvedScenario> {
  const { plant } = state;
  const own = new Map<number, number>();
  const closed = new Map<number, boolean>();
  const relationshipClosed = new Map<number, boolean>();
  const twins = new Set<number>();
  for (const list of ['close', 'open'] as const) {
    for (const [at, id] of scenario[list].entries()) {
      const twin = plant.indexById.get(id);
      if (twin === undefined)
        relationshipClosed.set(switchable(plant, id, `scenario.${list}[${at}]`), list === 'close');
      else {
        closed.set(twin, list === 'close');
        twins.add(twin);
      }
    }
  }
  function* named(list: 'outage' | 'degrade' | 'repair' | 'maintain' | 'fault'): Steps<number[]> {
    const indexes: number[] = [];
    for (const [at, id] of scenario[list].entries()) {
      const twin = plant.indexById.get(id);
      if (twin === undefined) throw badInput(`scenario.${list}[${at}]`, 'the id of a twin', id);
      twins.add(twin);
      indexes.push(twin);
      if (pace.isDue(NAMED_AS)) yield;
    }
    return indexes;
  }
  const hasPlanned = share !== 'UNPLANNED';
  const hasUnplanned = share !== 'PLANNED';
  for (const twin of yield* named('repair')) own.set(twin, ALL_PLANES);
  for (const twin of yield* named('degrade'))
    if (hasUnplanned) own.set(twin, degradedBits(state, twin, own, hasPlanned));
  for (const twin of yield* named('maintain')) if (hasPlanned) own.set(twin, 0);
  for (const twin of yield* named('outage')) if (hasUnplanned) own.set(twin, 0);
  const switching: Switching = {
    isClosed: (twin) => closed.get(twin) ?? state.closed[twin] === 1,
    isRelationshipClosed: (each) => relationshipClosed.get(each) ?? state.relationshipClosed[each] === 1,
  };
  const zoneByFault = new Map<number, readonly number[]>();
  for (const fault of yield* named('fault')) {
    const zone = yield* zones().zoneOf(fault, switching, pace);
    zoneByFault.set(fault, zone);
    for (const twin of zone) {
      twins.add(twin);
      if (hasUnplanned) own.set(twin, 0);
      if (pace.isDue(NAMED_AS)) yield;
    }
  }
  return { own, closed, relationshipClosed, twins, zoneByFault };
}

/** To degrade what is down leaves it down. */
function degradedBits(state: PlantState, twin: number, own: ReadonlyMap<number, number>, hasPlanned: boolean): number {
  if (own.has(twin)) return CUT1;
  if (hasPlanned && state.planned[twin] === 1) return 0;
  return state.health[twin] === DOWN ? 0 : CUT1;
}

function switchable(plant: CompiledPlant, id: string, at: string): number {
  const relationship = plant.relationshipIndexById.get(id);
  if (relationship === undefined || plant.relationshipIsSupply[relationship] === 0)
    throw badInput(at, 'the id of a twin, or of a relationship that supplies', id);
  return relationship;
}

/**
 * Conditions under planned outages alone, or unplanned ones alone, as overrides of the state's.
 * `abnormal`: twins that are not healthy or in maintenance.
 */
export function conditionsOf(state: PlantState, abnormal: Iterable<number>, share: 'PLANNED' | 'UNPLANNED'): Overrides {
  const own = new Map<number, number>();
  for (const twin of abnormal) {
    const isPlanned = state.planned[twin] === 1;
    if (share === 'UNPLANNED' && isPlanned) own.set(twin, BITS_BY_HEALTH[state.health[twin] as number] as number);
    if (share === 'PLANNED' && !isPlanned) own.set(twin, ALL_PLANES);
  }
  return { own, closed: new Map(), relationshipClosed: new Map() };
}
