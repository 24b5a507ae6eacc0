/**
 * Injected faults of a running application, found from what its metrics show (PetShop: 26 issues, each with its cause).
 *
 * A service whose latency or availability is clearly off its normal course is seen as DEGRADED, one that is clearly on it
 * as OPERATIONAL, and what lies between says nothing: UNKNOWN. The alarm itself is one of the observations.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { OperationalState } from '../../src/domain/state.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { rootCausesOf } from '../support/ask-analyses.ts';
import { BUILT_IN_TYPE_BY_NAME } from '../support/plant-lines.ts';
import { dataFolders, dataPath, hasData, relationshipOf, twinOf } from '../support/real-data.ts';

const FOLDER = 'petshop/low_traffic';

/** Of the five samples of an issue: those before it, and those in it. */
const BEFORE = [0, 1];
const DURING = [2, 3];
/** Deviations from the median, in spreads: as far as this is off course; within this is on course. */
const OFF_COURSE = 4;
const ON_COURSE = 1;
/** Least spreads that are told apart: a part of the latency, and points of availability. */
const LEAST_LATENCY_SPREAD = 0.03;
const LEAST_AVAILABILITY_SPREAD = 0.5;
/** From the median deviation to the standard deviation of normal noise. */
const SPREAD_PER_DEVIATION = 1.4826;

interface Issue {
  readonly alarm: string;
  readonly cause: string;
  /** By "service metric": five samples, null where nothing was called. */
  readonly samples: ReadonlyMap<string, readonly (number | null)[]>;
}

function readIssue(folder: string): Issue {
  const target = JSON.parse(readFileSync(dataPath(folder, 'target.json'), 'utf8'));
  const rows = parse(readFileSync(dataPath(folder, 'metrics.csv')));
  const [services, metrics, statistics] = rows as [string[], string[], string[]];
  const samples = new Map<string, (number | null)[]>();
  for (const [column, service] of services.entries()) {
    if (statistics[column] !== 'Average') continue;
    const values = rows.slice(4).map((row) => row[column] as string);
    samples.set(
      `${service} ${metrics[column]}`,
      values.map((text) => (text === '' ? null : Number(text))),
    );
  }
  return { alarm: target.target.node, cause: target.root_cause.node, samples };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return ((low as number) + (high as number)) / 2;
}

const isNumber = (value: number | null | undefined): value is number => value !== null && value !== undefined;

/** How far the worst sample of the issue is off the normal course; null: nothing to compare. */
function deviation(metric: string, normal: readonly number[], during: readonly number[]): number | null {
  if (normal.length < 4 || during.length === 0) return null;
  const middle = median(normal);
  const spread = SPREAD_PER_DEVIATION * median(normal.map((value) => Math.abs(value - middle)));
  if (metric === 'latency')
    return (Math.max(...during) - middle) / Math.max(spread, LEAST_LATENCY_SPREAD * middle, 1e-6);
  return (middle - Math.min(...during)) / Math.max(spread, LEAST_AVAILABILITY_SPREAD);
}

function observations(
  issue: Issue,
  normalByKey: ReadonlyMap<string, readonly number[]>,
): Map<string, OperationalState> {
  const worst = new Map<string, number>();
  for (const [key, values] of issue.samples) {
    const [, service, metric] = key.match(/^(.*) (latency|availability)$/) ?? [];
    if (service === undefined || metric === undefined) continue;
    const off = deviation(metric, normalByKey.get(key) ?? [], DURING.map((at) => values[at]).filter(isNumber));
    if (off !== null) worst.set(service, Math.max(off, worst.get(service) ?? Number.NEGATIVE_INFINITY));
  }
  const stateOf = (off: number): OperationalState => {
    if (off > OFF_COURSE) return 'DEGRADED';
    return off > ON_COURSE ? 'UNKNOWN' : 'OPERATIONAL';
  };
  const states = new Map([...worst].map(([service, off]) => [service, stateOf(off)]));
  return states.set(issue.alarm, 'DEGRADED');
}

/** Who calls whom: a caller needs what it calls. What a service looks like from outside is no thing that can fail. */
function callGraph(measured: ReadonlySet<string>): ImpactModel {
  const [[, ...services], ...rows] = parse(readFileSync(dataPath(FOLDER, 'graph.csv'))) as [string[], ...string[][]];
  const isView = (service: string) => /_(client|remote)$/.test(service);
  return ImpactModel.compile({
    twins: services.map((id) => twinOf(id, { kind: isView(id) || !measured.has(id) ? 'SYSTEM' : 'ASSET' })),
    relationships: rows.flatMap(([caller = '', ...calls]) =>
      services
        .filter((_, column) => Number(calls[column]) > 0)
        .map((called) => relationshipOf(`${caller} > ${called}`, 'DEPENDS_ON', caller, called)),
    ),
    typeByName: BUILT_IN_TYPE_BY_NAME,
  });
}

describe.skipIf(!hasData(FOLDER))(`PetShop (skipped where ../shared/data/${FOLDER} is missing)`, () => {
  test('the injected cause is among the first five answers in at least 20 of the 26 issues', () => {
    const folders = ['test', 'train'].flatMap((part) =>
      dataFolders(`${FOLDER}/${part}`).map((name) => `${FOLDER}/${part}/${name}`),
    );
    const issues = folders.map(readIssue);
    const normalByKey = new Map<string, number[]>();
    for (const { samples } of issues) {
      for (const [key, values] of samples) {
        const before = BEFORE.map((at) => values[at]).filter(isNumber);
        normalByKey.set(key, [...(normalByKey.get(key) ?? []), ...before]);
      }
    }
    const places = issues.map((issue) => {
      const states = observations(issue, normalByKey);
      const observed = [...states].map(([id, state]) => ({ id, state }));
      // One fault is injected at a time.
      const causes = rootCausesOf(callGraph(new Set(states.keys())), observed, { maxOrder: 1, first: 5 });
      return causes.findIndex(({ twins }) => twins.includes(issue.cause));
    });
    expect(issues).toHaveLength(26);
    expect(places.filter((place) => place >= 0).length).toBeGreaterThanOrEqual(20);
  });
});
