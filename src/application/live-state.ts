/**
 * The derived states, kept as the feed goes on. A change of condition is worked in at once; a change of structure
 * marks the compiled model as old, and it is compiled anew when somebody asks, or a moment later, once for many changes.
 */
import { type Changes, isReport } from '../domain/change.ts';
import type { Relationship } from '../domain/relationship.ts';
import { worseOf } from '../domain/state.ts';
import type { Twin } from '../domain/twin.ts';
import { ImpactModel } from '../impact/impact-model.ts';
import { finish, ITEMS_PER_STEP, type Steps } from '../impact/steps.ts';
import type {
  ConditionChange,
  ImpactInputs,
  ImpactTwin,
  RelationshipSwitch,
  StateDifference,
} from '../impact/types.ts';
import type { Topology } from '../topology/topology.ts';
import type { ModelRegistry } from './model-registry.ts';

/** Fields of a twin that the structure of needs is made of. */
const STRUCTURAL_FIELDS = ['kind', 'model', 'tags', 'conduction', 'requirements', 'switches'] as const;

export class LiveState {
  readonly #topology: Topology;
  readonly #models: ModelRegistry;
  #model: ImpactModel;
  #isOld = false;
  /** Grows with each change of structure, and when the model is compiled at once: steps on their way are of no use then. */
  #version = 0;
  /** Conditions that changed since a compilation in steps began: it may have read them before. */
  readonly #touchedTwins = new Set<string>();
  readonly #touchedRelationships = new Set<string>();

  constructor(topology: Topology, models: ModelRegistry) {
    this.#topology = topology;
    this.#models = models;
    this.#model = ImpactModel.compile(this.#inputs());
  }

  get isOld(): boolean {
    return this.#isOld;
  }

  /** The compiled model. settle() comes first, so that its differences reach whoever listens. */
  current(): ImpactModel {
    if (this.#isOld) throw new Error('settle() comes before current()');
    return this.#model;
  }

  /** Takes a commit that the topology already holds; answers what changed, or null when settle() is due. */
  apply(changes: Changes): StateDifference[] | null {
    if (isStructural(changes)) {
      this.markOld();
      return null;
    }
    if (this.#isOld) {
      for (const { id } of changes.twins) this.#touchedTwins.add(id);
      for (const { id } of changes.relationships) this.#touchedRelationships.add(id);
      return null;
    }
    const conditions: ConditionChange[] = [];
    for (const { id, after } of changes.twins)
      if (!isReport(after)) conditions.push(...conditionOf(id, after as Partial<Twin>, this.#topology.twin(id)));
    const switches = changes.relationships.flatMap(switchOf);
    return conditions.length + switches.length === 0 ? [] : this.#model.update(conditions, switches);
  }

  /** The topology was filled from elsewhere than the feed, or its structure has changed. */
  markOld(): void {
    this.#isOld = true;
    this.#version += 1;
  }

  /** Compiles anew if that is due; answers what changed for the twins that were there before and still are. */
  settle(): StateDifference[] {
    if (!this.#isOld) return [];
    this.#version += 1;
    return finish(this.settleInSteps()) ?? [];
  }

  /** The same in steps; null when a change of structure, or settle(), came in between. */
  *settleInSteps(): Steps<StateDifference[] | null> {
    const version = this.#version;
    this.#touchedTwins.clear();
    this.#touchedRelationships.clear();
    const compiling = ImpactModel.compileInSteps(this.#inputs());
    let step = compiling.next();
    for (; !step.done; step = compiling.next()) {
      yield;
      if (this.#version !== version) return null;
    }
    const model = step.value;
    const old = this.#model;
    const differenceById = new Map<string, StateDifference>();
    const compare = (id: string): void => {
      if (!old.has(id)) return;
      const before = old.state(id);
      const after = model.state(id);
      if (before.worst !== after.worst || before.best !== after.best) differenceById.set(id, { id, before, after });
      else differenceById.delete(id);
    };
    let compared = 0;
    for (const { twin } of this.#topology.nodes()) {
      compare(twin.id);
      compared += 1;
      if (compared % ITEMS_PER_STEP !== 0) continue;
      yield;
      if (this.#version !== version) return null;
    }
    for (const { id } of model.update(this.#touchedConditions(), this.#touchedSwitches())) compare(id);
    this.#model = model;
    this.#isOld = false;
    return [...differenceById.values()];
  }

  #touchedConditions(): ConditionChange[] {
    return [...this.#touchedTwins].flatMap((id) => {
      const twin = this.#topology.twin(id);
      return twin ? conditionOf(id, twin, twin) : [];
    });
  }

  #touchedSwitches(): RelationshipSwitch[] {
    return [...this.#touchedRelationships].flatMap((id) => {
      const relationship = this.#topology.relationship(id);
      return relationship ? [{ id, closed: relationship.closed }] : [];
    });
  }

  #inputs(): ImpactInputs {
    return {
      twins: impactTwins(this.#topology, this.#models),
      relationships: relationships(this.#topology),
      typeByName: this.#models.typeByName,
    };
  }
}

function* impactTwins(topology: Topology, models: ModelRegistry): Generator<ImpactTwin> {
  for (const { twin } of topology.nodes()) {
    yield {
      id: twin.id,
      kind: twin.kind,
      criticality: twin.criticality,
      health: ownHealth(twin),
      planned: twin.maintenance !== null,
      closed: twin.closed,
      isolates: canIsolate(twin, models),
      conduction: models.conductionOf(twin),
      requirements: twin.requirements,
    };
  }
}

/** Words of tags and models for what can isolate a fault, by IEC 60050 and the usual ones for pipes and ducts. */
const ISOLATORS =
  /(?<![a-z])(?:circuit.?breaker|breaker|switch|disconnector|isolator|recloser|fuse|valve|damper)(?![a-z])/i;

/** Something that is said to be closed or open, or is a breaker, a valve or a switch by its tags or its model. */
function canIsolate(twin: Twin, models: ModelRegistry): boolean {
  return (
    twin.switches ||
    twin.tags.some((tag) => ISOLATORS.test(tag)) ||
    models.names(twin.model).some((name) => ISOLATORS.test(name))
  );
}

function* relationships(topology: Topology): Generator<Relationship> {
  for (const link of topology.links()) yield link.relationship;
}

/** A twin's own condition without maintenance: the worst of what is said and what is measured. */
export function ownHealth(twin: Twin): Twin['reportedHealth'] {
  return worseOf(twin.reportedHealth, twin.measuredHealth);
}

function isStructural(changes: Changes): boolean {
  if (changes.models.length > 0 || changes.relationships.some(isStructuralRelationship)) return true;
  return changes.twins.some(
    ({ before, after }) =>
      before === null ||
      after === null ||
      (!isReport(after) && STRUCTURAL_FIELDS.some((field) => Object.hasOwn(after, field))),
  );
}

const JOINING_FIELDS = ['type', 'medium', 'group', 'share', 'standbyDelayMs', 'oneWay'] as const;

function isStructuralRelationship({ before, after }: Changes['relationships'][number]): boolean {
  return before === null || after === null || JOINING_FIELDS.some((field) => before[field] !== after[field]);
}

/** Structure stays as it is when a relationship is opened or closed. */
function switchOf({ id, before, after }: Changes['relationships'][number]): RelationshipSwitch[] {
  return after && before?.closed !== after.closed ? [{ id, closed: after.closed }] : [];
}

function conditionOf(id: string, after: Partial<Twin>, twin: Twin | undefined): ConditionChange[] {
  if (!twin) return [];
  const isTouched = ['reportedHealth', 'measuredHealth', 'maintenance', 'closed', 'criticality'].some((field) =>
    Object.hasOwn(after, field),
  );
  if (!isTouched) return [];
  return [
    {
      id,
      health: ownHealth(twin),
      planned: twin.maintenance !== null,
      closed: twin.closed,
      criticality: twin.criticality,
    },
  ];
}
