/**
 * A caller with a scope never gets to know what is outside it. The graph has a half whose every id and word holds
 * SECRET; all that the schema offers is asked for by somebody who does not see that half, and no byte of the answers
 * may hold the word. A new field of Query, Mutation or Subscription must be given a question here.
 */
import { getNamedType, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Principal, Scope } from '../../src/domain/principal.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { type Answer, type Api, startApi } from '../support/graphql-client.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { PAGE, selectionOf } from '../support/whole-questions.ts';

const SECRET = /secret/i;
const schema = createSchema();
const asset = (id: string, more = {}) => ({ id, kind: 'ASSET', name: `${id} name`, ...more });
const TWINS = [
  { id: 'secret-world', kind: 'SYSTEM', name: 'SECRET world' },
  { id: 'hall', kind: 'SYSTEM', name: 'Hall' },
  { id: 'secret-hall', kind: 'SYSTEM', name: 'SECRET hall', description: 'SECRET' },
  asset('pump', { model: 'pump', properties: { temperature: 20 }, health: 'DEGRADED' }),
  asset('valve', { requirements: [{ group: 'feeds', any: true }] }),
  asset('spare'),
  asset('mover', { tags: ['moves'], conduction: [{ medium: 'air', role: 'SOURCE' }] }),
  { id: 'process', kind: 'PROCESS', name: 'Process', requirements: [{ group: 'feeds', min: 1, full: 2 }] },
  asset('secret-pump', { model: 'pump', tags: ['SECRET'], properties: { SECRET: 'SECRET' }, health: 'DOWN' }),
  asset('secret-feed', { description: 'SECRET pump' }),
  asset('secret-orphan', { model: 'pump' }),
  { id: 'secret-process', kind: 'PROCESS', name: 'SECRET process of the pump' },
];
const rel = (source: string, type: string, target: string, more = {}) => ({ type, source, target, ...more });
const RELATIONSHIPS = [
  rel('hall', 'PART_OF', 'secret-world'),
  rel('secret-hall', 'PART_OF', 'secret-world'),
  ...['pump', 'valve', 'spare', 'mover', 'process'].map((part) => rel(part, 'PART_OF', 'hall')),
  ...['secret-pump', 'secret-feed', 'secret-process'].map((part) => rel(part, 'PART_OF', 'secret-hall')),
  rel('secret-feed', 'FEEDS', 'valve', { medium: 'water', group: 'feeds' }),
  rel('pump', 'FEEDS', 'valve', { medium: 'water', group: 'feeds' }),
  rel('valve', 'FEEDS', 'process', { medium: 'water', group: 'feeds' }),
  rel('secret-feed', 'FEEDS', 'process', { medium: 'water', group: 'feeds' }),
  rel('pump', 'DEPENDS_ON', 'secret-feed', { id: 'SECRET relationship' }),
  rel('secret-feed', 'DEPENDS_ON', 'spare'),
  rel('secret-process', 'DEPENDS_ON', 'pump'),
  rel('pump', 'DEPENDS_ON', 'spare'),
  rel('process', 'DEPENDS_ON', 'secret-pump'),
  rel('mover', 'CONNECTED_TO', 'pump', { medium: 'air' }),
  rel('mover', 'CONNECTED_TO', 'secret-pump', { medium: 'air' }),
];

const HALL: Scope = { within: ['hall'], models: null };
const PUMPS: Scope = { within: ['hall', 'secret-nowhere'], models: ['pump', 'process'] };
const principal = (scope: Scope | null): Principal => ({ actor: 'tester', role: 'admin', scope, expiresAt: null });
const PRINCIPALS: Record<string, Principal> = { hall: principal(HALL), pumps: principal(PUMPS), all: principal(null) };

let plant: TestApplication;
let api: Api;
beforeAll(async () => {
  plant = await openApplication();
  const { application } = plant;
  await application.upsertModels([{ id: 'pump', kind: 'ASSET', name: 'Pump' }], { actor: null });
  await application.importGraph({ models: [], twins: TWINS, relationships: RELATIONSHIPS }, { actor: null });
  api = await startApi(application, {
    authenticator: { authenticate: async (who) => PRINCIPALS[who] as Principal },
  });
});
afterAll(async () => {
  await api.stop();
  await plant.close();
});

const ask = (who: string, query: string): Promise<Answer> => api.post({ query }, { authorization: `Bearer ${who}` });
const clientOf = (who: string) =>
  createClient({
    url: `${api.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${who}` },
  });
const textOf = (answer: unknown): string => JSON.stringify(answer);
/** What a cursor holds is there to be read by whoever wants to. */
const cursorsIn = (text: string): string =>
  [...text.matchAll(/"(?:cursor|endCursor|missedFrom)":"([\w-]+)"/g)]
    .map(([, cursor]) => Buffer.from(cursor ?? '', 'base64url').toString())
    .join('\n');

/** Arguments of fields below that need some. */
const BELOW = Object.fromEntries(
  ['Twin', 'Asset', 'Process', 'System'].flatMap((type) => [
    [`${type}.property`, 'name: "temperature"'],
    [`${type}.history`, 'property: "temperature", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", first: 6'],
    [
      `${type}.historyRange`,
      'property: "temperature", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", first: 6',
    ],
    [`${type}.valueAt`, 'property: "temperature", at: "2026-01-02T00:00:00Z"'],
  ]),
);

/** Questions for each field of Query; `ID` is the id of a twin, asked for with one that is seen and with one that is not. */
const QUERIES: Record<string, readonly string[]> = {
  twin: ['id: ID', 'id: "pump"', 'id: "process"', 'id: "hall"', 'id: "valve"', 'id: "mover"'],
  twins: [
    '',
    'filter: {within: ID}',
    'filter: {text: "pump"}',
    'filter: {models: ["pump"]}',
    'filter: {where: [{property: "temperature", gt: 0}]}',
  ],
  search: ['text: "pump"', 'text: "e"', 'text: "secret"'],
  roots: [''],
  paths: [
    'from: "pump", to: ID, direction: BOTH',
    'from: ID, to: "pump", direction: BOTH',
    'from: "pump", to: "spare", direction: BOTH, first: 10',
    'from: "process", to: "spare", direction: BOTH, along: DEPENDENCE, first: 10',
  ],
  model: ['id: "pump"'],
  models: [''],
  relationshipTypes: [''],
  cursor: [''],
  impact: [
    ...['outage', 'outageWithin', 'degrade', 'repair', 'maintain', 'fault', 'open', 'close'].map(
      (list) => `scenario: {${list}: [ID]}`,
    ),
    'scenario: {outage: ["spare"]}',
    'scenario: {outage: ["spare"], baseline: HEALTHY}',
    'scenario: {outage: ["pump", "valve"], baseline: HEALTHY}',
    'scenario: {outageWithin: ["hall"]}',
    'scenario: {repair: ["pump"], coldStart: true}',
    'scenario: {open: ["SECRET relationship"]}',
  ],
  criticality: ['kinds: [ASSET, SYSTEM, PROCESS]', 'within: ID'],
  cutSets: ['of: ID', 'of: "process"', 'of: "valve"', 'of: "pump"'],
  rootCauses: [
    'observations: [{id: ID, state: DOWN}]',
    'observations: [{id: "process", state: DOWN}]',
    'observations: [{id: "process", state: DEGRADED}, {id: "pump", state: DOWN}]',
  ],
  modelIssues: [''],
  quarantine: [''],
  auditLog: ['', 'twin: ID'],
};

const queryType = schema.getQueryType() as GraphQLObjectType;
const questionsOf = (name: string, id: string): string[] => {
  const field = queryType.getFields()[name];
  if (!field) throw new Error(`there is no ${name}`);
  const below = selectionOf(schema, getNamedType(field.type), BELOW);
  return (QUERIES[name] ?? []).map((args) => {
    const isPaged = field.args.some((arg) => arg.name === 'first') && !args.includes('first');
    const given = `${args} ${isPaged ? `first: ${PAGE}` : ''}`.trim().replaceAll('ID', JSON.stringify(id));
    return `{ ${name}${given === '' ? '' : `(${given})`} ${below} }`;
  });
};

describe('every question', () => {
  it('of the schema is asked here', () => {
    expect(Object.keys(queryType.getFields()).filter((name) => !QUERIES[name])).toEqual([]);
  });

  it('would tell somebody without a scope, so that this test can fail', async () => {
    for (const name of ['twins', 'search', 'roots', 'impact', 'criticality', 'cutSets', 'rootCauses'])
      expect(textOf(await Promise.all(questionsOf(name, 'pump').map((query) => ask('all', query)))), name).toMatch(
        SECRET,
      );
  });

  describe.each(['hall', 'pumps'])('by somebody who sees %s', (who) => {
    it.each(Object.keys(QUERIES))('%s tells nothing of what they do not see', async (name) => {
      for (const query of questionsOf(name, 'pump')) {
        const { status, ...answer } = await ask(who, query);
        expect(status, textOf(answer).slice(0, 500)).toBe(200);
        // What was asked for is said again in an error, as it is for what is not there.
        const text = textOf(answer).replaceAll('SECRET relationship', 'x').replaceAll('text: \\"secret', '');
        expect(text, query.slice(0, 200)).not.toMatch(SECRET);
        expect(cursorsIn(text), query.slice(0, 200)).not.toMatch(SECRET);
        const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code);
        expect(codes.filter((code) => code === 'INTERNAL' || code === 'LIMIT_EXCEEDED')).toEqual([]);
      }
    });

    it.each(Object.keys(QUERIES).filter((name) => QUERIES[name]?.some((args) => args.includes('ID'))))(
      '%s about a twin that is not seen is answered as about one that is not there',
      async (name) => {
        for (const hidden of ['secret-pump', 'secret-world']) {
          const nowhere = 'x'.repeat(hidden.length);
          const answers = await Promise.all(
            [hidden, nowhere].map((id) => Promise.all(questionsOf(name, id).map((query) => ask(who, query)))),
          );
          const [first, second] = answers.map((answer) => textOf(answer).replaceAll(hidden, nowhere));
          expect(first).toBe(second);
        }
      },
    );
  });
});

it('impact is worked out on the whole graph, and says how many are hidden', async () => {
  const query =
    '{ impact(scenario: {outage: ["spare"], baseline: HEALTHY}) { summary { affected hidden } affected { totalCount nodes { twin { id } } } } }';
  const whole = (await ask('all', query)).data.impact;
  const seen = (await ask('hall', query)).data.impact;
  expect(seen.summary.affected + seen.summary.hidden).toBe(whole.summary.affected);
  expect(seen.summary.hidden).toBeGreaterThan(0);
  expect(seen.affected.totalCount).toBe(seen.summary.affected);
  // secret-feed is out with spare; without it, process has nothing: the reason is hidden, the effect is not.
  expect(seen.affected.nodes).toContainEqual({ twin: { id: 'process' } });
});

it('the past is seen as the scope shows it then', async () => {
  const asOf = new Date(plant.time.now).toISOString();
  const twins = questionsOf('twins', 'pump')[0]?.replace('first', `asOf: "${asOf}", first`).slice(1, -1);
  const query = `{ ${twins} twin(asOf: "${asOf}", id: "secret-pump") { id } impact(scenario: {outage: ["spare"], asOf: "${asOf}"}) { summary { hidden affected } affected { nodes { twin { id } witness { twin { id } } } } } }`;
  const { data, errors } = await ask('hall', query);
  expect(errors?.filter(({ extensions }) => extensions.code === 'INTERNAL') ?? []).toEqual([]);
  expect(data.twins.totalCount).toBe(6);
  expect(textOf(data)).not.toMatch(SECRET);
});

describe('every change', () => {
  /** `ID`: a twin that is not seen, or that is not there. */
  const MUTATIONS: Record<string, readonly string[]> = {
    upsertTwins: ['twins: [{id: ID, kind: ASSET, name: "x"}]'],
    patchTwin: ['id: ID, patch: {name: "x"}', 'id: ID, patch: {health: DOWN}, ifRevision: 99'],
    setDesired: ['id: ID, properties: {x: 1}'],
    setMaintenance: ['id: ID, on: true'],
    deleteTwin: ['id: ID', 'id: ID, ifRevision: 99'],
    upsertRelationships: [
      'relationships: [{type: "FEEDS", source: "pump", target: ID}]',
      'relationships: [{type: "PART_OF", source: ID, target: "hall"}]',
      'relationships: [{type: "FEEDS", source: "pump", target: "spare", id: ID}]',
      'relationships: [{type: "DEPENDS_ON", source: ID, target: "spare"}]',
    ],
    deleteRelationship: ['id: ID'],
    report: ['id: ID, properties: {x: 1}'],
    adopt: ['twin: {id: ID, kind: ASSET}'],
    upsertModels: ['models: [{id: ID, kind: "ASSET", name: "x"}]'],
  };
  const mutationType = schema.getMutationType() as GraphQLObjectType;
  const mutationsOf = (name: string, id: string): string[] =>
    (MUTATIONS[name] ?? []).map((args) => {
      const isLeaf = ['deleteTwin', 'deleteRelationship'].includes(name);
      return `mutation { ${name}(${args.replaceAll('ID', JSON.stringify(id))}) ${isLeaf ? '' : '{ __typename }'} }`;
    });

  it('of the schema is tried here', () => {
    expect(Object.keys(mutationType.getFields()).toSorted()).toEqual(Object.keys(MUTATIONS).toSorted());
  });

  it.each(Object.keys(MUTATIONS))(
    '%s of what is not seen is answered as of what is not there, and changes nothing',
    async (name) => {
      const before = plant.application.sequence();
      for (const hidden of ['secret-pump', 'secret-feed', 'SECRET relationship']) {
        const nowhere = 'x'.repeat(hidden.length);
        for (const [i, mutation] of mutationsOf(name, hidden).entries()) {
          const first = await ask('hall', mutation);
          const second = await ask('hall', mutationsOf(name, nowhere)[i] ?? '');
          expect(first.errors, mutation).toHaveLength(1);
          expect(textOf(first).replaceAll(hidden, nowhere)).toBe(textOf(second));
        }
      }
      expect(plant.application.sequence()).toBe(before);
    },
  );

  it('of what is seen is made', async () => {
    const relate =
      'mutation { upsertRelationships(relationships: [{type: "MEASURES", source: "spare", target: "pump"}]) { id } }';
    const { data } = await ask('hall', relate);
    const { id } = data.upsertRelationships[0];
    expect((await ask('hall', `mutation { deleteRelationship(id: "${id}") }`)).data).toEqual({
      deleteRelationship: id,
    });
    expect((await ask('pumps', 'mutation { patchTwin(id: "pump", patch: {name: "Pump 1"}) { name } }')).data).toEqual({
      patchTwin: { name: 'Pump 1' },
    });
    expect(
      (await ask('pumps', 'mutation { patchTwin(id: "pump", patch: {model: null}) { name } }')).errors,
    ).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
  });
});

describe('every subscription', () => {
  const SUBSCRIPTIONS: Record<string, readonly string[]> = {
    twinChanged: ['', 'within: "hall"', 'ids: ["pump", "mover"]', 'after: AFTER'],
    stateChanged: ['', 'within: "hall"', 'ids: ["pump", "mover"]', 'snapshot: true', 'after: AFTER'],
    topologyChanged: ['', 'within: "hall"', 'after: AFTER'],
    impactChanged: ['scenario: {outage: ["spare"]}'],
  };
  const subscriptionType = schema.getSubscriptionType() as GraphQLObjectType;
  const subscriptionsOf = (name: string, after: string): string[] => {
    const below = selectionOf(
      schema,
      getNamedType(subscriptionType.getFields()[name]?.type ?? subscriptionType),
      BELOW,
    );
    return (SUBSCRIPTIONS[name] ?? []).map((args) => {
      const given = args.replaceAll('AFTER', JSON.stringify(after));
      return `subscription { ${name}${given === '' ? '' : `(${given})`} ${below} }`;
    });
  };
  const rename = (id: string, name: string) => plant.application.patchTwin(id, { name }, { actor: null });
  const health = (id: string, to: string) => plant.application.patchTwin(id, { health: to }, { actor: null });

  it('of the schema is tried here', () => {
    expect(Object.keys(subscriptionType.getFields()).toSorted()).toEqual(Object.keys(SUBSCRIPTIONS).toSorted());
  });

  it.each(['within: "secret-hall"', 'ids: ["secret-pump"]'])(
    '%s is answered as for one that is not there',
    async (args) => {
      const client = clientOf('hall');
      const answers: string[] = [];
      for (const given of [args, args.replace(/secret-\w+/, (id) => 'x'.repeat(id.length))]) {
        const query = `subscription { stateChanged(${given}) { __typename } }`;
        const [event] = await Promise.allSettled([client.iterate({ query }).next()]);
        answers.push(textOf(event).replaceAll(/secret-\w+/g, (id) => 'x'.repeat(id.length)));
      }
      expect(answers[0]).toBe(answers[1]);
      expect(answers[0]).toContain('NOT_FOUND');
      await client.dispose();
    },
  );

  it('tells what is seen, and of what goes out of sight that it left, and nothing else', async () => {
    const client = clientOf('hall');
    const { application } = plant;
    const after = (await ask('hall', '{ cursor }')).data.cursor as string;
    const told = new Map<string, unknown[]>();
    const listen = (query: string): void => {
      const events: unknown[] = [];
      told.set(query, events);
      const read = async (): Promise<void> => {
        for await (const event of client.iterate({ query })) events.push(event);
      };
      read().catch((error: unknown) => events.push({ errors: error }));
    };
    const all = Object.keys(SUBSCRIPTIONS).flatMap((name) => subscriptionsOf(name, after));
    for (const query of all.filter((each) => !each.includes('after:'))) listen(query);
    await client.iterate({ query: '{ cursor }' }).next();

    const actor = { actor: null };
    await rename('secret-pump', 'SECRET 2');
    await health('secret-feed', 'DOWN');
    await application.upsertTwins([{ id: 'secret-new', kind: 'ASSET', name: 'SECRET' }], actor);
    const [joint] = await application.upsertRelationships(
      [{ type: 'FEEDS', source: 'secret-new', target: 'pump' }],
      actor,
    );
    await application.report({ id: 'secret-new', properties: { SECRET: 1 } }, actor);
    await application.deleteRelationship(joint?.id ?? '', actor);
    await application.deleteTwin('secret-new', actor);
    await health('secret-feed', 'OPERATIONAL');
    const partOf = RELATIONSHIPS.findIndex(({ source, type }) => source === 'mover' && type === 'PART_OF');
    const links = [...(application.topology.node('mover')?.outgoing ?? [])];
    const whole = links.find(({ relationship }) => relationship.type === 'PART_OF')?.relationship.id ?? '';
    expect(partOf).toBeGreaterThan(0);
    await application.deleteRelationship(whole, actor);
    await application.upsertRelationships([{ type: 'PART_OF', source: 'mover', target: 'secret-hall' }], actor);
    await rename('mover', 'SECRET mover');
    await health('mover', 'DOWN');
    await application.report({ id: 'mover', properties: { SECRET: 1 } }, actor);
    for (const query of all.filter((each) => each.includes('after:'))) listen(query);
    await application.upsertTwins([{ id: 'late', kind: 'ASSET', name: 'Late' }], actor);
    await application.upsertRelationships([{ type: 'PART_OF', source: 'late', target: 'hall' }], actor);
    await health('spare', 'DOWN');
    await rename('pump', 'the end');
    await plant.time.advance(1_000);

    for (const [query, events] of told) {
      if (query.includes('twinChanged'))
        await expect.poll(() => textOf(events), { message: query }).toContain('the end');
      // The spare is what stands behind its state, wherever state is told.
      else if (!query.includes('topologyChanged') && !query.includes('ids:'))
        await expect.poll(() => textOf(events), { message: query }).toContain('"spare"');
      else await expect.poll(() => events.length, { message: query }).toBeGreaterThan(0);
      expect(textOf(events), query).not.toMatch(SECRET);
      expect(cursorsIn(textOf(events)), query).not.toMatch(SECRET);
      expect(textOf(events), query).not.toContain('INTERNAL');
    }
    const eventsOf = (start: string): string =>
      textOf([...told].filter(([query]) => query.startsWith(`subscription { ${start}`)).map(([, events]) => events));
    expect(eventsOf('stateChanged {')).toContain('"membership":"LEFT"');
    expect(eventsOf('stateChanged {')).toContain('"membership":"JOINED"');
    for (const form of ['topologyChanged {', 'topologyChanged(after'])
      expect(eventsOf(form)).toContain('"removedTwins":["mover"]');
    expect(eventsOf('topologyChanged {')).toContain('late');
    await client.dispose();
  });
});
