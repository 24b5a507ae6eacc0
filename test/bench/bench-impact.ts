/** The impact engine on the seeded plant: compilation, full evaluation beside a bare breadth-first pass, live events, what-ifs. */
import { compilePlant } from '../../src/impact/compile.ts';
import type { CompiledPlant } from '../../src/impact/compiled-plant.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { PlantState } from '../../src/impact/plant-state.ts';
import { Propagation } from '../../src/impact/propagation.ts';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { finish } from '../../src/impact/steps.ts';
import { seededNetwork } from './seeded-network.ts';
import { seededPlant, seededRandom } from './seeded-plant.ts';

/** Of processor time, all threads of the process together: others may be at work on the machine. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function repeated(times: number, work: (n: number) => void): Float64Array {
  return Float64Array.from({ length: times }, (_, n) => milliseconds(() => work(n))).toSorted();
}

const at = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;

function told(name: string, sorted: Float64Array): void {
  const figures = [
    ['median', 0.5],
    ['p99', 0.99],
    ['most', 1],
  ].map(([word, part]) => `${word} ${at(sorted, part as number).toFixed(3)} ms`);
  console.log(`${name}: ${figures.join(', ')} (${sorted.length} times)`);
}

/** Every membership looked at once, from what feeds to what is fed. */
function breadthFirst(plant: CompiledPlant, seen: Uint8Array, queue: Int32Array): number {
  const { dependentStart, dependentMember, memberGroup, groupOwner, twinCount } = plant;
  seen.fill(0);
  let length = 0;
  for (let root = 0; root < twinCount; root += 1) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    queue[length++] = root;
    for (let head = length - 1; head < length; head += 1) {
      const twin = queue[head] as number;
      const end = dependentStart[twin + 1] as number;
      for (let dependent = dependentStart[twin] as number; dependent < end; dependent += 1) {
        const owner = groupOwner[memberGroup[dependentMember[dependent] as number] as number] as number;
        if (seen[owner] === 1) continue;
        seen[owner] = 1;
        queue[length++] = owner;
      }
    }
  }
  return length;
}

const inputs = seededPlant();
const { plant, condition } = compilePlant(inputs);
console.log(
  `${plant.twinCount} twins, ${plant.memberCount} memberships, ${plant.groupCount} groups, ${plant.componentCount} components`,
);
told(
  'compile',
  repeated(5, () => compilePlant(inputs)),
);

const state = PlantState.create(plant, condition);
const propagation = new Propagation(plant);
const seen = new Uint8Array(plant.twinCount);
const queue = new Int32Array(plant.twinCount);
const search = repeated(100, () => breadthFirst(plant, seen, queue));
told('bare breadth-first pass', search);
const evaluation = repeated(100, () => {
  state.bits.fill(0);

  propagation.runAll(state, 'ALL');
});
told('full evaluation, all planes', evaluation);
console.log(`full evaluation / breadth-first pass: ${(at(evaluation, 0.5) / at(search, 0.5)).toFixed(2)}`);

const model = ImpactModel.compile(inputs);
const random = seededRandom(7);
const ids = plant.ids.filter((_, twin) => plant.kind[twin] !== 1);
const pick = (): string => ids[Math.floor(random() * ids.length)] as string;
const healths = ['DOWN', 'UNKNOWN', 'DEGRADED'] as const;
for (let n = 0; n < 2_000; n += 1) {
  const id = pick();
  model.update([{ id, health: 'DOWN' }]);
  model.update([{ id, health: 'OPERATIONAL' }]);
  model.runScenario({ ...EMPTY_SCENARIO, outage: [id] });
}
const failing = Array.from({ length: 20_000 }, pick);
const events = repeated(40_000, (n) => {
  const id = failing[n >> 1] as string;
  model.update([{ id, health: n & 1 ? 'OPERATIONAL' : (healths[n % 3] as 'DOWN') }]);
});
told('live event to differences', events);
// A plant is never all well: what-ifs meet a few hundred twins that are down or not known.
model.update(failing.slice(0, 300).map((id, n) => ({ id, health: healths[n % 3] as 'DOWN' })));
let affected = 0;
const whatIfs = repeated(20_000, () => {
  affected += model.runScenario({ ...EMPTY_SCENARIO, outage: [pick()] }).affected.length;
});
told('what-if of one outage', whatIfs);
console.log(`affected on average: ${(affected / 20_000).toFixed(1)}`);
told(
  'what-if and who is newly at risk',
  repeated(5_000, () => {
    affected += finish(model.runScenario({ ...EMPTY_SCENARIO, outage: [pick()] }).newlyAtRisk()).length;
  }),
);
const sources = plant.ids.filter((id) => /GRID|^HV/.test(id));
told(
  'what-if of a grid connection',
  repeated(sources.length, (n) => {
    model.runScenario({ ...EMPTY_SCENARIO, outage: [sources[n] as string] });
  }),
);
told(
  'what-if of all of them',
  repeated(20, () => {
    model.runScenario({ ...EMPTY_SCENARIO, outage: sources });
  }),
);

const network = ImpactModel.compile(seededNetwork(100_000));
const nodes = network.plant.ids.filter((id) => Number(id.slice(1)) > 4);
const node = (): string => nodes[Math.floor(random() * nodes.length)] as string;
console.log(`a network of ${network.plant.twinCount} twins, ${network.plant.memberCount} memberships`);
for (let n = 0; n < 1_000; n += 1) network.runScenario({ ...EMPTY_SCENARIO, outage: [node()] });
const broken = Array.from({ length: 5_000 }, node);
told(
  'live event in the network',
  repeated(10_000, (n) => {
    network.update([{ id: broken[n >> 1] as string, health: n & 1 ? 'OPERATIONAL' : 'DOWN' }]);
  }),
);
told(
  'what-if of one outage in the network',
  repeated(5_000, () => {
    network.runScenario({ ...EMPTY_SCENARIO, outage: [node()] });
  }),
);
