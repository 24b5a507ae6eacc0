import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/duration.ts';

describe('durations', () => {
  test.each([
    ['PT0S', 0],
    ['PT15M', 900_000],
    ['PT0.25S', 250],
    ['P1DT2H', 93_600_000],
    ['P2W', 1_209_600_000],
    ['PT90M', 5_400_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  test.each(['', 'P', 'PT', 'P1DT', '15', 'PT-5M', 'P1M', 'P1Y', 'PT1H ', 'P500000D', 900, null])(
    '%s is refused, and the message says what was expected',
    (text) => {
      expect(() => parseDuration(text, 'holdUp')).toThrow(/^holdUp: expected a/);
    },
  );

  test('they are written in days, hours, minutes and seconds', () => {
    expect(formatDuration(0)).toBe('PT0S');
    expect(formatDuration(93_784_500)).toBe('P1DT2H3M4.5S');
  });
});
