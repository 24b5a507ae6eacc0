/** The answers that examples/water-supply/README.md gives in short are those of the engine. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/application/inputs.ts';
import { importFiles } from '../../src/exchange/import-files.ts';
import type { AffectedTwin } from '../../src/impact/types.ts';
import { finish } from '../../src/impact/steps.ts';
import { openApplication, type TestApplication } from '../support/open-application.ts';
import { PROJECT_ROOT } from '../support/project-files.ts';

const MINUTE_MS = 60_000;
const DISTRICTS = ['eastfield', 'harbour', 'highfield', 'lakeside', 'millbrook', 'old-town', 'riverside', 'southport'];

let running: TestApplication;
beforeAll(async () => {
  running = await openApplication();
  await importFiles(running.application, [join(PROJECT_ROOT, 'examples/water-supply/plant.jsonl')], {
    format: 'native',
    mapping: null,
    keepGoing: false,
    dryRun: false,
    actor: null,
  });
});
afterAll(() => running?.close());

/** What a scenario affects, by id, and what it leaves without redundancy. */
async function ask(scenario: ScenarioInput): Promise<{ byId: Map<string, AffectedTwin>; atRisk: readonly string[] }> {
  const { answer } = await running.application.impact(scenario);
  return { byId: new Map([...answer.affected].map((one) => [one.id, one])), atRisk: finish(answer.newlyAtRisk()) };
}
const districtsThat = (byId: Map<string, AffectedTwin>, state: string): string[] =>
  DISTRICTS.filter((key) => byId.get(`supply:${key}`)?.after === state);

describe('the example plant', () => {
  it('is healthy, and leaves no doubt about its model', async () => {
    const { application } = running;
    const states = new Set([...application.topology.nodes()].map(({ twin }) => application.status(twin.id).state));
    expect([...states]).toEqual(['OPERATIONAL']);
    expect(await application.modelIssues(100)).toEqual([]);
  });

  it('goes on without one river pump, but without redundancy', async () => {
    const { byId, atRisk } = await ask({ outage: ['pump:335'] });
    expect([...byId.keys()]).toEqual([]);
    expect(atRisk).toContain('process:river-pumping');
    expect(atRisk).toContain('supply:city');
  });

  it('loses both transformers with their one feeder; the generator brings a pump back after two minutes', async () => {
    const { byId } = await ask({ outage: ['feeder:north'] });
    expect([byId.get('transformer:river-1')?.after, byId.get('transformer:river-2')?.after]).toEqual(['DOWN', 'DOWN']);
    expect([byId.get('pump:335')?.recoversAtMs, byId.get('pump:335c')?.recoversAtMs]).toEqual([null, 2 * MINUTE_MS]);
    expect(byId.has('plc:river')).toBe(false);
    expect(districtsThat(byId, 'DEGRADED')).toEqual(DISTRICTS);
  });

  it('loses the lake works with its feeder, the controller after half an hour; no district notices', async () => {
    const { byId } = await ask({ outage: ['feeder:south'] });
    expect([byId.get('pump:10')?.impactAtMs, byId.get('plc:lake')?.impactAtMs]).toEqual([0, 30 * MINUTE_MS]);
    expect([...byId.keys()].filter((id) => id.startsWith('supply:'))).toEqual([]);
  });

  it('lives on its tanks for seven hours without any power, the hospital for four more', async () => {
    const { byId } = await ask({ outage: ['feeder:north', 'feeder:south', 'generator:river'] });
    expect(districtsThat(byId, 'DOWN')).toEqual(DISTRICTS);
    const emptyAtMs = byId.get('tank:3')?.impactAtMs ?? 0;
    expect(Math.floor(emptyAtMs / (60 * MINUTE_MS))).toBe(7);
    expect(byId.get('supply:refinery')?.impactAtMs).toBe(emptyAtMs);
    expect(byId.get('supply:hospital')?.impactAtMs).toBe(emptyAtMs + 240 * MINUTE_MS);
  });

  it('saves every district by the bypass when the river pumps burn while the lake works is out', async () => {
    const outage = ['room:river-pump-hall', 'feeder:south'];
    expect(districtsThat((await ask({ outage })).byId, 'DOWN')).toEqual(DISTRICTS);
    const { byId } = await ask({ outage, close: ['pipe:330'] });
    expect(districtsThat(byId, 'DOWN')).toEqual([]);
    expect(districtsThat(byId, 'DEGRADED')).toEqual(DISTRICTS);
  });

  it('feels the trunk main as less pressure, and the neck of Southport as hours on a tank', async () => {
    expect(districtsThat((await ask({ outage: ['pipe:329'] })).byId, 'DEGRADED')).toEqual(DISTRICTS);
    const neck = (await ask({ outage: ['pipe:241'] })).byId.get('supply:southport');
    expect([neck?.after, Math.floor((neck?.impactAtMs ?? 0) / (60 * MINUTE_MS))]).toEqual(['DOWN', 7]);
    const east = await ask({ outage: ['pipe:247'] });
    expect(districtsThat(east.byId, 'DEGRADED')).toEqual(['southport']);
  });
});
