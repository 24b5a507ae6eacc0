import grafeo from '@grafeo-db/js';
import { describe, expect, it } from 'vitest';
import { schemaStatements } from '../../src/store/cypher-statements.ts';
import { plannedStatements } from '../contract/plans.ts';

const database = grafeo.GrafeoDB.create();
for (const { text } of schemaStatements()) if (!text.startsWith('//')) await database.executeCypher(text);

/**
 * Node scans that no index serves. `Filter … [index: id]` stands right above one that an index does;
 * `NodeScan (t:*)` takes t from the part below it, where that finds it.
 */
async function scans(text: string, parameters: object): Promise<string[]> {
  const result = await database.executeCypher(`EXPLAIN ${text}`, parameters);
  const lines = result.rows().map(String).join('\n').split('\n');
  return lines.filter((line, i) => {
    const [, name, label] = /\bNodeScan \((\w+):(\S+)\)/.exec(line) ?? [];
    if (name === undefined) return false;
    if (label === '*') return !lines.slice(i + 1).some((below) => below.includes(`NodeScan (${name}:`));
    return !/\[index: \w+\]/.test(lines[i - 1] ?? '');
  });
}

describe('Plans on Grafeo', () => {
  it.each(plannedStatements().map((each) => [each.name, each] as const))(
    '%s goes by index',
    async (_, { text, parameters, mayScan }) => {
      const found = await scans(text, parameters);
      expect(found).toEqual(mayScan ? [expect.any(String)] : []);
    },
  );

  it('are seen to scan where nothing serves', async () => {
    expect(await scans('MATCH (t:Twin) WHERE t.name = $name RETURN t.id', { name: 'x' })).toHaveLength(1);
    expect(await scans('UNWIND $ids AS id MATCH (t)-[:REQUIRES]->(g) RETURN g.id', { ids: [] })).toHaveLength(1);
  });
});
