/** Large loops of supply are kept up to date from change to change; here against a model compiled anew. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Relationship } from '../../src/domain/relationship.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import type { ConditionChange, ImpactInputs, ImpactTwin, RelationshipSwitch } from '../../src/impact/types.ts';
import { arbitraryHealth, TYPE_BY_NAME } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { scenarioOf } from '../support/impact-text.ts';
import { relationshipOf, requirementOf, twinOf } from '../support/small-plant.ts';

type Plant = ImpactInputs & { readonly twins: readonly ImpactTwin[]; readonly relationships: readonly Relationship[] };

const COUNT = 120;
const place = fc.nat({ max: COUNT - 1 });

/** A ring with chords and taps: most of it is one component. Some of it needs two of several feeds. */
const arbitraryNetwork = fc
  .record({
    chords: fc.array(fc.tuple(place, place, fc.nat({ max: 9 })), { minLength: 5, maxLength: 80 }),
    taps: fc.array(fc.tuple(place, place), { maxLength: 20 }),
    sources: fc.uniqueArray(place, { minLength: 1, maxLength: 4 }),
    open: fc.uniqueArray(place, { maxLength: 8 }),
  })
  .map(({ chords, taps, sources, open }): Plant => {
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

const arbitraryChanges = fc.array(
  fc.record({
    n: place,
    health: arbitraryHealth(),
    closed: fc.boolean(),
    kind: fc.constantFrom('health', 'twin', 'ring'),
  }),
  { minLength: 1, maxLength: 6 },
);

function withChanges(
  plant: Plant,
  changes: readonly ConditionChange[],
  switches: readonly RelationshipSwitch[],
): Plant {
  const twins = new Map(plant.twins.map((twin) => [twin.id, twin]));
  for (const change of changes) twins.set(change.id, { ...(twins.get(change.id) as ImpactTwin), ...change });
  const closedById = new Map(switches.map(({ id, closed }) => [id, closed]));
  const relationships = plant.relationships.map((each) => ({
    ...each,
    closed: closedById.get(each.id) ?? each.closed,
  }));
  return { ...plant, twins: [...twins.values()], relationships };
}

const statesOf = (model: ImpactModel) =>
  model.plant.ids.toSorted().map((id) => [id, model.state(id).state, model.atRisk(id)]);

test('after every change, and in every what-if between, a large network is what it is compiled anew', () => {
  fc.assert(
    fc.property(arbitraryNetwork, fc.array(arbitraryChanges, { minLength: 1, maxLength: 6 }), (plant, rounds) => {
      const model = ImpactModel.compile(plant);
      let now = plant;
      for (const round of rounds) {
        const changes = round
          .filter(({ kind }) => kind !== 'ring')
          .map(({ n, health, closed, kind }) => ({ id: `T${n}`, ...(kind === 'twin' ? { closed } : { health }) }));
        const switches = round
          .filter(({ kind }) => kind === 'ring')
          .map(({ n, closed }) => ({ id: `ring${n}`, closed }));
        const scenario = scenarioOf({
          outage: changes.slice(0, 2).map(({ id }) => id),
          open: ['ring7'],
          close: ['ring5'],
        });
        const anew = ImpactModel.compile(now).runScenario(scenario);
        const answer = model.runScenario(scenario);
        expect(answer.affected).toEqual(anew.affected);
        expect(answer.newlyAtRisk).toEqual(anew.newlyAtRisk);
        model.update(changes, switches);
        now = withChanges(now, changes, switches);
        expect(statesOf(model)).toEqual(statesOf(ImpactModel.compile(now)));
      }
    }),
    { ...FUZZ, numRuns: Math.ceil(FUZZ.numRuns / 5) },
  );
});
