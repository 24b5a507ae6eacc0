import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/application/inputs.ts';
import type { OperationalState } from '../../src/domain/state.ts';
import type { AffectedTwin, ScenarioAnswer } from '../../src/impact/types.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { affectedRows } from '../support/affected-rows.ts';
import { atOnce, createStubApplication } from '../support/stub-application.ts';
import { graphOf, twinOf } from '../topology/graph.ts';

const topology = graphOf(
  ['p1 PART_OF plant', 'p2 PART_OF plant', 'a1 LOCATED_IN plant', 'a1 DEPENDS_ON cause'],
  [
    twinOf('p1', { kind: 'PROCESS' }),
    twinOf('p2', { kind: 'PROCESS' }),
    twinOf('p3', { kind: 'PROCESS' }),
    twinOf('s1', { kind: 'SYSTEM' }),
  ],
);

const affectedOf = (
  id: string,
  before: OperationalState,
  after: OperationalState,
  fields: Partial<AffectedTwin> = {},
): AffectedTwin => ({
  id,
  before,
  after,
  isWorse: true,
  certainty: 'CERTAIN',
  impactAtMs: 0,
  recoversAtMs: null,
  planned: false,
  timeline: [{ atMs: 0, state: after }],
  ...fields,
});

const asked: { scenarios: ScenarioInput[]; witnesses: string[]; causes: [string, number][] } = {
  scenarios: [],
  witnesses: [],
  causes: [],
};
let answer: ScenarioAnswer;

beforeEach(() => {
  asked.scenarios = [];
  asked.witnesses = [];
  asked.causes = [];
  answer = {
    affected: affectedRows([
      affectedOf('p1', 'OPERATIONAL', 'DOWN', { impactAtMs: 900_000, recoversAtMs: 1_800_500 }),
      affectedOf('p2', 'OPERATIONAL', 'DEGRADED', { impactAtMs: 120_000 }),
      affectedOf('a1', 'DEGRADED', 'DOWN', { impactAtMs: 120_000 }),
      affectedOf('p3', 'OPERATIONAL', 'UNKNOWN', { certainty: 'POSSIBLE', impactAtMs: 300_000 }),
      affectedOf('s1', 'DOWN', 'OPERATIONAL', { isWorse: false }),
    ]),
    newlyAtRisk: () => atOnce(['x', 'y']),
    scenarioTwins: ['cause'],
    staleInputs: 3,
    witnessLength: () => 2,
    causesComplete: () => atOnce(false),
    witness(id) {
      asked.witnesses.push(id);
      return [
        { twin: 'cause', relationship: null, group: null, need: null, have: null, lost: [] },
        { twin: id, relationship: 'r000003', group: 'g', need: 1, have: 0, lost: ['cause'] },
      ];
    },
    causes(id, maxOrder) {
      asked.causes.push([id, maxOrder]);
      return atOnce([['cause'], ['a1', 'p1']]);
    },
  };
});

let api: Api;
beforeAll(async () => {
  const { application } = createStubApplication(topology, {
    impact: async (scenario) => {
      asked.scenarios.push(scenario);
      return { sequence: 7, answer, scenarioTwins: ['cause'] };
    },
  });
  api = await startApi(application);
});
afterAll(() => api.stop());

const impact = async (fields: string, variables?: Record<string, unknown>) => {
  const { data, errors } = await api.query(
    `query($after: String) { impact(scenario: { outage: ["cause"] }) { ${fields} x: cursor after: affected(after: $after, first: 0) { totalCount } } }`,
    variables,
  );
  expect(errors).toBeUndefined();
  return data.impact;
};
const idsOf = (connection: { nodes: { twin: { id: string } }[] }) => connection.nodes.map(({ twin }) => twin.id);

it('the summary counts the whole answer, however the list is cut', async () => {
  const { summary, affected } = await impact(`summary {
    affected down degraded restored possible byKind { kind count } processesDown processesDegraded firstImpactAt newlyAtRisk hidden staleInputs
  } affected(first: 1, kinds: [SYSTEM]) { totalCount }`);
  expect(summary).toEqual({
    affected: 5,
    down: 2,
    degraded: 1,
    restored: 1,
    possible: 1,
    byKind: [
      { kind: 'ASSET', count: 1 },
      { kind: 'PROCESS', count: 3 },
      { kind: 'SYSTEM', count: 1 },
    ],
    processesDown: 1,
    processesDegraded: 1,
    firstImpactAt: 'PT2M',
    newlyAtRisk: 2,
    hidden: 0,
    staleInputs: 3,
  });
  expect(affected.totalCount).toBe(1);
});

it('an empty answer has an empty summary', async () => {
  answer = { ...answer, affected: affectedRows([]), newlyAtRisk: () => atOnce([]), staleInputs: 0 };
  const { summary, affected } = await impact(
    'summary { affected down firstImpactAt byKind { count } } affected { totalCount nodes { before } pageInfo { hasNextPage endCursor } }',
  );
  expect(summary).toEqual({
    affected: 0,
    down: 0,
    firstImpactAt: null,
    byKind: [{ count: 0 }, { count: 0 }, { count: 0 }],
  });
  expect(affected).toEqual({ totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
});

it('the affected are told in the order of the answer, with their times', async () => {
  const { affected } = await impact(
    'affected { nodes { twin { id } before after certainty impactAt recoversAt planned timeline { at state } } }',
  );
  expect(idsOf(affected)).toEqual(['p1', 'p2', 'a1', 'p3', 's1']);
  expect(affected.nodes[0]).toEqual({
    twin: { id: 'p1' },
    before: 'OPERATIONAL',
    after: 'DOWN',
    certainty: 'CERTAIN',
    impactAt: 'PT15M',
    recoversAt: 'PT30M0.5S',
    planned: false,
    timeline: [{ at: 'PT0S', state: 'DOWN' }],
  });
});

it('the list is filtered by kind, certainty and place before it is cut into pages', async () => {
  const answers = await impact(`
    kinds: affected(kinds: [PROCESS], first: 2) { totalCount nodes { twin { id } } }
    certain: affected(certainty: CERTAIN) { totalCount nodes { twin { id } } }
    within: affected(within: "plant") { totalCount nodes { twin { id } } }
    all: affected(kinds: [PROCESS], certainty: POSSIBLE, within: "plant") { totalCount }
  `);
  expect(answers.kinds.totalCount).toBe(3);
  expect(idsOf(answers.kinds)).toEqual(['p1', 'p2']);
  expect(idsOf(answers.certain)).toEqual(['p1', 'p2', 'a1', 's1']);
  expect(idsOf(answers.within)).toEqual(['p1', 'p2', 'a1']);
  expect(answers.all.totalCount).toBe(0);
});

it('a page goes on behind its last row when the order has changed meanwhile, and where it was when the row is gone', async () => {
  const page = async (after: string | null) => {
    const { data } = await api.query(
      'query($after: String) { impact(scenario: {}) { affected(first: 2, after: $after) { nodes { twin { id } } pageInfo { endCursor } } } }',
      { after },
    );
    return { ids: idsOf(data.impact.affected), end: data.impact.affected.pageInfo.endCursor as string };
  };
  const first = await page(null);
  expect(first.ids).toEqual(['p1', 'p2']);
  answer = { ...answer, affected: affectedRows([affectedOf('new', 'OPERATIONAL', 'DOWN'), ...answer.affected]) };
  topology.addTwin(twinOf('new'));
  expect((await page(first.end)).ids).toEqual(['a1', 'p3']);
  const left = [...answer.affected].filter(({ id }) => id !== 'p2' && id !== 'new');
  answer = { ...answer, affected: affectedRows(left) };
  expect((await page(first.end)).ids).toEqual(['a1', 'p3']);
  topology.removeTwin('new');
});

it('witness and causes are worked out only for the rows of the page, and only where they are asked for', async () => {
  await impact('affected { nodes { twin { id } } }');
  expect(asked).toMatchObject({ witnesses: [], causes: [] });
  const { affected } = await impact(`affected(first: 1) { nodes {
    witness { twin { id } relationship { id type } group need have lost { id } } causes { id } one: causes(maxOrder: 1) { id }
  } }`);
  expect(asked).toMatchObject({
    witnesses: ['p1'],
    causes: [
      ['p1', 2],
      ['p1', 1],
    ],
  });
  expect(affected.nodes[0].witness).toEqual([
    { twin: { id: 'cause' }, relationship: null, group: null, need: null, have: null, lost: [] },
    {
      twin: { id: 'p1' },
      relationship: { id: 'r000003', type: 'DEPENDS_ON' },
      group: 'g',
      need: 1,
      have: 0,
      lost: [{ id: 'cause' }],
    },
  ]);
  expect(affected.nodes[0].causes).toEqual([[{ id: 'cause' }], [{ id: 'a1' }, { id: 'p1' }]]);
});

it('chains of cause and timelines are told within limits, with how long they are', async () => {
  const lost = Array.from({ length: 300 }, () => 'a1');
  const timeline = Array.from(
    { length: 5_000 },
    (_, n) => ({ atMs: n, state: n % 2 ? 'DOWN' : 'OPERATIONAL' }) as const,
  );
  let most: number | undefined;
  answer = {
    ...answer,
    affected: affectedRows([{ ...affectedOf('p1', 'OPERATIONAL', 'DOWN'), timeline }]),
    witnessLength: () => 10_000,
    witness(id, steps) {
      most = steps;
      return [{ twin: id, relationship: null, group: 'g', need: 1, have: 0, lost }];
    },
  };
  const { affected } = await impact(`affected { nodes {
    witness { lost { id } lostCount } witnessLength timeline { at } timelineLength causesComplete
  } }`);
  const [row] = affected.nodes;
  expect(most).toBe(1_000);
  expect(row.witness[0].lost).toHaveLength(100);
  expect(row.timeline).toHaveLength(1_000);
  expect(row).toMatchObject({
    witness: [{ lostCount: 300 }],
    witnessLength: 10_000,
    timelineLength: 5_000,
    causesComplete: false,
  });
});

it('a twin that is deleted while the answer is read is left out of the list', async () => {
  answer = { ...answer, affected: affectedRows([affectedOf('gone', 'OPERATIONAL', 'DOWN'), ...answer.affected]) };
  const { affected } = await impact('affected { totalCount nodes { twin { id } } }');
  expect(affected.totalCount).toBe(5);
});

it('a scenario comes to the application with its defaults, durations in milliseconds', async () => {
  const scenario = { outage: ['a1'], horizon: 'PT2H', open: ['r1'] };
  await api.query('query($s: ScenarioInput!) { impact(scenario: $s) { cursor } }', { s: scenario });
  expect(asked.scenarios).toEqual([
    {
      outage: ['a1'],
      open: ['r1'],
      baseline: 'LIVE',
      coldStart: false,
      horizon: 7_200_000,
    },
  ]);
});

it('an order that is not served is refused', async () => {
  const { errors } = await api.query('{ impact(scenario: {}) { affected { nodes { causes(maxOrder: 3) { id } } } } }');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', at: 'maxOrder', expected: '1 or 2' });
});
