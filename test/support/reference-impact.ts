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
  /** Whether relationship and member are closed, where that matters. */
  readonly conducts: boolean;
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
  readonly holdUpMs: number;
  /** Made of network relationships alone. */
  readonly isNetwork: boolean;
  readonly isDeclared: boolean;
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
  readonly isNetwork: boolean;
}

/** The requirement groups of all twins, by section 2. */
export function referenceGroups(plant: Plant): ReferenceGroup[] {
  const twinById = new Map(plant.twins.map((twin) => [twin.id, twin]));
  const declared = (need: Need) => declaration(twinById.get(need.owner) as ImpactTwin, need.group, need.medium);
  const needsByKey = new Map<string, Need[]>();
  for (const relationship of plant.relationships) {
    for (const need of needsOf(relationship, plant.typeByName, twinById)) {
      // A part takes its whole down only where the whole says so.
      if (need.type.name === 'PART_OF' && !declared(need)) continue;
      let unit: unknown = ['group', need.group];
      if (need.isNetwork && !declared(need)) unit = 'network';
      else if (need.group === null) unit = ['alone', need.relationship];
      const key = JSON.stringify([need.owner, need.medium, unit]);
      needsByKey.set(key, [...(needsByKey.get(key) ?? []), need]);
    }
  }
  const groups = [...needsByKey].map(([key, needs]) => groupOf(key, needs, declared(needs[0] as Need), twinById));
  // An open switch asks for no supply.
  return groups.filter((group) => !group.isNetwork || (twinById.get(group.owner) as ImpactTwin).closed);
}

function groupOf(
  key: string,
  needs: readonly Need[],
  declared: Requirement | undefined,
  twinById: ReadonlyMap<string, ImpactTwin>,
): ReferenceGroup {
  const first = needs[0] as Need;
  const isNetwork = needs.every((need) => need.isNetwork);
  // What a network brings is supply, whatever is declared; where supply and sustain meet in one group, it must hold as supply.
  const inferred = needs.some((need) => need.type.mode === 'SUPPLY') ? 'SUPPLY' : 'SUSTAIN';
  const mode = needs.some((need) => need.isNetwork) ? 'SUPPLY' : (declared?.mode ?? inferred);
  // Nothing comes out of an open switch; it can still be leant on.
  const isShut = (id: string) => mode === 'SUPPLY' && !(twinById.get(id) as ImpactTwin).closed;
  const members = needs
    .filter((need) => need.share > 0)
    .map((need) => ({ ...need, conducts: need.conducts && !isShut(need.twin) }));
  const total = members.reduce((sum, need) => sum + need.share, 0);
  const all = isNetwork && !declared ? 1 : Math.max(1, total);
  return {
    key,
    owner: first.owner,
    name: first.group ?? '',
    mode,
    medium: first.medium,
    members,
    min: declared?.min ?? declared?.full ?? all,
    full: declared?.full ?? declared?.min ?? all,
    soft: declared ? declared.soft : needs.every((need) => need.type.soft),
    // What is left of the hold-up: all of it times the state of charge.
    holdUpMs: declared ? Math.round(declared.holdUpMs * declared.stateOfCharge) : 0,
    isNetwork,
    isDeclared: declared !== undefined,
  };
}

export function isNetworkType(type: RelationshipType | undefined): boolean {
  return type?.impact === 'BOTH' && type.mode === 'SUPPLY';
}

/** Who needs whom over one relationship. A share of 0 stands for a neighbour that can never conduct to the owner. */
function needsOf(r: Relationship, typeByName: Plant['typeByName'], twinById: ReadonlyMap<string, ImpactTwin>): Need[] {
  const type = typeByName.get(r.type) as RelationshipType;
  const network = isNetworkType(type);
  const need = (owner: string, twin: string, share: number): Need => ({
    owner,
    twin,
    type,
    share,
    relationship: r.id,
    group: r.group,
    medium: r.medium,
    standbyDelayMs: r.standbyDelayMs ?? 0,
    conducts: type.mode === 'SUSTAIN' || r.closed,
    isNetwork: network,
  });
  const share = r.share ?? 1;
  if (network) {
    const role = (id: string) => roleOf(twinById.get(id) as ImpactTwin, r.medium);
    const joined = [need(r.target, r.source, role(r.source) === 'CONSUMER' ? 0 : share)];
    if (r.source !== r.target)
      joined.push(need(r.source, r.target, r.oneWay || role(r.target) === 'CONSUMER' ? 0 : share));
    return joined.filter((each) => role(each.owner) !== 'SOURCE');
  }
  if (type.impact === 'SOURCE_TO_TARGET') return [need(r.target, r.source, share)];
  if (type.impact === 'TARGET_TO_SOURCE') return [need(r.source, r.target, share)];
  if (type.impact === 'NONE') return [];
  return r.source === r.target
    ? [need(r.source, r.source, share)]
    : [need(r.target, r.source, share), need(r.source, r.target, share)];
}

/** A requirement of that very medium wins over one of every medium. */
function declaration(
  { requirements }: ImpactTwin,
  group: string | null,
  medium: string | null,
): Requirement | undefined {
  if (group === null) return undefined;
  const named = requirements.filter((requirement) => requirement.group === group);
  return named.find((each) => each.medium === medium) ?? named.find((each) => each.medium === null);
}

export function roleOf(twin: ImpactTwin, medium: string | null): ConductionRole {
  const own = twin.conduction.find((entry) => entry.medium === medium);
  return (own ?? twin.conduction.find((entry) => entry.medium === null))?.role ?? 'CONDUCTOR';
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
  return group.members.filter((m) => m.conducts && counts(m) && over.has(m.twin)).reduce((sum, m) => sum + m.share, 0);
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
  const spent = (group: ReferenceGroup) =>
    group.isDeclared &&
    marginOf({ ...group, members: group.members.map((m) => ({ ...m, conducts: true })) }, all) > 0 &&
    marginOf(group, up) === 0;
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
  for (const m of group.members)
    if (m.conducts && up.has(m.twin)) shareByTwin.set(m.twin, (shareByTwin.get(m.twin) ?? 0) + m.share);
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
