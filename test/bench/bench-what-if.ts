/**
 * One what-if over GraphQL against an empty one of the same shape: over HTTP, on the seeded plant of about 100,000
 * twins, in turns, with outages of assets drawn by a seed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '../../src/application/create-application.ts';
import type { ImportInput } from '../../src/application/inputs.ts';
import { systemClock as clock, systemTimers as timers } from '../../src/domain/timers.ts';
import { startGraphql } from '../../src/graphql/server.ts';
import { openGrafeoStore } from '../../src/store/open-store.ts';
import { BUILT_IN_TYPES } from '../../src/domain/relationship.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { seededPlant, seededRandom } from './seeded-plant.ts';

const ROUNDS = 500;
const WARM_UP = 100;
const BUILT_IN = new Set(BUILT_IN_TYPES.map(({ name }) => name));
const QUESTION = `query($s: ScenarioInput!) { impact(scenario: $s) {
  summary { affected down degraded } affected(first: 10) { totalCount nodes { twin { id } after impactAt } } } }`;

const { log } = createRecordingLog();
const folder = mkdtempSync(join(tmpdir(), 'linchpin-bench-'));
const store = await openGrafeoStore({ directory: folder, log });
const running = createApplication({ store, clock, timers, log, isShared: false });
await running.start();
const plant = seededPlant();
await running.application.importGraph(toImport(), { actor: null });
const settings = { host: '127.0.0.1', port: 0, graphiql: false };
const api = await startGraphql({ application: running.application, settings, log, readiness: () => [] });

const random = seededRandom(7);
const assets = plant.twins.filter(({ kind }) => kind === 'ASSET');
const times = { empty: [] as number[], outage: [] as number[] };
for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
  const outage = [assets[Math.floor(random() * assets.length)]?.id ?? ''];
  const measured = { empty: await timed({}), outage: await timed({ outage }) };
  if (round >= WARM_UP) for (const key of ['empty', 'outage'] as const) times[key].push(measured[key]);
}
for (const [name, part] of [
  ['median', 0.5],
  ['p99', 0.99],
] as const) {
  const [empty, outage] = [quantile(times.empty, part), quantile(times.outage, part)];
  console.log(
    `${name}: empty ${empty.toFixed(2)} ms, one outage ${outage.toFixed(2)} ms, ratio ${(outage / empty).toFixed(2)}`,
  );
}
await api.stop();
await running.stop();
await store.close();
rmSync(folder, { recursive: true });

async function timed(scenario: object): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${api.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUESTION, variables: { s: scenario } }),
  });
  const { errors } = (await response.json()) as { errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return performance.now() - startedAt;
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

/** The seeded plant, in the form of inputs. */
function toImport(): ImportInput {
  const models = [...plant.typeByName.values()].filter(({ name }) => !BUILT_IN.has(name));
  return {
    models: models.length === 0 ? [] : [{ id: 'types', kind: 'SYSTEM', relationshipTypes: models }],
    twins: plant.twins.map(({ id, kind, criticality, conduction, requirements }) => ({
      id,
      kind,
      criticality,
      conduction,
      requirements: requirements.map(({ holdUpMs, ...rest }) => ({ ...rest, holdUp: holdUpMs })),
    })),
    relationships: plant.relationships.map(({ standbyDelayMs, revision: _, ...rest }) => ({
      ...rest,
      standbyDelay: standbyDelayMs,
    })),
  };
}
