/**
 * The meaning of impact, written as plainly as it can be: sets, literal iteration, no sharing, no shortcuts.
 * The engine is compared with this by fuzzing; where the two differ, the text of the rules decides.
 */
import type { Relationship, RelationshipType } from '../../src/domain/relationship.ts';
import type { OperationalState, RequirementMode } from '../../src/domain/state.ts';
import type { ConductionRole } from '../../src/domain/state.ts';
import type { Requirement } from '../../src/domain/twin.ts';
import type { DerivedState, ImpactTwin, Level } from '../../src/impact/types.ts';

export interface Plant {
  readonly twins: readonly ImpactTwin[];
  readonly relationships: readonly Relationship[];
  readonly typeByName: ReadonlyMap<string, RelationshipType>;
}

export interface ReferenceMember {
  readonly twin: string;
  readonly relationship: string;
  readonly share: number;
  readonly standbyDelayMs: number;
}

export interface ReferenceGroup {
  readonly key: string;
  readonly owner: string;
  readonly name: string;
  readonly mode: RequirementMode;
  readonly medium: string | null;
  readonly members: readonly ReferenceMember[];
  readonly min: number;
  readonly full: number;
  readonly soft: boolean;
  /** What is left of the hold-up: full hold-up times the state of charge. */
  readonly holdUpMs: number;
}

/** The cuts: 2 is "at least OPERATIONAL", 1 "at least DEGRADED". */
export type Cut = 1 | 2;
export const CUTS: readonly Cut[] = [1, 2];
/** UNKNOWN is judged as DOWN (worst) and as OPERATIONAL (best). */
export type Plane = 'worst' | 'best';
export const PLANES: readonly Plane[] = ['worst', 'best'];

export const LEVELS: readonly Level[] = ['DOWN', 'DEGRADED', 'OPERATIONAL'];

// ---------------------------------------------------------------- section 2: groups

interface Need extends ReferenceMember {
  readonly owner: string;
  readonly type: RelationshipType;
  readonly group: string | null;
  readonly medium: string | null;
}

/** The requirement groups of all twins, by section 2. */
export function referenceGroups(plant: Plant): ReferenceGroup[] {
  const twinById = new Map(plant.twins.map((twin) => [twin.id, twin]));
  const needsByKey = new Map<string, Need[]>();
  for (const relationship of plant.relationships) {
    for (const need of needsOf(relationship, plant.typeByName)) {
      const declared = declaration(twinById.get(need.owner)?.requirements ?? [], need.group, need.medium);
      if (need.type.name === 'PART_OF' && !declared) continue;
      const mode = declared?.mode ?? need.type.mode;
      const unit = need.group ?? `(${need.relationship})`;
      const key = JSON.stringify([need.owner, mode, need.medium, need.group !== null, unit]);
      needsByKey.set(key, [...(needsByKey.get(key) ?? []), need]);
    }
  }
  const groups: ReferenceGroup[] = [];
  for (const [key, needs] of needsByKey) {
    const first = needs[0] as Need;
    const declared = declaration(twinById.get(first.owner)?.requirements ?? [], first.group, first.medium);
    const total = needs.reduce((sum, need) => sum + need.share, 0);
    groups.push({
      key,
      owner: first.owner,
      name: first.group ?? '',
      mode: (declared?.mode ?? first.type.mode) as RequirementMode,
      medium: first.medium,
      members: needs,
      min: declared?.min ?? declared?.full ?? total,
      full: declared?.full ?? declared?.min ?? total,
      soft: declared ? declared.soft : first.type.soft,
      holdUpMs: declared ? Math.round(declared.holdUpMs * declared.stateOfCharge) : 0,
    });
  }
  return [...groups, ...conductionGroups(plant, twinById)];
}

/** Who needs whom over one relationship; networks (both ways, SUPPLY) are handled by conductionGroups. */
function needsOf(relationship: Relationship, typeByName: Plant['typeByName']): Need[] {
  const type = typeByName.get(relationship.type) as RelationshipType;
  const need = (owner: string, twin: string): Need => ({
    owner,
    twin,
    type,
    relationship: relationship.id,
    group: relationship.group,
    medium: relationship.medium,
    share: relationship.share ?? 1,
    standbyDelayMs: relationship.standbyDelayMs ?? 0,
  });
  const forward = need(relationship.target, relationship.source);
  const backward = need(relationship.source, relationship.target);
  if (type.impact === 'SOURCE_TO_TARGET') return [forward];
  if (type.impact === 'TARGET_TO_SOURCE') return [backward];
  if (type.impact === 'BOTH' && type.mode === 'SUSTAIN') return [forward, backward];
  return [];
}

/** A requirement of that very medium wins over one of every medium. */
function declaration(requirements: readonly Requirement[], group: string | null, medium: string | null) {
  if (group === null) return undefined;
  const named = requirements.filter((requirement) => requirement.group === group);
  return (
    named.find((requirement) => requirement.medium === medium) ??
    named.find((requirement) => requirement.medium === null)
  );
}

export function isNetwork(type: RelationshipType | undefined): boolean {
  return type?.impact === 'BOTH' && type.mode === 'SUPPLY';
}

function roleOf(twin: ImpactTwin, medium: string | null): ConductionRole {
  const own = twin.conduction.find((entry) => entry.medium === medium);
  return (own ?? twin.conduction.find((entry) => entry.medium === null))?.role ?? 'CONDUCTOR';
}

/** Per twin and medium of its network: any one neighbour that conducts to it. */
function conductionGroups(plant: Plant, twinById: ReadonlyMap<string, ImpactTwin>): ReferenceGroup[] {
  const network = plant.relationships.filter((relationship) => isNetwork(plant.typeByName.get(relationship.type)));
  const groups: ReferenceGroup[] = [];
  for (const owner of plant.twins) {
    const mine = network.filter((r) => r.source === owner.id || r.target === owner.id);
    for (const medium of new Set(mine.map((r) => r.medium))) {
      // An open switch asks for no supply; a source needs none of the medium.
      if (!owner.closed || roleOf(owner, medium) === 'SOURCE') continue;
      const members: ReferenceMember[] = [];
      for (const r of mine.filter((relationship) => relationship.medium === medium && relationship.closed)) {
        const neighbours = [
          ...(r.target === owner.id ? [r.source] : []),
          ...(r.source === owner.id && !r.oneWay ? [r.target] : []),
        ];
        for (const id of neighbours) {
          const neighbour = twinById.get(id) as ImpactTwin;
          if (!neighbour.closed || roleOf(neighbour, medium) === 'CONSUMER') continue;
          members.push({ twin: id, relationship: r.id, share: 1, standbyDelayMs: r.standbyDelayMs ?? 0 });
        }
      }
      const key = JSON.stringify([owner.id, 'CONDUCTION', medium]);
      groups.push({
        key,
        owner: owner.id,
        name: '',
        mode: 'SUPPLY',
        medium,
        members,
        min: 1,
        full: 1,
        soft: false,
        holdUpMs: 0,
      });
    }
  }
  return groups;
}

// ---------------------------------------------------------------- sections 3 and 4: cuts, planes, the fixpoint

/** Whether the twin's own condition reaches the cut. Maintenance is an outage with a label. */
export function reaches(twin: ImpactTwin, cut: Cut, plane: Plane): boolean {
  if (twin.planned) return false;
  if (twin.health === 'UNKNOWN') return plane === 'best';
  return LEVELS.indexOf(twin.health) >= cut;
}

/** Shares of the members that are in the set and count now. */
export function sharesIn(
  group: ReferenceGroup,
  over: ReadonlySet<string>,
  counts: (member: ReferenceMember) => boolean,
): number {
  return group.members.filter((m) => counts(m) && over.has(m.twin)).reduce((sum, m) => sum + m.share, 0);
}

export function thresholdOf(group: ReferenceGroup, cut: Cut): number {
  if (cut === 2) return group.full;
  return group.soft ? 0 : group.min;
}

/** D(R) = greatest Y . least X . F_R(X, Y), by literal iteration. */
export function fixpoint(
  plant: Plant,
  groups: readonly ReferenceGroup[],
  reachesCut: (twin: ImpactTwin) => boolean,
  holds: (group: ReferenceGroup, over: ReadonlySet<string>) => boolean,
  running: ReadonlySet<string>,
): Set<string> {
  let outer = new Set(plant.twins.map((twin) => twin.id));
  for (;;) {
    let inner = new Set<string>();
    for (;;) {
      const next = new Set<string>();
      for (const twin of plant.twins) {
        const sustained = running.has(twin.id) ? outer : inner;
        const own = groups.filter((group) => group.owner === twin.id);
        if (reachesCut(twin) && own.every((group) => holds(group, group.mode === 'SUSTAIN' ? sustained : inner)))
          next.add(twin.id);
      }
      if (next.size === inner.size) break;
      inner = next;
    }
    if (inner.size === outer.size) return inner;
    outer = inner;
  }
}

const everyMember = () => true;

/** A_cut in one plane: D(all), the live state and capability. Standbys count, hold-ups do not. */
export function available(plant: Plant, cut: Cut, plane: Plane, groups = referenceGroups(plant)): Set<string> {
  return fixpoint(
    plant,
    groups,
    (twin) => reaches(twin, cut, plane),
    (group, over) => sharesIn(group, over, everyMember) >= thresholdOf(group, cut),
    new Set(plant.twins.map((twin) => twin.id)),
  );
}

export function levelIn(id: string, byCut: Readonly<Record<Cut, ReadonlySet<string>>>): Level {
  return byCut[2].has(id) ? 'OPERATIONAL' : byCut[1].has(id) ? 'DEGRADED' : 'DOWN';
}

export function derived(worst: Level, best: Level): DerivedState {
  return { state: worst === best ? worst : 'UNKNOWN', worst, best };
}

/** The derived state of every twin. */
export function referenceStates(plant: Plant): Map<string, DerivedState> {
  const groups = referenceGroups(plant);
  const level = (plane: Plane) => ({ 1: available(plant, 1, plane, groups), 2: available(plant, 2, plane, groups) });
  const worst = level('worst');
  const best = level('best');
  return new Map(plant.twins.map(({ id }) => [id, derived(levelIn(id, worst), levelIn(id, best))]));
}

/** The plant with some twins changed. */
export function withTwins(plant: Plant, change: (twin: ImpactTwin) => Partial<ImpactTwin>): Plant {
  return { ...plant, twins: plant.twins.map((twin) => ({ ...twin, ...change(twin) })) };
}

export function withHealth(plant: Plant, ids: Iterable<string>, health: OperationalState): Plant {
  const chosen = new Set(ids);
  return withTwins(plant, (twin) => (chosen.has(twin.id) ? { health } : {}));
}

/** OPERATIONAL in the worst case, but every proof leans on a group that was declared with redundancy and has none left. */
export function referenceAtRisk(plant: Plant): Set<string> {
  const groups = referenceGroups(plant);
  const up = available(plant, 2, 'worst', groups);
  const all = new Set(plant.twins.map((twin) => twin.id));
  const spent = (group: ReferenceGroup) => marginOf(group, all) > 0 && marginOf(group, up) === 0;
  const safe = fixpoint(
    plant,
    groups,
    (twin) => reaches(twin, 2, 'worst'),
    (group, over) => !spent(group) && sharesIn(group, over, everyMember) >= group.full,
    all,
  );
  return new Set([...up].filter((id) => !safe.has(id)));
}

/** Most members that can be lost while the group still reaches full: the smallest shares go first. */
export function marginOf(group: ReferenceGroup, up: ReadonlySet<string>): number {
  const shareByTwin = new Map<string, number>();
  for (const m of group.members) if (up.has(m.twin)) shareByTwin.set(m.twin, (shareByTwin.get(m.twin) ?? 0) + m.share);
  const shares = [...shareByTwin.values()].toSorted((a, b) => a - b);
  let have = shares.reduce((sum, share) => sum + share, 0);
  let margin = 0;
  for (const share of shares) {
    have -= share;
    if (have < group.full) break;
    margin += 1;
  }
  return margin;
}
