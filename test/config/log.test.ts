import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/log.ts';

function logInto(lines: string[], options: Partial<LogOptions> = {}) {
  return createLog({ level: 'info', isTerminal: false, write: (line) => lines.push(line), ...options });
}

describe('the log', () => {
  it('writes a JSON object a line, with level, time, message and the fields', () => {
    const lines: string[] = [];
    logInto(lines).warn({ twin: 'P-1' }, 'no reading for long');
    const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'warn', message: 'no reading for long', twin: 'P-1' });
    expect(Date.parse(String(line['time']))).not.toBeNaN();
    expect(lines[0]?.endsWith('\n')).toBe(true);
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = logInto(lines, { level: 'error' });
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    log.error({}, 'd');
    expect(lines).toHaveLength(1);
  });

  it('tells an error with its stack', () => {
    const lines: string[] = [];
    logInto(lines).error({ error: new Error('the broker is gone') }, 'stopped');
    expect(lines[0]).toContain('the broker is gone');
    expect(lines[0]).toContain('stack');
  });

  it('hides secrets: by the name of the field, in addresses, and wherever a known one stands', () => {
    const lines: string[] = [];
    const log = logInto(lines, { secrets: ['open "sesame"'] });
    log.info(
      { password: 'hidden1', settings: { token: 'hidden2' }, url: 'mqtt://me:hidden3@broker:1883' },
      'connected',
    );
    log.error({ error: new Error('open "sesame" was refused') }, 'with open "sesame"');
    const text = lines.join('');
    for (const secret of ['hidden1', 'hidden2', 'hidden3', 'sesame']) expect(text).not.toContain(secret);
    expect(text).toContain('@broker:1883');
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('is readable on a terminal', () => {
    const lines: string[] = [];
    logInto(lines, { isTerminal: true }).info({ twins: 5, from: 'a file' }, 'loaded');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}loaded twins=5 from=a file\n$/);
  });
});
