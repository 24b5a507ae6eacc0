/**
 * Cut sets to order 2 beside SCRAM (Debian package `scram`), a fault-tree tool: the same sets, and the times side by side.
 * SCRAM knows no loops: relationships inside of loops of the seeded plant are left out for both.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Answer, cutSetQuestion, type Question, runAnalysis, toCutSetAnswer } from '../../src/impact/analyses.ts';
import { AnalysisPlant, analysisInputs } from '../../src/impact/analysis-plant.ts';
import type { CompiledPlant } from '../../src/impact/compiled-plant.ts';
import { ImpactModel } from '../../src/impact/impact-model.ts';
import { type SeededPlant, seededPlant, seededRandom } from './seeded-plant.ts';

const PROCESSES = 40;
const ASSET = 0;

function withoutLoops(plant: SeededPlant): SeededPlant {
  const { indexById, componentOf } = ImpactModel.compile(plant).plant;
  const component = (id: string) => componentOf[indexById.get(id) as number];
  return { ...plant, relationships: plant.relationships.filter((r) => component(r.source) !== component(r.target)) };
}

/** What the twin needs, as a fault tree in Open-PSA: a twin fails by itself, or when some group of it cannot reach full. */
function toFaultTree(plant: CompiledPlant, top: number): string {
  const { groupStart, groupFull, memberStart, memberTwin, kind } = plant;
  const lines: string[] = [];
  const cone = new Set([top]);
  for (const twin of cone) {
    const failures: string[] = [];
    if (kind[twin] === ASSET && twin !== top) {
      failures.push(`<basic-event name="e${twin}"/>`);
      lines.push(`<define-basic-event name="e${twin}"/>`);
    }
    for (let group = groupStart[twin] as number; group < (groupStart[twin + 1] as number); group += 1) {
      const members = memberTwin.subarray(memberStart[group], memberStart[group + 1]);
      for (const member of members) cone.add(member);
      const least = members.length - (groupFull[group] as number) + 1;
      const inputs = [...members].map((member) => `<gate name="g${member}"/>`).join('');
      if (least === 1) failures.push(...[...members].map((member) => `<gate name="g${member}"/>`));
      else if (least === members.length) failures.push(`<and>${inputs}</and>`);
      else failures.push(`<atleast min="${least}">${inputs}</atleast>`);
    }
    // What cannot fail is a constant of the tree.
    const formula =
      failures.length === 0
        ? '<constant value="false"/>'
        : failures.length === 1
          ? failures[0]
          : `<or>${failures.join('')}</or>`;
    lines.push(`<define-gate name="g${twin}">${formula}</define-gate>`);
  }
  // The top gate comes first: gates that nothing names are tops.
  return `<?xml version="1.0"?><opsa-mef><define-fault-tree name="plant">${lines.join('\n')}</define-fault-tree></opsa-mef>`;
}

function askScram(folder: string, tree: string): { sets: string[]; ms: number; wallMs: number } {
  const input = join(folder, 'tree.xml');
  const output = join(folder, 'report.xml');
  writeFileSync(input, tree);
  const start = performance.now();
  const { status, stderr } = spawnSync('scram', ['--limit-order', '2', '-o', output, input], { encoding: 'utf8' });
  const wallMs = performance.now() - start;
  if (status !== 0) throw new Error(`scram: ${stderr}`);
  const report = readFileSync(output, 'utf8');
  const products = [...report.matchAll(/<product[^>]*>(.*?)<\/product>/gs)];
  const sets = products.map(([, events]) =>
    [...(events as string).matchAll(/name="e(\d+)"/g)]
      .map(([, twin]) => Number(twin))
      .sort((a, b) => a - b)
      .join('+'),
  );
  const ms =
    1_000 *
    [...report.matchAll(/<products>([\d.e+-]+)<\/products>/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
  return { sets: sets.sort(), ms, wallMs };
}

function search(analysis: AnalysisPlant, question: Question<'cutSets'>): Answer<'cutSets'> {
  const steps = runAnalysis('cutSets', analysis, question);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

if (spawnSync('scram', ['--version']).error) {
  console.log('scram is not installed: nothing to compare with');
} else {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-scram-'));
  const model = ImpactModel.compile(withoutLoops(seededPlant(20)));
  const { plant } = model;
  const processes = plant.ids.filter((id) => id.includes('PROCESS'));
  const random = seededRandom(3);
  const analysis = new AnalysisPlant(analysisInputs(model));
  const totals = { ours: 0, scram: 0, wall: 0, sets: 0, different: 0 };
  for (let n = 0; n < PROCESSES; n += 1) {
    const id = processes[Math.floor(random() * processes.length)] as string;
    const question = cutSetQuestion(model, id, { below: 'OPERATIONAL', maxOrder: 2, kinds: ['ASSET'] });
    // Once before: a server has answered before.
    search(analysis, question);
    const start = performance.now();
    const found = search(analysis, question);
    totals.ours += performance.now() - start;
    const { cutSets } = toCutSetAnswer(model, found, 1_000_000);
    const ours = cutSets
      .map((set) =>
        set
          .map((each) => plant.indexById.get(each) as number)
          .sort((a, b) => a - b)
          .join('+'),
      )
      .sort();
    const scram = askScram(folder, toFaultTree(plant, question.target));
    totals.scram += scram.ms;
    totals.wall += scram.wallMs;
    totals.sets += ours.length;
    if (ours.join() !== scram.sets.join()) {
      totals.different += 1;
      console.log(`${id}: ${ours.length} sets here, ${scram.sets.length} in SCRAM`);
    }
  }
  rmSync(folder, { recursive: true });
  const each = (ms: number) => `${(ms / PROCESSES).toFixed(2)} ms`;
  console.log(`${PROCESSES} processes, ${totals.sets} cut sets, ${totals.different} processes with other sets`);
  console.log(
    `one process: ${each(totals.ours)} here; SCRAM ${each(totals.scram)} as it tells, ${each(totals.wall)} with start and files`,
  );
}
