import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Principal } from '../../src/domain/principal.ts';
import { type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';

const principal = (actor: string, role: Principal['role'] = 'admin'): Principal => ({
  actor,
  role,
  scope: null,
  expiresAt: null,
});
let plant: TestApplication;
let api: Api;
beforeAll(async () => {
  plant = await openApplication();
  api = await startApi(plant.application, {
    authenticator: { authenticate: async (who) => principal(who, who === 'reader' ? 'reader' : 'admin') },
  });
});
afterAll(async () => {
  await api.stop();
  await plant.close();
});

const ask = async (who: string, query: string) => api.post({ query }, { authorization: `Bearer ${who}` });
const change = async (who: string, mutation: string) => {
  expect((await ask(who, `mutation { ${mutation} }`)).errors).toBeUndefined();
  await plant.time.advance(1_000);
};
const log = async (args = '') => {
  const { data, errors } = await ask(
    'eve',
    `{ auditLog${args} { completeSince pageInfo { hasNextPage endCursor }
    entries { at actor origin changeCount changes { kind id before after } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.auditLog;
};

it('tells who changed what, when, and from what to what, the newest first', async () => {
  const start = plant.time.now;
  await change('ada', 'upsertTwins(twins: [{id: "pump", kind: ASSET}, {id: "site", kind: SYSTEM}]) { id }');
  await change('bob', 'patchTwin(id: "pump", patch: {name: "Pump 7", properties: {speed: 3}}) { id }');
  await change('ada', 'upsertRelationships(relationships: [{type: "PART_OF", source: "pump", target: "site"}]) { id }');
  await change('bob', 'report(id: "pump", properties: {speed: 4}) { id }');
  await plant.application.ingest([
    { twin: 'pump', property: 'speed', value: 9, receivedAt: plant.time.now, quality: 'GOOD' } as never,
  ]);
  await change('bob', 'deleteTwin(id: "site")');

  const { entries, completeSince } = await log();
  expect(completeSince).toBe(new Date(start).toISOString());
  expect(entries.map(({ actor, origin }: { actor: string; origin: string }) => `${actor} ${origin}`)).toEqual([
    'bob MUTATION',
    'bob TELEMETRY',
    'ada MUTATION',
    'bob MUTATION',
    'ada MUTATION',
  ]);
  expect(entries[3]).toMatchObject({
    at: new Date(start + 1_000).toISOString(),
    changes: [
      {
        kind: 'TWIN',
        id: 'pump',
        before: { name: 'pump', properties: { speed: null } },
        after: { name: 'Pump 7', properties: { speed: { value: 3 } } },
      },
    ],
  });
  expect(entries[0].changes).toMatchObject([
    { kind: 'TWIN', id: 'site', after: null },
    { kind: 'RELATIONSHIP', after: null, before: { source: 'pump', target: 'site' } },
  ]);

  const actors = ({ entries: rows }: { entries: { actor: string }[] }): string[] => rows.map(({ actor }) => actor);
  expect(actors(await log('(twin: "site")'))).toEqual(['bob', 'ada', 'ada']);
  expect(actors(await log('(actor: "ada")'))).toEqual(['ada', 'ada']);
  const [from, to] = [start + 1_000, start + 3_000].map((at) => new Date(at).toISOString());
  expect(actors(await log(`(from: "${from}", to: "${to}")`))).toEqual(['ada', 'bob']);
  expect(actors(await log('(to: "2000-01-01T00:00:00Z")'))).toEqual([]);
});

it('tells of one twin only what was done to it, and to its relationships', async () => {
  const twins = ['valve', 'drain', 'hall'].map((id) => `{id: "${id}", kind: ASSET}`).join(', ');
  await change('kim', `upsertTwins(twins: [${twins}]) { id }`);
  const ends = ['valve', 'drain'].map((source) => `{type: "LOCATED_IN", source: "${source}", target: "hall"}`);
  await change('kim', `upsertRelationships(relationships: [${ends.join(', ')}]) { id }`);
  const { entries } = await log('(twin: "drain")');
  expect(entries).toMatchObject([
    { changeCount: 1, changes: [{ kind: 'RELATIONSHIP', after: { source: 'drain' } }] },
    { changeCount: 1, changes: [{ kind: 'TWIN', id: 'drain' }] },
  ]);
});

it('goes on behind the cursor of a page, and misses nothing', async () => {
  const all = (await log()).entries;
  const paged: unknown[] = [];
  for (let after: string | null = null; ; ) {
    const page = await log(`(first: 2${after === null ? '' : `, after: "${after}"`})`);
    paged.push(...page.entries);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(paged).toEqual(all);
});

it('is for admins', async () => {
  const { errors } = await ask('reader', '{ auditLog { completeSince } }');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', expected: 'admin' });
});

it('calls fields as the API does, with its instants and durations', async () => {
  await change(
    'zoe',
    'upsertTwins(twins: [{id: "ups", kind: ASSET, requirements: [{group: "in", holdUp: "PT5M"}]}]) { id }',
  );
  await change('zoe', 'upsertTwins(twins: [{id: "bay", kind: ASSET, closed: false}]) { id }');
  await change('zoe', 'patchTwin(id: "ups", patch: {health: DOWN}) { id }');
  const feeds = '{type: "FEEDS", source: "bay", target: "ups", standbyDelay: "PT3S"}';
  await change('zoe', `upsertRelationships(relationships: [${feeds}]) { id }`);
  const { entries } = await log('(actor: "zoe")');
  const [joined, down, bay, ups] = entries.map(({ changes }: { changes: object[] }) => changes[0]);
  expect(ups.after.requirements).toMatchObject([{ group: 'in', holdUp: 'PT5M' }]);
  expect(bay.after).toMatchObject({ closed: false, health: 'OPERATIONAL' });
  expect(bay.after).not.toHaveProperty('switches');
  expect(down).toMatchObject({ before: { health: 'OPERATIONAL' }, after: { health: 'DOWN' } });
  expect(joined.after).toMatchObject({ standbyDelay: 'PT3S' });
  expect(JSON.stringify(entries)).not.toMatch(/reportedHealth|Ms"/);
});
