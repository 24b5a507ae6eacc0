/** Graphs as others wrote them, brought in by mapping files alone. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { exportItems } from '../../src/application/export-items.ts';
import { importFiles } from '../../src/exchange/import-files.ts';
import { writeNative } from '../../src/exchange/write-native.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { dataPath, describeWithData, readLines } from '../support/real-data.ts';
import { temporaryFolder, writeInto } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const opened: TestApplication[] = [];
afterAll(() => Promise.all(opened.map((one) => one.close())));

async function bringIn(files: readonly string[], mapping: unknown) {
  const test = await openApplication();
  opened.push(test);
  const outcome = await importFiles(test.application, files, {
    format: null,
    mapping: writeInto(folder, `mapping-${opened.length}.json`, JSON.stringify(mapping)),
    keepGoing: true,
    dryRun: false,
    actor: null,
  });
  return { application: test.application, outcome };
}

/** The first mapping of docs/IMPORT.md, which is for such files. */
const networkMapping = JSON.parse(
  /^```json\n([\s\S]*?)^```$/m.exec(readFileSync(new URL('../../docs/IMPORT.md', import.meta.url), 'utf8'))?.[1] ??
    '{}',
) as { relationships: object };

describeWithData('networks in JSON lines', 'power', () => {
  it.each(['power/case118', 'power/mv_oberrhein', 'water/Net3', 'telecom/sndlib-germany50'])(
    '%s comes in whole by the mapping of docs/IMPORT.md, and goes out again',
    async (network) => {
      const files = [dataPath(`${network}/nodes.jsonl`), dataPath(`${network}/edges.jsonl`)];
      const mapping = {
        ...networkMapping,
        relationships: { ...networkMapping.relationships, type: { constant: 'CONNECTED_TO' } },
      };
      const { application, outcome } = await bringIn(files, mapping);
      const nodes = readLines<{ id: string; props: Record<string, unknown> }>(`${network}/nodes.jsonl`);
      const edges = readLines<{ id: string; source: string; target: string }>(`${network}/edges.jsonl`);
      expect(outcome).toEqual({
        leftOut: { models: 0, twins: 0, relationships: 0 },
        models: 0,
        twins: nodes.length,
        relationships: edges.length,
        unmatchedRows: 0,
        faults: [],
      });
      for (const { id, source, target } of edges) {
        expect(application.topology.relationship(id)).toMatchObject({ source, target, type: 'CONNECTED_TO' });
      }
      for (const { id, props } of nodes) {
        expect(application.topology.twin(id)).toMatchObject({
          closed: props['closed'] !== false,
          reportedHealth: props['in_service'] === false ? 'DOWN' : 'OPERATIONAL',
        });
      }

      let text = '';
      for await (const piece of writeNative(exportItems(application))) text += piece;
      const again = await openApplication();
      opened.push(again);
      await importFiles(again.application, [writeInto(folder, `export-${opened.length}.jsonl`, text)], {
        format: null,
        mapping: null,
        keepGoing: false,
        dryRun: false,
        actor: null,
      });
      let same = '';
      for await (const piece of writeNative(exportItems(again.application))) same += piece;
      expect(same === text).toBe(true);
    },
  );
});

const ARCHIMATE = {
  models: [{ id: 'Element', kind: 'ASSET', relationshipTypes: [{ name: 'RELATED_TO', impact: 'NONE' }] }],
  nodes: {
    file: 'elements.csv',
    when: { Type: { not: 'ArchimateModel' } },
    id: 'ID',
    kind: { from: 'Type', lookup: { BusinessProcess: 'PROCESS', BusinessService: 'PROCESS' }, otherwise: 'ASSET' },
    name: 'Name',
    description: 'Documentation',
    tags: 'Type',
  },
  relationships: {
    file: 'relations.csv',
    id: 'ID',
    type: {
      from: 'Type',
      lookup: Object.fromEntries(
        ['Aggregation', 'Assignment', 'Composition', 'Flow', 'Realization', 'Serving', 'Triggering'].map((type) => [
          `${type}Relationship`,
          'SUPPORTS',
        ]),
      ),
      otherwise: 'RELATED_TO',
    },
    source: 'Source',
    target: 'Target',
    swap: { from: 'Type', lookup: { AggregationRelationship: true, CompositionRelationship: true }, otherwise: false },
  },
};

describeWithData('an ArchiMate model in CSV', 'archimate/WildRiverControl', () => {
  it('comes in by a mapping, and every dependents answer is the closure that its source reckoned', async () => {
    const files = ['elements.csv', 'relations.csv'].map((name) => dataPath(`archimate/WildRiverControl/${name}`));
    const { application, outcome } = await bringIn(files, ARCHIMATE);
    interface Truth {
      elements?: number;
      relationships?: number;
      impact_of?: string;
      ids?: string[];
    }
    const [summary, ...truths] = readLines<Truth>('archimate/WildRiverControl/truth-impact.jsonl');
    expect(outcome).toMatchObject({ twins: summary?.elements, relationships: summary?.relationships });
    // Two relations lead to other relations, which are no twins.
    expect(outcome.faults.map((fault) => fault.message)).toEqual([
      expect.stringMatching(/relations\.csv:112: target: expected the id of a twin/),
      expect.stringMatching(/relations\.csv:119: target: expected the id of a twin/),
    ]);

    const checked = truths.filter((truth) => truth.impact_of !== undefined && truth.ids !== undefined);
    expect(checked.length).toBeGreaterThan(100);
    for (const { impact_of: id = '', ids = [] } of checked) {
      const { entries } = application.reach(id, 'dependents');
      const found = entries.map((entry) => entry.node.twin.id).toSorted();
      expect(found, `dependents of ${id}`).toEqual(ids.filter((other) => other !== id).toSorted());
    }
  });
});
