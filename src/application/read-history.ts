/** Past values as the API answers them, several properties in one question to the store. */
import { whyNotPropertyName } from '../domain/check-text.ts';
import { badInput, notFound } from '../domain/errors.ts';
import { type PastValue, type Sample, type SeriesKey, toSample } from '../domain/history.ts';
import type { PropertyState } from '../domain/property.ts';
import type { Clock } from '../domain/timers.ts';
import type { Application } from './application.ts';
import type { HistoryAnswer, HistoryQuestion, HistoryStore, RangeQuestion } from './history-store.ts';
import type { Memory } from './memory.ts';
import type { PropertySource } from './past-properties.ts';
import type { PropertiesByTwin } from './twin-store.ts';

interface HistoryContext {
  /** undefined: past values are not kept. */
  readonly history: HistoryStore | undefined;
  readonly memory: Memory;
  readonly source: PropertySource;
  /** What is now: of a view of the past, its instant. */
  readonly clock: Clock;
}

/** Past values as the application answers them. */
export function createHistoryReading(context: HistoryContext): Pick<Application, 'history' | 'valuesAt'> {
  return {
    history: (question) => readHistory(context, question),
    valuesAt: (series, at) => readValuesAt(context, series, at),
  };
}

/**
 * In the order of the series asked for.
 * @throws LinchpinError NOT_FOUND, BAD_INPUT, STORE_UNAVAILABLE
 */
async function readHistory(context: HistoryContext, question: HistoryQuestion): Promise<HistoryAnswer[]> {
  const { history, clock } = context;
  const { series, from, everyMs, first } = question;
  for (const each of series) checkSeries(context, each);
  if (everyMs !== null && everyMs < 1) throw badInput('every', 'a duration of at least a millisecond', `${everyMs} ms`);
  const to = question.to ?? clock() + 1;
  if (question.to !== null && to < from)
    throw badInput(
      'to',
      `an instant that is not before from (${new Date(from).toISOString()})`,
      new Date(to).toISOString(),
    );
  if (!history)
    return series.map(() => ({ samples: [], completeSince: null, complete: false, limit: 'completeSince' }));

  // One more than asked for tells whether there are more.
  const asked = { series, from, to, first: first + 1 };
  const [found, completeSince] = await Promise.all([
    everyMs === null ? rawSamples(history, asked) : history.buckets({ ...asked, everyMs }),
    history.completeSince(series),
  ]);
  return found.map((samples, i) => {
    const since = completeSince[i] ?? to;
    const limit = samples.length > first ? 'first' : since > from ? 'completeSince' : null;
    return { samples: samples.slice(0, first), completeSince: since, complete: limit === null, limit };
  });
}

async function rawSamples(history: HistoryStore, question: RangeQuestion): Promise<Sample[][]> {
  return (await history.range(question)).map((values) => values.map(toSample));
}

/**
 * What each property was at an instant: the last value at or before it; a BAD one keeps the usable value before it.
 * undefined: none is known.
 * @throws LinchpinError NOT_FOUND, BAD_INPUT, STORE_UNAVAILABLE
 */
async function readValuesAt(
  context: HistoryContext,
  series: readonly SeriesKey[],
  at: number,
): Promise<(Sample | undefined)[]> {
  for (const each of series) checkSeries(context, each);
  const { history, source } = context;
  const ids = [...new Set(series.map((each) => each.twin))];
  const names = [...new Set(series.map((each) => each.property))];
  const [last, usable, current] = await Promise.all([
    history?.asOf(series, at, { usableOnly: false }) ?? [],
    history?.asOf(series, at, { usableOnly: true }) ?? [],
    source.properties(ids, names),
  ]);
  return series.map((key, i) => {
    const standing = currentAt(current, key, at);
    const past = last[i];
    if (standing && (!past || standing.at >= past.at)) return toSample(standing);
    return past && toSample(past.quality === 'BAD' ? { ...past, value: usable[i]?.value ?? null } : past);
  });
}

/** The value that stands now, where it stood at the instant already: history may have begun after it. */
function currentAt(current: PropertiesByTwin, { twin, property }: SeriesKey, at: number): PastValue | undefined {
  const state: PropertyState | undefined = current.get(twin)?.get(property);
  if (!state || state.observedAt === null || state.observedAt > at) return undefined;
  return { at: state.observedAt, order: state.order, value: state.value, quality: state.quality };
}

function checkSeries({ memory }: HistoryContext, { twin, property }: SeriesKey): void {
  if (!memory.topology.twin(twin)) throw notFound('twin', twin);
  const why = whyNotPropertyName(property);
  if (why !== null) throw badInput('property', why, property);
}
