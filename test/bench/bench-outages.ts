/** All single outages of the seeded plant ranked, worst and best case, beside what-ifs one by one; then cut sets of processes. */
import { cutSetQuestion, runAnalysis } from '../../src/impact/analyses.ts';
import { AnalysisPlant, analysisInputs } from '../../src/impact/analysis-plant.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { EMPTY_SCENARIO } from '../../src/impact/types.ts';
import { finish, median, rankAll, timed, withoutTime } from './ranked-outages.ts';
import { seededPlant, seededRandom } from './seeded-plant.ts';

/** What a prototype of the method took for 101,728 twins, on another machine: figures are told beside it, not judged. */
const PROTOTYPE_MS = 82;
const text = (ms: number) => `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;

function compareRanking(name: string, model: ImpactModel): void {
  const runs = Array.from({ length: 9 }, () => timed(() => rankAll(model)));
  const ms = median(runs.map((run) => run.ms));
  const count = runs[0]?.result ?? 0;
  console.log(
    `${name}: ${count} outages ranked in ${text(ms)}, ${(ms / PROTOTYPE_MS).toFixed(1)} times ${PROTOTYPE_MS} ms`,
  );
  const sample = Array.from({ length: 5_000 }, () => pick(model));
  for (const id of sample) model.runScenario({ ...EMPTY_SCENARIO, outage: [id] });
  const oneByOne = timed(() =>
    sample.map((id) => model.runScenario({ ...EMPTY_SCENARIO, outage: [id] }).affected.length),
  ).ms;
  const scaled = (oneByOne / sample.length) * count;
  console.log(
    `${name}: one by one ${text(scaled)} (scaled up from ${sample.length}), ${(scaled / ms).toFixed(1)} times that`,
  );
}

function measureCutSets(model: ImpactModel): void {
  const analysis = new AnalysisPlant(analysisInputs(model));
  const processes = model.plant.ids.filter((id) => id.includes('PROCESS'));
  let sets = 0;
  let incomplete = 0;
  const times = Array.from({ length: 300 }, (_, n) => {
    const process = processes[Math.floor(random() * processes.length)] as string;
    const question = cutSetQuestion(model, process, {
      below: n % 2 ? 'DEGRADED' : 'OPERATIONAL',
      maxOrder: 2,
      kinds: ['ASSET'],
    });
    const { ms, result } = timed(() => finish(runAnalysis('cutSets', analysis, question)));
    sets += result.sets.length;
    if (!result.complete) incomplete += 1;
    return ms;
  }).toSorted((a, b) => a - b);
  const figures = `median ${text(median(times))}, p95 ${text(times[285] as number)}, most ${text(times[299] as number)}`;
  console.log(
    `cut sets to order 2 of one process: ${figures}; ${(sets / 300).toFixed(0)} sets on average, ${incomplete} of 300 incomplete`,
  );
}

const pick = ({ plant }: ImpactModel): string => plant.ids[Math.floor(random() * plant.twinCount)] as string;
const random = seededRandom(7);
const inputs = seededPlant();
const plain = ImpactModel.compile(withoutTime(inputs));
console.log(`${plain.plant.twinCount} twins, ${plain.plant.memberCount} memberships`);
compareRanking('all well', plain);
const healths = ['DOWN', 'UNKNOWN', 'DEGRADED'] as const;
plain.update(Array.from({ length: 300 }, (_, n) => ({ id: pick(plain), health: healths[n % 3] as 'DOWN' })));
compareRanking('300 down, degraded or not known', plain);
const timedModel = ImpactModel.compile(inputs);
compareRanking('with hold-ups and standbys', timedModel);
measureCutSets(timedModel);
