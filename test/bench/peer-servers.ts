/**
 * The servers that bench-peer compares, each in a process of its own: ours, @neo4j/graphql under Apollo's standalone
 * server as its manual has it, and graphql-js over objects that are in memory in the shape of the answer: under Apollo,
 * the same way in and out as ours, and bare.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { buildSchema, type DocumentNode, execute, parse, validate } from 'graphql';
import neo4j from 'neo4j-driver';
import { createApplication } from '../../src/application/create-application.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import type { Neo4jAddress } from '../support/neo4j-server.ts';
import { createRecordingLog } from '../support/recording-log.ts';

export interface ServerTask {
  readonly neo4j: Neo4jAddress;
  /** Where @neo4j/graphql, @apollo/server, graphql and neo4j-driver are installed. */
  readonly folder: string;
}

/** The address of a server, which runs until its process ends. */
export type StartServer = (task: ServerTask) => Promise<string>;

export const SERVERS: Record<'linchpin' | 'peer' | 'memory' | 'bare', StartServer> = {
  linchpin: startLinchpin,
  peer: startPeer,
  memory: startMemory,
  bare: startBare,
};

async function startLinchpin({ neo4j: address }: ServerTask): Promise<string> {
  const { log } = createRecordingLog();
  const store = await openNeo4jStore({ ...address, log });
  const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared: true });
  await running.start();
  const { application } = running;
  const settings = { host: '127.0.0.1', port: 0, graphiql: false };
  const api = await startGraphql({ application, settings, log, readiness: () => [] });
  return `${api.address}/graphql`;
}

/** The same nodes and relationships, under the names that they have in the graph. */
const PEER_TYPES = `
  type Asset @node(labels: ["Twin", "Asset"]) {
    id: ID!
    name: String!
    description: String
    criticality: Float!
    revision: Int!
    temperature: Float
    pressure: Float
    note: String
    parts: [Asset!]! @relationship(type: "PART_OF", direction: IN)
  }
`;

interface PeerPackages {
  readonly Neo4jGraphQL: new (options: object) => { getSchema(): Promise<unknown> };
  readonly ApolloServer: new (options: object) => unknown;
  readonly ApolloServerPluginCacheControlDisabled: () => unknown;
  startStandaloneServer(server: unknown, options: object): Promise<{ url: string }>;
}

async function startPeer({ neo4j: { uri, username, password }, folder }: ServerTask): Promise<string> {
  const require = createRequire(join(folder, 'package.json'));
  const packages = ['@neo4j/graphql', '@apollo/server', '@apollo/server/standalone', '@apollo/server/plugin/disabled'];
  const peer = Object.assign({}, ...packages.map((name): unknown => require(name))) as PeerPackages;
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password));
  const schema = await new peer.Neo4jGraphQL({ typeDefs: PEER_TYPES, driver }).getSchema();
  // Without the plugin that would hold it up most.
  const plugins = [peer.ApolloServerPluginCacheControlDisabled()];
  const server = new peer.ApolloServer({ schema, plugins, nodeEnv: 'production' });
  const { url } = await peer.startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return url;
}

const MEMORY_TYPES = `
  type Query { list: [Asset!]! tree: Asset! twin(id: ID!): Asset filtered: [Asset!]! }
  type Asset {
    id: ID! name: String! description: String criticality: Float! revision: Int!
    temperature: Float pressure: Float note: String parts: [Asset!]!
  }
`;

interface Asset {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly temperature: number;
  readonly parts: Asset[];
}

/** Apollo without what it can do without, on a bare server. */
async function startMemory({ neo4j: address }: ServerTask): Promise<string> {
  const { schema, root: rootValue } = await readMemory(address);
  const plugins = [ApolloServerPluginCacheControlDisabled()];
  const apollo = new ApolloServer({ schema, rootValue, plugins, nodeEnv: 'production' });
  await apollo.start();
  return serveBodies(async (text, { headers: given }) => {
    const headers = new HeaderMap(Object.entries(given) as [string, string][]);
    const httpGraphQLRequest = { method: 'POST', headers, search: '', body: JSON.parse(text) as unknown };
    const { body } = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => ({}) });
    return body.kind === 'complete' ? body.string : '';
  });
}

/** Nothing but reading the query, executing it and writing the answer; documents are parsed and checked once. */
async function startBare({ neo4j: address }: ServerTask): Promise<string> {
  const { schema, root: rootValue } = await readMemory(address);
  const documents = new Map<string, DocumentNode>();
  return serveBodies((text) => {
    const { query, variables } = JSON.parse(text) as { query: string; variables?: { [name: string]: unknown } };
    const document = documents.get(query) ?? parse(query);
    if (!documents.has(query) && validate(schema, document).length === 0) documents.set(query, document);
    return JSON.stringify(execute({ schema, document, rootValue, variableValues: variables }));
  });
}

async function serveBodies(
  answer: (body: string, request: IncomingMessage) => string | Promise<string>,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    const end = (text: string): unknown => response.setHeader('content-type', 'application/json').end(text);
    request.on('end', () => {
      const answered = answer(body, request);
      if (typeof answered === 'string') end(answered);
      else void answered.then(end);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function readMemory({ uri, username, password }: Neo4jAddress) {
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true });
  const assets = await readAssets(driver);
  await driver.close();
  const list = [...assets.values()];
  const root = {
    list: list.slice(0, 1_000),
    tree: assets.get('tree'),
    twin: ({ id }: { id: string }) => assets.get(id),
    filtered: list.filter(({ temperature }) => temperature > 400),
  };
  return { schema: buildSchema(MEMORY_TYPES), root };
}

async function readAssets(driver: neo4j.Driver): Promise<Map<string, Asset>> {
  const { records } = await driver.executeQuery(
    'MATCH (t:Asset) OPTIONAL MATCH (t)-[:PART_OF]->(p) RETURN properties(t) AS twin, p.id AS parent ORDER BY t.id',
  );
  const rows = records.map((record) => ({
    asset: { description: null, ...(record.get('twin') as object), parts: [] } as unknown as Asset,
    parent: record.get('parent') as string | null,
  }));
  const assets = new Map(rows.map(({ asset }) => [asset.id, asset]));
  for (const { asset, parent } of rows) if (parent !== null) assets.get(parent)?.parts.push(asset);
  return assets;
}
