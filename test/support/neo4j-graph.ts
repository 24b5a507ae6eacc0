/** The run's Neo4j, emptied. Only for test files named *.neo4j.test.ts, which run one at a time. */
import neo4j from 'neo4j-driver';
import type { Neo4jAddress } from './neo4j-server.ts';

/** Deletes every node of the database but the schema's number, and begins to count again. */
export async function emptyNeo4j({ uri, username, password }: Neo4jAddress): Promise<void> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password));
  try {
    const session = driver.session();
    await session.run('MATCH (n) WHERE NOT n:Counter CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS');
    await session.run("MATCH (c:Counter {id: 'changes'}) SET c.head = 0, c.oldest = 1, c.written = 0");
    await session.close();
  } finally {
    await driver.close();
  }
}
