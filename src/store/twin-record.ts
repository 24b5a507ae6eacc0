/** A twin as the keys of its node, and back. Its requirement groups are nodes of their own. */
import type { ConductionRole, Connectivity, OperationalState, RequirementMode, TwinKind } from '../domain/state.ts';
import type { Conduction, Requirement, Twin, TwinSource } from '../domain/twin.ts';
import type { GraphRow, GraphValue } from './graph-port.ts';
import { TWIN_KEYS, type TwinKey } from './property-keys.ts';
import { emptyKeyMap, type KeyMap } from './property-record.ts';
import type { SharedTexts } from './shared-texts.ts';

export type KindLabel = 'Asset' | 'Process' | 'System';
export const LABEL_BY_KIND: Record<TwinKind, KindLabel> = { ASSET: 'Asset', PROCESS: 'Process', SYSTEM: 'System' };
const KIND_BY_LABEL = new Map<GraphValue, TwinKind>([
  ['Asset', 'ASSET'],
  ['Process', 'PROCESS'],
  ['System', 'SYSTEM'],
]);

/** A medium of null, meaning every medium, as an element of a list: lists in a graph hold no nulls, and no medium is empty. */
const EVERY_MEDIUM = '';

type FieldEncoder = (twin: Partial<Twin>, keys: KeyMap) => void;

/** How each field of a twin is kept; a field that is missing here does not compile. */
const ENCODERS: Record<Exclude<keyof Twin, 'kind'>, FieldEncoder> = {
  id: (twin, keys) => put(keys, 'id', twin.id),
  name: (twin, keys) => put(keys, 'name', twin.name),
  description: (twin, keys) => put(keys, 'description', twin.description),
  model: (twin, keys) => put(keys, 'model', twin.model),
  tags: (twin, keys) => put(keys, 'tags', listOrNull(twin.tags ?? [])),
  criticality: (twin, keys) => put(keys, 'criticality', twin.criticality),
  // One key for both: it is there once it was said whether the twin is closed.
  closed: (twin, keys) => put(keys, 'closed', twin.switches === false ? null : twin.closed),
  switches: (twin, keys) => {
    if (twin.closed === undefined) put(keys, 'closed', twin.switches ? true : null);
  },
  requirements: (twin, keys) => put(keys, 'requirementGroups', twin.requirements?.length || null),
  conduction: (twin, keys) => putConduction(keys, twin.conduction ?? []),
  reportedHealth: (twin, keys) => put(keys, 'health', twin.reportedHealth),
  measuredHealth: (twin, keys) => put(keys, 'measuredHealth', twin.measuredHealth),
  maintenance: (twin, keys) => {
    put(keys, 'inMaintenance', twin.maintenance ? true : null);
    put(keys, 'maintenanceUntil', twin.maintenance?.until);
    put(keys, 'maintenanceReason', twin.maintenance?.reason);
  },
  connectivity: (twin, keys) => put(keys, 'connectivity', twin.connectivity),
  lastSeen: (twin, keys) => put(keys, 'lastSeen', twin.lastSeen),
  source: (twin, keys) => put(keys, '@source', twin.source && JSON.stringify(twin.source)),
  revision: (twin, keys) => put(keys, 'revision', twin.revision),
  createdAt: (twin, keys) => put(keys, 'createdAt', twin.createdAt),
  updatedAt: (twin, keys) => put(keys, 'updatedAt', twin.updatedAt),
};

function put(keys: KeyMap, key: TwinKey, value: GraphValue | undefined): void {
  keys[key] = value ?? null;
}

function putConduction(keys: KeyMap, conduction: readonly Conduction[]): void {
  put(keys, 'conductionMedia', listOrNull(conduction.map(({ medium }) => medium ?? EVERY_MEDIUM)));
  put(keys, 'conductionRoles', listOrNull(conduction.map(({ role }) => role)));
}

const listOrNull = (list: readonly string[]): readonly string[] | null => (list.length === 0 ? null : list);

/** Keys of the fields that are there; null takes a key away. */
export function twinKeys(twin: Partial<Twin>): KeyMap {
  const keys = emptyKeyMap();
  for (const field of Object.keys(twin) as (keyof Twin)[]) {
    if (field !== 'kind') ENCODERS[field](twin, keys);
  }
  return keys;
}

/** A whole twin in the order of TWIN_KEYS, for twins/create.cypher. */
export function twinColumns(twin: Twin): GraphValue[] {
  const keys = twinKeys(twin);
  return TWIN_KEYS.map((key) => keys[key] ?? null);
}

/** The id of a row of twins/read.cypher. */
export const idOfTwinRow = (row: GraphRow): string => row[1] as string;

/** Whether a row of twins/read.cypher has requirement groups to be read. */
export const hasRequirements = (row: GraphRow): boolean => row[TWIN_KEYS.indexOf('requirementGroups') + 1] !== null;

const NO_TAGS: readonly string[] = [];
const NO_CONDUCTION: readonly Conduction[] = [];

/** A row of twins/read.cypher: labels, then TWIN_KEYS. Keys that somebody took away by hand get their defaults. */
export function toTwin(row: GraphRow, requirements: readonly Requirement[], texts: SharedTexts): Twin {
  // By position, as relationships.
  const { 0: labels, 1: id, 2: name, 3: description, 4: model, 5: tags, 6: criticality, 7: closed } = row;
  const { 8: media, 9: roles, 10: health, 11: measured, 12: inMaintenance, 13: until, 14: reason } = row;
  const { 15: connectivity, 16: lastSeen, 17: revision, 18: createdAt, 19: updatedAt, 21: source } = row;
  return {
    id: id as string,
    kind: kindOf(labels as readonly string[]),
    name: (name ?? id) as string,
    description: (description ?? null) as string | null,
    model: texts.of((model ?? null) as string | null),
    tags: (tags ?? NO_TAGS) as readonly string[],
    criticality: (criticality ?? 0) as number,
    closed: closed !== false,
    switches: typeof closed === 'boolean',
    conduction: toConduction(media, roles),
    requirements,
    reportedHealth: texts.of((health ?? 'OPERATIONAL') as OperationalState),
    measuredHealth: texts.of((measured ?? 'OPERATIONAL') as OperationalState),
    maintenance:
      inMaintenance === true
        ? { until: (until ?? null) as number | null, reason: (reason ?? null) as string | null }
        : null,
    connectivity: texts.of((connectivity ?? 'NEVER_SEEN') as Connectivity),
    lastSeen: (lastSeen ?? null) as number | null,
    revision: (revision ?? 1) as number,
    createdAt: (createdAt ?? 0) as number,
    updatedAt: (updatedAt ?? 0) as number,
    ...(typeof source === 'string' && { source: JSON.parse(source) as TwinSource }),
  };
}

function kindOf(labels: readonly GraphValue[]): TwinKind {
  for (const label of labels) {
    const kind = KIND_BY_LABEL.get(label);
    if (kind) return kind;
  }
  return 'ASSET';
}

function toConduction(media: GraphValue | undefined, roles: GraphValue | undefined): readonly Conduction[] {
  if (!Array.isArray(media) || !Array.isArray(roles)) return NO_CONDUCTION;
  return media.map((medium, i) => ({
    medium: medium === EVERY_MEDIUM ? null : (medium as string),
    role: roles[i] as ConductionRole,
  }));
}

/** For requirements/create.cypher. */
export function requirementColumns(twin: string, requirement: Requirement, position: number): GraphValue[] {
  const { group, mode, medium, min, full, soft, holdUpMs, stateOfCharge } = requirement;
  return [twin, position, group, mode, medium, min, full, soft, holdUpMs, stateOfCharge];
}

/** Rows of requirements/read.cypher by twin, in the order that the twin declares. */
export function toRequirements(rows: readonly GraphRow[]): Map<string, Requirement[]> {
  const byTwin = new Map<string, Requirement[]>();
  for (const row of rows.toSorted((a, b) => Number(a[1]) - Number(b[1]))) {
    const [twin, , group, mode, medium, min, full, soft, holdUpMs, stateOfCharge] = row;
    const requirement: Requirement = {
      group: group as string,
      mode: (mode ?? null) as RequirementMode | null,
      medium: (medium ?? null) as string | null,
      min: (min ?? null) as number | null,
      full: (full ?? null) as number | null,
      soft: soft === true,
      holdUpMs: (holdUpMs ?? 0) as number,
      stateOfCharge: (stateOfCharge ?? 1) as number,
    };
    const list = byTwin.get(twin as string);
    if (list) list.push(requirement);
    else byTwin.set(twin as string, [requirement]);
  }
  return byTwin;
}
