/** What was answered once is answered again when the same is asked about that moment. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../support/random.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const NOBODY = { actor: null };
let plant: TestApplication;
let api: Api;

beforeEach(async () => {
  plant = await openApplication();
  api = await startApi(plant.application);
});
afterEach(async () => {
  await api.stop();
  await plant.close();
});

/** Everything that can be said of a twin, and lists by every filter that state and properties decide. */
const FIELDS = `
  id kind name description tags revision createdAt updatedAt connectivity lastSeen criticality closed
  model { id name properties { name unit staleAfter limits { threshold state } } definition }
  properties { name value desired inSync unit quality observedAt receivedAt stale } level: property(name: "level") { value stale }
  status { health state best worst since atRisk inMaintenance causes { id name } }
  conduction { medium role }
  requirements { group mode min full total have margin soft members { twin { id name revision } relationship { id revision } share available } }
  parent { id name } ancestors { id revision }
  children { totalCount nodes { id name status { state } property(name: "level") { value } } }
  descendants { nodes { id updatedAt } }
  relationships { nodes { id type medium group share closed properties revision source { id name } target { id name } } }
  dependencies { complete edges { distance node { id status { state } } } }
  dependents { edges { distance node { id properties { name value } } } }
  input`;
const EVERYTHING = `query Everything($at: DateTime, $scenario: ScenarioInput!) {
  all: twins(asOf: $at) { totalCount nodes { ${FIELDS} } }
  down: twins(filter: { states: [DOWN, DEGRADED, UNKNOWN] }, asOf: $at) { nodes { id } }
  high: twins(filter: { where: [{ property: "level", gt: 50 }] }, asOf: $at) { nodes { id } }
  odd: twins(filter: { where: [{ property: "level", ne: 3 }, { property: "mode", in: ["a", "b"] }] }, asOf: $at) { nodes { id } }
  none: twins(filter: { where: [{ property: "mode", eq: null }], models: ["tank"] }, asOf: $at) { nodes { id } }
  silent: twins(filter: { connectivity: [NEVER_SEEN, STALE], kinds: [ASSET] }, asOf: $at) { nodes { id } }
  one: twin(id: "t1", asOf: $at) { ${FIELDS} }
  gone: twin(id: "t2", asOf: $at) { ${FIELDS} }
  impact(scenario: $scenario) {
    summary { affected down degraded restored possible processesDown newlyAtRisk staleInputs byKind { kind count } }
    affected { nodes { twin { id name status { state } } before after certainty impactAt witness { twin { id name } relationship { id } lost { id } } causes { id } } }
    cursor
  }
}`;

async function everything(outage: string[], at: number | null): Promise<unknown> {
  const asOf = at === null ? null : new Date(at).toISOString();
  const { data, errors } = await api.query(EVERYTHING, { at: asOf, scenario: { outage, asOf } });
  expect(errors).toBeUndefined();
  return data;
}

const ids = Array.from({ length: 8 }, (_, i) => `t${i}`);
const tank = (threshold: number, name = 'Tank') => ({
  id: 'tank',
  kind: 'ASSET',
  name,
  properties: [
    {
      name: 'level',
      schema: 'double',
      unit: threshold > 80 ? '%' : 'm',
      staleAfter: 'PT10S',
      limits: [{ comparison: 'ABOVE', threshold, state: 'DEGRADED' }],
    },
    { name: 'mode', schema: 'string', writable: true },
  ],
});

/** What time alone changes is committed behind the tick that finds it. */
async function committed(): Promise<void> {
  await plant.store.transact(async () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
}

/** One change of any kind; ids that are not there make some of them fail, which changes nothing. */
async function change(random: Random): Promise<unknown> {
  const { application, time } = plant;
  const id = random.pick(ids);
  const other = random.pick(ids);
  const level = random.below(100);
  const kinds: (() => Promise<unknown>)[] = [
    () =>
      application.upsertTwins(
        [
          {
            id,
            kind: random.pick(['ASSET', 'PROCESS', 'SYSTEM']),
            name: `n${level}`,
            model: random.pick([null, 'tank']),
            tags: [`g${level}`],
            properties: { level, free: [level] },
            requirements: [{ group: 'g', any: true }],
          },
        ],
        NOBODY,
      ),
    () =>
      application.patchTwin(
        id,
        {
          name: `n${level}`,
          health: random.pick(['OPERATIONAL', 'DOWN', 'DEGRADED', 'UNKNOWN']),
          properties: { mode: random.pick(['a', 'b', null]) },
        },
        NOBODY,
      ),
    () => application.patchTwin(id, { requirements: [], closed: level > 50, criticality: level }, NOBODY),
    () => application.report({ id, properties: { level, mode: random.pick(['a', 'c']) } }, NOBODY),
    () => application.report({ id, properties: { level }, quality: 'BAD' }, NOBODY),
    () => application.setDesired(id, { mode: random.pick(['a', 'b', null]) }, NOBODY),
    () => application.setMaintenance(id, level > 50, { ...NOBODY, until: time.now + 5_000 }),
    () => application.deleteTwin(id, NOBODY),
    () => application.upsertRelationships([{ type: 'PART_OF', source: id, target: other }], NOBODY),
    () =>
      application.upsertRelationships(
        [{ type: 'DEPENDS_ON', source: id, target: other, group: random.pick([null, 'g']), properties: { level } }],
        NOBODY,
      ),
    () =>
      application.upsertRelationships(
        [{ type: 'CONNECTED_TO', source: id, target: other, medium: 'water', closed: level > 30 }],
        NOBODY,
      ),
    () =>
      application.deleteRelationship(
        random.pick([...application.topology.links()].map((link) => link.relationship.id)) ?? '',
        NOBODY,
      ),
    () => application.upsertModels([tank(random.pick([20, 60, 90]), `Tank ${level}`)], NOBODY),
    () =>
      application.reportConnectivity([{ twin: id, connectivity: random.pick(['ONLINE', 'OFFLINE']), at: time.now }]),
    () => time.advance(random.pick([1_000, 4_000, 12_000]), committed),
  ];
  return random
    .pick(kinds)()
    .catch(() => undefined);
}

describe('as of', () => {
  it.each([1, 2, 3])(
    'a moment of the past is answered as it was answered then, whatever has changed since (%i)',
    async (seed) => {
      const random = createRandom(seed);
      const told: { at: number; outage: string[]; answer: unknown }[] = [];
      await plant.application.upsertModels([tank(60)], NOBODY);
      await plant.application.upsertTwins(
        ids.slice(0, 5).map((id) => ({ id, kind: 'ASSET', model: 'tank', properties: { level: 10 } })),
        NOBODY,
      );
      for (let step = 0; step < 60; step += 1) {
        plant.time.now += 7;
        await change(random);
        const outage = [...plant.application.topology.nodes()].slice(0, 2).map(({ twin }) => twin.id);
        told.push({ at: plant.time.now, outage, answer: await everything(outage, null) });
      }
      for (const { at, outage, answer } of told.toReversed()) expect(await everything(outage, at)).toEqual(answer);
      for (let i = 0; i < 10; i += 1) {
        plant.time.now += 7;
        await change(random);
        const { at, outage, answer } = random.pick(told);
        expect(await everything(outage, at)).toEqual(answer);
      }
    },
  );

  it('two moments and the present stand beside each other in one answer', async () => {
    const { application, time } = plant;
    const before = new Date(time.now).toISOString();
    time.now += 1_000;
    await application.upsertTwins([{ id: 'a', kind: 'ASSET', properties: { x: 1 } }], NOBODY);
    time.now += 1_000;
    const between = new Date(time.now).toISOString();
    time.now += 1_000;
    await application.upsertTwins([{ id: 'a', kind: 'ASSET', properties: { x: 2 } }], NOBODY);
    const { data } = await api.query(`{
      before: twin(id: "a", asOf: "${before}") { id }
      between: twin(id: "a", asOf: "${between}") { revision property(name: "x") { value } }
      now: twin(id: "a") { revision property(name: "x") { value } }
    }`);
    expect(data).toEqual({
      before: null,
      between: { revision: 1, property: { value: 1 } },
      now: { revision: 2, property: { value: 2 } },
    });
  });

  it('an instant before what is kept is refused, and told since when', async () => {
    const { application, time, store } = plant;
    for (const x of [1, 2, 3]) {
      time.now += 1_000;
      await application.upsertTwins([{ id: 'a', kind: 'ASSET', properties: { x } }], NOBODY);
    }
    await store.prune({ since: time.now - 500, records: 10, size: 1e9 });
    const at = (ms: number): string => `"${new Date(ms).toISOString()}"`;
    const code = { code: 'RETENTION_PASSED', since: new Date(time.now).toISOString() };
    for (const query of [
      `{ twin(id: "a", asOf: ${at(time.now - 1)}) { id } }`,
      `{ twins(asOf: ${at(time.now - 1)}) { totalCount } }`,
      `{ impact(scenario: { outage: ["a"], asOf: ${at(time.now - 1)} }) { cursor } }`,
    ]) {
      expect((await api.query(query)).errors?.[0]?.extensions).toMatchObject(code);
    }
    expect((await api.query(`{ twin(id: "a", asOf: ${at(time.now)}) { id } }`)).data).toEqual({ twin: { id: 'a' } });
  });

  it('an instant that has not come, more moments than one request may ask for, and a live what-if of the past are refused', async () => {
    const { now } = plant.time;
    const codeOf = async (query: string) => (await api.query(query)).errors?.[0]?.extensions.code;
    expect(await codeOf(`{ twins(asOf: "${new Date(now + 3_600_000).toISOString()}") { totalCount } }`)).toBe(
      'BAD_INPUT',
    );
    const fields = [0, 1, 2, 3, 4].map(
      (i) => `t${i}: twins(asOf: "${new Date(now - i).toISOString()}") { totalCount }`,
    );
    expect(await codeOf(`{ ${fields.join(' ')} }`)).toBe('LIMIT_EXCEEDED');
    const events = api.subscribe(
      `subscription { impactChanged(scenario: { asOf: "${new Date(now).toISOString()}" }) { cursor } }`,
    );
    expect((await events.next()).errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  });
});
