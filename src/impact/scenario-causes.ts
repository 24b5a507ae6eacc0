/** Minimal parts of a scenario that suffice for a loss (IMPACT.md 7), found by running the parts. */
import { LIMITS } from '../domain/limits.ts';
import type { Difference } from './affected.ts';
import type { History } from './history.ts';
import { bestRank, worstRank } from './planes.ts';
import { resolveScenario } from './resolve-scenario.ts';
import type { ScenarioContext } from './scenario-context.ts';
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
    const { indexById } = context.baseline().state.plant;
    const named = new Set(PART_LISTS.flatMap((list) => scenario[list]).filter((id) => indexById.has(id)));
    this.#parts = [...named].toSorted();
  }

  /** Smallest first, then in order of id; empty where no part is needed. Not complete where parts were left untried. */
  of(difference: Difference, maxOrder: number): { readonly sets: string[][]; readonly complete: boolean } {
    if (this.#suffices([], difference)) return { sets: [], complete: true };
    if (this.#parts.length === 1) return { sets: [[...this.#parts]], complete: true };
    const tried = this.#parts.slice(0, LIMITS.causeParts);
    const single = tried.filter((part) => this.#suffices([part], difference));
    const sets = single.map((part) => [part]);
    const isAll = tried.length === this.#parts.length;
    if (maxOrder < 2) return { sets, complete: isAll };
    const rest = tried.filter((part) => !single.includes(part));
    const paired = rest.slice(0, LIMITS.causePairs);
    for (const [at, first] of paired.entries()) {
      for (const second of paired.slice(at + 1))
        if (this.#suffices([first, second], difference)) sets.push([first, second]);
    }
    return { sets, complete: isAll && paired.length === rest.length };
  }

  #suffices(parts: readonly string[], { twin, bitsBefore, bitsAfter, isWorse, isCertain }: Difference): boolean {
    const history = this.#run(parts);
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

  #run(parts: readonly string[]): History {
    const key = parts.join('\n');
    const known = this.#historyByParts.get(key);
    if (known) return known;
    const { workspace, zones } = this.#context;
    const baseline = this.#context.baseline();
    const { indexById } = baseline.state.plant;
    const part: Scenario = { ...this.#scenario };
    const lists = Object.fromEntries(
      PART_LISTS.map((list) => [list, this.#scenario[list].filter((id) => !indexById.has(id) || parts.includes(id))]),
    );
    const overrides = resolveScenario(baseline.state, zones, { ...part, ...lists });
    const history = simulate(workspace, baseline, overrides, this.#options);
    this.#historyByParts.set(key, history);
    return history;
  }
}
