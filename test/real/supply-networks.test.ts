/** Power and water networks lose what a search over their graph says they lose, whatever fails. */
import { describe, expect, test } from 'vitest';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { rankingOf } from '../support/ask-analyses.ts';
import { dataFolders, hashOf, readLines, twinOf } from '../support/real-data.ts';
import type { Plant } from '../support/reference-impact.ts';
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

const WATER = dataFolders('water').map((name) => `water/${name}`);

interface SegmentTruth {
  /** A valve on the joint of these two. */
  readonly valve?: number;
  readonly link?: string;
  readonly node?: string;
  /** Or: what belongs to a segment. */
  readonly segment?: number;
  readonly member?: string;
}

describe.skipIf(WATER.length === 0)('faults (skipped where ../shared/data/water is missing)', () => {
  test.each(WATER)('%s: a fault takes out the segment between its valves', (folder) => {
    const rows = readLines<SegmentTruth>(folder, 'truth-valve-segments.jsonl');
    const valveByJoint = new Map(
      rows.filter((row) => row.valve !== undefined).map((row) => [`${row.link} ${row.node}`, `valve:${row.valve}`]),
    );
    const network = readNetwork(folder);
    const flawless = toPlant(
      { nodes: network.nodes.map((node) => ({ ...node, props: {} })), edges: network.edges },
      'R',
    );
    const valves = [...valveByJoint.values()].map((id) => twinOf(id, { isolates: true }));
    const relationships = flawless.relationships.flatMap((r) => {
      const valve = valveByJoint.get(`${r.source} ${r.target}`);
      return valve
        ? [
            { ...r, target: valve },
            { ...r, id: `${r.id} ${valve}`, source: valve },
          ]
        : [r];
    });
    const model = ImpactModel.compile({ ...flawless, twins: [...flawless.twins, ...valves], relationships });
    const membersBySegment = new Map<number, string[]>();
    for (const { segment, member } of rows) {
      if (segment === undefined || member === undefined) continue;
      membersBySegment.set(segment, [...(membersBySegment.get(segment) ?? []), member]);
    }
    expect(membersBySegment.size).toBeGreaterThan(1);
    for (const [segment, ids] of membersBySegment) {
      const { scenarioTwins } = model.runScenario({ ...EMPTY_SCENARIO, fault: [ids[0] as string] });
      expect([segment, scenarioTwins.toSorted()]).toEqual([segment, ids.toSorted()]);
    }
  });
});

function lostBy(model: ImpactModel, outage: readonly string[]): string[] {
  const { affected } = model.runScenario({ ...EMPTY_SCENARIO, outage });
  return [...affected].filter(({ after }) => after === 'DOWN').map(({ id }) => id);
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
  const rows = rankingOf(ImpactModel.compile(plant), ['ASSET']);
  return rows.filter((row) => row.affected > 0).map((row) => row.id);
}
