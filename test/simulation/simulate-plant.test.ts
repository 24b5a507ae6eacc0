/** The simulated telemetry of the example plant: the same for the same seed, of the example's own twins, with a story to see. */
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../src/application/parse-model.ts';
import { evaluateLimits, NO_JUDGEMENT } from '../../src/domain/evaluate-limits.ts';
import { Faults } from '../../src/domain/faults.ts';
import type { Model } from '../../src/domain/model.ts';
import { resolveModel } from '../../src/domain/resolve-model.ts';
import type { OperationalState } from '../../src/domain/state.ts';
import { plantReadings, STEP_SECONDS } from '../../src/simulation/plant-readings.ts';
import { STORY_SECONDS } from '../../src/simulation/pump-story.ts';
import { simulatePlant } from '../../src/simulation/simulate-plant.ts';
import { createManualTime } from '../support/manual-time.ts';
import { readProjectFile } from '../support/project-files.ts';
import { createRecordingLog } from '../support/recording-log.ts';

interface Line {
  readonly model?: unknown;
  readonly twin?: { readonly id: string; readonly model: string };
}
const lines = readProjectFile('examples/water-supply/plant.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const modelOfTwin = new Map(lines.flatMap(({ twin }) => (twin ? [[twin.id, twin.model] as const] : [])));
const modelById = new Map<string, Model>();
for (const { model } of lines) {
  const parsed = model ? parseModel(model, '', new Faults()) : undefined;
  if (parsed) modelById.set(parsed.id, parsed);
}
const propertiesOf = (twin: string) => {
  const model = resolveModel(modelOfTwin.get(twin) ?? '', modelById);
  if (!model) throw new Error(`${twin} has no model`);
  return model.propertyByName;
};

const STORY_STEPS = STORY_SECONDS / STEP_SECONDS;

/** Health of a twin by the limits of one property, at each step of the story. */
function healthByStep(twin: string, property: string): OperationalState[] {
  const limits = propertiesOf(twin).get(property)?.limits ?? [];
  let judgement = NO_JUDGEMENT;
  return Array.from({ length: STORY_STEPS }, (_, step) => {
    const value = plantReadings(7, step).find((reading) => reading.twin === twin)?.values[property];
    if (value !== undefined) judgement = evaluateLimits(limits, value, judgement, step * STEP_SECONDS * 1000);
    const states = judgement.active.map((i) => limits[i]?.state);
    return states.includes('DOWN') ? 'DOWN' : states.includes('DEGRADED') ? 'DEGRADED' : 'OPERATIONAL';
  });
}

/** Runs a simulation on a clock held by hand, and keeps what it publishes. */
async function messagesOf(seed: number, seconds: number): Promise<string[]> {
  const time = createManualTime();
  const messages: string[] = [];
  const publish = async (topic: string, payload: string): Promise<void> => {
    messages.push(`${topic} ${payload}`);
  };
  const stop = simulatePlant({
    clock: time.clock,
    timers: time.timers,
    publish,
    log: createRecordingLog().log,
    topicRoot: 'twins',
    seed,
  });
  await time.advance(seconds * 1000);
  stop();
  const published = messages.length;
  await time.advance(60_000);
  expect(messages).toHaveLength(published);
  return messages;
}

describe('the simulated plant', () => {
  it('publishes the same messages for the same seed, and others for another; none after it is stopped', async () => {
    const first = await messagesOf(1, 60);
    expect(first.length).toBeGreaterThan(500);
    expect(await messagesOf(1, 60)).toEqual(first);
    expect(await messagesOf(2, 60)).not.toEqual(first);
  });

  it('reports twins and properties of the example alone', () => {
    const strangers = plantReadings(1, 0).flatMap(({ twin, values }) =>
      Object.keys(values)
        .filter((name) => !propertiesOf(twin).has(name))
        .map((name) => `${twin} ${name}`),
    );
    expect(strangers).toEqual([]);
  });

  it('reports every twin often enough that nothing becomes stale', () => {
    const everyTwin = plantReadings(1, 0).map((reading) => reading.twin);
    const withinTenSeconds = new Set(
      [1, 2, 3, 4, 5].flatMap((step) => plantReadings(1, step).map((reading) => reading.twin)),
    );
    expect(everyTwin.filter((twin) => !withinTenSeconds.has(twin))).toEqual([]);
  });

  it('lets a pump fail within half a minute of its start, and recover before the story begins again', () => {
    const health = healthByStep('pump:335', 'bearingTemperature');
    const firstAt = (state: OperationalState): number => health.indexOf(state) * STEP_SECONDS;
    expect(health[0]).toBe('OPERATIONAL');
    expect(firstAt('DEGRADED')).toBeLessThanOrEqual(30);
    expect(firstAt('DOWN')).toBeLessThanOrEqual(40);
    expect(health.lastIndexOf('DOWN')).toBeGreaterThan(health.indexOf('DOWN'));
    expect(health.at(-1)).toBe('OPERATIONAL');
  });

  it('strains the second pump while the first is down, so that the pumping of the works is degraded', () => {
    const first = healthByStep('pump:335', 'bearingTemperature');
    const second = healthByStep('pump:335b', 'vibration');
    expect(first.some((state, step) => state === 'DOWN' && second[step] === 'DEGRADED')).toBe(true);
    expect(second).not.toContain('DOWN');
    expect(second.at(-1)).toBe('OPERATIONAL');
  });

  it('keeps every other limit quiet, but for the filter that clogs', () => {
    const unwell = new Set<string>();
    for (const { twin, values } of plantReadings(7, 0)) {
      for (const property of Object.keys(values)) {
        if (healthByStep(twin, property).some((state) => state !== 'OPERATIONAL')) unwell.add(`${twin} ${property}`);
      }
    }
    expect([...unwell].toSorted()).toEqual([
      'filter:river-3 headLoss',
      'pump:335 bearingTemperature',
      'pump:335b vibration',
    ]);
  });

  it('tells once that the broker is away, and goes on when it is back', async () => {
    const time = createManualTime();
    const { log, lines: said } = createRecordingLog();
    let isAway = true;
    let published = 0;
    const publish = async (): Promise<void> => {
      if (isAway) throw new Error('no broker');
      published += 1;
    };
    const stop = simulatePlant({ clock: time.clock, timers: time.timers, publish, log, topicRoot: 'twins', seed: 1 });
    await time.advance(10_000);
    expect([published, said.length]).toEqual([0, 1]);
    isAway = false;
    await time.advance(10_000);
    stop();
    expect(published).toBeGreaterThan(0);
    expect(said).toHaveLength(1);
  });
});
