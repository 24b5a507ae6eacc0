import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Application } from '../../src/application/application.ts';
import type { PropertyValue } from '../../src/domain/property.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { createStubApplication } from '../support/stub-application.ts';
import { graphOf, relationshipOf } from '../topology/graph.ts';

const topology = graphOf(['a FEEDS b']);
const twin = topology.twin('a');
const reports: Parameters<Application['report']>[0][] = [];
const desired: PropertyValue[] = [];
let api: Api;

beforeAll(async () => {
  const { application } = createStubApplication(topology, {
    report: async (input) => {
      reports.push(input);
      return twin as never;
    },
    setDesired: async (_, value) => {
      desired.push(value);
      return twin as never;
    },
    upsertRelationships: async (given) =>
      given.map(() => relationshipOf('r', 'a', 'FEEDS', 'b', { standbyDelayMs: 90_500 })),
  });
  api = await startApi(application);
});
afterAll(() => api.stop());

const report = (observedAt: unknown) =>
  api.query('mutation($at: DateTime) { report(id: "a", properties: {}, observedAt: $at) { id } }', { at: observedAt });

it('an instant is taken with any offset, as a variable and as a literal', async () => {
  reports.length = 0;
  for (const text of ['2026-03-01T09:30:00Z', '2026-03-01T11:30:00.000+02:00', '2026-03-01t09:30:00.0004z']) {
    expect((await report(text)).errors).toBeUndefined();
  }
  await api.query('mutation { report(id: "a", properties: {}, observedAt: "2026-03-01T04:30:00-05:00") { id } }');
  expect(reports.map(({ observedAt }) => observedAt)).toEqual(Array(4).fill(Date.UTC(2026, 2, 1, 9, 30)));
});

it('what is no instant is refused', async () => {
  for (const wrong of [
    '',
    'now',
    '2026-03-01',
    '2026-02-30T00:00:00Z',
    '2026-03-01T09:30:00',
    1_700_000_000,
    true,
    {},
    [],
  ]) {
    expect((await report(wrong)).errors?.[0]?.extensions.code, JSON.stringify(wrong)).toBe('BAD_INPUT');
  }
});

it('a duration is taken and given as ISO 8601', async () => {
  const upsert = (standbyDelay: string) =>
    api.query('mutation($r: [RelationshipInput!]!) { upsertRelationships(relationships: $r) { standbyDelay } }', {
      r: [{ type: 'FEEDS', source: 'a', target: 'b', standbyDelay }],
    });
  expect((await upsert('PT2M')).data.upsertRelationships).toEqual([{ standbyDelay: 'PT1M30.5S' }]);
  for (const wrong of ['P1M', 'P1Y', '-PT5S', 'PT', '5 minutes', '']) {
    expect((await upsert(wrong)).errors?.[0]?.extensions.code, wrong).toBe('BAD_INPUT');
  }
});

it('JSON keeps its shape and the names of its keys, as a variable and as a literal', async () => {
  desired.length = 0;
  const text = '{"__proto__": {"polluted": true}, "constructor": 1, "id": [1.5, null, "ä\\u0000", {"a": {}}]}';
  const literal = '{__proto__: {polluted: true}, constructor: 1, id: [1.5, null, "ä\\u0000", {a: {}}]}';
  await api.post(
    `{"query": "mutation($v: JSON!) { setDesired(id: \\"a\\", properties: $v) { id } }", "variables": {"v": ${text}}}`,
  );
  await api.query(`mutation { setDesired(id: "a", properties: ${literal}) { id } }`);
  expect(desired.map((value) => JSON.stringify(value))).toEqual(Array(2).fill(JSON.stringify(JSON.parse(text))));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('JSON that is nested without end is refused', async () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const ask = (levels: number) =>
    api.post(
      `{"query": "mutation($v: JSON!) { setDesired(id: \\"a\\", properties: $v) { id } }", "variables": {"v": ${deep(levels)}}}`,
    );
  expect((await ask(60)).errors).toBeUndefined();
  for (const levels of [70, 100_000]) expect((await ask(levels)).errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  const written = async (levels: number) =>
    (await api.query(`mutation { setDesired(id: "a", properties: ${deep(levels)}) { id } }`)).errors?.[0]?.extensions
      .code;
  expect(await written(100)).toBe('BAD_INPUT');
  expect(await written(1_000)).toBe('LIMIT_EXCEEDED');
});

it('numbers that are not finite do not come in', async () => {
  const ask = (value: string) =>
    api.post(
      `{"query": "mutation($v: JSON!) { setDesired(id: \\"a\\", properties: $v) { id } }", "variables": {"v": {"x": ${value}}}}`,
    );
  expect((await ask('1e999')).errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  expect((await ask('NaN')).errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
});
