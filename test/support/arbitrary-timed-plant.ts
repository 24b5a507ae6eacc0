/** Random small plants that are mostly well, with many groups, loops, hold-ups and standbys: what time in scenarios is hard on. */
import * as fc from 'fast-check';
import type { Relationship } from '../../src/domain/relationship.ts';
import { EMPTY_SCENARIO, type ImpactTwin, type Scenario } from '../../src/impact/types.ts';
import { BUILT_IN_TYPE_BY_NAME } from './plant-lines.ts';
import type { Plant } from './reference-impact.ts';

const oneOf = <T>(...weighted: readonly (readonly [number, T])[]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

function arbitraryTwin(id: string): fc.Arbitrary<ImpactTwin> {
  const requirement = (group: string) =>
    fc
      .record({
        thresholds: oneOf<readonly [number | null, number | null]>([3, [1, 1]], [1, [1, 2]], [1, [null, null]]),
        holdUpMs: oneOf([2, 0], [1, 4], [1, 6], [1, 10]),
      })
      .map(({ thresholds: [min, full], holdUpMs }) => {
        return { group, mode: null, medium: null, min, full, soft: false, holdUpMs, stateOfCharge: 1 };
      });
  return fc.record({
    id: fc.constant(id),
    kind: fc.constant('ASSET' as const),
    criticality: fc.constant(1),
    health: oneOf<ImpactTwin['health']>([14, 'OPERATIONAL'], [1, 'DOWN'], [1, 'UNKNOWN'], [1, 'DEGRADED']),
    planned: fc.constant(false),
    closed: oneOf([14, true], [1, false]),
    conduction: fc.constant([]),
    requirements: fc.tuple(requirement('g1'), requirement('g2')),
  });
}

function arbitraryRelationship(id: string, ids: readonly string[]): fc.Arbitrary<Relationship> {
  return fc.record({
    id: fc.constant(id),
    type: oneOf([5, 'FEEDS'], [2, 'DEPENDS_ON']),
    source: fc.constantFrom(...ids),
    target: fc.constantFrom(...ids),
    medium: fc.constant(null),
    group: oneOf<string | null>([1, null], [5, 'g1'], [2, 'g2']),
    share: fc.constant(null),
    standbyDelayMs: oneOf<number | null>([4, null], [1, 1], [1, 3], [1, 7]),
    closed: oneOf([12, true], [1, false]),
    oneWay: fc.constant(false),
    properties: fc.constant({}),
    revision: fc.constant(1),
  });
}

/** A plant, and a scenario of at most two outages, sometimes with a repair, sometimes from black. */
export function arbitraryTimedCase(twinCount = 6): fc.Arbitrary<readonly [Plant, Scenario]> {
  const ids = Array.from({ length: twinCount }, (_, at) => `T${at}`);
  const relationships = fc
    .integer({ min: twinCount - 1, max: 2 * twinCount + 2 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => arbitraryRelationship(`r${at}`, ids))));
  const scenario = fc.record({
    outage: fc.subarray(ids, { maxLength: 2 }),
    repair: oneOf<readonly string[]>([5, []], [1, ['T0']]),
    coldStart: oneOf([6, false], [1, true]),
  });
  return fc.tuple(fc.tuple(...ids.map(arbitraryTwin)), relationships, scenario).map(([twins, joints, parts]) => [
    { twins, relationships: joints, typeByName: BUILT_IN_TYPE_BY_NAME },
    { ...EMPTY_SCENARIO, ...parts },
  ]);
}
