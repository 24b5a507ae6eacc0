/** A meshed supply network of any size, the same for the same seed: a few sources, lines with loops, loads that pass nothing on. */
import { BUILT_IN_TYPES, type Relationship } from '../../src/domain/relationship.ts';
import type { ConductionRole } from '../../src/domain/state.ts';
import type { ImpactInputs, ImpactTwin } from '../../src/impact/types.ts';
import { seededRandom } from './seeded-plant.ts';

const SOURCES = 5;

export function seededNetwork(count: number, seed = 1): ImpactInputs & { readonly twins: readonly ImpactTwin[] } {
  const random = seededRandom(seed);
  const twins = Array.from({ length: count }, (_, n) => twinOf(n));
  const relationships: Relationship[] = [];
  const join = (a: number, b: number): void => {
    const plain = { group: null, share: null, standbyDelayMs: null, closed: true, oneWay: false, properties: {} };
    const ends = { source: `N${a}`, target: `N${b}`, medium: 'power' };
    relationships.push({ id: `j${relationships.length}`, type: 'CONNECTED_TO', ...ends, ...plain, revision: 1 });
  };
  for (let n = 1; n < count; n += 1) {
    join(n, conductorAt(Math.max(0, n - 1 - Math.floor(random() * 30))));
    if (roleOf(n) !== 'CONSUMER' && random() < 0.2) join(n, conductorAt(Math.floor(random() * n)));
  }
  return { twins, relationships, typeByName: new Map(BUILT_IN_TYPES.map((type) => [type.name, type])) };
}

function roleOf(n: number): ConductionRole {
  if (n < SOURCES) return 'SOURCE';
  return n % 4 === 0 ? 'CONSUMER' : 'CONDUCTOR';
}

/** The twin, or the one before it where that is a load. */
function conductorAt(n: number): number {
  return roleOf(n) === 'CONSUMER' ? n - 1 : n;
}

function twinOf(n: number): ImpactTwin {
  const plain = { kind: 'ASSET', criticality: 0, health: 'OPERATIONAL', planned: false, closed: true } as const;
  return { id: `N${n}`, ...plain, conduction: [{ medium: null, role: roleOf(n) }], requirements: [] };
}
