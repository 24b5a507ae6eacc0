/** Doubts about the model are told where they belong, and a sound plant raises none. */
import { describe, expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { modelIssues } from '../../src/impact/model-issues.ts';
import { finish } from '../../src/impact/steps.ts';
import { plantFromLines } from '../support/plant-lines.ts';

function issues(lines: readonly string[], limit = 100): string[] {
  return finish(modelIssues(ImpactModel.compile(plantFromLines(lines)).plant, limit)).map(
    ({ code, twin }) => `${code} ${twin}`,
  );
}

describe('model issues', () => {
  test('a sound plant has none', () => {
    expect(
      issues([
        'process P',
        'source S',
        'P <= L',
        'S -- B',
        'B -- C',
        'C -- L',
        'MSB <- ANY(GRID,GEN) standby GEN=2',
        'P <- MSB',
      ]),
    ).toEqual([]);
  });

  test('a process that needs nothing', () => {
    expect(issues(['process P Q', 'P <= A'])).toEqual(['PROCESS_WITHOUT_REQUIREMENT Q']);
  });

  test('two feeds of one medium without a group', () => {
    expect(issues(['A <- S1', 'A <- S2', 'B <- S1'])).toEqual(['UNGROUPED_REDUNDANCY A']);
  });

  test('a group that the twin does not declare', () => {
    const plant = plantFromLines(['A <- ANY(S1,S2)']);
    const undeclared = { ...plant, twins: plant.twins.map((twin) => ({ ...twin, requirements: [] })) };
    const found = finish(modelIssues(ImpactModel.compile(undeclared).plant, 10));
    expect(found.map(({ code, twin }) => `${code} ${twin}`)).toEqual(['UNDECLARED_GROUP A']);
  });

  test('a requirement without members, and a part in no network', () => {
    const plant = plantFromLines(['A <- {S}', 'consumer C', 'B']);
    const emptied = { ...plant, relationships: [] };
    const found = finish(modelIssues(ImpactModel.compile(emptied).plant, 10));
    expect(found.map(({ code, twin }) => `${code} ${twin}`)).toEqual(['EMPTY_GROUP A', 'PART_WITHOUT_NETWORK C']);
  });

  test('a threshold that cannot be reached', () => {
    expect(issues(['A <- {S1,S2} min 1 full 3', 'B <- A'])).toEqual(['UNREACHABLE_THRESHOLD A']);
  });

  test('a twin that needs itself', () => {
    expect(issues(['A <= A'])).toEqual(['SELF_REQUIREMENT A']);
  });

  test('loops and networks that no source reaches, told once each', () => {
    expect(issues(['A <- B', 'B <- A', 'C <- B'])).toEqual(['SUPPLY_WITHOUT_SOURCE A']);
    expect(issues(['B1 -- B2', 'B2 -- B3'])).toEqual(['SUPPLY_WITHOUT_SOURCE B1']);
    expect(issues(['source S', 'S -- T', 'T -- B', 'switchedOff T', 'health S=DOWN'])).toEqual([]);
  });

  test('are told in sentences, of one twin and of several', () => {
    const text = (...lines: string[]) =>
      finish(modelIssues(ImpactModel.compile(plantFromLines(lines)).plant, 1))[0]?.message;
    expect(text('consumer L', 'L -- B', 'source B')).toBeUndefined();
    expect(text('L <- L')).toBe('L is a member of its own requirement FEEDS, and cannot supply itself');
    expect(text('A <- B', 'B <- A')).toBe(
      'A and 1 more are without supply even when all is well: no source reaches them',
    );
    expect(text('source S', 'consumer L', 'B -- L', 'L -- S')).toBe(
      'B is without supply even when all is well: no source reaches it',
    );
  });

  test('no more than wanted', () => {
    expect(issues(['process P Q R'], 2)).toHaveLength(2);
  });
});
