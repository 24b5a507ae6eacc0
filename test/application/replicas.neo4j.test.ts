/** Several servers on one graph: each has its own memory and follows the feed of them all. */
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { Application, StateEvent } from '../../src/application/application.ts';
import { createApplication, type RunningApplication } from '../../src/application/create-application.ts';
import type { TwinStore } from '../../src/application/twin-store.ts';
import { systemClock, systemTimers } from '../../src/domain/timers.ts';
import { openNeo4jStore } from '../../src/store/open-store.ts';
import { emptyNeo4j } from '../support/neo4j-graph.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

const neo4j = inject('neo4j');
const NOBODY = { actor: null };

interface Replica extends RunningApplication {
  readonly store: TwinStore;
}

let replicas: Replica[] = [];

async function startReplica(): Promise<Application> {
  if (!neo4j) throw new Error('there is no Neo4j');
  const { log } = createRecordingLog();
  const store = await openNeo4jStore({ ...neo4j, log });
  const running = createApplication({ store, clock: systemClock, timers: systemTimers, log, isShared: true });
  await running.start();
  replicas.push({ ...running, store });
  return running.application;
}

beforeEach(async () => {
  if (neo4j) await emptyNeo4j(neo4j);
});
afterEach(async () => {
  for (const replica of replicas.splice(0)) {
    await replica.stop();
    await replica.store.close();
  }
});

test.skipIf(!neo4j)('a replica sees another one’s change within a second of its commit', async () => {
  const [a, b] = [await startReplica(), await startReplica()];
  await a.upsertTwins(
    [
      { id: 'A', kind: 'ASSET' },
      { id: 'P', kind: 'PROCESS' },
    ],
    NOBODY,
  );
  await a.upsertRelationships([{ type: 'DEPENDS_ON', source: 'P', target: 'A' }], NOBODY);
  await until(() => b.sequence() === a.sequence());
  const events = b.watchStates({ ids: ['P'] });
  await a.patchTwin('A', { health: 'DOWN' }, NOBODY);
  const committed = performance.now();
  const { value } = await events.next();
  expect(performance.now() - committed).toBeLessThan(1_000);
  expect(value as StateEvent).toMatchObject({ id: 'P', before: 'OPERATIONAL', after: 'DOWN', causes: ['A'] });
});

test.skipIf(!neo4j)(
  'writes through several replicas at once stay in one order, and nobody decides on what is old',
  async () => {
    const apps = [await startReplica(), await startReplica(), await startReplica()];
    await apps[0]?.upsertTwins([{ id: 'A', kind: 'ASSET' }], NOBODY);
    await until(() => apps.every((app) => app.topology.twin('A') !== undefined));
    // Each patch names the revision that its replica knows; those that lost the race are told, and none is lost.
    let won = 0;
    await Promise.all(
      apps.map(async (app, i) => {
        for (let round = 0; round < 10; round += 1) {
          const ifRevision = app.topology.twin('A')?.revision ?? 0;
          const outcome = await app
            .patchTwin('A', { name: `${i}/${round}` }, { ...NOBODY, ifRevision })
            .catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'CONFLICT' });
          else won += 1;
        }
      }),
    );
    expect(won).toBeGreaterThan(0);
    const head = Math.max(...apps.map((app) => app.sequence()));
    await until(() => apps.every((app) => app.sequence() === head));
    expect(apps.map((app) => app.topology.twin('A')?.revision)).toEqual([1 + won, 1 + won, 1 + won]);
    expect(new Set(apps.map((app) => app.topology.twin('A')?.name)).size).toBe(1);
  },
);

test.skipIf(!neo4j)('telemetry through two replicas leaves the newest value, whoever came last', async () => {
  const [a, b] = [await startReplica(), await startReplica()];
  await a.upsertTwins([{ id: 'A', kind: 'ASSET' }], NOBODY);
  await until(() => b.topology.twin('A') !== undefined);
  const reading = (value: number): Parameters<Application['ingest']>[0] => [
    { twin: 'A', property: 'n', value, observedAt: value, receivedAt: Date.now(), quality: 'GOOD' },
  ];
  const order = [5, 3, 9, 1, 20, 14, 7, 19];
  await Promise.all(order.map((value, i) => (i % 2 === 0 ? a : b).ingest(reading(value))));
  for (const app of [a, b]) expect((await app.properties(['A'])).get('A')?.get('n')?.value).toBe(20);
});
