/** What a scenario changes: inputs checked and expanded, the engine asked, and the same asked again as the feed goes on. */
import { parseDuration } from '../domain/duration.ts';
import { badInput, LinchpinError } from '../domain/errors.ts';
import { Faults } from '../domain/faults.ts';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import { isSameValue } from '../domain/property-value.ts';
import type { Timers } from '../domain/timers.ts';
import type { Twin } from '../domain/twin.ts';
import { ITEMS_PER_STEP, type Steps } from '../impact/steps.ts';
import type { AffectedRows, Scenario, ScenarioAnswer } from '../impact/types.ts';
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
function* parseScenario({ topology }: Memory, input: ScenarioInput): Steps<Scenario> {
  checkScenario(topology, input);
  const outage = new Set(input.outage ?? []);
  for (const id of input.outageWithin ?? []) {
    const node = topology.node(id);
    if (!node) continue;
    for (const inside of contentsOf(node)) {
      outage.add(inside);
      if (outage.size % ITEMS_PER_STEP === 0) yield;
    }
  }
  const horizon = input.horizon ?? null;
  return {
    outage: [...outage],
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

/** Writes nothing, and leaves the live state as it was. @throws InputFaults for ids that are not there */
export async function runScenario(memory: Memory, input: ScenarioInput, signal?: AbortSignal): Promise<ScenarioResult> {
  const scenario = await memory.inSlices(parseScenario(memory, input), signal);
  await memory.settled();
  const { sequence } = memory;
  const steps = memory.impact().runScenarioInSteps(scenario);
  // Most are done at once.
  const { done, value } = steps.next();
  const goOn = (): Promise<ScenarioAnswer> => memory.inSlices(steps, signal, { hasBegun: true });
  const answer = done ? value : await memory.largeScenarios.pass(goOn);
  return { sequence, answer, scenarioTwins: answer.scenarioTwins };
}

/** Answers of a live scenario at most this often: an answer can be large, and people read it. */
const IMPACT_EVERY_MS = 100;

export interface ImpactWatchQuestion {
  readonly scenario: ScenarioInput;
  readonly kinds: readonly Twin['kind'][] | null;
  /** What the watcher sees, of the graph and of a result; absent: all of it. */
  readonly topology?: TopologyView;
  readonly look?: (result: ScenarioResult) => Steps<ScenarioResult>;
}

/**
 * The answer, and then each change of it.
 * @throws InputFaults for ids that are not there
 */
export function watchImpact(
  memory: Memory,
  timers: Timers,
  { scenario, kinds, topology = memory.topology, look }: ImpactWatchQuestion,
): AsyncIterableIterator<ImpactEvent> {
  checkScenario(topology, scenario);
  const isAsked = (id: string): boolean => !kinds || kinds.includes(memory.topology.twin(id)?.kind as Twin['kind']);
  let last: Told | undefined;
  let cancel: (() => void) | undefined;
  let isTelling = false;
  /** States have changed since the answer that is being worked out was begun. */
  let isOld = false;

  async function tell(): Promise<void> {
    cancel = undefined;
    // A change of structure waits to be worked in: that tells its states, and so asks again.
    if (last && memory.settled() !== null) return;
    isTelling = true;
    isOld = false;
    checkScenario(topology, scenario);
    const whole = await runScenario(memory, scenario);
    const result = look ? await memory.inSlices(look(whole)) : whole;
    const { rows, counts, added, changed, removed } = await memory.inSlices(compare(result, last, memory, isAsked));
    const hasOtherCounts = !isSameValue((last?.counts ?? null) as never, counts as never);
    const isFirst = !last;
    last = { rows, counts };
    if (isFirst || hasOtherCounts || added.length + changed.length + removed.length > 0)
      queue.push({ kind: 'impact', sequence: result.sequence, result, added, changed, removed });
    isTelling = false;
    if (isOld) tellSoon();
  }
  const start = (): void => {
    tell().catch((error: unknown) => {
      // A twin of the scenario may be deleted while it is watched: then there is nothing more to tell.
      if (error instanceof LinchpinError && error.code === 'BAD_INPUT') queue.end();
      else queue.fail(error);
    });
  };
  const tellSoon = (): void => {
    cancel ??= timers.after(IMPACT_EVERY_MS, start);
  };
  const stop = memory.listen({
    onStates: () => {
      isOld = true;
      if (!isTelling) tellSoon();
    },
  });
  const queue: EventQueue<ImpactEvent> = new EventQueue<ImpactEvent>(() => {
    cancel?.();
    stop();
  });
  start();
  return queue as AsyncIterableIterator<ImpactEvent>;
}

/** What was told last. */
interface Told {
  readonly rows: AffectedRows;
  /** Of all kinds, and of more than the rows. */
  readonly counts: ImpactCounts & { readonly newlyAtRisk: number };
}

interface Comparison extends Told {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

function* compare(
  result: ScenarioResult,
  last: Told | undefined,
  { topology }: Memory,
  isAsked: (id: string) => boolean,
): Steps<Comparison> {
  const { affected } = result.answer;
  const rows = yield* affected.where((index) => isAsked(affected.id(index)));
  const told = last?.rows;
  const added: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    if (index % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
    const id = rows.id(index);
    const before = told?.indexOf(id);
    if (!told || before === undefined) added.push(id);
    else if (!isSameRow(told, before, rows, index)) changed.push(id);
  }
  if (told) {
    for (let index = 0; index < told.length; index += 1) {
      if (index % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
      const id = told.id(index);
      if (rows.indexOf(id) === undefined) removed.push(id);
    }
  }
  const counts = yield* summarizeImpact(result, topology);
  const newlyAtRisk = (yield* result.answer.newlyAtRisk()).length;
  return { rows, added, changed, removed, counts: { ...counts, newlyAtRisk } };
}

const PLAIN_VALUES = ['before', 'after', 'isWorse', 'certainty', 'impactAtMs', 'recoversAtMs', 'planned'] as const;

function isSameRow(a: AffectedRows, at: number, b: AffectedRows, index: number): boolean {
  return PLAIN_VALUES.every((name) => a[name](at) === b[name](index)) && isSameValue(a.timeline(at), b.timeline(index));
}
