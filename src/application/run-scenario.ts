/** What a scenario changes: inputs checked and expanded, the engine asked, and the same asked again as the feed goes on. */
import { parseDuration } from '../domain/duration.ts';
import { badInput, LinchpinError } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Timers } from '../domain/timers.ts';
import type { Twin } from '../domain/twin.ts';
import type { AffectedTwin, Scenario } from '../impact/types.ts';
import { contentsOf } from '../topology/hierarchy.ts';
import type { TopologyView } from '../topology/topology.ts';
import type { ImpactEvent, ScenarioResult } from './application.ts';
import { EventQueue } from './event-queue.ts';
import type { ScenarioInput } from './inputs.ts';
import type { Memory } from './memory.ts';
import { type ImpactCounts, summarizeImpact } from './summarize-impact.ts';

const TWIN_LISTS = ['outage', 'outageWithin', 'degrade', 'repair', 'maintain', 'fault'] as const;

/** @throws InputFaults for ids that are not there */
export function checkScenario(topology: TopologyView, input: ScenarioInput): void {
  const faults = new Faults();
  for (const list of TWIN_LISTS) {
    for (const [i, id] of (input[list] ?? []).entries())
      if (!topology.twin(id)) faults.add(`scenario.${list}[${i}]`, 'the id of a twin', id);
  }
  for (const list of ['open', 'close'] as const) {
    for (const [i, id] of (input[list] ?? []).entries()) {
      if (!topology.twin(id) && !topology.relationship(id))
        faults.add(`scenario.${list}[${i}]`, 'the id of a twin or of a relationship', id);
    }
  }
  faults.throwIfAny();
}

/** `asOf` is for the caller: memory stands there. @throws InputFaults for ids that are not there */
function parseScenario({ topology }: Memory, input: ScenarioInput): Scenario {
  checkScenario(topology, input);
  const contents = (input.outageWithin ?? []).flatMap((id) => {
    const node = topology.node(id);
    return node ? [...contentsOf(node)] : [];
  });
  const horizon = input.horizon ?? null;
  return {
    outage: [...new Set([...(input.outage ?? []), ...contents])],
    degrade: input.degrade ?? [],
    repair: input.repair ?? [],
    maintain: input.maintain ?? [],
    fault: input.fault ?? [],
    open: input.open ?? [],
    close: input.close ?? [],
    baseline: input.baseline ?? 'LIVE',
    coldStart: input.coldStart ?? false,
    horizonMs: typeof horizon === 'string' ? parseDuration(horizon, 'scenario.horizon') : horizon,
  };
}

/** When the scenario is judged, in epoch milliseconds; null: now. @throws LinchpinError BAD_INPUT */
export function instantOf({ asOf }: ScenarioInput): number | null {
  return typeof asOf === 'string' ? parseInstant(asOf, 'asOf') : (asOf ?? null);
}

/** What is watched goes on from now. @throws LinchpinError BAD_INPUT */
export function refuseInstant({ asOf }: ScenarioInput): void {
  if (asOf == null) return;
  const received = typeof asOf === 'number' ? formatInstant(asOf) : asOf;
  throw badInput('scenario.asOf', 'no instant: what is past does not change', received);
}

/** Writes nothing, and leaves the live state as it was. */
export function runScenario(memory: Memory, input: ScenarioInput): ScenarioResult {
  const scenario = parseScenario(memory, input);
  const impact = memory.impact();
  const answer = impact.runScenario(scenario);
  return { sequence: memory.sequence, answer, scenarioTwins: answer.scenarioTwins };
}

/** Answers of a live scenario at most this often: an answer can be large, and people read it. */
const IMPACT_EVERY_MS = 100;

/**
 * The answer, and then each change of it.
 * @param run asks the scenario
 * @throws InputFaults for ids that are not there
 */
export function watchImpact(
  memory: Memory,
  timers: Timers,
  run: () => ScenarioResult,
  kinds: readonly Twin['kind'][] | null,
): AsyncIterableIterator<ImpactEvent> {
  const first = run();
  const isAsked = (id: string): boolean => !kinds || kinds.includes(memory.topology.twin(id)?.kind as Twin['kind']);
  let last = new Map<string, AffectedTwin>();
  let lastCounts: ImpactCounts | undefined;
  let isFirst = true;
  let cancel: (() => void) | undefined;

  const tell = (): void => {
    cancel = undefined;
    // A change of structure waits to be worked in: that tells its states, and so asks again.
    if (!isFirst && memory.settled() !== null) return;
    const result = isFirst ? first : safely(run);
    if (!result) return queue.end();
    const now = new Map(result.answer.affected.filter(({ id }) => isAsked(id)).map((each) => [each.id, each]));
    const added = [...now.keys()].filter((id) => !last.has(id));
    const changed = [...now]
      .filter(([id, each]) => last.has(id) && !isSameValue(last.get(id) as never, each as never))
      .map(([id]) => id);
    const removed = [...last.keys()].filter((id) => !now.has(id));
    last = now;
    // The counts are of all kinds, and of more than the rows. All of them now: later the present is another.
    const counts = { ...summarizeImpact(result, memory.topology) };
    const hasOtherCounts = !isSameValue(lastCounts as never, counts);
    lastCounts = counts;
    if (isFirst || hasOtherCounts || added.length + changed.length + removed.length > 0)
      queue.push({ kind: 'impact', sequence: result.sequence, result, added, changed, removed });
    isFirst = false;
  };
  const stop = memory.listen({
    onStates: () => {
      if (!isFirst) cancel ??= timers.after(IMPACT_EVERY_MS, tell);
    },
  });
  const queue: EventQueue<ImpactEvent> = new EventQueue<ImpactEvent>(() => {
    cancel?.();
    stop();
  });
  tell();
  return queue as AsyncIterableIterator<ImpactEvent>;
}

/** A twin of the scenario may be deleted while it is watched: then there is nothing more to tell. */
function safely(run: () => ScenarioResult): ScenarioResult | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof LinchpinError && error.code === 'BAD_INPUT') return null;
    throw error;
  }
}
