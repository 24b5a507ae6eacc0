/** Arguments that would look like a question and are none: each is refused in the caller's own words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

let plant: TestApplication;
let api: Api;
let later: string;

beforeAll(async () => {
  plant = await openApplication();
  const properties = ['flow', 'power', 'head'].map((name) => ({ name, schema: 'double' }));
  await plant.application.upsertModels([{ id: 'Pump', kind: 'ASSET', name: 'Pump', properties }], { actor: null });
  await plant.application.upsertTwins([{ id: 'P-1', kind: 'ASSET', model: 'Pump' }], { actor: null });
  api = await startApi(plant.application);
  later = new Date(plant.time.now + 3_600_000).toISOString();
});

afterAll(async () => {
  await api.stop();
  await plant.close();
});

async function refusalOf(query: string) {
  const { errors } = await api.query(query);
  return { message: errors?.[0]?.message, ...errors?.[0]?.extensions } as Record<string, unknown>;
}

describe('a question', () => {
  it.each([
    ['cutSets(of: "P-1", kinds: []) { margin }'],
    ['criticality(kinds: []) { totalCount }'],
    ['rootCauses(observations: [{ id: "P-1", state: DOWN }], kinds: []) { explained }'],
  ])('about no kind of twin is refused: %s', async (field) => {
    expect(await refusalOf(`{ ${field} }`)).toMatchObject({ code: 'BAD_INPUT', at: 'kinds' });
  });

  it('for too many rows is sent on with after only where there is an after', async () => {
    const range = 'property: "flow", from: "2026-01-01T00:00:00Z"';
    const asks = [
      'paths(from: "P-1", to: "P-1", first: 101) { complete }',
      `twin(id: "P-1") { ... on Asset { history(${range}, first: 10001) { value } } }`,
      'twins(first: 10001) { totalCount }',
    ];
    const answers = await Promise.all(asks.map((ask) => refusalOf(`{ ${ask} }`)));
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => 'LIMIT_EXCEEDED'));
    expect(answers.map(({ message }) => String(message).endsWith('read on with after'))).toEqual([false, false, true]);
  });

  it('for the log of a time that ends before it begins is refused', async () => {
    const args = 'from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z"';
    expect(await refusalOf(`{ auditLog(${args}) { completeSince } }`)).toMatchObject({
      code: 'BAD_INPUT',
      at: 'to',
      received: '"2026-01-01T00:00:00.000Z"',
    });
  });
});

describe('a subscription', () => {
  it('to states from an instant that has not come is refused', async () => {
    const [first] = [await api.subscribe(`subscription { stateChanged(from: "${later}") { __typename } }`).next()];
    expect(first.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT', at: 'from' } });
  });

  it('to an impact of the past is refused, with the instant as it was given', async () => {
    const asOf = '2026-01-01T00:00:00.000Z';
    const first = await api
      .subscribe(`subscription { impactChanged(scenario: { asOf: "${asOf}" }) { cursor } }`)
      .next();
    expect(first.errors?.[0]?.message).toContain(`got "${asOf}"`);
  });
});

describe('a report', () => {
  it('tells each property that is at fault by its path, and stores the others', async () => {
    const report = 'mutation { report(id: "P-1", properties: { flow: 3, power: "x", head: true }) { id } }';
    const refusal = await refusalOf(report);
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', at: 'properties.power' });
    expect((refusal['faults'] as { at: string }[]).map(({ at }) => at)).toEqual([
      'properties.power',
      'properties.head',
    ]);
    expect((await api.query('{ twin(id: "P-1") { property(name: "flow") { value } } }')).data).toEqual({
      twin: { property: { value: 3 } },
    });
  });
});
