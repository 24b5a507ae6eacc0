import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type {
  Application,
  GapEvent,
  ImpactEvent,
  StateEvent,
  TopologyEvent,
  TwinEvent,
} from '../../src/application/application.ts';
import { LinchpinError } from '../../src/domain/errors.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import { affectedRows } from '../support/affected-rows.ts';
import { createEventSource, type EventSource } from '../support/event-source.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { atOnce, createStubApplication } from '../support/stub-application.ts';
import { graphOf, relationshipOf, twinOf } from '../topology/graph.ts';

const topology = graphOf(['P-1 PART_OF site', 'P-2 PART_OF site'], [twinOf('P-1', { name: 'Pump 1', model: 'pump' })]);

let twinEvents: EventSource<TwinEvent | GapEvent>;
let stateEvents: EventSource<StateEvent | GapEvent>;
let topologyEvents: EventSource<TopologyEvent | GapEvent>;
let impactEvents: EventSource<ImpactEvent>;
const watches: unknown[] = [];

const verbs: Partial<Application> = {
  resolvedModel: (id) => ({
    id,
    kind: 'ASSET',
    name: id,
    conduction: [],
    propertyByName: new Map([
      [
        'speed',
        { name: 'speed', schema: 'double', unit: 'rpm', writable: true, staleAfterMs: null, limits: [], history: null },
      ],
    ]),
  }),
  watchTwins(watch) {
    watches.push(watch);
    if (watch.within === 'nowhere') throw new LinchpinError('NOT_FOUND', 'there is no twin "nowhere"');
    return twinEvents.events;
  },
  watchStates(watch) {
    watches.push(watch);
    return stateEvents.events;
  },
  watchTopology(watch) {
    watches.push(watch);
    return topologyEvents.events;
  },
  watchImpact(scenario, kinds) {
    watches.push({ scenario, kinds });
    return impactEvents.events;
  },
};
const stub = createStubApplication(topology, verbs);
let api: Api;

beforeAll(async () => {
  api = await startApi(stub.application);
});
afterAll(() => api.stop());
beforeEach(() => {
  watches.length = 0;
  twinEvents = createEventSource();
  stateEvents = createEventSource();
  topologyEvents = createEventSource();
  impactEvents = createEventSource();
});

const twinEvent = (fields: Partial<TwinEvent> = {}): TwinEvent => ({
  kind: 'twin',
  since: (fields.sequence ?? 5) - 1,
  sequence: 5,
  at: 1_000,
  id: 'P-1',
  deleted: false,
  changed: [],
  ...fields,
});

it('a change of a twin comes with the twin as it is and the properties that it touched', async () => {
  const events = api.subscribe(`subscription { twinChanged(within: "site", properties: ["speed"]) { ... on TwinChange {
    cursor at id deleted twin { name } changed { name value unit inSync quality }
  } } }`);
  const state = { ...EMPTY_PROPERTY, value: 1_450, desired: 1_500, quality: 'UNCERTAIN' as const };
  twinEvents.push(twinEvent({ changed: [{ name: 'speed', before: null, after: state }] }));
  const { data, errors } = await events.next();
  expect(errors).toBeUndefined();
  expect(data.twinChanged).toEqual({
    cursor: expect.any(String),
    at: '1970-01-01T00:00:01.000Z',
    id: 'P-1',
    deleted: false,
    twin: { name: 'Pump 1' },
    changed: [{ name: 'speed', value: 1_450, unit: 'rpm', inSync: false, quality: 'UNCERTAIN' }],
  });
  expect(watches).toEqual([{ ids: null, within: 'site', properties: ['speed'], after: null }]);
  await events.stop();
});

it('a deleted twin, and a property that was removed, are told', async () => {
  const events = api.subscribe(
    'subscription { twinChanged { ... on TwinChange { id deleted twin { id } changed { name value desired } } } }',
  );
  twinEvents.push(
    twinEvent({ id: 'gone', deleted: true, changed: [{ name: 'speed', before: EMPTY_PROPERTY, after: null }] }),
  );
  expect((await events.next()).data.twinChanged).toEqual({
    id: 'gone',
    deleted: true,
    twin: null,
    changed: [{ name: 'speed', value: null, desired: null }],
  });
  await events.stop();
});

it('every event reads the graph again: it never answers the values of the event before', async () => {
  const events = api.subscribe(
    'subscription { twinChanged { ... on TwinChange { twin { property(name: "speed") { value } } } } }',
  );
  for (const value of [1, 2]) {
    stub.put('P-1', 'speed', value);
    twinEvents.push(twinEvent());
    expect((await events.next()).data.twinChanged.twin.property).toEqual({ value });
  }
  await events.stop();
});

it('a change of state comes with before, after, causes and membership', async () => {
  const events =
    api.subscribe(`subscription { stateChanged(ids: ["P-1"], kinds: [ASSET], snapshot: true) { ... on StateChange {
    twin { id __typename } before after causes { id } membership
  } } }`);
  const event = {
    kind: 'state',
    since: 5,
    sequence: 6,
    at: 0,
    id: 'P-1',
    isSnapshot: false,
    before: 'OPERATIONAL',
    after: 'DOWN',
  } as const;
  stateEvents.push({ ...event, causes: ['P-2', 'gone'], membership: 'JOINED' });
  expect((await events.next()).data.stateChanged).toEqual({
    twin: { id: 'P-1', __typename: 'Asset' },
    before: 'OPERATIONAL',
    after: 'DOWN',
    causes: [{ id: 'P-2' }],
    membership: 'JOINED',
  });
  expect(watches).toEqual([{ ids: ['P-1'], within: null, kinds: ['ASSET'], snapshot: true, after: null, from: null }]);
  await events.stop();
});

it('a change of structure leaves out what is gone again meanwhile', async () => {
  const events = api.subscribe(`subscription { topologyChanged { ... on TopologyChange {
    addedTwins { id } removedTwins addedRelationships { id source { id } target { id } } removedRelationships
  } } }`);
  topologyEvents.push({
    kind: 'topology',
    sequence: 7,
    at: 0,
    addedTwins: ['P-2', 'gone'],
    removedTwins: ['old'],
    addedRelationships: [relationshipOf('r1', 'P-1', 'FEEDS', 'P-2'), relationshipOf('r2', 'P-1', 'FEEDS', 'gone')],
    removedRelationships: ['r0'],
  });
  expect((await events.next()).data.topologyChanged).toEqual({
    addedTwins: [{ id: 'P-2' }],
    removedTwins: ['old'],
    addedRelationships: [{ id: 'r1', source: { id: 'P-1' }, target: { id: 'P-2' } }],
    removedRelationships: ['r0'],
  });
  await events.stop();
});

it('an answer to a scenario is followed by its changes', async () => {
  const events = api.subscribe(
    `subscription($s: ScenarioInput!) { impactChanged(scenario: $s, kinds: [ASSET]) {
    cursor summary { affected down } added { twin { id } after } changed { twin { id } } removed
  } }`,
    { s: { outage: ['site'] } },
  );
  const row = {
    before: 'OPERATIONAL',
    after: 'DOWN',
    isWorse: true,
    certainty: 'CERTAIN',
    impactAtMs: 0,
    recoversAtMs: null,
    planned: false,
    timeline: [],
  } as const;
  const answer = {
    affected: affectedRows([
      { ...row, id: 'P-2' },
      { ...row, id: 'P-1' },
    ]),
    newlyAtRisk: () => atOnce([]),
    scenarioTwins: [],
    staleInputs: 0,
    witnessLength: () => 0,
    causesComplete: () => atOnce(true),
    witness: () => [],
    causes: () => atOnce([]),
  };
  const result = { sequence: 8, answer, scenarioTwins: ['site'] };
  impactEvents.push({ kind: 'impact', sequence: 8, result, added: ['P-1', 'P-2'], changed: [], removed: ['P-9'] });
  expect((await events.next()).data.impactChanged).toEqual({
    cursor: expect.any(String),
    summary: { affected: 2, down: 2 },
    added: [
      { twin: { id: 'P-2' }, after: 'DOWN' },
      { twin: { id: 'P-1' }, after: 'DOWN' },
    ],
    changed: [],
    removed: ['P-9'],
  });
  expect(watches).toEqual([{ scenario: { outage: ['site'], baseline: 'LIVE', coldStart: false }, kinds: ['ASSET'] }]);
  await events.stop();
});

it('a subscription goes on behind the cursor of an event, of a gap, of the feed and of an impact', async () => {
  const query =
    'subscription($after: String) { twinChanged(after: $after) { ... on TwinChange { cursor } ... on Gap { cursor missedFrom } } }';
  const events = api.subscribe(query);
  twinEvents.push(twinEvent({ sequence: 11 }));
  twinEvents.push({ kind: 'gap', sequence: 30, missedFrom: 21 });
  const ofEvent = (await events.next()).data.twinChanged.cursor as string;
  const ofGap = (await events.next()).data.twinChanged as { cursor: string; missedFrom: string };
  await events.stop();
  const ofFeed = (await api.query('{ cursor }')).data.cursor as string;
  const whole = (sequence: number) => ({ since: sequence, sequence, id: null, isSnapshot: false });
  for (const [after, position] of [
    [ofEvent, { since: 10, sequence: 11, id: 'P-1', isSnapshot: false }],
    [ofGap.cursor, whole(30)],
    [ofGap.missedFrom, whole(20)],
    [ofFeed, whole(42)],
  ] as const) {
    twinEvents = createEventSource();
    twinEvents.push(twinEvent());
    const resumed = api.subscribe(query, { after });
    await resumed.next();
    expect(watches.at(-1)).toMatchObject({ after: position });
    await resumed.stop();
  }
});

it('a cursor that is none, and a place that is not there, are refused', async () => {
  for (const after of [
    '',
    'nonsense',
    Buffer.from('["id","P-1"]').toString('base64url'),
    Buffer.from('["feed",-1]').toString('base64url'),
    Buffer.from('["event",7,5,"P-1",0]').toString('base64url'),
    Buffer.from('["event",4,5,6,0]').toString('base64url'),
  ]) {
    const { errors } = await api
      .subscribe('subscription($after: String) { twinChanged(after: $after) { __typename } }', { after })
      .next();
    expect(errors?.[0]?.extensions, after).toMatchObject({ code: 'BAD_INPUT', at: 'after' });
  }
  const { errors } = await api.subscribe('subscription { twinChanged(within: "nowhere") { __typename } }').next();
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

it('a failing event is masked, and the subscription goes on', async () => {
  const events = api.subscribe('subscription { stateChanged { ... on StateChange { twin { id } } } }');
  const event = {
    kind: 'state',
    since: 5,
    isSnapshot: false,
    sequence: 6,
    at: 0,
    before: 'DOWN',
    after: 'DOWN',
    causes: [],
    membership: 'STAYED',
  } as const;
  stateEvents.push({ ...event, id: 'gone' });
  stateEvents.push({ ...event, id: 'P-1' });
  expect((await events.next()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  expect((await events.next()).data.stateChanged.twin).toEqual({ id: 'P-1' });
  await events.stop();
});

it('a watch that breaks tells its code', async () => {
  const events = api.subscribe('subscription { twinChanged { __typename } }');
  twinEvents.events.next = () => Promise.reject(new LinchpinError('STORE_UNAVAILABLE', 'the graph cannot be reached'));
  expect((await events.next()).errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
});

it('the watch ends when the subscriber goes', async () => {
  const events = api.subscribe('subscription { twinChanged { __typename } }');
  twinEvents.push(twinEvent());
  await events.next();
  await events.stop();
  await twinEvents.left;
});

it('the watch ends when the socket breaks', async () => {
  const other = await startApi(stub.application);
  const events = other.subscribe('subscription { twinChanged { __typename } }');
  twinEvents.push(twinEvent());
  await events.next();
  other.client.terminate();
  await twinEvents.left;
  await other.stop();
});
