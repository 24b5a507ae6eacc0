import { expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../../src/domain/instant.ts';

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
  ['2024-02-29T00:00:00.123456789Z', '2024-02-29T00:00:00.123Z'],
])('%s is answered in UTC with a Z', (text, utc) => {
  expect(formatInstant(parseInstant(text))).toBe(utc);
});

test.each([
  '2026-02-31T00:00:00Z',
  '2025-02-29T00:00:00Z',
  '2026-01-31',
  '2026-01-31T12:00:00',
  'yesterday',
  1_700_000_000,
  null,
])('%s is refused', (text) => {
  expect(() => parseInstant(text, 'observedAt')).toThrow(/^observedAt: expected an RFC 3339 instant/);
});
