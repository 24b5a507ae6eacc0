/** Scenarios and timelines of the engine against the reference interpreter, on random plants. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { EMPTY_SCENARIO, type AffectedTwin, type DerivedState, type Scenario } from '../../src/impact/types.ts';
import { finish } from '../../src/impact/steps.ts';
import { arbitraryPlant, arbitraryScenario } from '../support/arbitrary-plant.ts';
import { FUZZ } from '../support/fuzz-settings.ts';
import { subsets } from '../support/reference-analysis.ts';
import {
  available,
  CUTS,
  LEVELS,
  type Plant,
  type ReferenceGroup,
  referenceAtRisk,
  referenceGroups,
  referenceStates,
  withHealth,
} from '../support/reference-impact.ts';
import {
  overridden,
  type ReferenceAffected,
  referencePlannedOnly,
  referenceScenario,
  scenarioTwins,
} from '../support/reference-scenario.ts';

const arbitraryCase = (shape: Parameters<typeof arbitraryPlant>[0] = {}) =>
  arbitraryPlant({ maxTwins: 7, maxRelationships: 14, ...shape }).chain((plant) =>
    fc.tuple(fc.constant(plant), arbitraryScenario(plant)),
  );

function expected([id, row]: [string, ReferenceAffected]): Omit<AffectedTwin, 'planned'> {
  return {
    id,
    before: row.before.state,
    after: row.after.state,
    isWorse: row.worse,
    certainty: row.certain ? 'CERTAIN' : 'POSSIBLE',
    impactAtMs: row.impactAtMs,
    recoversAtMs: row.recoversAtMs,
    timeline: row.timeline,
  };
}

const byId = <T extends { id: string }>(rows: readonly T[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const statesOf = (model: ImpactModel, plant: Plant) => new Map(plant.twins.map(({ id }) => [id, model.state(id)]));

test('a scenario affects whom it affects by the rules, at the same times, with the same certainty', () => {
  fc.assert(
    fc.property(arbitraryCase(), ([plant, scenario]) => {
      const model = ImpactModel.compile(plant);
      const answer = model.runScenario(scenario);
      const rows = [...answer.affected].map(({ planned: _, ...row }) => row);
      expect(byId(rows)).toEqual(byId([...referenceScenario(plant, scenario)].map(expected)));
      expect([...answer.scenarioTwins].filter((id) => model.has(id)).toSorted()).toEqual(
        [...scenarioTwins(plant, scenario)].filter((id) => model.has(id)).toSorted(),
      );
    }),
    FUZZ,
  );
});

test('a scenario leaves the live state as it was, and the next one finds it so', () => {
  fc.assert(
    fc.property(arbitraryCase(), fc.nat(), ([plant, scenario], pick) => {
      const model = ImpactModel.compile(plant);
      const other: Scenario = { ...EMPTY_SCENARIO, outage: [plant.twins[pick % plant.twins.length]?.id as string] };
      const want = [...ImpactModel.compile(plant).runScenario(other).affected];
      model.runScenario(scenario);
      expect(statesOf(model, plant)).toEqual(referenceStates(plant));
      expect([...model.runScenario(other).affected]).toEqual(want);
      expect([...model.runScenario(EMPTY_SCENARIO).affected]).toEqual([]);
    }),
    FUZZ,
  );
});

test('a scenario after changes is that of a model compiled anew', () => {
  fc.assert(
    fc.property(
      arbitraryCase(),
      fc.nat(),
      fc.constantFrom('DOWN' as const, 'UNKNOWN' as const),
      ([plant, scenario], pick, health) => {
        const id = plant.twins[pick % plant.twins.length]?.id as string;
        const after = { ...plant, twins: plant.twins.map((twin) => (twin.id === id ? { ...twin, health } : twin)) };
        const model = ImpactModel.compile(plant);
        model.runScenario(scenario);
        model.update([{ id, health }]);
        expect([...model.runScenario(scenario).affected]).toEqual([
          ...ImpactModel.compile(after).runScenario(scenario).affected,
        ]);
      },
    ),
    FUZZ,
  );
});

test('who is at risk has no proof without a redundancy that is spent', () => {
  fc.assert(
    fc.property(arbitraryPlant({ maxTwins: 7, maxRelationships: 14 }), fc.nat(), (plant, pick) => {
      const model = ImpactModel.compile(plant);
      const atRisk = (now: Plant) => now.twins.filter((twin) => model.atRisk(twin.id)).map((twin) => twin.id);
      expect(new Set(atRisk(plant))).toEqual(referenceAtRisk(plant));
      const id = plant.twins[pick % plant.twins.length]?.id as string;
      model.update([{ id, health: 'DOWN' }]);
      const after = {
        ...plant,
        twins: plant.twins.map((twin) => (twin.id === id ? { ...twin, health: 'DOWN' as const } : twin)),
      };
      expect(new Set(atRisk(after))).toEqual(referenceAtRisk(after));
    }),
    FUZZ,
  );
});

test('ids and the order of twins and relationships do not matter', () => {
  fc.assert(
    fc.property(arbitraryCase(), ([plant, scenario]) => {
      const renamed = (id: string) => `Z${9 - Number(id.slice(1))}`;
      const mirror: Plant = {
        ...plant,
        twins: plant.twins.map((twin) => ({ ...twin, id: renamed(twin.id) })).toReversed(),
        relationships: plant.relationships
          .map((r) => ({ ...r, source: renamed(r.source), target: renamed(r.target) }))
          .toReversed(),
      };
      const lists = Object.fromEntries(
        Object.entries(scenario).map(([key, list]) => [
          key,
          Array.isArray(list) ? list.map((id: string) => (id.startsWith('T') ? renamed(id) : id)) : list,
        ]),
      );
      const want = [...ImpactModel.compile(plant).runScenario(scenario).affected];
      const got = [...ImpactModel.compile(mirror).runScenario(lists as unknown as Scenario).affected];
      expect(byId(got)).toEqual(byId(want.map((row) => ({ ...row, id: renamed(row.id) }))));
    }),
    FUZZ,
  );
});

test('planned work alone is told where nothing unplanned makes it worse', () => {
  fc.assert(
    fc.property(arbitraryCase({ unknowns: false, time: false }), ([plant, drawn]) => {
      const { outage, degrade, maintain } = drawn;
      const scenario = { ...EMPTY_SCENARIO, outage, degrade, maintain };
      const want = referencePlannedOnly(plant, scenario);
      for (const row of ImpactModel.compile(plant).runScenario(scenario).affected) {
        expect([row.id, row.planned]).toEqual([row.id, want.has(row.id)]);
      }
    }),
    FUZZ,
  );
});

test('newly at risk is who leans on spent redundancy once the scenario has settled', () => {
  fc.assert(
    fc.property(arbitraryCase(), ([plant, drawn]) => {
      const { outage, degrade, maintain, open } = drawn;
      const scenario = { ...EMPTY_SCENARIO, outage, degrade, maintain, open };
      const changed = overridden(plant, scenario);
      const settled = referenceStates(changed);
      const affected = referenceScenario(plant, scenario);
      // What a gap took down may not come back; then the settled state is another one.
      fc.pre([...affected].every(([id, row]) => row.timeline.at(-1)?.state === settled.get(id)?.state));
      const own = scenarioTwins(plant, scenario);
      const before = referenceAtRisk(plant);
      const wasUp = referenceStates(plant);
      const want = [...referenceAtRisk(changed)].filter(
        (id) => wasUp.get(id)?.state === 'OPERATIONAL' && !before.has(id) && !own.has(id) && !affected.has(id),
      );
      expect(finish(ImpactModel.compile(plant).runScenario(scenario).newlyAtRisk()).toSorted()).toEqual(
        want.toSorted(),
      );
    }),
    FUZZ,
  );
});

test('a witness is a chain of losses from a twin of the scenario, and no shorter one exists', () => {
  fc.assert(
    fc.property(arbitraryCase({ time: false, unknowns: false }), ([plant, { outage }]) => {
      const scenario = { ...EMPTY_SCENARIO, outage };
      const answer = ImpactModel.compile(plant).runScenario(scenario);
      const changed = overridden(plant, scenario);
      const groups = referenceGroups(changed);
      const before = { 1: available(plant, 1, 'worst'), 2: available(plant, 2, 'worst') };
      const after = { 1: available(changed, 1, 'worst'), 2: available(changed, 2, 'worst') };
      const hops = hopsFrom(outage, groups, (id) => CUTS.some((cut) => before[cut].has(id) && !after[cut].has(id)));
      for (const { id } of answer.affected) {
        const chain = answer.witness(id);
        expect(outage).toContain(chain[0]?.twin);
        expect(chain.at(-1)?.twin).toBe(id);
        expect(chain.length - 1).toBeGreaterThanOrEqual(hops.get(id) as number);
        for (const [at, step] of chain.slice(1).entries()) {
          const from = chain[at]?.twin as string;
          const own = groups.filter((group) => group.owner === step.twin);
          expect(own.some((g) => g.members.some((m) => m.twin === from && m.relationship === step.relationship))).toBe(
            true,
          );
          expect(step.lost).toContain(from);
          expect(step.have as number).toBeLessThan(step.need as number);
        }
      }
    }),
    FUZZ,
  );
});

/** Fewest needs between any of these twins and each twin, over twins that lost something. */
function hopsFrom(
  from: readonly string[],
  groups: readonly ReferenceGroup[],
  isLost: (id: string) => boolean,
): Map<string, number> {
  const hops = new Map(from.map((id) => [id, 0]));
  for (const [id, distance] of hops) {
    for (const { owner, members } of groups) {
      if (members.some((m) => m.twin === id) && isLost(owner) && !hops.has(owner)) hops.set(owner, distance + 1);
    }
  }
  return hops;
}

test('causes are the smallest parts of the outage that suffice for the loss', () => {
  fc.assert(
    fc.property(arbitraryCase({ time: false }), ([plant, { outage }]) => {
      const answer = ImpactModel.compile(plant).runScenario({ ...EMPTY_SCENARIO, outage });
      const rank = (state: DerivedState | undefined) =>
        3 * LEVELS.indexOf(state?.best as 'DOWN') + LEVELS.indexOf(state?.worst as 'DOWN');
      const whole = referenceStates(withHealth(plant, outage, 'DOWN'));
      for (const { id } of answer.affected) {
        const sufficient: string[][] = [];
        for (const part of subsets(outage.toSorted(), 2)) {
          if (sufficient.some((smaller) => smaller.every((each) => part.includes(each)))) continue;
          const alone = referenceStates(withHealth(plant, part, 'DOWN'));
          if (rank(alone.get(id)) <= rank(whole.get(id))) sufficient.push(part);
        }
        const got = finish(answer.causes(id, 2)).map((part) => part.toSorted().join('+'));
        expect([id, got.toSorted()]).toEqual([id, sufficient.map((part) => part.join('+')).toSorted()]);
      }
    }),
    FUZZ,
  );
});
