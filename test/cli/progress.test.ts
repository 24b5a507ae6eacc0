import { afterEach, expect, it, vi } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

const { isTTY } = process.stderr;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

it('shows a bar on a terminal, and at no moment leaves it without cursor or line wrap', () => {
  process.stderr.isTTY = true;
  let written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  const io = {
    isTerminal: true,
    err: () => undefined,
    out: () => Promise.resolve(),
    stopAsked: () => new Promise<void>(() => undefined),
  };
  const progress = createProgress('reading', { ...io, environment: {} });
  progress.update(1, 4);
  progress.update(2, 4);
  const inTheMidst = written;
  progress.end();
  expect(inTheMidst).toContain('reading ');
  expect(inTheMidst).not.toContain('\u001b[?25l');
  expect(inTheMidst).not.toContain('\u001b[?7l');
});
