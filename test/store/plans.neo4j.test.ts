import neo4j, { type Driver, type Plan } from 'neo4j-driver';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { statement, withHints } from '../../src/store/cypher-statements.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import { plannedStatements } from '../contract/plans.ts';
import { aRelationship, aTwin, commit, created, relationshipCreated } from '../contract/store-under-test.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import type { Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const address = inject('neo4j');

const operators = (plan: Plan): string[] => [plan.operatorType, ...plan.children.flatMap(operators)];
const isScan = (operator: string): boolean => /Scan(@|$)/.test(operator);

describe.skipIf(!address)('Plans on Neo4j', () => {
  let driver: Driver;
  beforeAll(async () => {
    if (!address) return;
    driver = neo4j.driver(address.uri, neo4j.auth.basic(address.username, address.password));
    await emptyNeo4j(address);
    await (await openNeo4jStore({ ...address, log: createRecordingLog().log })).close();
  });
  afterAll(() => driver?.close());

  const scans = async (text: string, parameters: object): Promise<string[]> => {
    const { summary } = await driver.executeQuery(`EXPLAIN ${withHints(text)}`, parameters);
    return summary.plan ? operators(summary.plan).filter(isScan) : [];
  };

  const fill = async (): Promise<void> => {
    const store = await openNeo4jStore({ ...(address as Neo4jAddress), log: createRecordingLog().log });
    const ids = Array.from({ length: 3_000 }, (_, i) => `twin ${i}`);
    await commit(store, {
      twins: ids.map((id) => created(aTwin(id))),
      relationships: ids.map((id, i) => relationshipCreated(aRelationship(`r${i}`, id, 'twin 0'))),
    });
    await store.close();
    await driver.executeQuery('CALL db.clearQueryCaches()');
  };

  // Plans hang on statistics, and are kept for a while: those made of an empty graph, and those made while the count of
  // an index lags behind what was just written.
  const states: Record<string, () => Promise<void>> = {
    'an empty graph': async () => undefined,
    'a graph that was just filled': async () => {
      await driver.executeQuery('DROP CONSTRAINT twin_id');
      await driver.executeQuery(withHints(statement('schema/001-twin-id')));
      await fill();
    },
    'a graph whose statistics are there': () =>
      driver.executeQuery('CALL db.prepareForReplanning()').then(() => undefined),
  };
  describe.each(Object.keys(states))('of %s', (state) => {
    beforeAll(async () => {
      if (address) await states[state]?.();
    });

    it.each(plannedStatements().map((each) => [each.name, each] as const))(
      '%s goes by index',
      async (_, { text, parameters, mayScan }) => {
        const found = await scans(text, parameters);
        expect(found).toEqual(mayScan ? [expect.any(String)] : []);
      },
    );
  });

  it('are seen to scan where nothing serves', async () => {
    expect(await scans('MATCH (t:Twin) WHERE t.name = $name RETURN t.id', { name: 'x' })).not.toEqual([]);
  });
});
