/** A thread that runs analyses on the shared arrays of a plant, one after the other. Started by AnalysisRunner. */
import { parentPort } from 'node:worker_threads';
import { type AnalysisKind, runAnalysis } from '../impact/analyses.ts';
import { AnalysisPlant, type PlantNumbers } from '../impact/analysis-plant.ts';
import { type AnalysisReply, type AnalysisRequest, CANCELLED, TIME_IS_UP } from './analysis-runner.ts';

/** The plants that requests name, by number; only the newest is asked for again. */
const plants = new Map<number, PlantNumbers>();

parentPort?.on('message', (request: AnalysisRequest<AnalysisKind>) => {
  const reply = (answer: Omit<AnalysisReply, 'job'>): void =>
    parentPort?.postMessage({ job: request.job, ...answer }, buffersOf(answer.answer));
  try {
    const steps = runAnalysis(
      request.kind,
      new AnalysisPlant({ ...request, plant: plantOf(request) }),
      request.question,
    );
    for (;;) {
      const word = Atomics.load(request.word, 0);
      if (word === CANCELLED) return reply({});
      const { done, value } = steps.next(word === TIME_IS_UP);
      if (done) return reply({ answer: value });
    }
  } catch (error) {
    reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

function plantOf({ plantNumber, plant }: AnalysisRequest<AnalysisKind>): PlantNumbers {
  if (plant) {
    plants.clear();
    plants.set(plantNumber, plant);
  }
  const known = plants.get(plantNumber);
  if (!known) throw new Error(`plant ${plantNumber} was not sent`);
  return known;
}

/** Arrays of an answer go over without a copy. */
function buffersOf(answer: unknown): ArrayBuffer[] {
  const values = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
  return values.filter((value) => ArrayBuffer.isView(value)).map((view) => view.buffer as ArrayBuffer);
}
