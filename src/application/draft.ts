/**
 * What a commit is going to change, laid over memory: reads see it, memory does not.
 * At the end it tells the differences, as they go into the graph and into the feed.
 */
import { NO_JUDGEMENT } from '../domain/evaluate-limits.ts';
import { isSameList } from '../domain/same-list.ts';
import type { Changes, PropertyChange, RelationshipChange, TwinChange } from '../domain/change.ts';
import type { Model, ResolvedModel } from '../domain/model.ts';
import { EMPTY_PROPERTY, type PropertyState } from '../domain/property.ts';
import type { Scope } from '../domain/principal.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Relationship, RelationshipType } from '../domain/relationship.ts';
import { resolveModel } from '../domain/resolve-model.ts';
import type { Twin } from '../domain/twin.ts';
import type { Memory } from './memory.ts';
import { typesOf } from './model-registry.ts';
import { healthOf, isMonitored, judgeProperty } from './monitor.ts';
import type { StoreTransaction } from './twin-store.ts';

interface Slot<T> {
  readonly before: T | null;
  after: T | null;
  /** Goes into the record even where nothing differs. */
  isTold?: boolean;
}

export class Draft {
  readonly memory: Memory;
  readonly transaction: StoreTransaction;
  /** Epoch milliseconds of the commit. */
  readonly at: number;
  readonly #twins = new Map<string, Slot<Twin>>();
  readonly #properties = new Map<string, Map<string, Slot<PropertyState>>>();
  readonly #relationships = new Map<string, Slot<Relationship>>();
  readonly #models = new Map<string, Slot<Model>>();
  readonly #newWholesById = new Map<string, string[]>();
  #modelView: ReadonlyMap<string, Model> | undefined;
  #typeView: ReadonlyMap<string, RelationshipType> | undefined;
  readonly #resolvedById = new Map<string, ResolvedModel | undefined>();

  /** Twins outside it are not there for who drafts. */
  readonly #scope: Scope | null;

  constructor(memory: Memory, transaction: StoreTransaction, at: number, scope: Scope | null = null) {
    this.#scope = scope;
    this.memory = memory;
    this.transaction = transaction;
    this.at = at;
  }

  // --- reading

  /** Whoever drafts changes what they see, and makes nothing new: nobody would see it, or it is there unseen. */
  get isScoped(): boolean {
    return this.#scope !== null;
  }

  /** Whether a twin that has the model is seen by who drafts. */
  allowsModel(model: string | null): boolean {
    const models = this.#scope?.models ?? null;
    return models === null || models.some((other) => this.memory.models.isA(model, other));
  }

  #sees(id: string): boolean {
    return this.#scope === null || this.memory.sights.of(this.#scope).sees(id);
  }

  twin(id: string): Twin | undefined {
    if (!this.#sees(id)) return undefined;
    const slot = this.#twins.get(id);
    return slot ? (slot.after ?? undefined) : this.memory.topology.twin(id);
  }

  relationship(id: string): Relationship | undefined {
    const slot = this.#relationships.get(id);
    const relationship = slot ? slot.after : this.memory.topology.relationship(id);
    return relationship && this.#sees(relationship.source) && this.#sees(relationship.target)
      ? relationship
      : undefined;
  }

  /** Whether a relationship with that id is there, seen or not. */
  isTaken(id: string): boolean {
    return this.memory.topology.relationship(id) !== undefined;
  }

  /** Ids of the twins that a twin is part of. */
  *wholesOf(id: string): Generator<string> {
    for (const { relationship } of this.memory.topology.node(id)?.outgoing ?? []) {
      if (relationship.type === 'PART_OF' && this.#isThere(relationship.id)) yield relationship.target;
    }
    yield* this.#newWholesById.get(id) ?? [];
  }

  #isThere(relationship: string): boolean {
    return this.#relationships.get(relationship)?.after !== null;
  }

  get modelById(): ReadonlyMap<string, Model> {
    if (this.#models.size === 0) return this.memory.models.modelById;
    this.#modelView ??= new Map([
      ...this.memory.models.modelById,
      ...[...this.#models].flatMap(([id, { after }]) => (after ? [[id, after] as const] : [])),
    ]);
    return this.#modelView;
  }

  resolvedModel(id: string | null): ResolvedModel | undefined {
    if (id === null) return undefined;
    if (this.#models.size === 0) return this.memory.models.resolved(id);
    if (!this.#resolvedById.has(id)) this.#resolvedById.set(id, resolveModel(id, this.modelById));
    return this.#resolvedById.get(id);
  }

  typeByName(): ReadonlyMap<string, RelationshipType> {
    if (this.#models.size === 0) return this.memory.models.typeByName;
    this.#typeView ??= typesOf(this.modelById.values());
    return this.#typeView;
  }

  /** Reads the states that stand in the graph, so that property() and setProperty() know them: one statement. */
  async loadProperties(ids: readonly string[], names?: readonly string[]): Promise<void> {
    const known = ids.filter((id) => this.memory.topology.twin(id) !== undefined);
    if (known.length === 0) return;
    for (const [id, states] of await this.transaction.properties(known, names)) {
      const slots = this.#propertySlots(id);
      for (const [name, state] of states) if (!slots.has(name)) slots.set(name, { before: state, after: state });
    }
  }

  /** The same for monitored properties, from memory: the feed's lock is held, so they stand in the graph like that. */
  takeMonitored(id: string): void {
    const slots = this.#propertySlots(id);
    for (const [name, { state }] of this.memory.monitor.of(id))
      if (!slots.has(name)) slots.set(name, { before: state, after: state });
  }

  /** As loaded or drafted; undefined where there is none. */
  property(id: string, name: string): PropertyState | undefined {
    return this.#properties.get(id)?.get(name)?.after ?? undefined;
  }

  *properties(id: string): Generator<[string, PropertyState]> {
    for (const [name, { after }] of this.#properties.get(id) ?? []) if (after) yield [name, after];
  }

  // --- drafting

  createTwin(twin: Twin): void {
    this.#twins.set(twin.id, { before: this.#twins.get(twin.id)?.before ?? null, after: twin });
  }

  changeTwin(id: string, fields: Partial<Twin>): void {
    const twin = this.twin(id);
    if (twin) this.#twinSlot(id).after = { ...twin, ...fields };
  }

  /** With its relationships. Its properties must have been loaded. */
  deleteTwin(id: string): void {
    const node = this.memory.topology.node(id);
    for (const link of [...(node?.outgoing ?? []), ...(node?.incoming ?? [])])
      this.deleteRelationship(link.relationship.id);
    this.#twinSlot(id).after = null;
    for (const slot of this.#properties.get(id)?.values() ?? []) slot.after = null;
  }

  /** The property must have been loaded, unless the twin is new. undefined takes it away. */
  setProperty(id: string, name: string, fields: Partial<PropertyState> | undefined): void {
    const slots = this.#propertySlots(id);
    const slot = slots.get(name) ?? { before: null, after: null };
    slot.after = fields ? { ...(slot.after ?? EMPTY_PROPERTY), ...fields } : null;
    slots.set(name, slot);
  }

  /** What was not loaded stands in the graph as memory has it. */
  #putJudged(id: string, name: string, after: PropertyState): void {
    const slots = this.#propertySlots(id);
    const slot = slots.get(name) ?? { before: this.memory.monitor.of(id).get(name)?.state ?? null, after };
    slot.after = after;
    slots.set(name, slot);
  }

  /** A reading that the graph has taken already: both sides are known. */
  noteApplied(id: string, name: string, before: PropertyState | null, after: PropertyState): void {
    this.#propertySlots(id).set(name, { before, after });
  }

  /**
   * Puts the monitored properties of a twin into the record as they are: its model changed, and whoever follows
   * the feed keeps from now on states that only the graph had.
   */
  tellMonitored(id: string): void {
    const model = this.resolvedModel(this.twin(id)?.model ?? null);
    for (const [name, slot] of this.#properties.get(id) ?? [])
      if (isMonitored(model?.propertyByName.get(name))) slot.isTold = true;
  }

  putRelationship(relationship: Relationship): void {
    const before = this.memory.topology.relationship(relationship.id) ?? null;
    const slot = this.#relationships.get(relationship.id);
    if (slot) slot.after = relationship;
    else this.#relationships.set(relationship.id, { before, after: relationship });
    if (before || relationship.type !== 'PART_OF') return;
    const wholes = this.#newWholesById.get(relationship.source);
    if (wholes) wholes.push(relationship.target);
    else this.#newWholesById.set(relationship.source, [relationship.target]);
  }

  deleteRelationship(id: string): void {
    const before = this.memory.topology.relationship(id) ?? null;
    const slot = this.#relationships.get(id);
    if (slot) slot.after = null;
    else this.#relationships.set(id, { before, after: null });
  }

  putModel(model: Model): void {
    this.#models.set(model.id, { before: this.memory.models.modelById.get(model.id) ?? null, after: model });
    this.#modelView = undefined;
    this.#typeView = undefined;
    this.#resolvedById.clear();
  }

  /** Judges a twin's limits again by the states at hand (loaded, drafted, or in memory) and sets its measured health. */
  judge(id: string): void {
    const twin = this.twin(id);
    if (!twin) return;
    const model = this.resolvedModel(twin.model);
    const states = new Map<string, PropertyState>();
    for (const [name, { state }] of this.memory.monitor.of(id)) states.set(name, state);
    for (const [name, { after }] of this.#properties.get(id) ?? []) {
      if (after) states.set(name, after);
      else states.delete(name);
    }
    for (const [name, state] of states) {
      const property = model?.propertyByName.get(name);
      const { active, pendingSince } =
        isMonitored(property) && property
          ? judgeProperty(property, state, this.memory.monitor.of(id).get(name), this.at)
          : NO_JUDGEMENT;
      const { pendingLimits, ...others } = state;
      const pending = [...pendingSince].flat();
      if (isSameList(active, state.activeLimits) && isSameList(pending, pendingLimits)) continue;
      const judged = { ...others, activeLimits: active, ...(pending.length > 0 && { pendingLimits: pending }) };
      states.set(name, judged);
      this.#putJudged(id, name, judged);
    }
    const measuredHealth = healthOf(model, states, twin.connectivity === 'OFFLINE');
    if (measuredHealth !== twin.measuredHealth) this.changeTwin(id, { measuredHealth });
  }

  // --- the outcome

  /** The differences. Twins that changed get their next revision. */
  changes(): Changes {
    const touched = new Set([...this.#twins.keys(), ...this.#properties.keys()]);
    const twins: TwinChange[] = [];
    for (const id of touched) {
      const change = this.#twinChange(id);
      if (change) twins.push(change);
    }
    return {
      twins,
      relationships: [...this.#relationships].flatMap(([id, slot]) => relationshipChange(id, slot) ?? []),
      models: [...this.#models].flatMap(([id, { before, after }]) =>
        isSameJson(before, after) ? [] : [{ id, before, after }],
      ),
    };
  }

  #twinChange(id: string): TwinChange | undefined {
    const slot = this.#twins.get(id) ?? {
      before: this.memory.topology.twin(id) ?? null,
      after: this.memory.topology.twin(id) ?? null,
    };
    const { before } = slot;
    let { after } = slot;
    const properties: PropertyChange[] = [];
    for (const [name, change] of this.#properties.get(id) ?? []) {
      if (change.isTold || !isSameProperty(change.before, change.after))
        properties.push({ name, before: change.before, after: change.after });
    }
    if (!before && !after) return undefined;
    if (!before || !after) {
      return {
        id,
        before,
        after: after && { ...after, revision: 1, createdAt: this.at, updatedAt: this.at },
        properties,
      };
    }
    const fields = differingFields(before, after);
    if (fields.length === 0 && properties.length === 0) return undefined;
    after = { ...after, revision: before.revision + 1, updatedAt: this.at };
    const keys = [...new Set([...fields, 'revision', 'updatedAt'] as const)];
    return { id, before: pick(before, keys), after: pick(after, keys), properties };
  }

  #twinSlot(id: string): Slot<Twin> {
    let slot = this.#twins.get(id);
    if (!slot) {
      const twin = this.memory.topology.twin(id) ?? null;
      slot = { before: twin, after: twin };
      this.#twins.set(id, slot);
    }
    return slot;
  }

  #propertySlots(id: string): Map<string, Slot<PropertyState>> {
    let slots = this.#properties.get(id);
    if (!slots) {
      slots = new Map();
      this.#properties.set(id, slots);
    }
    return slots;
  }
}

function relationshipChange(id: string, { before, after }: Slot<Relationship>): RelationshipChange | undefined {
  if (!before && !after) return undefined;
  if (!before || !after) return { id, before, after: after && { ...after, revision: 1 } };
  if (isSameJson({ ...before, revision: 0 }, { ...after, revision: 0 })) return undefined;
  return { id, before, after: { ...after, revision: before.revision + 1 } };
}

function differingFields(before: Twin, after: Twin): (keyof Twin)[] {
  return (Object.keys(after) as (keyof Twin)[]).filter((key) => !isSameJson(before[key], after[key]));
}

function pick(twin: Twin, keys: readonly (keyof Twin)[]): Partial<Twin> {
  return Object.fromEntries(keys.map((key) => [key, twin[key]]));
}

/** Both are plain data. */
function isSameJson(a: unknown, b: unknown): boolean {
  return isSameValue(a as never, b as never);
}

function isSameProperty(a: PropertyState | null, b: PropertyState | null): boolean {
  return a === b || isSameJson(a, b);
}
