import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

// The whole way: GraphQL over sockets, the application's verbs, the embedded graph.
let plant: TestApplication;
let api: Api;

beforeAll(async () => {
  plant = await openApplication();
  api = await startApi(plant.application);
});
afterAll(async () => {
  await api.stop();
  await plant.close();
});

const ask = async (query: string, variables?: Record<string, unknown>) => {
  const { data, errors } = await api.query(query, variables);
  expect(errors).toBeUndefined();
  return data;
};
const upsert = (twins: unknown[]) =>
  ask('mutation($twins: [TwinInput!]!) { upsertTwins(twins: $twins) { id revision } }', { twins });
const relate = (relationships: unknown[]) =>
  ask(
    'mutation($r: [RelationshipInput!]!) { upsertRelationships(relationships: $r) { id source { id } target { id } } }',
    { r: relationships },
  );
const codeOf = async (query: string, variables?: Record<string, unknown>) =>
  (await api.query(query, variables)).errors?.[0]?.extensions.code;

it('what a mutation answered is read by the next query', async () => {
  await ask(
    'mutation($m: [JSON!]!) { upsertModels(models: $m) { id properties { name unit staleAfter limits { comparison threshold state deadband delay } } } }',
    {
      m: [
        {
          id: 'pump',
          kind: 'ASSET',
          name: 'Pump',
          properties: [
            {
              name: 'temperature',
              schema: 'double',
              unit: 'degC',
              staleAfter: 'PT1M',
              limits: [{ comparison: 'ABOVE', threshold: 90, state: 'DOWN', deadband: 5 }],
            },
          ],
        },
      ],
    },
  );
  await upsert([
    { id: 'rw-site', kind: 'SYSTEM', name: 'Site' },
    {
      id: 'rw-pump',
      kind: 'ASSET',
      name: 'Pump',
      model: 'pump',
      tags: ['blue'],
      properties: { temperature: 20, note: 'new' },
    },
  ]);
  await relate([{ type: 'PART_OF', source: 'rw-pump', target: 'rw-site' }]);
  const { twin } =
    await ask(`{ twin(id: "rw-site") { children { nodes { id model { id extends { id } properties { name unit staleAfter } } tags
    properties { name value unit quality } status { health } } } } }`);
  expect(twin.children.nodes).toEqual([
    {
      id: 'rw-pump',
      model: { id: 'pump', extends: [], properties: [{ name: 'temperature', unit: 'degC', staleAfter: 'PT1M' }] },
      tags: ['blue'],
      properties: [
        { name: 'note', value: 'new', unit: null, quality: 'GOOD' },
        { name: 'temperature', value: 20, unit: 'degC', quality: 'GOOD' },
      ],
      status: { health: 'OPERATIONAL' },
    },
  ]);
});

it('a change of what somebody else changed meanwhile is refused with the current revision', async () => {
  await upsert([{ id: 'cf', kind: 'ASSET' }]);
  const patch = 'mutation($r: Int) { patchTwin(id: "cf", patch: { name: "new" }, ifRevision: $r) { revision name } }';
  expect((await ask(patch, { r: 1 })).patchTwin).toEqual({ revision: 2, name: 'new' });
  const { errors } = await api.query(patch, { r: 1 });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', revision: 2 });
});

it('a patch takes away what is given as null, and leaves what is not given', async () => {
  await upsert([
    { id: 'pt', kind: 'ASSET', name: 'Old', description: 'text', tags: ['a'], properties: { x: 1, y: 2 } },
  ]);
  const { patchTwin } = await ask(
    'mutation { patchTwin(id: "pt", patch: { description: null, properties: { x: null } }) { name description tags properties { name } } }',
  );
  expect(patchTwin).toEqual({ name: 'Old', description: null, tags: ['a'], properties: [{ name: 'y' }] });
});

it('several changes in one request are each answered with what they left', async () => {
  await upsert([{ id: 'sev', kind: 'ASSET', properties: { x: 0 } }]);
  const data = await ask(`mutation {
    a: patchTwin(id: "sev", patch: { properties: { x: 1 } }) { property(name: "x") { value } }
    b: patchTwin(id: "sev", patch: { properties: { x: 2 } }) { property(name: "x") { value } }
  }`);
  expect(data).toEqual({ a: { property: { value: 1 } }, b: { property: { value: 2 } } });
});

it('nothing of a mutation is written when one of its rows is wrong', async () => {
  const twins = [
    { id: 'all-1', kind: 'ASSET' },
    { id: 'all-2', kind: 'ASSET', criticality: -1 },
    { id: '', kind: 'ASSET' },
  ];
  const { errors } = await api.query('mutation($twins: [TwinInput!]!) { upsertTwins(twins: $twins) { id } }', {
    twins,
  });
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_INPUT',
    faults: [{ at: 'twins[1].criticality' }, { at: 'twins[2].id' }],
  });
  expect((await ask('{ twin(id: "all-1") { id } }')).twin).toBeNull();
});

it('ids of every kind come back as they were given', async () => {
  const ids = [
    'with space',
    'a/b\\c',
    `it's "quoted"`,
    "'}) DETACH DELETE n //",
    '温度計-１',
    'پمپ',
    '🏭',
    'x'.repeat(512),
    '__proto__',
    'constructor',
    'a\u0301',
  ];
  await upsert(ids.map((id) => ({ id, kind: 'ASSET', name: id, properties: { x: id } })));
  for (const id of ids) {
    const { twin } = await ask('query($id: ID!) { twin(id: $id) { id name property(name: "x") { value } } }', { id });
    expect(twin).toEqual({ id, name: id, property: { value: id } });
  }
  for (const id of ['x'.repeat(513), 'a\u0000b', '\ud800'])
    expect(await codeOf('mutation($id: ID!) { upsertTwins(twins: [{ id: $id, kind: ASSET }]) { id } }', { id })).toBe(
      'BAD_INPUT',
    );
});

it('properties may have names that mean something to the machinery', async () => {
  const properties = JSON.parse(
    '{"__proto__": 1, "constructor": 2, "id": 3, "kind": 4, "toString": 5, "temp.ts": 6, "a b`c": 7, "$x": 8}',
  ) as Record<string, number>;
  await upsert([{ id: 'names', kind: 'ASSET' }]);
  const text = JSON.stringify(properties);
  const reported = await api.post(
    `{"query": "mutation($p: JSON!) { report(id: \\"names\\", properties: $p) { id } }", "variables": {"p": ${text}}}`,
  );
  expect(reported.errors).toBeUndefined();
  const { twin } = await ask(
    '{ twin(id: "names") { id kind properties { name value } property(name: "__proto__") { value } } }',
  );
  expect(twin).toMatchObject({ id: 'names', kind: 'ASSET', property: { value: 1 } });
  expect(new Map(twin.properties.map(({ name, value }: { name: string; value: number }) => [name, value]))).toEqual(
    new Map(Object.entries(properties)),
  );
});

it('a property name that the graph could not tell from its own keys is refused', async () => {
  await upsert([{ id: 'odd', kind: 'ASSET' }]);
  expect(await codeOf('mutation { setDesired(id: "odd", properties: { a: 1 }) { id } }')).toBeUndefined();
  const mutation = 'mutation($p: JSON!) { report(id: "odd", properties: $p) { id } }';
  for (const name of ['temp@ts', '', 'x'.repeat(257)])
    expect(await codeOf(mutation, { p: { [name]: 1 } }), name).toBe('BAD_INPUT');
});

it('twins are found by what their properties hold, and by how old that is', async () => {
  const at = (minute: number) => new Date(plant.time.now + minute * 60_000 - 3_600_000).toISOString();
  await upsert(['f-1', 'f-2', 'f-3'].map((id) => ({ id, kind: 'ASSET', tags: ['found'] })));
  await Promise.all(
    [
      ['f-1', 10, 'on'],
      ['f-2', 20, 'off'],
      ['f-3', 30, 'on'],
    ].map(([id, flow, mode]) =>
      ask('mutation($id: ID!, $p: JSON!, $at: DateTime) { report(id: $id, properties: $p, observedAt: $at) { id } }', {
        id,
        p: { flow, mode },
        at: at(Number(flow)),
      }),
    ),
  );
  const find = async (where: unknown[]) => {
    const { twins } = await ask('query($f: TwinFilter) { twins(filter: $f) { nodes { id } } }', {
      f: { tags: ['found'], where },
    });
    return twins.nodes.map((node: { id: string }) => node.id);
  };
  expect(await find([{ property: 'flow', gt: 10 }])).toEqual(['f-2', 'f-3']);
  expect(
    await find([
      { property: 'flow', gte: 10, lt: 30 },
      { property: 'mode', eq: 'on' },
    ]),
  ).toEqual(['f-1']);
  expect(await find([{ property: 'mode', in: ['off', 7] }])).toEqual(['f-2']);
  expect(await find([{ property: 'mode', ne: 'on' }])).toEqual(['f-2']);
  expect(await find([{ property: 'flow', observedBefore: at(15) }])).toEqual(['f-1']);
  expect(await find([{ property: 'flow', observedAfter: at(15) }])).toEqual(['f-2', 'f-3']);
  expect(await find([{ property: "x'}) MATCH (n) RETURN n //", gt: 1 }])).toEqual([]);
});

it('a page of twins is one statement on the graph, however many they are, and none when it is asked for again', async () => {
  const ids = Array.from({ length: 300 }, (_, i) => `many-${i}`);
  await upsert([
    { id: 'many', kind: 'SYSTEM' },
    ...ids.map((id) => ({ id, kind: 'ASSET', properties: { x: 1, y: 2 } })),
  ]);
  await relate(ids.map((source) => ({ type: 'PART_OF', source, target: 'many' })));
  const properties = vi.spyOn(plant.store, 'revisedProperties');
  const others = (['properties', 'twinsWhere', 'scanTwins', 'scanRelationships', 'changesAfter'] as const).map((name) =>
    vi.spyOn(plant.store, name),
  );
  for (const _ of ['read', 'known']) {
    const { twin } = await ask(`{ twin(id: "many") { children(first: 300) { nodes {
      id name status { state } parent { id } ancestors { id } properties { name value } x: property(name: "x") { value }
    } } } }`);
    expect(twin.children.nodes).toHaveLength(300);
    expect(twin.children.nodes[299]).toMatchObject({ properties: [{ value: 1 }, { value: 2 }], x: { value: 1 } });
    expect(properties).toHaveBeenCalledTimes(1);
  }
  for (const other of others) expect(other).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

it('a subscriber hears a change once, and goes on behind it after a break', async () => {
  await upsert([
    { id: 's-site', kind: 'SYSTEM' },
    { id: 's-pump', kind: 'ASSET' },
  ]);
  await relate([{ type: 'PART_OF', source: 's-pump', target: 's-site' }]);
  const query = `subscription($after: String) { twinChanged(within: "s-site", after: $after) {
    ... on TwinChange { cursor id twin { name } changed { name value } } ... on Gap { cursor } } }`;
  const report = (x: number) =>
    ask('mutation($p: JSON!) { report(id: "s-pump", properties: $p) { id } }', { p: { x } });
  const { cursor: start } = await ask('{ cursor }');
  await report(1);
  const first = api.subscribe(query, { after: start });
  const event = (await first.next()).data.twinChanged;
  expect(event).toMatchObject({ id: 's-pump', changed: [{ name: 'x', value: 1 }] });
  await first.stop();
  await plant.time.advance(1_000); // a reading of the same instant is not newer
  await report(2);
  await ask('mutation { patchTwin(id: "s-pump", patch: { name: "Renamed" }) { id } }');
  const second = api.subscribe(query, { after: event.cursor });
  expect((await second.next()).data.twinChanged).toMatchObject({ changed: [{ name: 'x', value: 2 }] });
  expect((await second.next()).data.twinChanged).toMatchObject({ twin: { name: 'Renamed' }, changed: [] });
  await second.stop();
});

it('a what-if answers who is affected, when, why, and what is left', async () => {
  // IMPACT.md 8, E1 and E2.
  await upsert([
    ...['GRID', 'MCC1', 'P101'].map((id) => ({ id, kind: 'ASSET' })),
    ...['PUMP-1', 'PUMP-2', 'PUMP-3'].map((id) => ({ id, kind: 'ASSET' })),
    { id: 'COOL', kind: 'SYSTEM', requirements: [{ group: 'pumps', min: 1, full: 2 }] },
    ...['PR1', 'PR2'].map((id) => ({ id, kind: 'PROCESS' })),
  ]);
  await relate([
    { type: 'FEEDS', source: 'GRID', target: 'MCC1', medium: 'power' },
    { type: 'FEEDS', source: 'MCC1', target: 'P101', medium: 'power' },
    { type: 'FEEDS', source: 'P101', target: 'COOL', medium: 'water' },
    ...['PUMP-1', 'PUMP-2', 'PUMP-3'].map((target) => ({ type: 'DEPENDS_ON', source: 'COOL', target, group: 'pumps' })),
    { type: 'DEPENDS_ON', source: 'PR1', target: 'COOL' },
  ]);
  const { impact } = await ask(`{ impact(scenario: { outage: ["MCC1"] }) {
    summary { affected down processesDown }
    affected(kinds: [PROCESS]) { nodes { twin { id } before after certainty impactAt witness { twin { id } group lost { id } } causes { id } } }
  } }`);
  expect(impact.summary).toEqual({ affected: 3, down: 3, processesDown: 1 });
  expect(impact.affected.nodes).toMatchObject([
    {
      twin: { id: 'PR1' },
      before: 'OPERATIONAL',
      after: 'DOWN',
      certainty: 'CERTAIN',
      impactAt: 'PT0S',
      causes: [[{ id: 'MCC1' }]],
    },
  ]);
  const chain = impact.affected.nodes[0].witness as { twin: { id: string }; lost: { id: string }[] }[];
  expect(chain.map((step) => step.twin.id)).toEqual(['MCC1', 'P101', 'COOL', 'PR1']);
  expect(chain.map((step) => step.lost.map((twin) => twin.id))).toEqual([[], ['MCC1'], ['P101'], ['COOL']]);
  const { twin } = await ask(
    '{ twin(id: "COOL") { requirements { group mode min full total have margin soft holdUp members { twin { id } relationship { type } available } } } }',
  );
  expect(twin.requirements).toContainEqual(
    expect.objectContaining({ group: 'pumps', min: 1, full: 2, total: 3, have: 3, margin: 1, holdUp: null }),
  );
});

it('the state of a subsystem comes with a snapshot, and then each change with its cause', async () => {
  await upsert([
    { id: 'l-site', kind: 'SYSTEM' },
    { id: 'l-pump', kind: 'ASSET' },
    { id: 'l-cooling', kind: 'PROCESS' },
  ]);
  await relate([
    { type: 'PART_OF', source: 'l-pump', target: 'l-site' },
    { type: 'PART_OF', source: 'l-cooling', target: 'l-site' },
    { type: 'DEPENDS_ON', source: 'l-cooling', target: 'l-pump' },
  ]);
  const events = api.subscribe(`subscription { stateChanged(within: "l-site", kinds: [PROCESS], snapshot: true) {
    ... on StateChange { twin { id status { state causes { id } } } before after causes { id } membership } } }`);
  const next = async () => (await events.next()).data.stateChanged;
  expect(await next()).toMatchObject({ twin: { id: 'l-cooling' }, before: 'OPERATIONAL', after: 'OPERATIONAL' });
  await ask('mutation { patchTwin(id: "l-pump", patch: { health: DOWN }) { id } }');
  expect(await next()).toEqual({
    twin: { id: 'l-cooling', status: { state: 'DOWN', causes: [{ id: 'l-pump' }] } },
    before: 'OPERATIONAL',
    after: 'DOWN',
    causes: [{ id: 'l-pump' }],
    membership: 'STAYED',
  });
  await upsert([{ id: 'l-new', kind: 'PROCESS' }]);
  await relate([{ type: 'PART_OF', source: 'l-new', target: 'l-site' }]);
  await plant.time.advance(1_000); // changes of structure are worked in a moment later
  expect(await next()).toMatchObject({ twin: { id: 'l-new' }, after: 'OPERATIONAL', membership: 'JOINED' });
  await events.stop();
});

it('a live what-if tells its answer, and then how it changes', async () => {
  await upsert([
    { id: 'w-1', kind: 'ASSET' },
    { id: 'w-2', kind: 'ASSET' },
    { id: 'w-p', kind: 'PROCESS', requirements: [{ group: 'g', any: true }] },
  ]);
  await relate(['w-1', 'w-2'].map((target) => ({ type: 'DEPENDS_ON', source: 'w-p', target, group: 'g' })));
  const events = api.subscribe(
    'subscription { impactChanged(scenario: { outage: ["w-1"] }) { cursor summary { affected newlyAtRisk } added { twin { id } after } changed { twin { id } } removed } }',
  );
  const next = async () => (await events.next()).data.impactChanged;
  expect(await next()).toMatchObject({ summary: { affected: 0, newlyAtRisk: 1 }, added: [], changed: [], removed: [] });
  await ask('mutation { setMaintenance(id: "w-2", on: true) { status { inMaintenance } } }');
  await plant.time.advance(1_000);
  expect(await next()).toMatchObject({ summary: { affected: 1 }, added: [{ twin: { id: 'w-p' }, after: 'DOWN' }] });
  await events.stop();
});
