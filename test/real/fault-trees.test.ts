/** Published fault trees fail as they should, and their minimal cut sets are the ones that are known. */
import { describe, expect, test } from 'vitest';
import type { Requirement } from '../../src/domain/twin.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { cutSetsOf } from '../support/ask-analyses.ts';
import { BUILT_IN_TYPE_BY_NAME } from '../support/plant-lines.ts';
import { dataFolders, readLines, relationshipOf, twinOf } from '../support/real-data.ts';
import type { Plant } from '../support/reference-impact.ts';

interface TreeNode {
  readonly id: string;
  readonly type: 'Gate' | 'BasicEvent' | 'HouseEvent';
  readonly props: { readonly op?: string; readonly k?: number; readonly state?: boolean };
}

interface TreeTruth {
  readonly failed?: readonly string[];
  readonly failed_gates?: readonly string[];
  readonly tops?: readonly string[];
  readonly single_points_of_failure?: readonly string[];
  readonly fatal_pairs?: readonly (readonly string[])[];
}

const COHERENT = new Set(['and', 'or', 'atleast']);
const FOLDERS = dataFolders('fault-trees');
/** NOT and XOR are outside of what impact means. */
const TREES = FOLDERS.filter((name) =>
  readTree(name).every(({ type, props }) => type !== 'Gate' || COHERENT.has(props.op ?? '')),
);

function readTree(name: string): TreeNode[] {
  return readLines<TreeNode>('fault-trees', name, `${name}.nodes.jsonl`);
}

/** A gate is up while its failure condition does not hold: OR needs all of its inputs, AND one, k of n all but k - 1. */
function toPlant(name: string): Plant {
  const nodes = readTree(name);
  const edges = readLines<{ id: string; source: string; target: string }>('fault-trees', name, `${name}.edges.jsonl`);
  const twins = nodes.map(({ id, type, props }) => {
    if (type !== 'Gate') return twinOf(id, { health: props.state ? 'DOWN' : 'OPERATIONAL' });
    const inputs = edges.filter(({ target }) => target === id).length;
    const k = props.op === 'or' ? 1 : props.op === 'and' ? inputs : (props.k ?? 1);
    const need = inputs - k + 1;
    const plain: Omit<Requirement, 'min' | 'full'> = {
      group: 'inputs',
      mode: null,
      medium: null,
      soft: false,
      holdUpMs: 0,
      stateOfCharge: 1,
    };
    return twinOf(id, { kind: 'SYSTEM', requirements: [{ ...plain, min: need, full: need }] });
  });
  const relationships = edges.map(({ id, source, target }) =>
    relationshipOf(id, 'DEPENDS_ON', target, source, { group: 'inputs' }),
  );
  return { twins, relationships, typeByName: BUILT_IN_TYPE_BY_NAME };
}

describe.skipIf(FOLDERS.length === 0)('fault trees (skipped where ../shared/data/fault-trees is missing)', () => {
  test(`${TREES.length} of ${FOLDERS.length} are without NOT and XOR`, () => {
    expect(TREES.length).toBeGreaterThanOrEqual(Math.min(FOLDERS.length, 5));
  });

  describe.each(TREES)('%s', (name) => {
    const gates = new Set(
      readTree(name)
        .filter(({ type }) => type === 'Gate')
        .map(({ id }) => id),
    );

    test('each set of failed events fails the gates that it should', () => {
      const model = ImpactModel.compile(toPlant(name));
      const isDown = (id: string) => model.state(id).state === 'DOWN';
      const failedAlready = [...gates].filter(isDown);
      const wrong: unknown[] = [];
      const rows = readLines<TreeTruth>('fault-trees', name, `${name}.truth.jsonl`).filter((row) => row.failed);
      for (const { failed = [], failed_gates: want = [] } of rows) {
        const { affected } = model.runScenario({ ...EMPTY_SCENARIO, outage: failed });
        const down = [...affected].filter(({ id, after }) => gates.has(id) && after === 'DOWN').map(({ id }) => id);
        if ([...failedAlready, ...down].toSorted().join() !== want.toSorted().join()) wrong.push(failed);
      }
      expect(wrong).toEqual([]);
      expect(rows.length).toBeGreaterThan(300);
    });

    test('the cut sets of the top event are its single points of failure and fatal pairs', () => {
      const model = ImpactModel.compile(toPlant(name));
      const truth = readLines<TreeTruth>('fault-trees', name, `${name}.truth.jsonl`);
      const tops = truth.flatMap((row) => row.tops ?? []).filter((id) => model.state(id).state !== 'DOWN');
      const found = tops.flatMap((top) => cutSetsOf(model, top, { below: 'DEGRADED' }).cutSets);
      const { single_points_of_failure: singles = [], fatal_pairs: pairs = [] } =
        truth.find((row) => row.fatal_pairs) ?? {};
      const text = (sets: readonly (readonly string[])[]) => sets.map((set) => set.toSorted().join('+')).toSorted();
      expect(text(found)).toEqual(text([...singles.map((id) => [id]), ...pairs]));
    });
  });
});
