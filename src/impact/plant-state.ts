/** Conditions of a plant and what follows from them: which twins are available in which planes. */
import type { CompiledPlant, PlantCondition } from './compiled-plant.ts';
import { LoopRanks } from './loop-ranks.ts';
import { ALL_PLANES, BITS_BY_HEALTH } from './planes.ts';

/** What an evaluation reads and writes; PLANES bits throughout. */
export interface PlaneView {
  readonly plant: CompiledPlant;
  /** [T] Planes that the twin's own condition reaches. */
  readonly own: Uint8Array;
  /** [T] 0: open. */
  readonly closed: Uint8Array;
  /** [T] Planes in which the twin is available: the result. */
  readonly bits: Uint8Array;
  /** [T] `bits` where closed, else 0: what SUPPLY groups see of the twin. */
  readonly conducting: Uint8Array;
  /** [M] Planes in which the membership counts: 0 while its relationship is open, less than all while a standby waits. */
  readonly memberMask: Uint8Array;
  /** [G] Planes in which a hold-up keeps the group. All 0 but inside a scenario. */
  readonly held: Uint8Array;
  /** [G] Planes in which the group is taken as lost, whatever its members say; null: none. */
  readonly denied: Uint8Array | null;
  /** The one plane that is judged; null: all. */
  readonly plane: number | null;
  /** null: large loops are evaluated afresh each time. */
  readonly loopRanks: LoopRanks | null;
}

/** What states of one plant do not share; nothing is held outside scenarios. */
const COPIED_COLUMNS = [
  'health',
  'planned',
  'closed',
  'relationshipClosed',
  'own',
  'bits',
  'conducting',
  'memberMask',
  'held',
] as const;

export class PlantState implements PlaneView {
  readonly plant: CompiledPlant;
  /** Indexes into OPERATIONAL_STATES, without maintenance. */
  readonly health: Uint8Array;
  readonly planned: Uint8Array;
  readonly closed: Uint8Array;
  readonly criticality: Float64Array;
  relationshipClosed: Uint8Array;
  readonly own: Uint8Array;
  readonly bits: Uint8Array;
  readonly conducting: Uint8Array;
  memberMask: Uint8Array;
  readonly held: Uint8Array;
  /** What relationships say is shared with the state that this was taken over from. */
  #sharesRelationships = false;
  readonly denied = null;
  readonly plane = null;
  loopRanks: LoopRanks | null;

  private constructor(fields: Omit<PlaneView, 'denied' | 'plane'> & PlantCondition) {
    this.plant = fields.plant;
    this.health = fields.health;
    this.planned = fields.planned;
    this.closed = fields.closed;
    this.criticality = fields.criticality;
    this.relationshipClosed = fields.relationshipClosed;
    this.own = fields.own;
    this.bits = fields.bits;
    this.conducting = fields.conducting;
    this.memberMask = fields.memberMask;
    this.held = fields.held;
    this.loopRanks = fields.loopRanks;
  }

  /** Nothing is evaluated yet: `bits` are 0. */
  static create(plant: CompiledPlant, condition: PlantCondition): PlantState {
    const state = new PlantState({
      plant,
      ...condition,
      own: new Uint8Array(plant.twinCount),
      bits: new Uint8Array(plant.twinCount),
      conducting: new Uint8Array(plant.twinCount),
      memberMask: new Uint8Array(plant.memberCount).fill(ALL_PLANES),
      held: new Uint8Array(plant.groupCount),
      loopRanks: LoopRanks.create(plant),
    });
    for (let twin = 0; twin < plant.twinCount; twin += 1) state.own[twin] = state.ownBits(twin);
    for (let relationship = 0; relationship < plant.relationshipCount; relationship += 1)
      if (condition.relationshipClosed[relationship] === 0) state.setRelationshipClosed(relationship, false);
    return state;
  }

  /** Planes that the twin's condition reaches; maintenance takes it out of service. */
  ownBits(twin: number): number {
    return this.planned[twin] === 1 ? 0 : (BITS_BY_HEALTH[this.health[twin] as number] as number);
  }

  /** Opens or closes a relationship; it matters where it supplies. */
  setRelationshipClosed(relationship: number, isClosed: boolean): void {
    this.relationshipClosed[relationship] = isClosed ? 1 : 0;
    if (this.plant.relationshipIsSupply[relationship] === 0) return;
    for (let at = 2 * relationship; at < 2 * relationship + 2; at += 1) {
      const member = this.plant.relationshipMembers[at] as number;
      if (member !== -1) this.memberMask[member] = isClosed ? ALL_PLANES : 0;
    }
  }

  /** A copy to go on with: changes of twins' conditions in it do not reach this. */
  takeOver(): PlantState {
    const { loopRanks } = this;
    this.loopRanks = null;
    return this.#copy(loopRanks, this.held);
  }

  /** A copy to work on while this one goes on. */
  copy(): PlantState {
    const copy = this.#copy(this.loopRanks?.copy() ?? null, new Uint8Array(this.held.length));
    copy.ownRelationships();
    return copy;
  }

  /** Becomes a copy of another state of the same plant. This one must be a copy, too: made by copy(). */
  become(other: PlantState): void {
    for (const column of COPIED_COLUMNS) this[column].set(other[column]);
    this.loopRanks = other.loopRanks?.copy(this.loopRanks) ?? null;
  }

  #copy(loopRanks: LoopRanks | null, held: Uint8Array): PlantState {
    const next = new PlantState({
      loopRanks,
      plant: this.plant,
      health: this.health.slice(),
      planned: this.planned.slice(),
      closed: this.closed.slice(),
      criticality: this.criticality,
      relationshipClosed: this.relationshipClosed,
      own: this.own.slice(),
      bits: this.bits.slice(),
      conducting: this.conducting.slice(),
      memberMask: this.memberMask,
      held,
    });
    next.#sharesRelationships = true;
    return next;
  }

  /** Before relationships are switched for good. */
  ownRelationships(): void {
    if (!this.#sharesRelationships) return;
    this.relationshipClosed = this.relationshipClosed.slice();
    this.memberMask = this.memberMask.slice();
    this.#sharesRelationships = false;
  }

  /** The same plant with every twin healthy and switches as they are; not evaluated yet. */
  healthy(): PlantState {
    return PlantState.create(this.plant, {
      health: new Uint8Array(this.plant.twinCount),
      planned: new Uint8Array(this.plant.twinCount),
      closed: this.closed.slice(),
      criticality: this.criticality,
      relationshipClosed: this.relationshipClosed.slice(),
    });
  }
}
