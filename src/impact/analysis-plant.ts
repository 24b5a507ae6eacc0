/**
 * A plant for analyses: a copy of its conditions, evaluated, and packed for trying many outages. It is made of numbers
 * alone, most of them on shared memory, so a worker can have it without a copy; the live model goes on meanwhile.
 */
import type { CompiledPlant, PlantCondition } from './compiled-plant.ts';
import { IdIndex } from './id-index.ts';
import type { ImpactModel } from './impact-model.ts';
import type { LaneEvaluator } from './lane-evaluator.ts';
import type { LanePlant } from './lane-plant.ts';
import { ALL_PLANES } from './planes.ts';
import { PlantState } from './plant-state.ts';
import { Workspace, writeTwin } from './simulate.ts';
import { ENDLESS, finish } from './steps.ts';
import { TimedBaseline } from './timed-baseline.ts';
import { type LaneStructure, laneStructure, viewToLanePlant } from './view-to-lane-plant.ts';

/** All of a compiled plant that is not text. */
export type PlantNumbers = Omit<
  CompiledPlant,
  'ids' | 'indexById' | 'relationshipIds' | 'relationshipIndexById' | 'names' | 'dropped'
>;

export interface AnalysisInputs {
  readonly plant: PlantNumbers;
  readonly condition: PlantCondition;
  /** [T] What follows from it: planes in which the twin is available. */
  readonly bits: Uint8Array;
}

/** The plant as it is now; `condition` is a copy. */
export function analysisInputs({ plant, liveState }: ImpactModel): AnalysisInputs {
  const {
    ids: _ids,
    indexById: _indexById,
    relationshipIds: _relationshipIds,
    relationshipIndexById: _relationshipIndexById,
    names: _names,
    dropped: _dropped,
    ...numbers
  } = plant;
  const { health, planned, closed, criticality, relationshipClosed } = liveState;
  const condition = { health, planned, closed, criticality, relationshipClosed };
  const copy = Object.fromEntries(Object.entries(condition).map(([name, array]) => [name, array.slice()]));
  return { plant: numbers, condition: copy as unknown as PlantCondition, bits: liveState.bits.slice() };
}

const NO_TEXT = {
  ids: [],
  indexById: new Map<string, number>(),
  relationshipIds: [],
  relationshipIndexById: IdIndex.of([]),
  names: [],
  dropped: [],
} as const;

export class AnalysisPlant {
  readonly plant: CompiledPlant;
  readonly state: PlantState;
  readonly #structure: LaneStructure;
  #lanes: LanePlant | undefined;
  #timed: TimedBaseline | undefined;
  #workspace: Workspace | undefined;

  constructor({ plant, condition, bits }: AnalysisInputs) {
    this.plant = { ...plant, ...NO_TEXT };
    this.state = PlantState.create(this.plant, condition);
    for (let twin = 0; twin < bits.length; twin += 1) writeTwin(this.state, twin, bits[twin]!);
    this.#structure = laneStructure(this.plant);
  }

  /** Working memory of what runs through time here. */
  get workspace(): Workspace {
    this.#workspace ??= new Workspace(this.plant);
    return this.#workspace;
  }

  get timed(): TimedBaseline {
    if (!this.#timed) {
      this.#timed = new TimedBaseline(this.plant);
      finish(this.#timed.refreshInSteps(this.state, this.workspace.loops, ENDLESS));
    }
    return this.#timed;
  }

  /** As it settles: standbys count, hold-ups do not. */
  get lanes(): LanePlant {
    this.#lanes ??= viewToLanePlant(this.#structure, this.state, ALL_PLANES);
    return this.#lanes;
  }

  /** As it is at the moment of an outage, but without hold-ups: standbys that are not at work yet wait. One plant for planes that agree. */
  lanesAtOutage(): (plane: number) => LanePlant {
    const isSame = [...this.timed.waitingByMember.values()].every((planes) => planes === ALL_PLANES);
    if (!isSame) return (plane) => this.#lanesAtOutage(plane);
    const shared = this.#lanesAtOutage(ALL_PLANES);
    return () => shared;
  }

  #lanesAtOutage(plane: number): LanePlant {
    const { plant, own, closed, held } = this.state;
    const memberMask = this.state.memberMask.slice();
    for (const [member, planes] of this.timed.waitingByMember) memberMask[member]! &= ALL_PLANES & ~planes;
    return viewToLanePlant(this.#structure, { plant, own, closed, memberMask, held }, plane);
  }

  /** Lets the groups that have their charge hold. */
  holdCharged(evaluator: LaneEvaluator): void {
    for (const [group, planes] of this.timed.chargedByGroup) if (planes & evaluator.plane) evaluator.hold(group);
  }

  /** After lanesAtOutage() and holdCharged(): no group holds, and standbys are at work, as in the end. */
  settle(evaluator: LaneEvaluator): void {
    const { memberGroup } = this.plant;
    for (const member of this.timed.waitingByMember.keys()) {
      evaluator.plant.memberShare[member] = this.lanes.memberShare[member]!;
      evaluator.judgeAnew(memberGroup[member]!);
    }
    for (const group of this.timed.chargedByGroup.keys()) evaluator.judgeAnew(group);
  }
}
