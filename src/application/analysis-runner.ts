/**
 * Runs the long analyses so that nobody waits for them but who asked: small plants in slices between other work, large
 * ones in a thread of their own on the plant's shared memory. Both can be cancelled.
 */
import { Worker } from 'node:worker_threads';
import { LinchpinError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Clock, Timers } from '../domain/timers.ts';
import { type AnalysisKind, type Answer, type Question, runAnalysis } from '../impact/analyses.ts';
import { type AnalysisInputs, AnalysisPlant, analysisInputs, type PlantNumbers } from '../impact/analysis-plant.ts';
import type { CompiledPlant } from '../impact/compiled-plant.ts';
import type { ImpactModel } from '../impact/impact-model.ts';
import { inSlices } from './in-slices.ts';

export interface AnalysisRequest<K extends AnalysisKind> extends Omit<AnalysisInputs, 'plant'> {
  readonly job: number;
  readonly kind: K;
  readonly question: Question<K>;
  readonly plantNumber: number;
  /** null: the one that was sent with this number before. */
  readonly plant: PlantNumbers | null;
  /** On shared memory: one of the words below. */
  readonly word: Int32Array;
}

/** Nobody waits for the answer any more. */
export const CANCELLED = 1;
/** The search should come to its end. */
export const TIME_IS_UP = 2;

/** Without answer and error: cancelled. */
export interface AnalysisReply {
  readonly job: number;
  readonly answer?: unknown;
  readonly error?: string;
}

export interface AnalysisRunnerOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The built worker; by default the one beside this file, and none where it runs from source. */
  readonly workerUrl?: URL | null;
  /** Plants up to this size are judged here: all of it takes less than to send them away. */
  readonly mostTwinsHere?: number;
}

const MOST_TWINS_HERE = 2_000;

export class AnalysisRunner {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #workerUrl: URL | null;
  readonly #mostTwinsHere: number;
  #thread: AnalysisThread | undefined;

  constructor({ clock, timers, workerUrl = builtWorker(), mostTwinsHere = MOST_TWINS_HERE }: AnalysisRunnerOptions) {
    this.#clock = clock;
    this.#timers = timers;
    this.#workerUrl = workerUrl;
    this.#mostTwinsHere = mostTwinsHere;
  }

  /**
   * Judges the model as it is now, whatever changes meanwhile.
   * @throws LinchpinError TIMEOUT when the signal ends it; STOPPING when the server does.
   */
  async run<K extends AnalysisKind>(
    kind: K,
    model: ImpactModel,
    question: Question<K>,
    signal?: AbortSignal,
  ): Promise<Answer<K>> {
    if (signal?.aborted) throw cancelled();
    if (this.#workerUrl === null || model.plant.twinCount <= this.#mostTwinsHere)
      return this.#runHere(kind, model, question, signal);
    if (!this.#thread?.isUsable) this.#thread = new AnalysisThread(this.#workerUrl, this.#timers);
    return this.#thread.run(kind, model, question, signal);
  }

  async stop(): Promise<void> {
    await this.#thread?.stop();
  }

  async #runHere<K extends AnalysisKind>(kind: K, model: ImpactModel, question: Question<K>, signal?: AbortSignal) {
    const steps = runAnalysis(kind, new AnalysisPlant(analysisInputs(model)), question);
    const end = this.#clock() + LIMITS.analysisMs;
    const slices = { clock: this.#clock, timers: this.#timers, signal };
    return inSlices(steps, slices, () => this.#clock() >= end);
  }
}

interface Job {
  settle(reply: AnalysisReply): void;
  fail(error: LinchpinError): void;
}

/** One worker and those who wait for it. A worker that fails is given up; the next question starts another. */
class AnalysisThread {
  readonly #worker: Worker;
  readonly #jobs = new Map<number, Job>();
  isUsable = true;
  #jobCount = 0;
  #sentPlant: CompiledPlant | undefined;
  #plantNumber = 0;
  #isStopping = false;

  readonly #timers: Timers;

  constructor(url: URL, timers: Timers) {
    this.#timers = timers;
    this.#worker = new Worker(url);
    this.#worker.unref();
    this.#worker.on('message', (reply: AnalysisReply) => this.#jobs.get(reply.job)?.settle(reply));
    this.#worker.on('error', (cause) => this.#end(new LinchpinError('INTERNAL', 'the analysis failed', { cause })));
    this.#worker.on('exit', () =>
      this.#end(new LinchpinError(this.#isStopping ? 'STOPPING' : 'INTERNAL', 'the analysis was ended')),
    );
  }

  run<K extends AnalysisKind>(
    kind: K,
    model: ImpactModel,
    question: Question<K>,
    signal?: AbortSignal,
  ): Promise<Answer<K>> {
    const job = ++this.#jobCount;
    const { plant: numbers, ...rest } = analysisInputs(model);
    const isNew = this.#sentPlant !== model.plant;
    if (isNew) this.#plantNumber += 1;
    this.#sentPlant = model.plant;
    const word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const plant = isNew ? numbers : null;
    const request: AnalysisRequest<K> = {
      job,
      kind,
      question,
      plant,
      plantNumber: this.#plantNumber,
      ...rest,
      word,
    };
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        Atomics.store(word, 0, CANCELLED);
        finish();
        reject(cancelled());
      };
      const stopTimer = this.#timers.after(LIMITS.analysisMs, () => Atomics.compareExchange(word, 0, 0, TIME_IS_UP));
      const finish = (): void => {
        stopTimer();
        signal?.removeEventListener('abort', onAbort);
        this.#jobs.delete(job);
        if (this.#jobs.size === 0) this.#worker.unref();
      };
      this.#jobs.set(job, {
        settle({ answer, error }) {
          finish();
          if (error === undefined) resolve(answer as Answer<K>);
          else reject(new LinchpinError('INTERNAL', 'the analysis failed', { cause: error }));
        },
        fail(error) {
          finish();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort);
      // Whoever waits for an answer keeps the process alive; an idle worker does not.
      this.#worker.ref();
      const { bits, condition } = rest;
      this.#worker.postMessage(request, [
        bits.buffer,
        ...Object.values(condition).map((array) => array.buffer),
      ] as ArrayBuffer[]);
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#worker.terminate();
  }

  #end(error: LinchpinError): void {
    this.isUsable = false;
    for (const job of this.#jobs.values()) job.fail(error);
  }
}

function cancelled(): LinchpinError {
  return new LinchpinError('TIMEOUT', 'the analysis was cancelled');
}

/** null where this runs from source: the runtime does not load TypeScript into a worker. */
function builtWorker(): URL | null {
  return import.meta.url.endsWith('.js') ? new URL('./analysis-worker.js', import.meta.url) : null;
}
