import { describe, inject } from 'vitest';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import type { Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import type { EngineUnderTest } from './store-under-test.ts';
import { describeTwinStore } from './twin-store.ts';

function onNeo4j(address: Neo4jAddress): EngineUnderTest {
  const { log } = createRecordingLog();
  let store: TwinStore | undefined;
  const engine: EngineUnderTest = {
    async open() {
      await engine.close();
      await emptyNeo4j(address);
      return engine.reopen();
    },
    async reopen() {
      await engine.close();
      store = await openNeo4jStore({ ...address, log });
      return store;
    },
    async close() {
      await store?.close();
      store = undefined;
    },
  };
  return engine;
}

const address = inject('neo4j');
if (address) describeTwinStore('Neo4j', onNeo4j(address));
else describe.skip('The store on Neo4j');
