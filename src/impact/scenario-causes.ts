/** Minimal parts of a scenario that suffice for a loss (IMPACT.md 7), found by running the parts. */
import { LIMITS } from '../domain/limits.ts';
import type { Difference } from './differences.ts';
import type { History } from './history.ts';
import { bestRank, worstRank } from './planes.ts';
import { resolveScenario } from './resolve-scenario.ts';
import type { ScenarioContext } from './scenario-context.ts';
import type { Steps } from './steps.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import type { Scenario } from './types.ts';

const PART_LISTS = ['outage', 'degrade', 'maintain', 'fault', 'open', 'repair', 'close'] as const;

export class ScenarioCauses {
  readonly #context: ScenarioContext;
  readonly #scenario: Scenario;
  readonly #options: SimulationOptions;
  /** Twins that the scenario names, in order of id. Relationships that it opens or closes are part of every run. */
  readonly #parts: readonly string[];
  readonly #historyByParts = new Map<string, History>();

  constructor(context: ScenarioContext, scenario: Scenario, options: SimulationOptions) {
    this.#context = context;
    this.#scenario = scenario;
    this.#options = options;
    const { indexById } = context.state.plant;
    const named = new Set(PART_LISTS.flatMap((list) => scenario[list]).filter((id) => indexById.has(id)));
    this.#parts = [...named].toSorted();
  }

  /** Smallest first, then in order of id; empty where no part is needed. Not complete where parts were left untried. */
  *of(
    difference: Difference,
    maxOrder: number,
  ): Steps<{ readonly sets: readonly (readonly string[])[]; readonly complete: boolean }> {
    if (yield* this.#suffices([], difference)) return { sets: [], complete: true };
    if (this.#parts.length === 1) return { sets: [[...this.#parts]], complete: true };
    const tried = this.#parts.slice(0, LIMITS.causeParts);
    const single: string[] = [];
    for (const part of tried) if (yield* this.#suffices([part], difference)) single.push(part);
    const sets = single.map((part) => [part]);
    const isAll = tried.length === this.#parts.length;
    if (maxOrder < 2) return { sets, complete: isAll };
    const rest = tried.filter((part) => !single.includes(part));
    const paired = rest.slice(0, LIMITS.causePairs);
    for (const [at, first] of paired.entries()) {
      for (const second of paired.slice(at + 1))
        if (yield* this.#suffices([first, second], difference)) sets.push([first, second]);
    }
    return { sets, complete: isAll && paired.length === rest.length };
  }

  *#suffices(
    parts: readonly string[],
    { twin, bitsBefore, bitsAfter, isWorse, isCertain }: Difference,
  ): Steps<boolean> {
    const history = yield* this.#run(parts);
    const position = history.positionOf(twin);
    if (position === undefined) return false;
    const rank = isCertain === isWorse ? bestRank : worstRank;
    const wanted = rank(bitsAfter);
    if (wanted === rank(bitsBefore)) return true;
    if (!isWorse) return rank(history.bitsAfter(position, history.changeCount(position) - 1)) >= wanted;
    for (let n = 0; n < history.changeCount(position); n += 1)
      if (rank(history.bitsAfter(position, n)) <= wanted) return true;
    return false;
  }

  *#run(parts: readonly string[]): Steps<History> {
    const key = parts.join('\n');
    const known = this.#historyByParts.get(key);
    if (known) return known;
    const { state, zones } = this.#context;
    const { indexById } = state.plant;
    const lists = Object.fromEntries(
      PART_LISTS.map((list) => [list, this.#scenario[list].filter((id) => !indexById.has(id) || parts.includes(id))]),
    );
    const scenario: Scenario = { ...this.#scenario, ...lists };
    const options = this.#options;
    const history = yield* this.#context.work(function* ({ workspace, baseline }) {
      const overrides = yield* resolveScenario(state, { scenario, zones, pace: workspace.pace });
      return yield* simulate(workspace, baseline, overrides, options);
    });
    this.#historyByParts.set(key, history);
    return history;
  }
}
