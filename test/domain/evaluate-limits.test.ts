import { describe, expect, test } from 'vitest';
import { evaluateLimits, type LimitJudgement, measureHealth, NO_JUDGEMENT } from '../../src/domain/evaluate-limits.ts';
import type { Limit, PropertyModel } from '../../src/domain/model.ts';
import { EMPTY_PROPERTY } from '../../src/domain/property.ts';
import type { Comparison } from '../../src/domain/state.ts';

const limit = (comparison: Comparison, threshold: number, rest: Partial<Limit> = {}): Limit => ({
  comparison,
  threshold,
  state: 'DOWN',
  deadband: 0,
  delayMs: 0,
  ...rest,
});

/** Which values in a row make the limit active. */
function activeAfter(one: Limit, values: readonly (number | boolean | string)[]): boolean[] {
  let judgement: LimitJudgement = NO_JUDGEMENT;
  return values.map((value) => {
    judgement = evaluateLimits([one], value, judgement, 0);
    return judgement.active.length > 0;
  });
}

describe('a limit', () => {
  test('is active at its threshold, and until the value is back by the deadband', () => {
    expect(activeAfter(limit('ABOVE', 90, { deadband: 2 }), [89.9, 90, 95, 89, 88.1, 88, 89])).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(activeAfter(limit('BELOW', 10, { deadband: 1 }), [11, 10, 10.5, 11])).toEqual([false, true, true, false]);
  });

  test('without a deadband ends as soon as the value is inside again', () => {
    expect(activeAfter(limit('ABOVE', 90), [90, 89.999])).toEqual([true, false]);
  });

  test('compares for equality too, with true as 1', () => {
    expect(activeAfter(limit('EQUAL', 1), [true, false, 1, 2])).toEqual([true, false, true, false]);
    expect(activeAfter(limit('NOT_EQUAL', 0), [0, 1, 0])).toEqual([false, true, false]);
  });

  test('says nothing of values that are no numbers', () => {
    expect(activeAfter(limit('ABOVE', 0), ['5'])).toEqual([false]);
  });

  test('with a delay is active only when the value stayed past it for so long', () => {
    const one = [limit('ABOVE', 90, { delayMs: 5_000 })];
    let judgement = evaluateLimits(one, 95, NO_JUDGEMENT, 1_000);
    expect([judgement.active, judgement.pendingSince.get(0)]).toEqual([[], 1_000]);
    judgement = evaluateLimits(one, 96, judgement, 5_999);
    expect(judgement.active).toEqual([]);
    expect(evaluateLimits(one, 96, judgement, 6_000).active).toEqual([0]);
    const back = evaluateLimits(one, 80, judgement, 5_500);
    expect(evaluateLimits(one, 95, back, 6_000).active).toEqual([]);
  });
});

describe('measured health', () => {
  const model = (name: string, limits: Limit[]): PropertyModel => ({
    name,
    schema: 'double',
    unit: null,
    writable: false,
    staleAfterMs: null,
    history: null,
    limits,
  });
  const hot = model('temperature', [limit('ABOVE', 80, { state: 'DEGRADED' }), limit('ABOVE', 90)]);
  const seen = { ...EMPTY_PROPERTY, value: 1, receivedAt: 1 };

  test('is the worst of the active limits', () => {
    expect(measureHealth([[hot, { ...seen, activeLimits: [0] }]], false)).toBe('DEGRADED');
    expect(measureHealth([[hot, { ...seen, activeLimits: [0, 1] }]], false)).toBe('DOWN');
  });

  test('is UNKNOWN where a property with limits is silent', () => {
    expect(measureHealth([[hot, { ...seen, stale: true }]], false)).toBe('UNKNOWN');
    expect(measureHealth([[hot, seen]], true)).toBe('UNKNOWN');
  });

  test('is assumed OPERATIONAL where nothing was ever reported, or nothing has limits', () => {
    expect(measureHealth([[hot, EMPTY_PROPERTY]], true)).toBe('OPERATIONAL');
    expect(measureHealth([[model('note', []), { ...seen, stale: true }]], true)).toBe('OPERATIONAL');
  });
});
