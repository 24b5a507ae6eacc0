/**
 * A real Neo4j for a whole run of Vitest (globalSetup of the project `neo4j`).
 * NEO4J_URI (with NEO4J_USERNAME, NEO4J_PASSWORD) names a running one, whose data the tests delete;
 * else one is started from the jars that scripts/fetch-neo4j.sh fetched; else the tests are skipped, and a line says why.
 */
import type { TestProject } from 'vitest/node';
import { startNeo4j, whyNoNeo4j } from './neo4j-process.ts';

export interface Neo4jAddress {
  readonly uri: string;
  readonly username: string;
  readonly password: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** null: there is none, the tests are skipped. */
    neo4j: Neo4jAddress | null;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { NEO4J_URI: uri, NEO4J_USERNAME: username = 'neo4j', NEO4J_PASSWORD: password = '' } = process.env;
  if (uri) {
    project.provide('neo4j', { uri, username, password });
    return undefined;
  }
  const missing = whyNoNeo4j();
  if (missing !== null) {
    console.warn(`Tests on Neo4j are skipped: no NEO4J_URI, and ${missing}`);
    project.provide('neo4j', null);
    return undefined;
  }
  const server = await startNeo4j();
  project.provide('neo4j', { uri: server.uri, username: 'neo4j', password: 'none' });
  return () => server.stop();
}
