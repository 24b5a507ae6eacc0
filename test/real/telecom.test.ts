/** What a telecom network loses when a node or a cable fails, and what each node depends on alone. */
import { describe, expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { cutSetsOf } from '../support/ask-analyses.ts';
import { BUILT_IN_TYPE_BY_NAME } from '../support/plant-lines.ts';
import { dataFolders, readLines, relationshipOf, twinOf } from '../support/real-data.ts';
import type { NetworkEdge, NetworkNode } from '../support/supply-network.ts';

interface CutTruth {
  /** null: nothing fails. */
  readonly out: string | null;
  readonly outside_largest: readonly string[];
}

const FOLDERS = dataFolders('telecom');

describe.skipIf(FOLDERS.length === 0)('telecom networks (skipped where ../shared/data/telecom is missing)', () => {
  describe.each(FOLDERS)('%s', (name) => {
    const read = () => {
      const nodes = readLines<NetworkNode>('telecom', name, 'nodes.jsonl').map(({ id }) => id);
      const edges = readLines<NetworkEdge>('telecom', name, 'edges.jsonl');
      return { nodes, edges, truth: readLines<CutTruth>('telecom', name, 'truth-cut.jsonl') };
    };

    /** Nodes and cables are twins; what reaches the first of the nodes is supplied. */
    const modelWith = (source: string, { nodes, edges }: ReturnType<typeof read>): ImpactModel => {
      const role = (id: string) => (id === source ? ('SOURCE' as const) : ('CONDUCTOR' as const));
      const twins = [...nodes, ...edges.map(({ id }) => id)].map((id) =>
        twinOf(id, { conduction: [{ medium: null, role: role(id) }] }),
      );
      const relationships = edges.flatMap(({ id, source: from, target }) => [
        relationshipOf(`${id}<`, 'CONNECTED_TO', from, id),
        relationshipOf(`${id}>`, 'CONNECTED_TO', id, target),
      ]);
      return ImpactModel.compile({ twins, relationships, typeByName: BUILT_IN_TYPE_BY_NAME });
    };

    test('each failure cuts off the nodes outside of the largest part', () => {
      const data = read();
      const models = new Map<string, ImpactModel>();
      const wrong: (string | null)[] = [];
      for (const { out, outside_largest: outside } of data.truth) {
        const source = data.nodes.find((id) => id !== out && !outside.includes(id)) as string;
        const model = models.get(source) ?? modelWith(source, data);
        models.set(source, model);
        const { affected } = model.runScenario({ ...EMPTY_SCENARIO, outage: out === null ? [] : [out] });
        const lost = [...affected].map(({ id }) => id).filter((id) => data.nodes.includes(id));
        if (lost.toSorted().join() !== outside.toSorted().join()) wrong.push(out);
      }
      expect(wrong).toEqual([]);
    });

    test('the single points of failure of each node are the failures that cut it off', () => {
      const data = read();
      const outside = new Set(data.truth.flatMap((row) => row.outside_largest));
      const source = data.nodes.find((id) => !outside.has(id)) as string;
      const model = modelWith(source, data);
      for (const node of data.nodes.filter((id) => id !== source)) {
        const fatal = data.truth.filter((row) => row.outside_largest.includes(node)).map((row) => row.out as string);
        const { cutSets, margin } = cutSetsOf(model, node, { maxOrder: 1 });
        expect([node, cutSets.flat()]).toEqual([node, [...new Set([...fatal, source])].toSorted()]);
        expect(margin).toBe(0);
      }
    });
  });
});
