/** Random small plants with everything that makes impact hard: loops, self-loops, weights, soft, unknown, time, networks. */
import * as fc from 'fast-check';
import { BUILT_IN_TYPES, type Relationship, type RelationshipType } from '../../src/domain/relationship.ts';
import type { OperationalState } from '../../src/domain/state.ts';
import type { Conduction, Requirement } from '../../src/domain/twin.ts';
import { EMPTY_SCENARIO, type ImpactTwin, type Scenario } from '../../src/impact/types.ts';
import type { Plant } from './reference-impact.ts';

const DECLARED_TYPES: readonly RelationshipType[] = [
  { name: 'LEANS_ON', impact: 'BOTH', mode: 'SUSTAIN', soft: false, description: null },
  { name: 'PIPED_TO', impact: 'BOTH', mode: 'SUPPLY', soft: false, description: null },
  { name: 'ADVISES', impact: 'SOURCE_TO_TARGET', mode: 'SUSTAIN', soft: true, description: null },
];

export const TYPE_BY_NAME: ReadonlyMap<string, RelationshipType> = new Map(
  [...BUILT_IN_TYPES, ...DECLARED_TYPES].map((type) => [type.name, type]),
);

export interface PlantShape {
  readonly minTwins?: number;
  readonly maxTwins?: number;
  readonly maxRelationships?: number;
  /** Hold-ups and standbys. */
  readonly time?: boolean;
  readonly unknowns?: boolean;
}

const oneOf = <T>(...weighted: readonly (readonly [number, T])[]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const HEALTHS: readonly (readonly [number, OperationalState])[] = [
  [12, 'OPERATIONAL'],
  [1, 'DEGRADED'],
  [1, 'DOWN'],
];

export function arbitraryHealth(unknowns = true): fc.Arbitrary<OperationalState> {
  return oneOf(...HEALTHS, ...(unknowns ? ([[2, 'UNKNOWN']] as const) : []));
}

const MEDIUM = oneOf<string | null>([4, null], [1, 'heat']);

function arbitraryRequirement(group: string, time: boolean): fc.Arbitrary<Requirement> {
  const thresholds = fc.oneof(
    fc.constant({ min: null, full: null }),
    fc.integer({ min: 1, max: 3 }).map((min) => ({ min, full: null })),
    fc.integer({ min: 1, max: 3 }).map((full) => ({ min: null, full })),
    fc
      .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 0, max: 2 }))
      .map(([min, more]) => ({ min, full: min + more })),
  );
  return fc
    .record({
      mode: oneOf<Requirement['mode']>([2, null], [1, 'SUPPLY'], [1, 'SUSTAIN']),
      medium: MEDIUM,
      thresholds,
      soft: oneOf([4, false], [1, true]),
      holdUpMs: time ? oneOf([2, 0], [1, 4], [1, 6], [1, 10]) : fc.constant(0),
      stateOfCharge: oneOf([4, 1], [1, 0.5], [1, 0]),
    })
    .map(({ thresholds: { min, full }, ...rest }) => ({ group, ...rest, min, full }));
}

const CONDUCTIONS: readonly (readonly [number, readonly Conduction[]])[] = [
  [6, []],
  [3, [{ medium: null, role: 'SOURCE' }]],
  [2, [{ medium: null, role: 'CONSUMER' }]],
  [1, [{ medium: 'heat', role: 'SOURCE' }]],
  [
    1,
    [
      { medium: 'heat', role: 'CONSUMER' },
      { medium: null, role: 'CONDUCTOR' },
    ],
  ],
];

function arbitraryTwin(id: string, shape: PlantShape): fc.Arbitrary<ImpactTwin> {
  const time = shape.time ?? true;
  return fc.record({
    id: fc.constant(id),
    kind: oneOf<ImpactTwin['kind']>([3, 'ASSET'], [2, 'PROCESS'], [1, 'SYSTEM']),
    criticality: oneOf([2, 1], [1, 0], [1, 2], [1, 0.5]),
    health: arbitraryHealth(shape.unknowns ?? true),
    planned: oneOf([15, false], [1, true]),
    closed: oneOf([8, true], [1, false]),
    isolates: oneOf([4, false], [1, true]),
    conduction: oneOf(...CONDUCTIONS),
    requirements: fc
      .tuple(fc.option(arbitraryRequirement('g1', time)), fc.option(arbitraryRequirement('g2', time)))
      .map((all) => all.filter((requirement) => requirement !== null)),
  });
}

function arbitraryRelationship(id: string, ids: readonly string[], shape: PlantShape): fc.Arbitrary<Relationship> {
  return fc.record({
    id: fc.constant(id),
    type: oneOf(
      [6, 'FEEDS'],
      [4, 'DEPENDS_ON'],
      [4, 'CONNECTED_TO'],
      ...['SUPPORTS', 'CONTROLS', 'PART_OF', 'LOCATED_IN', 'MEASURES', ...DECLARED_TYPES.map(({ name }) => name)].map(
        (name) => [1, name] as const,
      ),
    ),
    source: fc.constantFrom(...ids),
    target: fc.constantFrom(...ids),
    medium: MEDIUM,
    group: oneOf<string | null>([2, null], [3, 'g1'], [1, 'g2']),
    share: oneOf<number | null>([5, null], [2, 1], [1, 2], [1, 3]),
    standbyDelayMs:
      (shape.time ?? true) ? oneOf<number | null>([6, null], [1, 0], [1, 1], [1, 3], [1, 7]) : fc.constant(null),
    closed: oneOf([8, true], [1, false]),
    oneWay: oneOf([5, false], [1, true]),
    properties: fc.constant({}),
    revision: fc.constant(1),
  });
}

export function arbitraryPlant(shape: PlantShape = {}): fc.Arbitrary<Plant> {
  return fc.integer({ min: shape.minTwins ?? 1, max: shape.maxTwins ?? 6 }).chain((count) => {
    const ids = Array.from({ length: count }, (_, at) => `T${at}`);
    const twins = fc.tuple(...ids.map((id) => arbitraryTwin(id, shape)));
    const relationships = fc
      .integer({ min: 0, max: shape.maxRelationships ?? 12 })
      .chain((joints) =>
        fc.tuple(...Array.from({ length: joints }, (_, at) => arbitraryRelationship(`r${at}`, ids, shape))),
      );
    return fc.record({ twins, relationships, typeByName: fc.constant(TYPE_BY_NAME) });
  });
}

const TWIN_VERBS = ['outage', 'degrade', 'repair', 'maintain', 'open', 'close', 'fault'] as const;

/** A scenario of the plant; a twin stands in at most one list. */
export function arbitraryScenario(plant: Plant): fc.Arbitrary<Scenario> {
  const verb = oneOf<(typeof TWIN_VERBS)[number] | null>(
    [6, null],
    [3, 'outage'],
    ...TWIN_VERBS.slice(1).map((name) => [1, name] as const),
  );
  const joint = oneOf<'open' | 'close' | null>([10, null], [1, 'open'], [1, 'close']);
  return fc
    .record({
      verbs: fc.tuple(...plant.twins.map(() => verb)),
      joints: fc.tuple(
        ...plant.relationships.map((r) => (TYPE_BY_NAME.get(r.type)?.mode === 'SUPPLY' ? joint : fc.constant(null))),
      ),
      baseline: oneOf<Scenario['baseline']>([3, 'LIVE'], [1, 'HEALTHY']),
      coldStart: oneOf([4, false], [1, true]),
      horizonMs: oneOf<number | null>([3, null], [1, 5]),
    })
    .map(({ verbs, joints, ...rest }) => {
      const chosen = (wanted: string) => [
        ...plant.twins.filter((_, at) => verbs[at] === wanted).map((twin) => twin.id),
        ...plant.relationships.filter((_, at) => joints[at] === wanted).map((relationship) => relationship.id),
      ];
      const lists = Object.fromEntries(TWIN_VERBS.map((wanted) => [wanted, chosen(wanted)]));
      return { ...EMPTY_SCENARIO, ...lists, ...rest };
    });
}
