/**
 * Reach per source, breadth first, beside igraph (PyPI, `python3 -m pip install igraph`) on the same graph: what needs a twin,
 * directly and through others. igraph answers numbers; the topology answers twins with distances, in order of distance and id.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePlant } from '../../src/impact/compile.ts';
import type { CompiledPlant } from '../../src/impact/compiled-plant.ts';
import { ReachIndex } from '../../src/topology/reach.ts';
import { Topology } from '../../src/topology/topology.ts';
import { twinOf } from '../topology/graph.ts';
import { seededPlant, seededRandom } from './seeded-plant.ts';

const SOURCES = 3_000;

const PYTHON = `
import igraph, json, sys, time
with open(sys.argv[1]) as file:
    data = json.load(file)
graph = igraph.Graph(n=data["count"], edges=data["edges"], directed=True)
times = []
for _ in range(7):
    start = time.process_time()
    reached = sum(len(graph.subcomponent(source, mode="out")) - 1 for source in data["sources"])
    times.append((time.process_time() - start) * 1000)
print(json.dumps({"ms": sorted(times)[3], "reached": reached}))
`;

/** The median of seven runs, after one that nobody counts. */
function timed<T>(work: () => T): { readonly ms: number; readonly result: T } {
  const result = work();
  const times = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return { ms: times.toSorted((a, b) => a - b)[3] as number, result };
}

/** Owners of the groups that each twin is a member of. */
function dependents({ dependentMember, memberGroup, groupOwner }: CompiledPlant): Int32Array {
  return dependentMember.map((member) => groupOwner[memberGroup[member] as number] as number);
}

function reachOverArrays(
  { dependentStart, twinCount }: CompiledPlant,
  owners: Int32Array,
  sources: readonly number[],
): number {
  const seen = new Int32Array(twinCount);
  const queue = new Int32Array(twinCount);
  let reached = 0;
  for (const [at, source] of sources.entries()) {
    const mark = at + 1;
    let length = 1;
    queue[0] = source;
    seen[source] = mark;
    for (let head = 0; head < length; head += 1) {
      const twin = queue[head] as number;
      for (let n = dependentStart[twin] as number; n < (dependentStart[twin + 1] as number); n += 1) {
        const owner = owners[n] as number;
        if (seen[owner] === mark) continue;
        seen[owner] = mark;
        queue[length++] = owner;
      }
    }
    reached += length - 1;
  }
  return reached;
}

const inputs = seededPlant();
const { plant } = compilePlant(inputs);
const random = seededRandom(5);
const sources = Array.from({ length: SOURCES }, () => Math.floor(random() * plant.twinCount));
const owners = dependents(plant);
const arrays = timed(() => reachOverArrays(plant, owners, sources));

const topology = new Topology();
for (const { id, kind, requirements } of inputs.twins) topology.addTwin(twinOf(id, { kind, requirements }));
for (const relationship of inputs.relationships) topology.addRelationship(relationship);
const index = new ReachIndex(topology, {
  typeOf: (name) => inputs.typeByName.get(name),
  conductionOf: ({ conduction }) => conduction,
});
const walk = () =>
  sources.reduce((sum, source) => {
    const found = index.reach(plant.ids[source] as string, 'dependents');
    return found.slice(0, 50).length > 0 ? sum + found.length : sum;
  }, 0);
const walked = timed(walk);

const each = (ms: number) => `${((1_000 * ms) / SOURCES).toFixed(1)} µs`;
console.log(`${SOURCES} sources, ${(arrays.result / SOURCES).toFixed(0)} twins reached on average`);
console.log(
  `one source: ${each(arrays.ms)} over arrays, ${each(walked.ms)} as the topology answers it, with a first page (${walked.result === arrays.result ? 'the same' : 'NOT the same'} twins)`,
);

const folder = mkdtempSync(join(tmpdir(), 'linchpin-igraph-'));
const edges: [number, number][] = [];
for (let twin = 0; twin < plant.twinCount; twin += 1) {
  for (let n = plant.dependentStart[twin] as number; n < (plant.dependentStart[twin + 1] as number); n += 1)
    edges.push([twin, owners[n] as number]);
}
writeFileSync(join(folder, 'graph.json'), JSON.stringify({ count: plant.twinCount, edges, sources }));
const { status, stdout } = spawnSync('python3', ['-c', PYTHON, join(folder, 'graph.json')], { encoding: 'utf8' });
rmSync(folder, { recursive: true });
if (status !== 0) console.log('igraph is not installed: nothing to compare with');
else {
  const { ms, reached } = JSON.parse(stdout);
  const isSame = reached === arrays.result ? 'the same' : 'NOT the same';
  console.log(
    `igraph: ${each(ms)} (${isSame} twins): ${(arrays.ms / ms).toFixed(2)} of it over arrays, ${(walked.ms / ms).toFixed(1)} times as the topology answers`,
  );
}
