/**
 * The long analyses (IMPACT.md 7) as tasks: a question in numbers that can be sent to a worker, a generator that yields as
 * it goes on, and an answer in numbers that becomes ids at the end.
 */
import { badInput, LinchpinError, notFound } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { type OperationalState, TWIN_KINDS, type TwinKind } from '../domain/state.ts';
import type { AnalysisPlant } from './analysis-plant.ts';
import type { CompiledPlant } from './compiled-plant.ts';
import { type CriticalityQuestion, type NumberedCriticality, rankCriticality } from './criticality.ts';
import { type CutSetQuestion, type NumberedCutSets, searchCutSets } from './cut-sets.ts';
import type { ImpactModel } from './impact-model.ts';
import {
  type NumberedObservation,
  type NumberedRootCauses,
  type RootCauseQuestion,
  searchRootCauses,
} from './root-causes.ts';
import { sharedUint8 } from './shared-arrays.ts';
import { ITEMS_PER_STEP, type Steps } from './steps.ts';
import type { CriticalityRow, CutSetAnswer, RootCauseRow } from './types.ts';
import type { TimeIsUp } from './time-is-up.ts';

const SEARCH_LIMIT = `${LIMITS.analysisHypotheses} hypotheses, ${LIMITS.analysisMs / 1_000} s`;

/** What each kind of task asks and answers. */
export interface AnalysisTasks {
  criticality: { question: CriticalityQuestion; answer: NumberedCriticality };
  cutSets: { question: CutSetQuestion; answer: NumberedCutSets };
  rootCauses: { question: RootCauseQuestion; answer: NumberedRootCauses };
}
export type AnalysisKind = keyof AnalysisTasks;
export type Question<K extends AnalysisKind> = AnalysisTasks[K]['question'];
export type Answer<K extends AnalysisKind> = AnalysisTasks[K]['answer'];

const ANALYSES: {
  readonly [K in AnalysisKind]: (
    analysis: AnalysisPlant,
    question: Question<K>,
  ) => Generator<void, Answer<K>, TimeIsUp>;
} = {
  criticality: rankCriticality,
  cutSets: ({ lanes }, question) => searchCutSets(lanes, question),
  rootCauses: ({ lanes }, question) => searchRootCauses(lanes, question),
};

/** Yields every few milliseconds at most; whoever drives it can stop there. */
export function runAnalysis<K extends AnalysisKind>(
  kind: K,
  analysis: AnalysisPlant,
  question: Question<K>,
): Generator<void, Answer<K>, TimeIsUp> {
  return ANALYSES[kind](analysis, question);
}

/** @throws LinchpinError NOT_FOUND for twins to rank that are not there. */
export function criticalityQuestion(
  model: ImpactModel,
  { kinds, within }: { readonly kinds: readonly TwinKind[]; readonly within: Iterable<string> | null },
): CriticalityQuestion {
  const twins = within === null ? null : Int32Array.from([...within], (id) => numberOf(model, id));
  return { kinds, within: twins, rankOfId: model.rankOfId };
}

/** Rows of the twins that `isThere` says are still there. */
export function* toCriticalityRows(
  { plant }: ImpactModel,
  answer: NumberedCriticality,
  isThere: (id: string) => boolean,
): Steps<CriticalityRow[]> {
  const at = answer.firstImpactAtMs;
  const rows: CriticalityRow[] = [];
  for (let place = 0; place < answer.twins.length; place += 1) {
    if (place % ITEMS_PER_STEP === 0) yield;
    const id = plant.ids[answer.twins[place] as number] as string;
    if (!isThere(id)) continue;
    rows.push({
      id,
      score: answer.score[place] as number,
      affected: answer.affected[place] as number,
      processesDown: answer.processesDown[place] as number,
      processesDegraded: answer.processesDegraded[place] as number,
      firstImpactAtMs: Number.isNaN(at[place]) ? null : (at[place] as number),
    });
  }
  return rows;
}

export interface CutSetOptions {
  readonly below: 'OPERATIONAL' | 'DEGRADED';
  readonly maxOrder: number;
  readonly kinds: readonly TwinKind[];
}

/** @throws LinchpinError NOT_FOUND */
export function cutSetQuestion(
  model: ImpactModel,
  of: string,
  { below, maxOrder, kinds }: CutSetOptions,
): CutSetQuestion {
  return {
    target: numberOf(model, of),
    cut: below === 'OPERATIONAL' ? 2 : 1,
    maxOrder,
    candidates: ofKinds(model, kinds),
    maxHypotheses: LIMITS.analysisHypotheses,
  };
}

/** Smaller sets first, then by id; at most `first`. */
export function toCutSetAnswer(
  { plant }: ImpactModel,
  { sets, margin, complete }: NumberedCutSets,
  first: number,
): CutSetAnswer {
  const named = sets.map((set) => set.map((twin) => plant.ids[twin] as string).toSorted(compareText));
  const cutSets = named.toSorted((a, b) => a.length - b.length || compareText(a.join('\n'), b.join('\n')));
  const isCut = cutSets.length > first;
  const limit = complete ? `first: ${first}` : `search: ${SEARCH_LIMIT}`;
  return {
    cutSets: cutSets.slice(0, first),
    margin,
    complete: complete && !isCut,
    limit: complete && !isCut ? null : limit,
  };
}

export interface RootCauseOptions {
  readonly maxOrder: number;
  readonly kinds: readonly TwinKind[];
  readonly first: number;
}

const LEVEL_BY_STATE = { OPERATIONAL: 2, DEGRADED: 1, DOWN: 0 } as const;

/**
 * Observations that say UNKNOWN say nothing; the same one twice counts once.
 * @throws LinchpinError NOT_FOUND; BAD_INPUT for a twin that is observed in two states.
 */
export function rootCauseQuestion(
  model: ImpactModel,
  observations: readonly { readonly id: string; readonly state: OperationalState }[],
  { maxOrder, kinds, first }: RootCauseOptions,
): RootCauseQuestion {
  const stateById = new Map<string, OperationalState>();
  const known: NumberedObservation[] = [];
  for (const [at, { id, state }] of observations.entries()) {
    const twin = numberOf(model, id);
    const told = stateById.get(id);
    if (told !== undefined && told !== state)
      throw badInput(`observations[${at}].state`, `${told}, as observed of ${id} before`, state);
    if (told === undefined && state !== 'UNKNOWN') known.push({ twin, level: LEVEL_BY_STATE[state] });
    stateById.set(id, state);
  }
  const limits = { first, maxHypotheses: LIMITS.analysisHypotheses, rankOfId: model.rankOfId };
  return { observations: known, maxOrder, candidates: ofKinds(model, kinds), ...limits };
}

/** @throws LinchpinError TIMEOUT when the search was cut short before it found anything: no rows would look like an answer. */
export function toRootCauseRows({ plant }: ImpactModel, { causes, complete }: NumberedRootCauses): RootCauseRow[] {
  if (!complete && causes.length === 0) throw new LinchpinError('TIMEOUT', `no cause was found within ${SEARCH_LIMIT}`);
  const limit = complete ? null : `search: ${SEARCH_LIMIT}`;
  return causes.map((cause) => {
    const twins = cause.twins.map((twin) => plant.ids[twin] as string);
    return { ...cause, twins, complete, limit };
  });
}

const candidatesByPlant = new WeakMap<CompiledPlant, Map<number, Uint8Array>>();

/** [T] 1: of the kinds. On shared memory and kept with the plant: a request may ask of a hundred processes at once. */
function ofKinds({ plant }: ImpactModel, kinds: readonly TwinKind[]): Uint8Array {
  const wanted = kinds.reduce((bits, kind) => bits | (1 << TWIN_KINDS.indexOf(kind)), 0);
  const known = candidatesByPlant.get(plant) ?? new Map<number, Uint8Array>();
  candidatesByPlant.set(plant, known);
  let candidates = known.get(wanted);
  if (!candidates) {
    candidates = sharedUint8(plant.twinCount);
    for (let twin = 0; twin < plant.twinCount; twin += 1)
      candidates[twin] = (wanted >> (plant.kind[twin] as number)) & 1;
    known.set(wanted, candidates);
  }
  return candidates;
}

function numberOf({ plant }: ImpactModel, id: string): number {
  const twin = plant.indexById.get(id);
  if (twin === undefined) throw notFound('twin', id);
  return twin;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
