/**
 * The derived states, kept as the feed goes on. A change of condition is worked in at once; a change of structure
 * marks the compiled model as old, and it is compiled anew when somebody asks, or a moment later, once for many changes.
 */
import { type Changes, isReport } from '../domain/change.ts';
import type { Relationship } from '../domain/relationship.ts';
import { worseOf } from '../domain/state.ts';
import type { Twin } from '../domain/twin.ts';
import { ImpactModel } from '../impact/impact-model.ts';
import type { ConditionChange, ImpactTwin, RelationshipSwitch, StateDifference } from '../impact/types.ts';
import type { Topology } from '../topology/topology.ts';
import type { ModelRegistry } from './model-registry.ts';

/** Fields of a twin that the structure of needs is made of. */
const STRUCTURAL_FIELDS = ['kind', 'model', 'tags', 'conduction', 'requirements', 'switches'] as const;

export class LiveState {
  readonly #topology: Topology;
  readonly #models: ModelRegistry;
  #model: ImpactModel;
  #isOld = false;

  constructor(topology: Topology, models: ModelRegistry) {
    this.#topology = topology;
    this.#models = models;
    this.#model = this.#compile();
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
    if (this.#isOld || isStructural(changes)) {
      this.#isOld = true;
      return null;
    }
    const conditions: ConditionChange[] = [];
    for (const { id, after } of changes.twins)
      if (!isReport(after)) conditions.push(...conditionOf(id, after as Partial<Twin>, this.#topology.twin(id)));
    const switches = changes.relationships.flatMap(switchOf);
    return conditions.length + switches.length === 0 ? [] : this.#model.update(conditions, switches);
  }

  /** The topology was filled from elsewhere than the feed. */
  markOld(): void {
    this.#isOld = true;
  }

  /** Compiles anew if that is due; answers what changed for the twins that were there before and still are. */
  settle(): StateDifference[] {
    if (!this.#isOld) return [];
    const old = this.#model;
    this.#model = this.#compile();
    this.#isOld = false;
    const differences: StateDifference[] = [];
    for (const { twin } of this.#topology.nodes()) {
      if (!old.has(twin.id)) continue;
      const before = old.state(twin.id);
      const after = this.#model.state(twin.id);
      if (before.worst !== after.worst || before.best !== after.best) differences.push({ id: twin.id, before, after });
    }
    return differences;
  }

  #compile(): ImpactModel {
    return ImpactModel.compile({
      twins: impactTwins(this.#topology, this.#models),
      relationships: relationships(this.#topology),
      typeByName: this.#models.typeByName,
    });
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
