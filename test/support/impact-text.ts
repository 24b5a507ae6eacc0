/** Answers of the impact engine in the short form that case files use: `DOWN@0-2`, `UNKNOWN [DOWN..OPERATIONAL]`. Minutes. */
import type { ImpactModel } from '../../src/impact/impact-model.ts';
import { EMPTY_SCENARIO, type Scenario, type ScenarioAnswer } from '../../src/impact/types.ts';

const MINUTE_MS = 60_000;

export function scenarioOf(parts: Partial<Scenario>): Scenario {
  return { ...EMPTY_SCENARIO, ...parts };
}

/** `after@impactAt`, and `-recoversAt` where it recovers; by id, in the order of the answer. */
export function affectedText(answer: ScenarioAnswer): Record<string, string> {
  return Object.fromEntries(
    Array.from(answer.affected, ({ id, after, impactAtMs, recoversAtMs }) => {
      const until = recoversAtMs === null ? '' : `-${recoversAtMs / MINUTE_MS}`;
      return [id, `${after}@${impactAtMs / MINUTE_MS}${until}`];
    }),
  );
}

export function stateText(model: ImpactModel, ...ids: string[]): string[] {
  return ids.map((id) => {
    const { state, worst, best } = model.state(id);
    return state === 'UNKNOWN' ? `UNKNOWN [${worst}..${best}]` : state;
  });
}
