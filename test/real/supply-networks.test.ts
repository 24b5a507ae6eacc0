/** Power and water networks lose what a search over their graph says they lose, whatever fails. */
import { describe, expect, test } from 'vitest';
import { criticalityQuestion, runAnalysis } from '../../src/impact/analyses.ts';
import { AnalysisPlant, analysisInputs } from '../../src/impact/analysis-plant.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { dataFolders, hashOf, readLines, twinOf } from '../support/real-data.ts';
import type { Plant } from '../support/reference-impact.ts';
import { EMPTY_SCENARIO } from '../support/reference-scenario.ts';
import { readNetwork, type SupplyRule, type SupplyNetwork, toPlant } from '../support/supply-network.ts';

interface OutageTruth {
  readonly out: readonly string[];
  /** power: both rules lose the same. */
  readonly any_same?: boolean;
  readonly [key: string]: unknown;
}

const FOLDERS = [
  ...dataFolders('power').map((name) => ({ folder: `power/${name}`, rules: ['grid', 'any'] as const })),
  ...dataFolders('water').map((name) => ({ folder: `water/${name}`, rules: ['RT', 'R', 'D'] as const })),
];

describe.skipIf(FOLDERS.length === 0)(
  'supply networks (skipped where ../shared/data/power and water are missing)',
  () => {
    describe.each(FOLDERS)('$folder', ({ folder, rules }) => {
      test.each([...rules])(
        'by rule %s: what is unsupplied, and what each outage and pair of outages costs',
        (rule) => {
          const network = readNetwork(folder);
          const model = ImpactModel.compile(toPlant(network, rule));
          const carriesNothing = new Set(
            network.nodes
              .filter(({ props }) => props.in_service === false || props.closed === false)
              .map(({ id }) => id),
          );
          const rows = [
            ...readLines<OutageTruth>(folder, 'truth-outage.jsonl'),
            ...readLines<OutageTruth>(folder, 'truth-outage-pairs.jsonl'),
          ];
          const wrong: string[] = [];
          for (const row of rows) {
            const lost =
              row.out.length === 0
                ? network.nodes
                    .filter(({ id }) => model.state(id).state === 'DOWN' || carriesNothing.has(id))
                    .map(({ id }) => id)
                : lostBy(model, row.out).filter((id) => !carriesNothing.has(id));
            const want = row.out.length === 0 ? hashOf(row[`unsupplied_${rule}`] as string[]) : truthOf(row, rule);
            if (hashOf(lost) !== want)
              wrong.push(`without ${row.out.join(' and ') || 'any outage'}: ${lost.length} lost`);
          }
          expect(wrong).toEqual([]);
          expect(rows.length).toBeGreaterThan(300);
        },
      );

      test('the twins whose outage splits the network are its articulation points', () => {
        const network = readNetwork(folder);
        const truth = readLines<{ q: string; ids: string[] }>(folder, 'truth-topology.jsonl');
        const want = truth.find(({ q }) => q === 'articulation_points')?.ids ?? [];
        expect(articulationPoints(network)).toEqual(want.toSorted());
      });
    });
  },
);

function lostBy(model: ImpactModel, outage: readonly string[]): string[] {
  const { affected } = model.runScenario({ ...EMPTY_SCENARIO, outage });
  return affected.filter(({ after }) => after === 'DOWN').map(({ id }) => id);
}

function truthOf(row: OutageTruth, rule: SupplyRule): unknown {
  if (rule === 'grid' || rule === 'any') return row[`sha_lost_${row.any_same ? 'grid' : rule}`];
  return row[`sha_${rule}`];
}

/** With all closed and one source, what splits the network takes supply from the part without it. Two sources in turn: neither can show itself. */
function articulationPoints(network: SupplyNetwork): string[] {
  const flawless = { nodes: network.nodes.map((node) => ({ ...node, props: {} })), edges: network.edges };
  const plant = toPlant(flawless, 'grid');
  const found = new Set<string>();
  for (const source of plant.twins.slice(0, 2)) {
    const role = (id: string) => (id === source.id ? ('SOURCE' as const) : ('CONDUCTOR' as const));
    const twins = plant.twins.map(({ id }) => twinOf(id, { conduction: [{ medium: null, role: role(id) }] }));
    for (const id of twinsThatCost({ ...plant, twins })) if (id !== source.id) found.add(id);
  }
  return [...found].toSorted();
}

function twinsThatCost(plant: Plant): string[] {
  const model = ImpactModel.compile(plant);
  const steps = runAnalysis(
    'criticality',
    new AnalysisPlant(analysisInputs(model)),
    criticalityQuestion(model, { kinds: ['ASSET'], within: null }),
  );
  for (;;) {
    const { done, value } = steps.next();
    if (done)
      return [...value.twins]
        .filter((_, at) => (value.affected[at] as number) > 0)
        .map((twin) => model.plant.ids[twin] as string);
  }
}
