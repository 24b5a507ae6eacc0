/** Random networks that are mostly one large loop of supply. */
import * as fc from 'fast-check';
import type { Relationship } from '../../src/domain/relationship.ts';
import type { ImpactInputs, ImpactTwin } from '../../src/impact/types.ts';
import { TYPE_BY_NAME } from './arbitrary-plant.ts';
import { relationshipOf, requirementOf, twinOf } from './small-plant.ts';

export type Network = ImpactInputs & {
  readonly twins: readonly ImpactTwin[];
  readonly relationships: readonly Relationship[];
};

/** Its twins are T0 and so on, joined by ring0 and so on. */
const COUNT = 120;
/** The number of a twin, or of a relationship of the ring. */
export const place = fc.nat({ max: COUNT - 1 });

/** A ring with chords and taps: most of it is one component. Some of it needs two of several feeds. */
export const arbitraryNetwork = fc
  .record({
    chords: fc.array(fc.tuple(place, place, fc.nat({ max: 9 })), { minLength: 5, maxLength: 80 }),
    taps: fc.array(fc.tuple(place, place), { maxLength: 20 }),
    sources: fc.uniqueArray(place, { minLength: 1, maxLength: 4 }),
    open: fc.uniqueArray(place, { maxLength: 8 }),
  })
  .map(({ chords, taps, sources, open }): Network => {
    const id = (n: number) => `T${n % COUNT}`;
    const ring = Array.from({ length: COUNT }, (_, n) =>
      relationshipOf('CONNECTED_TO', id(n), id(n + 1), { id: `ring${n}`, closed: n % 17 !== 5 }),
    );
    const more = chords.map(([a, b, kind], n) => {
      const parts = { id: `chord${n}`, oneWay: kind === 1, group: kind === 2 ? 'in' : null, closed: kind !== 3 };
      return relationshipOf('CONNECTED_TO', id(a), id(b), parts);
    });
    const fed = taps.map(([a, b], n) => relationshipOf('FEEDS', id(a), id(b), { id: `tap${n}`, group: 'fed' }));
    const requirements = [
      requirementOf('in', { min: 1, full: 2 }),
      requirementOf('fed', { min: 1, full: 1, soft: true }),
    ];
    const twins = Array.from({ length: COUNT }, (_, n) =>
      twinOf(id(n), {
        requirements,
        criticality: n % 3,
        closed: !open.includes(n),
        conduction: sources.includes(n) ? [{ medium: null, role: 'SOURCE' }] : [],
      }),
    );
    return { twins, relationships: [...ring, ...more, ...fed], typeByName: TYPE_BY_NAME };
  });
