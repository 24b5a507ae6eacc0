import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Application } from '../../src/application/application.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf, twinOf } from '../topology/graph.ts';

const topology = graphOf(
  [
    'area PART_OF site',
    'P-1 PART_OF area',
    'P-2 PART_OF area',
    'P-3 PART_OF area',
    'cooling DEPENDS_ON P-1',
    'cooling DEPENDS_ON P-2',
    'line DEPENDS_ON cooling',
  ],
  [
    twinOf('site', { kind: 'SYSTEM', name: 'Site' }),
    twinOf('P-1', { name: 'Pump 1', tags: ['pump'], lastSeen: 1_000, createdAt: 5, description: 'the old one' }),
    twinOf('cooling', { kind: 'PROCESS', name: 'Cooling', criticality: 3 }),
  ],
);

const selectTwins: Application['selectTwins'] = async (filter, candidates) => {
  const all = candidates ? [...candidates] : Array.from(topology.nodes(), (node) => node.twin.id);
  const passed = all.filter((id) => !filter.kinds || filter.kinds.includes(topology.twin(id)?.kind ?? 'ASSET'));
  return passed.filter((id) => !filter.text || id.includes(filter.text)).toSorted();
};

const stub = createStubApplication(topology, { selectTwins });
let api: Api;

beforeAll(async () => {
  for (const id of ['P-1', 'P-2', 'P-3']) {
    stub.put(id, 'temperature', 70, { unit: 'degC' });
    stub.put(id, 'speed', 1_450, { desired: 1_500 });
  }
  api = await startApi(stub.application);
});
afterAll(() => api.stop());

it('a twin is answered as the type of its kind, with its fields', async () => {
  const { data } = await api.query(`{ twin(id: "P-1") {
    __typename id kind name description tags revision createdAt updatedAt connectivity lastSeen criticality closed
    model { id } conduction { medium } requirements { group }
    status { health state best worst since atRisk inMaintenance causes { id } }
    ... on Asset { property(name: "temperature") { value unit inSync desired quality observedAt receivedAt stale } }
  } process: twin(id: "cooling") { __typename } system: twin(id: "site") { __typename } }`);
  expect(data).toEqual({
    twin: {
      __typename: 'Asset',
      id: 'P-1',
      kind: 'ASSET',
      name: 'Pump 1',
      description: 'the old one',
      tags: ['pump'],
      revision: 1,
      createdAt: '1970-01-01T00:00:00.005Z',
      updatedAt: '1970-01-01T00:00:00.000Z',
      connectivity: 'NEVER_SEEN',
      lastSeen: '1970-01-01T00:00:01.000Z',
      criticality: 0,
      closed: true,
      model: null,
      conduction: [],
      requirements: [],
      status: {
        health: 'OPERATIONAL',
        state: 'OPERATIONAL',
        best: 'OPERATIONAL',
        worst: 'OPERATIONAL',
        since: '1970-01-01T00:00:00.000Z',
        atRisk: false,
        inMaintenance: false,
        causes: [],
      },
      property: {
        value: 70,
        unit: 'degC',
        inSync: true,
        desired: null,
        quality: 'GOOD',
        observedAt: '1970-01-01T00:00:00.000Z',
        receivedAt: '1970-01-01T00:00:00.000Z',
        stale: false,
      },
    },
    process: { __typename: 'Process' },
    system: { __typename: 'System' },
  });
});

it('there is null for a twin or property that is not there', async () => {
  const { data } = await api.query(
    '{ twin(id: "none") { id } other: twin(id: "P-1") { property(name: "none") { value } } }',
  );
  expect(data).toEqual({ twin: null, other: { property: null } });
});

it('the tree is walked up and down', async () => {
  const { data } = await api.query(`{
    twin(id: "P-1") { parent { id } ancestors { id } }
    site: twin(id: "site") { parent { id } children { totalCount nodes { id } } descendants { nodes { id } } one: descendants(maxDepth: 1) { nodes { id } } }
    roots { nodes { id } }
  }`);
  const ids = (nodes: { id: string }[]) => nodes.map((node) => node.id);
  expect(data.twin).toEqual({ parent: { id: 'area' }, ancestors: [{ id: 'area' }, { id: 'site' }] });
  expect(data.site.parent).toBeNull();
  expect(data.site.children).toEqual({ totalCount: 1, nodes: [{ id: 'area' }] });
  expect(ids(data.site.descendants.nodes)).toEqual(['area', 'P-1', 'P-2', 'P-3']);
  expect(ids(data.site.one.nodes)).toEqual(['area']);
  expect(ids(data.roots.nodes)).toEqual(['cooling', 'line', 'site']);
});

it('pages follow each other without a gap, by children, descendants, reach, relationships and all twins', async () => {
  const lists = [
    ['twin(id: "area") { list: children(first: 2, after: $after)', '}'],
    ['twin(id: "site") { list: descendants(first: 2, after: $after)', '}'],
    ['twin(id: "line") { list: dependencies(first: 2, after: $after)', '}'],
    ['twin(id: "area") { list: relationships(first: 2, after: $after)', '}'],
    ['list: twins(first: 2, after: $after)', ''],
  ] as const;
  for (const [begin, end] of lists) {
    const pages: string[][] = [];
    for (let after: string | null = null, more = true; more; ) {
      const query = `query($after: String) { ${begin} { totalCount nodes { id } pageInfo { hasNextPage endCursor } } ${end} }`;
      const { data } = await api.query(query, { after });
      const list = data.list ?? data.twin.list;
      pages.push(list.nodes.map((node: { id: string }) => node.id));
      expect(list.pageInfo.hasNextPage).toBe(list.totalCount > pages.flat().length);
      after = list.pageInfo.endCursor;
      more = list.pageInfo.hasNextPage;
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(pages.flat()).size, begin).toBe(pages.flat().length);
  }
});

it('a page goes on behind a row that is gone meanwhile', async () => {
  const moving = graphOf(['a PART_OF all', 'b PART_OF all', 'c PART_OF all', 'd PART_OF all', 'e PART_OF b']);
  const other = await startApi(createStubApplication(moving).application);
  const page = async (list: string, after: string | null) => {
    const query = `query($after: String) { twin(id: "all") { list: ${list}(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } } }`;
    const { data } = await other.query(query, { after });
    return { ids: data.twin.list.nodes.map((node: { id: string }) => node.id), end: data.twin.list.pageInfo.endCursor };
  };
  const children = await page('children', null);
  const descendants = await page('descendants', null);
  expect([children.ids, descendants.ids]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  moving.removeTwin('b');
  expect((await page('children', children.end)).ids).toEqual(['c', 'd']);
  await other.stop();
});

it('a filter applies before pages are cut, and reach keeps its distances', async () => {
  const { data } = await api.query(`{
    twins(filter: { kinds: [PROCESS] }) { totalCount nodes { id } }
    line: twin(id: "line") { dependencies(filter: { kinds: [ASSET] }, first: 1) {
      totalCount complete limit edges { distance node { id } cursor } pageInfo { hasNextPage }
    } }
    pump: twin(id: "P-1") { dependents(maxDepth: 1) { complete limit nodes { id } } }
  }`);
  expect(data.twins).toEqual({ totalCount: 1, nodes: [{ id: 'cooling' }] });
  expect(data.line.dependencies).toMatchObject({
    totalCount: 2,
    complete: true,
    limit: null,
    pageInfo: { hasNextPage: true },
  });
  expect(data.line.dependencies.edges).toMatchObject([{ distance: 2, node: { id: 'P-1' } }]);
  expect(data.pump.dependents).toEqual({ complete: false, limit: 'maxDepth 1', nodes: [{ id: 'cooling' }] });
});

it('a cursor that is not one, or of another list, is refused', async () => {
  const ofReach = await api.query('{ twin(id: "line") { dependencies(first: 1) { pageInfo { endCursor } } } }');
  const foreign = ofReach.data.twin.dependencies.pageInfo.endCursor as string;
  for (const after of ['', 'nonsense', foreign, Buffer.from('["id",7]').toString('base64url'), 'W10', 'bnVsbA']) {
    const { errors } = await api.query('query($after: String) { twins(after: $after) { totalCount } }', { after });
    expect(errors?.[0]?.extensions, after).toMatchObject({ code: 'BAD_INPUT', at: 'after' });
  }
});

it('a page may be empty, not negative, and has a largest size', async () => {
  const ask = (first: number) =>
    api.query('query($first: Int) { twins(first: $first) { nodes { id } pageInfo { endCursor } } }', { first });
  expect((await ask(0)).data.twins).toEqual({ nodes: [], pageInfo: { endCursor: null } });
  expect((await ask(-1)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', at: 'first' });
  expect((await ask(10_000)).errors).toBeUndefined();
  expect((await ask(10_001)).errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', at: 'first' });
});

it('properties of a list of twins are one statement, whatever their number and names', async () => {
  stub.statements.length = 0;
  const { data } = await api.query(`{ twin(id: "area") { children { nodes {
    id properties { name value inSync } property(name: "speed") { desired }
  } } } }`);
  expect(stub.statements).toHaveLength(1);
  expect(stub.statements[0]?.ids).toEqual(['P-1', 'P-2', 'P-3']);
  expect(data.twin.children.nodes[2]).toEqual({
    id: 'P-3',
    properties: [
      { name: 'speed', value: 1_450, inSync: false },
      { name: 'temperature', value: 70, inSync: true },
    ],
    property: { desired: 1_500 },
  });
});

it('a list finds what its rows are asked for through fragments, variables and edges', async () => {
  stub.statements.length = 0;
  const { data, errors } = await api.query(
    `query($names: [String!], $yes: Boolean = true, $no: Boolean = false) { twin(id: "area") { children {
      nodes { ...Row ... on Asset { property(name: "speed") @skip(if: $yes) { value } } other: property(name: "none") @include(if: $no) { value } }
      edges { node { properties(names: $names) { name } } }
    } } } fragment Row on Twin { properties(names: $names) { name value } }`,
    { names: ['temperature'] },
  );
  expect(errors).toBeUndefined();
  expect(stub.statements).toEqual([
    { ids: ['P-1', 'P-2', 'P-3'], names: ['temperature'] },
    { ids: ['P-1', 'P-2', 'P-3'], names: ['temperature'] },
  ]);
  expect(data.twin.children.nodes[0]).toEqual({ properties: [{ name: 'temperature', value: 70 }] });
  expect(data.twin.children.edges[1]).toEqual({ node: { properties: [{ name: 'temperature' }] } });
});

it('the inputs that make a list of twins again are read by one statement', async () => {
  stub.statements.length = 0;
  const { data } = await api.query(
    '{ twin(id: "area") { children { nodes { input relationships { nodes { input } } } } } }',
  );
  expect(stub.statements).toEqual([{ ids: ['P-1', 'P-2', 'P-3'], names: undefined }]);
  expect(data.twin.children.nodes[0]).toMatchObject({
    input: { id: 'P-1', kind: 'ASSET', properties: { speed: 1_450 }, desired: { speed: 1_500 } },
  });
});

it('one statement a level reads the properties of twins that are not rows of a list', async () => {
  stub.statements.length = 0;
  const { data } =
    await api.query(`{ twin(id: "area") { children { nodes { parent { property(name: "speed") { value } } } } }
    search(text: "P-") { property(name: "speed") { value } ancestors { properties { name } } } }`);
  expect(stub.statements.length).toBeLessThanOrEqual(2);
  expect(data.search[0]).toEqual({ property: { value: 1_450 }, ancestors: [{ properties: [] }, { properties: [] }] });
});

it('only the properties named are read', async () => {
  stub.statements.length = 0;
  const { data } = await api.query(
    '{ twin(id: "P-1") { a: properties(names: ["speed", "none", "speed"]) { name } b: property(name: "temperature") { name } } }',
  );
  expect(stub.statements).toEqual([{ ids: ['P-1'], names: ['speed', 'none', 'temperature'] }]);
  expect(data.twin).toEqual({ a: [{ name: 'speed' }], b: { name: 'temperature' } });
});

it('nothing is read from the graph where no property is asked for', async () => {
  stub.statements.length = 0;
  await api.query(
    '{ twin(id: "site") { descendants { nodes { id name status { state } parent { id } requirements { group } } } } }',
  );
  expect(stub.statements).toEqual([]);
});

it('relationships are told with their ends, by direction and type', async () => {
  const { data } = await api.query(`{ twin(id: "cooling") {
    all: relationships { totalCount }
    in: relationships(direction: IN) { nodes { type source { id } target { id } medium group share standbyDelay closed oneWay properties revision } }
    out: relationships(direction: OUT, types: ["DEPENDS_ON", "FEEDS"]) { nodes { target { id } } }
    none: relationships(types: ["FEEDS"]) { totalCount }
  } }`);
  expect(data.twin.all.totalCount).toBe(3);
  expect(data.twin.in.nodes).toEqual([
    {
      type: 'DEPENDS_ON',
      source: { id: 'line' },
      target: { id: 'cooling' },
      medium: null,
      group: null,
      share: null,
      standbyDelay: null,
      closed: true,
      oneWay: false,
      properties: {},
      revision: 1,
    },
  ]);
  expect(data.twin.out.nodes).toEqual([{ target: { id: 'P-1' } }, { target: { id: 'P-2' } }]);
  expect(data.twin.none.totalCount).toBe(0);
});

it('paths, search, types and the position of the feed are answered', async () => {
  const { data } = await api.query(`{
    paths(from: "line", to: "P-2") { complete limit paths { length nodes { id } relationships { type } } }
    search(text: "pump") { id }
    relationshipTypes { name impact mode soft }
    cursor
  }`);
  expect(data.paths).toEqual({
    complete: true,
    limit: null,
    paths: [
      {
        length: 2,
        nodes: [{ id: 'line' }, { id: 'cooling' }, { id: 'P-2' }],
        relationships: [{ type: 'DEPENDS_ON' }, { type: 'DEPENDS_ON' }],
      },
    ],
  });
  expect(data.search).toEqual([{ id: 'P-1' }]);
  expect(data.relationshipTypes).toContainEqual({ name: 'MEASURES', impact: 'NONE', mode: null, soft: false });
  expect(data.cursor).toEqual(expect.any(String));
});

it('paths go along dependence when asked to; types that nobody knows are refused with those that there are', async () => {
  const { data } = await api.query(`{
    along: paths(from: "P-2", to: "line", along: DEPENDENCE) { paths { nodes { id } } }
    drawn: paths(from: "P-2", to: "line") { paths { nodes { id } } }
    none: paths(from: "line", to: "P-2", first: 0) { complete paths { length } }
  }`);
  expect(data).toEqual({
    along: { paths: [{ nodes: [{ id: 'P-2' }, { id: 'cooling' }, { id: 'line' }] }] },
    drawn: { paths: [] },
    none: { complete: true, paths: [] },
  });
  for (const query of [
    '{ paths(from: "line", to: "P-2", types: ["FEEDS", "FEED"]) { complete } }',
    '{ twin(id: "line") { relationships(types: ["FEEDS", "FEED"]) { totalCount } } }',
  ]) {
    const { errors } = await api.query(query);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    expect(errors?.[0]?.message).toMatch(/^types\[1\]: expected one of CONNECTED_TO, .*, got "FEED"/);
  }
});
