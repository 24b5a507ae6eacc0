/** How relationships and declarations become requirement groups (docs/IMPACT.md). */
import { describe, expect, it } from 'vitest';
import type { ImpactModel } from '../../src/impact/impact-model.ts';
import { stateText } from '../support/impact-text.ts';
import { modelOf, relationshipOf, requirementOf, twinOf } from '../support/small-plant.ts';

const feeds = (source: string, target: string, more = {}) => relationshipOf('FEEDS', source, target, more);

function groupsOf(model: ImpactModel, id: string): string[] {
  return model
    .requirements(id)
    .map(({ group, mode, medium, min, full, total, soft }) => {
      return `${group} ${mode} ${medium ?? '-'} ${min}/${full} of ${total}${soft ? ' soft' : ''}`;
    })
    .toSorted();
}

describe('what a relationship needs by default', () => {
  it('two feeds without a group are both required, even of one medium', () => {
    const model = modelOf([feeds('A', 'X', { medium: 'power' }), feeds('B', 'X', { medium: 'power' })]);
    expect(groupsOf(model, 'X')).toEqual(['FEEDS SUPPLY power 1/1 of 1', 'FEEDS SUPPLY power 1/1 of 1']);
    model.update([{ id: 'A', health: 'DOWN' }]);
    expect(model.state('X').state).toBe('DOWN');
  });

  it('outages travel along FEEDS, SUPPORTS and CONTROLS, and against DEPENDS_ON and LOCATED_IN', () => {
    const model = modelOf([
      feeds('A', 'X1'),
      relationshipOf('SUPPORTS', 'A', 'X2'),
      relationshipOf('CONTROLS', 'A', 'X3'),
      relationshipOf('DEPENDS_ON', 'X4', 'A'),
      relationshipOf('LOCATED_IN', 'X5', 'A'),
    ]);
    const told = model.update([{ id: 'A', health: 'DOWN' }]).map(({ id }) => id);
    expect(told.toSorted()).toEqual(['A', 'X1', 'X2', 'X3', 'X4', 'X5']);
    model.update([{ id: 'A', health: 'OPERATIONAL' }]);
    expect(model.update(['X1', 'X2', 'X3', 'X4', 'X5'].map((id) => ({ id, health: 'DOWN' }))).length).toBe(5);
    expect(model.state('A').state).toBe('OPERATIONAL');
  });

  it('MEASURES carries no outage, and neither do types that a model declares with impact NONE', () => {
    const note = { name: 'NOTES', impact: 'NONE', mode: null, soft: false, description: null } as const;
    const model = modelOf([relationshipOf('MEASURES', 'A', 'X'), relationshipOf('NOTES', 'A', 'X')], [], [note]);
    expect(model.update([{ id: 'A', health: 'DOWN' }]).map(({ id }) => id)).toEqual(['A']);
  });

  it('a part takes its whole down only where the whole says so', () => {
    const parts = [relationshipOf('PART_OF', 'P1', 'X', { group: 'parts' }), relationshipOf('PART_OF', 'P2', 'X')];
    const silent = modelOf(parts);
    silent.update([{ id: 'P1', health: 'DOWN' }]);
    expect(silent.state('X').state).toBe('OPERATIONAL');
    const strict = modelOf(parts, [twinOf('X', { requirements: [requirementOf('parts')] })]);
    strict.update([{ id: 'P2', health: 'DOWN' }]);
    expect(strict.state('X').state).toBe('OPERATIONAL');
    strict.update([{ id: 'P1', health: 'DOWN' }]);
    expect(strict.state('X').state).toBe('DOWN');
  });

  it('types that a model declares bring their direction, mode and softness', () => {
    const types = [
      { name: 'IS_FED_BY', impact: 'TARGET_TO_SOURCE', mode: 'SUPPLY', soft: false, description: null },
      { name: 'ADVISES', impact: 'SOURCE_TO_TARGET', mode: 'SUSTAIN', soft: true, description: null },
      { name: 'LEANS_ON', impact: 'BOTH', mode: 'SUSTAIN', soft: false, description: null },
    ] as const;
    const model = modelOf(
      [
        relationshipOf('IS_FED_BY', 'X', 'A'),
        relationshipOf('ADVISES', 'A', 'Y'),
        relationshipOf('LEANS_ON', 'A', 'Z'),
      ],
      [],
      types,
    );
    expect(groupsOf(model, 'X')).toEqual(['IS_FED_BY SUPPLY - 1/1 of 1']);
    model.update([{ id: 'A', health: 'DOWN' }]);
    expect(stateText(model, 'X', 'Y', 'Z')).toEqual(['DOWN', 'DEGRADED', 'DOWN']);
    model.update([
      { id: 'A', health: 'OPERATIONAL' },
      { id: 'Z', health: 'DOWN' },
    ]);
    expect(model.state('A').state).toBe('DOWN');
  });
});

describe('named and declared groups', () => {
  it('relationships of one name and medium form one group; undeclared, all are required', () => {
    const model = modelOf([
      feeds('A', 'X', { group: 'g', medium: 'power' }),
      feeds('B', 'X', { group: 'g', medium: 'power' }),
      feeds('C', 'X', { group: 'g', medium: 'water' }),
    ]);
    expect(groupsOf(model, 'X')).toEqual(['g SUPPLY power 2/2 of 2', 'g SUPPLY water 1/1 of 1']);
  });

  it('a requirement of no medium holds for its group in each medium; one of that very medium wins', () => {
    const model = modelOf(
      [
        feeds('A', 'X', { group: 'g', medium: 'power' }),
        feeds('B', 'X', { group: 'g', medium: 'power' }),
        feeds('C', 'X', { group: 'g', medium: 'water' }),
        feeds('D', 'X', { group: 'g', medium: 'water' }),
      ],
      [
        twinOf('X', {
          requirements: [requirementOf('g', { min: 1, full: 1 }), requirementOf('g', { medium: 'water', full: 2 })],
        }),
      ],
    );
    expect(groupsOf(model, 'X')).toEqual(['g SUPPLY power 1/1 of 2', 'g SUPPLY water 2/2 of 2']);
  });

  it.each([
    [{}, '3/3'],
    [{ min: 2 }, '2/2'],
    [{ full: 2 }, '2/2'],
    [{ min: 1, full: 2 }, '1/2'],
  ])('thresholds %j of three mean %s', (thresholds, meant) => {
    const members = ['A', 'B', 'C'].map((id) => feeds(id, 'X', { group: 'g' }));
    const model = modelOf(members, [twinOf('X', { requirements: [requirementOf('g', thresholds)] })]);
    expect(groupsOf(model, 'X')).toEqual([`g SUPPLY - ${meant} of 3`]);
  });

  it('shares of a twin that is in a group by several relationships add up', () => {
    const model = modelOf(
      [
        feeds('A', 'X', { group: 'g', share: 2, id: 'r1' }),
        feeds('A', 'X', { group: 'g', share: 1, id: 'r2' }),
        feeds('B', 'X', { group: 'g' }),
      ],
      [twinOf('X', { requirements: [requirementOf('g', { min: 3, full: 4 })] })],
    );
    model.update([{ id: 'B', health: 'DOWN' }]);
    expect(model.state('X').state).toBe('DEGRADED');
    model.update([{ id: 'A', health: 'DOWN' }]);
    expect(model.state('X').state).toBe('DOWN');
  });

  it('full above the sum of the shares cannot be reached', () => {
    const model = modelOf(
      [feeds('A', 'X', { group: 'g' })],
      [twinOf('X', { requirements: [requirementOf('g', { min: 1, full: 2 })] })],
    );
    expect(model.state('X').state).toBe('DEGRADED');
  });

  it('shares of billions are counted exactly', () => {
    const share = 2_000_000_000;
    const model = modelOf(
      ['A', 'B', 'C'].map((id) => feeds(id, 'X', { group: 'g', share })),
      [twinOf('X', { requirements: [requirementOf('g', { min: share, full: 2_147_483_647 })] })],
    );
    expect(model.requirements('X')[0]?.have).toBe(3 * share);
    model.update(['A', 'B'].map((id) => ({ id, health: 'DOWN' as const })));
    expect(model.state('X').state).toBe('DEGRADED');
  });

  it('a group that mixes supply and sustain must hold as supply', () => {
    const model = modelOf(
      [feeds('A', 'X', { group: 'g' }), relationshipOf('DEPENDS_ON', 'X', 'B', { group: 'g' })],
      [twinOf('X', { requirements: [requirementOf('g', { min: 1, full: 1 })] })],
    );
    expect(groupsOf(model, 'X')).toEqual(['g SUPPLY - 1/1 of 2']);
  });

  it('a declared mode wins over that of the type', () => {
    const ring = [feeds('A', 'B', { group: 'g' }), feeds('B', 'A', { group: 'g' })];
    const sustained = ['A', 'B'].map((id) => twinOf(id, { requirements: [requirementOf('g', { mode: 'SUSTAIN' })] }));
    expect(stateText(modelOf(ring), 'A', 'B')).toEqual(['DOWN', 'DOWN']);
    expect(stateText(modelOf(ring, sustained), 'A', 'B')).toEqual(['OPERATIONAL', 'OPERATIONAL']);
  });

  it('a requirement that no relationship goes with is dropped, and told', () => {
    const model = modelOf(
      [feeds('A', 'X')],
      [twinOf('X', { requirements: [requirementOf('spare', { min: 1, full: 1 })] })],
    );
    expect(model.state('X').state).toBe('OPERATIONAL');
    expect(model.plant.dropped).toEqual([{ twin: 'X', group: 'spare', medium: null }]);
  });
});

describe('requirements as they stand', () => {
  it('tell what is needed, what is there and how many members can be lost', () => {
    const model = modelOf(
      [
        feeds('A', 'X', { group: 'g', share: 50 }),
        feeds('B', 'X', { group: 'g', share: 30 }),
        feeds('C', 'X', { group: 'g', share: 30 }),
      ],
      [twinOf('X', { requirements: [requirementOf('g', { min: 40, full: 60 })] })],
    );
    expect(model.requirements('X')[0]).toMatchObject({ have: 110, total: 110, margin: 1 });
    model.update([{ id: 'B', health: 'DOWN' }]);
    expect(model.requirements('X')[0]).toMatchObject({ have: 80, total: 110, margin: 0 });
    expect(model.requirements('X')[0]?.members.map(({ twin, available }) => [twin, available])).toEqual([
      ['A', true],
      ['B', false],
      ['C', true],
    ]);
  });
});
